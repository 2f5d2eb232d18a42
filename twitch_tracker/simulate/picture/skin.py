"""Bare skin in place of an eye: what a lid without lashes would look like.

The eye with its lashes is cut out and filled from the skin all around it by
push and pull over an image pyramid (Gortler et al. 1996), which has no seam
anywhere; the grain of the cheek below is put on top, so that the fill carries
the picture's own noise.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from twitch_tracker.simulate.picture.geometry import EyeGeometry
from twitch_tracker.simulate.picture.resampling import Field, Image, blur, sample_field

__all__ = ["bare_skin", "fill_from_surroundings"]

_COLUMNS: Final = 64  # raster of the fill, over _LEFT.._RIGHT eye widths
_ROWS: Final = 48
_LEFT, _RIGHT = -0.5, 1.5
_UP, _DOWN = -0.75, 0.75
_UNDER: Final = 0.22  # how far the hole reaches under the lower margin, eye widths
_GRAIN_FROM: Final = 0.95  # how far below the grain is taken, eye widths


def bare_skin(
    image: Image, eye: EyeGeometry, lashes_px: float, x: Field, y: Field
) -> Field:
    """Colour of bare skin at places of an eye's frame.

    Parameters
    ----------
    image : NDArray[np.uint8]
        The picture, shape (height, width, 3).
    eye : EyeGeometry
        The eye in it.
    lashes_px : float
        How far above the upper margin the lashes reach.
    x, y : NDArray[np.float32]
        Places in the eye's frame, shape (h, w).

    Returns
    -------
    NDArray[np.float32]
        Shape (h, w, 3).
    """
    grid_x, grid_y = _raster(eye)
    tone = blur(eye.sample(image, grid_x, grid_y), 0.8)
    weight = _skin(eye, lashes_px, grid_x, grid_y)
    fill = fill_from_surroundings(tone, weight * _not_hair(tone, weight))
    fill = blur(fill, 1.5)
    step_x = (_RIGHT - _LEFT) * eye.width_px / (_COLUMNS - 1)
    step_y = (_DOWN - _UP) * eye.width_px / (_ROWS - 1)
    at_x = (x - _LEFT * eye.width_px) / step_x
    at_y = (y - grid_y[0, 0]) / step_y
    shown = sample_field(fill, at_x.astype(np.float32), at_y.astype(np.float32))
    return shown + _grain(image, eye, x, y)


def _raster(eye: EyeGeometry) -> tuple[Field, Field]:
    """Return the coarse grid over the eye's surroundings, in the eye's frame."""
    middle = float(np.mean(eye.upper_px + eye.lower_px) / 2)
    columns = np.linspace(_LEFT, _RIGHT, _COLUMNS) * eye.width_px
    rows = middle + np.linspace(_UP, _DOWN, _ROWS) * eye.width_px
    x, y = np.meshgrid(columns.astype(np.float32), rows.astype(np.float32))
    return x, y


def _skin(eye: EyeGeometry, lashes_px: float, x: Field, y: Field) -> Field:
    """Return 1 where the raster shows skin, 0 at the eye, its lashes and the brow."""
    top = np.interp(x, eye.x_px, eye.upper_px) - lashes_px
    bottom = np.interp(x, eye.x_px, eye.lower_px) + _UNDER * eye.width_px
    brow = np.interp(x, eye.x_px, eye.brow_px)
    beside = np.maximum(-x, x - eye.width_px) / eye.width_px
    hole = (y > top) & (y < bottom) & (beside < 0.25)
    hole |= y < np.minimum(brow + 0.1 * (top - brow), top - 2.0)
    return np.asarray(~hole, dtype=np.float32)


def _not_hair(tone: Field, weight: Field) -> Field:
    """Return 0 where the raster is much darker than the skin around the hole.

    That leaves lashes, brow and spectacle frames out of the fill but keeps an
    eye socket that lies in shadow.
    """
    luma = tone.mean(axis=2)
    reach = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
    near = (cv2.erode(weight, reach) == 0) & (weight > 0)
    typical = float(np.median(luma[near])) if near.any() else 0.0
    return np.asarray(np.clip((luma / max(typical, 1.0) - 0.55) / 0.15, 0.0, 1.0))


def fill_from_surroundings(colour: Field, weight: Field) -> Field:
    """Fill places of weight 0 from their surroundings, smoothly."""
    if min(weight.shape) <= 3:
        total = float(weight.sum())
        mean = (colour * weight[..., None]).sum(axis=(0, 1)) / max(total, 1e-6)
        return np.broadcast_to(mean, colour.shape).astype(np.float32)
    less: Field = np.asarray(cv2.pyrDown(weight), dtype=np.float32)
    small: Field = np.asarray(cv2.pyrDown(colour * weight[..., None]), np.float32)
    small = small / np.maximum(less, 1e-6)[..., None]
    below = fill_from_surroundings(small, np.minimum(less * 2, 1.0))
    rows, columns = weight.shape
    filled = cv2.pyrUp(below, dstsize=(columns, rows))
    return np.asarray(filled + weight[..., None] * (colour - filled), dtype=np.float32)


def _grain(image: Image, eye: EyeGeometry, x: Field, y: Field) -> Field:
    """Return the cheek below the eye, high-passed: pores and sensor noise."""
    below = eye.sample(image, x, y + np.float32(_GRAIN_FROM * eye.width_px))
    coarse = blur(below, max(0.03 * eye.width_px, 1.0))
    grain = below - coarse
    # Edges are no grain, and lids are smoother than cheeks.
    most = min(3.0 * float(np.median(np.abs(grain))), 6.0)
    return np.asarray(np.clip(grain, -most, most), dtype=np.float32)
