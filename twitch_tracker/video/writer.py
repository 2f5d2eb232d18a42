"""Pictures out: H.264 in MP4, each picture with its own presentation time.

Note: nothing exists under the final name until `close` has finished. Pictures go to a
temporary file beside it, which takes the final name in one step, or is removed after an
error.

>>> with VideoWriter(
...     "out.mp4", width_px=640, height_px=360
... ) as writer:  # doctest: +SKIP
...     writer.write(image, 0.0)
"""

from __future__ import annotations

import contextlib
import math
import os
import tempfile
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

import av
import numpy as np
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream
from numpy.typing import NDArray

from twitch_tracker.encrypted.files import open_to_write
from twitch_tracker.encrypted.keys import key_to_write
from twitch_tracker.errors import BadParameter, BadShape, OutputNotWritable
from twitch_tracker.language import say

__all__ = ["TICKS_PER_S", "VideoWriter"]

TICKS_PER_S: Final = 90_000
"""The usual clock of MPEG systems (ISO/IEC 13818-1), fine enough for any rate."""

_RATE_HINT_FPS: Final = 30
"""Only an encoder's hint; stamps decide when a picture is shown."""

_PIXELS: Final = "yuv420p"

_BT709: Final = 1
"""Code of BT.709 for matrix, primaries and transfer (ISO/IEC 23091-2)."""


