"""A piece of one picture laid over another one of the same face.

Knows the similarity between two sets of points, its correction by the pixels
around the piece, and a joint without a seam: a membrane over the difference at
the rim (as in Poisson image editing: Perez et al. 2003). Everything works in a
small block of the picture. `EyePatch` is an eye with its surroundings, open or
closed.

Note: a motion is a matrix of shape (2, 3) that maps places (x, y) of the piece's
picture to places of the other one.

>>> patch = EyePatch(image, mesh, Side.LEFT, OPEN_EYE)  # doctest: +SKIP
>>> shown = patch.laid_over(later, mesh_of_later, 1.0)  # doctest: +SKIP
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.regions import BROW, EYE_CORNERS, LOWER_LID, UPPER_LID, Side
from twitch_tracker.simulate.picture.resampling import (
    Field,
    Image,
    blur,
    resized,
    smoothstep,
)
from twitch_tracker.simulate.picture.skin import fill_from_surroundings
from twitch_tracker.simulate.real.register import register

__all__ = [
    "Box",
    "EyePatch",
    "Motion",
    "Oval",
    "join",
    "moved",
    "refined",
    "similarity",
]

MeshPoints = NDArray[np.floating[Any]]
Motion = NDArray[np.float64]
Box = tuple[slice, slice]

_MARGIN: Final = 1.3  # size of the working block, in half axes
_KEPT: Final = 2.0  # how far around the eye the picture is kept, in eye widths
_REFINED_PX: Final = 72  # larger blocks are scaled down to this for the search

_AROUND: Final = 1.1  # likeness is judged so far from the middle, in half axes,
_AROUND_BY: Final = 0.25  # within this
_MEMBRANE_PX: Final = 96  # and to this for the membrane, which is smooth
_RIM: Final = 0.15  # width of the rim that the membrane holds on to, in half axes
_NOSE: Final = (168, 6, 197, 122, 351, 193, 417, 9, 8)


@dataclass(frozen=True, kw_only=True)
class Oval:
    """Shape of an eye's patch.

    Attributes
    ----------
    along, down : float
        Half axes along the eye and across it, in eye widths.
    whole : float
        Share of the half axes within which only the patch shows.
    """

    along: float
    down: float
    whole: float


class EyePatch:
    """An eye with its surroundings, ready to be laid over other frames.

    Parameters
    ----------
    image : NDArray[np.uint8]
        The picture that it is taken from; only the part around the eye is kept.
    mesh : NDArray
        Its mesh, shape (478, 3).
    side : Side
        Which eye, the subject's own.
    oval : Oval
        How much of it.
    """

    def __init__(self, image: Image, mesh: MeshPoints, side: Side, oval: Oval) -> None:
        self.side = side
        self._oval = oval
        self._centre, self._along, self._width = _eye_frame(mesh, side)
        reach = _KEPT * self._width
        box = _box(self._centre, reach, image.shape) or (slice(0, 1), slice(0, 1))
        self._image = image[box].copy()
        self._corner = np.array([box[1].start, box[0].start], dtype=np.float64)
        self._anchors = _anchors(mesh, side)

    def laid_over(self, image: Image, mesh: MeshPoints, opacity: float) -> Image:
        """Return a picture with this eye shown in it.

        Parameters
        ----------
        image : NDArray[np.uint8]
            The other picture, which is left as it is.
        mesh : NDArray
            Its mesh, shape (478, 3).
        opacity : float
            0 to 1.
        """
        laid = self._laid(image, mesh)
        if laid is None:
            return image
        box, radius, patch = laid
        there = image[box].astype(np.float32)
        rim = smoothstep((radius - self._oval.whole) / _RIM)
        weight = smoothstep((1.0 - radius) / (1.0 - self._oval.whole))
        out = image.copy()
        out[box] = join(there, patch, rim, opacity * weight)
        return out

    def likeness(self, image: Image, mesh: MeshPoints) -> float:
        """Return how alike another picture looks around this eye, -1 to 1.

        The correlation of the two around the patch. A hand before the face, another
        light or another scene make it small. Parameters as for `laid_over`.
        """
        laid = self._laid(image, mesh)
        if laid is None:
            return -1.0
        box, radius, patch = laid
        around = np.abs(radius - _AROUND) < _AROUND_BY
        grey = np.full(3, 1 / 3, np.float32)
        blurred = 0.03 * max(radius.shape)
        one, two = (
            blur(field @ grey, blurred)[around]
            for field in (image[box].astype(np.float32), patch)
        )
        if one.size < 16 or min(one.std(), two.std()) < 1e-3:
            return -1.0
        return float(np.corrcoef(one, two)[0, 1])

    def _laid(self, image: Image, mesh: MeshPoints) -> tuple[Box, Field, Field] | None:
        """Return where the patch lies, the elliptic radius there, how it looks."""
        motion = similarity(self._anchors, _anchors(mesh, self.side))
        block = self._block(image, motion)
        if block is None:
            return None
        box, radius = block
        # From here on the piece is what was kept of its picture.
        motion[:, 2] += motion[:, :2] @ self._corner
        around = smoothstep((radius - 0.75) / 0.15)
        there = image[box].astype(np.float32)
        motion = refined(self._image, there, box, motion, around)
        return box, radius, moved(self._image, box, motion)

    def _block(self, image: Image, motion: Motion) -> tuple[Box, Field] | None:
        """Return the working block in another picture and the elliptic radius in it."""
        centre = motion[:, :2] @ self._centre + motion[:, 2]
        along = motion[:, :2] @ self._along
        width = self._width * float(np.hypot(*along))
        along = along / max(float(np.hypot(*along)), 1e-9)
        box = _box(centre, _MARGIN * self._oval.along * width, image.shape)
        if box is None:
            return None
        y, x = np.mgrid[box].astype(np.float32)
        first = (x - centre[0]) * along[0] + (y - centre[1]) * along[1]
        second = (y - centre[1]) * along[0] - (x - centre[0]) * along[1]
        wide, high = self._oval.along * width, self._oval.down * width
        radius = np.hypot(first / wide, second / high)
        return box, np.asarray(radius, dtype=np.float32)


def _box(
    centre: NDArray[np.float64], reach: float, shape: tuple[int, ...]
) -> Box | None:
    """Return the square around a place, cut at the picture; None where little is left."""
    x0, y0 = np.maximum(np.floor(centre - reach).astype(int), 0).tolist()
    x1 = min(int(np.ceil(centre[0] + reach)) + 1, shape[1])
    y1 = min(int(np.ceil(centre[1] + reach)) + 1, shape[0])
    if x1 - x0 < 8 or y1 - y0 < 8:
        return None
    return slice(y0, y1), slice(x0, x1)


def _eye_frame(
    mesh: MeshPoints, side: Side
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return the middle of the patch, direction along the eye, width of the eye."""
    outer, inner = (np.asarray(mesh[p, :2], dtype=float) for p in EYE_CORNERS[side])
    lids = np.asarray(mesh[[*UPPER_LID[side], *LOWER_LID[side]], :2], dtype=float)
    along = inner - outer
    width = max(float(np.hypot(*along)), 2.0)
    centre = 0.5 * (lids.mean(axis=0) + 0.5 * (outer + inner))
    up = np.array([along[1], -along[0]]) / width
    if up[1] > 0:
        up = -up
    # The lid's skin reaches higher above the eye than below it.
    return centre + 0.06 * width * up, along / width, width


