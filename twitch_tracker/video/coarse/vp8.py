"""The quantiser of a picture of VP8, from its header (RFC 6386, sections 7, 9 and 19.2)."""

from __future__ import annotations

from typing import Final

from twitch_tracker.video.coarse.bits import EndOfBits

__all__ = ["read_quantiser"]

_TAG_BYTES: Final = 3
_KEY_HEADER_BYTES: Final = 7
"""Start code and size, of key pictures only."""

_HALF: Final = 128


class _BoolDecoder:
    """Arithmetic decoder of RFC 6386, section 7.3, for bits that are even odds."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 2:
            raise EndOfBits
        self._data, self._at = data, 2
        self._value = int.from_bytes(data[:2], "big")
        self._range, self._shifted = 255, 0

    def flag(self) -> bool:
        split = 1 + (((self._range - 1) * _HALF) >> 8)
        found = self._value >= split << 8
        if found:
            self._range -= split
            self._value -= split << 8
        else:
            self._range = split
        while self._range < 128:
            self._value, self._range = self._value << 1, self._range << 1
            self._shifted += 1
            if self._shifted == 8:
                self._shifted = 0
                if self._at >= len(self._data):
                    raise EndOfBits
                self._value |= self._data[self._at]
                self._at += 1
        return found

    def take(self, n: int) -> int:
        number = 0
        for _ in range(n):
            number = 2 * number + self.flag()
        return number

    def skip_if_there(self, n: int) -> None:
        """Skip an optional signed number."""
        if self.flag():
            self.take(n + 1)


def read_quantiser(packet: bytes) -> int | None:
    """Read how coarsely a picture was written.

    Parameters
    ----------
    packet : bytes
        The picture as stored.

    Returns
    -------
    int or None
        Index of the quantiser, 0 to 127; None where it cannot be read.
    """
    if len(packet) < _TAG_BYTES:
        return None
    is_key = not packet[0] & 1
    header = packet[_TAG_BYTES + (_KEY_HEADER_BYTES if is_key else 0) :]
    try:
        bits = _BoolDecoder(header)
        if is_key:
            bits.take(2)  # colour space, clamping
        if bits.flag():
            _skip_segments(bits)
        bits.take(1 + 6 + 3)  # the loop filter: kind, level, sharpness
        if bits.flag() and bits.flag():
            for _ in range(8):
                bits.skip_if_there(6)
        bits.take(2)  # partitions
        return bits.take(7)
    except EndOfBits:
        return None


def _skip_segments(bits: _BoolDecoder) -> None:
    with_map, with_data = bits.flag(), bits.flag()
    if with_data:
        bits.flag()
        for width in (7, 7, 7, 7, 6, 6, 6, 6):
            bits.skip_if_there(width)
    if with_map:
        for _ in range(3):
            if bits.flag():
                bits.take(8)
