"""The look of each eye, where the mesh is uncertain about the lids.

A small upright grey picture of each eye is cut out of every frame and turned into a
short code by a network taught on real blinks. What is kept of a frame is the code; how
far the eye is closed is computed at the end, when that person's own open eye is known.
The left eye is mirrored before it is looked at, so one network serves both and sides
are treated alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.motion.reference import OpenEyes
from twitch_tracker.networks import EYE_CLOSURE, EYE_CODE, EYE_LOOK, Network
from twitch_tracker.regions import EYE_CORNERS, SIDES, Side

__all__ = [
    "CODE_LENGTH",
    "PATCH_SHAPE",
    "EyeCoder",
    "cut_eyes",
    "looks_closed",
    "normalised",
    "patch_closure",
]

PATCH_SHAPE: Final = (36, 48)
"""Rows and columns of the picture of an eye."""

PATCH_WIDTH_IO: Final = 0.52
"""Its width as a share of the distance between the outer canthi: an eye is about
a third of that wide, and the lid's crease belongs to it."""

PATCH_CENTRE: Final = 0.52
"""Height of the canthi in the patch: a little more lid than cheek."""

CODE_LENGTH: Final = 24

FAINTEST: Final = 4.0
"""Grey levels added to a patch's own contrast: noise is not blown up."""

OPEN_QUANTILES: Final = (0.25, 0.9)
"""The open eye is what it looks like in those open frames whose aperture is between
these quantiles: neither narrowed, nor the mesh's outliers."""

FEWEST_OPEN: Final = 5

_BATCH: Final = 2048


class EyeCoder:
    """Codes both eyes of one frame after another.

    Parameters
    ----------
    networks : Path
        Folder of the networks.
    """

    def __init__(self, networks: Path) -> None:
        """Read the network."""
        self._network = Network(networks / EYE_CODE)

    def code(self, eyes: NDArray[np.uint8] | None) -> NDArray[np.float16]:
        """Code both eyes of a frame.

        Parameters
        ----------
        eyes : NDArray[np.uint8] or None
            From `cut_eyes`, shape (sides, *`PATCH_SHAPE`).

        Returns
        -------
        NDArray[np.float16]
            Shape (sides, `CODE_LENGTH`); NaN without eyes.
        """
        return np.asarray(self.codes([eyes])[0], np.float16)

    def codes(self, eyes: Sequence[NDArray[np.uint8] | None]) -> NDArray[np.float16]:
        """Code both eyes of several frames, shape (frames, sides, `CODE_LENGTH`).

        The same as from `code`, frame by frame.
        """
        shape = (len(eyes), len(SIDES), CODE_LENGTH)
        codes = np.full(shape, np.nan, np.float16)
        seen = [at for at, pair in enumerate(eyes) if pair is not None]
        if seen:
            patches = np.concatenate([pair for pair in eyes if pair is not None])
            found = self._network(normalised(patches)).astype(np.float16)
            codes[seen] = found.reshape(len(seen), *shape[1:])
        return codes


