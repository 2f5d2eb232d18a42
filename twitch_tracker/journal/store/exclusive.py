"""Exclusive access to a database, and putting another one in its place.

Note: whether anybody else has it open must be asked through the library that this
program opens it with otherwise, because SQLite and SQLCipher in one process do not see
each other's locks; and a program that waited for the replaced file must not go on
writing into it, so the file is overwritten.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from twitch_tracker.exchange.disk.durable import put_in_place, to_disk

__all__ = ["exclusive", "replace_database"]

_PATIENCE_MS: Final = 5_000
"""How long to wait for others."""


@contextlib.contextmanager
def exclusive(connection: Any) -> Iterator[Any]:
    """Keep everybody else out of a database.

    Out of its log file everything comes into the database itself.

    Parameters
    ----------
    connection : sqlite3.Connection
        New; with its key, where it has one. It is closed in the end.

    Yields
    ------
    sqlite3.Connection
        The same.

    Raises
    ------
    sqlite3.Error
        One of `sqlite.sqlite_errors`: others have it open, or it is none.
    """
    try:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
        yield connection
    finally:
        connection.close()


def replace_database(part: Path, file: Path, *, overwrite: bool) -> None:
    """Replace a database by another one.

    Parameters
    ----------
    part : Path
        Whole, and on the disk.
    file : Path
        Replaced; held by `exclusive` where the system replaces what is open.
    overwrite : bool
        Whether to leave nothing in the file that had its name.

    Raises
    ------
    OSError
        The disk refuses.
    """
    old = file.open("r+b") if overwrite else None
    try:
        put_in_place(part, file)
        if old is not None:
            _overwrite(old)
    finally:
        if old is not None:
            old.close()


def _overwrite(old: Any) -> None:
    """Keep others from reading or writing the file that was replaced."""
    size = old.seek(0, os.SEEK_END)
    old.seek(0)
    for start in range(0, size, 1 << 20):
        old.write(bytes(min(1 << 20, size - start)))
    to_disk(old)
