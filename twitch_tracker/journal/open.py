"""Where a journal is, and how it is opened.

Knows the default place (`settings.data_folder`) and the parts of a database URL.
"""

from __future__ import annotations

import contextlib
import getpass
import os
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import URL, select

from twitch_tracker.errors import JournalUnavailable
from twitch_tracker.exchange.disk.durable import make_folder
from twitch_tracker.exchange.disk.private import (
    make_private,
    make_private_file,
    make_tree_private,
)
from twitch_tracker.exchange.disk.scratch import remove_stale
from twitch_tracker.journal.encrypting.converting import finish_converting
from twitch_tracker.journal.encrypting.opening import (
    is_locked,
    key_of_database,
    refuse_locked,
    unlock,
)
from twitch_tracker.journal.encrypting.passphrases import (
    COPY,
    KEYS,
    is_encrypted_home,
)
from twitch_tracker.journal.journal import Journal
from twitch_tracker.journal.migrating import bring_up_to_date
from twitch_tracker.journal.store.base import UtcClock, utc_now
from twitch_tracker.journal.store.database import Database, connect
from twitch_tracker.journal.store.schema import patients
from twitch_tracker.journal.store.signal_store import SignalStore
from twitch_tracker.journal.store.sqlite import JOURNAL_FILE
from twitch_tracker.journal.upkeep.backup_contents import BEGUN, RESTORING
from twitch_tracker.language import say
from twitch_tracker.settings import data_folder

__all__ = [
    "journal_home",
    "make_private_again",
    "open_journal",
    "opened_database",
    "user_name",
]

_OURS: Final = ("app", "recordings", "removing")


def journal_home(home: Path | None = None) -> Path:
    """Return the folder of a journal: the given one, or the user's own."""
    return (data_folder() if home is None else home.expanduser()).absolute()


def open_journal(
    home: Path | None = None,
    url: str | None = None,
    *,
    by: str = "",
    clock: UtcClock = utc_now,
    passphrase: str | None = None,
) -> Journal:
    """Open a journal, making or updating its tables when needed.

    A read-only journal is opened for reading. A removal that was killed is finished
    first, and so is the last step of a restore; other users of the computer lose access
    to the journal's files.

    Parameters
    ----------
    home : Path, optional
        Folder instead of `settings.data_folder`; holds ``journal.sqlite3`` and the
        signals (``recordings/``).
    url : str, optional
        A database URL (SQLAlchemy's form) instead of the SQLite file, e.g.
        ``postgresql+psycopg://user@host/name``. Signals stay in `home`.
    by : str, optional
        Who changes it, for the audit; without, the computer's user name.
    clock : callable
        Gives the time.
    passphrase : str, optional
        Of an encrypted journal, unless this process has given it before.

    Returns
    -------
    Journal
        A `Journal`; a context manager.

    Raises
    ------
    JournalTooNew
        Written by newer software; it is left untouched.
    JournalDamaged
        Not a journal, or damaged.
    JournalLocked, WrongPassphrase
        It is encrypted, and no passphrase was given, or a wrong one.
    JournalUnavailable
        Cannot be opened, reached or written.
    """
    folder = journal_home(home)
    database = opened_database(folder, url, passphrase=passphrase)
    try:
        journal = Journal(database, SignalStore(folder), by or user_name(), clock)
        journal.finish_removals()
    except BaseException:
        database.close()
        raise
    return journal


def opened_database(
    folder: Path, url: str | None, *, passphrase: str | None = None
) -> Database:
    """Open the database of a journal and bring it up to date, as `open_journal` does.

    Parameters
    ----------
    folder : Path
        Of the journal, from `journal_home`.
    url, passphrase
        As of `open_journal`.

    Returns
    -------
    Database
        To be closed.
    """
    if is_encrypted_home(folder):
        if passphrase is not None and is_locked(folder):
            unlock(folder, passphrase)
        refuse_locked(folder)
        finish_converting(folder)
    remove_stale(folder, RESTORING)
    key = None if url else key_of_database(folder / JOURNAL_FILE)
    database = connect(url or _file_url(folder), key)
    try:
        bring_up_to_date(database, SignalStore(folder).files() if not url else ())
        make_private(folder)
        if not url:
            _make_database_private(folder)
        _end_restoring(folder, database)
    except BaseException:
        database.close()
        raise
    return database


def _end_restoring(folder: Path, database: Database) -> None:
    """Remove the mark of a restore that was killed when the database was in place."""
    begun = folder / BEGUN
    if not begun.exists():
        return
    with database.read() as connection:
        whole = connection.execute(select(patients.c.id).limit(1)).first() is not None
    if whole:  # the database is restored last, after the signals
        with contextlib.suppress(OSError):  # a read-only disk
            begun.unlink(missing_ok=True)


def make_private_again(home: Path) -> int:
    """Take from other users what they may do with anything that is kept.

    Parameters
    ----------
    home : Path
        The data folder; what in it is not this program's is left alone.

    Returns
    -------
    int
        How much had to be changed.
    """
    changed = int(make_private(home)) + _make_database_private(home)
    changed += sum(make_private(home / name) for name in (KEYS, COPY))
    return changed + sum(make_tree_private(home / name) for name in _OURS)


def _make_database_private(folder: Path) -> int:
    """Take the database from others, with the files that SQLite keeps beside it."""
    return sum(map(make_private, sorted(folder.glob(f"{JOURNAL_FILE}*"))))


def _file_url(folder: Path) -> URL:
    """Name the SQLite file, and make its folder."""
    try:
        make_folder(folder, mode=0o700)
        make_private(folder)
    except OSError as error:
        raise JournalUnavailable(
            say(
                "{folder}: the folder of the journal cannot be created ({why}). Choose "
                "another one with --home.",
                folder=folder,
                why=error.strerror or error,
            )
        ) from error
    file = folder / JOURNAL_FILE
    if file.is_file() and not (may_write(file) and may_write(folder)):
        return _url_for_reading(file)
    make_private_file(file)  # SQLite's files beside it take its modes
    _make_database_private(folder)
    return URL.create("sqlite", database=str(file))


def may_write(path: Path) -> bool:
    """Return whether this user may write there: by its modes and by the disk."""
    return os.access(path, os.W_OK)


def _url_for_reading(file: Path) -> URL:
    """Name a file that may only be read, as on a disk that is mounted so.

    SQLite wants to write a file beside it even for reading, unless it is promised that
    nobody changes it meanwhile. That would pass over what is only in its log file yet.
    """
    log = file.with_name(f"{file.name}-wal")
    if log.exists() and log.stat().st_size > 0:
        raise JournalUnavailable(
            say(
                "{file} is read-only, and its newest entries are still in {log}. Open "
                "it once where it may be written, or copy the whole folder to where "
                "you may write.",
                file=file,
                log=log.name,
            )
        )
    return URL.create(
        "sqlite",
        database=f"file:{quote(file.as_posix())}",
        query={"mode": "ro", "immutable": "1", "uri": "true"},
    )


def user_name() -> str:
    """Name who uses the computer."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
