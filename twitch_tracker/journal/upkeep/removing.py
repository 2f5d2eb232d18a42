"""People and recordings out of the journal, for good and without a trace.

The order: a note of everything that goes (`removals`), then what lies beside the
journal, then the rows in one transaction, then signals, then what the database still
holds of removed rows in its own log; then it is looked again whether all is gone.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, func, select, update

from twitch_tracker.errors import JournalUnavailable, TwitchTrackerError, UnknownEntry
from twitch_tracker.journal.store.base import JournalBase, entry_number
from twitch_tracker.journal.store.database import PATIENCE_S
from twitch_tracker.journal.store.line_counts import forget_count
from twitch_tracker.journal.store.schema import (
    blinks,
    changes,
    diary,
    episodes,
    patients,
    recordings,
    review_marks,
    reviews,
    revisions,
    side_totals,
    treatments,
)
from twitch_tracker.journal.upkeep.removals import (
    PATIENT,
    RECORDING,
    Removal,
    drop_half_notes,
    kept_note,
    pending_removals,
    places_below,
    remove_place,
    working_on,
)
from twitch_tracker.language import say

__all__ = ["Removing"]

_log = logging.getLogger(__name__)

_TRIES: Final = 3
"""A note may be taken for half of one and dropped by another program at the moment in
which it is written; then it is written again."""

_OF_REVISIONS: Final = (side_totals, episodes, blinks, review_marks)


class Removing(JournalBase):
    """The part of `Journal` that removes."""

    def forget_patient(self, patient_id: str, *, also: Collection[Path] = ()) -> int:
        """Remove a person with everything: recordings, signals, diary, treatments.

        Also every line of the audit about them; one line stays that says that a
        person was removed, when and by whom, without the pseudonym. It is noted on
        the disk first, and what a kill leaves is removed when the journal is next
        opened.

        Parameters
        ----------
        patient_id : str
            Who.
        also : collection of Path
            Files and folders below the journal's folder that go with the person:
            the videos that the app keeps.

        Returns
        -------
        int
            How many recordings were removed.

        Raises
        ------
        JournalUnavailable
            Something could not be removed (yet); the rest is.
        """
        with self._read() as connection:
            number = self._patient_number(connection, patient_id)
            row = connection.execute(
                select(patients.c.name, patients.c.created_at).where(
                    patients.c.id == number
                )
            ).one()
            of_person = recordings.c.patient_id == number
            count = connection.execute(
                select(func.count(recordings.c.id)).where(of_person)
            ).scalar()
            removal = self._removal(
                connection, PATIENT, row.name, number, row.created_at, of_person, also
            )
        self._carry_out(removal)
        return int(count or 0)

    def remove_recording(
        self, recording_id: str, *, also: Collection[Path] = ()
    ) -> None:
        """Remove a recording with all revisions, reviews and signals.

        As `forget_patient` does: noted first, finished when killed; `also` goes, too.
        """
        number = entry_number("recording", recording_id)
        of_it = recordings.c.id == number
        with self._read() as connection:
            since = connection.execute(select(recordings.c.logged_at).where(of_it))
            logged_at = since.scalar()
            if logged_at is None:
                raise UnknownEntry(
                    say(
                        "There is no recording {name!r} in the journal.",
                        name=recording_id,
                    )
                )
            removal = self._removal(
                connection, RECORDING, recording_id, number, logged_at, of_it, also
            )
        self._carry_out(removal)

    def finish_removals(self) -> None:
        """Finish killed removals, as far as that is possible now.

        What cannot be removed yet stays noted, and `check` lists it.
        """
        drop_half_notes(self.home)
        for note, removal in pending_removals(self.home):
            try:
                self._finish_noted(note, removal, patience_s=0.0)
            except (TwitchTrackerError, OSError) as error:
                _log.warning("something is still to be removed: %s", error)

    def finish_removal(self, note: Path, removal: Removal) -> None:
        """Finish one pending removal, or say why not.

        Raises
        ------
        JournalUnavailable
            Something could not be removed (yet).
        """
        self._finish_noted(note, removal, patience_s=PATIENCE_S)
        if note.exists():
            raise self._somebody_else_removes()

    def _finish_noted(self, note: Path, removal: Removal, *, patience_s: float) -> None:
        if removal.database != self._where:
            return
        with working_on(note, patience_s=patience_s) as ours:
            if ours:
                self._remove(removal, patiently=patience_s > 0)

    def _removal(
        self,
        connection: Connection,
        kind: str,
        name: str,
        number: int,
        since: str,
        which: Any,
        also: Collection[Path],
    ) -> Removal:
        owned = select(recordings.c.id).where(which)
        paths = select(revisions.c.signals_path).where(
            revisions.c.recording_id.in_(owned), revisions.c.signals_path != ""
        )
        return Removal(
            kind=kind,
            name=name,
            number=number,
            since=since,
            database=self._where,
            places=tuple(places_below(self.home, tuple(also))),
            signals=tuple(sorted(set(connection.execute(paths).scalars()))),
        )

    def _carry_out(self, removal: Removal) -> None:
        """Write the note and remove; another program may do it first.

        Raises
        ------
        JournalUnavailable
            It is not all gone.
        """
        for _ in range(_TRIES):
            note = kept_note(self.home, removal)
            with working_on(note, patience_s=PATIENCE_S) as ours:
                if ours:
                    self._remove(removal, patiently=True)
            if note.exists() or not self._is_there(removal):
                break
        if note.exists() or self._is_there(removal):
            raise self._somebody_else_removes()

    def _is_there(self, removal: Removal) -> bool:
        """Return whether the rows of a removal are still there: looked again."""
        table, same = _row_of(removal)
        with self._read() as connection:
            wanted = select(func.count()).select_from(table).where(*same)
            return bool(connection.execute(wanted).scalar())

    def _somebody_else_removes(self) -> JournalUnavailable:
        return JournalUnavailable(
            say(
                "journal {place}: another program is removing this just now, and it is "
                "not all gone yet. Close the other program, and run the same command "
                "again; the rest is noted, and removed when the journal is next "
                "opened.",
                place=self.place,
            )
        )

    def _remove(self, removal: Removal, *, patiently: bool) -> None:
        """Remove all that a note names; harmless where it was done already."""
        for name in removal.places:
            remove_place(self.home, name)
        with self._write() as connection:
            late = self._remove_rows(connection, removal)
        self._remove_files({*removal.signals, *late})
        self._remove_never_logged()
        wiped = self._database.shred(wait=patiently)
        for name in removal.places:
            remove_place(self.home, name)  # again: what was added meanwhile goes, too
        if not wiped:
            raise JournalUnavailable(
                say(
                    "journal {place}: removed, but another program is reading the "
                    "journal, and an older state stays in the journal's log file until "
                    "it ends. Close it; the rest is wiped when the journal is next "
                    "opened.",
                    place=self.place,
                )
            )

    def _remove_rows(self, connection: Connection, removal: Removal) -> tuple[str, ...]:
        """Remove the rows unless they are gone; give signals that are unused now."""
        table, same = _row_of(removal)
        row = connection.execute(select(table).where(*same)).mappings().one_or_none()
        if row is None:
            return ()
        if removal.kind == PATIENT:
            unused = _forget_rows(connection, removal.number)
            self._audit(connection, "forget", "patient", "", patient=None)
            return unused
        of_it = revisions.c.recording_id == removal.number
        unused = _remove_revisions(connection, of_it)
        _delete(connection, recordings, "id", removal.number)
        self._audit(
            connection,
            "remove",
            "recording",
            removal.name,
            patient=row["patient_id"],
            before={name: value for name, value in row.items() if name != "id"},
        )
        return unused

    def _remove_never_logged(self) -> None:
        """Remove signals that a killed program stored and never logged, whoever's."""
        from twitch_tracker.journal.upkeep.checking import remove_unsettled

        remove_unsettled(self._database, self._signals, self._where)

    def _remove_files(self, paths: Iterable[str]) -> None:
        """Remove files that nothing refers to, also not meanwhile."""
        with self._write() as connection:
            for path in sorted(paths):
                if not _still_used(connection, path):
                    self._signals.remove(path)


