"""Finished ratings of recordings: of whom, and from which beginning.

A rater either checks the bursts that the program proposes, or marks all bursts from
scratch, with nothing proposed. The convention that bites: acts from scratch stand in
the journal under the rater's name with `FROM_SCRATCH` behind it, so that they never
mix with the same rater's checking, and never count in progression; such a rating is
finished when its newest act in force is the note `FINISHED` on no burst.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, select

from twitch_tracker.journal.desk import Desk, entry_number
from twitch_tracker.journal.entries import Burst, Rating, Review, ReviewAction
from twitch_tracker.journal.reviewing import fold, in_force
from twitch_tracker.journal.schema import (
    recordings,
    review_marks,
    reviews,
    revisions,
)

__all__ = [
    "CODED_UNSEEN",
    "FINISHED",
    "FROM_SCRATCH",
    "Ratings",
    "bursts_from_scratch",
    "coded_unseen",
    "is_finished_from_scratch",
    "name_from_scratch",
    "who_and_how",
]

FROM_SCRATCH: Final = " (from scratch)"
"""Stands behind the name of a rater to whom nothing was proposed."""

CODED_UNSEEN: Final = "coded without seeing what was detected"
"""Text of the acts that were made from such hand coding; it does count in progression."""

FINISHED: Final = "finished"
"""Text of the note by which a rating from scratch is finished."""


class Ratings(Desk):
    """The part of `Journal` about who has finished what."""

    def ratings(
        self, patient_id: str, recording_id: str | None = None
    ) -> tuple[Rating, ...]:
        """See `Journal.ratings`."""
        with self._read() as connection:
            which = recordings.c.patient_id == self._patient_number(
                connection, patient_id
            )
            if recording_id is not None:
                which &= recordings.c.id == entry_number("recording", recording_id)
            return (*_checked(connection, which), *_from_scratch(connection, which))


def _checked(connection: Connection, which: Any) -> tuple[Rating, ...]:
    """Raters whose newest mark on an analysis says that it is finished."""
    wanted = (
        select(
            revisions.c.recording_id,
            revisions.c.number,
            review_marks.c.rater,
            review_marks.c.finished,
        )
        .join(revisions, revisions.c.id == review_marks.c.revision_id)
        .join(recordings, recordings.c.id == revisions.c.recording_id)
        .where(which)
        .order_by(review_marks.c.id)
    )
    newest: dict[tuple[int, int, str], bool] = {}
    for recording, number, rater, finished in connection.execute(wanted):
        newest[recording, number, rater] = bool(finished)
    return tuple(
        Rating(recording_id=str(recording), revision=number, rater=rater)
        for (recording, number, rater), finished in newest.items()
        if finished
    )


def _from_scratch(connection: Connection, which: Any) -> tuple[Rating, ...]:
    """Raters who marked everything from scratch and said so last."""
    wanted = (
        select(
            revisions.c.recording_id,
            revisions.c.number,
            reviews.c.rater,
            reviews.c.id,
            reviews.c.action,
            reviews.c.burst_key,
            reviews.c.text,
            reviews.c.undoes,
        )
        .join(revisions, revisions.c.id == reviews.c.revision_id)
        .join(recordings, recordings.c.id == revisions.c.recording_id)
        .where(which, reviews.c.rater.endswith(FROM_SCRATCH, autoescape=True))
        .order_by(reviews.c.id)
    )
    told: dict[tuple[int, int, str], list[_Told]] = {}
    for recording, number, rater, *act in connection.execute(wanted):
        told.setdefault((recording, number, rater), []).append(tuple(act))
    return tuple(
        Rating(
            recording_id=str(recording),
            revision=number,
            rater=who_and_how(rater)[0],
            from_scratch=True,
        )
        for (recording, number, rater), acts in told.items()
        if who_and_how(rater)[1] and _ends_finished(acts)
    )


_Told = tuple[int, str, str, str, int | None]


def _ends_finished(acts: Sequence[_Told]) -> bool:
    """Whether the newest act in force (number, action, key, text, undoes) finishes."""
    undone = {undoes for *_, undoes in acts}
    held = [
        (action, key, text)
        for number, action, key, text, _ in acts
        if action != ReviewAction.UNDO.value and number not in undone
    ]
    return bool(held) and held[-1] == (ReviewAction.NOTE.value, "", FINISHED)


# --- from scratch -----------------------------------------------------------------


def name_from_scratch(rater: str) -> str:
    """Return the name under which a rater's acts from scratch stand."""
    return rater + FROM_SCRATCH


def who_and_how(stored: str) -> tuple[str, bool]:
    """Tell who a stored name is, and whether the acts are from scratch."""
    if stored.endswith(FROM_SCRATCH):
        return stored.removesuffix(FROM_SCRATCH), True
    return stored, False


def coded_unseen(acts: Iterable[Review]) -> bool:
    """Tell whether a rater's acts were made from hand coding of the film alone.

    Notes that were written later, and taken back or not, change no burst.
    """
    given = tuple(acts)
    notes = {
        act.review_id
        for act in given
        if act.action is ReviewAction.NOTE and act.text != CODED_UNSEEN
    }
    texts = {
        act.text
        for act in given
        if act.review_id not in notes and act.undoes not in notes
    }
    return texts == {CODED_UNSEEN}


def bursts_from_scratch(
    acts: Iterable[Review], *, rejected: bool = False
) -> tuple[Burst, ...]:
    """Tell the bursts that a rater marked from scratch.

    Parameters
    ----------
    acts : iterable of Review
        Of one rater from scratch on one analysis, oldest first.
    rejected : bool
        Keep those in that the rater took out again.

    Returns
    -------
    tuple of Burst
        In order of onset.
    """
    return fold((), acts, rejected=rejected)


def is_finished_from_scratch(acts: Iterable[Review]) -> bool:
    """Tell whether a rater from scratch has said last that everything was seen."""
    held = in_force(acts)
    return bool(held) and (held[-1].action, held[-1].key, held[-1].text) == (
        ReviewAction.NOTE,
        "",
        FINISHED,
    )
