"""Which firm sentences of a page are so, of a person whose truth is known.

Firm is what the page states without "possible": clear trends, clear treatment effects,
clear associations, regions that are said to take part. Note: the truth of a trend is
that of the disease, whatever was logged; a truth of less than `LEAST` is no change;
bursts come "more often" when more begin per burst-free minute, because long bursts
leave no room for others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import singledispatch
from math import isfinite, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studies.coverage.truth import Level, level_between, level_on
from twitch_tracker.demo.lives.drawn import Drawn
from twitch_tracker.demo.lives.person import Life
from twitch_tracker.progression.recordings.phases import PEAK_DAYS, before_window
from twitch_tracker.progression.results import (
    Association,
    Cycle,
    Estimate,
    InjectionCourse,
    Measure,
    OperationCourse,
    OtherCourse,
    Progression,
    RegionReached,
    Scale,
    Series,
    Sureness,
    TimeAround,
)
from twitch_tracker.progression.results.readings import TimeBeside
from twitch_tracker.regions import Region, Side

__all__ = [
    "LEAST",
    "Verdict",
    "day_of",
    "true_between",
    "true_effect",
    "true_value",
    "verdicts",
]

Array = NDArray[np.float64]

LEAST: Final = 1.05
"""Ratios nearer to 1 than this are no change."""

_LEAST_SHARE: Final = 0.05
"""A region takes part when it does in more than this share of the bursts."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One firm sentence.

    Attributes
    ----------
    about : str
        A measure, ``injection``, ``injections``, ``operation``, ``other``, ``association`` and its factor, or
        ``region`` and its name.
    direction : int
        1 for more, -1 for less, 0 for neither.
    is_true : bool
        Whether it is true.
    """

    about: str
    direction: int
    is_true: bool


def verdicts(drawn: Drawn, found: Progression) -> tuple[Verdict, ...]:
    """Judge all firm sentences at the top of a page, in their order.

    Parameters
    ----------
    drawn : Drawn
        The truth.
    found : Progression
        What the page says.

    Returns
    -------
    tuple of Verdict
        Empty when nothing firm is said.
    """
    judged = (_judged(reading, drawn) for reading in found.readings)
    return tuple(verdict for verdict in judged if verdict is not None)


def day_of(drawn: Drawn, on: date) -> int:
    """Return the day of the course."""
    return (on - drawn.life.start).days


def true_value(drawn: Drawn, measure: Measure, day: float) -> float:
    """Return the true value of a measure of the affected side, injections taken away.

    Parameters
    ----------
    drawn : Drawn
        Whose.
    measure : Measure
        Which; of rates, those per burst-free minute.
    day : float
        Of the course.

    Returns
    -------
    float
        NaN for a measure of which only the direction is known.
    """
    known = {
        **_of_level(level_on(drawn.life, day)),
        Measure.EXCURSION_MM: drawn.life.bursting.excursion_mm.on(day),
        Measure.BOTH_REGIONS_SHARE: _lower_face(drawn.life, day),
        Measure.BROW_LIFT_SHARE: drawn.life.reach.brow.on(day),
    }
    return known.get(measure, float("nan"))


def true_between(drawn: Drawn, measure: Measure, begin: int, end: int) -> float:
    """Return the true value of a stretch of days, as these days turned out.

    Parameters
    ----------
    drawn : Drawn
        Whose.
    measure : Measure
        A rate, the time in bursts, durations or pauses.
    begin, end : int
        First and last day.

    Returns
    -------
    float
        With the effect of injections.
    """
    return _of_level(level_between(drawn.life, drawn.days, begin, end))[measure]


def _of_level(level: Level) -> dict[Measure, float]:
    return {
        Measure.EPISODES_PER_MIN: level.onsets_per_free_min,
        Measure.SPASM_FRACTION: level.time_share,
        Measure.MEDIAN_DURATION_S: level.median_duration_s,
        Measure.MEDIAN_PAUSE_S: level.median_pause_s,
    }


def _lower_face(life: Life, day: float) -> float:
    return 1 - (1 - life.reach.mouth_corner.on(day)) * (1 - life.reach.cheek.on(day))


@singledispatch
def _judged(_reading: object, _drawn: Drawn) -> Verdict | None:
    """Return None: anything else says nothing firm."""
    return None


@_judged.register
def _(reading: Series, drawn: Drawn) -> Verdict | None:
    trend = reading.trend
    if trend is None or trend.sureness is not Sureness.CLEAR:
        return None
    neutral = 1.0 if trend.scale is Scale.RATIO else 0.0
    change = trend.change if trend.step is None else trend.step.change
    direction = 1 if change.value > neutral else -1
    begin, end = day_of(drawn, trend.start), day_of(drawn, trend.end)
    true = _directions(drawn, reading.measure, reading.side, begin, end)
    return Verdict(
        about=reading.measure.value, direction=direction, is_true=direction in true
    )


@_judged.register
def _(reading: TimeBeside, _drawn: Drawn) -> Verdict:
    """Judge time in bursts that is only set beside a change: neither more nor less."""
    return Verdict(about=reading.series.measure.value, direction=0, is_true=True)


def _directions(
    drawn: Drawn, measure: Measure, side: Side | None, begin: int, end: int
) -> set[int]:
    """Return which way a measure truly went; the longest burst follows two of them."""
    if side is not drawn.life.side:
        return set()
    follows = {
        Measure.SHARE_OVER_1S: (Measure.MEDIAN_DURATION_S,),
        Measure.LONGEST_DURATION_S: (
            Measure.MEDIAN_DURATION_S,
            Measure.EPISODES_PER_MIN,
        ),
    }
    found = set()
    for one in follows.get(measure, (measure,)):
        first, last = (true_value(drawn, one, day) for day in (begin, end))
        found.add(_way(first, last))
    return found - {0}


def _way(first: float, last: float) -> int:
    """Return 1 for up, -1 for down, 0 for no change."""
    if not isfinite(first) or not isfinite(last) or first == last:
        return 0
    ratio = log(max(last, 1e-9) / max(first, 1e-9))
    return int(np.sign(ratio)) if abs(ratio) > log(LEAST) else 0


@_judged.register
def _(reading: InjectionCourse, drawn: Drawn) -> Verdict | None:
    if reading.sureness is not Sureness.CLEAR:
        return None
    direction = 1 if reading.peak_over_before.value > 1 else -1
    on = float(day_of(drawn, reading.treatment.on))
    true = true_effect(drawn, on) if reading.side is drawn.life.side else 1.0
    return Verdict(
        about="injection", direction=direction, is_true=_way(1.0, true) == direction
    )


@_judged.register
def _(reading: Cycle, drawn: Drawn) -> Verdict | None:
    if not reading.is_clear:
        return None
    acts = drawn.life.injections.depth != 1 and reading.side is drawn.life.side
    return Verdict(about="injections", direction=0, is_true=acts)


def true_effect(drawn: Drawn, on: float) -> float:
    """Rate ratio of the peak of an injection over the weeks before it."""
    life, effect = drawn.life, drawn.days.effect
    earlier = np.array([day for day in life.injections.days if day < on])
    begin, end = before_window(on, earlier)
    peak = (on + PEAK_DAYS[0], on + PEAK_DAYS[1] + 1)
    grown = true_value(drawn, Measure.EPISODES_PER_MIN, on + 22) / true_value(
        drawn, Measure.EPISODES_PER_MIN, on - 14
    )
    return grown * _mean(effect, *peak) / _mean(effect, begin, end)


def _mean(effect: Array, begin: float, end: float) -> float:
    return float(effect[max(int(begin), 0) : int(end)].mean())


@_judged.register
def _(reading: OperationCourse, drawn: Drawn) -> Verdict | None:
    seen = [mark for mark in reading.marks if isfinite(mark.over_before.value)]
    if not seen:
        return None
    on = day_of(drawn, reading.treatment.on)
    days = (float(on - 1), float(on + seen[-1].day))
    said = _said(seen[-1].sureness, seen[-1].over_before, seen[-1].time)
    return _around("operation", said, days, drawn, reading.side)


@_judged.register
def _(reading: OtherCourse, drawn: Drawn) -> Verdict | None:
    on = day_of(drawn, reading.treatment.on)
    first, last = (day_of(drawn, day) for day in (reading.first_on, reading.last_on))
    # In the middle of the stretches before and after.
    days = ((on + first) / 2, (on + last) / 2)
    said = _said(reading.sureness, reading.after_over_before, reading.time)
    return _around("other", said, days, drawn, reading.side)


def _said(
    sureness: Sureness, ratio: Estimate, time: TimeAround | None
) -> dict[Measure, int]:
    """Return which way the rate and the time in bursts are said to have gone, where clear."""
    said = {}
    if sureness is Sureness.CLEAR:
        said[Measure.EPISODES_PER_MIN] = 1 if ratio.value > 1 else -1
    if time is not None and time.sureness is Sureness.CLEAR:
        said[Measure.SPASM_FRACTION] = 1 if time.after > time.before else -1
    return said


def _around(
    about: str,
    said: dict[Measure, int],
    days: tuple[float, float],
    drawn: Drawn,
    side: Side,
) -> Verdict | None:
    """Judge what is said of a treatment by what was true on a day before and after it."""
    if not said:
        return None
    true = [
        _way(*(true_value(drawn, measure, day) for day in days)) == way
        for measure, way in said.items()
    ]
    return Verdict(
        about=about,
        direction=next(iter(said.values())),
        is_true=side is drawn.life.side and all(true),
    )


@_judged.register
def _(reading: Association, drawn: Drawn) -> Verdict | None:
    if reading.sureness is not Sureness.CLEAR and not reading.or_factor:
        return None
    direction = 1 if reading.rate_ratio.value > 1 else -1
    drives = drawn.life.diary.stress_ratio > 1 and reading.side is drawn.life.side
    factors = [reading.factor, *([reading.or_factor] if reading.or_factor else [])]
    is_true = drives and "stress" in factors and direction == 1
    return Verdict(
        about=f"association {' or '.join(factors)}",
        direction=direction,
        is_true=is_true,
    )


@_judged.register
def _(reading: RegionReached, drawn: Drawn) -> Verdict | None:
    if reading.first_on is None:
        return None
    day = day_of(drawn, reading.first_on)
    reach = drawn.life.reach
    shares = {
        Region.EYELID: reach.eyelid.on(day),
        Region.MOUTH_CORNER: reach.mouth_corner.on(day),
        Region.CHEEK: reach.cheek.on(day),
        Region.BROW: reach.brow.on(day),
    }
    own = reading.side is drawn.life.side
    is_true = own and shares[reading.region] > _LEAST_SHARE
    return Verdict(about=f"region {reading.region.value}", direction=0, is_true=is_true)
