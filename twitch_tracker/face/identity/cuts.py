"""Cuts: moments at which the whole picture changes abruptly.

Causal and cheap: a tiny grey picture is compared with the one before. Note: a cut is
reported at the first frame *after* it.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["CutDetector"]

_THUMB_PX: Final = (32, 18)

CUT_LEVELS: Final = 20.0
"""Mean absolute change, in grey levels of 255, that may be a cut."""

CUT_RATIO: Final = 5.0
"""... if it is also this many times the recent frame-to-frame change."""


class CutDetector:
    """Compares every picture with the one before."""

    def __init__(self) -> None:
        """Start without a picture."""
        self._thumb: NDArray[np.float32] | None = None
        self._usual = 0.0
        self.change = 0.0

    def is_cut(self, image: NDArray[np.uint8]) -> bool:
        """Return whether a cut lies between the last picture and this one.

        Parameters
        ----------
        image : NDArray[np.uint8]
            RGB, shape (height, width, 3); the size may change.
        """
        thumb = _shrink(image)
        last, self._thumb = self._thumb, thumb
        if last is None:
            return False
        change = float(np.abs(thumb - last).mean())
        self.change = change
        cut = change > max(CUT_LEVELS, CUT_RATIO * self._usual)
        if not cut:
            self._usual += 0.2 * (change - self._usual)
        return cut


def _shrink(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return a tiny grey picture."""
    step = max(1, min(image.shape[:2]) // 120)
    small = cv2.resize(
        image[::step, ::step, 1], _THUMB_PX, interpolation=cv2.INTER_AREA
    )
    return np.asarray(small, np.float32)
