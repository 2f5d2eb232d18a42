"""What to say first of a course, the most important first."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

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
    TimeAround,
)
from twitch_tracker.progression.results.readings import (
    ByChance,
    MostlyInBursts,
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
    follows = any(cycle.is_clear for cycle in cycles) or bool(clear_courses)
    # All injections together say it in fewer words than the last one alone.
    clear = [*_clear_changes(found), *(cycles if follows else []), *clear_courses]
    possible = any(_changes(found, Sureness.POSSIBLE))
    broken = [each for each in found.breaks if each.what in _LEADING]
    unjudged = list(_unjudged(found))
    mostly_out = sum(len(each.recordings) for each in found.left_out) > found.recordings
    readings: list[Reading] = [
        *(found.left_out if mostly_out else []),
        *broken,
        *([] if found.judged else unjudged),
        *_mostly_in_bursts(found),
        *clear,
        *([Remark.NOTHING_CLEAR] if possible and not clear else []),
        *([] if possible or clear else _what_is_needed(found)),
        *([] if follows else cycles),
        *_spread(found),
        *(a for a in found.associations if a.sureness is Sureness.CLEAR or a.or_factor),
        *(course for _, course in effects if course not in clear_courses),
        *(each for each in found.breaks if each not in broken),
        *(unjudged if found.judged else []),
        *([Remark.MIXED_BASIS] if found.basis is Basis.BOTH else []),
        *([] if mostly_out else found.left_out),
    ]
    quiet = NoBursts(recordings=found.recordings, analysable_min=found.analysable_min)
    return replace(found, readings=tuple(readings) or (quiet,))


def _unjudged(found: Progression) -> Iterator[NotJudged]:
    """Return sides with bursts of which nothing is reported, since the last break.

    Before it they may have been judged, or have been the other side.
    """
    leading = [each for each in found.breaks if each.what in _LEADING]
    since = max((each.on for each in leading), default=None)
    jumped = any(each.what is Broken.BOTH_SIDES for each in leading)
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
                yield NotJudged(
                    side=side,
                    bursts=bursts,
                    analysable_min=minutes,
                    after_jump=jumped,
                )
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
            and not _seems_to_fall(series)
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


def _seems_to_fall(series: Series) -> bool:
    """Return whether less of a measure is at least possible."""
    trend = series.trend
    seems = trend is not None and trend.sureness is not Sureness.UNCERTAIN
    return seems and _change_of(series) < 0


def by_chance(found: Progression) -> ByChance:
    """Count changes that are only possible, and how many chance alone makes."""
    possible = len(list(_changes(found, Sureness.POSSIBLE)))
    trends = sum(series.trend is not None for series in found.series)
    expected = max(1, round(_POSSIBLE_BY_CHANCE * trends))
    return ByChance(possible=possible, trends=trends, by_chance=expected)


_Course = InjectionCourse | OperationCourse | OtherCourse


def _treatments(found: Progression) -> list[tuple[Sureness, _Course]]:
    """Return courses of treatments to say something of, and how sure their effect is.

    Operations, injections and other treatments: of each the last one, and before it the
    last one that is clear, where the last one is not. Of injections earlier ones are said by
    all of them together (`Cycle`).
    """
    sides = _sides(found)

    def order(place: tuple[Side, TaskKind]) -> tuple[int, int]:
        return sides.index(place[0]), _KINDS.index(place[1])

    groups: tuple[list[tuple[Sureness, _Course]], ...] = (
        [(_last_sureness(c), c) for c in found.operations if c.before.value > 0],
        [(c.sureness, c) for c in _latest_courses(found)],
        [(_with_time(c.sureness, c.time), c) for c in found.others],
    )
    return [
        one
        for group in groups
        for place in sorted({(c.side, c.kind) for _, c in group}, key=order)
        for one in _to_say(
            [each for each in group if (each[1].side, each[1].kind) == place]
        )
    ]


def _to_say(group: list[tuple[Sureness, _Course]]) -> list[tuple[Sureness, _Course]]:
    """Return those of the last day, and the last clear one where none of them is."""
    last = max(course.treatment.on for _, course in group)
    latest = [each for each in group if each[1].treatment.on == last]
    clear = [each for each in group if each[0] is Sureness.CLEAR]
    if clear and not any(sure is Sureness.CLEAR for sure, _ in latest):
        return [max(clear, key=lambda each: each[1].treatment.on), *latest]
    return latest


def _latest_courses(found: Progression) -> list[InjectionCourse]:
    """Return courses of the latest day of injections with a known effect."""
    latest: list[InjectionCourse] = []
    for course in reversed(found.injections):
        if latest and course.treatment.on != latest[0].treatment.on:
            break
        if math.isfinite(course.peak_over_before.value):
            latest.append(course)
    return latest[::-1]


def _last_sureness(course: OperationCourse) -> Sureness:
    """Return how sure the difference at the last mark that was recorded is."""
    seen = [mark for mark in course.marks if math.isfinite(mark.rate.value)]
    return _with_time(seen[-1].sureness, seen[-1].time) if seen else Sureness.UNCERTAIN


def _with_time(sureness: Sureness, time: TimeAround | None) -> Sureness:
    """Return how sure it is that bursts, or the time in them, differ."""
    is_clear = time is not None and time.sureness is Sureness.CLEAR
    return Sureness.CLEAR if is_clear else sureness


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
            yield _time_there(found, series) or series
        else:
            yield NoTrend(
                side=series.side,
                kind=series.kind,
                after_operation=bool(found.operations),
            )


def _mostly_in_bursts(found: Progression) -> Iterator[MostlyInBursts]:
    """Yield sides that are in bursts for most of the time, of which no clear change says so."""
    for series in _ordered(found):
        latest, trend = series.latest, series.trend
        said = trend is not None and trend.sureness is Sureness.CLEAR
        if latest and not said and series.is_mostly and series.side in found.judged:
            yield MostlyInBursts(
                side=series.side,
                kind=series.kind,
                share=latest.estimate.value,
                start=latest.start,
                end=latest.end,
            )


def _time_there(found: Progression, rate: Series) -> Series | None:
    """Return the time in bursts of a place, where it says more than how often they begin."""
    for series in found.series:
        there = (series.side, series.kind) == (rate.side, rate.kind)
        if there and series.is_mostly and series.trend is not None:
            return series
    return None


def _spread(found: Progression) -> Iterator[RegionReached]:
    """Yield regions that joined after the first day."""
    for reached in found.regions:
        if reached.region not in (Region.MOUTH_CORNER, Region.CHEEK):
            continue
        if reached.first_on is not None and reached.first_on != found.first_on:
            yield reached
