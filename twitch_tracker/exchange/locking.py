"""File locks, which end with their process."""

from __future__ import annotations

import sys
from typing import IO

__all__ = ["try_lock"]


def try_lock(file: IO[bytes]) -> bool:
    """Take the lock of an open file unless another process has it.

    Parameters
    ----------
    file : IO[bytes]
        Open for writing; closing it gives the lock back.

    Returns
    -------
    bool
        Whether it was taken.
    """
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