class VideoWriter:
    """Writes RGB pictures with explicit times to an MP4 file.

    Parameters
    ----------
    path : str or Path
        The file to make; an old one is replaced at a clean close.
    width_px, height_px : int
        Size of the pictures. Odd sizes grow by one repeated column or row,
        which H.264 with 4:2:0 colour needs.
    crf : int
        Constant rate factor of x264, 0 (lossless) to 51; smaller is better.
    preset : str
        Speed preset of x264.
    repeatable : bool
        Make the same pictures give the same bytes on the same computer. x264's
        macroblock tree does not (measured: eight encodings, up to eight
        results); without it files are a little larger.
    key_every : int
        Make every so many pictures one that stands alone, and no picture depend on a
        later one: players then reach any picture quickly. 0 leaves it to x264.
    fragmented : bool
        Write in pieces of about a second that can be played without the end of the
        file: what a killed program leaves in the hidden ``.part`` file is a video.

    Raises
    ------
    OutputNotWritable
        If the folder cannot be written.
    BadParameter
        If size or `crf` make no sense.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        width_px: int,
        height_px: int,
        crf: int = 23,
        preset: str = "veryfast",
        repeatable: bool = False,
        fragmented: bool = False,
        key_every: int = 0,
    ) -> None:
        """Open a temporary file beside the target."""
        if width_px < 1 or height_px < 1:
            raise BadParameter(
                "size", say("at least 1 x 1 pixel"), (width_px, height_px)
            )
        if not 0 <= crf <= 51:
            raise BadParameter("crf", say("0 to 51"), crf)
        self._path = Path(path)
        self._shape = (height_px, width_px, 3)
        self._held: VideoFrame | None = None
        self._step = TICKS_PER_S // _RATE_HINT_FPS
        self._durations: dict[int, int] = {}
        self._closed = False
        self._encrypted: BinaryIO | None = None
        self._part = _make_part_file(self._path)
        try:
            encoding = _encoding(crf, preset, repeatable, fragmented)
            if key_every > 0:
                encoding |= {"g": str(key_every), "bf": "0"}
            self._open(encoding, fragmented)
        except (av.FFmpegError, OSError, ValueError) as error:
            self._part.unlink(missing_ok=True)
            raise _not_writable(self._path, error) from error

    def _open(self, encoding: dict[str, str], fragmented: bool) -> None:
        """Set up the container and the encoder."""
        pieces = {"movflags": "+frag_keyframe+empty_moov+default_base_moof"}
        to_front = {"movflags": "+faststart"}
        target: str | BinaryIO = str(self._part)
        if key_to_write(self._path) is not None:
            # FFmpeg cannot go over it a second time to put the index first; a player
            # that asks for parts finds it at the end.
            target = self._encrypted = open_to_write(self._part, "wb", as_if=self._path)
            to_front = {}
        self._container: OutputContainer = av.open(
            target,
            mode="w",
            format="mp4",
            container_options=(
                pieces | {"flush_packets": "1"} if fragmented else to_front
            ),
        )
        stream = self._container.add_stream(
            "libx264", rate=_RATE_HINT_FPS, options=encoding
        )
        height, width, _ = self._shape
        stream.width, stream.height = width + width % 2, height + height % 2
        stream.pix_fmt = _PIXELS
        context = stream.codec_context
        context.time_base = Fraction(1, TICKS_PER_S)
        stream.time_base = Fraction(1, TICKS_PER_S)
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = int(ColorRange.MPEG)
        self._stream = stream

    def write(self, image: NDArray[np.uint8], time_s: float) -> None:
        """Add a picture.

        Parameters
        ----------
        image : NDArray[np.uint8]
            RGB, shape (height, width, 3).
        time_s : float
            When it is shown, later than the picture before (by at least one
            tick of 1/90000 s). It stays until the next one.

        Raises
        ------
        BadShape
            If the picture has another size.
        BadParameter
            If the time does not increase, or the writer is closed.
        OutputNotWritable
            If the disk refuses; nothing is left behind then.
        """
        self._refuse_closed()
        if image.shape != self._shape or image.dtype != np.uint8:
            raise BadShape("image", f"{self._shape} uint8", image.shape)
        self._take(self._to_frame(image), time_s)

    def write_picture(self, picture: VideoFrame, time_s: float) -> None:
        """Add a picture that is in the encoder's own colours already.

        Parameters
        ----------
        picture : VideoFrame
            YUV 4:2:0 (BT.709, studio range) of the size of this writer, which must be
            even; its stamps are overwritten.
        time_s : float
            See `write`.

        Raises
        ------
        BadShape
            If the picture has another size or other colours.
        BadParameter, OutputNotWritable
            As `write` does.
        """
        self._refuse_closed()
        height, width, _ = self._shape
        given = (picture.width, picture.height)
        if given != (width, height) or picture.format.name != _PIXELS:
            raise BadShape("picture", f"{(width, height)} {_PIXELS}", given)
        self._take(picture, time_s)

    def _refuse_closed(self) -> None:
        if self._closed:
            raise BadParameter("writer", say("an open writer"), say("a closed one"))

    def _take(self, frame: VideoFrame, time_s: float) -> None:
        """Hold a picture back until the next one shows how long it lasts."""
        pts = self._ticks(time_s)
        frame.pts, frame.time_base = pts, Fraction(1, TICKS_PER_S)
        self._encode_held(pts)
        self._held = frame

    def _ticks(self, time_s: float) -> int:
        """Return the stamp of a time, refusing times that do not increase."""
        if not (math.isfinite(time_s) and time_s >= 0):
            raise BadParameter("time_s", say("0 or more seconds"), time_s)
        pts = round(time_s * TICKS_PER_S)
        if self._held is not None and pts <= cast("int", self._held.pts):
            before_s = cast("int", self._held.pts) / TICKS_PER_S
            raise BadParameter(
                "time_s", say("more than {before_s:.6f} s", before_s=before_s), time_s
            )
        return pts

    def _to_frame(self, image: NDArray[np.uint8]) -> VideoFrame:
        """Pad to even size and convert to the encoder's colours."""
        height, width, _ = self._shape
        if height % 2 or width % 2:
            image = np.pad(image, ((0, height % 2), (0, width % 2), (0, 0)), "edge")
        rgb = VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
        return rgb.reformat(
            format=_PIXELS,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
        )

    def _encode_held(self, next_pts: int | None) -> None:
        """Encode the picture held back, now that its duration is known."""
        if self._held is None:
            return
        pts = cast("int", self._held.pts)
        if next_pts is not None:
            self._step = next_pts - pts
        self._durations[pts] = self._step
        try:
            self._mux(self._stream.encode(self._held))
        except (av.FFmpegError, OSError) as error:
            self.abort()
            raise _not_writable(self._path, error) from error

    def _mux(self, packets: list[Packet[VideoStream]]) -> None:
        """Write packets with the durations of their pictures."""
        for packet in packets:
            if packet.pts is not None:
                packet.duration = self._durations.pop(packet.pts, self._step)
            self._container.mux(packet)

    def close(self) -> None:
        """Finish the file and give it its name; harmless when called twice.

        The last picture is shown as long as the one before it.

        Raises
        ------
        OutputNotWritable
            If nothing was written or the disk refuses; nothing is left behind.
        """
        if self._closed:
            return
        if self._held is None:
            self.abort()
            raise OutputNotWritable(
                say("{path}: no picture was written to it.", path=self._path)
            )
        self._encode_held(None)
        try:
            self._mux(self._stream.encode(None))
            self._container.close()
            if self._encrypted is not None:
                self._encrypted.close()
            self._part.replace(self._path)
        except (av.FFmpegError, OSError) as error:
            self.abort()
            raise _not_writable(self._path, error) from error
        self._closed = True

    def abort(self) -> None:
        """Throw away what was written; harmless when called twice."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(av.FFmpegError, OSError):
            self._container.close()
        with contextlib.suppress(OSError):
            if self._encrypted is not None:
                self._encrypted.close()
            self._part.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish the file, or throw it away after an error."""
        if kind is None:
            self.close()
        else:
            self.abort()


def _encoding(
    crf: int, preset: str, repeatable: bool, fragmented: bool
) -> dict[str, str]:
    """Return the options of x264."""
    chosen = {
        "crf": str(crf),
        "preset": preset,
        "x264-params": "mbtree=0" if repeatable else "",
    }
    if fragmented:
        # No picture waits in the encoder, and a piece begins every thirty pictures.
        chosen |= {"tune": "zerolatency", "g": str(_RATE_HINT_FPS)}
    return chosen


def _make_part_file(path: Path) -> Path:
    """Make an empty temporary file beside the target."""
    if path.is_dir():
        raise OutputNotWritable(
            say("{path}: this is a folder. Name a file.", path=path)
        )
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{path.stem[:40]}-", suffix=".part", dir=path.parent
        )
    except OSError as error:
        raise _not_writable(path, error) from error
    os.close(handle)
    return Path(name)


def _not_writable(path: Path, error: Exception) -> OutputNotWritable:
    """Make the error of a file that cannot be written."""
    reason = getattr(error, "strerror", None) or str(error)
    return OutputNotWritable(
        say(
            "{path}: cannot be written ({reason}). Check that the folder exists, "
            "may be written, and has room.",
            path=path,
            reason=reason,
        )
    )
