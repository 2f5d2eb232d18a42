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

from twitch_tracker.history import DIARY_INFLUENCES, TaskKind
from twitch_tracker.progression.results import Measure
from twitch_tracker.regions import Side

__all__ = [
    "PAGE_CHANCE",
    "TOLD_TOGETHER",
    "cycle_share",
    "diary_share",
    "injection_share",
    "is_clear",
    "operation_share",
    "region_share",
    "trend_share",
]

PAGE_CHANCE: Final = 0.05

_TRENDS: Final = 0.6
_INJECTIONS: Final = 0.05
_CYCLES: Final = 0.1
_OPERATIONS: Final = 0.03
_DIARY: Final = 0.17
_REGIONS: Final = 0.05

TOLD_TOGETHER: Final = (Measure.SPASM_FRACTION, Measure.EPISODES_PER_MIN)
"""Two measures that share one chance: one is clear when its own evidence, and the mean of
both, reach what is asked (closed testing, Marcus, Peritz and Gabriel 1976, Biometrika
63:655-660; means of evidence, Vovk and Wang 2021, Ann Stat 49:1736-1754)."""

_MEASURES: Final[Mapping[Measure, float]] = {
    Measure.SPASM_FRACTION: 0.60,
    Measure.EPISODES_PER_MIN: 0.60,
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
    """Share of the chance that a trend has; those of all trends add up to 0.6.

    That of `TOLD_TOGETHER` is one for both.
    """
    return _TRENDS * _MEASURES.get(measure, 0.0) * _place(side, kind)


def injection_share(side: Side, kind: TaskKind, number: int) -> float:
    """Share of one of two statements about an injection, the first of which is 0."""
    return _INJECTIONS * _place(side, kind) * _one_of_many(number) / 2


def _one_of_many(number: int) -> float:
    """Part of one of many, the first of which is 0; all add up to 1, however many."""
    return 1.0 / ((number + 1) * (number + 2))


def cycle_share(side: Side, kind: TaskKind) -> float:
    """Share of the statement about all injections of a side together."""
    return _CYCLES * _place(side, kind)


def operation_share(side: Side, kind: TaskKind, number: int) -> float:
    """Share of an operation, all marks together; the first one is 0."""
    return _OPERATIONS * _place(side, kind) * _one_of_many(number)


def diary_share(side: Side, kind: TaskKind) -> float:
    """Share of one number of the diary."""
    return _DIARY * _place(side, kind) / len(DIARY_INFLUENCES)


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
