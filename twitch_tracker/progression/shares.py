"""What may be said firmly: one chance of 5 % for a person's whole page and a year.

A page reports trends, injections, operations, the diary and regions, and is made again
whenever somebody looks. The chance that a person of whom nothing changes is ever shown
anything as clear is parted among all that can be reported: each statement has a share of
it, given beforehand, and is clear when its evidence (`evidence`) reaches one over its
share. The shares add up to 1 at most, so that the chances add up to 5 % whatever goes along
with what (Bonferroni, with weights: Rosenthal and Rubin 1983; Genovese, Roeder and
Wasserman 2006, Biometrika 93:509-524). The most is given to what leads the page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from twitch_tracker.history import TaskKind
from twitch_tracker.progression.results import Measure
from twitch_tracker.regions import Region

__all__ = [
    "LEAD_SHARES",
    "PAGE_CHANCE",
    "SHARED_CHANCE",
    "cycle_share",
    "diary_share",
    "injection_share",
    "is_clear",
    "operation_share",
    "other_share",
    "part_of",
    "region_share",
    "trend_share",
]

PAGE_CHANCE: Final = 0.05
"""In a year."""

_MOST_YEARS: Final = 2.0
"""Ever, at most so many times that of a year."""

_TRENDS: Final = 0.48
_INJECTIONS: Final = 0.02
_CYCLES: Final = 0.04
_OPERATIONS: Final = 0.03
_OTHERS: Final = 0.28
_DIARY: Final = 0.10
_REGIONS: Final = 0.05

LEAD_SHARES: Final = (0.95, 0.05)
"""Of the side that first stood clear of false alarms (`standing`), and of the other one."""

SHARED_CHANCE: Final = (Measure.SPASM_FRACTION, Measure.EPISODES_PER_MIN)
"""Two measures that share one chance: one is clear when its own evidence, and the mean of
both, reach what is asked (closed testing, Marcus, Peritz and Gabriel 1976, Biometrika
63:655-660; means of evidence, Vovk and Wang 2021, Ann Stat 49:1736-1754)."""

_MEASURES: Final[Mapping[Measure, float]] = {
    Measure.SPASM_FRACTION: 0.86,
    Measure.EPISODES_PER_MIN: 0.86,
    Measure.MEDIAN_DURATION_S: 0.06,
    Measure.BOTH_REGIONS_SHARE: 0.015,
    Measure.SHARE_OVER_1S: 0.015,
    Measure.EXCURSION_MM: 0.015,
    Measure.BROW_LIFT_SHARE: 0.01,
    Measure.REST_ASYMMETRY: 0.01,
    Measure.BLINKS_PER_MIN: 0.01,
    Measure.LONGEST_DURATION_S: 0.005,
}
_PLACES: Final[Mapping[Region, float]] = {
    Region.MOUTH_CORNER: 0.5,
    Region.CHEEK: 0.25,
    Region.BROW: 0.15,
    Region.EYELID: 0.1,
}
"""Of the regions: that bursts reach the lower face is what is asked; the eyelid nearly always takes
part, and is sure within weeks."""

_FIRST_OTHER: Final = 0.8
"""Part of the first drug; most people try one or two."""

_KINDS: Final[Mapping[TaskKind, float]] = {
    TaskKind.REST: 0.9,
    TaskKind.PROVOKED: 0.06,
    TaskKind.AFTER: 0.02,
    TaskKind.OTHER: 0.02,
}


def part_of(kind: TaskKind, lead: float, years: float = 1.0) -> float:
    """Return the part of the page's chance that a side in a kind of task has.

    Parameters
    ----------
    kind : TaskKind
        Which.
    lead : float
        Of the side among both; 1 for what belongs to the face.
    years : float
        Length of the course. Evidence that is asked to reach one over a chance that grows
        with the years is reached by chance within so many years at most so often, as it was
        never asked for less before.
    """
    return _KINDS[kind] * lead * min(max(years, 1.0), _MOST_YEARS)


def trend_share(measure: Measure, part: float) -> float:
    """Return the share of the chance that a trend of a `part_of` the page has.

    Those of all trends add up to 0.48; that of `SHARED_CHANCE` is one for both.
    """
    return _TRENDS * _MEASURES.get(measure, 0.0) * part


def injection_share(part: float, number: int) -> float:
    """Share of one of two statements about an injection, the first of which is 0."""
    return _INJECTIONS * part * _one_of_many(number) / 2


def _one_of_many(number: int) -> float:
    """Part of one of many, the first of which is 0; all add up to 1, however many."""
    return 1.0 / ((number + 1) * (number + 2))


def cycle_share(part: float) -> float:
    """Return the share of the statement about all injections of a side together."""
    return _CYCLES * part


def operation_share(part: float, number: int) -> float:
    """Return the share of an operation, all marks together; the first one is 0."""
    return _OPERATIONS * part * _one_of_many(number)


def other_share(part: float, number: int) -> float:
    """Return the share of a drug or another treatment; the first one is 0."""
    part_of_it = (
        _FIRST_OTHER if number == 0 else (1 - _FIRST_OTHER) * _one_of_many(number - 1)
    )
    return _OTHERS * part * part_of_it


def diary_share(part: float) -> float:
    """Share of all numbers of the diary together (closed testing, see `associations`)."""
    return _DIARY * part


def region_share(part: float, region: Region) -> float:
    """Return the share of a region."""
    return _REGIONS * part * _PLACES[region]


def is_clear(log_ratio: float, share: float) -> bool:
    """Return whether evidence reaches one over its share of the page's chance.

    Parameters
    ----------
    log_ratio : float
        Natural logarithm of the evidence; NaN is none.
    share : float
        Of the page's chance.
    """
    return share > 0 and log_ratio >= -math.log(PAGE_CHANCE * share)
