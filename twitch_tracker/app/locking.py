"""One server for one folder: a lock that ends with its process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from twitch_tracker.errors import OutputNotWritable
from twitch_tracker.exchange.locking import try_lock
from twitch_tracker.language import say

__all__ = ["is_locked", "locked"]


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
        if not try_lock(file):
            raise OutputNotWritable(
                say(
                    "{parent}: the app is already running there. Open its window "
                    "with `twitch-tracker app`, or stop it first (Ctrl-C).",
                    parent=path.parent,
                )
            )
        yield


def is_locked(path: Path) -> bool:
    """Return whether another process holds a lock; nothing is made or kept."""
    try:
        with path.open("r+b") as file:
            return not try_lock(file)
    except FileNotFoundError:
        return False
