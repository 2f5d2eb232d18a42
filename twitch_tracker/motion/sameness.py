"""Detect pictures that repeat the one before, apart from traces of the encoder.

A camera's pictures always differ: its noise alone changes more. Pictures that were
repeated (a stalled camera, a paused screen, a doubled frame rate) do not, or only by
what the encoder still refines. The whole picture and the face by itself must be the
same, so that a small face that moves before a still wall is never called frozen.

An encoder that has bits to spare writes a repeated picture a little better each time,
and then it is not the same. Where every other picture changes much less than both of
its neighbours, for half a second and more, the film was stored at twice its rate even
so (`repeated`).

Where an encoder is short of bits it leaves most blocks of a picture as they were. How
much of the face does not change at all from one picture to the next says how strongly a
film is compressed, whatever its codec.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = [
    "COARSE_QUANTISER",
    "COMPRESSED_SHARE",
    "SAME_LEVELS",
    "SAME_MEAN",
    "SAME_SHARE",
    "VERY_COARSE_QUANTISER",
    "SamePicture",
    "UnchangedShare",
    "is_compressed",
    "repeated",
]

SAME_LEVELS: Final = 2
SAME_SHARE: Final = 5e-4
"""At most this share of the pixels may differ by more than `SAME_LEVELS` of 255..."""

SAME_MEAN: Final = 0.02
"""... and all of them on average by this much. Between pictures of 90 development
videos of 86 sources no stretch of 0.2 s stays below; the repetitions in stalled films
(H.264 at quality 18 to 36, MPEG-4, VP8) do, but for a few after each key picture."""

_LESS: Final = 0.5
"""A repeated picture changes less than this part of what both of its neighbours change..."""

_ALTERNATING: Final = 17
_AT_LEAST: Final = 0.4
"""... and around it at least this share of so many pictures does (8 of 17 are every other
one)."""

COMPRESSED_SHARE: Final = 0.9
"""Where as a rule this share of the face does not change at all within a thirtieth of a
second, a film is strongly compressed. Measured over 45 pictures each: development videos
0.07 to 0.83; the example in H.264 at quality 35, 40 and 45 0.95, 0.99 and 1.0, in MPEG-4
at 20 0.92, in VP8 at 60 kbit/s 0.94."""

COARSE_QUANTISER: Final = 36.0
"""... and so is a film that is written as coarsely as this, as a rule, on the scale of H.264
(it ends at 51; `video.coarse.scale`), however much moves in it. Development videos in H.264
have 13 to 32. Of six faces without bursts, written again by seven codecs, 0.4 bursts a
minute are made up below, 1.4 from here to 40 and 5.1 beyond, all in small pictures
(`python -m studies.coarse_films`)."""

VERY_COARSE_QUANTISER: Final = 40.0
"""From here on most of what is fine in a face is the encoder's."""

_APART_S: Final = 0.03
"""Pictures are compared that are at least so far apart: at a higher rate less changes."""

_EVERY_S: Final = 0.5

_SAMPLES: Final = (160, 96)
"""About so many columns and rows are compared, of the picture and of the face."""

_Sample = NDArray[np.uint8]
_Box = tuple[slice, slice]


class SamePicture:
    """Compares every picture with the one before; about 0.05 ms a picture."""

    def __init__(self) -> None:
        """Start without a picture."""
        self.change = 0.0
        """By how much the last picture differs from the one before, of 255 on average."""
        self._whole: _Sample | None = None
        self._face: _Sample | None = None
        self._box: _Box | None = None
        self._shape: tuple[int, ...] = ()

    def step(self, image: NDArray[np.uint8], mesh: NDArray[np.float32] | None) -> bool:
        """Return whether a picture is the same as the last one.

        Parameters
        ----------
        image : NDArray[np.uint8]
            RGB, shape (height, width, 3).
        mesh : NDArray[np.float32] or None
            The face in it, shape (points, 3).
        """
        whole = _sampled(image)
        alike = self._whole is not None and image.shape == self._shape
        self.change = _mean_change(whole, self._whole) if alike else 0.0
        same = alike and self._is_same(image, whole)
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


