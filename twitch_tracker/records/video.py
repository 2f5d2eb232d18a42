"""Recordings and their frames."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from twitch_tracker.timebase import Stamp

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "Damage",
    "Frame",
    "VideoInfo",
]


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
        Seconds per timestamp tick.
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Damage:
    """What was wrong with the stream, counted while it was read."""

    frames_read: int = 0
    damaged_packets: int = 0
    duplicate_stamps: int = 0
    backward_stamps: int = 0
    missing_stamps: int = 0

    @property
    def any(self) -> bool:
        """Whether anything at all was wrong."""
        return bool(
            self.damaged_packets
            or self.duplicate_stamps
            or self.backward_stamps
            or self.missing_stamps
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
    """

    index: int
    stamp: Stamp
    image: NDArray[np.uint8]

    @property
    def time_s(self) -> float:
        """Seconds from the first shown frame."""
        return self.stamp.seconds
