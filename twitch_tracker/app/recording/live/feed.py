"""Live counts in words: the interface between the page and the live engine.

Knows how a picture comes from a browser (eight bytes of time, then a JPEG) and how a
`live.state.LiveState` is described (`describe`); knows no WebSocket. Note: pictures
come as they are stored, not mirrored; one thread feeds, and words are made outside of
it, because the language belongs to the caller's context.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from fractions import Fraction
from typing import Any, Final, Protocol

from twitch_tracker.errors import UploadRefused
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.language import say
from twitch_tracker.live.engine import LiveSession
from twitch_tracker.live.frames import frame_from_picture
from twitch_tracker.live.state import LiveState
from twitch_tracker.pipeline import AnalysisOptions
from twitch_tracker.records import FaceSeen, Frame, VideoInfo
from twitch_tracker.regions import Side
from twitch_tracker.wording.recording import advice_now

__all__ = ["LiveFeed", "PictureWatcher", "describe", "open_feed", "unpack"]

_HEAD: Final = struct.Struct("<d")
_MOST_JPEG: Final = 2_000_000


class PictureWatcher(Protocol):
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
        Makes a `PictureWatcher` for a new stretch.
    end : callable
        Called once, at the end.
    """

    def __init__(
        self,
        begin: Callable[[], PictureWatcher],
        end: Callable[[], None] = lambda: None,
    ) -> None:
        """Wait for the first picture."""
        self._begin, self._end = begin, end
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live")
        self._watcher: PictureWatcher | None = None
        self._first_s = math.nan
        self._count = 0

    def look(self, message: bytes) -> LiveState:
        """Look at one picture and report what is seen.

        Raises
        ------
        UploadRefused, VideoUnreadable
            It is no picture.
        """
        # A thread has no language: it gets that of its caller.
        return self._thread.submit(copy_context().run, self._look, message).result()

    def restart(self) -> None:
        """Count from zero: a new step begins."""
        self._thread.submit(self._stop).result()

    def close(self) -> None:
        """Release everything."""
        self._thread.submit(self._stop).result()
        self._thread.submit(self._end).result()
        self._thread.shutdown()

    def _look(self, message: bytes) -> LiveState:
        time_s, picture = unpack(message)
        first_s = time_s if self._watcher is None else self._first_s
        count = 0 if self._watcher is None else self._count
        frame = frame_from_picture(
            picture, index=count, time_s=max(time_s - first_s, 0.0)
        )
        if self._watcher is None:
            self._watcher = self._begin()
        self._first_s, self._count = first_s, count + 1
        return self._watcher.feed(frame)

    def _stop(self) -> None:
        if self._watcher is not None:
            self._watcher.abandon()
        self._watcher = None


def open_feed(faces: tuple[FaceSeen, ...] | None = None) -> LiveFeed:
    """Open a feed with the tracker of the analysis; it takes a second or two.

    Parameters
    ----------
    faces : tuple of FaceSeen, optional
        What earlier recordings of the person show of the open eyes.
    """
    opened: list[FaceTracker] = []

    def begin() -> PictureWatcher:
        if not opened:
            opened.append(open_tracker("auto"))
        options = AnalysisOptions(faces=faces)
        return LiveSession(opened[0], video=_CAMERA, options=options)

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


def unpack(message: bytes) -> tuple[float, bytes]:
    """Take a message of a browser apart.

    Parameters
    ----------
    message : bytes
        Seconds as a little-endian double, then a JPEG.

    Returns
    -------
    tuple
        Seconds, and the JPEG, which nobody has looked into yet.

    Raises
    ------
    UploadRefused
        It is something else, or too large.
    """
    time_s = _HEAD.unpack_from(message)[0] if len(message) > _HEAD.size else math.nan
    if math.isfinite(time_s) and len(message) <= _MOST_JPEG:
        return float(time_s), message[_HEAD.size :]
    raise UploadRefused(say("This is not a readable picture."))


def describe(state: LiveState) -> dict[str, Any]:
    """Describe a state to the page.

    Returns
    -------
    dict
        JSON-ready: ``good`` (can be measured), ``words`` (what to do, or that all is
        well), ``right``, ``left`` (bursts), ``blinks``.
    """
    return {
        "good": state.advice is None,
        "words": advice_now(state.advice),
        "right": state.counts.bursts[Side.RIGHT],
        "left": state.counts.bursts[Side.LEFT],
        "blinks": state.counts.blinks,
    }
