"""The base of every part of the journal: database, author, clock, audit, files.

Note: whatever changes something calls `JournalBase._audit` within the same transaction.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

from sqlalchemy import Connection, bindparam, insert, select

from twitch_tracker.border.days import FIRST_YEAR, is_meant
from twitch_tracker.errors import (
    BadParameter,
    JournalDamaged,
    TwitchTrackerError,
    UnknownEntry,
    UnknownPatient,
)
from twitch_tracker.journal.store.database import Database
from twitch_tracker.journal.store.line_counts import count_line
from twitch_tracker.journal.store.packing import moment, to_json
from twitch_tracker.journal.store.schema import changes, patients
from twitch_tracker.journal.store.seals import SEALS, SUM, RowKey, sealed, sum_of
from twitch_tracker.journal.store.signal_store import SignalStore
from twitch_tracker.language import mark, say

__all__ = ["JournalBase", "UtcClock", "entry_number", "is_entry_name", "utc_now"]

UtcClock = Callable[[], datetime]

_CLOCK_ERROR: Final = timedelta(minutes=5)
"""Clocks of a camera and a computer may differ by this much."""

_FARTHEST_ZONE: Final = timedelta(hours=14)
"""It is not later than this anywhere on earth (UTC+14, Kiribati)."""

_CALLED: Final = select(patients.c.name, patients.c.id).where(
    patients.c.name.in_(bindparam("forms", expanding=True))
)
"""Put together once: almost everything begins with it, and to put it together takes
longer than to ask."""


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


_UNREADABLE: Final = (ValueError, TypeError, LookupError, ArithmeticError)
"""What a value that no version wrote ends in, whichever reader meets it."""


class JournalBase:
    """The tools of a journal.

    Parameters
    ----------
    database : Database
        Up to date.
    signals : SignalStore
        Where the Parquet files lie.
    by : str
        Who changes things.
    clock : callable
        Gives the time.
    """

    def __init__(
        self,
        database: Database,
        signals: SignalStore,
        by: str,
        clock: UtcClock = utc_now,
    ) -> None:
        self._database: Final = database
        self._signals: Final = signals
        self._by: Final = by
        self._clock: Final = clock

    @property
    def place(self) -> str:
        """Where the journal is, for messages; never with a password."""
        return self._database.place

    @property
    def home(self) -> Path:
        """Folder that holds the signals."""
        return self._signals.home

    @property
    def _where(self) -> str:
        """Name the database so that a journal may be moved with its folder."""
        file = self._database.file
        inside = file is not None and file.parent == self.home
        return file.name if file is not None and inside else self.place

    def close(self) -> None:
        """Close the database. The journal cannot be used afterwards."""
        self._database.close()

    @contextlib.contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._database.read() as connection:
            try:
                yield connection
            except TwitchTrackerError:
                raise
            except _UNREADABLE as error:
                raise JournalDamaged(
                    say(
                        "the journal {place} holds a row that cannot be read ({kind}: "
                        "{error}). `twitch-tracker journal check` says which; then "
                        "restore a backup.",
                        place=self.place,
                        kind=type(error).__name__,
                        error=error,
                    )
                ) from error

    @contextlib.contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._database.write() as connection:
            yield connection

    def _audit(
        self,
        connection: Connection,
        action: str,
        kind: str,
        name: str,
        *,
        patient: int | None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        seals: Sequence[RowKey] = (),
    ) -> None:
        """Write one line of the audit, with the seals of rows that were written."""
        line = {
            "at": moment(self._clock()),
            "by": self._by,
            "action": action,
            "kind": kind,
            "name": name,
            "patient_id": patient,
            "before": None if before is None else to_json(before),
        }
        written = dict(after or {})
        if seals:
            written[SEALS] = sealed(connection, seals)
        written[SUM] = sum_of(line, written)
        line["after"] = to_json(written)
        key = connection.execute(insert(changes), line).inserted_primary_key
        count_line(connection, {"id": key[0] if key else None, **line})

    def _patient_number(self, connection: Connection, patient_id: str) -> int:
        """Look a person up, however the letters of the pseudonym are put together."""
        forms = {patient_id, *(normalize(form, patient_id) for form in ("NFC", "NFD"))}
        rows = connection.execute(_CALLED, {"forms": list(forms)})
        numbers = {row.name: int(row.id) for row in rows}
        found = numbers.get(patient_id) or next(iter(numbers.values()), None)
        if found is None:
            raise UnknownPatient(
                say(
                    "There is no patient {patient_id!r} in the journal {place}. "
                    "`twitch-tracker patient list` shows who is; `twitch-tracker patient "
                    "add {patient_id}` enters a new one.",
                    patient_id=patient_id,
                    place=self.place,
                )
            )
        return int(found)

    def _refuse_future(self, at: datetime) -> None:
        """Refuse a moment without a time zone, after now, or of no year to be meant."""
        name = "started_at"
        if at.tzinfo is None:
            raise BadParameter(name, say("a time with a time zone"), at.isoformat())
        if not is_meant(at):
            raise BadParameter(
                name,
                say("a time from {first} to now", first=FIRST_YEAR),
                at.isoformat(" "),
            )
        if at > self._clock() + _CLOCK_ERROR:
            now = self._clock().astimezone(at.tzinfo).isoformat(" ", "minutes")
            raise BadParameter(
                name,
                say("a time not in the future (it is {now})", now=now),
                at.isoformat(" "),
            )

    def _refuse_future_day(self, on: date) -> None:
        """Refuse a day that has begun nowhere on earth, or long before this."""
        latest = (self._clock().astimezone(UTC) + _FARTHEST_ZONE).date()
        if on > latest:
            raise BadParameter("date", say("a day not in the future"), on.isoformat())
        if not is_meant(on):
            expected = say("a day from {first} on", first=FIRST_YEAR)
            raise BadParameter("date", expected, on.isoformat())


def is_entry_name(name: str) -> bool:
    """Return whether a text can be a name in the journal, e.g. ``17``."""
    return name.isascii() and name.isdecimal() and len(name) < 10


_UNKNOWN: Final = {
    "recording": mark("There is no recording {name!r} in the journal."),
    "treatment": mark("There is no treatment {name!r} in the journal."),
}


def entry_number(kind: str, name: str) -> int:
    """Turn a name in the journal into its number.

    Parameters
    ----------
    kind : str
        What it names: ``recording`` or ``treatment``.
    name : str
        E.g. ``17``.

    Raises
    ------
    UnknownEntry
        It cannot be one.
    """
    if not is_entry_name(name):
        raise UnknownEntry(say(_UNKNOWN[kind], name=name))
    return int(name)
