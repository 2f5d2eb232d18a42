"""Raters, and what they did to bursts, in words."""

from __future__ import annotations

from typing import Final

from twitch_tracker.errors import misfits_in_words
from twitch_tracker.journal.entries import Review, ReviewAction, Way
from twitch_tracker.language import mark, say
from twitch_tracker.records import Episode, Origin, ReviewState

__all__ = [
    "action_in_words",
    "note_in_words",
    "rater_in_words",
    "verdict_in_words",
]

_ACTIONS: Final = {
    ReviewAction.CONFIRM: mark("confirmed"),
    ReviewAction.REJECT: mark("rejected"),
    ReviewAction.CHANGE: mark("changed and confirmed"),
    ReviewAction.ADD: mark("added"),
    ReviewAction.NOTE: mark("note"),
}

_FROM_SCRATCH: Final = {
    ReviewAction.REJECT: mark("taken out"),
    ReviewAction.CHANGE: mark("changed"),
}
"""Where nothing was proposed, there is nothing to confirm or reject."""

_VERDICTS: Final = {
    ReviewState.UNREVIEWED: mark("not judged yet"),
    ReviewState.CONFIRMED: mark("confirmed"),
    ReviewState.REJECTED: mark("rejected"),
}


def action_in_words(action: ReviewAction, *, from_scratch: bool = False) -> str:
    """Say what was done; an `UNDO` is named by what it takes back."""
    words = _FROM_SCRATCH if from_scratch else {}
    return say(words.get(action, _ACTIONS[action]))


def note_in_words(note: Review) -> str:
    """Return a note's text, or why the imported coding does not fit its film."""
    if not note.misfits:
        return note.text
    return say(
        "this coding does not fit its film, and was imported anyway: {why}.",
        why=misfits_in_words(note.misfits),
    )


def verdict_in_words(episode: Episode, *, changed: bool, from_scratch: bool) -> str:
    """Say how a burst stands in a review.

    Parameters
    ----------
    episode : Episode
        The burst.
    changed : bool
        Whether the rater changed it.
    from_scratch : bool
        Whether nothing was proposed.
    """
    if from_scratch and episode.review is ReviewState.REJECTED:
        return say("taken out again")
    if episode.origin is Origin.HUMAN:
        return say("added by you")
    if changed and episode.review is ReviewState.CONFIRMED:
        return say("changed and confirmed")
    return say(_VERDICTS[episode.review])


def rater_in_words(name: str, way: Way) -> str:
    """Name a rater, with the way where that is not the usual one."""
    if way is Way.SCRATCH:
        return say("{rater} (from scratch)", rater=name)
    if way is Way.BLIND:
        return say("{rater} (blind)", rater=name)
    return name
