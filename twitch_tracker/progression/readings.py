"""What to say first of a course, the most important first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from twitch_tracker.history import Basis, TaskKind
from twitch_tracker.progression.recordings.broken import Broken
from twitch_tracker.progression.results import (
    InjectionCourse,
    Measure,
    OperationCourse,
    OtherCourse,
    Progression,
    RegionReached,
    Series,
    Sureness,
)
from twitch_tracker.progression.results.readings import (
    ByChance,
    NoBursts,
    NotJudged,
    NoTrend,
    Reading,
    Remark,
    TimeBeside,
)
from twitch_tracker.regions import SIDES, Region, Side

__all__ = ["by_chance", "readings_of"]


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
_LEADING: Final = (Broken.SIDE, Broken.BOTH_SIDES)
"""What is said before any change, as changes are reported only from then on."""

_TIME: Final = Measure.SPASM_FRACTION
_RELIEF: Final = (Measure.EPISODES_PER_MIN, Measure.MEDIAN_DURATION_S)
"""Measures of which less seems to be relief."""

_POSSIBLE_BY_CHANCE: Final = 0.19
"""Share of the trends of stable persons that look possible: 219 of 1122
by ``twitch-tracker demo-patient --coverage 60`` (docs/progression.md)."""
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
    clear_courses = [course for sure, course in effects if sure is Sureness.CLEAR]
    cycles = [c for c in found.cycles if c.half_way_day is not None]
    # All injections together say it in fewer words than the last one alone.
    clear = [*_clear_changes(found), *(cycles if clear_courses else []), *clear_courses]
    possible = any(_changes(found, Sureness.POSSIBLE))
    broken = [each for each in found.breaks if each.what in _LEADING]
    unjudged = list(_unjudged(found))
    readings: list[Reading] = [
        *broken,
        *([] if found.judged else unjudged),
        *clear,
        *([Remark.NOTHING_CLEAR] if possible and not clear else []),
        *([] if possible or clear else _what_is_needed(found)),
        *([] if clear_courses else cycles),
        *_spread(found),
        *(a for a in found.associations if a.sureness is Sureness.CLEAR or a.or_factor),
        *(course for _, course in effects if course not in clear_courses),
        *(each for each in found.breaks if each not in broken),
        *(unjudged if found.judged else []),
        *([Remark.MIXED_BASIS] if found.basis is Basis.BOTH else []),
        *found.left_out,
    ]
    quiet = NoBursts(recordings=found.recordings, analysable_min=found.analysable_min)
    return replace(found, readings=tuple(readings) or (quiet,))


def _unjudged(found: Progression) -> Iterator[NotJudged]:
    """Return sides with bursts of which nothing is reported, since the last break.

    Before it they may have been judged, or have been the other side.
    """
    since = max(
        (each.on for each in found.breaks if each.what in _LEADING), default=None
    )
    for side in SIDES:
        if side in found.judged:
            continue
        rates = [
            series
            for series in _ordered(found)
            if (series.measure, series.side) == (Measure.EPISODES_PER_MIN, side)
        ]
        for series in rates:
            dots = [d for d in series.periods if since is None or d.start >= since]
            bursts = sum(dot.bursts for dot in dots)
            if bursts:
                minutes = sum(dot.analysable_min for dot in dots)
                yield NotJudged(side=side, bursts=bursts, analysable_min=minutes)
                break


def _sides(found: Progression) -> list[Side | None]:
    """Return sides, that with more bursts first; what belongs to both is last."""
    bursts = dict.fromkeys(SIDES, 0)
    for series in found.series:
        if series.measure is Measure.EPISODES_PER_MIN and series.side is not None:
            bursts[series.side] += sum(dot.bursts for dot in series.periods)
    return [*sorted(SIDES, key=lambda side: -bursts[side]), None]


def _ordered(found: Progression) -> list[Series]:
    """Return series by side, kind of task and importance."""
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
    """Yield changes of one sureness."""
    for series in _ordered(found):
        if series.trend is not None and series.trend.sureness is sureness:
            yield series


def _clear_changes(found: Progression) -> Iterator[Series | TimeBeside]:
    """Clear changes; time in bursts first where it goes against a reported relief."""
    changes = list(_changes(found, Sureness.CLEAR))
    for place in dict.fromkeys((series.side, series.kind) for series in changes):
        own = [series for series in changes if (series.side, series.kind) == place]
        relieved = any(
            series.measure in _RELIEF and _change_of(series) < 1 for series in own
        )
        beside = [
            series
            for series in found.series
            if (series.measure, series.side, series.kind) == (_TIME, *place)
            and not _change_of(series) < 0
        ]
        has_time = any(series.measure is _TIME for series in own)
        if relieved and beside and not has_time:
            yield TimeBeside(series=beside[0])
        yield from own


def _change_of(series: Series) -> float:
    """Return the best value of a change; NaN without a trend."""
    if series.trend is None:
        return float("nan")
    return (series.trend.step or series.trend).change.value


def by_chance(found: Progression) -> ByChance:
    """Count changes that are only possible, and how many chance alone makes."""
    possible = len(list(_changes(found, Sureness.POSSIBLE)))
    trends = sum(series.trend is not None for series in found.series)
    expected = max(1, round(_POSSIBLE_BY_CHANCE * trends))
    return ByChance(possible=possible, trends=trends, by_chance=expected)


def _treatments(
    found: Progression,
) -> list[tuple[Sureness, InjectionCourse | OperationCourse | OtherCourse]]:
    """Return the last of each treatment with an effect, and how sure.

    Operation, injection and other treatment.
    """
    sides = _sides(found)
    order = {side: place for place, side in enumerate(sides)}
    effects: list[tuple[Sureness, InjectionCourse | OperationCourse | OtherCourse]] = []
    if found.operations:
        last = max(course.treatment.on for course in found.operations)
        effects += [
            (_last_sureness(course), course)
            for course in sorted(found.operations, key=lambda c: order[c.side])
            if course.treatment.on == last and course.before.value > 0
        ]
    effects += [
        (course.sureness, course)
        for course in sorted(_latest_courses(found), key=lambda c: order[c.side])
    ]
    if found.others:
        last = max(course.treatment.on for course in found.others)
        effects += [
            (course.sureness, course)
            for course in sorted(found.others, key=lambda c: order[c.side])
            if course.treatment.on == last
        ]
    return effects


def _latest_courses(found: Progression) -> list[InjectionCourse]:
    """Return courses of the latest day of injections with a known effect."""
    latest: list[InjectionCourse] = []
    for course in reversed(found.injections):
        if latest and course.treatment.on != latest[0].treatment.on:
            break
        if np.isfinite(course.peak_over_before.value):
            latest.append(course)
    return latest[::-1]


def _last_sureness(course: OperationCourse) -> Sureness:
    """Return how sure the difference at the last mark that was recorded is."""
    seen = [mark for mark in course.marks if np.isfinite(mark.rate.value)]
    return seen[-1].sureness if seen else Sureness.UNCERTAIN


def _what_is_needed(found: Progression) -> Iterator[Series | NoTrend]:
    """Yield what would be needed to see a change of the burst rate."""
    rates = [s for s in _ordered(found) if s.measure is Measure.EPISODES_PER_MIN]
    busy = [
        series
        for series in rates
        if series.side in found.judged and any(dot.bursts for dot in series.periods)
    ]
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
    """Yield regions that joined after the first day."""
    for reached in found.regions:
        if reached.region not in (Region.MOUTH_CORNER, Region.CHEEK):
            continue
        if reached.first_on is not None and reached.first_on != found.first_on:
            yield reached
