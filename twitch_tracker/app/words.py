"""Words that several pages of the app share."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from twitch_tracker.app.clips import ClipState
from twitch_tracker.report.words import mark, say

__all__ = ["moment", "state_in_words"]

_STATES: Final = {
    ClipState.RECORDING: mark("not finished"),
    ClipState.STORED: mark("stored, not analysed yet"),
    ClipState.WAITING: mark("waiting for its analysis"),
    ClipState.ANALYSING: mark("being analysed"),
    ClipState.DONE: mark("analysed"),
    ClipState.FAILED: mark("could not be analysed"),
    ClipState.CANCELLED: mark("analysis cancelled"),
}


def state_in_words(state: ClipState) -> str:
    """Return how far a recording has come."""
    return say(_STATES[state])


def moment(at: datetime) -> str:
    """Return a moment in this computer's own time, the same in every language."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"