def is_compressed(unchanged_share: float, quantiser: float) -> bool:
    """Return whether a film is strongly compressed; NaN counts as no."""
    return unchanged_share >= COMPRESSED_SHARE or quantiser >= COARSE_QUANTISER


class UnchangedShare:
    """Measures now and then how much of the face does not change; median of all."""

    def __init__(self) -> None:
        """Start without a picture."""
        self._first: tuple[float, tuple[slice, slice], _Sample] | None = None
        self._since_s = -np.inf
        self._shares: list[float] = []

    @property
    def median(self) -> float:
        """Share of the face, 0 to 1; NaN before anything was compared."""
        return float(np.median(self._shares)) if self._shares else float("nan")

    def step(
        self,
        time_s: float,
        image: NDArray[np.uint8],
        mesh: NDArray[np.float32] | None,
        *,
        same: bool,
    ) -> None:
        """Take the next picture.

        Parameters
        ----------
        time_s : float
            Presentation time.
        image, mesh
            As for `SamePicture.step`.
        same : bool
            What that said: a repeated picture is not compared.
        """
        if same:
            return
        if self._first is not None and time_s - self._first[0] >= _APART_S:
            _, where, before = self._first
            now = image[where][..., 1]
            if now.shape == before.shape:
                self._shares.append(float((now == before).mean()))
            self._first = None
        elif self._first is None and time_s - self._since_s >= _EVERY_S:
            box = _box(mesh, image.shape)
            if box is not None:
                self._first = (time_s, box, image[box][..., 1].copy())
                self._since_s = time_s


def _sampled(image: NDArray[np.uint8]) -> _Sample:
    """Take some of the green pixels, evenly."""
    height, width = image.shape[:2]
    across, down = max(width // _SAMPLES[0], 1), max(height // _SAMPLES[1], 1)
    return image[::down, ::across, 1].copy()  # a view would keep the whole picture


def _mean_change(one: _Sample, other: _Sample | None) -> float:
    if other is None:
        return 0.0
    return float(cv2.sumElems(cv2.absdiff(one, other))[0] / one.size)


def repeated(change: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Mark the repetitions of a film that was stored at twice its rate.

    Parameters
    ----------
    change : NDArray[np.float32]
        `SamePicture.change` of each picture, shape (n,).

    Returns
    -------
    NDArray[np.bool_]
        Shape (n,). Where nothing moves in the picture, it is unknown. Of the first
        150 pictures of 100 development videos one is marked, and those of a film of
        about 20 pictures a second that was stored at 30.
    """
    less = np.zeros(len(change), bool)
    if len(change) < _ALTERNATING:
        return less
    around = np.minimum(change[:-2], change[2:])
    less[1:-1] = change[1:-1] < _LESS * around
    share = np.convolve(less, np.full(_ALTERNATING, 1 / _ALTERNATING), mode="same")
    ends = np.convolve(
        np.ones(len(less)), np.full(_ALTERNATING, 1 / _ALTERNATING), "same"
    )
    return np.asarray(less & (share >= _AT_LEAST * ends), bool)


def _alike(one: _Sample, other: _Sample) -> bool:
    changed = cv2.absdiff(one, other)
    if cv2.sumElems(changed)[0] / changed.size > SAME_MEAN:
        return False
    share = np.count_nonzero(np.asarray(changed) > SAME_LEVELS) / changed.size
    return bool(share <= SAME_SHARE)


def _box(mesh: NDArray[np.float32] | None, shape: tuple[int, ...]) -> _Box | None:
    """Return where the face is in the picture; None where it is none or outside."""
    if mesh is None:
        return None
    low = np.clip(np.floor(mesh[:, :2].min(axis=0)), 0, shape[1::-1])
    high = np.clip(np.ceil(mesh[:, :2].max(axis=0)), 0, shape[1::-1])
    left, top = (int(v) for v in low)
    right, bottom = (int(v) for v in high)
    if right - left < 2 or bottom - top < 2:
        return None
    return slice(top, bottom), slice(left, right)
