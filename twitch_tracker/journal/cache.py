"""A cache of the open journal, for a program that opens it for every page.

Opening a database and compiling its statements costs more than reading what most pages
show. Note: what other programs changed meanwhile is checked at every opening, as
`open.open_journal` does (newer tables are refused, a removal that was killed is
finished); and a file that was replaced is opened again.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Final

from twitch_tracker.journal.encrypting.opening import refuse_locked
from twitch_tracker.journal.journal import Journal
from twitch_tracker.journal.migrating import bring_up_to_date
from twitch_tracker.journal.open import (
    journal_home,
    open_journal,
    opened_database,
    user_name,
)
from twitch_tracker.journal.store.database import Database
from twitch_tracker.journal.store.signal_store import SignalStore

__all__ = ["JournalCache"]

MAY_STAY: Final = os.name != "nt"
"""Windows lets nobody replace or remove a file that is open, so that nothing could be
restored while the app runs: there a journal is opened and closed each time."""


class JournalCache:
    """Open one journal again and again, from many threads, over connections that stay open.

    Parameters
    ----------
    home, url
        As of `open.open_journal`.
    """

    def __init__(self, home: Path | None = None, url: str | None = None) -> None:
        """Open nothing yet."""
        self._home: Final = journal_home(home)
        self._url: Final = url
        self._lock: Final = threading.Lock()
        self._database: Database | None = None
        self._file: tuple[int, int] | None = None
        self._commit: int | None = None

    def __call__(self) -> Journal:
        """Return the journal; closing it keeps the connections for the next caller.

        Raises
        ------
        JournalTooNew, JournalDamaged, JournalLocked, JournalUnavailable
            As of `open.open_journal`.
        """
        if not MAY_STAY:
            return open_journal(self._home, self._url)
        refuse_locked(self._home)
        with self._lock:
            database = self._up_to_date()
        journal = _Lent(database, SignalStore(self._home), user_name())
        journal.finish_removals()
        return journal

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        with self._lock:
            self._close_kept()

    def _up_to_date(self) -> Database:
        """Open the database, or see whether anybody has changed it.

        Of a file that may only be read SQLite was promised that nobody changes it, so it
        is opened each time.
        """
        database = self._database
        if (
            database is None
            or database.is_for_reading
            or database.identity() != self._file
        ):
            self._close_kept()
            database = self._database = opened_database(self._home, self._url)
            self._file = database.identity()
        commit = database.newest_commit()
        if commit is None or commit != self._commit:
            bring_up_to_date(database)
            self._commit = commit
        return database

    def _close_kept(self) -> None:
        if self._database is not None:
            self._database.close()
        self._database = self._commit = None


class _Lent(Journal):
    """A journal that shares its connections with others."""

    def close(self) -> None:
        """Keep the connections for the next caller."""
