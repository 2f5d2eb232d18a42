"""From raw trends to results: how sure each is, over the whole page.

`CLEAR` is decided over all trends of the page together (Holm 1979, Scand J Stat
6:65-70): the chance that a stable person gets any is at most 5 %. `POSSIBLE` is the single
trend's own 20 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from twitch_tracker.progression.columns import Columns
from twitch_tracker.progression.results import Sureness, Trend
from twitch_tracker.progression.trends import RawTrend

__all__ = ["PAGE_CHANCE", "POSSIBLE_P", "holm", "sureness_of", "trend_of"]

PAGE_CHANCE: Final = 0.05
POSSIBLE_P: Final = 0.2


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
        else (Sureness.POSSIBLE if p < POSSIBLE_P else Sureness.UNTOLD)
        for stands, p in zip(holm(p_values), p_values, strict=True)
    ]


def trend_of(raw: RawTrend, columns: Columns, sureness: Sureness) -> Trend:
    """Finish a trend."""
    days = columns.day[raw.rows]
    return Trend(
        start=columns.date_of(days[0]),
        end=columns.date_of(days[-1]),
        scale=raw.scale,
        fitted_start=raw.fitted_start,
        fitted_end=raw.fitted_end,
        change=raw.change,
        per_year=raw.per_year,
        p_value=raw.p_value,
        sureness=sureness,
        recordings=len(raw.rows),
        analysable_min=float(columns.minutes[raw.rows].sum()),
        minutes_needed=raw.minutes_needed,
        injections_taken_out=raw.treated,
        after_operation=raw.operated,
    )
