"""From raw trends to what is told: sureness over the whole page, and the words.

`CLEAR` is decided over all trends of the page together (Holm 1979, Scand J Stat
6:65-70): the chance that a stable person gets any is at most 5 %. `LIKELY` is the single
trend's own 20 %.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from twitch_tracker.history import TaskKind
from twitch_tracker.language import say
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
        words=" ".join((reading, *_context(raw, columns))),
    )


def _untold(raw: RawTrend, measure: Measure, kind: TaskKind, minutes: float) -> str:
    """Say that no change can be told, and what would help."""
    if not np.isfinite(raw.change.value):
        return _nothing(measure, recordings=len(raw.rows), minutes=minutes)
    if raw.minutes_needed == 0:
        return say(
            "No change stands out, although a halving or doubling within a year would "
            "have."
        )
    if not np.isfinite(raw.minutes_needed):
        return say(
            "No change can be told yet, and recording more at this pace hardly helps."
        )
    if raw.minutes_needed > MOST_MINUTES:
        if measure is Measure.BLINKS_PER_MIN:
            return say("No change can be told with so few blinks.")
        return say("No change can be told with so few bursts.")
    more = max(5 * round(raw.minutes_needed / 5), 5)
    number = max(round(raw.minutes_needed / minutes * len(raw.rows)), 1)
    return say(
        "No change can be told yet. Record about {more} more minutes {kind}, which are "
        "about {number} more recordings like these.",
        more=more,
        kind=words.kind_words(kind),
        number=number,
    )


def _nothing(measure: Measure, *, recordings: int, minutes: float) -> str:
    """Say that what was never seen has no trend."""
    if measure is Measure.BLINKS_PER_MIN:
        return say(
            "No blink in {recordings} recordings ({minutes:.0f} min).",
            recordings=recordings,
            minutes=minutes,
        )
    return say(
        "No burst in {recordings} recordings ({minutes:.0f} min).",
        recordings=recordings,
        minutes=minutes,
    )


def _context(raw: RawTrend, columns: Columns) -> Iterator[str]:
    """Say what the line leaves out."""
    if raw.treated:
        yield say("The effect of injections is taken out.")
    if raw.operated:
        first = columns.date_of(columns.day[raw.rows[0]])
        yield say(
            "Counted from {day} on, nine months after the operation.",
            day=words.day_words(first),
        )
