"""Write one file whole or not at all.

Folders of several files that belong together go through `staging`; this is for
a single one. The content is complete and on the disk beside its place before it gets
its name.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from twitch_tracker.encrypted.files import open_to_write
from twitch_tracker.errors import OutputNotWritable
from twitch_tracker.exchange.disk import durable
from twitch_tracker.exchange.disk.durable import put_in_place, to_disk
from twitch_tracker.language import say

__all__ = ["MOST_NAME_BYTES", "file_name", "short_name", "whole_or_none", "write_whole"]

MOST_NAME_BYTES: Final = 120
"""Longer names are shortened. Most disks take 255 bytes, encrypted home folders 143, and
Windows 260 letters for a whole path; some are needed for what is put before and behind."""


def write_whole(path: Path, content: str | bytes, *, make_folder: bool = False) -> Path:
    """Write a file so that it is there whole or not at all.

    Parameters
    ----------
    path : Path
        Where.
    content : str or bytes
        Text is written as UTF-8.
    make_folder : bool
        Make the folder when it is missing; else that is an error, too.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    OutputNotWritable
        If the disk refuses; nothing is left behind then.
    """
    data = content.encode() if isinstance(content, str) else content
    part = path.with_name(f".{short_name(path.name)}.{os.getpid()}.part")
    with whole_or_none(part, path):
        if make_folder:
            durable.make_folder(path.parent)
        with open_to_write(part, "wb", as_if=path) as file:
            file.write(data)
            to_disk(file)
    return path


@contextlib.contextmanager
def whole_or_none(part: Path, path: Path) -> Iterator[None]:
    """Put the file written within the block in place, or leave nothing behind.

    Parameters
    ----------
    part : Path
        Where it is written, beside its place.
    path : Path
        Its place.

    Raises
    ------
    OutputNotWritable
        If the disk refuses.
    """
    try:
        yield
        put_in_place(part, path)
    except OSError as error:
        raise OutputNotWritable(
            say(
                "{path} could not be written: {error}. Choose a folder that you may "
                "write to and that has free space.",
                path=path,
                error=error,
            )
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def file_name(text: str) -> str:
    """Turn a name into one that every system takes for a file."""
    plain = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", text).rstrip(" .")
    reserved = re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", plain)
    return short_name(f"_{plain}" if reserved or not plain else plain)


def short_name(name: str) -> str:
    """Shorten a name that is too long for a file or folder.

    Returns
    -------
    str
        The name itself, or its beginning with a hash of the whole: always the same for
        the same name, and another for every other one.
    """
    whole = name.encode("utf-8", "surrogateescape")
    if len(whole) <= MOST_NAME_BYTES:
        return name
    digest = hashlib.sha256(whole).hexdigest()[:8]
    kept = whole[: MOST_NAME_BYTES - len(digest) - 1].decode("utf-8", "ignore")
    return f"{kept.rstrip(' .')}~{digest}"
