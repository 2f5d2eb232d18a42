"""Check whether each row of the journal can be read by the reader that the program has."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Table,
    exc,
    select,
)

from twitch_tracker.exchange.saved_summary import SavedSummary
from twitch_tracker.history import Task
from twitch_tracker.journal.entries import Finding, FindingKind, TimeKnown, Way
from twitch_tracker.journal.histories import read_method
from twitch_tracker.journal.logging_in import SHA256
from twitch_tracker.journal.notes import check_diary, check_treatment
from twitch_tracker.journal.reviewed.acts import read_act
from twitch_tracker.journal.store.line_counts import NOBODY
from twitch_tracker.journal.store.packing import (
    DatabaseRow,
    diary_entry,
    episode_from_row,
    excluded_from_json,
    hardly_open_from_json,
    read_blink,
    read_moment,
    treatment,
)
from twitch_tracker.journal.store.schema import (
    blinks,
    change_counts,
    changes,
    diary,
    episodes,
    methods,
    patients,
    recordings,
    review_marks,
    reviews,
    revisions,
    treatments,
)
from twitch_tracker.journal.store.signal_store import is_place
from twitch_tracker.journal.upkeep.checking_cells import finding

__all__ = ["check_readable"]

_SUM: Final = re.compile(r"[0-9a-f]{16}")


def _read_patient(row: DatabaseRow) -> None:
    read_moment(row["created_at"])


def _read_recording(row: DatabaseRow) -> None:
    read_moment(row["logged_at"])
    started_at = read_moment(row["started_at"])
    Task(row["task"])
    TimeKnown(row["time_known"])
    _demand(started_at.timestamp() == row["started_epoch_s"])
    _demand(SHA256.fullmatch(row["content_sha256"]) is not None)
    _demand(row["newest"] >= 1)


def _read_revision(row: DatabaseRow) -> None:
    read_moment(row["analysed_at"])
    read_moment(row["logged_at"])
    excluded_from_json(row["excluded"])
    hardly_open_from_json(row["hardly_open"])
    _demand(isinstance(json.loads(row["parameters"]), dict))
    summary = json.loads(row["summary"])
    _demand(isinstance(summary, dict))
    if summary:
        _ = SavedSummary(summary).parsed
    _demand(row["recorded_s"] >= 0 and row["analysable_s"] >= 0)
    sha256 = row["signals_sha256"]
    _demand(row["signals_path"].endswith(f"/{sha256}.parquet") if sha256 else True)
    _demand(bool(sha256) == bool(row["signals_path"]))
    _demand(not sha256 or is_place(row["signals_path"]))


def _read_mark(row: DatabaseRow) -> None:
    read_moment(row["at"])
    Way(row["way"])


def _read_diary(row: DatabaseRow) -> None:
    check_diary(diary_entry(row))


def _read_treatment(row: DatabaseRow) -> None:
    check_treatment(treatment(row))


def _read_act(row: DatabaseRow) -> None:
    cells: dict[str, Any] = {column.name: row[column.name] for column in reviews.c}
    read_act({**cells, "recording_id": 0, "number": 0})


def _read_change(row: DatabaseRow) -> None:
    read_moment(row["at"])
    for name in ("before", "after"):
        _demand(row[name] is None or isinstance(json.loads(row[name]), dict))


def _read_count(row: DatabaseRow) -> None:
    _demand(row["lines"] > 0 and row["patient_id"] >= NOBODY)
    _demand(_SUM.fullmatch(row["digest"]) is not None)


def _demand(true: bool) -> None:
    if not true:
        raise ValueError


_READERS: Final[tuple[tuple[Table, Callable[[DatabaseRow], object]], ...]] = (
    (patients, _read_patient),
    (recordings, _read_recording),
    (methods, read_method),
    (revisions, _read_revision),
    (episodes, episode_from_row),
    (blinks, read_blink),
    (reviews, _read_act),
    (review_marks, _read_mark),
    (diary, _read_diary),
    (treatments, _read_treatment),
    (changes, _read_change),
    (change_counts, _read_count),
)


def check_readable(connection: Connection) -> Iterator[Finding]:
    """Read each row by its reader.

    Parameters
    ----------
    connection : Connection
        For reading.

    Yields
    ------
    Finding
        Tables and rows that cannot be read.
    """
    for table, read in _READERS:
        keys = [column.name for column in table.primary_key]
        try:
            rows = connection.execute(select(table)).mappings().all()
        except (exc.SQLAlchemyError, ValueError, TypeError, OverflowError):
            # Its cells do not fit the types of its columns, or its text is no UTF-8.
            yield finding(FindingKind.TABLE_UNREADABLE, table=table.name)
            continue
        for row in rows:
            try:
                read(row)
            except Exception:  # noqa: BLE001 - whatever a reader would meet is found
                name = " ".join(str(row[key]) for key in keys)
                yield finding(FindingKind.ROW_UNREADABLE, table=table.name, row=name)