def cut_eyes(
    image: NDArray[np.uint8], landmarks_px: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """Cut both eyes out of a picture, upright, the left one mirrored.

    Parameters
    ----------
    image : NDArray[np.uint8]
        RGB, shape (height, width, 3).
    landmarks_px : NDArray[np.float32]
        Mesh, shape (478, 3).

    Returns
    -------
    NDArray[np.uint8]
        Grey, shape (sides, *`PATCH_SHAPE`).
    """
    corners = {
        side: landmarks_px[list(EYE_CORNERS[side]), :2].astype(np.float64)
        for side in SIDES
    }
    across = corners[Side.LEFT][0] - corners[Side.RIGHT][0]
    apart_px = max(float(np.hypot(*across)), 1e-6)
    axis = across / apart_px
    eyes = [
        _cut(image, corners[side].mean(axis=0), axis, apart_px, side) for side in SIDES
    ]
    return np.stack(eyes)


def _cut(
    image: NDArray[np.uint8],
    centre: NDArray[np.float64],
    axis: NDArray[np.float64],
    apart_px: float,
    side: Side,
) -> NDArray[np.uint8]:
    """Cut out one eye; pictures much finer than the patch are averaged first."""
    rows, columns = PATCH_SHAPE
    factor = columns / (PATCH_WIDTH_IO * apart_px)
    mirror = -1.0 if side is Side.LEFT else 1.0
    down = np.array([-axis[1], axis[0]])
    turn = factor * np.array([mirror * axis, down])
    shift = np.array([columns / 2, rows * PATCH_CENTRE]) - turn @ centre
    finer = max(1, int(1 / factor))
    transform = np.column_stack([finer * turn, finer * shift + (finer - 1) / 2])
    patch = cv2.warpAffine(
        image,
        transform,
        (finer * columns, finer * rows),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    if finer > 1:
        patch = cv2.resize(patch, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY), np.uint8)


def normalised(patches: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Remove brightness and contrast, shape (n, 1, rows, columns)."""
    values = patches.astype(np.float32)
    mean = values.mean(axis=(1, 2), keepdims=True)
    spread = values.std(axis=(1, 2), keepdims=True) + FAINTEST
    return np.asarray(((values - mean) / spread)[:, None], np.float32)


def looks_closed(
    codes: NDArray[np.float16], usable: NDArray[np.bool_], networks: Path
) -> NDArray[np.float32]:
    """Return how closed each eye looks to somebody who does not know the person.

    Parameters
    ----------
    codes : NDArray[np.float16]
        From `EyeCoder.code`, shape (n, sides, `CODE_LENGTH`).
    usable : NDArray[np.bool_]
        Frames that may be measured, shape (n,).
    networks : Path
        Folder of the networks.

    Returns
    -------
    NDArray[np.float32]
        0 open to 1 closed, shape (n, sides); NaN where not measured. Coarser than
        `patch_closure`: eyes differ. It marks frames that show an open eye.
    """
    network = Network(networks / EYE_LOOK)
    closed = np.full((len(codes), len(SIDES)), np.nan, np.float32)
    for place in range(len(SIDES)):
        known = usable & np.isfinite(codes[:, place]).all(axis=1)
        closed[known, place] = _in_batches(
            network, codes[known, place].astype(np.float32)
        )
    return closed


def patch_closure(
    codes: NDArray[np.float16],
    aperture_io: NDArray[np.float64],
    opened: OpenEyes,
    usable: NDArray[np.bool_],
    networks: Path,
) -> NDArray[np.float32]:
    """Return how far each eye is closed, by its look, compared with itself open.

    Parameters
    ----------
    codes : NDArray[np.float16]
        From `EyeCoder.code`, shape (n, sides, `CODE_LENGTH`).
    aperture_io : NDArray[np.float64]
        Palpebral aperture of the mesh, shape (n, sides).
    opened : OpenEyes
        In which frames each eye is open. An eye that never is, is compared with the
        other one: the left eye's picture is mirrored, so the two look alike.
    usable : NDArray[np.bool_]
        Frames that may be measured, shape (n,).
    networks : Path
        Folder of the networks.

    Returns
    -------
    NDArray[np.float32]
        0 open to 1 closed, shape (n, sides); NaN where not measured.
    """
    network = Network(networks / EYE_CLOSURE)
    own = codes.astype(np.float32)
    known = usable[:, None] & np.isfinite(own).all(axis=2)
    references = [
        _open_code(own[:, k], aperture_io[:, k], known[:, k] & opened.frames[:, k])
        if opened.own[k]
        else None
        for k in range(len(SIDES))
    ]
    closed = np.full(known.shape, np.nan, np.float32)
    for place in range(len(SIDES)):
        reference = references[place]
        if reference is None:
            reference = references[1 - place]
        if reference is not None:
            frames = known[:, place]
            closed[frames, place] = _closure(network, own[frames, place], reference)
    return closed


def _open_code(
    codes: NDArray[np.float32],
    aperture_io: NDArray[np.float64],
    known: NDArray[np.bool_],
) -> NDArray[np.float32] | None:
    """Return median code of the open eye, shape (length,); None without an open eye."""
    known = known & np.isfinite(aperture_io)
    if known.sum() < FEWEST_OPEN:
        return None
    low, high = np.quantile(aperture_io[known], OPEN_QUANTILES)
    usual = known & (aperture_io >= low) & (aperture_io <= high)
    return np.asarray(np.median(codes[usual], axis=0), np.float32)


def _closure(
    network: Network, codes: NDArray[np.float32], open_code: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Run the network in batches, shape (n,)."""
    reference = np.broadcast_to(open_code, codes.shape)
    return _in_batches(network, np.concatenate([codes - reference, reference], axis=1))


def _in_batches(network: Network, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the first output of a network for many inputs, shape (n,)."""
    parts = [
        network(values[i : i + _BATCH])[:, 0] for i in range(0, len(values), _BATCH)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)
