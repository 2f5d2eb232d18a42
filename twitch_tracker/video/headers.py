"""Find further recordings that were appended to the first one in a file.

Pieces that were put together byte by byte (``cat``, ``copy /b``) each have a header of
their own. FFmpeg goes on there in some formats (AVI) and stops in others (MP4, FLV),
and says nothing in either. Formats that are made to be joined (MPEG-TS, MPEG-PS) have
no headers; their clock starts again (`clock`).
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from twitch_tracker.encrypted.files import is_encrypted, open_to_read

__all__ = ["find_headers"]

_PIECE_BYTES: Final = 1 << 20
_FLV: Final = tuple(
    b"FLV\x01" + bytes([kinds]) + b"\x00\x00\x00\x09\x00\x00\x00\x00"
    for kinds in (1, 4, 5)
)
"""The whole header, for each of what a file may hold (video, sound, both)."""

_EBML: Final = b"\x1a\x45\xdf\xa3"
_DOC_TYPES: Final = (b"webm", b"matroska")
_EBML_HEADER_BYTES: Final = 64
"""The header of Matroska and WebM names its type within so many bytes."""

_MOST_BOXES: Final = 100_000


def find_headers(path: Path, format_name: str) -> tuple[int, ...]:
    """Find where further recordings begin in a file.

    Parameters
    ----------
    path : Path
        The file.
    format_name : str
        What FFmpeg calls its format, e.g. ``mov,mp4,m4a,3gp,3g2,mj2``.

    Returns
    -------
    tuple of int
        Bytes from the start of the file; without the first recording. Empty also for
        formats without headers, and where it is not known.
    """
    names = set(format_name.split(","))
    try:
        with open_to_read(path) as file:
            if "mp4" in names:
                return _movies(file)
            if names & {"flv", "matroska", "webm", "avi"}:
                return _headers(file, names, path)
    except (OSError, ValueError):
        pass
    return ()


def _movies(file: BinaryIO) -> tuple[int, ...]:
    """Return where the boxes begin that end a second movie, each with its description.

    A film that is played while it is written has one description and many fragments.
    """
    described = [at for at, kind in _boxes(file) if kind == b"moov"]
    begun = [at for at, kind in _boxes(file) if kind == b"ftyp"]
    later = described[1:]
    return tuple(max((at for at in begun if at < end), default=end) for end in later)


def _boxes(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Walk through the outermost boxes; stop where something else begins."""
    size = file.seek(0, 2)
    place = 0
    for _ in range(_MOST_BOXES):
        if place + 8 > size:
            return
        file.seek(place)
        header = file.read(16)
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        yield place, kind
        if length < 8:  # 0: to the end of the file
            return
        place += length


class _Pieces:
    """The content of an encrypted file, searched piece by piece."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def find(self, wanted: bytes, start: int = 0) -> int:
        """Find the next place of some bytes; -1 without one."""
        while True:
            self._file.seek(start)
            piece = self._file.read(_PIECE_BYTES)
            found = piece.find(wanted)
            if found >= 0:
                return start + found
            if len(piece) < _PIECE_BYTES:
                return -1
            start += len(piece) - len(wanted) + 1

    def __getitem__(self, part: slice) -> bytes:
        """Return what stands at a place."""
        self._file.seek(part.start)
        return self._file.read(part.stop - part.start)


def _headers(file: BinaryIO, names: set[str], path: Path) -> tuple[int, ...]:
    if is_encrypted(path):
        return _found(_Pieces(file), names)
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return _found(content, names)


def _found(content: mmap.mmap | _Pieces, names: set[str]) -> tuple[int, ...]:
    if "flv" in names:
        found = sorted(at for header in _FLV for at in _places(content, header))
    elif "avi" in names:
        riffs = _places(content, b"RIFF")
        found = [at for at in riffs if content[at + 8 : at + 12] == b"AVI "]
    else:
        found = [at for at in _places(content, _EBML) if _is_ebml(content, at)]
    return tuple(at for at in found if at > 0)


def _is_ebml(content: mmap.mmap | _Pieces, at: int) -> bool:
    header = content[at : at + _EBML_HEADER_BYTES]
    return any(kind in header for kind in _DOC_TYPES)


def _places(content: mmap.mmap | _Pieces, wanted: bytes) -> list[int]:
    """Find all places of some bytes."""
    places = []
    at = content.find(wanted)
    while at >= 0:
        places.append(at)
        at = content.find(wanted, at + len(wanted))
    return places
