"""Pictures sampled at sub-pixel places, and smoothed: OpenCV behind plain types.

Bicubic on OpenCV's grid of 1/32 pixel; beyond the border the border repeats.
Places are (x, y) in pixels, centres of pixels at whole numbers.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Field", "Image", "blur", "resized", "sample", "sample_field", "smoothstep"]

Field = NDArray[np.float32]
Image = NDArray[np.uint8]


def sample(image: Image, x: Field, y: Field) -> Image:
    """Sample a picture, shape (h, w, 3), at places of shape (rows, columns)."""
    shown = cv2.remap(image, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(shown, dtype=np.uint8)


def sample_field(field: Field, x: Field, y: Field) -> Field:
    """Sample an array of numbers in the same way."""
    shown = cv2.remap(field, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(shown, dtype=np.float32)


def blur(field: Field, sigma_px: float) -> Field:
    """Blur with a Gaussian kernel."""
    return np.asarray(cv2.GaussianBlur(field, (0, 0), sigma_px), dtype=np.float32)


def resized(field: Field, rows: int, columns: int, method: int) -> Field:
    """Scale an array of numbers with one of OpenCV's methods."""
    scaled = cv2.resize(field, (columns, rows), interpolation=method)
    return np.asarray(scaled, dtype=np.float32)


def smoothstep(value: Field | float) -> Field:
    """Smooth step from 0 at 0 to 1 at 1 (cubic Hermite)."""
    t = np.clip(value, 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)
