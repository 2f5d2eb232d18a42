"""Write files durably: they are on the disk, not only in a cache, when a call returns.

Note: a new name is in its folder, not in its file; so a file that was written and
renamed lasts through a power cut only when its folder was flushed, too. Windows flushes
names by itself and opens no folders.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import IO, Any

__all__ = ["make_folder", "put_in_place", "sync_folder", "to_disk"]


def to_disk(file: IO[Any]) -> None:
    """Flush an open file to the disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk, where that is possible.

    Parameters
    ----------
    folder : Path
        Must exist.

    Raises
    ------
    OSError
        The disk refuses.
    """
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path, *, mode: int = 0o777) -> None:
    """Make a folder whose name, and those of new ones above it, are on the disk.

    What is put into a folder that is lost in a power cut is lost with it.

    Parameters
    ----------
    folder : Path
        May be there already.
    mode : int
        Of every folder that is new; the mask of the process takes from it. The package
        is used from Python, too, so that mask is not always ours: what nobody else may
        open needs 0o700 here.

    Raises
    ------
    OSError
        The disk refuses.
    """
    missing = []
    for place in (folder, *folder.parents):
        if place.is_dir():
            break
        missing.append(place)
    for place in reversed(missing):
        place.mkdir(exist_ok=True, mode=mode)
        with contextlib.suppress(PermissionError):  # a folder of somebody else
            sync_folder(place.parent)


def put_in_place(part: Path, target: Path) -> None:
    """Give a finished file its name, durably.

    Parameters
    ----------
    part : Path
        Whole, and on the disk already; in the folder of `target`.
    target : Path
        Replaced when it is there.

    Raises
    ------
    OSError
        The disk refuses.
    """
    part.replace(target)
    sync_folder(target.parent)
