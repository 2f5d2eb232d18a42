"""Log analyses: recordings, revisions, bursts and their totals.

Note: the same content of the same person is one recording; an analysis is the same when
its method, its parameters and every number are; what was entered later about a
recording (when, task, device, note) replaces what was assumed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from twitch_tracker.border.plain import number
from twitch_tracker.errors import BadParameter, LoggedForAnother
from twitch_tracker.exchange.saved_summary import SavedSummary
from twitch_tracker.history import Basis, Method, SideTotals, Task
from twitch_tracker.journal.entries import (
    Analysis,
    Logged,
    LogOutcome,
    TimeKnown,
)
from twitch_tracker.journal.store.base import JournalBase
from twitch_tracker.journal.store.packing import (
    EPISODE_COLUMNS,
    blink_row,
    episode_row,
    excluded_to_json,
    hardly_open_to_json,
    moment,
    to_json,
    totals_row,
)
from twitch_tracker.journal.store.schema import (
    blinks,
    episodes,
    methods,
    recordings,
    review_marks,
    revisions,
    side_totals,
)
from twitch_tracker.journal.store.seals import digest_again, digest_of
from twitch_tracker.journal.totals import totals_of_sides
from twitch_tracker.language import say
from twitch_tracker.records.face_numbers import FaceNumbers, face_numbers_from
from twitch_tracker.regions import Side

__all__ = ["BLINK_COLUMNS", "SHA256", "Logging", "write_totals"]

SHA256: Final = re.compile(r"[0-9a-f]{64}")
_NO_SIGNALS: Final = ("", "")
BLINK_COLUMNS: Final = (
    "start_s",
    "end_s",
    "complete",
    "closure_left",
    "closure_right",
)
_SURENESS: Final = (TimeKnown.FILE_DATE, TimeKnown.FROM_FILE, TimeKnown.STATED)
"""How it is known when a recording was made, from the least to the most sure."""


class Logging(JournalBase):
    """The part of `Journal` that logs analyses."""

    def log(
        self, patient_id: str, analysis: Analysis, *, allow_other_patient: bool = False
    ) -> Logged:
        """Log one analysis.

        The same content of the same person is the same recording; another method or
        other numbers are a new revision, which is counted from now on, and the old
        one is kept. What is known already changes nothing.

        Raises
        ------
        BadParameter
            `started_at` is in the future or not aware, or lengths are not sensible.
        LoggedForAnother
            The same content is logged for another person and `allow_other_patient`
            is not set (mixing people up is the worst error there is).
        """
        self._check(analysis)
        self._new_signals.clear()
        with self._write() as connection:
            patient = self._patient_number(connection, patient_id)
            if not allow_other_patient:
                _refuse_other_patient(connection, patient, analysis)
            logged = self._log(connection, patient, analysis)
        self._settle()
        return logged

    def log_many(
        self, patient_id: str, analyses: Iterable[Analysis]
    ) -> tuple[Logged, ...]:
        """Log many analyses in one transaction: all or none."""
        self._new_signals.clear()
        with self._write() as connection:
            patient = self._patient_number(connection, patient_id)
            logged = []
            for analysis in analyses:
                self._check(analysis)
                _refuse_other_patient(connection, patient, analysis)
                logged.append(self._log(connection, patient, analysis))
        self._settle()
        return tuple(logged)

    def _check(self, analysis: Analysis) -> None:
        """Refuse what cannot be true."""
        if not SHA256.fullmatch(analysis.content_sha256):
            expected = say("a SHA-256 of the recording, 64 hexadecimal digits")
            raise BadParameter("content_sha256", expected, analysis.content_sha256)
        self._refuse_future(analysis.started_at)
        for name in ("recorded_s", "analysable_s"):
            value = getattr(analysis, name)
            if not (math.isfinite(value) and value >= 0):
                raise BadParameter(name, say("a number of seconds from 0"), value)
        for episode in analysis.episodes:
            if episode.span.start_s < 0:
                raise BadParameter(
                    "episodes", say("onsets from 0 s"), episode.span.start_s
                )

    def _store_signals(self, analysis: Analysis) -> tuple[str, str]:
        if analysis.signals is None:
            return _NO_SIGNALS
        content = analysis.content_sha256
        stored = self._signals.put(analysis.signals, content, self._where)
        self._new_signals.append(stored[0])
        return stored

    @cached_property
    def _new_signals(self) -> list[str]:
        """Files that this journal has stored and not settled yet."""
        return []

    def _settle(self) -> None:
        """Mark stored signals as referred to."""
        while self._new_signals:
            self._signals.settle(self._new_signals.pop())

    def _log(self, connection: Connection, patient: int, analysis: Analysis) -> Logged:
        """Log within a transaction."""
        old = _find(connection, patient, analysis.content_sha256)
        bursts = [episode_row(episode) for episode in analysis.episodes]
        digest = _digest(analysis, bursts)
        if old is not None:
            known = select(revisions.c.number).where(
                revisions.c.recording_id == old["id"], revisions.c.digest == digest
            )
            revision = connection.execute(known).scalar()
            turned = bool(old["mirrored"]) != analysis.mirrored
            if revision is not None and (revision == old["newest"] or not turned):
                self._learn(connection, old, analysis, newest=old["newest"])
                return _logged(old["id"], revision, LogOutcome.NOTHING_NEW)
            if revision is not None:
                # Turned round and back: the earlier analysis counts again.
                digest = digest_again(digest, old["newest"])
            revision = int(old["newest"]) + 1
            recording = int(old["id"])
            if turned:
                self._reopen_reviews(connection, recording)
            self._learn(connection, old, analysis, newest=revision)
            outcome = LogOutcome.NEW_REVISION
        else:
            revision = 1
            recording = self._add_recording(connection, patient, analysis)
            outcome = LogOutcome.NEW_RECORDING
        key = self._add_revision(
            connection, recording, revision, analysis, digest, bursts
        )
        of_key = select(revisions.c.method_id).where(revisions.c.id == key)
        method = int(connection.execute(of_key).scalar_one())
        self._audit(
            connection,
            "log",
            "recording",
            str(recording),
            patient=patient,
            after={"revision": revision, "file_name": analysis.file_name},
            seals=((recordings, recording), (revisions, key), (methods, method)),
        )
        return _logged(recording, revision, outcome)

    def _reopen_reviews(self, connection: Connection, recording: int) -> None:
        """Reopen finished reviews: their sides are those of the other mirroring."""
        wanted = (
            select(review_marks)
            .join(revisions, revisions.c.id == review_marks.c.revision_id)
            .where(revisions.c.recording_id == recording)
            .order_by(review_marks.c.id)
        )
        latest: dict[tuple[object, ...], dict[str, Any]] = {}
        for row in connection.execute(wanted).mappings():
            row_mark = {name: row[name] for name in ("revision_id", "rater", "way")}
            latest[tuple(row_mark.values())] = {
                **row_mark,
                "finished": bool(row["finished"]),
            }
        open_ = {"at": moment(self._clock()), "finished": False}
        again = [
            {**row_mark, **open_}
            for row_mark in latest.values()
            if row_mark["finished"]
        ]
        if again:
            connection.execute(insert(review_marks), again)
        of_it = select(revisions.c.id).where(revisions.c.recording_id == recording)
        connection.execute(
            delete(side_totals).where(
                side_totals.c.revision_id.in_(of_it),
                side_totals.c.basis == Basis.REVIEWED.value,
            )
        )

    def _add_recording(
        self, connection: Connection, patient: int, analysis: Analysis
    ) -> int:
        row = {
            "patient_id": patient,
            "content_sha256": analysis.content_sha256,
            "newest": 1,
            "file_name": analysis.file_name,
            "logged_at": moment(self._clock()),
            **_stated_cells(analysis),
        }
        return _inserted(connection, recordings, row)

    def _learn(
        self, connection: Connection, old: RowMapping, analysis: Analysis, newest: int
    ) -> None:
        """Update what was entered about a recording that is logged already."""
        new: dict[str, Any] = {"newest": newest}
        stated = _stated_cells(analysis)
        if analysis.task is not Task.OTHER:
            new["task"] = stated["task"]
        new |= {name: stated[name] for name in ("device", "note") if stated[name]}
        if newest != old["newest"]:
            new["mirrored"] = stated["mirrored"]
        known = _SURENESS.index(TimeKnown(old["time_known"]))
        if _SURENESS.index(analysis.time_known) >= max(known, 1):
            new |= {
                name: stated[name]
                for name in ("started_at", "started_epoch_s", "time_known")
            }
        changed = {name: old[name] for name, value in new.items() if old[name] != value}
        if not changed:
            return
        connection.execute(
            update(recordings).where(recordings.c.id == old["id"]).values(**new)
        )
        if set(changed) != {"newest"}:
            self._audit(
                connection,
                "change",
                "recording",
                str(old["id"]),
                patient=old["patient_id"],
                before=changed,
                after={name: new[name] for name in changed},
                seals=((recordings, int(old["id"])),),
            )

    def _add_revision(
        self,
        connection: Connection,
        recording: int,
        revision: int,
        analysis: Analysis,
        digest: str,
        bursts: Sequence[tuple[Any, ...]],
    ) -> int:
        now = self._clock()
        stored = self._store_signals(analysis)
        row = {
            "recording_id": recording,
            "number": revision,
            "method_id": _method_number(connection, analysis.method),
            "recorded_s": analysis.recorded_s,
            "analysable_s": analysis.analysable_s,
            "blinks": len(analysis.blinks),
            "rest_asymmetry": number(analysis.rest_asymmetry),
            "digest": digest,
            "signals_path": stored[0],
            "signals_sha256": stored[1],
            "analysed_at": moment(analysis.analysed_at or now),
            "logged_at": moment(now),
            "excluded": excluded_to_json(analysis.excluded),
            "parameters": to_json(dict(analysis.parameters)),
            "summary": to_json(dict(analysis.summary)),
            "hardly_open": hardly_open_to_json(analysis.hardly_open),
            **{name: number(value) for name, value in asdict(_face(analysis)).items()},
        }
        key = _inserted(connection, revisions, row)
        closures = map(blink_row, analysis.blinks)
        _insert_numbered(connection, episodes, key, EPISODE_COLUMNS, bursts)
        _insert_numbered(connection, blinks, key, BLINK_COLUMNS, closures)
        totals = totals_of_sides(
            analysis.episodes, analysis.excluded, analysis.hardly_open
        )
        write_totals(connection, key, "detected", totals)
        return key


def write_totals(
    connection: Connection, revision: int, basis: str, totals: dict[Side, SideTotals]
) -> None:
    """Write what `side_totals` holds of one revision and basis.

    Parameters
    ----------
    connection : Connection
        Within the transaction of what the totals derive from.
    revision : int
        Primary key of the revision.
    basis : str
        ``detected`` or ``reviewed``.
    totals : dict
        Of both sides.
    """
    rows = [
        {
            "revision_id": revision,
            "basis": basis,
            "side": side.value,
            **totals_row(of_side),
        }
        for side, of_side in totals.items()
    ]
    connection.execute(insert(side_totals), rows)


def _digest(analysis: Analysis, bursts: Sequence[tuple[Any, ...]]) -> str:
    """Hash method, parameters and every number; equal means nothing new."""
    return digest_of(
        method=analysis.method,
        parameters=to_json(dict(analysis.parameters)),
        numbers=(analysis.recorded_s, analysis.analysable_s, analysis.rest_asymmetry),
        excluded=excluded_to_json(analysis.excluded),
        bursts=bursts,
        blinks=[blink_row(blink) for blink in analysis.blinks],
        hardly_open=hardly_open_to_json(analysis.hardly_open or None),
        face=asdict(_face(analysis)),
    )


def _face(analysis: Analysis) -> FaceNumbers:
    """Return what the summary says of the face apart from bursts."""
    return face_numbers_from(SavedSummary(analysis.summary).face)


def _stated_cells(analysis: Analysis) -> dict[str, Any]:
    """Make the cells of what was entered about a recording."""
    return {
        "started_at": analysis.started_at.isoformat(),
        "started_epoch_s": analysis.started_at.timestamp(),
        "time_known": analysis.time_known.value,
        "task": analysis.task.value,
        "device": analysis.device,
        "mirrored": analysis.mirrored,
        "note": analysis.note,
    }


def _logged(recording: int, revision: int, outcome: LogOutcome) -> Logged:
    return Logged(recording_id=str(recording), revision=revision, outcome=outcome)


def _find(
    connection: Connection, patient: int, content_sha256: str
) -> RowMapping | None:
    """Find a recording by its content."""
    wanted = select(recordings).where(
        recordings.c.patient_id == patient,
        recordings.c.content_sha256 == content_sha256,
    )
    return connection.execute(wanted).mappings().one_or_none()


def _refuse_other_patient(
    connection: Connection, patient: int, analysis: Analysis
) -> None:
    """Refuse a recording that is logged for somebody else."""
    wanted = (
        select(recordings.c.id)
        .where(
            recordings.c.content_sha256 == analysis.content_sha256,
            recordings.c.patient_id != patient,
        )
        .order_by(recordings.c.id)
    )
    other = connection.execute(wanted).scalar()
    if other is None or _find(connection, patient, analysis.content_sha256):
        return
    raise LoggedForAnother(analysis.file_name, str(other))


def _method_number(connection: Connection, method: Method) -> int:
    """Find or enter a method."""
    row = asdict(method)
    same = [methods.c[name] == value for name, value in row.items()]
    found = connection.execute(select(methods.c.id).where(*same)).scalar()
    return int(found) if found is not None else _inserted(connection, methods, row)


def _inserted(connection: Connection, table: Any, row: dict[str, Any]) -> int:
    """Insert one row and give its key."""
    key = connection.execute(insert(table), row).inserted_primary_key
    if key is None:
        raise AssertionError(f"no key came back from {table.name}")
    return int(key[0])


def _insert_numbered(
    connection: Connection,
    table: Any,
    revision: int,
    columns: Sequence[str],
    cells: Iterable[tuple[Any, ...]],
) -> None:
    """Insert rows that are numbered from 1 within their revision."""
    rows = [
        {
            "revision_id": revision,
            "number": place,
            **dict(zip(columns, row, strict=True)),
        }
        for place, row in enumerate(cells, start=1)
    ]
    if rows:
        connection.execute(insert(table), rows)
