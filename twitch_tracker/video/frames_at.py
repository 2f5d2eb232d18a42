"""Single pictures of a recording by time, with few seeks.

Note: the frame *at* a time is the one a viewer sees then, the last one that started at
or before it (half a tick of tolerance, so that a time printed from a frame finds that
frame again). Before the first frame that is the first, after the end the last.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from twitch_tracker.errors import BadParameter
from twitch_tracker.language import say
from twitch_tracker.records import Frame, ReadOptions
from twitch_tracker.timebase import Stamp
from twitch_tracker.video.decoding import Decoder, pts_of
from twitch_tracker.video.files import check_max_side
from twitch_tracker.video.pictures import compute_layout, to_rgb

__all__ = ["read_frames_at"]

_WORTH_A_SEEK_S: Final = 2.0
"""Reading on is cheaper than seeking below this distance (about one group of
pictures); doubled whenever a seek turns out to lead back."""


def read_frames_at(
    path: str | Path,
    times_s: Sequence[float],
    *,
    mirrored: bool = False,
    max_side_px: int | None = None,
    reading: ReadOptions | None = None,
) -> list[Frame]:
    """Read the frames shown at given times.

    Parameters
    ----------
    path : str or Path
        The recording.
    times_s : Sequence of float
        Seconds from the first shown frame, in any order, repeats allowed.
    mirrored : bool
        True for recordings that were stored mirrored.
    max_side_px : int, optional
        Pictures whose longer side exceeds this are scaled down to it.
    reading : ReadOptions, optional
        What a person says of how to read it, as for `files.open_video`.

    Returns
    -------
    list of Frame
        One frame per requested time, in the order of `times_s`; `index` is the
        place in that list. Times within the same frame share one picture.

    Raises
    ------
    VideoUnreadable
        If the file holds no decodable video.
    TimestampsUnusable
        If its pictures carry no presentation times.
    BadParameter
        If a time is not a finite number.
    """
    for time_s in times_s:
        if not math.isfinite(time_s):
            raise BadParameter("times_s", say("finite seconds"), time_s)
    check_max_side(max_side_px)
    decoder = Decoder(Path(path), reading)
    try:
        return _read(decoder, times_s, mirrored=mirrored, max_side_px=max_side_px)
    finally:
        decoder.close()


def _read(
    decoder: Decoder,
    times_s: Sequence[float],
    *,
    mirrored: bool,
    max_side_px: int | None,
) -> list[Frame]:
    """Walk through the times in order and convert every picture found once."""
    aspect = decoder.stream.sample_aspect_ratio
    layout = compute_layout(decoder.first, aspect, max_side_px)
    walk = _Walk(decoder)
    frames: dict[int, Frame] = {}
    image: NDArray[np.uint8] | None = None
    last_pts: int | None = None
    for index in sorted(range(len(times_s)), key=lambda i: times_s[i]):
        picture = walk.shown_at(times_s[index])
        pts = pts_of(picture)
        if image is None or pts != last_pts:
            image, last_pts = to_rgb(picture, layout, mirrored=mirrored), pts
        stamp = Stamp(
            pts=pts, time_base=decoder.time_base, origin_pts=decoder.origin_pts
        )
        frames[index] = Frame(index=index, stamp=stamp, image=image)
    return [frames[index] for index in range(len(times_s))]


class _Walk:
    """A forward walk through a file that seeks where that saves decoding."""

    def __init__(self, decoder: Decoder) -> None:
        """Start at the first picture."""
        self._decoder = decoder
        self._worth_s = _WORTH_A_SEEK_S
        self._begin()

    def _begin(self) -> None:
        """Take the next picture of the decoder as the present one."""
        self._pictures: Iterator[VideoFrame] = self._decoder.pictures()
        self._now = next(self._pictures, self._decoder.first)
        self._ahead = next(self._pictures, None)

    def shown_at(self, time_s: float) -> VideoFrame:
        """Return the picture shown at a time not before the last one asked for."""
        decoder = self._decoder
        limit = decoder.origin_pts + math.floor(
            Fraction(time_s) / decoder.time_base + Fraction(1, 2)
        )
        distance_s = (limit - pts_of(self._now)) * decoder.time_base
        if self._ahead is not None and distance_s > self._worth_s:
            self._seek(limit)
        while self._ahead is not None and pts_of(self._ahead) <= limit:
            self._now, self._ahead = self._ahead, next(self._pictures, None)
        return self._now

    def _seek(self, limit: int) -> None:
        """Jump towards `limit`; where that leads back, be slower to do it again."""
        before = pts_of(self._now)
        self._decoder.seek(limit)
        self._begin()
        if pts_of(self._now) <= before:
            self._worth_s *= 2
