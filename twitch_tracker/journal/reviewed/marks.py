"""Which review of a recording counts: the one that was finished last.

Note: a rating from scratch never counts in progression.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from twitch_tracker.journal.entries import Way
from twitch_tracker.journal.store.schema import recordings, review_marks, revisions

__all__ = ["FinishedMark", "counted_marks"]


@dataclass(frozen=True, kw_only=True)
class FinishedMark:
    """A rater's word that a recording is finished.

    Attributes
    ----------
    number : int
        Later marks have larger ones.
    revision_key : int
        Primary key of the revision that was reviewed.
    revision : int
        Its number.
    rater : str
        Who.
    """

    number: int
    revision_key: int
    revision: int
    rater: str


def counted_marks(connection: Connection, which: Any) -> dict[int, FinishedMark]:
    """Find the marks that count.

    Parameters
    ----------
    connection : Connection
        For reading.
    which : ColumnElement
        Condition on `schema.recordings`.

    Returns
    -------
    dict
        By primary key of the recording; without recordings that nobody finished.
    """
    wanted = (
        select(
            revisions.c.recording_id,
            revisions.c.number.label("revision"),
            review_marks,
        )
        .join(revisions, revisions.c.id == review_marks.c.revision_id)
        .join(recordings, recordings.c.id == revisions.c.recording_id)
        .where(which, review_marks.c.way != Way.SCRATCH.value)
        .order_by(review_marks.c.id)
    )
    latest: dict[tuple[int, str], tuple[int, bool, FinishedMark]] = {}
    for row in connection.execute(wanted).mappings():
        mark = FinishedMark(
            number=row["id"],
            revision_key=row["revision_id"],
            revision=row["revision"],
            rater=row["rater"],
        )
        latest[row["revision_id"], row["rater"]] = (
            row["recording_id"],
            bool(row["finished"]),
            mark,
        )
    in_order = sorted(latest.values(), key=lambda entry: entry[2].number)
    return {recording: mark for recording, finished, mark in in_order if finished}
