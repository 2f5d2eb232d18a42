"""Decide on what a rater asks for: an act to be appended, or a refusal.

Knows what the rater sees now, so that two tabs that change different things of one
burst lose nothing. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from twitch_tracker.errors import BadParameter, ReviewRefused, UnknownEntry
from twitch_tracker.journal.entries import Act, ReviewAction
from twitch_tracker.language import mark, say, say_n
from twitch_tracker.records import Episode, ReviewState
from twitch_tracker.regions import Side
from twitch_tracker.review.editing import Edit, added, changed
from twitch_tracker.review.evidence import BurstEvidence
from twitch_tracker.review.seen import Seen

__all__ = ["SAME_TIME_S", "ReviewRequest", "check_finish", "decide", "refuse_too_late"]

_TWICE: Final = {
    Side.LEFT: mark(
        "There is already a burst of the left side from {start} to {end} s. Change "
        "that one, or reject it first."
    ),
    Side.RIGHT: mark(
        "There is already a burst of the right side from {start} to {end} s. Change "
        "that one, or reject it first."
    ),
}
SAME_TIME_S: Final = 1e-3
"""Bursts that meet within a millisecond follow each other."""

_MAKES_COUNT: Final = frozenset(
    {ReviewAction.ADD, ReviewAction.CHANGE, ReviewAction.CONFIRM}
)
_WITHOUT_KEY: Final = frozenset({ReviewAction.ADD, ReviewAction.UNDO})


@dataclass(frozen=True, kw_only=True)
class ReviewRequest:
    """What a rater asks for.

    Attributes
    ----------
    action : ReviewAction
        What is to be done.
    key : str
        With which burst.
    text : str
        Of a note.
    edit : Edit
        What is to be different, of a change; the whole burst, of an addition.
    """

    action: ReviewAction
    key: str = ""
    text: str = ""
    edit: Edit = field(default_factory=Edit)


def decide(
    seen: Seen, asked: ReviewRequest, evidence: Callable[[], BurstEvidence]
) -> Act | None:
    """Decide which act a rater asks for.

    Parameters
    ----------
    seen : Seen
        What the rater sees now.
    asked : ReviewRequest
        What is asked for.
    evidence : callable
        Gives that of the recording, when it is needed.

    Returns
    -------
    Act or None
        For `Journal.review_many`; None when an undo takes back, by
        `Journal.reopen_review`, that the rating was finished.

    Raises
    ------
    BadParameter
        A note without words, or a burst that cannot be.
    UnknownEntry
        The rater sees no such burst.
    ReviewRefused
        There is nothing to undo, it is too late to rate from scratch, or a burst would
        count twice.
    """
    refuse_too_late(seen)
    action, key = asked.action, "" if asked.action in _WITHOUT_KEY else asked.key
    text = asked.text.strip()
    if action is ReviewAction.NOTE and not text:
        raise BadParameter("note", say("some text"), asked.text)
    if action is ReviewAction.UNDO:
        if seen.finishing_undoable:
            return None
        if seen.last_to_undo is None:
            raise ReviewRefused(say("There is nothing to undo."))
    after = None
    if action is ReviewAction.ADD:
        after = added(asked.edit, evidence())
    elif action is ReviewAction.CHANGE:
        after = changed(_burst(seen, key), asked.edit, evidence())
    elif key:
        _burst(seen, key)
    counts = after if after is not None else seen.burst(key)
    if action in _MAKES_COUNT and counts is not None:
        _refuse_twice(seen, key, counts)
    return Act(action=action, key=key, after=after, text=text)


def _burst(seen: Seen, key: str) -> Episode:
    found = seen.burst(key)
    if found is None:
        raise UnknownEntry(say("This burst does not exist."))
    return found


def _refuse_twice(seen: Seen, key: str, burst: Episode) -> None:
    """Refuse a burst during which one of the same side counts already."""
    for other in seen.bursts:
        there = other.episode
        if (
            other.key != key
            and there.side is burst.side
            and there.review is not ReviewState.REJECTED
            and there.span.overlap_s(burst.span) > SAME_TIME_S
        ):
            start_s, end_s = there.span.start_s, there.span.end_s
            raise ReviewRefused(
                say(
                    _TWICE[burst.side],
                    start=f"{start_s:.2f}",
                    end=f"{end_s:.2f}",
                )
            )


def refuse_too_late(seen: Seen) -> None:
    """Refuse to rate from scratch when the program's bursts were judged before.

    Raises
    ------
    ReviewRefused
        In words.
    """
    if seen.too_late:
        raise ReviewRefused(
            say(
                "You have already judged the program's bursts of this recording, so "
                "you can no longer rate it from scratch."
            )
        )


def check_finish(seen: Seen, *, has_video: bool) -> None:
    """Refuse to finish a review with something left, or from scratch without a video.

    Raises
    ------
    ReviewRefused
        In words.
    """
    refuse_too_late(seen)
    if seen.unjudged:
        raise ReviewRefused(
            say_n(
                "{n} burst is not judged yet. Confirm or reject it first.",
                "{n} bursts are not judged yet. Confirm or reject them first.",
                seen.unjudged,
            )
        )
    if seen.rater.scratch and not (has_video or seen.finished):
        raise ReviewRefused(
            say("Rating from scratch needs the video. Choose it first.")
        )
