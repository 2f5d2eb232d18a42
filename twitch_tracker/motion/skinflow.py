"""Cheek movement from pixels, where the mesh is nearly blind.

The face is brought into a small upright crop in which the outer canthi keep
their place, so that the head's own motion is gone but for tracker jitter.
Dense optical flow between consecutive crops (DIS, Kroeger et al. 2016, as in
OpenCV) gives the skin's velocity; the same jitter moves the skin over the nose
bridge, so its flow is subtracted. x is towards the subject's left, y up, in
fractions of the interocular distance.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.regions import CHEEK, EYE_CORNERS, SIDES, Side

__all__ = ["CheekFlow"]

CROP_PX: Final = 112
"""Side of the square crop."""

EYES_APART_PX: Final = 64
"""Interocular distance in the crop: a cheek is then about 20 px across."""

EYES_Y_PX: Final = 30
"""Height of the eye line in the crop."""

CHEEK_HALF_PX: Final = 8
"""Half side of the patch averaged over a cheek (a quarter interocular wide)."""

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


class CheekFlow:
    """Measures the cheeks' velocity from one frame to the next."""

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
        """Displacement of each cheek since the frame before.

        Parameters
        ----------
        image : NDArray[np.uint8]
            RGB, shape (height, width, 3).
        landmarks_px : NDArray[np.float32] or None
            Mesh, shape (478, 3); None forgets the frame before.

        Returns
        -------
        NDArray[np.float32]
            Shape (sides, 2): towards the subject's left and up, in interocular
            fractions; NaN without a mesh in this frame and the one before.
        """
        nothing = np.full((len(SIDES), 2), np.nan, np.float32)
        if landmarks_px is None:
            self._last = None
            return nothing
        to_crop = _crop_transform(landmarks_px)
        crop = _grey_crop(image, to_crop)
        last, self._last = self._last, crop
        if last is None:
            return nothing
        flow = self._flow.calc(last, crop, np.zeros((CROP_PX, CROP_PX, 2), np.float32))
        return _cheek_motion(np.asarray(flow, np.float32), landmarks_px, to_crop)


def _crop_transform(landmarks_px: NDArray[np.float32]) -> NDArray[np.float64]:
    """Similarity transform, shape (2, 3), from the picture to the crop."""
    right = landmarks_px[EYE_CORNERS[Side.RIGHT][0], :2].astype(np.float64)
    left = landmarks_px[EYE_CORNERS[Side.LEFT][0], :2].astype(np.float64)
    across = left - right
    factor = EYES_APART_PX / max(float(np.hypot(*across)), 1e-6)
    angle = np.arctan2(across[1], across[0])
    turn = factor * np.array(
        [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    )
    shift = np.array([CROP_PX / 2, EYES_Y_PX]) - turn @ ((left + right) / 2)
    return np.column_stack([turn, shift])


def _grey_crop(
    image: NDArray[np.uint8], to_crop: NDArray[np.float64]
) -> NDArray[np.uint8]:
    """Cut the crop out of a picture and make it grey."""
    size = (CROP_PX, CROP_PX)
    colour = cv2.warpAffine(
        image, to_crop, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY), np.uint8)


def _cheek_motion(
    flow: NDArray[np.float32],
    landmarks_px: NDArray[np.float32],
    to_crop: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Mean flow over each cheek less that over the nose, picture y turned up."""
    nose = _patch_median(
        flow, _in_crop(landmarks_px, NOSE_POINTS, to_crop), NOSE_HALF_PX
    )
    sides = [
        _patch_median(flow, _in_crop(landmarks_px, CHEEK[side], to_crop), CHEEK_HALF_PX)
        - nose
        for side in SIDES
    ]
    return (np.array(sides) * (1, -1) / EYES_APART_PX).astype(np.float32)


def _in_crop(
    landmarks_px: NDArray[np.float32],
    points: tuple[int, ...],
    to_crop: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Centre of some mesh points in crop coordinates, shape (2,)."""
    centre = landmarks_px[list(points), :2].mean(axis=0)
    return np.asarray(to_crop[:, :2] @ centre + to_crop[:, 2])


def _patch_median(
    flow: NDArray[np.float32], centre: NDArray[np.float64], half_px: int
) -> NDArray[np.float64]:
    """Median flow vector of a square patch, shape (2,); NaN outside the crop."""
    x, y = np.round(centre).astype(int)
    top, bottom, left, right = np.clip(
        (y - half_px, y + half_px, x - half_px, x + half_px), 0, CROP_PX
    )
    patch = flow[top:bottom, left:right]
    if patch.size == 0:
        return np.full(2, np.nan)
    return np.asarray(np.median(patch.reshape(-1, 2), axis=0), np.float64)
