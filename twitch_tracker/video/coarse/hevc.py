"""The quantiser of a key picture of HEVC, from its header (ITU-T H.265, 7.3.1 to 7.3.6).

Read is what stands before it, no more: parameter sets, and the first slice of pictures
that can be decoded alone. Other pictures say it behind much that depends on what came
before them. Of encoders with a picture that can be decoded alone each second (phones)
that is one picture in thirty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from twitch_tracker.video.coarse.bits import Bits, EndOfBits

__all__ = ["HevcHeaders"]

_SPS, _PPS = 33, 34
_ALONE: Final = range(16, 24)
"""Kinds of pictures that can be decoded alone (BLA, IDR, CRA)."""

_IDR: Final = (19, 20)
_HEAD_OF_ALL: Final = 26
_PROFILE_BITS, _LEVEL_BITS = 88, 8
_MOST_SETS: Final = 64
_MOST_REFERENCES: Final = 16


@dataclass(frozen=True, kw_only=True)
class _Sequence:
    """What of a sequence parameter set is needed to read on."""

    separate_colours: bool
    with_colour: bool
    order_bits: int
    adaptive_offset: bool
    sets: tuple[int, ...]
    long_term: bool
    long_term_sets: int
    motion_from_before: bool


@dataclass(frozen=True, kw_only=True)
class _PictureSet:
    """What of a picture parameter set is needed."""

    sequence: int
    shown_flag: bool
    extra_bits: int
    quantiser: int


class HevcHeaders:
    """Reads the quantiser of key pictures; keeps the parameter sets it has seen.

    Parameters
    ----------
    extradata : bytes
        Of the stream: ``hvcC``, start codes, or nothing.
    """

    def __init__(self, extradata: bytes) -> None:
        """Take the parameter sets of the file."""
        self._sequences: dict[int, _Sequence] = {}
        self._pictures: dict[int, _PictureSet] = {}
        self._length_bytes = 0
        units = _with_start_codes(extradata)
        if extradata[:1] == b"\x01" and len(extradata) > 22:
            self._length_bytes = (extradata[21] & 3) + 1
            units = _of_configuration(extradata)
        for unit in units:
            self._read(unit)

    def read_quantiser(self, packet: bytes) -> int | None:
        """Read how coarsely a key picture was written.

        Parameters
        ----------
        packet : bytes
            The picture as stored.

        Returns
        -------
        int or None
            0 to 51 (below 0 with more than 8 bits); None of other pictures.
        """
        units = (
            _with_lengths(packet, self._length_bytes)
            if self._length_bytes
            else _with_start_codes(packet)
        )
        for unit in units:
            found = self._read(unit)
            if found is not None:
                return found
        return None

    def _read(self, unit: bytes) -> int | None:
        """Read one unit: keep it if it is a parameter set, else look at its header."""
        if len(unit) < 3:
            return None
        kind = (unit[0] >> 1) & 0x3F
        if kind not in (_SPS, _PPS) and kind not in _ALONE:
            return None
        bits = Bits(_plain(unit[2:], whole=kind == _SPS))
        try:
            if kind == _SPS:
                number, sequence = _read_sequence(bits)
                self._sequences[number] = sequence
            elif kind == _PPS:
                number, picture = _read_picture_set(bits)
                self._pictures[number] = picture
            else:
                return self._slice_quantiser(bits, kind)
        except (EndOfBits, KeyError, IndexError):
            pass
        return None

    def _slice_quantiser(self, bits: Bits, kind: int) -> int | None:
        if not bits.flag():  # not the first slice
            return None
        bits.skip(1)
        pictures = self._pictures[bits.unsigned()]
        sequence = self._sequences[pictures.sequence]
        bits.skip(pictures.extra_bits)
        if bits.unsigned() != 2:  # not of this picture alone
            return None
        bits.skip(pictures.shown_flag + 2 * sequence.separate_colours)
        if kind not in _IDR:
            _skip_references(bits, sequence)
        if sequence.adaptive_offset:
            bits.skip(1 + sequence.with_colour)
        return pictures.quantiser + bits.signed()


def _skip_references(bits: Bits, sequence: _Sequence) -> None:
    """Skip the reference picture sets of a slice."""
    bits.skip(sequence.order_bits)
    count = len(sequence.sets)
    if not bits.flag():
        _read_set(bits, count, sequence.sets, in_slice=True)
    elif count > 1:
        bits.skip((count - 1).bit_length())
    if sequence.long_term:
        listed = bits.unsigned() if sequence.long_term_sets else 0
        if listed or bits.unsigned():
            raise EndOfBits  # a picture alone has none
    bits.skip(sequence.motion_from_before)


def _read_sequence(bits: Bits) -> tuple[int, _Sequence]:
    bits.skip(4)
    layers = bits.take(3)
    bits.skip(1)
    _skip_profile(bits, layers)
    number = bits.unsigned()
    colours = bits.unsigned()
    separate = colours == 3 and bits.flag()
    _skip_size(bits)
    order_bits = bits.unsigned() + 4
    _skip_blocks(bits, layers)
    adaptive_offset = bits.flag()
    if bits.flag():
        bits.skip(8)
        bits.unsigned(), bits.unsigned()
        bits.skip(1)
    sets = _read_sets(bits)
    long_term = bits.flag()
    listed = bits.unsigned() if long_term else 0
    bits.skip(min(listed, _MOST_SETS) * (order_bits + 1))
    return number, _Sequence(
        separate_colours=separate,
        with_colour=colours != 0 and not separate,
        order_bits=order_bits,
        adaptive_offset=adaptive_offset,
        sets=sets,
        long_term=long_term,
        long_term_sets=listed,
        motion_from_before=bits.flag(),
    )


def _skip_size(bits: Bits) -> None:
    """Skip size, cropping and bit depth."""
    bits.unsigned(), bits.unsigned()
    if bits.flag():
        for _ in range(4):
            bits.unsigned()
    bits.unsigned(), bits.unsigned()


def _skip_blocks(bits: Bits, layers: int) -> None:
    """Skip the picture buffer, and how blocks are divided."""
    for _ in range(layers + 1 if bits.flag() else 1):
        for _ in range(3):
            bits.unsigned()
    for _ in range(6):
        bits.unsigned()
    if bits.flag() and bits.flag():
        _skip_scaling(bits)
    bits.skip(1)


def _read_sets(bits: Bits) -> tuple[int, ...]:
    """Read how many pictures each short-term reference picture set has."""
    count = bits.unsigned()
    if count > _MOST_SETS:
        raise EndOfBits
    sets: tuple[int, ...] = ()
    for k in range(count):
        sets = (*sets, _read_set(bits, k, sets, in_slice=False))
    return sets


def _skip_profile(bits: Bits, layers: int) -> None:
    bits.skip(_PROFILE_BITS + _LEVEL_BITS)
    flags = [(bits.flag(), bits.flag()) for _ in range(layers)]
    if layers:
        bits.skip(2 * (8 - layers))
    for profile, level in flags:
        bits.skip(_PROFILE_BITS * profile + _LEVEL_BITS * level)


def _skip_scaling(bits: Bits) -> None:
    for size in range(4):
        for _ in range(0, 6, 3 if size == 3 else 1):
            if not bits.flag():
                bits.unsigned()
                continue
            if size > 1:
                bits.signed()
            for _ in range(min(64, 1 << (4 + 2 * size))):
                bits.signed()


def _read_set(bits: Bits, place: int, sets: tuple[int, ...], *, in_slice: bool) -> int:
    """Read one short-term reference picture set; return how many pictures it has."""
    if place and bits.flag():
        behind = bits.unsigned() + 1 if in_slice else 1
        bits.skip(1)
        bits.unsigned()
        kept = 0
        for _ in range(sets[place - behind] + 1):
            used = bits.flag()
            kept += used or bits.flag()
        return kept
    before, after = bits.unsigned(), bits.unsigned()
    if before + after > _MOST_REFERENCES:
        raise EndOfBits
    for _ in range(before + after):
        bits.unsigned()
        bits.skip(1)
    return before + after


def _read_picture_set(bits: Bits) -> tuple[int, _PictureSet]:
    number, sequence = bits.unsigned(), bits.unsigned()
    bits.skip(1)
    shown_flag, extra_bits = bits.flag(), bits.take(3)
    bits.skip(2)
    bits.unsigned(), bits.unsigned()
    return number, _PictureSet(
        sequence=sequence,
        shown_flag=shown_flag,
        extra_bits=extra_bits,
        quantiser=_HEAD_OF_ALL + bits.signed(),
    )


# --- units ---------------------------------------------------------------------

_LOOKED_AT_BYTES: Final = 128
"""A slice header is shorter than this."""


def _plain(unit: bytes, *, whole: bool) -> bytes:
    """Take out the bytes that keep start codes from arising (7.4.2)."""
    part = unit if whole else unit[:_LOOKED_AT_BYTES]
    return part.replace(b"\x00\x00\x03", b"\x00\x00")


def _with_start_codes(data: bytes) -> Iterator[bytes]:
    yield from data.split(b"\x00\x00\x01")[1:]


def _with_lengths(data: bytes, length_bytes: int) -> Iterator[bytes]:
    at = 0
    while at + length_bytes < len(data):
        size = int.from_bytes(data[at : at + length_bytes], "big")
        yield data[at + length_bytes : at + length_bytes + size]
        at += length_bytes + size


def _of_configuration(data: bytes) -> Iterator[bytes]:
    """Yield the parameter sets of ``hvcC`` (ISO/IEC 14496-15, 8.3.3.1)."""
    at = 23
    for _ in range(data[22]):
        count = int.from_bytes(data[at + 1 : at + 3], "big")
        at += 3
        for _ in range(count):
            size = int.from_bytes(data[at : at + 2], "big")
            yield data[at + 2 : at + 2 + size]
            at += 2 + size
