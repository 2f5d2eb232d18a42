"""The true times of a whole file, measured without decoding it.

Note: the last frame has no successor; it is taken to last one median step. Where the
file's clock starts again it goes on (`clock`), and slow motion is given in real time
(`metadata`).
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream
from numpy.typing import NDArray

from twitch_tracker.records import ReadOptions
from twitch_tracker.video.clock import Clock, may_jump
from twitch_tracker.video.metadata import read_metadata
from twitch_tracker.video.opening import open_container, pick_video_stream

__all__ = ["find_joins", "measure_duration_s", "read_times_s"]

_INDEXED: Final = frozenset({"mp4", "avi"})
"""Formats whose index gives the whole file one clock (``mp4`` stands for MOV, too)."""


def measure_duration_s(path: str | Path, reading: ReadOptions | None = None) -> float:
    """Measure the duration of a file by reading its packets.

    Parameters
    ----------
    path : str or Path
        The file.
    reading : ReadOptions, optional
        What a person says of how to read it.

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
    stamps, time_base, _ = _read_stamps(Path(path), reading or ReadOptions())
    if len(stamps) < 2:
        return math.nan
    ticks = float(stamps[-1] - stamps[0]) + float(np.median(np.diff(stamps)))
    return ticks * float(time_base)


def read_times_s(path: str | Path) -> NDArray[np.float64]:
    """Read when every picture of a file is shown.

    Returns
    -------
    NDArray[np.float64]
        Seconds from the first shown frame, increasing, shape (frames,).

    Raises
    ------
    VideoUnreadable
        If the file cannot be opened as a video.
    """
    stamps, time_base, _ = _read_stamps(Path(path), ReadOptions())
    return (stamps - stamps[:1]) * float(time_base)


def find_joins(path: Path, stream: int | None = None) -> tuple[int, ...]:
    """Find where the clock of a file starts again.

    Returns
    -------
    tuple of int
        Stamps as continued, of the first packet after each join. Formats with an
        index of the whole (MP4, MOV, AVI) have one clock and are not read for it.

    Raises
    ------
    VideoUnreadable
        If the file cannot be opened as a video.
    """
    return _read_stamps(path, ReadOptions(stream=stream), joins_only=True)[2]


def _read_stamps(
    path: Path, reading: ReadOptions, *, joins_only: bool = False
) -> tuple[NDArray[np.int64], Fraction, tuple[int, ...]]:
    """Read the stamps of all shown packets in order, their unit, and joins."""
    container = open_container(path)
    try:
        stream = pick_video_stream(path, container, reading.stream)
        metadata = read_metadata(path, container, stream, reading)
        base = (stream.time_base or Fraction(1)) / metadata.slowed
        if joins_only and _INDEXED & set(container.format.name.split(",")):
            return np.zeros(0, np.int64), base, ()
        clock = Clock(stream, may_jump=may_jump(container))
        stamps = np.unique(_packet_stamps(container, stream, clock))
        return stamps, base, clock.joins
    finally:
        container.close()


def _packet_stamps(
    container: InputContainer, stream: VideoStream, clock: Clock
) -> NDArray[np.int64]:
    """Collect the stamps of all shown packets up to the first read error."""
    stamps = array("q")
    for packet in _steady_packets(container, stream, clock):
        stamp = packet.dts if packet.pts is None else packet.pts
        if stamp is not None:
            stamps.append(stamp)
    return np.array(stamps, np.int64)


def _steady_packets(
    container: InputContainer, stream: VideoStream, clock: Clock
) -> Iterator[Packet[VideoStream]]:
    """Yield the shown packets, on one clock, up to the first read error."""
    try:
        for packet in container.demux(stream):
            if packet.size and not packet.is_discard:
                yield from clock.take(packet)
    except (av.FFmpegError, OSError):
        pass
    yield from clock.rest()
