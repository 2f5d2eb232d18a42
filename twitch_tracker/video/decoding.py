"""Read packets, decoded pictures and their stamps by FFmpeg.

Note: a stamp is an integer count of the stream's `time_base` and is trusted only as far
as it increases. `Decoder.pictures` yields pictures in strictly increasing order of
presentation; whatever had to be left out, or was decoded from damaged data, is counted
in `Decoder.damage`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from twitch_tracker.border.limits import MOST_PICTURE_PIXELS
from twitch_tracker.records import Damage, ReadOptions
from twitch_tracker.video.clock import Clock, may_jump
from twitch_tracker.video.coarse.scale import Coarseness
from twitch_tracker.video.headers import find_headers
from twitch_tracker.video.metadata import read_metadata
from twitch_tracker.video.opening import open_container, pick_video_stream
from twitch_tracker.video.timing import find_joins
from twitch_tracker.video.trouble.faults import film_error
from twitch_tracker.video.trouble.losses import LossCounter

__all__ = ["Decoder", "pts_of"]

_MAX_FAILED_READS: Final = 10_000
"""Reads in a row that may fail before the rest of a file is given up."""

_MAX_UNSTAMPED: Final = 300
"""Pictures without any stamp at the start before a file is given up."""

_CUT_SHORT_S: Final = 1.0
"""A file whose last picture is that far from its claimed end has lost its tail."""

_LEAP_S: Final = 1.0
"""A stamp that far ahead of the next one is taken for the wrong one of both."""


class Decoder:
    """Pictures of one file in order of presentation, with what was wrong.

    Parameters
    ----------
    path : Path
        The file.
    reading : ReadOptions, optional
        What a person says of how to read it.

    Raises
    ------
    VideoUnreadable
        If no picture can be decoded.
    TimestampsUnusable
        If the pictures carry no stamps.
    BadParameter
        If there is no such film in it, or it can't have been taken so fast.
    """

    def __init__(self, path: Path, reading: ReadOptions | None = None) -> None:
        """Open the file and decode its first shown picture."""
        self.path = path
        self.origin_pts = 0
        self._reading = reading or ReadOptions()
        self._joined: bool | None = None
        self._headers: tuple[int, ...] | None = None
        self._open()
        try:
            self.metadata = read_metadata(
                path, self._container, self.stream, self._reading
            )
            self.first = self._first_picture()
        except BaseException:
            self.close()
            raise
        self.origin_pts = pts_of(self.first)

    def _open(self) -> None:
        """Open the container at its start, perhaps again."""
        self._container = open_container(self.path)
        try:
            self.stream = pick_video_stream(
                self.path, self._container, self._reading.stream
            )
        except BaseException:
            self._container.close()
            raise
        self.coarseness = Coarseness(self.stream)
        self._forget()
        self._pictures: Iterator[VideoFrame] = self._in_order()

    def _forget(self) -> None:
        """Start all counts afresh."""
        self._duplicates = 0
        self._backward = 0
        self._missing = 0
        self._unread = 0
        self._passed: int | None = None
        self._losses = LossCounter(self.stream.codec_context.name)
        self._clock = Clock(self.stream, may_jump=may_jump(self._container))

    @property
    def container(self) -> InputContainer:
        """The open container."""
        return self._container

    @property
    def joins(self) -> tuple[int, ...]:
        """Stamps from which on another recording is shown, as far as was read."""
        return self._clock.joins

    @property
    def time_base(self) -> Fraction:
        """Seconds of real time per tick: of slow motion less than the file says."""
        return self._stored_base / self.metadata.slowed

    @property
    def _stored_base(self) -> Fraction:
        """Seconds per tick as the file says."""
        base = self.stream.time_base
        if not base:
            raise film_error(self.path, "no_time_base")
        return base

    def damage(self, frames_read: int) -> Damage:
        """Return the counts so far."""
        return Damage(
            frames_read=frames_read,
            damaged_packets=self._losses.count,
            duplicate_stamps=self._duplicates,
            backward_stamps=self._backward,
            missing_stamps=self._missing,
            joins=len(self._clock.joins),
            unread_recordings=self._unread,
        )

    def close(self) -> None:
        """Release the file; harmless when called twice."""
        self._container.close()

    def rewind(self) -> None:
        """Go back to the start by opening the file again.

        Seeking to the first stamp is not the same: some containers then begin
        at another picture.
        """
        self._container.close()
        self._open()

    def seek(self, pts: int) -> None:
        """Seek to a picture from which everything from `pts` on can be decoded.

        In a file with several clocks the same stamp stands for several pictures: it is
        read from its start.

        Parameters
        ----------
        pts : int
            Presentation stamp; the next picture shown has this one or an
            earlier one, if the file has any.
        """
        target = pts
        back = max(round(1 / self._stored_base), 1)
        if self._joined is None:
            self._joined = bool(find_joins(self.path, self._reading.stream))
        if self._joined:
            self.rewind()
            return
        while target > self.origin_pts:
            if self._lands_before(target, pts):
                return
            target, back = target - back, back * 4
        self.rewind()

    def _lands_before(self, target: int, pts: int) -> bool:
        """Seek to `target`; return whether the first picture there is <= `pts`."""
        self._forget()
        try:
            self._container.seek(target, stream=self.stream, backward=True)
        except (av.FFmpegError, OSError):
            return False
        pictures = self._in_order()
        landed = next(pictures, None)
        if landed is None or pts_of(landed) > pts:
            return False
        self._pictures = itertools.chain((landed,), pictures)
        return True

    def pictures(self) -> Iterator[VideoFrame]:
        """Return the one iterator over the pictures from here to the end.

        Their stamps increase strictly. `seek` and `rewind` make a new one.
        """
        return self._pictures

    def _in_order(self) -> Iterator[VideoFrame]:
        """Yield pictures whose stamps increase, counting those left out.

        One picture is held back, so that a stamp that leaps ahead is
        recognised by the next one and does not swallow the rest.
        """
        leap = _LEAP_S / self._stored_base
        last: int | None = None
        held: VideoFrame | None = None
        for picture in self._stamped():
            if held is None:
                held = picture
                continue
            ahead = pts_of(held) - pts_of(picture)
            if ahead < 0:
                last = held.pts
                yield held
                held = picture
            elif ahead == 0:
                self._duplicates += 1
            else:
                self._backward += 1
                if ahead > leap and last is not None and pts_of(picture) > last:
                    held = picture
        if held is not None:
            yield held

    def _first_picture(self) -> VideoFrame:
        """Decode the first shown picture, or say that there is none."""
        first = next(self._pictures, None)
        if first is not None:
            self._pictures = itertools.chain((first,), self._pictures)
            return first
        if self._missing:
            raise film_error(self.path, "no_times")
        if not self.stream.codec_context.width:
            raise film_error(self.path, "no_size", f"{MOST_PICTURE_PIXELS / 1e6:.0f}")
        raise film_error(self.path, "undecodable", self._losses.count)

    def _stamped(self) -> Iterator[VideoFrame]:
        """Yield pictures that have a stamp; a decode stamp stands in for none.

        FFmpeg's own rule (`best_effort_timestamp`) is the same: some containers
        (AVI) store decode stamps only. Pictures with neither are left out and
        counted as missing.
        """
        seen = False
        for picture in self._decoded():
            if picture.pts is None:
                picture.pts = picture.dts
            if picture.pts is not None:
                seen = True
                yield picture
                continue
            self._missing += 1
            if not seen and self._missing >= _MAX_UNSTAMPED:
                return

    def _decoded(self) -> Iterator[VideoFrame]:
        """Yield every picture the decoder gives, counting damaged packets."""
        end_pts: int | None = None
        for packet in self._packets():
            for frame in self._decode(packet):
                if frame.is_corrupt:
                    self._losses.marked(frame.pts)
                self._losses.shown(frame.pts, interlaced=frame.interlaced_frame)
                end_pts = frame.pts
                yield frame
        self._losses.ended()
        if self._is_cut_short(end_pts):
            self._losses.unreadable()

    def _decode(self, packet: Packet[VideoStream] | None) -> list[VideoFrame]:
        """Decode one packet, counting it if it is damaged; None flushes."""
        pts = packet.pts if packet is not None else None
        if packet is not None and not packet.is_discard:
            self._losses.sent(pts)
        if packet is not None:
            self.coarseness.took(packet)
            if packet.is_corrupt:
                self._losses.marked(pts)
        try:
            return self.stream.decode(packet)
        except av.EOFError:
            return []
        except (av.FFmpegError, OSError):
            self._losses.failed(pts)
            return []

    def _is_cut_short(self, end_pts: int | None) -> bool:
        """Return whether the pictures end well before the length the file claims."""
        claimed_s = self._claimed_end_s()
        if end_pts is None or claimed_s is None or self._losses.count:
            return False
        return claimed_s - end_pts * self._stored_base > _CUT_SHORT_S

    def _claimed_end_s(self) -> float | None:
        """Return when the file says its pictures end; None if it does not."""
        ticks = self.stream.duration
        if ticks is not None:
            start = self.stream.start_time
            return float(((start or 0) + ticks) * self._stored_base)
        micros = self._container.duration
        if "matroska" in self._container.format.name and micros:
            return micros / 1e6
        return None

    @property
    def _further(self) -> tuple[int, ...]:
        """Where further recordings begin in the file; looked for when first asked."""
        if self._headers is None:
            self._headers = find_headers(self.path, self._container.format.name)
        return self._headers

    def _begins_another(self, packet: Packet[VideoStream]) -> bool:
        """Return whether a packet begins another recording behind the first."""
        at = packet.pos
        passed = 0 if at is None else sum(header <= at for header in self._further)
        before = self._passed
        self._passed = passed if before is None else max(passed, before)
        return before is not None and self._passed > before

    def _packets(self) -> Iterator[Packet[VideoStream] | None]:
        """Yield packets to the end; None at the end flushes the decoder."""
        failed = 0
        while failed < _MAX_FAILED_READS:
            try:
                for packet in self._container.demux(self.stream):
                    failed = 0
                    if packet.size:
                        begins = self._begins_another(packet)
                        settled = self._clock.take(packet)
                        if begins:
                            self._clock.cut(packet)
                        yield from settled
                self._unread = len(self._further) - (self._passed or 0)
                break
            except (av.FFmpegError, OSError):
                failed += 1
                self._losses.unreadable()
        yield from self._clock.rest()
        yield None


def pts_of(picture: VideoFrame) -> int:
    """Return the stamp of a picture that is known to have one."""
    pts: int | None = picture.pts
    if pts is None:
        raise film_error("", "lost_time")
    return pts
