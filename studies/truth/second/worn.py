"""What lies on a face and is no part of it: dark rims of glasses, strands of hair.

They do not go with a lid. Dark lines narrower than a brow, outside the reach of the
lashes, are found by a morphological closing, taken out of the skin before it slides
and laid over it again where they were. Bright rims are not found.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from studies.truth.second.geometry import COLUMNS, SPAN, LidLines
from twitch_tracker.simulate.picture.resampling import Field, Image, blur, smoothstep

__all__ = ["without_worn"]

_THICKEST: Final = 0.15  # of a line, eye widths
_CONTRAST: Final = (0.22, 0.42)  # darkness against what is around, from none to all
_ABOVE, _BELOW = 0.24, 0.22  # reach of lashes and lid shadow, eye widths
_BESIDE: Final = 0.2  # the same past the canthi


def without_worn(image: Image, eye: LidLines) -> tuple[Image, Field]:
    """Take dark lines out of the surroundings of an eye.

    Parameters
    ----------
    image : NDArray[np.uint8]
        The surroundings, shape (h, w, 3).
    eye : LidLines
        The eye in its pixels.

    Returns
    -------
    NDArray[np.uint8]
        The skin without them.
    NDArray[np.float32]
        Where they were, 0 to 1, shape (h, w).
    """
    size = max(3, round(_THICKEST * eye.width_px) | 1)
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    closed = cv2.morphologyEx(image, cv2.MORPH_CLOSE, element)
    luma = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    around = cv2.cvtColor(closed, cv2.COLOR_RGB2GRAY).astype(np.float32)
    dark = 1 - luma / np.maximum(around, 8.0)
    low, high = _CONTRAST
    mask = smoothstep((dark - low) / (high - low)) * _away(eye, image.shape)
    if not float(mask.max()) > 0.5:
        return image, np.zeros_like(mask)
    # A rim's soft edge belongs to it.
    mask = np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), dtype=np.float32)
    mask = blur(mask, 0.7)
    fill = cv2.GaussianBlur(closed, (0, 0), max(0.03 * eye.width_px, 0.8))
    weight = mask[..., None]
    skin = image + weight * (fill.astype(np.float32) - image)
    return np.asarray(np.rint(skin), dtype=np.uint8), mask


def _away(eye: LidLines, shape: tuple[int, ...]) -> Field:
    """Return 0 where lashes and lid shadows are, 1 away from them."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    x, y = x - np.float32(eye.origin[0]), y - np.float32(eye.origin[1])
    along = (eye.along / eye.width_px**2).astype(np.float32)
    down = (eye.down / eye.width_px**2).astype(np.float32)
    u, v = x * along[0] + y * along[1], x * down[0] + y * down[1]
    place = np.clip((u - SPAN[0]) / (SPAN[1] - SPAN[0]), 0, 1) * (COLUMNS - 1)
    nearest = place.astype(np.intp)
    upper = eye.upper.astype(np.float32)[nearest]
    lower = eye.lower.astype(np.float32)[nearest]
    beside = np.maximum(-u, u - 1) - _BESIDE
    outside = np.maximum(np.maximum(upper - _ABOVE - v, v - lower - _BELOW), beside)
    return smoothstep(outside / 0.05)
