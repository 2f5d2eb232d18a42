"""Days and moments as people and programs write them, of the years that can be meant.

The convention that bites: a day of the year 1 or 9999 is well written and overflows as
soon as a week or a time zone is added; so what is outside of these years is no day.
"""

from __future__ import annotations

from datetime import date
from typing import Final

__all__ = ["FIRST_YEAR", "LAST_YEAR", "day_from", "is_meant"]

FIRST_YEAR: Final = 1950
"""Of anything that happened to somebody who is filmed."""

LAST_YEAR: Final = 2199


def is_meant(day: date) -> bool:
    """Return whether a day (or a moment) is of a year that can be meant."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def day_from(text: str) -> date | None:
    """Read a day such as ``2026-05-31``; None when it is none."""
    text = text.strip()
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if len(text) == len("2026-05-31") and is_meant(found) else None
