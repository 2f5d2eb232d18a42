"""Finished ratings of recordings: of whom, and from which beginning.

A rater either checks the bursts that the program proposes, or marks all bursts from
scratch, with nothing proposed. Note: these are two reviews, also of one person,
distinguished by the column `way` alone; names and notes mean nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from twitch_tracker.journal.entries import Rating, Review, ReviewAction, Way
from twitch_tracker.journal.store.base import JournalBase, entry_number
from twitch_tracker.journal.store.schema import recordings, review_marks, revisions

__all__ = ["Ratings", "coded_unseen"]


class Ratings(JournalBase):
    """The part of `Journal` about who has finished what."""

    def ratings(
        self, patient_id: str, recording_id: str | None = None
    ) -> tuple[Rating, ...]:
        """List who has finished rating which recording (or this one), and in which way.

        Also those whose finished review does not count because a newer one does, and
        those who marked everything from scratch.
        """
        with self._read() as connection:
            which = recordings.c.patient_id == self._patient_number(
                connection, patient_id
            )
            if recording_id is not None:
                which &= recordings.c.id == entry_number("recording", recording_id)
            found = _finished(connection, which)
        return tuple(sorted(found, key=lambda rating: rating.from_scratch))


def _finished(connection: Connection, which: Any) -> list[Rating]:
    """Return raters whose newest mark on an analysis says that it is finished."""
    wanted = (
        select(
            revisions.c.recording_id,
            revisions.c.number,
            review_marks.c.rater,
            review_marks.c.way,
            review_marks.c.finished,
        )
        .join(revisions, revisions.c.id == review_marks.c.revision_id)
        .join(recordings, recordings.c.id == revisions.c.recording_id)
        .where(which)
        .order_by(review_marks.c.id)
    )
    newest: dict[Rating, bool] = {}
    for recording, number, rater, way, finished in connection.execute(wanted):
        rating = Rating(
            recording_id=str(recording),
            revision=number,
            rater=rater,
            from_scratch=way == Way.SCRATCH.value,
        )
        newest[rating] = bool(finished)
    return [rating for rating, finished in newest.items() if finished]


def coded_unseen(acts: Iterable[Review]) -> bool:
    """Return whether a rater's acts were made from hand coding of the film alone.

    Notes that were written later, and taken back or not, change no burst.
    """
    given = tuple(acts)
    notes = {
        act.review_id
        for act in given
        if act.action is ReviewAction.NOTE and not act.coded_unseen
    }
    counted = [
        act for act in given if act.review_id not in notes and act.undoes not in notes
    ]
    return bool(counted) and all(act.coded_unseen for act in counted)
