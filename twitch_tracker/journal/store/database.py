"""Engines, transactions, and errors of databases in our own words.

Knows SQLite and PostgreSQL. Note: one writer at a time, in both (``BEGIN IMMEDIATE``,
an advisory lock), so that "look, then write" is safe; a reader sees one moment from
beginning to end; SQLite runs in WAL mode and syncs every commit, so that neither a kill
nor a power cut loses or halves anything.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)

from twitch_tracker.encrypted.keys import Key
from twitch_tracker.errors import (
    BadParameter,
    JournalDamaged,
    JournalError,
    JournalUnavailable,
)
from twitch_tracker.journal.store.sqlite import driver_of, give_key, sqlite_errors
from twitch_tracker.language import mark, say

__all__ = [
    "DAMAGE_ADVICE",
    "PATIENCE_S",
    "Database",
    "connect",
    "in_words",
    "is_sqlite",
    "use_wal",
]

PATIENCE_S: Final = 30.0
"""How long a writer waits for another one."""

_WRITE: Final = "journal_write"
_LOCK_NUMBER: Final = 0x7477697463680001
"""Any number that no other program uses for an advisory lock: "twitch", 1."""

_NO_TEXT: Final = "Could not decode to UTF-8"
"""How Python's driver of SQLite begins to say that a cell is damaged; without a code."""

_NO_QUEUE: Final[dict[str, Any]] = {"pool_size": 5, "max_overflow": -1}
"""A reader that needs a connection never waits for those of others."""

_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_REASONS: Final = {
    sqlite3.SQLITE_BUSY: mark(
        "another program has been writing to it for a long time. Close it, or try "
        "again."
    ),
    sqlite3.SQLITE_LOCKED: mark(
        "another program has been writing to it for a long time. Close it, or try "
        "again."
    ),
    sqlite3.SQLITE_READONLY: mark(
        "it may not be written. Check the permissions of the file and of its folder."
    ),
    sqlite3.SQLITE_CANTOPEN: mark(
        "it cannot be opened. Check that the folder exists and may be written."
    ),
    sqlite3.SQLITE_FULL: mark(
        "the disk is full. Free some space; nothing was changed."
    ),
    sqlite3.SQLITE_IOERR: mark(
        "the disk reports an error. Check the disk (and its free space)."
    ),
    sqlite3.SQLITE_PERM: mark("this user may not open it."),
    sqlite3.SQLITE_AUTH: mark("this user may not open it."),
    sqlite3.SQLITE_PROTOCOL: mark("another program has been writing to it. Try again."),
}

_NOT_NOW: Final = ("08", "25", "28", "42501", "53", "55", "57", "58")
"""PostgreSQL's classes of errors that say nothing of the data: connection, read-only,
login, privilege, resources, state, intervention, system."""

DAMAGE_ADVICE: Final = mark(
    "Copy the file away before anything else; `twitch-tracker journal check` says "
    "more, and `twitch-tracker journal restore` reads a backup."
)


def is_sqlite(url: URL) -> bool:
    """Distinguish SQLite from a server."""
    return url.get_backend_name() == "sqlite"


