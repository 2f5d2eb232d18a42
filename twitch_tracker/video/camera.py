"""A webcam as a `VideoSource`, or a file that stands in for one.

Note: a camera gives no presentation times, so a picture's stamp is this computer's
monotonic clock at the moment it arrived. Exposure was earlier by the camera's own
delay, which is unknown but nearly constant. Pictures that nobody fetched in time are
gone; the gap shows in the times.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Self, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import BadParameter, CameraUnavailable
from twitch_tracker.language import mark, say
from twitch_tracker.records import Damage, Frame, VideoInfo
from twitch_tracker.regions import unmirror
from twitch_tracker.timebase import Stamp
from twitch_tracker.video.files import FileSource, open_video
from twitch_tracker.video.source import VideoSource

__all__ = ["CameraSource", "StandInSource", "open_camera"]

_NS_PER_S: Final = 1_000_000_000
_TIME_BASE: Final = Fraction(1, _NS_PER_S)
_TRIES: Final = 30
"""Pictures that may fail in a row before the camera counts as gone."""
_RETRY_S: Final = 0.02
_ADVICE: Final = mark(
    "Check that it is plugged in, that no other program is using it, and that this "
    "program may use the camera (system settings, privacy). With several cameras "
    "try another number: 0, 1, 2."
)


def open_camera(
    index: int | str,
    *,
    mirrored: bool = False,
    fps_wanted: float = 60.0,
    size_px: tuple[int, int] = (1280, 720),
    realtime: bool = True,
) -> VideoSource:
    """Open a camera, or a video file that stands in for one.

    Parameters
    ----------
    index : int or str
        Number of the camera, its device name, or the path of a video file.
    mirrored : bool
        True when the camera delivers a mirror image; it is turned back.
    fps_wanted : float
        Frame rate to ask for. Cameras answer with what they can.
    size_px : tuple of int
        Width and height to ask for.
    realtime : bool
        For a file: whether it plays at its own pace with stamps of the clock
        (pictures fetched too late are left out), or as fast as it is read,
        with its own times.

    Returns
    -------
    VideoSource
        The camera. Its duration is unknown (NaN).

    Raises
    ------
    CameraUnavailable
        If no picture comes from it.
    BadParameter
        If rate, size or number are nonsense.
    VideoUnreadable
        If the file standing in is no video.
    """
    _check(index, fps_wanted, size_px)
    if isinstance(index, str) and Path(index).is_file():
        return StandInSource(open_video(index, mirrored=mirrored), realtime=realtime)
    return CameraSource(
        index, mirrored=mirrored, fps_wanted=fps_wanted, size_px=size_px
    )


def _check(index: int | str, fps_wanted: float, size_px: tuple[int, int]) -> None:
    """Refuse requests that no camera can meet."""
    if isinstance(index, int) and index < 0:
        raise BadParameter("index", say("a camera number, 0 or more"), index)
    if not (math.isfinite(fps_wanted) and fps_wanted > 0):
        raise BadParameter("fps_wanted", say("a positive frame rate"), fps_wanted)
    if min(size_px) < 1:
        raise BadParameter("size_px", say("positive width and height"), size_px)


class CameraSource:
    """A camera read through OpenCV (a `VideoSource`). Made by `open_camera`."""

    def __init__(
        self,
        index: int | str,
        *,
        mirrored: bool,
        fps_wanted: float,
        size_px: tuple[int, int],
    ) -> None:
        """Open the camera and wait for its first picture."""
        self._name = f"camera {index}" if isinstance(index, int) else index
        self._mirrored = mirrored
        self._read = self._failed = 0
        self._capture = _open_capture(index, fps_wanted, size_px)
        try:
            self._first: tuple[int, NDArray[np.uint8]] | None = self._fetch()
        except BaseException:
            self._capture.release()
            raise
        self._origin_ns, image = self._first
        self._last_ns = self._origin_ns - 1
        self._info = self._describe(image)
        self._open = True

    def _describe(self, image: NDArray[np.uint8]) -> VideoInfo:
        """Gather what the camera says of itself."""
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        return VideoInfo(
            name=self._name,
            width_px=image.shape[1],
            height_px=image.shape[0],
            rotation_deg=0,
            nominal_fps=fps if math.isfinite(fps) and fps > 0 else math.nan,
            duration_s=math.nan,
            codec=_codec_name(self._capture.get(cv2.CAP_PROP_FOURCC)),
            mirrored=self._mirrored,
            sha256="",
            time_base=_TIME_BASE,
        )

    @property
    def info(self) -> VideoInfo:
        """What is known before reading."""
        return self._info

    @property
    def damage(self) -> Damage:
        """What was wrong so far; pictures that failed are damaged packets."""
        return Damage(frames_read=self._read, damaged_packets=self._failed)

    def __iter__(self) -> Iterator[Frame]:
        """Iterate over the pictures until the camera is closed.

        Raises
        ------
        CameraUnavailable
            If the camera stops delivering.
        """
        while self._open:
            stamp_ns, image = self._first or self._fetch()
            self._first = None
            if stamp_ns <= self._last_ns:
                continue
            self._last_ns = stamp_ns
            index, self._read = self._read, self._read + 1
            stamp = Stamp(
                pts=stamp_ns, time_base=_TIME_BASE, origin_pts=self._origin_ns
            )
            yield Frame(index=index, stamp=stamp, image=image)

    def _fetch(self) -> tuple[int, NDArray[np.uint8]]:
        """Wait for the next picture; return when it came and what it shows."""
        for _ in range(_TRIES):
            if self._capture.grab():
                stamp_ns = time.perf_counter_ns()
                good, image = self._capture.retrieve()
                if good and np.size(image):
                    return stamp_ns, self._upright(cast("NDArray[np.uint8]", image))
            self._failed += 1
            time.sleep(_RETRY_S)
        raise CameraUnavailable(
            say(
                "{name} delivers no pictures. {advice}",
                name=self._name,
                advice=say(_ADVICE),
            )
        )

    def _upright(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Convert OpenCV's BGR (or grey) to RGB and turn a mirror image back."""
        code = cv2.COLOR_GRAY2RGB if image.ndim == 2 else cv2.COLOR_BGR2RGB
        rgb = cast("NDArray[np.uint8]", cv2.cvtColor(image, code))
        return unmirror(rgb) if self._mirrored else rgb

    def close(self) -> None:
        """Release the camera; harmless when called twice."""
        self._open = False
        self._capture.release()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Release the camera."""
        self.close()


def _open_capture(
    index: int | str, fps_wanted: float, size_px: tuple[int, int]
) -> cv2.VideoCapture:
    """Open the camera and ask for size, rate, and no queue of old pictures."""
    with _quiet_opencv():
        capture = cv2.VideoCapture(index)
        if not capture.isOpened():
            capture.release()
            raise CameraUnavailable(
                say(
                    "camera {index} cannot be opened. {advice}",
                    index=index,
                    advice=say(_ADVICE),
                )
            )
        # Most webcams reach 60 Hz only with compressed pictures.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, size_px[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size_px[1])
        capture.set(cv2.CAP_PROP_FPS, fps_wanted)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return capture


@contextlib.contextmanager
def _quiet_opencv() -> Iterator[None]:
    """Keep OpenCV from writing its own warnings; errors here speak plainly."""
    # OpenCV 5 moved these two functions; 4 has them at the top.
    module: Any = cv2
    log = module if hasattr(module, "setLogLevel") else module.utils.logging
    level = log.getLogLevel()
    log.setLogLevel(0)
    try:
        yield
    finally:
        log.setLogLevel(level)


def _codec_name(fourcc: float) -> str:
    """Return the four letters of a codec; ``raw`` when there are none."""
    letters = int(fourcc).to_bytes(4, "little", signed=True).decode("ascii", "replace")
    return letters.lower() if letters.isascii() and letters.isalnum() else "raw"


class StandInSource:
    """A video file played as if it were a camera. Made by `open_camera`."""

    def __init__(self, source: FileSource, *, realtime: bool) -> None:
        """Take over an open file."""
        self._source = source
        self._realtime = realtime
        self._read = 0
        self._origin_ns: int | None = None
        self._last_ns = 0
        base = _TIME_BASE if realtime else source.info.time_base
        self._info = replace(
            source.info, duration_s=math.nan, sha256="", time_base=base
        )

    @property
    def info(self) -> VideoInfo:
        """What is known before reading; like a camera's, without an end."""
        return self._info

    @property
    def damage(self) -> Damage:
        """What was wrong with the file so far."""
        return replace(self._source.damage, frames_read=self._read)

    def __iter__(self) -> Iterator[Frame]:
        """Iterate over the pictures to the end of the file."""
        frames = self._paced() if self._realtime else iter(self._source)
        for frame in frames:
            index, self._read = self._read, self._read + 1
            yield replace(frame, index=index)

    def _paced(self) -> Iterator[Frame]:
        """Show every picture when it is due and leave out those that are late."""
        fps = self._info.nominal_fps
        patience_s = max(1 / fps if fps > 0 else 0.0, _RETRY_S)
        for frame in self._source:
            now_ns = time.perf_counter_ns()
            first = self._origin_ns is None
            origin_ns = self._origin_ns = self._origin_ns or now_ns
            late_s = (now_ns - origin_ns) / _NS_PER_S - frame.time_s
            if late_s > patience_s and not first:
                continue
            if late_s < 0:
                time.sleep(-late_s)
            stamp_ns = max(time.perf_counter_ns(), self._last_ns + 1)
            self._last_ns = stamp_ns
            stamp = Stamp(pts=stamp_ns, time_base=_TIME_BASE, origin_pts=origin_ns)
            yield replace(frame, stamp=stamp)

    def close(self) -> None:
        """Release the file; harmless when called twice."""
        self._source.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Release the file."""
        self.close()
