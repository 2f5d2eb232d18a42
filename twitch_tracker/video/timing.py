"""True presentation times of a whole file, measured without decoding it.

The convention that bites: `variable_rate` is strict. It is True as soon as a
single step between shown frames differs from the others, because then a frame
number divided by a frame rate is no longer a time.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from twitch_tracker.video.opening import open_container, pick_video_stream

__all__ = ["Timing", "measure_timing"]

_TOLERANCE_TICKS: Final = 1.5
"""A step may differ that much by rounding to ticks (WebM: 33 or 34 ms)."""

_TOLERANCE_SHARE: Final = 0.1
"""... or by this share of the median step."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """Presentation times of a file, as its packets state them.

    Attributes
    ----------
    frames : int
        Frames with distinct stamps.
    unstamped : int
        Packets without any stamp.
    min_step_s, median_step_s, max_step_s : float
        Time from one frame to the next; NaN with fewer than two frames.
    variable_rate : bool
        Whether any step differs from the median by more than rounding to ticks
        and more than a tenth.
    duration_s : float
        From the first shown frame to the end of the last one, which is taken
        to last one median step; NaN with fewer than two frames.
    """

    frames: int
    unstamped: int
    min_step_s: float
    median_step_s: float
    max_step_s: float
    variable_rate: bool
    duration_s: float


def measure_timing(path: str | Path) -> Timing:
    """Measure the true presentation times of a file by reading its packets.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    Timing
        Frame count and steps. Damaged packets count as long as they carry a
        stamp, so that a decoder may show fewer frames.

    Raises
    ------
    VideoUnreadable
        If the file cannot be opened as a video.
    """
    path = Path(path)
    container = open_container(path)
    try:
        stream = pick_video_stream(path, container)
        stamps, unstamped = _packet_stamps(container, stream)
        time_base = stream.time_base or Fraction(1)
    finally:
        container.close()
    return _summarise(np.unique(stamps), unstamped, time_base)


def _packet_stamps(
    container: InputContainer, stream: VideoStream
) -> tuple[NDArray[np.int64], int]:
    """Collect the stamps of all shown packets up to the first read error."""
    stamps = array("q")
    unstamped = 0
    try:
        for packet in container.demux(stream):
            if not packet.size or packet.is_discard:
                continue
            stamp = packet.dts if packet.pts is None else packet.pts
            if stamp is None:
                unstamped += 1
            else:
                stamps.append(stamp)
    except (av.FFmpegError, OSError):
        pass
    return np.array(stamps, np.int64), unstamped


def _summarise(
    stamps: NDArray[np.int64], unstamped: int, time_base: Fraction
) -> Timing:
    """Turn sorted distinct stamps into the summary."""
    steps = np.diff(stamps)
    tick_s = float(time_base)
    if not len(steps):
        low = median = high = duration = math.nan
        variable = False
    else:
        low, median, high = steps.min(), float(np.median(steps)), steps.max()
        allowed = max(_TOLERANCE_TICKS, _TOLERANCE_SHARE * median)
        variable = bool((np.abs(steps - median) > allowed).any())
        duration = float(stamps[-1] - stamps[0]) + median
    return Timing(
        frames=len(stamps),
        unstamped=unstamped,
        min_step_s=float(low) * tick_s,
        median_step_s=median * tick_s,
        max_step_s=float(high) * tick_s,
        variable_rate=variable,
        duration_s=duration * tick_s,
    )