class Database:
    """A database with one writer at a time, and its errors in words.

    Parameters
    ----------
    engine : Engine
        From `connect`.
    key : Key, optional
        Of an encrypted SQLite file.
    """

    def __init__(self, engine: Engine, key: Key | None = None) -> None:
        self.engine: Final = engine
        self.key: Final = key
        self.sqlite: Final = is_sqlite(engine.url)
        self._watching: Any = None

    @property
    def place(self) -> str:
        """Where it is, without a password."""
        if self.sqlite:
            return _path_in(str(self.engine.url.database))
        return self.engine.url.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database; None for a server or one in memory."""
        name = self.engine.url.database
        inside = not name or name == ":memory:"
        return None if inside or not self.sqlite else Path(_path_in(str(name)))

    @property
    def size_bytes(self) -> int:
        """How large the file is; 0 without one."""
        return self.file.stat().st_size if self.file is not None else 0

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees one moment.

        Raises
        ------
        JournalDamaged, JournalUnavailable
            In words.
        """
        with self._in_words(), self.engine.connect() as connection:
            if not self.sqlite:
                connection = connection.execution_options(  # noqa: PLW2901
                    isolation_level="REPEATABLE READ"
                )
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield the only connection that may write; whole or not at all.

        Yields
        ------
        Connection
            Within a transaction, which is committed unless something is raised.

        Raises
        ------
        JournalDamaged, JournalUnavailable
            In words.
        """
        with (
            self._in_words(),
            self.engine.connect() as connection,
            connection.execution_options(**{_WRITE: True}).begin(),
        ):
            if not self.sqlite:
                wait_ms = round(PATIENCE_S * 1000)
                connection.execute(text(f"SET LOCAL lock_timeout = {wait_ms}"))
                lock = text("SELECT pg_advisory_xact_lock(:number)")
                connection.execute(lock, {"number": _LOCK_NUMBER})
            yield connection

    def shred(self, *, wait: bool = True) -> bool:
        """Wipe removed rows from SQLite's log file.

        Parameters
        ----------
        wait : bool
            Whether to wait, up to `PATIENCE_S`, for others who still read an older
            state.

        Returns
        -------
        bool
            Whether nothing of them is left there.
        """
        if self.file is None:
            return True
        raw = self.engine.raw_connection()
        try:
            cursor = raw.cursor()
            if not wait:
                cursor.execute("PRAGMA busy_timeout=0")
            busy, left, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.execute(f"PRAGMA busy_timeout={round(PATIENCE_S * 1000)}")
            cursor.close()
        except sqlite_errors():
            return False
        finally:
            raw.close()
        return not busy and left <= 0

    @property
    def is_for_reading(self) -> bool:
        """Whether it is a SQLite file that may not be written."""
        return self.sqlite and self.engine.url.query.get("mode") == "ro"

    def identity(self) -> tuple[int, int] | None:
        """Return which file it is, whatever its name; None without one."""
        with contextlib.suppress(OSError):
            if self.file is not None:
                there = self.file.stat()
                return there.st_dev, there.st_ino
        return None

    def newest_commit(self) -> int | None:
        """Return a number that differs once anybody has committed something.

        For one thread at a time.

        Returns
        -------
        int or None
            To be compared with what this object gave before; None where only the data
            themselves tell: a server, a file that may only be read, one in memory.
        """
        if self.file is None or self.is_for_reading:
            return None
        with contextlib.suppress(DBAPIError, *sqlite_errors()):
            if self._watching is None:
                self._watching = self.engine.raw_connection()
            cursor = self._watching.cursor()
            found = cursor.execute("PRAGMA data_version").fetchone()
            cursor.close()  # an open cursor would keep the state that it read
            return int(found[0])
        return None

    def close(self) -> None:
        """Close every connection."""
        if self._watching is not None:
            self._watching.close()
            self._watching = None
        self.engine.dispose()

    @contextlib.contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self.complaint(error) from error
        except UnicodeDecodeError as error:  # SQLite's own message about damage
            raise _damaged(self.place, str(error)) from error

    def complaint(self, error: DBAPIError) -> JournalError:
        """Say in words what a database complains about."""
        return in_words(self.place, error)


def _path_in(name: str) -> str:
    """Return the path in SQLite's own form of URL, or the path itself."""
    return unquote(name.removeprefix("file:")) if name.startswith("file:") else name


def in_words(place: str, error: DBAPIError) -> JournalError:
    """Turn a database's error into one of ours.

    Returns
    -------
    JournalError
        `JournalDamaged` or `JournalUnavailable`.
    """
    said = str(error.orig).strip().split("\n")[0]
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is None and said.startswith(_NO_TEXT):
        return _damaged(place, said)
    if code is None:
        return _server_words(place, error, said)
    primary = code & 0xFF
    if primary in _REASONS:
        return JournalUnavailable(
            say(
                "journal {place}: {reason} ({said})",
                place=place,
                reason=say(_REASONS[primary]),
                said=said,
            )
        )
    if primary in _DAMAGED:
        return JournalDamaged(
            say(
                "journal {place} is damaged ({said}). {advice}",
                place=place,
                said=said,
                advice=say(DAMAGE_ADVICE),
            )
        )
    return _damaged(place, said)


