"""Parse what forms send, field by field.

Knows no page and no journal. Note: what does not fit goes into `problems` by the name
of its field, in the order of the form, so that the page can show it beside the field
and focus the first; nothing is guessed, and a number that was not entered is NaN, never
0.
"""

from __future__ import annotations

import math
from datetime import date

from twitch_tracker.border.days import FIRST_YEAR
from twitch_tracker.language import say

__all__ = ["number_or_none", "read_day", "read_within"]


def number_or_none(text: str) -> float | None:
    """Read a number with a point or a comma; None when it is none."""
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def read_within(
    text: str, low: float, high: float, name: str, problems: dict[str, str]
) -> float:
    """Read a number that may be left open.

    Parameters
    ----------
    text : str
        What was typed.
    low, high : float
        What it may be.
    name : str
        Of its field.
    problems : dict
        Takes what does not fit.

    Returns
    -------
    float
        NaN when nothing was typed, or it does not fit.
    """
    if not text.strip():
        return math.nan
    found = number_or_none(text)
    if found is not None and low <= found <= high:
        return found
    problems[name] = say(
        "Enter a number from {low} to {high}, or leave the field empty.",
        low=f"{low:g}",
        high=f"{high:g}",
    )
    return math.nan


def read_day(text: str, today: date, problems: dict[str, str]) -> date | None:
    """Read the day of the field ``on``; a problem goes into `problems`."""
    if not text.strip():
        problems["on"] = say("Enter the date.")
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        problems["on"] = say("Enter days like 2026-05-31.")
        return None
    if found > today:
        problems["on"] = say("This day is in the future.")
    elif found.year < FIRST_YEAR:
        problems["on"] = say("This is very long ago. Check the year.")
    return found
