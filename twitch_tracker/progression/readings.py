"""What to say first of a course, the most important first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from twitch_tracker.history import Basis, TaskKind
from twitch_tracker.progression.choose import LeftOut
from twitch_tracker.progression.results import (
    Association,
    Estimate,
    InjectionCourse,
    Measure,
    OperationCourse,
    Progression,
    RegionReached,
    Series,
    Sureness,
    can_be_told,
)
from twitch_tracker.progression.windows import NOTHING
from twitch_tracker.regions import SIDES, Region, Side

__all__ = ["ByChance", "NoBursts", "NoTrend", "Reading", "Remark", "readings_of"]


class Remark(StrEnum):
    """What is said of the whole."""

    NOTHING_COUNTS = "nothing_counts"
    NOTHING_CLEAR = "nothing_clear"
    MIXED_BASIS = "mixed_basis"


@dataclass(frozen=True, kw_only=True)
class ByChance:
    """How many of the trends are `POSSIBLE`, and about how many chance alone makes."""

    possible: int
    trends: int
    by_chance: int


@dataclass(frozen=True, kw_only=True)
class NoTrend:
    """The burst rate has too few recordings for any trend."""

    side: Side | None
    kind: TaskKind
    after_operation: bool


@dataclass(frozen=True, kw_only=True)
class NoBursts:
    """Nothing but recordings without a burst."""

    recordings: int
    analysable_min: float


Reading = (
    Series
    | InjectionCourse
    | OperationCourse
    | Association
    | RegionReached
    | LeftOut
    | ByChance
    | NoTrend
    | NoBursts
    | Remark
)
"""What a sentence of the page's beginning is about; of a series, its trend."""

_IMPORTANCE: Final = (
    Measure.SPASM_FRACTION,
    Measure.EPISODES_PER_MIN,
    Measure.MEDIAN_DURATION_S,
    Measure.BOTH_REGIONS_SHARE,
    Measure.SHARE_OVER_1S,
    Measure.LONGEST_DURATION_S,
    Measure.MEDIAN_PAUSE_S,
    Measure.EXCURSION_MM,
    Measure.BROW_LIFT_SHARE,
    Measure.REST_ASYMMETRY,
    Measure.BLINKS_PER_MIN,
)
_POSSIBLE_BY_CHANCE: Final = 0.15
"""Share of the trends of stable persons that look possible: 14.3 and 14.9 %
by ``twitch-tracker demo-patient --coverage`` (docs/progression.md)."""
_KINDS: Final = (TaskKind.REST, TaskKind.PROVOKED, TaskKind.AFTER, TaskKind.OTHER)


def readings_of(found: Progression) -> Progression:
    """Return the same with its readings.

    Parameters
    ----------
    found : Progression
        Everything else.

    Returns
    -------
    Progression
        With at least one reading.
    """
    if not found.recordings:
        return replace(found, readings=(Remark.NOTHING_COUNTS, *found.left_out))
    effects = _treatments(found)
    changes = list(_changes(found, Sureness.CLEAR))
    clear = [*changes, *(course for r, course in effects if can_be_told(r))]
    possible = len(list(_changes(found, Sureness.POSSIBLE)))
    readings: list[Reading] = [
        *clear,
        *([Remark.NOTHING_CLEAR] if possible and not clear else []),
        *([] if possible or clear else _untold(found)),
        *_spread(found),
        *(a for a in found.associations if a.sureness is Sureness.CLEAR),
        *(course for ratio, course in effects if not can_be_told(ratio)),
        *([_by_chance(found, possible)] if possible and not changes else []),
        *([Remark.MIXED_BASIS] if found.basis is Basis.BOTH else []),
        *found.left_out,
    ]
    quiet = NoBursts(recordings=found.recordings, analysable_min=found.analysable_min)
    return replace(found, readings=tuple(readings) or (quiet,))


def _sides(found: Progression) -> list[Side | None]:
    """Sides, that with more bursts first; what belongs to both is last."""
    bursts = dict.fromkeys(SIDES, 0)
    for series in found.series:
        if series.measure is Measure.EPISODES_PER_MIN and series.side is not None:
            bursts[series.side] += sum(dot.bursts for dot in series.periods)
    return [*sorted(SIDES, key=lambda side: -bursts[side]), None]


def _ordered(found: Progression) -> list[Series]:
    """Series by side, kind of task and importance."""
    sides = _sides(found)
    return sorted(
        found.series,
        key=lambda s: (
            sides.index(s.side),
            _KINDS.index(s.kind),
            _IMPORTANCE.index(s.measure),
        ),
    )


def _changes(found: Progression, sureness: Sureness) -> Iterator[Series]:
    """Changes of one sureness."""
    for series in _ordered(found):
        if series.trend is not None and series.trend.sureness is sureness:
            yield series


def _by_chance(found: Progression, possible: int) -> ByChance:
    """How many changes would look possible if nothing changed."""
    trends = sum(series.trend is not None for series in found.series)
    by_chance = max(1, round(_POSSIBLE_BY_CHANCE * trends))
    return ByChance(possible=possible, trends=trends, by_chance=by_chance)


def _treatments(
    found: Progression,
) -> list[tuple[Estimate, InjectionCourse | OperationCourse]]:
    """The last operation and the latest injection that can be told, with ratios."""
    sides = _sides(found)
    order = {side: place for place, side in enumerate(sides)}
    effects: list[tuple[Estimate, InjectionCourse | OperationCourse]] = []
    if found.operations:
        last = max(course.treatment.on for course in found.operations)
        effects += [
            (_last_ratio(course), course)
            for course in sorted(found.operations, key=lambda c: order[c.side])
            if course.treatment.on == last and course.before.value > 0
        ]
    effects += [
        (course.peak_over_before, course)
        for course in sorted(_last_told(found), key=lambda c: order[c.side])
    ]
    return effects


def _last_told(found: Progression) -> list[InjectionCourse]:
    """Courses of the latest day of injections that can be told; looks at no earlier."""
    told: list[InjectionCourse] = []
    for course in reversed(found.injections):
        if told and course.treatment.on != told[0].treatment.on:
            break
        if np.isfinite(course.peak_over_before.value):
            told.append(course)
    return told[::-1]


def _last_ratio(course: OperationCourse) -> Estimate:
    """Return the ratio at the last mark that was recorded; NaN without any."""
    seen = [mark for mark in course.marks if np.isfinite(mark.rate.value)]
    return seen[-1].over_before if seen else NOTHING


def _untold(found: Progression) -> Iterator[Series | NoTrend]:
    """What would be needed to tell a change of the burst rate."""
    rates = [s for s in _ordered(found) if s.measure is Measure.EPISODES_PER_MIN]
    busy = [s for s in rates if any(dot.bursts for dot in s.periods)]
    for series in busy[:1]:
        if series.trend is not None:
            yield series
        else:
            yield NoTrend(
                side=series.side,
                kind=series.kind,
                after_operation=bool(found.operations),
            )


def _spread(found: Progression) -> Iterator[RegionReached]:
    """Regions that joined after the first day."""
    for reached in found.regions:
        if reached.region not in (Region.MOUTH_CORNER, Region.CHEEK):
            continue
        if reached.first_on is not None and reached.first_on != found.first_on:
            yield reached
