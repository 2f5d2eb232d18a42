"""Read what progression needs of a person's recordings.

Note: only totals are read, never bursts, so that ten years of recordings are read
quickly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, or_, select

from twitch_tracker.border.plain import measured
from twitch_tracker.history import Basis, LoggedRecording, Method, SideTotals, Task
from twitch_tracker.journal.store.packing import (
    TOTALS_COLUMNS,
    read_moment,
    totals_from_cells,
)
from twitch_tracker.journal.store.schema import (
    methods,
    recordings,
    revisions,
    side_totals,
)
from twitch_tracker.records.face_numbers import FACE_NUMBERS, face_numbers_from
from twitch_tracker.regions import Side

__all__ = ["METHOD_COLUMNS", "logged_recordings", "read_method"]

METHOD_COLUMNS = tuple(column for column in methods.c if column.name != "id")
"""Columns of `schema.methods` that make a `Method`."""


def read_method(row: Mapping[str, Any] | RowMapping) -> Method:
    """Read a method from a row that holds `METHOD_COLUMNS`."""
    return Method(**{column.name: row[column.name] for column in METHOD_COLUMNS})


def logged_recordings(
    connection: Connection, patient: int, basis: Basis
) -> tuple[LoggedRecording, ...]:
    """Read the recordings of a person, each once.

    Parameters
    ----------
    connection : Connection
        For reading.
    patient : int
        Primary key of the person.
    basis : Basis
        Whose bursts count.

    Returns
    -------
    tuple of LoggedRecording
        In order of time.
    """
    totals = _totals(connection, patient, basis)
    by_method = {
        row["id"]: read_method(row)
        for row in connection.execute(select(methods)).mappings()
    }
    chosen: dict[int, LoggedRecording] = {}
    for row in connection.execute(_candidates(patient)).all():
        method = by_method[row.method_id]
        known = chosen.get(row.id)
        for of_basis in (Basis.REVIEWED, Basis.DETECTED):
            sides = totals.get((row.revision_id, of_basis.value))
            newest = row.number == row.newest or of_basis is Basis.REVIEWED
            if sides and newest and _replaces(of_basis, method, known):
                chosen[row.id] = _recording(row, method, sides, of_basis)
                break
    return tuple(chosen.values())


def _replaces(basis: Basis, method: Method, known: LoggedRecording | None) -> bool:
    """Return whether a revision counts rather than the one before it.

    Revisions come oldest first. A review of an older one counts until the recording
    was measured again with another method: what two methods measured never mixes.
    """
    if known is None:
        return True
    same = method.key == known.method.key
    return basis is Basis.REVIEWED or known.basis is Basis.DETECTED or not same


def _candidates(patient: int) -> Select[Any]:
    """Return every revision of a person, in order of time."""
    return (
        select(
            recordings.c.id,
            recordings.c.started_at,
            recordings.c.task,
            recordings.c.device,
            recordings.c.newest,
            revisions.c.id.label("revision_id"),
            revisions.c.number,
            revisions.c.recorded_s,
            revisions.c.analysable_s,
            revisions.c.blinks,
            revisions.c.rest_asymmetry,
            revisions.c.method_id,
            *(revisions.c[name] for name in FACE_NUMBERS),
        )
        .join(revisions, revisions.c.recording_id == recordings.c.id)
        .where(recordings.c.patient_id == patient)
        .order_by(recordings.c.started_epoch_s, recordings.c.id, revisions.c.number)
    )


def _totals(
    connection: Connection, patient: int, basis: Basis
) -> dict[tuple[int, str], dict[Side, SideTotals]]:
    """Read the totals that a basis can need, by revision and basis."""
    detected = and_(
        side_totals.c.basis == Basis.DETECTED.value,
        revisions.c.number == recordings.c.newest,
    )
    reviewed = side_totals.c.basis == Basis.REVIEWED.value
    which = {Basis.DETECTED: detected, Basis.REVIEWED: reviewed}
    wanted = (
        select(
            side_totals.c.revision_id,
            side_totals.c.basis,
            side_totals.c.side,
            *(side_totals.c[name] for name in TOTALS_COLUMNS),
        )
        .join(revisions, revisions.c.id == side_totals.c.revision_id)
        .join(recordings, recordings.c.id == revisions.c.recording_id)
        .where(
            recordings.c.patient_id == patient,
            which.get(basis, or_(detected, reviewed)),
        )
    )
    found: dict[tuple[int, str], dict[Side, SideTotals]] = {}
    by_name = {side.value: side for side in Side}
    for row in connection.execute(wanted).all():
        sides = found.setdefault((row[0], row[1]), {})
        sides[by_name[row[2]]] = totals_from_cells(row[3:])
    return found


def _recording(
    row: Any, method: Method, sides: dict[Side, SideTotals], basis: Basis
) -> LoggedRecording:
    return LoggedRecording(
        recording_id=str(row.id),
        started_at=read_moment(row.started_at),
        task=Task(row.task),
        method=method,
        recorded_s=row.recorded_s,
        analysable_s=row.analysable_s,
        sides=sides,
        blinks=row.blinks,
        rest_asymmetry=measured(row.rest_asymmetry),
        basis=basis,
        device=row.device,
        face=face_numbers_from(row._mapping),
    )
