"""What may be said firmly: one chance of 5 % for a person's whole page, for all time.

A page tells of trends, injections, operations, the diary and regions, and is made again
whenever somebody looks. The chance that a person of whom nothing changes is ever told
anything as clear is parted among all that can be told: each statement has a share of
it, given beforehand, and is clear when its evidence (`evidence`) reaches one over its
share. The shares add up to 1 at most, so that the chances add up to 5 % whatever goes along
with what (Bonferroni, with weights: Rosenthal and Rubin 1983; Genovese, Roeder and
Wasserman 2006, Biometrika 93:509-524). The most is given to what leads the page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from twitch_tracker.history import DIARY_FACTORS, TaskKind
from twitch_tracker.progression.columns import Columns
from twitch_tracker.progression.results import Measure, Step, Sureness, Trend
from twitch_tracker.progression.trends import RawTrend
from twitch_tracker.regions import Side

__all__ = [
    "PAGE_CHANCE",
    "POSSIBLE_P",
    "diary_share",
    "injection_share",
    "is_clear",
    "operation_share",
    "region_share",
    "sureness_of",
    "trend_of",
    "trend_share",
]

PAGE_CHANCE: Final = 0.05
POSSIBLE_P: Final = 0.2

_TRENDS: Final = 0.6
_INJECTIONS: Final = 0.15
_OPERATIONS: Final = 0.05
_DIARY: Final = 0.1
_REGIONS: Final = 0.1

_MEASURES: Final[Mapping[Measure, float]] = {
    Measure.SPASM_FRACTION: 0.30,
    Measure.EPISODES_PER_MIN: 0.30,
    Measure.MEDIAN_DURATION_S: 0.12,
    Measure.BOTH_REGIONS_SHARE: 0.06,
    Measure.SHARE_OVER_1S: 0.04,
    Measure.EXCURSION_MM: 0.04,
    Measure.BROW_LIFT_SHARE: 0.04,
    Measure.REST_ASYMMETRY: 0.04,
    Measure.BLINKS_PER_MIN: 0.04,
    Measure.LONGEST_DURATION_S: 0.02,
}
_KINDS: Final[Mapping[TaskKind, float]] = {
    TaskKind.REST: 0.7,
    TaskKind.PROVOKED: 0.2,
    TaskKind.AFTER: 0.05,
    TaskKind.OTHER: 0.05,
}


def _place(side: Side | None, kind: TaskKind) -> float:
    """Share of a side and kind of task; what belongs to the face has both sides'."""
    return _KINDS[kind] * (1.0 if side is None else 0.5)


def trend_share(measure: Measure, side: Side | None, kind: TaskKind) -> float:
    """Share of the chance that a trend has; those of all trends add up to 0.6."""
    return _TRENDS * _MEASURES.get(measure, 0.0) * _place(side, kind)


def injection_share(side: Side, kind: TaskKind, number: int) -> float:
    """Share of one of two statements about an injection, the first of which is 0.

    Those of all injections add up, as 1 / ((n + 1) (n + 2)) does, however many follow.
    """
    return _INJECTIONS * _place(side, kind) / ((number + 1) * (number + 2)) / 2


def operation_share(side: Side, kind: TaskKind, marks: int) -> float:
    """Share of one of the marks after an operation."""
    return _OPERATIONS * _place(side, kind) / marks


def diary_share(side: Side, kind: TaskKind) -> float:
    """Share of one number of the diary."""
    return _DIARY * _place(side, kind) / len(DIARY_FACTORS)


def region_share(side: Side, kind: TaskKind, regions: int) -> float:
    """Share of one of so many regions."""
    return _REGIONS * _place(side, kind) / regions


def is_clear(log_ratio: float, share: float) -> bool:
    """Whether evidence reaches one over its share of the page's chance.

    Parameters
    ----------
    log_ratio : float
        Natural logarithm of the evidence; NaN is none.
    share : float
        Of the page's chance.
    """
    return share > 0 and log_ratio >= -math.log(PAGE_CHANCE * share)


def sureness_of(log_ratio: float, share: float, p_value: float) -> Sureness:
    """How sure a change is: clear over the page and all looks, or possible by itself."""
    if is_clear(log_ratio, share):
        return Sureness.CLEAR
    return Sureness.POSSIBLE if p_value < POSSIBLE_P else Sureness.UNTOLD


def trend_of(
    raw: RawTrend, columns: Columns, measure: Measure, side: Side | None
) -> Trend:
    """Finish a trend."""
    days = columns.day[raw.rows]
    share = trend_share(measure, side, columns.kind)
    # What was always zero was not tested.
    tested = math.isfinite(raw.change.value)
    sureness = sureness_of(raw.log_evidence, share, raw.p_value)
    return Trend(
        start=columns.date_of(days[0]),
        end=columns.date_of(days[-1]),
        scale=raw.scale,
        fitted_start=raw.fitted_start,
        fitted_end=raw.fitted_end,
        change=raw.change,
        per_year=raw.per_year,
        p_value=raw.p_value,
        sureness=sureness if tested else Sureness.UNTOLD,
        recordings=len(raw.rows),
        analysable_min=float(columns.minutes[raw.rows].sum()),
        minutes_needed=raw.minutes_needed,
        injections_taken_out=raw.treated,
        after_operation=raw.operated,
        step=_step(raw, columns) if sureness is Sureness.CLEAR else None,
    )


def _step(raw: RawTrend, columns: Columns) -> Step | None:
    """Tell a step by dates."""
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
