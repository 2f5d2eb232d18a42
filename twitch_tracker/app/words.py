"""Words that several pages of the app share."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Final

from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.language import mark, say, say_n
from twitch_tracker.units import day_text

__all__ = ["is_for_a_clinic", "left_in_words", "moment", "state_in_words", "still_s"]

_OF_CLINICS: Final = re.compile(
    r"(/api)?(/review/.*|/people/~[^/]+/(review|agreement|exports?|visit)\b.*)"
)
"""Pages with the words of files and papers; all others have those of people at home."""

_SOON_S: Final = 2.0
"""Before, nothing can be said of how long something will take."""

_STATES: Final = {
    ClipState.RECORDING: mark("not finished"),
    ClipState.STORED: mark("stored, not analysed yet"),
    ClipState.WAITING: mark("waiting for its analysis"),
    ClipState.ANALYSING: mark("being analysed"),
    ClipState.DONE: mark("analysed"),
    ClipState.FAILED: mark("could not be analysed"),
    ClipState.CANCELLED: mark("analysis cancelled"),
}


def is_for_a_clinic(path: str) -> bool:
    """Return whether a page is made for clinicians, by its address: "burst", not "twitch".

    Parameters
    ----------
    path : str
        What was asked for, as the server decoded it.

    Returns
    -------
    bool
        False for pages that a person at home reads.
    """
    return _OF_CLINICS.fullmatch(path) is not None


def state_in_words(state: ClipState) -> str:
    """Return how far a recording has come."""
    return say(_STATES[state])


def moment(at: datetime) -> str:
    """Return a moment in this computer's own time: ``3 Feb 2025, 18:30``."""
    here = at.astimezone()
    return say("{day}, {time}", day=day_text(here.date()), time=f"{here:%H:%M}")


def still_s(elapsed_s: float, share: float) -> float:
    """Estimate how much longer something will take at its present pace.

    Parameters
    ----------
    elapsed_s : float
        For how long it has been going on.
    share : float
        What is done, 0 to 1.

    Returns
    -------
    float
        Seconds; NaN during the first two, or when nothing is done.
    """
    if elapsed_s < _SOON_S or not 0 < share <= 1:
        return math.nan
    return elapsed_s * (1 - share) / share


def left_in_words(seconds: float) -> str:
    """Say how long something will take yet; nothing when that is not known."""
    if not math.isfinite(seconds):
        return ""
    if seconds < 60:
        return say("Less than a minute left.")
    minutes = round(seconds / 60)
    return say_n("About {n} minute left.", "About {n} minutes left.", minutes)
