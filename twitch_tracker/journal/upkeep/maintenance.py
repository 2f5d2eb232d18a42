"""Maintenance of a journal: audit, check, backup."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import RowMapping, bindparam, func, select

from twitch_tracker.journal.entries import Change, Finding
from twitch_tracker.journal.store.base import JournalBase
from twitch_tracker.journal.store.packing import read_moment
from twitch_tracker.journal.store.schema import changes, recordings, revisions
from twitch_tracker.journal.store.seals import without_seals

if TYPE_CHECKING:
    from twitch_tracker.journal.upkeep.recomputing import Recomputed

__all__ = ["Maintenance"]

_NEWEST: Final = select(func.max(changes.c.id)).where(
    changes.c.patient_id == bindparam("number")
)
"""Put together once: whatever is kept in memory asks for it each time."""


class Maintenance(JournalBase):
    """The part of a journal that checks and backs it up."""

    def changes(
        self,
        patient_id: str | None = None,
        *,
        kinds: Collection[str] | None = None,
        newest: int | None = None,
        skip: int = 0,
    ) -> tuple[Change, ...]:
        """Return the audit, oldest first.

        Parameters
        ----------
        patient_id : str, optional
            Of whom; without, of everything.
        kinds : collection of str, optional
            Only changes of such things (`Change.kind`).
        newest : int, optional
            Only so many, the newest of them.
        skip : int
            Pass over so many newer ones first.
        """
        with self._read() as connection:
            wanted = select(changes).order_by(changes.c.id.desc())
            if patient_id is not None:
                number = self._patient_number(connection, patient_id)
                wanted = wanted.where(changes.c.patient_id == number)
            if kinds is not None:
                wanted = wanted.where(changes.c.kind.in_(kinds))
            if newest is not None or skip:
                wanted = wanted.limit(newest).offset(skip)
            rows = connection.execute(wanted).mappings().all()
            return tuple(map(_change, reversed(rows)))

    def newest_change(self, patient_id: str) -> int:
        """Return the number of the newest change about a person; 0 before the first.

        As long as it stays the same, nothing about the person has changed. Numbers
        are never used again, also not after somebody was removed.
        """
        with self._read() as connection:
            number = self._patient_number(connection, patient_id)
            return connection.execute(_NEWEST, {"number": number}).scalar() or 0

    def check(self) -> Sequence[Finding]:
        """Look for damage: database, references, totals, files. Empty is sound."""
        from twitch_tracker.journal.upkeep.checking import check

        return check(self._database, self._signals)

    def tidy(self) -> int:
        """Remove signal files that nothing refers to; give their number."""
        from twitch_tracker.journal.upkeep.checking import remove_orphans

        return remove_orphans(self._database, self._signals)

    def drop_new_signals(self) -> int:
        """Remove signal files that a killed program stored and never referred to.

        Only those of this database: another one may use the same folder.
        """
        from twitch_tracker.journal.upkeep.checking import remove_unsettled

        return remove_unsettled(self._database, self._signals, self._where)

    def recompute(self) -> Recomputed:
        """Measure what older versions did not, of recordings whose signals are kept.

        Bursts and reviews stay as they are. Each recording is written whole or not at
        all; one whose signals cannot be read is left as it is and listed.
        """
        from twitch_tracker.journal.upkeep.recomputing import (
            Recomputed,
            lacking,
            recompute,
        )

        with self._read() as connection:
            rows = lacking(connection)
        done: list[str] = []
        unreadable: list[str] = []
        for row in rows:
            recording = int(row["recording_id"])
            with self._write() as connection:
                if not recompute(connection, row, self._signals):
                    unreadable.append(str(recording))
                    continue
                self._audit(
                    connection,
                    "recompute",
                    "recording",
                    str(recording),
                    patient=row["patient_id"],
                    after={"revision": row["number"]},
                    seals=((recordings, recording), (revisions, int(row["id"]))),
                )
            done.append(str(recording))
        return Recomputed(done=tuple(done), unreadable=tuple(unreadable))

    def backup(self, target: Path) -> Path:
        """Write everything, with signals, into one zip file, verify and give it.

        Parameters
        ----------
        target : Path
            The zip file; must not exist. `backup.restore` reads it back.

        Raises
        ------
        OutputNotWritable
            It exists or cannot be written; nothing is left behind then.
        """
        from twitch_tracker.journal.upkeep.backup import back_up

        return back_up(self._database, self._signals, target, self._clock())


def _change(row: RowMapping) -> Change:
    before, after = row["before"], row["after"]
    return Change(
        at=read_moment(row["at"]),
        by=row["by"],
        action=row["action"],
        kind=row["kind"],
        name=row["name"],
        before=None if before is None else json.loads(before),
        after=None if after is None else without_seals(json.loads(after)),
    )
