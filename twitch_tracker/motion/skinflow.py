"""Movement of the skin from pixels, where the mesh is slow or nearly blind.

The face is brought into a small upright crop in which the outer canthi keep
their place, so that the head's own motion is gone but for tracker jitter.
Dense optical flow between consecutive crops (DIS, Kroeger et al. 2016, as in
OpenCV) gives the skin's velocity. The same jitter moves the skin over the nose
bridge, so its flow is subtracted; and a closing eye pulls its canthus down in the
mesh, which turns the whole crop, so the turn that nose and forehead show together
is subtracted as well. x is towards the subject's left, y up, in fractions of the
interocular distance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.face.median import median
from twitch_tracker.face.upright import (
    CROP_PX,
    EYES_APART_PX,
    crop_transform,
    grey_crop,
)
from twitch_tracker.regions import (
    BROW,
    CHEEK,
    ORAL_COMMISSURE,
    SIDES,
    Region,
    Side,
)

__all__ = ["SKIN_PLACES", "SkinFlow"]

SKIN_PLACES: Final = (Region.MOUTH_CORNER, Region.CHEEK, Region.BROW)
"""Where the skin is followed, in this order."""

_POINTS: Final[Mapping[Region, Mapping[Side, tuple[int, ...]]]] = {
    Region.MOUTH_CORNER: ORAL_COMMISSURE,
    Region.CHEEK: CHEEK,
    Region.BROW: BROW,
}
_HALF_PX: Final = {Region.MOUTH_CORNER: 5, Region.CHEEK: 8, Region.BROW: 5}
"""Half side of the patch averaged: a cheek's is a quarter interocular wide. The
brow is the mean of a patch around each of its points."""

FINEST_SCALE: Final = 1
"""Flow is solved down to half the crop's resolution. The preset stops at a quarter
and then reads less than half of the movement of one cheek; this reads about four
fifths, full resolution nine tenths with more than twice the noise (known shifts of
0.5-3 px of a portrait's cheek, in the crop). The tests ask for six tenths."""

REFINEMENTS: Final = 0
"""Variational refinement halves the speed here and reads no more movement."""

NOSE_POINTS: Final = (6, 197, 195)
"""Bridge of the nose: skin over bone that facial muscles hardly move."""

NOSE_HALF_PX: Final = 6

FOREHEAD_POINTS: Final = (9, 8)
"""Between and above the brows: with the nose it shows how far the crop turned."""

LEAST_LEVER_PX: Final = 6.0
"""Nose and forehead are never closer than this when the turn is computed."""


class SkinFlow:
    """Measures the skin's velocity from one frame to the next."""

    def __init__(self) -> None:
        """Start without a previous frame."""
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._flow.setFinestScale(FINEST_SCALE)
        self._flow.setVariationalRefinementIterations(REFINEMENTS)
        self._last: NDArray[np.uint8] | None = None

    def forget(self) -> None:
        """Forget the frame before, as after a cut to another scene."""
        self._last = None

    def step(
        self, image: NDArray[np.uint8], landmarks_px: NDArray[np.float32] | None
    ) -> NDArray[np.float32]:
        """Return the displacement of the skin at `SKIN_PLACES` since the frame before.

        Parameters
        ----------
        image : NDArray[np.uint8]
            RGB, shape (height, width, 3).
        landmarks_px : NDArray[np.float32] or None
            Mesh, shape (478, 3); None forgets the frame before.

        Returns
        -------
        NDArray[np.float32]
            Shape (sides, places, 2): towards the subject's left and up, in interocular
            fractions; NaN without a mesh in this frame and the one before.
        """
        return np.asarray(self.steps([(image, landmarks_px)])[0], np.float32)

    def steps(
        self,
        faces: Sequence[tuple[NDArray[np.uint8], NDArray[np.float32] | None]],
    ) -> NDArray[np.float32]:
        """Measure the skin's displacement in frames, each since the one before it.

        Parameters
        ----------
        faces : sequence of tuple
            Picture and mesh of each frame, as for `step`.

        Returns
        -------
        NDArray[np.float32]
            Shape (frames, sides, places, 2): the same as from `step`, frame by frame.
        """
        shape = (len(faces), len(SIDES), len(SKIN_PLACES), 2)
        steps = np.full(shape, np.nan, np.float32)
        moved, flows, transforms = [], [], []
        for at, (image, mesh) in enumerate(faces):
            if mesh is None:
                self._last = None
                continue
            to_crop = crop_transform(mesh)
            last, self._last = self._last, grey_crop(image, to_crop)
            if last is not None:
                moved.append(at)
                transforms.append(to_crop)
                flows.append(self._flow_between(last, self._last))
        if moved:
            meshes = [
                mesh for _, mesh in (faces[at] for at in moved) if mesh is not None
            ]
            steps[moved] = _skin_motion(
                np.stack(flows), np.stack(meshes), np.stack(transforms)
            )
        return steps

    def _flow_between(
        self, last: NDArray[np.uint8], now: NDArray[np.uint8]
    ) -> NDArray[np.float32]:
        """Flow from one crop to the next along x and along y, shape (2, rows, columns)."""
        flow = self._flow.calc(last, now, np.zeros((CROP_PX, CROP_PX, 2), np.float32))
        return np.ascontiguousarray(np.asarray(flow, np.float32).transpose(2, 0, 1))


def _skin_motion(
    flows: NDArray[np.float32],
    landmarks_px: NDArray[np.float32],
    to_crop: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Return flow at every place less what the crop did itself, picture y turned up.

    Of several frames: `flows` has shape (frames, 2, rows, columns). The result has
    shape (frames, sides, places, 2).
    """
    centres = _in_crop(landmarks_px, to_crop)
    medians = _patch_medians(flows, np.rint(centres).astype(int))
    nose_at, forehead_at = centres[:, _NOSE], centres[:, _FOREHEAD]
    nose, forehead = medians[:, _NOSE], medians[:, _FOREHEAD]
    lever_px = np.maximum(nose_at[:, 1] - forehead_at[:, 1], LEAST_LEVER_PX)
    turn = (forehead[:, 0] - nose[:, 0]) / lever_px
    seen = np.stack(
        [
            sum(medians[:, p] for p in place.patches) / len(place.patches)
            for place in _PLACES
        ],
        axis=1,
    )
    off = centres[:, [place.middle for place in _PLACES]] - nose_at[:, None]
    turned = turn[:, None, None] * np.stack([-off[..., 1], off[..., 0]], axis=2)
    steps = seen - nose[:, None] - turned
    shape = (len(flows), len(SIDES), len(SKIN_PLACES), 2)
    moved = steps.reshape(shape) * (1, -1) / EYES_APART_PX
    return np.asarray(moved, np.float32)


@dataclass(frozen=True)
class _SkinPlace:
    """One place on one side: numbers in `_GROUPS`, and how large its patches are."""

    middle: int
    patches: tuple[int, ...]
    half_px: int


def _lay_out() -> tuple[list[tuple[int, ...]], list[_SkinPlace]]:
    """List the groups of mesh points whose centres are needed, and the places."""
    groups, places = [NOSE_POINTS, FOREHEAD_POINTS], []
    for side in SIDES:
        for region in SKIN_PLACES:
            points = _POINTS[region][side]
            middle = len(groups)
            groups.append(points)
            patches: tuple[int, ...] = (middle,)
            if region is Region.BROW:
                patches = tuple(range(len(groups), len(groups) + len(points)))
                groups.extend((point,) for point in points)
            places.append(_SkinPlace(middle, patches, _HALF_PX[region]))
    return groups, places


_NOSE, _FOREHEAD = 0, 1
_GROUPS, _PLACES = _lay_out()
_MEMBERS: Final = [np.array(group) for group in _GROUPS]
_SIZES: Final = np.array([[len(group)] for group in _GROUPS], np.float32)


def _half_sides() -> NDArray[np.int_]:
    """Return half side of the patch around every group."""
    halves = np.full(len(_GROUPS), NOSE_HALF_PX)
    for place in _PLACES:
        halves[[place.middle, *place.patches]] = place.half_px
    return halves


_HALVES: Final = _half_sides()


def _in_crop(
    landmarks_px: NDArray[np.float32], to_crop: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return centre of every group in crop coordinates, shape (frames, groups, 2)."""
    points = landmarks_px[..., :2]
    sums = [np.add.reduce(np.ascontiguousarray(points[:, m]), axis=1) for m in _MEMBERS]
    centres = np.stack(sums, axis=1) / _SIZES
    turned = to_crop[:, None, :, :2] @ centres[..., None].astype(np.float64)
    return np.asarray(turned[..., 0] + to_crop[:, None, :, 2])


def _patch_medians(
    flows: NDArray[np.float32], centres: NDArray[np.int_]
) -> NDArray[np.float64]:
    """Return the median flow vector of the square patch around every centre.

    Shape (frames, groups, 2); NaN outside the crop. Patches that are whole in the crop
    are read all at once, others one by one.
    """
    found = np.full((*centres.shape[:2], 2), np.nan)
    low = centres.min(axis=2) - _HALVES
    high = centres.max(axis=2) + _HALVES
    whole = (low >= 0) & (high <= CROP_PX)
    for half_px in sorted(set(_HALVES.tolist())):
        frame, group = np.nonzero(whole & (half_px == _HALVES))
        reach = np.arange(-half_px, half_px)
        across, down = (centres[frame, group, axis, None] + reach for axis in (0, 1))
        patches = flows[
            frame[:, None, None, None],
            np.arange(2)[:, None, None],
            down[:, None, :, None],
            across[:, None, None, :],
        ]
        found[frame, group] = median(patches.reshape(*patches.shape[:2], -1))
    for frame, group in zip(*np.nonzero(~whole), strict=True):
        at, half_px = centres[frame, group].tolist(), int(_HALVES[group])
        found[frame, group] = _patch_median(flows[frame], at, half_px)
    return found


def _patch_median(
    layers: NDArray[np.float32], centre: list[int], half_px: int
) -> NDArray[np.float64]:
    """Return median flow vector of a square patch, shape (2,); NaN outside the crop.

    `layers` is the flow along x and along y, shape (2, rows, columns).
    """
    left, top = (min(max(at - half_px, 0), CROP_PX) for at in centre)
    right, bottom = (min(max(at + half_px, 0), CROP_PX) for at in centre)
    patch = layers[:, top:bottom, left:right]
    if patch.size == 0:
        return np.full(2, np.nan)
    return median(patch.reshape(2, -1)).astype(np.float64)
