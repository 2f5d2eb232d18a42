"""Hidden folders for unfinished work, which are always removed in the end.

While one is in use its owner holds a lock on a file in it, and a lock ends with its
process; so a folder without a lock was left by a killed run, and the next one removes
it.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from twitch_tracker.exchange.locking import try_lock

__all__ = [
    "LOCK",
    "is_stale",
    "remove_stale",
    "scratch_folder",
    "stale_folders",
]

LOCK: Final = ".lock"

_NEWBORN_S: Final = 60.0
"""A folder younger than this may not have got its lock yet."""


def is_stale(folder: Path) -> bool:
    """Return whether the run that made a scratch folder is gone."""
    try:
        with (folder / LOCK).open("r+b") as file:
            return try_lock(file)
    except FileNotFoundError:
        with contextlib.suppress(OSError):
            return time.time() - folder.stat().st_mtime > _NEWBORN_S
    except OSError:
        pass
    return False


def stale_folders(parent: Path, prefix: str) -> tuple[Path, ...]:
    """List what killed runs left in a folder.

    Parameters
    ----------
    parent : Path
        Need not exist.
    prefix : str
        How the names of these scratch folders begin.

    Returns
    -------
    tuple of Path
        In order.
    """
    with contextlib.suppress(OSError):
        return tuple(
            entry
            for entry in sorted(parent.iterdir())
            if entry.name.startswith(prefix) and entry.is_dir() and is_stale(entry)
        )
    return ()


def remove_stale(parent: Path, prefix: str) -> int:
    """Remove `stale_folders`; give their number."""
    found = stale_folders(parent, prefix)
    for folder in found:
        shutil.rmtree(folder, ignore_errors=True)
    return len(found)


@contextlib.contextmanager
def scratch_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Give a private folder to work in; remove it, and what killed runs left.

    Parameters
    ----------
    parent : Path
        Where; must exist.
    prefix : str
        How its name begins; with a dot.

    Yields
    ------
    Path
        Empty but for its lock.

    Raises
    ------
    OSError
        It cannot be made.
    """
    remove_stale(parent, prefix)
    folder = parent / f"{prefix}{secrets.token_hex(4)}"
    try:
        folder.mkdir(mode=0o700)
        with (folder / LOCK).open("wb") as lock:
            try_lock(lock)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
