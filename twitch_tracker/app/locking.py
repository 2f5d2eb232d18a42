"""One server for one folder: a lock that dies with its process."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from twitch_tracker.errors import OutputNotWritable

__all__ = ["locked"]


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock within a block.

    Parameters
    ----------
    path : Path
        A file for nothing else; made when missing.

    Raises
    ------
    OutputNotWritable
        Another process holds it.
    """
    with path.open("a+b") as file:
        if not _try_lock(file):
            raise OutputNotWritable(
                f"{path.parent}: the app is running there already, in another window. "
                "Use that one, or stop it first (Ctrl-C)."
            )
        yield


def _try_lock(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
