"""One clock for a stream whose stamps start again in the middle.

Recordings that were joined byte by byte (a camera's pieces put together with ``cat``, a
transmission that was taken up again) carry several clocks. They are continued as the
ffmpeg program does: the first picture of the next piece follows the last one of the
piece before. How long nobody filmed in between is not known, so that a join is noted,
like a cut. Note: stamps are changed on the packets, before anything is decoded or
counted; a single stamp that leaps ahead and comes back is no join.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, cast

from av.container import InputContainer
from av.format import Flags
from av.packet import Packet
from av.video.stream import VideoStream

__all__ = ["Clock", "may_jump"]

_BACK_S: Final = Fraction(1, 10)
"""A clock that goes back by more was reset (ffmpeg's own rule)."""

_BACK_SHOWN_S: Final = Fraction(1)
"""... by more than this, where a file has no decode stamps: pictures that are decoded
in another order than they are shown go back by less."""

_AHEAD_S: Final = Fraction(10)
"""In formats whose clock may jump, more than this ahead is another clock (ffmpeg's
``dts_delta_threshold``); in all others it is a pause."""

_NEXT_S: Final = Fraction(1)
"""A stamp this near after the one before the last says that the last alone was wrong."""


def may_jump(container: InputContainer) -> bool:
    """Return whether a format's clock may jump, as that of a transmission."""
    return bool(container.format.flags & cast("int", Flags.ts_discont.value))


class Clock:
    """Makes the stamps of one stream's packets go on where they start again.

    Parameters
    ----------
    stream : VideoStream
        The stream, read from its start.
    may_jump : bool
        Whether the container's clock may jump (``AVFMT_TS_DISCONT``).
    """

    def __init__(self, stream: VideoStream, *, may_jump: bool) -> None:
        """Start with the first clock."""
        base = stream.time_base or Fraction(1)
        rate = stream.average_rate or stream.guessed_rate or Fraction(25)
        self._tick = base
        self._usual = max(round(1 / rate / base), 1)
        self._ahead = _AHEAD_S / base if may_jump else None
        self._offset = 0
        self._before: _Stamp | None = None
        self._last: _Stamp | None = None
        self._held: Packet[VideoStream] | None = None
        self._shown: int | None = None
        self._joins: list[int] = []

    @property
    def joins(self) -> tuple[int, ...]:
        """Stamps, as changed, from which on another piece is shown."""
        return tuple(self._joins)

    def take(self, packet: Packet[VideoStream]) -> list[Packet[VideoStream]]:
        """Take the next packet as it was read.

        Parameters
        ----------
        packet : Packet
            With its own stamps.

        Returns
        -------
        list of Packet
            Those whose stamps are settled, changed in place, in order: this one, or
            none until the next one says whether another clock begins here.
        """
        stamp = _stamp_of(packet)
        held, self._held = self._held, None
        if held is None:
            if self._is_elsewhere(stamp):
                self._held = packet
                return []
            return [self._settled(packet, stamp)]
        if not self._follows(self._last, stamp):  # else the held one alone was wrong
            self._join(held)
            return [self._settled(held, _stamp_of(held)), *self.take(packet)]
        return [self._moved(held), self._settled(packet, stamp)]

    def cut(self, packet: Packet[VideoStream]) -> None:
        """Note that another recording begins with a packet that was taken.

        What the file holds shows it where its stamps go on regardless.
        """
        shown = packet.dts if packet.pts is None else packet.pts
        if packet is not self._held and shown is not None and shown not in self._joins:
            self._joins.append(shown)

    def rest(self) -> list[Packet[VideoStream]]:
        """Return what was still held when nothing more comes."""
        held, self._held = self._held, None
        return [] if held is None else [self._moved(held)]

    def _is_elsewhere(self, stamp: _Stamp | None) -> bool:
        """Return whether a stamp does not follow the last one on the same clock."""
        last = self._last
        if stamp is None or last is None or stamp.decoded is not last.decoded:
            return False
        if self._ahead is not None and stamp.ticks - last.ticks > self._ahead:
            return True
        back = _BACK_S if stamp.decoded else _BACK_SHOWN_S
        if stamp.ticks + back / self._tick >= last.ticks:
            return False
        if self._follows(self._before, stamp):  # the last one leapt ahead, alone
            self._shown = None
            return False
        return True

    def _follows(self, earlier: _Stamp | None, stamp: _Stamp | None) -> bool:
        """Return whether a stamp comes a moment after another one."""
        if stamp is None or earlier is None:
            return False
        return 0 < stamp.ticks - earlier.ticks <= _NEXT_S / self._tick

    def _join(self, packet: Packet[VideoStream]) -> None:
        """Begin another clock with a packet, just after what was shown last."""
        shown = packet.dts if packet.pts is None else packet.pts
        if shown is not None and self._shown is not None:
            self._offset = self._shown + self._usual - shown
            self._joins.append(shown + self._offset)

    def _settled(
        self, packet: Packet[VideoStream], stamp: _Stamp | None
    ) -> Packet[VideoStream]:
        """Move a packet on the clock that goes on, and remember where that is."""
        self._before, self._last = self._last, stamp or self._last
        moved = self._moved(packet)
        shown = moved.dts if moved.pts is None else moved.pts
        if shown is not None:
            self._shown = shown if self._shown is None else max(self._shown, shown)
        return moved

    def _moved(self, packet: Packet[VideoStream]) -> Packet[VideoStream]:
        """Move the stamps of a packet by the present offset."""
        if self._offset and packet.pts is not None:
            packet.pts += self._offset
        if self._offset and packet.dts is not None:
            packet.dts += self._offset
        return packet


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What a clock is read by: ticks to decode at, or to show at without those."""

    ticks: int
    decoded: bool


def _stamp_of(packet: Packet[VideoStream]) -> _Stamp | None:
    if packet.dts is not None:
        return _Stamp(packet.dts, decoded=True)
    return None if packet.pts is None else _Stamp(packet.pts, decoded=False)
