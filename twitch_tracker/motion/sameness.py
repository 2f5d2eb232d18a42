"""Whether a picture is the same as the one before, but for what an encoder leaves.

A camera's pictures always differ: its noise alone changes more. Pictures that were
repeated (a stalled camera, a paused screen, a doubled frame rate) do not, or only by
what the encoder still refines. The whole picture and the face by itself must be the
same, so that a small face that moves before a still wall is never called frozen.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["SAME_LEVELS", "SAME_MEAN", "SAME_SHARE", "SamePicture"]

SAME_LEVELS: Final = 2
SAME_SHARE: Final = 5e-4
"""At most this share of the pixels may differ by more than `SAME_LEVELS` of 255..."""

SAME_MEAN: Final = 0.02
"""... and all of them on average by this much. Between pictures of 90 development
videos of 86 sources no stretch of 0.2 s stays below; the repetitions in stalled films
(H.264 at quality 18 to 36, MPEG-4, VP8) do, but for a few after each key picture."""

_SAMPLES: Final = (160, 96)
"""About so many columns and rows are compared, of the picture and of the face."""

_Sample = NDArray[np.uint8]
_Box = tuple[slice, slice]


class SamePicture:
    """Compares every picture with the one before; about 0.05 ms a picture."""

    def __init__(self) -> None:
        """Start without a picture."""
        self._whole: _Sample | None = None
        self._face: _Sample | None = None
        self._box: _Box | None = None
        self._shape: tuple[int, ...] = ()

    def step(self, image: NDArray[np.uint8], mesh: NDArray[np.float32] | None) -> bool:
        """Tell whether a picture is the same as the last one.

        Parameters
        ----------
        image : NDArray[np.uint8]
            RGB, shape (height, width, 3).
        mesh : NDArray[np.float32] or None
            The face in it, shape (points, 3).
        """
        whole = _sampled(image)
        same = image.shape == self._shape and self._is_same(image, whole)
        self._shape, self._box = image.shape, _box(mesh, image.shape)
        self._whole = whole
        self._face = None if self._box is None else _sampled(image[self._box])
        return same

    def _is_same(self, image: NDArray[np.uint8], whole: _Sample) -> bool:
        """Compare with what was kept of the last picture, the face where it was."""
        if self._whole is None or not _alike(whole, self._whole):
            return False
        if self._box is None or self._face is None:
            return True
        return _alike(_sampled(image[self._box]), self._face)


def _sampled(image: NDArray[np.uint8]) -> _Sample:
    """Take some of the green pixels, evenly."""
    height, width = image.shape[:2]
    across, down = max(width // _SAMPLES[0], 1), max(height // _SAMPLES[1], 1)
    return image[::down, ::across, 1].copy()  # a view would keep the whole picture


def _alike(one: _Sample, other: _Sample) -> bool:
    changed = cv2.absdiff(one, other)
    share = np.count_nonzero(changed > SAME_LEVELS) / changed.size
    return bool(share <= SAME_SHARE and changed.mean() <= SAME_MEAN)


def _box(mesh: NDArray[np.float32] | None, shape: tuple[int, ...]) -> _Box | None:
    """Where the face is in the picture; None where it is none or outside."""
    if mesh is None:
        return None
    low = np.clip(np.floor(mesh[:, :2].min(axis=0)), 0, shape[1::-1])
    high = np.clip(np.ceil(mesh[:, :2].max(axis=0)), 0, shape[1::-1])
    left, top = (int(v) for v in low)
    right, bottom = (int(v) for v in high)
    if right - left < 2 or bottom - top < 2:
        return None
    return slice(top, bottom), slice(left, right)
