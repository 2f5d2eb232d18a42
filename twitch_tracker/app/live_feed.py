"""What is seen now, in words: the seam between the page and the live engine.

Knows how a picture comes from a browser (eight bytes of time, then a JPEG) and how a
`live.state.LiveState` is told (`describe`); knows no WebSocket. The convention that
bites: pictures come as they are stored, not mirrored, and one thread feeds.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any, Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import UploadRefused
from twitch_tracker.face.catalogue import open_tracker
from twitch_tracker.face.tracker import FaceTracker
from twitch_tracker.live.engine import LiveSession
from twitch_tracker.live.state import LiveState
from twitch_tracker.records import Frame, QualityReason, VideoInfo
from twitch_tracker.regions import Side
from twitch_tracker.report.words import mark, say
from twitch_tracker.timebase import Stamp

__all__ = ["LiveFeed", "Watcher", "decode", "describe", "open_feed"]

_HEAD: Final = struct.Struct("<d")
_TICKS_HZ: Final = 1000
_MOST_SIDE_PX: Final = 1920
_MOST_JPEG: Final = 2_000_000

_ADVICE: Final = {
    QualityReason.NO_FACE: mark("Your face is not in the picture."),
    QualityReason.OTHER_PERSON: mark("Somebody else is in the picture."),
    QualityReason.TOO_SMALL: mark("Please come closer."),
    QualityReason.TURNED_AWAY: mark("Please look at the camera."),
    QualityReason.BLURRED: mark("The picture is blurred. Please wipe the lens."),
    QualityReason.TOO_DARK: mark("More light from the front, please."),
    QualityReason.TOO_BRIGHT: mark("Too much light. Please move it further away."),
    QualityReason.COVERED: mark("Please keep hands and hair away from your face."),
    QualityReason.OUT_OF_FRAME: mark("Part of your face is outside the picture."),
    QualityReason.FAST_TURN: mark("Please hold your head still."),
    QualityReason.NO_BASELINE: mark("One moment, please."),
    QualityReason.MISSING_FRAMES: mark(
        "The camera misses pictures. Close other programs."
    ),
}
_GOOD: Final = mark("Your face is well in the picture.")


class Watcher(Protocol):
    """Looks at one stretch of pictures; `live.engine.LiveSession` is one."""

    def feed(self, frame: Frame) -> LiveState:
        """Look at one frame."""
        ...

    def abandon(self) -> None:
        """Stop without a result."""
        ...


class LiveFeed:
    """One browser's pictures, looked at one after the other in one thread.

    Parameters
    ----------
    begin : callable
        Makes a `Watcher` for a new stretch.
    end : callable
        Called once, at the end.
    """

    def __init__(
        self, begin: Callable[[], Watcher], end: Callable[[], None] = lambda: None
    ) -> None:
        """Wait for the first picture."""
        self._begin, self._end = begin, end
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live")
        self._watcher: Watcher | None = None
        self._first_s = math.nan
        self._count = 0

    def look(self, message: bytes) -> dict[str, Any]:
        """Look at one picture and say what is seen; see `describe`.

        Raises
        ------
        UploadRefused
            It is no picture.
        """
        return self._thread.submit(self._look, message).result()

    def start_anew(self) -> None:
        """Count from zero: a new step begins."""
        self._thread.submit(self._stop).result()

    def close(self) -> None:
        """Let go of everything."""
        self._thread.submit(self._stop).result()
        self._thread.submit(self._end).result()
        self._thread.shutdown()

    def _look(self, message: bytes) -> dict[str, Any]:
        time_s, image = decode(message)
        if self._watcher is None:
            self._watcher = self._begin()
            self._first_s, self._count = time_s, 0
        ticks = round((time_s - self._first_s) * _TICKS_HZ)
        stamp = Stamp(pts=ticks, time_base=Fraction(1, _TICKS_HZ))
        frame = Frame(index=self._count, stamp=stamp, image=image)
        self._count += 1
        return describe(self._watcher.feed(frame))

    def _stop(self) -> None:
        if self._watcher is not None:
            self._watcher.abandon()
        self._watcher = None


def open_feed() -> LiveFeed:
    """Open a feed with the tracker of the analysis; it takes a second or two."""
    opened: list[FaceTracker] = []

    def begin() -> Watcher:
        if not opened:
            opened.append(open_tracker("auto"))
        return LiveSession(opened[0], video=_CAMERA)

    def end() -> None:
        for tracker in opened:
            tracker.close()

    return LiveFeed(begin, end)


_CAMERA: Final = VideoInfo(
    name="camera",
    width_px=0,
    height_px=0,
    rotation_deg=0,
    nominal_fps=math.nan,
    duration_s=math.nan,
    codec="mjpeg",
    mirrored=False,
    sha256="",
    time_base=Fraction(1, 1000),
)


def decode(message: bytes) -> tuple[float, NDArray[np.uint8]]:
    """Unpack a picture from a browser.

    Parameters
    ----------
    message : bytes
        Seconds as a little-endian double, then a JPEG.

    Returns
    -------
    tuple
        Seconds, and RGB of shape (height, width, 3).

    Raises
    ------
    UploadRefused
        It is something else, or too large.
    """
    time_s = _HEAD.unpack_from(message)[0] if len(message) > _HEAD.size else math.nan
    if math.isfinite(time_s) and len(message) <= _MOST_JPEG:
        data = np.frombuffer(message, np.uint8, offset=_HEAD.size)
        picture: object = cv2.imdecode(data, cv2.IMREAD_COLOR)
        if isinstance(picture, np.ndarray) and max(picture.shape) <= _MOST_SIDE_PX:
            rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
            return float(time_s), np.asarray(rgb, np.uint8)
    raise UploadRefused(say("This is no picture that can be looked at."))


def describe(state: LiveState) -> dict[str, Any]:
    """Tell a state to the page.

    Parameters
    ----------
    state : LiveState
        After one frame.

    Returns
    -------
    dict
        JSON-ready: ``good`` (can be measured), ``words`` (what to do, or that all is
        well), ``right``, ``left`` (bursts), ``blinks``.
    """
    words = _GOOD if state.advice is None else _ADVICE[state.advice]
    return {
        "good": state.advice is None,
        "words": say(words),
        "right": state.counts.bursts[Side.RIGHT],
        "left": state.counts.bursts[Side.LEFT],
        "blinks": state.counts.blinks,
    }
