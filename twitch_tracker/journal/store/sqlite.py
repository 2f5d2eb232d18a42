"""SQLite files, plain or encrypted (SQLCipher), opened without SQLAlchemy or for it.

Knows the two drivers and their errors. Note: a file shows by its first bytes whether it
is plain; an encrypted one is opened with a raw key, so that no passphrase is ever in a
statement and nothing is derived at each opening.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path
from typing import Any, Final

from twitch_tracker.encrypted.files import derived, not_installed
from twitch_tracker.encrypted.keys import Key

__all__ = [
    "JOURNAL_FILE",
    "driver_of",
    "give_key",
    "is_plain_database",
    "key_literal",
    "open_sqlite",
    "sqlite_errors",
]

JOURNAL_FILE: Final = "journal.sqlite3"
"""Name of the database in the journal's folder, and in a backup."""

_PLAIN: Final = b"SQLite format 3\0"


_kept_open: Final[dict[tuple[int, int], int]] = {}
"""Handles of files that were looked at, by device and number of the file."""


def is_plain_database(file: Path) -> bool:
    """Return whether a file is a SQLite database that anybody can read.

    Its handle stays open where systems have POSIX locks: closing it would release every
    lock that this process has on the file, those of its open databases too, and another
    process may then remove SQLite's log from under them
    (https://www.sqlite.org/howtocorrupt.html, section 2.2).
    """
    try:
        if sys.platform == "win32":
            with file.open("rb") as opened:
                return opened.read(len(_PLAIN)) == _PLAIN
        return os.pread(_handle_of(file), len(_PLAIN), 0) == _PLAIN
    except OSError:
        return False


def _handle_of(file: Path) -> int:
    """Open a file, or take the handle that was opened before."""
    status = file.stat()
    known = _kept_open.get((status.st_dev, status.st_ino))
    if known is not None:
        return known
    handle = os.open(file, os.O_RDONLY)
    status = os.fstat(handle)
    _kept_open[status.st_dev, status.st_ino] = handle
    return handle


def driver_of(key: Key | None) -> Any:
    """Return the module that opens a database: `sqlite3`, or SQLCipher's twin of it.

    Raises
    ------
    MissingDependency
        SQLCipher is not installed.
    """
    if key is None:
        return sqlite3
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise not_installed(error) from error
    return dbapi2


def sqlite_errors() -> tuple[type[Exception], ...]:
    """Return what the drivers that are loaded raise."""
    cipher = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3.Error,) if cipher is None else (sqlite3.Error, cipher.Error)


def key_literal(key: Key) -> str:
    """Write the key of a journal's database as SQLCipher takes a raw key."""
    return f"\"x'{derived(key.secret, b'', b'twitch-tracker database v1').hex()}'\""


def give_key(connection: Any, key: Key) -> None:
    """Give a new connection its key, before any other statement."""
    connection.execute(f"PRAGMA key={key_literal(key)}").close()


def open_sqlite(file: Path, key: Key | None = None) -> Any:
    """Open a database file.

    Parameters
    ----------
    file : Path
        Made when missing.
    key : Key, optional
        Of an encrypted one.

    Returns
    -------
    sqlite3.Connection
        Or SQLCipher's own, which is alike. To be closed.

    Raises
    ------
    sqlite3.Error
        One of `sqlite_errors`.
    MissingDependency
        SQLCipher is not installed.
    """
    connection = driver_of(key).connect(str(file))
    if key is not None:
        give_key(connection, key)
    return connection
