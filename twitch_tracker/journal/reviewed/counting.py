"""Reviewed totals of recordings, written again from the review that counts."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from twitch_tracker.history import Basis
from twitch_tracker.journal.entries import Way
from twitch_tracker.journal.logging_in import write_totals
from twitch_tracker.journal.reading import bursts_of
from twitch_tracker.journal.reviewed.acts import acts_of
from twitch_tracker.journal.reviewed.marks import counted_marks
from twitch_tracker.journal.reviewed.reviewing import fold
from twitch_tracker.journal.store.packing import (
    excluded_from_json,
    hardly_open_from_json,
)
from twitch_tracker.journal.store.schema import recordings, revisions, side_totals
from twitch_tracker.journal.totals import totals_of_sides
from twitch_tracker.records import Episode

__all__ = ["recount", "recount_reviewed", "reviewed_episodes"]


def recount_reviewed(connection: Connection) -> None:
    """Write all reviewed totals again, after older tables were changed.

    Parameters
    ----------
    connection : Connection
        Within the transaction that changed them.
    """
    for recording in counted_marks(connection, recordings.c.id == recordings.c.id):
        recount(connection, recording)


def recount(connection: Connection, recording: int) -> None:
    """Write the reviewed totals of a recording (by its primary key) again, or none."""
    of_it = select(revisions.c.id).where(revisions.c.recording_id == recording)
    connection.execute(
        delete(side_totals).where(
            side_totals.c.revision_id.in_(of_it),
            side_totals.c.basis == Basis.REVIEWED.value,
        )
    )
    mark = counted_marks(connection, recordings.c.id == recording).get(recording)
    if mark is None:
        return
    excluded, hardly_open = _states(connection, mark.revision_key)
    totals = totals_of_sides(
        reviewed_episodes(connection, mark.revision_key, mark.rater),
        excluded_from_json(excluded),
        hardly_open_from_json(hardly_open),
    )
    write_totals(connection, mark.revision_key, Basis.REVIEWED.value, totals)


def reviewed_episodes(
    connection: Connection, revision_key: int, rater: str
) -> tuple[Episode, ...]:
    """Fold the acts of a rater over a revision (by its primary key).

    Returns
    -------
    tuple of Episode
        In order of onset.
    """
    detected = bursts_of(connection, revision_key)
    acts = acts_of(connection, revision_key, rater, Way.OPEN)
    return tuple(burst.episode for burst in fold(detected, acts))


def _states(connection: Connection, revision_key: int) -> tuple[str, str | None]:
    """Read what was not measured, and when an eye was hardly ever open, as stored."""
    wanted = select(revisions.c.excluded, revisions.c.hardly_open)
    here = wanted.where(revisions.c.id == revision_key)
    excluded, hardly_open = connection.execute(here).one()
    return excluded, hardly_open