def _row_of(removal: Removal) -> tuple[Table, tuple[Any, ...]]:
    """Return the table of a removal, and the condition of its row."""
    table, since = (
        (patients, patients.c.created_at)
        if removal.kind == PATIENT
        else (recordings, recordings.c.logged_at)
    )
    return table, (table.c.id == removal.number, since == removal.since)


def _forget_rows(connection: Connection, number: int) -> tuple[str, ...]:
    """Remove every row of a person."""
    owned = select(recordings.c.id).where(recordings.c.patient_id == number)
    unused = _remove_revisions(connection, revisions.c.recording_id.in_(owned))
    for table in (recordings, diary, treatments, changes):
        _delete(connection, table, "patient_id", number)
    forget_count(connection, number)
    _delete(connection, patients, "id", number)
    return unused


def _remove_revisions(connection: Connection, which: Any) -> tuple[str, ...]:
    """Remove revisions with all that hangs on them; give files unused since then."""
    chosen = select(revisions.c.id).where(which)
    paths = {
        path
        for (path,) in connection.execute(select(revisions.c.signals_path).where(which))
        if path
    }
    of_chosen = reviews.c.revision_id.in_(chosen)
    connection.execute(update(reviews).where(of_chosen).values(undoes=None))
    for table in (*_OF_REVISIONS, reviews):
        connection.execute(delete(table).where(table.c.revision_id.in_(chosen)))
    connection.execute(delete(revisions).where(which))
    return tuple(path for path in sorted(paths) if not _still_used(connection, path))


def _still_used(connection: Connection, path: str) -> bool:
    wanted = select(func.count()).where(revisions.c.signals_path == path)
    return bool(connection.execute(wanted).scalar())


def _delete(connection: Connection, table: Table, column: str, value: int) -> None:
    connection.execute(delete(table).where(table.c[column] == value))
