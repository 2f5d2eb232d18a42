"""Recordings on disk as a `VideoSource`: true times, upright pictures.

Note: time zero is the first shown picture *of the file*, also when reading starts
later, and times come from the stored presentation stamps, never from a frame rate.
Frame numbers start at 0 where reading starts.

>>> with open_video("face.mp4", start_s=10.0, end_s=20.0) as source:  # doctest: +SKIP
...     for frame in source:
...         print(frame.time_s, frame.image.shape)
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Final, Self

from av.video.frame import VideoFrame

from twitch_tracker.border.files import shown_name
from twitch_tracker.encrypted.files import open_to_read
from twitch_tracker.errors import BadParameter
from twitch_tracker.language import say
from twitch_tracker.records import Damage, Frame, ReadOptions, VideoInfo
from twitch_tracker.timebase import Stamp
from twitch_tracker.video.clock import may_jump
from twitch_tracker.video.decoding import Decoder, pts_of
from twitch_tracker.video.metadata import FileMetadata
from twitch_tracker.video.pictures import Layout, compute_layout, to_rgb
from twitch_tracker.video.timing import measure_duration_s
from twitch_tracker.video.trouble.faults import film_error
from twitch_tracker.video.upright import even_px, to_yuv

__all__ = ["FileSource", "check_max_side", "describe", "hash_file", "open_video"]

_CHUNK_BYTES: Final = 1 << 20


def open_video(
    path: str | Path,
    *,
    mirrored: bool = False,
    start_s: float = 0.0,
    end_s: float = math.inf,
    max_side_px: int | None = None,
    reading: ReadOptions | None = None,
) -> FileSource:
    """Open a recording.

    Parameters
    ----------
    path : str or Path
        Any video file that FFmpeg reads.
    mirrored : bool
        True for selfie recordings that were stored mirrored; every picture is
        then turned back.
    start_s, end_s : float
        Frames with ``start_s <= time < end_s`` are read. Times count from the
        first shown frame of the file in any case.
    max_side_px : int, optional
        Pictures whose longer side exceeds this are scaled down to it.
    reading : ReadOptions, optional
        What a person says of how to read it: which film, at which rate it was taken.

    Returns
    -------
    FileSource
        The recording, to be read once.

    Raises
    ------
    VideoUnreadable
        If the file is missing, empty, or holds no decodable video.
    TimestampsUnusable
        If its pictures carry no presentation times.
    BadParameter
        If the span is nonsense or starts after the end of the recording, or what is
        said of the file cannot be.
    """
    _check_span(start_s, end_s)
    check_max_side(max_side_px)
    return FileSource(
        Path(path),
        mirrored=mirrored,
        start_s=start_s,
        end_s=end_s,
        max_side_px=max_side_px,
        reading=reading,
    )


def _file_state(path: Path) -> tuple[int, int] | None:
    """Return size in bytes and time of the last change; None where it can't be read."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns


def _check_span(start_s: float, end_s: float) -> None:
    """Refuse spans that cannot be read."""
    if not (math.isfinite(start_s) and start_s >= 0):
        raise BadParameter("start_s", say("0 or more seconds"), start_s)
    if not end_s > start_s:
        raise BadParameter(
            "end_s", say("more than start_s ({start_s:g} s)", start_s=start_s), end_s
        )


def check_max_side(max_side_px: int | None) -> None:
    """Refuse a size limit below one pixel."""
    if max_side_px is not None and max_side_px < 1:
        raise BadParameter("max_side_px", say("1 or more pixels, or None"), max_side_px)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's content, read in chunks.

    Raises
    ------
    VideoUnreadable
        If the file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with open_to_read(path) as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except (OSError, ValueError) as error:  # or a name that no file can have
        why = getattr(error, "strerror", None) or error
        raise film_error(path, "reading_stopped", why) from error
    return digest.hexdigest()


def describe(
    decoder: Decoder, layout: Layout, *, mirrored: bool, sha256: str
) -> VideoInfo:
    """Gather what is known of an open recording.

    Parameters
    ----------
    decoder : Decoder
        The open file.
    layout : Layout
        How its pictures are shown.
    mirrored : bool
        Whether it was stored mirrored.
    sha256 : str
        Hash of its content, or empty.

    Returns
    -------
    VideoInfo
        With the duration the container claims, NaN where it claims none.
    """
    width_px, height_px = layout.shown_px
    return VideoInfo(
        name=shown_name(decoder.path),
        width_px=width_px,
        height_px=height_px,
        rotation_deg=layout.rotation_deg,
        nominal_fps=decoder.metadata.stored_fps,
        duration_s=_claimed_duration_s(decoder),
        codec=decoder.stream.codec_context.name,
        mirrored=mirrored,
        sha256=sha256,
        time_base=decoder.time_base,
        stream=decoder.stream.index,
        slowed=float(decoder.metadata.slowed),
        said=_notes(decoder.metadata, flipped=layout.flipped, mirrored=mirrored),
    )


def _notes(metadata: FileMetadata, *, flipped: bool, mirrored: bool) -> tuple[str, ...]:
    """Say what is to be known of a film; of mirrors only where nobody has said it."""
    if mirrored:
        return tuple(note for note in metadata.notes if note != "front_camera")
    if flipped:
        rest = (note for note in metadata.notes if note != "front_camera")
        return ("shown_mirrored", *rest)
    return metadata.notes


