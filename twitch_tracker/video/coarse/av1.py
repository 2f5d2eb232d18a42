"""The quantiser of a key picture of AV1, from its header (AV1 specification, 5.3 to 5.9).

Read is what stands before it, no more, and only of key pictures that are shown: of
others it stands behind what depends on the pictures before them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from twitch_tracker.video.coarse.bits import Bits, EndOfBits

__all__ = ["Av1Headers"]

_SEQUENCE, _HEAD, _PICTURE = 1, 3, 6
_CHOSEN_EACH: Final = 2
"""A tool that each picture chooses for itself."""

_TILE_WIDTH, _TILE_AREA = 4096, 4096 * 2304
_MOST_TILES: Final = 64


@dataclass(frozen=True, kw_only=True)
class _Av1Sequence:
    """What of the sequence header is needed to read on."""

    still: bool
    time_bits: int
    with_model: bool
    id_bits: int
    size_bits: tuple[int, int]
    size_px: tuple[int, int]
    large_blocks: bool
    order_bits: int
    for_screens: int
    whole_motion: int
    with_superres: bool


class Av1Headers:
    """Reads the quantiser of key pictures; keeps the sequence header.

    Parameters
    ----------
    extradata : bytes
        Of the stream: ``av1C``, or nothing.
    """

    def __init__(self, extradata: bytes) -> None:
        """Take the header of the file."""
        self._sequence: _Av1Sequence | None = None
        if extradata[:1] == b"\x81":
            self.read_quantiser(extradata[4:])

    def read_quantiser(self, packet: bytes) -> int | None:
        """Read how coarsely a key picture was written.

        Parameters
        ----------
        packet : bytes
            What is shown at one time, as stored.

        Returns
        -------
        int or None
            Index of the quantiser, 0 to 255; None of other pictures.
        """
        try:
            for kind, content in _units(packet):
                if kind == _SEQUENCE:
                    self._sequence = _read_sequence(Bits(content))
                elif kind in (_HEAD, _PICTURE) and self._sequence is not None:
                    return _read_picture(Bits(content), self._sequence)
        except (EndOfBits, IndexError):
            pass
        return None


def _units(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of each unit (5.3)."""
    at = 0
    while at < len(data):
        kind, extended, sized = (data[at] >> 3) & 15, data[at] & 4, data[at] & 2
        at += 2 if extended else 1
        size = len(data) - at
        if sized:
            size = 0
            for k in range(8):
                size |= (data[at] & 127) << (7 * k)
                at += 1
                if data[at - 1] < 128:
                    break
        yield kind, data[at : at + size]
        at += size


def _read_sequence(bits: Bits) -> _Av1Sequence:
    bits.skip(3 + 1)
    still = bits.flag()
    time_bits, with_model = 0, False
    if still:
        bits.skip(5)
    else:
        time_bits, with_model = _skip_timing(bits)
    size_bits = bits.take(4) + 1, bits.take(4) + 1
    size_px = bits.take(size_bits[0]) + 1, bits.take(size_bits[1]) + 1
    id_bits = 0
    if not still and bits.flag():
        id_bits = bits.take(4) + 2 + bits.take(3) + 1
    large_blocks = bits.flag()
    bits.skip(2)
    order_bits, for_screens, whole_motion = 0, _CHOSEN_EACH, _CHOSEN_EACH
    if not still:
        bits.skip(4)
        ordered = bits.flag()
        bits.skip(2 * ordered)
        for_screens = _CHOSEN_EACH if bits.flag() else bits.take(1)
        if for_screens:
            whole_motion = _CHOSEN_EACH if bits.flag() else bits.take(1)
        order_bits = bits.take(3) + 1 if ordered else 0
    return _Av1Sequence(
        still=still,
        time_bits=time_bits,
        with_model=with_model,
        id_bits=id_bits,
        size_bits=size_bits,
        size_px=size_px,
        large_blocks=large_blocks,
        order_bits=order_bits,
        for_screens=for_screens,
        whole_motion=whole_motion,
        with_superres=bits.flag(),
    )


