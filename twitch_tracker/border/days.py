"""Parse days and moments, within plausible years.

Note: a day of the year 1 or 9999 is well formed and overflows as soon as a week or a
time zone is added; so days outside of these years are refused.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

__all__ = ["FIRST_YEAR", "LAST_YEAR", "day_from", "is_meant", "moment_of_file"]

FIRST_YEAR: Final = 1950
"""Of anything that happened to somebody who is filmed."""

LAST_YEAR: Final = 2199

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


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


def moment_of_file(since_1970_s: float) -> datetime | None:
    """Return when a file was changed, by what the system says of it.

    Parameters
    ----------
    since_1970_s : float
        ``st_mtime``; disks hold dates from before Christ to long after us.

    Returns
    -------
    datetime or None
        Aware; None when it is of no year that can be meant.
    """
    try:
        found = _EPOCH + timedelta(seconds=since_1970_s)
    except (OverflowError, ValueError):
        return None
    return found if is_meant(found) else None
