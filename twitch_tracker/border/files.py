"""The bytes and the text of a file from elsewhere, up to a limit.

Knows sizes and encodings, no formats. A compressed file is unpacked only as far as its
content may be, so that a small file cannot become a large one.
"""

from __future__ import annotations

import io
import os
import zlib
from gzip import BadGzipFile, GzipFile
from pathlib import Path
from typing import IO, Final

from twitch_tracker.encrypted.files import open_to_read
from twitch_tracker.errors import BadFile
from twitch_tracker.language import say

__all__ = [
    "decoded",
    "read_bytes",
    "read_text",
    "real_path",
    "shown_name",
    "shown_text",
    "unpacked",
]

_GZIP: Final = b"\x1f\x8b"
"""First bytes of a compressed file; BORIS writes ``.boris.gz``."""


def read_bytes(path: Path, most: int, error: type[BadFile]) -> bytes:
    """Read a whole file.

    Parameters
    ----------
    path : Path
        The file.
    most : int
        How many bytes it may have; one of `limits`.
    error : type of BadFile
        What is raised.

    Raises
    ------
    BadFile
        Of the given type: it cannot be read, is no file, or is too large.
    """
    try:
        with open_to_read(path) as file:
            return _up_to(file, path.name, most, error)
    except OSError as cause:
        raise error(
            say("{path}: cannot be read ({why}).", path=path, why=_why(cause))
        ) from cause
    except ValueError as cause:  # a name that no file can have
        raise error(
            say("{path!r}: cannot be read ({why}).", path=str(path), why=cause)
        ) from cause


def unpacked(content: bytes, name: str, most: int, error: type[BadFile]) -> bytes:
    """Return content as it is, or what it holds when it is compressed with gzip.

    Parameters
    ----------
    content : bytes
        Of a file.
    name : str
        Of the file, for messages.
    most : int
        How many bytes there may be in it.
    error : type of BadFile
        What is raised.

    Raises
    ------
    BadFile
        Of the given type: it is damaged, or holds too much.
    """
    if not content.startswith(_GZIP):
        return content
    try:
        with GzipFile(fileobj=io.BytesIO(content)) as file:
            return _up_to(file, name, most, error)
    except (EOFError, BadGzipFile, zlib.error) as cause:
        raise error(
            say("{name}: compressed, and damaged. {error}.", name=name, error=cause)
        ) from cause


def decoded(content: bytes, name: str, error: type[BadFile]) -> str:
    """Read bytes as UTF-8, with or without a mark at the beginning.

    Raises
    ------
    BadFile
        Of the given type: they are no such text.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise error(
            say("{name}: expected UTF-8 text. {error}.", name=name, error=cause)
        ) from cause


def read_text(path: Path, most: int, error: type[BadFile]) -> str:
    """Read a whole text file; parameters and errors as of `read_bytes`."""
    return decoded(read_bytes(path, most, error), path.name, error)


def real_path(path: Path) -> Path:
    """Return where a path leads to; itself where it leads nowhere.

    `Path.resolve` raises what nobody expects when links lead round in a circle, or the
    path is none that a file can have.
    """
    try:
        return Path(os.path.realpath(path))
    except ValueError:
        return path.absolute()


def shown_name(path: Path) -> str:
    """Return the name of a file as text that can be written down.

    A name that is not valid in the file system's encoding has its odd bytes replaced.
    """
    return shown_text(path.name)


def shown_text(text: str) -> str:
    """Return a text in which names of files stand so that it can be written down."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _up_to(
    file: IO[bytes] | GzipFile, name: str, most: int, error: type[BadFile]
) -> bytes:
    content = file.read(most + 1)
    if len(content) > most:
        raise error(
            say(
                "{name}: expected at most {most:.0f} MB, got more. It does not look "
                "like a file of this kind; if it is one, split it.",
                name=name,
                most=most / 2**20,
            )
        )
    return content


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__
