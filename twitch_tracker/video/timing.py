"""The true times of a whole file, measured without decoding it.

The convention that bites: the last frame has no successor; it is taken to last one
median step.
"""

from __future__ import annotations

import math
from array import array
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from twitch_tracker.video.opening import open_container, pick_video_stream

__all__ = ["measure_duration_s", "read_times_s"]


def measure_duration_s(path: str | Path) -> float:
    """Measure the duration of a file by reading its packets.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    float
        Seconds from the first shown frame to the end of the last one; NaN with
        fewer than two frames. Damaged packets count as long as they carry a stamp.

    Raises
    ------
    VideoUnreadable
        If the file cannot be opened as a video.
    """
    stamps, time_base = _read_stamps(Path(path))
    if len(stamps) < 2:
        return math.nan
    ticks = float(stamps[-1] - stamps[0]) + float(np.median(np.diff(stamps)))
    return ticks * float(time_base)


def read_times_s(path: str | Path) -> NDArray[np.float64]:
    """Read when every picture of a file is shown.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    NDArray[np.float64]
        Seconds from the first shown frame, increasing, shape (frames,).

    Raises
    ------
    VideoUnreadable
        If the file cannot be opened as a video.
    """
    stamps, time_base = _read_stamps(Path(path))
    return (stamps - stamps[:1]) * float(time_base)


def _read_stamps(path: Path) -> tuple[NDArray[np.int64], Fraction]:
    """Read the stamps of all shown packets in order, and their unit in seconds."""
    container = open_container(path)
    try:
        stream = pick_video_stream(path, container)
        stamps = np.unique(_packet_stamps(container, stream))
        return stamps, stream.time_base or Fraction(1)
    finally:
        container.close()


def _packet_stamps(container: InputContainer, stream: VideoStream) -> NDArray[np.int64]:
    """Collect the stamps of all shown packets up to the first read error."""
    stamps = array("q")
    try:
        for packet in container.demux(stream):
            if not packet.size or packet.is_discard:
                continue
            stamp = packet.dts if packet.pts is None else packet.pts
            if stamp is not None:
                stamps.append(stamp)
    except (av.FFmpegError, OSError):
        pass
    return np.array(stamps, np.int64)
