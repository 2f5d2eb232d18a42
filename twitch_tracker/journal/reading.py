"""Read recordings from the journal: lists, one whole revision, the history.

Note: a long list is chosen from `overview` and only then read, so that a page of ten
years costs only what it shows.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, select, update

from twitch_tracker.border.plain import measured
from twitch_tracker.errors import UnknownEntry
from twitch_tracker.history import (
    USUAL_BASIS,
    Basis,
    PatientHistory,
    Task,
)
from twitch_tracker.journal.entries import (
    Burst,
    LoggedAnalysis,
    RecordingBrief,
    RecordingEntry,
    TimeKnown,
)
from twitch_tracker.journal.histories import (
    METHOD_COLUMNS,
    logged_recordings,
    read_method,
)
from twitch_tracker.journal.notes import Notes
from twitch_tracker.journal.people import People
from twitch_tracker.journal.reviewed.marks import counted_marks
from twitch_tracker.journal.store.base import entry_number, is_entry_name
from twitch_tracker.journal.store.packing import (
    episode_from_row,
    excluded_from_json,
    hardly_open_from_json,
    read_blink,
    read_moment,
)
from twitch_tracker.journal.store.schema import (
    blinks,
    episodes,
    methods,
    patients,
    recordings,
    revisions,
    side_totals,
)
from twitch_tracker.language import say
from twitch_tracker.regions import Side

__all__ = ["Recordings", "bursts_of", "revision_row"]

_LIST = (
    select(
        recordings,
        patients.c.name.label("patient"),
        revisions.c.id.label("revision_id"),
        revisions.c.recorded_s,
        revisions.c.analysable_s,
        revisions.c.blinks,
        *METHOD_COLUMNS,
    )
    .join(patients, patients.c.id == recordings.c.patient_id)
    .join(
        revisions,
        and_(
            revisions.c.recording_id == recordings.c.id,
            revisions.c.number == recordings.c.newest,
        ),
    )
    .join(methods, methods.c.id == revisions.c.method_id)
)


class Recordings(Notes, People):
    """The part of `Journal` that reads recordings, and corrects what was entered."""

    def recordings(
        self, patient_id: str, names: Collection[str] | None = None
    ) -> tuple[RecordingEntry, ...]:
        """Return recordings of a person, in order of time.

        Parameters
        ----------
        patient_id : str
            Whose.
        names : collection of str, optional
            Only these; names that are no recording of this person are passed over.
            Without, all of them.
        """
        with self._read() as connection:
            patient = self._patient_number(connection, patient_id)
            of_patient = recordings.c.patient_id == patient
            if names is None:
                return _entries(connection, of_patient)
            numbers = [int(name) for name in names if is_entry_name(name)]
            return _entries(connection, of_patient & recordings.c.id.in_(numbers))

    def overview(self, patient_id: str) -> tuple[RecordingBrief, ...]:
        """Return all recordings of a person, in order of time, without their numbers.

        Quick also for many years: choose here what is shown, then ask `recordings`
        for that alone.
        """
        with self._read() as connection:
            patient = self._patient_number(connection, patient_id)
            of_patient = recordings.c.patient_id == patient
            marks = counted_marks(connection, of_patient)
            wanted = (
                select(recordings.c.id, recordings.c.started_at, recordings.c.task)
                .where(of_patient)
                .order_by(recordings.c.started_epoch_s, recordings.c.id)
            )
            return tuple(
                RecordingBrief(
                    recording_id=str(number),
                    started_at=read_moment(started_at),
                    task=Task(task),
                    reviewed_by=marks[number].rater if number in marks else "",
                )
                for number, started_at, task in connection.execute(wanted).all()
            )

    def recording(self, recording_id: str) -> RecordingEntry:
        """Return one recording."""
        with self._read() as connection:
            return _entry(connection, recording_id)

    def contents(self) -> frozenset[str]:
        """Return hashes of the content of every recording, of everybody."""
        with self._read() as connection:
            wanted = select(recordings.c.content_sha256)
            return frozenset(connection.execute(wanted).scalars())

    def change_recording(
        self,
        recording_id: str,
        *,
        started_at: datetime | None = None,
        task: Task | None = None,
        device: str | None = None,
        note: str | None = None,
    ) -> RecordingEntry:
        """Correct what was entered about a recording; None leaves it as it is."""
        new: dict[str, Any] = {}
        if started_at is not None:
            self._refuse_future(started_at)
            new["started_at"] = started_at.isoformat()
            new["started_epoch_s"] = started_at.timestamp()
            new["time_known"] = TimeKnown.STATED.value
        if task is not None:
            new["task"] = task.value
        new |= {} if device is None else {"device": device}
        new |= {} if note is None else {"note": note}
        with self._write() as connection:
            old = _recording_row(connection, recording_id)
            changed = {name: old[name] for name in new if old[name] != new[name]}
            if changed:
                here = recordings.c.id == old["id"]
                connection.execute(update(recordings).where(here).values(**new))
                self._audit(
                    connection,
                    "change",
                    "recording",
                    recording_id,
                    patient=old["patient_id"],
                    before=changed,
                    after={name: new[name] for name in changed},
                    seals=((recordings, int(old["id"])),),
                )
            return _entry(connection, recording_id)

    def analysis(
        self, recording_id: str, revision: int | None = None
    ) -> LoggedAnalysis:
        """Return one revision with bursts as detected; None is the counted one."""
        with self._read() as connection:
            row = revision_row(connection, recording_id, revision)
            closures = _numbered(connection, blinks, row["id"])
            return LoggedAnalysis(
                recording_id=recording_id,
                revision=row["number"],
                method=read_method(row),
                parameters=json.loads(row["parameters"]),
                recorded_s=row["recorded_s"],
                analysable_s=row["analysable_s"],
                rest_asymmetry=measured(row["rest_asymmetry"]),
                bursts=bursts_of(connection, row["id"]),
                blinks=tuple(read_blink(closure) for closure in closures),
                excluded=excluded_from_json(row["excluded"]),
                hardly_open=hardly_open_from_json(row["hardly_open"]),
                summary=json.loads(row["summary"]),
                signals=(
                    self._signals.path(row["signals_path"])
                    if row["signals_path"]
                    else None
                ),
                signals_sha256=row["signals_sha256"],
                analysed_at=read_moment(row["analysed_at"]),
                logged_at=read_moment(row["logged_at"]),
            )

    def history(self, patient_id: str, basis: Basis = USUAL_BASIS) -> PatientHistory:
        """Return everything progression needs, without touching single bursts.

        `Basis.BOTH` takes a review of an older revision only while the newest one was
        measured with the same method: a course of one method stays whole.
        `Basis.REVIEWED` gives only recordings with a finished review, with the
        method of the revision that was reviewed.
        """
        with self._read() as connection:
            number = self._patient_number(connection, patient_id)
            return PatientHistory(
                patient=self._patient(connection, patient_id),
                recordings=logged_recordings(connection, number, basis),
                treatments=self._treatments(connection, number),
                diary=self._diary(connection, number),
            )


# --- lists ------------------------------------------------------------------


def _entries(connection: Connection, which: Any) -> tuple[RecordingEntry, ...]:
    """List recordings in order of time."""
    wanted = _LIST.where(which).order_by(recordings.c.started_epoch_s, recordings.c.id)
    rows = connection.execute(wanted).mappings().all()
    counted = {
        recording: mark.rater
        for recording, mark in counted_marks(connection, which).items()
    }
    bursts = _bursts(connection, which, Basis.DETECTED, side_totals.c.revision_id)
    reviewed = _bursts(connection, which, Basis.REVIEWED, recordings.c.id)
    return tuple(
        _as_entry(row, bursts, reviewed, counted.get(row["id"], "")) for row in rows
    )


def _bursts(
    connection: Connection, which: Any, basis: Basis, by: Any
) -> dict[tuple[int, str], int]:
    """Count the bursts of every side, by revision or (of its one review) recording."""
    wanted = (
        select(by, side_totals.c.side, side_totals.c.bursts)
        .join(revisions, revisions.c.id == side_totals.c.revision_id)
        .join(recordings, recordings.c.id == revisions.c.recording_id)
        .where(which, side_totals.c.basis == basis.value)
    )
    return {(row[0], row[1]): row[2] for row in connection.execute(wanted)}


def _entry(connection: Connection, recording_id: str) -> RecordingEntry:
    row = _recording_row(connection, recording_id)
    (entry,) = _entries(connection, recordings.c.id == row["id"])
    return entry


def _as_entry(
    row: RowMapping,
    bursts: dict[tuple[int, str], int],
    reviewed: dict[tuple[int, str], int],
    reviewed_by: str,
) -> RecordingEntry:
    left, right = (
        bursts.get((row["revision_id"], side.value), 0)
        for side in (Side.LEFT, Side.RIGHT)
    )
    return RecordingEntry(
        recording_id=str(row["id"]),
        patient_id=row["patient"],
        content_sha256=row["content_sha256"],
        file_name=row["file_name"],
        device=row["device"],
        note=row["note"],
        started_at=read_moment(row["started_at"]),
        time_known=TimeKnown(row["time_known"]),
        task=Task(row["task"]),
        mirrored=bool(row["mirrored"]),
        logged_at=read_moment(row["logged_at"]),
        revision=row["newest"],
        method=read_method(row),
        recorded_s=row["recorded_s"],
        analysable_s=row["analysable_s"],
        bursts_left=left,
        bursts_right=right,
        blinks=row["blinks"],
        counted_left=reviewed.get((row["id"], Side.LEFT.value), left),
        counted_right=reviewed.get((row["id"], Side.RIGHT.value), right),
        reviewed_by=reviewed_by,
    )


def _recording_row(connection: Connection, recording_id: str) -> RowMapping:
    """Look a recording up."""
    number = entry_number("recording", recording_id)
    wanted = select(recordings).where(recordings.c.id == number)
    row = connection.execute(wanted).mappings().one_or_none()
    if row is None:
        raise UnknownEntry(
            say(
                "There is no recording {recording_id} in the journal.",
                recording_id=recording_id,
            ),
            say("`twitch-tracker journal list --patient ID` shows which there are."),
        )
    return row


def revision_row(
    connection: Connection, recording_id: str, revision: int | None
) -> RowMapping:
    """Look a revision up, with its method.

    Parameters
    ----------
    connection : Connection
        For reading.
    recording_id : str
        Of which recording.
    revision : int or None
        Its number; None is the newest.

    Returns
    -------
    RowMapping
        The columns of `schema.revisions` and of its method, and ``patient_id``.

    Raises
    ------
    UnknownEntry
        No such recording or revision.
    """
    recording = _recording_row(connection, recording_id)
    wanted = (
        select(revisions, *METHOD_COLUMNS, recordings.c.patient_id)
        .join(methods, methods.c.id == revisions.c.method_id)
        .join(recordings, recordings.c.id == revisions.c.recording_id)
        .where(
            revisions.c.recording_id == recording["id"],
            revisions.c.number == (revision or recording["newest"]),
        )
    )
    row = connection.execute(wanted).mappings().one_or_none()
    if row is None:
        raise UnknownEntry(
            say(
                "Recording {recording_id} has no revision {revision}; it has 1 to "
                "{newest}.",
                recording_id=recording_id,
                revision=revision,
                newest=recording["newest"],
            )
        )
    return row


def bursts_of(connection: Connection, revision_key: int) -> tuple[Burst, ...]:
    """Read the detected bursts of a revision (by its primary key), by onset."""
    return tuple(
        Burst(key=f"d{row['number']}", episode=episode_from_row(row))
        for row in _numbered(connection, episodes, revision_key)
    )


def _numbered(
    connection: Connection, table: Any, revision: int
) -> Iterable[RowMapping]:
    wanted = select(table).where(table.c.revision_id == revision)
    return connection.execute(wanted.order_by(table.c.number)).mappings()
