"""Recordings and their frames."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from twitch_tracker.records.reasons import Reason
from twitch_tracker.timebase import Stamp

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "Damage",
    "Frame",
    "ReadOptions",
    "VideoInfo",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadOptions:
    """What a person says of how a file is to be read; the file decides the rest.

    Attributes
    ----------
    stream : int or None
        Number of the film in the file, where it holds several.
    capture_fps : float or None
        Pictures a second that were *taken*, where the file plays them slower or
        faster; the claimed rate of the file itself says that it is no slow motion.
    slowed : float or None
        `VideoInfo.slowed` of an earlier reading, to read the file with the same times
        once more; comes before everything else.
    """

    stream: int | None = None
    capture_fps: float | None = None
    slowed: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class VideoInfo:
    """What is known of a recording before its frames are decoded.

    Attributes
    ----------
    name : str
        File name or camera name, without its folder.
    width_px, height_px : int
        Size of the picture as shown, after rotation.
    rotation_deg : int
        Clockwise turn that was applied, one of 0, 90, 180, 270.
    nominal_fps : float
        Frame rate the container claims; NaN when it claims none. For display
        only, never the input of an algorithm.
    duration_s : float
        Claimed or measured duration; NaN when unknown.
    codec : str
        Codec name, e.g. ``h264``.
    mirrored : bool
        True when the stored picture was a mirror image (it is turned back).
    sha256 : str
        Hash of the file's content; empty for a camera.
    time_base : Fraction
        Seconds of real time per timestamp tick: of slow motion less than as played.
    stream : int
        Number of the film in the file.
    slowed : float
        How many times slower than life the file plays: 8 for 240 pictures a second
        shown at 30, below 1 for time lapse. Every time of the analysis is in real time.
    said : tuple of str
        What a reader must know of how the file was read, as `records.reasons` writes
        it (`video.metadata`).
    """

    name: str
    width_px: int
    height_px: int
    rotation_deg: int
    nominal_fps: float
    duration_s: float
    codec: str
    mirrored: bool
    sha256: str
    time_base: Fraction
    stream: int = 0
    slowed: float = 1.0
    said: tuple[str, ...] = ()

    @property
    def reading(self) -> ReadOptions:
        """How to read the file once more with the same pictures and times."""
        return ReadOptions(stream=self.stream, slowed=self.slowed)

    @property
    def films(self) -> tuple[str, ...]:
        """Number of the film that was read, then of all; empty where there is one."""
        notes = (Reason.read(note) for note in self.said)
        return next((n.values for n in notes if n.code == "one_of_films"), ())


@dataclass(frozen=True, kw_only=True, slots=True)
class Damage:
    """What was wrong with the stream, counted while it was read.

    `joins` are places at which another recording begins, put behind the one before;
    `unread_recordings` are those that could not be read on into.
    """

    frames_read: int = 0
    damaged_packets: int = 0
    duplicate_stamps: int = 0
    backward_stamps: int = 0
    missing_stamps: int = 0
    joins: int = 0
    unread_recordings: int = 0

    @property
    def any(self) -> bool:
        """Whether anything at all was wrong."""
        return bool(
            self.damaged_packets
            or self.duplicate_stamps
            or self.backward_stamps
            or self.missing_stamps
            or self.joins
            or self.unread_recordings
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """One shown picture.

    Attributes
    ----------
    index : int
        Running number of the shown frame, from 0. A label, not a time.
    stamp : Stamp
        Exact presentation time.
    image : NDArray[np.uint8]
        RGB, shape (height, width, 3), upright and not mirrored.
    joined : bool
        Whether another recording begins with it: what was between is not known.
    quantiser : float
        How coarsely it was written, on the scale of H.264 (0 to 51, `video.coarse.scale`);
        NaN where it is not known.
    """

    index: int
    stamp: Stamp
    image: NDArray[np.uint8]
    joined: bool = False
    quantiser: float = math.nan

    @property
    def time_s(self) -> float:
        """Seconds from the first shown frame."""
        return self.stamp.seconds
