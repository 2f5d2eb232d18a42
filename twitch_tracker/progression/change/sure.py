"""How sure a change is, and trends finished with it."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from twitch_tracker.progression.change.mistakes import beyond_mistakes
from twitch_tracker.progression.change.trends import RawTrend
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.results import Measure, Step, Sureness, Trend
from twitch_tracker.progression.shares import SHARED_CHANCE, is_clear, trend_share
from twitch_tracker.regions import Side

__all__ = ["POSSIBLE_P", "sureness_of", "trend_of"]

POSSIBLE_P: Final = 0.2
_MUCH_OF_THE_TIME: Final = 0.1
"""Less than that changes a rate by a tenth at most."""

_HOW_SURE: Final = (Sureness.UNCERTAIN, Sureness.POSSIBLE, Sureness.CLEAR)


def sureness_of(log_ratio: float, share: float, p_value: float) -> Sureness:
    """Say how sure a change is: clear over page and looks, or possible by itself."""
    if is_clear(log_ratio, share):
        return Sureness.CLEAR
    return Sureness.POSSIBLE if p_value < POSSIBLE_P else Sureness.UNCERTAIN


def trend_of(
    raw: RawTrend,
    columns: Columns,
    measure: Measure,
    side: Side | None,
    beside: RawTrend | None = None,
) -> Trend:
    """Finish a trend; `beside` is the other one of `shares.SHARED_CHANCE`."""
    days = columns.day[raw.rows]
    share = trend_share(measure, columns.part(side))
    # What was always zero was not tested.
    tested = math.isfinite(raw.change.value)
    evidence = raw.log_evidence
    if measure in SHARED_CHANCE:
        other = 0.0 if beside is None else beside.log_evidence
        mean = float(np.logaddexp(evidence, other)) - math.log(2)
        evidence = min(evidence, mean)
    sureness = sureness_of(evidence, share, raw.p_value)
    if measure is Measure.EPISODES_PER_MIN and _may_be_missed(raw, beside):
        sureness = min(sureness, Sureness.POSSIBLE, key=_HOW_SURE.index)
    return Trend(
        start=columns.date_of(days[0]),
        end=columns.date_of(days[-1]),
        scale=raw.scale,
        fitted_start=raw.fitted_start,
        fitted_end=raw.fitted_end,
        change=raw.change,
        per_year=raw.per_year,
        p_value=raw.p_value,
        sureness=sureness if tested else Sureness.UNCERTAIN,
        recordings=len(raw.rows),
        analysable_min=float(columns.minutes[raw.rows].sum()),
        minutes_needed=raw.minutes_needed,
        least_a_year=raw.least_a_year,
        injections_acted=raw.treated,
        after_operation=raw.operated,
        without_injections=raw.without_injections,
        step=_step(raw, columns) if sureness is Sureness.CLEAR else None,
        beyond_mistakes=beyond_mistakes(raw, columns, side)
        if measure is Measure.EPISODES_PER_MIN and side is not None and tested
        else None,
    )


def _may_be_missed(raw: RawTrend, time: RawTrend | None) -> bool:
    """Return whether bursts seem fewer while more time is spent in them.

    Of long bursts some are missed whole, and count as time without one, in which no burst
    began: the longer they become, the rarer they seem. Were as many missed as are found, the
    time without a burst would be too long by as much as there is of bursts.
    """
    if time is None or not time.p_value < POSSIBLE_P:
        return False
    fewer = (raw.step or raw).change.value < 1
    return fewer and (time.step or time).change.value > _MUCH_OF_THE_TIME


def _step(raw: RawTrend, columns: Columns) -> Step | None:
    """Describe a step by dates."""
    if raw.step is None:
        return None
    return Step(
        day=columns.date_of(raw.step.day),
        earliest=columns.date_of(raw.step.earliest),
        latest=columns.date_of(raw.step.latest),
        before=raw.step.before,
        after=raw.step.after,
        change=raw.step.change,
    )
