"""Acts of reviews as rows: how they are chosen and read.

Note: what one rater checks, open or blind, is one review; what the same rater marks
from scratch is another, and it began from no burst.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, select

from twitch_tracker.journal.entries import Burst, Review, ReviewAction, Way
from twitch_tracker.journal.reading import bursts_of
from twitch_tracker.journal.store.packing import (
    episode_from_json,
    misfits_from_json,
    read_moment,
)
from twitch_tracker.journal.store.schema import reviews, revisions

__all__ = [
    "acts_of",
    "by_rater",
    "has_acted",
    "proposed_to",
    "read_act",
    "select_acts",
]


def select_acts() -> Any:
    """Choose all acts, with recording and number of the analysis."""
    return select(reviews, revisions.c.recording_id, revisions.c.number).join(
        revisions, revisions.c.id == reviews.c.revision_id
    )


def proposed_to(connection: Connection, revision: int, way: Way) -> tuple[Burst, ...]:
    """Read the bursts that a review began from: from scratch, none."""
    return () if way is Way.SCRATCH else bursts_of(connection, revision)


def by_rater(table: Table, rater: str, way: Way) -> ColumnElement[bool]:
    """Choose one review: checking, open or blind, is one; from scratch is another."""
    scratch = table.c.way == Way.SCRATCH.value
    which = scratch if way is Way.SCRATCH else ~scratch
    return (table.c.rater == rater) & which


def has_acted(connection: Connection, recording: int, rater: str, way: Way) -> bool:
    """Return whether a rater has done anything on any revision of a recording."""
    wanted = (
        select(reviews.c.id)
        .join(revisions, revisions.c.id == reviews.c.revision_id)
        .where(revisions.c.recording_id == recording, by_rater(reviews, rater, way))
    )
    return connection.execute(wanted.limit(1)).scalar() is not None


def acts_of(
    connection: Connection, revision: int, rater: str, way: Way
) -> tuple[Review, ...]:
    """Read the acts of one review of one revision, oldest first."""
    wanted = select_acts().where(
        reviews.c.revision_id == revision, by_rater(reviews, rater, way)
    )
    rows = connection.execute(wanted.order_by(reviews.c.id)).mappings()
    return tuple(map(read_act, rows))


def read_act(row: Mapping[str, Any] | RowMapping) -> Review:
    """Turn a row of `select_acts` into an act."""
    return Review(
        review_id=row["id"],
        recording_id=str(row["recording_id"]),
        revision=row["number"],
        rater=row["rater"],
        at=read_moment(row["at"]),
        action=ReviewAction(row["action"]),
        key=row["burst_key"],
        before=episode_from_json(row["before"]),
        after=episode_from_json(row["after"]),
        text=row["text"],
        misfits=misfits_from_json(row["misfits"]),
        way=Way(row["way"]),
        coded_unseen=bool(row["coded_unseen"]),
        undoes=row["undoes"],
    )