def _anchors(mesh: MeshPoints, side: Side) -> NDArray[np.float64]:
    """Return points that go with the skull around one eye, shape (k, 2)."""
    corners = [*EYE_CORNERS[side], *EYE_CORNERS[side.other]]
    return np.asarray(mesh[[*corners, *BROW[side], *_NOSE], :2], dtype=np.float64)


def similarity(first: NDArray[np.float64], second: NDArray[np.float64]) -> Motion:
    """Fit the least-squares similarity between point sets (Umeyama 1991).

    Parameters
    ----------
    first, second : NDArray[np.float64]
        The same points in two pictures, shape (k, 2).
    """
    a, b = first - first.mean(axis=0), second - second.mean(axis=0)
    size = max(float((a * a).sum()), 1e-9)
    cos = float((a * b).sum()) / size
    sin = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / size
    turn = np.array([[cos, -sin], [sin, cos]])
    shift = second.mean(axis=0) - turn @ first.mean(axis=0)
    return np.column_stack([turn, shift])


def moved(image: Image, box: Box, motion: Motion) -> Field:
    """Part `box` of the other picture as the moved piece shows it, (h, w, 3)."""
    rows, columns = box
    size = (columns.stop - columns.start, rows.stop - rows.start)
    local = motion.copy()
    local[:, 2] -= [columns.start, rows.start]
    shown = cv2.warpAffine(
        image, local, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(shown, dtype=np.float32)


def refined(
    image: Image, there: Field, box: Box, motion: Motion, around: Field
) -> Motion:
    """Correct a motion by what the pixels show.

    The correction is refused where it does not exist or exceeds a tenth of the
    block: then the mesh knows better.

    Parameters
    ----------
    image : NDArray[np.uint8]
        Picture of the piece.
    there : NDArray[np.float32]
        Part `box` of the other picture, shape (h, w, 3).
    box : tuple of slice
        Rows and columns.
    motion : NDArray[np.float64]
        From the points.
    around : NDArray[np.float32]
        How much each pixel of `there` counts, 0 to 1, shape (h, w).
    """
    first, second = moved(image, box, motion).mean(axis=2), there.mean(axis=2)
    shrink = min(1.0, _REFINED_PX / max(first.shape))
    small = _shrunk(first, shrink)
    blur_px = (0.025 * max(small.shape), 0.012 * max(small.shape))
    step = register(small, _shrunk(second, shrink), _shrunk(around, shrink), blur_px)
    if step is None:
        return motion
    size = max(first.shape)
    # Pixel centres are at whole numbers in either size.
    middle = 0.5 * (1.0 / shrink - 1.0)
    step[:, 2] = step[:, 2] / shrink + middle - step[:, :2] @ [middle, middle]
    corners = np.array([[0, 0, 1], [first.shape[1], first.shape[0], 1]], dtype=float)
    off = float(np.abs(corners @ step.T - corners[:, :2]).max())
    if not off < 0.1 * size:
        return motion
    back = np.asarray(cv2.invertAffineTransform(step), dtype=np.float64)
    start = np.array([box[1].start, box[0].start], dtype=np.float64)
    linear = back[:, :2] @ motion[:, :2]
    shift = back[:, :2] @ (motion[:, 2] - start) + back[:, 2] + start
    return np.column_stack([linear, shift])


def _shrunk(field: Field, share: float) -> Field:
    """Scale a block down."""
    if share >= 1.0:
        return field
    rows, columns = (max(round(n * share), 8) for n in field.shape[:2])
    return resized(field, rows, columns, cv2.INTER_AREA)


def join(there: Field, patch: Field, rim: Field, weight: Field) -> Image:
    """Show a piece in a block, its colours led over to those around it.

    Parameters
    ----------
    there, patch : NDArray[np.float32]
        The block and the piece in it, shape (h, w, 3).
    rim : NDArray[np.float32]
        Where the two should be alike, 0 to 1, shape (h, w).
    weight : NDArray[np.float32]
        How much of the piece shows, 0 to 1, shape (h, w).
    """
    # The membrane knows the difference outside and is smooth inside.
    away = there - patch
    share = min(1.0, _MEMBRANE_PX / max(rim.shape))
    known = blur(away, 1.2) if share == 1.0 else _shrunk(away, share)
    difference = blur(fill_from_surroundings(known, _shrunk(rim, share)), 2.0)
    rows, columns = rim.shape
    shown = patch + resized(difference, rows, columns, cv2.INTER_LINEAR)
    mixed = there + weight[..., None] * (shown - there)
    return np.asarray(np.clip(np.rint(mixed), 0, 255), dtype=np.uint8)