def _skip_timing(bits: Bits) -> tuple[int, bool]:
    """Skip the timing; return the fields of it that pictures repeat, and their lengths."""
    model, delay_bits, time_bits = False, 0, 0
    if bits.flag():
        bits.skip(64)
        even = bits.flag()
        if even:
            bits.unsigned()
        model = bits.flag()
        if model:
            delay_bits = bits.take(5) + 1
            bits.skip(32 + 5)
            length_bits = bits.take(5) + 1
            time_bits = 0 if even else length_bits
    delayed = bits.flag()
    for _ in range(bits.take(5) + 1):
        bits.skip(12)
        if bits.take(5) > 7:
            bits.skip(1)
        if model and bits.flag():
            bits.skip(2 * delay_bits + 1)
        if delayed and bits.flag():
            bits.skip(4)
    return time_bits, model


def _read_picture(bits: Bits, sequence: _Av1Sequence) -> int | None:
    if not sequence.still and not _is_shown_key(bits, sequence):
        return None
    learns = not bits.flag()
    screens = sequence.for_screens
    screens = bits.take(1) if screens == _CHOSEN_EACH else screens
    if screens and sequence.whole_motion == _CHOSEN_EACH:
        bits.skip(1)
    bits.skip(sequence.id_bits)
    own_size = not sequence.still and bits.flag()
    bits.skip(sequence.order_bits)
    if sequence.with_model and bits.flag():
        return None  # says for each layer when it is removed
    width_px, height_px, stretched = _read_size(bits, sequence, own=own_size)
    bits.skip(screens and not stretched)
    bits.skip(not sequence.still and learns)
    _skip_tiles(bits, width_px, height_px, large_blocks=sequence.large_blocks)
    return bits.take(8)


def _is_shown_key(bits: Bits, sequence: _Av1Sequence) -> bool:
    if bits.flag():  # shown again
        return False
    kind, shown = bits.take(2), bits.flag()
    bits.skip(sequence.time_bits)
    return kind == 0 and shown


def _read_size(
    bits: Bits, sequence: _Av1Sequence, *, own: bool
) -> tuple[int, int, bool]:
    """Read width and height as coded, and whether they are stretched when shown."""
    width_px, height_px = sequence.size_px
    if own:
        width_px, height_px = (bits.take(n) + 1 for n in sequence.size_bits)
    stretched = sequence.with_superres and bits.flag()
    if stretched:
        part = bits.take(3) + 9
        width_px = (width_px * 8 + part // 2) // part
    if bits.flag():
        bits.skip(32)
    return width_px, height_px, stretched


def _skip_tiles(
    bits: Bits, width_px: int, height_px: int, *, large_blocks: bool
) -> None:
    """Skip how the picture is divided into tiles (5.9.15)."""
    side = 128 if large_blocks else 64
    columns, rows = -(-width_px // side), -(-height_px // side)
    least = _log2(_TILE_WIDTH // side, columns)
    least_all = max(least, _log2(_TILE_AREA // side**2, rows * columns))
    if not bits.flag():
        raise EndOfBits  # uneven tiles: no known camera writes them
    across = _counted(bits, least, _log2(1, min(columns, _MOST_TILES)))
    wide = -(-columns // (1 << across))
    across = _log2(1, -(-columns // wide))
    down = _counted(bits, max(least_all - across, 0), _log2(1, min(rows, _MOST_TILES)))
    if across or down:
        bits.skip(across + down + 2)


def _counted(bits: Bits, least: int, most: int) -> int:
    found = least
    while found < most and bits.flag():
        found += 1
    return found


def _log2(unit: int, wanted: int) -> int:
    """Find the least power of two that reaches a number."""
    found = 0
    while unit << found < wanted:
        found += 1
    return found
