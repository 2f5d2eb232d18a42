"""A face brought to one size, upright, its outer canthi always at the same places.

What is left of its movement there is that of the skin, and the jitter of the tracker.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.regions import EYE_CORNERS, Side

__all__ = ["CROP_PX", "EYES_APART_PX", "crop_transform", "grey_crop"]

CROP_PX: Final = 112
"""Side of the square crop."""

EYES_APART_PX: Final = 64
"""Interocular distance in the crop: a cheek is then about 20 px across."""

EYES_Y_PX: Final = 30
"""Height of the eye line in the crop."""


def crop_transform(landmarks_px: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the similarity transform, shape (2, 3), from the picture to the crop.

    Parameters
    ----------
    landmarks_px : NDArray[np.float32]
        Mesh, shape (478, 3), picture pixels.
    """
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


def grey_crop(
    image: NDArray[np.uint8], to_crop: NDArray[np.float64]
) -> NDArray[np.uint8]:
    """Cut the crop out of a picture (RGB) and make it grey, shape (CROP_PX, CROP_PX)."""
    size = (CROP_PX, CROP_PX)
    colour = cv2.warpAffine(
        image, to_crop, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY), np.uint8)