def _claimed_duration_s(decoder: Decoder) -> float:
    """Return the container's duration in real time; NaN without one."""
    ticks = decoder.stream.duration
    if ticks is not None and ticks > 0:
        return float(ticks * decoder.time_base)
    micros = decoder.container.duration
    if micros is None or micros <= 0:
        return math.nan
    return float(Fraction(micros, 1_000_000) / decoder.metadata.slowed)


class FileSource:
    """A recording on disk, read once from its first frame (a `VideoSource`).

    Made by `open_video`.
    """

    def __init__(
        self,
        path: Path,
        *,
        mirrored: bool,
        start_s: float,
        end_s: float,
        max_side_px: int | None,
        reading: ReadOptions | None = None,
    ) -> None:
        """Open the file, decode its first picture and go to `start_s`."""
        self._reading = reading
        self._before = _file_state(path)
        self._decoder = Decoder(path, reading)
        self._mirrored = mirrored
        self._start_s = start_s
        self._end_s = end_s
        self._read = 0
        self._joins_shown = 0
        try:
            self._prepare(max_side_px)
        except BaseException:
            self._decoder.close()
            raise

    def _prepare(self, max_side_px: int | None) -> None:
        """Settle the layout, the facts, and the first frame to deliver."""
        decoder = self._decoder
        self._layout = compute_layout(
            decoder.first, decoder.stream.sample_aspect_ratio, max_side_px
        )
        info = describe(
            decoder,
            self._layout,
            mirrored=self._mirrored,
            sha256=hash_file(decoder.path),
        )
        if math.isnan(info.duration_s) or may_jump(decoder.container):
            measured_s = measure_duration_s(decoder.path, self._reading)
            info = replace(info, duration_s=measured_s)
        self._info = info
        self._pictures = self._from_start()

    def _from_start(self) -> Iterator[VideoFrame]:
        """Return the pictures from `start_s` on, refusing a start after the end."""
        decoder = self._decoder
        if self._start_s > 0:
            decoder.seek(self._pts_at(self._start_s))
        pictures = decoder.pictures()
        seen_s = 0.0
        for picture in pictures:
            seen_s = self._stamp(picture).seconds
            if seen_s >= self._start_s:
                return itertools.chain((picture,), pictures)
        raise BadParameter(
            "start_s",
            say(
                "a time within the recording (its last frame is at {seen_s:.3f} s)",
                seen_s=seen_s,
            ),
            self._start_s,
        )

    def _pts_at(self, time_s: float) -> int:
        """Return the last stamp at or before a time."""
        decoder = self._decoder
        return decoder.origin_pts + math.floor(Fraction(time_s) / decoder.time_base)

    def _stamp(self, picture: VideoFrame) -> Stamp:
        """Return a picture's exact time."""
        return Stamp(
            pts=pts_of(picture),
            time_base=self._decoder.time_base,
            origin_pts=self._decoder.origin_pts,
        )

    @property
    def info(self) -> VideoInfo:
        """What is known before reading."""
        return self._info

    @property
    def damage(self) -> Damage:
        """What was wrong with the stream so far."""
        return self._decoder.damage(self._read)

    def __iter__(self) -> Iterator[Frame]:
        """Iterate once over the shown frames; a second time there are none left."""
        for picture in self._pictures:
            stamp = self._stamp(picture)
            if stamp.seconds >= self._end_s:
                break
            image = to_rgb(picture, self._layout, mirrored=self._mirrored)
            index, self._read = self._read, self._read + 1
            joined = self._begins_another(stamp.pts) and index > 0
            yield Frame(
                index=index,
                stamp=stamp,
                image=image,
                joined=joined,
                quantiser=self._decoder.coarseness.of(picture),
            )
        self._refuse_changed()

    def _refuse_changed(self) -> None:
        """Refuse a file that is no longer the one whose hash was taken."""
        path, before = self._decoder.path, self._before
        now = _file_state(path)
        if now is None or before is None or now == before:
            return
        if now[0] == before[0] and hash_file(path) == self._info.sha256:
            return
        raise film_error(path, "changed", before[0], now[0])

    def _begins_another(self, pts: int) -> bool:
        """Return whether a picture is the first since the file's clock restarted."""
        begun = sum(join <= pts for join in self._decoder.joins)
        since, self._joins_shown = self._joins_shown, begun
        return begun > since

    @property
    def upright_px(self) -> tuple[int, int]:
        """Width and height of what `upright` gives: those of `info`, made even."""
        return even_px(self._layout)

    def upright(self) -> Iterator[tuple[float, VideoFrame]]:
        """Iterate like `__iter__`, over times and pictures in YUV 4:2:0.

        Yields
        ------
        time_s : float
            Presentation time, seconds.
        picture : VideoFrame
            As shown, see `upright.to_yuv`.
        """
        for picture in self._pictures:
            stamp = self._stamp(picture)
            if stamp.seconds >= self._end_s:
                return
            self._read += 1
            yield (
                stamp.seconds,
                to_yuv(picture, self._layout, mirrored=self._mirrored),
            )

    def close(self) -> None:
        """Release the file; harmless when called twice."""
        self._pictures = iter(())
        self._decoder.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()
