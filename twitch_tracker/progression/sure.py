"""From raw trends to what is told: sureness over the whole page, and the words.

`CLEAR` is decided over all trends of the page together (Holm 1979, Scand J Stat
6:65-70): the chance that a stable person gets any is at most 5 %. `LIKELY` is the single
trend's own 20 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from twitch_tracker.history import TaskKind
from twitch_tracker.progression import words
from twitch_tracker.progression.columns import Columns
from twitch_tracker.progression.results import Measure, Sureness, Trend
from twitch_tracker.progression.trends import RawTrend

__all__ = ["LIKELY_P", "MOST_MINUTES", "PAGE_CHANCE", "holm", "sureness_of", "trend_of"]

PAGE_CHANCE: Final = 0.05
LIKELY_P: Final = 0.2
MOST_MINUTES: Final = 300.0
"""Asking a person for more minutes than this is no use."""


def holm(p_values: Sequence[float]) -> list[bool]:
    """Which of several tests stand together at 5 % (Holm 1979)."""
    order = np.argsort(p_values)
    stands = [False] * len(p_values)
    for rank, place in enumerate(order):
        if not p_values[place] <= PAGE_CHANCE / (len(p_values) - rank):
            break
        stands[place] = True
    return stands


def sureness_of(p_values: Sequence[float]) -> list[Sureness]:
    """Sureness of every test of a family."""
    return [
        Sureness.CLEAR
        if stands
        else (Sureness.LIKELY if p < LIKELY_P else Sureness.UNTOLD)
        for stands, p in zip(holm(p_values), p_values, strict=True)
    ]


def trend_of(
    raw: RawTrend, measure: Measure, columns: Columns, sureness: Sureness
) -> Trend:
    """Finish a trend."""
    days = columns.day[raw.rows]
    start, end = columns.date_of(days[0]), columns.date_of(days[-1])
    minutes = float(columns.minutes[raw.rows].sum())
    needed = raw.minutes_needed
    if sureness is Sureness.UNTOLD:
        reading = _untold(raw, measure, columns.kind, minutes)
    else:
        reading = words.told_change(
            measure,
            (raw.fitted_start, raw.fitted_end),
            raw.change,
            words.span_words(start, end),
            sureness,
        )
    return Trend(
        start=start,
        end=end,
        scale=raw.scale,
        fitted_start=raw.fitted_start,
        fitted_end=raw.fitted_end,
        change=raw.change,
        per_year=raw.per_year,
        p_value=raw.p_value,
        sureness=sureness,
        recordings=len(raw.rows),
        analysable_min=minutes,
        minutes_needed=needed,
        words=reading + _context(raw, columns),
    )


def _untold(raw: RawTrend, measure: Measure, kind: TaskKind, minutes: float) -> str:
    """Say that no change can be told, and what would help."""
    if not np.isfinite(raw.change.value):
        what = "blink" if measure is Measure.BLINKS_PER_MIN else "burst"
        return f"No {what} in {len(raw.rows)} recordings ({minutes:.0f} min)."
    if raw.minutes_needed == 0:
        return (
            "No change stands out, although a halving or doubling within a year would "
            "have."
        )
    if not np.isfinite(raw.minutes_needed):
        return (
            "No change can be told yet, and recording more at this pace hardly helps."
        )
    if raw.minutes_needed > MOST_MINUTES:
        what = "blinks" if measure is Measure.BLINKS_PER_MIN else "bursts"
        return f"No change can be told with so few {what}."
    more = max(5 * round(raw.minutes_needed / 5), 5)
    number = max(round(raw.minutes_needed / minutes * len(raw.rows)), 1)
    return (
        f"No change can be told yet. Record about {more} more minutes "
        f"{words.kind_words(kind)}, which are about {number} more recordings like these."
    )


def _context(raw: RawTrend, columns: Columns) -> str:
    """Say what the line leaves out."""
    text = ""
    if raw.treated:
        text += " The effect of injections is taken out."
    if raw.operated:
        first = columns.date_of(columns.day[raw.rows[0]])
        text += f" Counted from {words.day_words(first)} on, nine months after the operation."
    return text
