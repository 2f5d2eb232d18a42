"""Apply the acts of a rater to the detected bursts. Pure functions.

Note: acts are of one rater on one revision, oldest first; the last word on a burst
counts; an undone act never happened; nothing ever changes what was detected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from twitch_tracker.episodes.description.bilateral import mark_bilateral
from twitch_tracker.journal.entries import Burst, Review, ReviewAction
from twitch_tracker.records import Episode, Origin, ReviewState

__all__ = [
    "apply",
    "fold",
    "in_force",
    "last_to_undo",
    "next_key",
    "standing",
    "unjudged",
]


def in_force(acts: Iterable[Review]) -> tuple[Review, ...]:
    """Leave out what was undone, and the undoing itself.

    Parameters
    ----------
    acts : iterable of Review
        Of one rater on one revision, oldest first.

    Returns
    -------
    tuple of Review
        What still holds, oldest first.
    """
    given = tuple(acts)
    undone = {act.undoes for act in given if act.action is ReviewAction.UNDO}
    return tuple(
        act
        for act in given
        if act.action is not ReviewAction.UNDO and act.review_id not in undone
    )


def last_to_undo(acts: Iterable[Review]) -> Review | None:
    """Find what an undo takes back: the newest act in force, or nothing."""
    return max(in_force(acts), key=lambda act: act.review_id, default=None)


def next_key(acts: Iterable[Review]) -> str:
    """Name the next added burst; a number that was undone is not given again."""
    return f"a{1 + sum(act.action is ReviewAction.ADD for act in acts)}"


def fold(
    detected: Sequence[Burst], acts: Iterable[Review], *, rejected: bool = False
) -> tuple[Burst, ...]:
    """Return the bursts as a rater sees them.

    Parameters
    ----------
    detected : sequence of Burst
        Of one revision.
    acts : iterable of Review
        Of one rater on it, oldest first.
    rejected : bool
        Keep rejected bursts in, as REJECTED.

    Returns
    -------
    tuple of Burst
        In order of onset. Judged ones are CONFIRMED, others UNREVIEWED; added ones are
        of HUMAN origin. Whether one is on both sides is worked out again, of what is
        not rejected.
    """
    seen = standing(detected, acts)
    counted = {k: e for k, e in seen.items() if e.review is not ReviewState.REJECTED}
    marked = mark_bilateral(tuple(counted.values()))
    seen |= dict(zip(counted, marked, strict=True))
    kept = seen if rejected else counted
    bursts = (Burst(key=key, episode=seen[key]) for key in kept)
    return tuple(sorted(bursts, key=lambda burst: (burst.episode.span, burst.key)))


def standing(detected: Sequence[Burst], acts: Iterable[Review]) -> dict[str, Episode]:
    """Return every burst by its key, also rejected ones; see `fold`."""
    seen = {
        burst.key: replace(burst.episode, review=ReviewState.UNREVIEWED)
        for burst in detected
    }
    for act in in_force(acts):
        apply(seen, act)
    return seen


def apply(seen: dict[str, Episode], act: Review) -> None:
    """Apply one act to the result of `standing`; an `UNDO` needs `standing` again.

    An act on a burst that is not there has none.
    """
    match act.action:
        case ReviewAction.ADD if act.after is not None:
            seen[act.key] = replace(
                act.after, origin=Origin.HUMAN, review=ReviewState.CONFIRMED
            )
        case _ if act.key not in seen:
            return
        case ReviewAction.CONFIRM:
            seen[act.key] = replace(seen[act.key], review=ReviewState.CONFIRMED)
        case ReviewAction.REJECT:
            seen[act.key] = replace(seen[act.key], review=ReviewState.REJECTED)
        case ReviewAction.CHANGE if act.after is not None:
            seen[act.key] = replace(
                act.after,
                origin=seen[act.key].origin,
                review=ReviewState.CONFIRMED,
            )


def unjudged(detected: Sequence[Burst], acts: Iterable[Review]) -> tuple[str, ...]:
    """Return keys of the detected bursts that a rater has not judged yet."""
    return tuple(
        burst.key
        for burst in fold(detected, acts, rejected=True)
        if burst.episode.review is ReviewState.UNREVIEWED
    )