def _server_words(place: str, error: DBAPIError, said: str) -> JournalError:
    """Say what a server, or SQLite without a code, complains about."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    now = isinstance(error, OperationalError | InterfaceError)
    if now or state.startswith(_NOT_NOW):
        return JournalUnavailable(
            say(
                "journal {place}: the database cannot be used now ({said}). Check "
                "that it runs, the address, the name and the password.",
                place=place,
                said=said,
            )
        )
    return _damaged(place, said)


def _damaged(place: str, said: str) -> JournalDamaged:
    return JournalDamaged(
        say(
            "journal {place} does not hold what it should ({said}). {advice}",
            place=place,
            said=said,
            advice=say(DAMAGE_ADVICE),
        )
    )


# --- connecting -------------------------------------------------------------


def connect(url: str | URL, key: Key | None = None) -> Database:
    """Make ready to open a database; nothing is opened yet.

    Parameters
    ----------
    url : str or URL
        SQLAlchemy's form; ``postgresql://`` means psycopg.
    key : Key, optional
        Of an encrypted SQLite file.

    Returns
    -------
    Database
        To be closed.

    Raises
    ------
    BadParameter
        The URL is none, or its database is neither SQLite nor PostgreSQL.
    JournalUnavailable
        The driver of that database is not installed.
    """
    parsed = _parse(url)
    try:
        if is_sqlite(parsed):
            return Database(_sqlite_engine(parsed, key), key)
        return Database(_server_engine(parsed))
    except (ImportError, NoSuchModuleError) as error:
        raise JournalUnavailable(
            say(
                "This database needs a driver that is not installed: pip install "
                "'twitch-tracker[postgresql]' ({error}).",
                error=error,
            )
        ) from error


def _parse(url: str | URL) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        expected = say("a database URL, e.g. postgresql://user@host/name")
        raise BadParameter("journal", expected, say("something else")) from None
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        expected = say("a URL that begins with sqlite: or postgresql:")
        raise BadParameter("journal", expected, parsed.get_backend_name())
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed


def _server_engine(url: URL) -> Engine:
    return create_engine(
        url, pool_pre_ping=True, connect_args={"connect_timeout": 10}, **_NO_QUEUE
    )


def _sqlite_engine(url: URL, key: Key | None) -> Engine:
    waiting = {"timeout": PATIENCE_S}
    in_memory = not url.database or url.database == ":memory:"
    engine = create_engine(
        url,
        module=driver_of(key),
        connect_args=waiting,
        **({} if in_memory else _NO_QUEUE),
    )
    if key is not None:
        event.listen(engine, "connect", lambda raw, _record: give_key(raw, key))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Turn off automatic transactions; check references; wipe what is removed."""
    connection.isolation_level = None
    for pragma in (
        "foreign_keys=ON",
        "secure_delete=ON",
        "synchronous=FULL",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """Let writers take the lock at once, so that none fails half-way."""
    writes = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def use_wal(database: Database) -> None:
    """Let readers read while one writes; once set it stays in the file.

    Parameters
    ----------
    database : Database
        A SQLite one; another is left alone.

    Raises
    ------
    JournalUnavailable
        Another program holds it for too long.
    """
    if database.file is None:
        return
    patience_ends_s = time.monotonic() + PATIENCE_S
    while True:
        raw = None
        try:
            raw = database.engine.raw_connection()
            raw.cursor().execute("PRAGMA journal_mode=WAL").close()
            return
        except sqlite_errors() as error:
            code = getattr(error, "sqlite_errorcode", 0)
            busy = code & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > patience_ends_s:
                wrapped = DBAPIError(None, None, error)
                raise in_words(database.place, wrapped) from error
            time.sleep(0.05)
        except SQLAlchemyError as error:
            if isinstance(error, DBAPIError):
                raise in_words(database.place, error) from error
            raise
        finally:
            if raw is not None:
                raw.close()
