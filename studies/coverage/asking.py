"""Ask a page about a simulated person whose truth is known.

Every function takes a `Case` and gives yes or no, a number, or None where the question
does not arise because the page says nothing of it. Note: the affected side at rest is
meant where nothing else is said; clear is what the page states firmly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isfinite, log
from typing import Final

import numpy as np

from studies.coverage.judge import (
    Verdict,
    day_of,
    true_between,
    true_effect,
    true_value,
    verdicts,
)
from twitch_tracker.demo.lives.curves import growing
from twitch_tracker.demo.lives.drawn import Drawn, draw_life
from twitch_tracker.history import Task, TaskKind
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import (
    Broken,
    InjectionCourse,
    Measure,
    Progression,
    PublishedScale,
    Scale,
    Series,
    Sign,
    Sureness,
    Trend,
)
from twitch_tracker.regions import Region

__all__ = [
    "Case",
    "at_five_percent",
    "beyond_inside",
    "beyond_share",
    "effect_inside",
    "effect_shown",
    "end_dated",
    "end_shown",
    "fatigue",
    "half_day_off",
    "half_day_shown",
    "joined_on",
    "latest_inside",
    "latest_over_true",
    "less_often",
    "no_region",
    "onset_inside",
    "opens_with_less",
    "opens_with_time",
    "operation_shown",
    "other_shown",
    "permuted",
    "promise_kept",
    "promise_made",
    "samsung_two",
    "shows_clearly",
    "slope_inside",
    "slope_share",
    "stands_out",
    "stress",
    "stress_or_beside_it",
    "time_past_all",
    "warned",
    "warned_of_anything",
    "wrong",
    "wrong_ever",
    "wrong_trend",
]

_RATE, _TIME = Measure.EPISODES_PER_MIN, Measure.SPASM_FRACTION
_PAUSE: Final = Measure.MEDIAN_PAUSE_S
_JOINED_DAYS: Final = 91
_DATED_DAYS: Final = 14
_SHUFFLES: Final = 999


@dataclass(frozen=True, kw_only=True)
class Case:
    """One simulated person and what was found.

    Attributes
    ----------
    drawn : Drawn
        The truth.
    found : Progression
        The page at the end.
    looks : tuple of Progression
        The page at every look, the last is `found`.
    seed : int
        With which it was drawn.
    """

    drawn: Drawn
    found: Progression
    looks: tuple[Progression, ...]
    seed: int


# --- looking things up ----------------------------------------------------------------


def _series(case: Case, measure: Measure) -> Series | None:
    """Return the affected side's series at rest."""
    for series in case.found.series:
        own = series.side is case.drawn.life.side and series.kind is TaskKind.REST
        if own and series.measure is measure:
            return series
    return None


def _trend(case: Case, measure: Measure) -> Trend | None:
    series = _series(case, measure)
    if series is None or series.trend is None:
        return None
    return series.trend if isfinite(series.trend.change.value) else None


def _courses(case: Case) -> list[InjectionCourse]:
    """Return the injections of the affected side at rest."""
    return [
        course
        for course in case.found.injections
        if course.side is case.drawn.life.side and course.kind is TaskKind.REST
    ]


def _verdicts(case: Case) -> tuple[Verdict, ...]:
    return verdicts(case.drawn, case.found)


# --- kinds of questions ---------------------------------------------------------------


def wrong(case: Case) -> bool:
    """Return whether any firm sentence of the last page is not so."""
    return any(not verdict.is_true for verdict in _verdicts(case))


def wrong_ever(case: Case) -> bool:
    """Return whether any firm sentence of any page was not so."""
    return any(
        not verdict.is_true
        for page in case.looks
        for verdict in verdicts(case.drawn, page)
    )


def wrong_trend(case: Case) -> bool:
    """Return whether any clear trend is not so."""
    measures = {measure.value for measure in Measure}
    return any(not v.is_true for v in _verdicts(case) if v.about in measures)


def no_region(case: Case) -> bool:
    """Return whether a region is said to take part that does not."""
    return any(not v.is_true for v in _verdicts(case) if v.about.startswith("region"))


def fatigue(case: Case) -> bool:
    """Return whether fatigue is said to go along with bursts."""
    return any(v.about == "association fatigue" for v in _verdicts(case))


def stress(case: Case) -> bool:
    """Return whether stress, which drives bursts, is said to go along with them."""
    return any(v.about == "association stress" and v.is_true for v in _verdicts(case))


def stress_or_beside_it(case: Case) -> bool:
    """Return whether it is said of stress, or of one of two numbers of which it is one."""
    return any(v.about.startswith("association") and v.is_true for v in _verdicts(case))


def samsung_two(case: Case) -> bool | None:
    """Return whether the last page comes closest to grade II."""
    levels = [c.level for c in case.found.closest if c.scale is PublishedScale.SAMSUNG]
    return levels[0] == 2 if levels else None


def opens_with_less(case: Case) -> bool:
    """Return whether the first firm sentence says less, although there is more."""
    firm = [v for v in _verdicts(case) if v.direction or v.about == _TIME.value]
    return bool(firm) and firm[0].direction < 0 and firm[0].about != _PAUSE.value


def opens_with_time(case: Case) -> bool:
    """Return whether the first sentence is on time in bursts, and true."""
    firm = _verdicts(case)
    return bool(firm) and firm[0].about == _TIME.value and firm[0].is_true


def time_past_all(case: Case) -> bool | None:
    """Return whether the line of the time in bursts ends beyond all of it."""
    trend = _trend(case, _TIME)
    return None if trend is None else trend.fitted_end > 1


def less_often(case: Case) -> bool:
    """Return whether bursts are said to come less often."""
    return any(v.about == _RATE.value and v.direction < 0 for v in _verdicts(case))


def shows_clearly(measure: Measure, way: int) -> Callable[[Case], bool]:
    """Return whether the page says it clearly."""

    def ask(case: Case) -> bool:
        return any(
            v.about == measure.value and v.direction == way for v in _verdicts(case)
        )

    return ask


def end_shown(case: Case) -> bool:
    """Return whether the rate or the time in bursts is said to have fallen."""
    return any(
        v.direction < 0
        for v in _verdicts(case)
        if v.about in (_RATE.value, _TIME.value)
    )


def end_dated(case: Case) -> bool | None:
    """Return whether the day of the end is shown, and within two weeks of it."""
    series = _series(case, _RATE)
    step = None if series is None or series.trend is None else series.trend.step
    if step is None:
        return None
    day = case.drawn.life.bursting.quiet_s.knots[-1][0]
    return abs(day_of(case.drawn, step.day) - day) <= _DATED_DAYS


def at_five_percent(case: Case) -> bool | None:
    """Return whether the rate's trend alone has p below 5 %."""
    trend = _trend(case, _RATE)
    return None if trend is None else trend.p_value < 0.05


def warned(what: Broken) -> Callable[[Case], bool]:
    """Ask whether a change in how it was recorded is shown."""

    def ask(case: Case) -> bool:
        return any(broken.what is what for broken in case.found.breaks)

    return ask


def warned_of_anything(case: Case) -> bool:
    """Return whether any change in how it was recorded is shown."""
    return bool(case.found.breaks)


def permuted(case: Case) -> bool | None:
    """Return whether shuffling the days of the same recordings finds p below 5 %.

    What a plain calibrated test would find where days are independent of each other:
    the covariance of day and onsets, minutes allowed for, among shuffled days.
    """
    rest = [f.logged for f in case.drawn.films if f.logged.task is Task.REST]
    own = [recording.sides[case.drawn.life.side] for recording in rest]
    onsets = np.array([float((~totals.onset_cut).sum()) for totals in own])
    if not onsets.sum() > 0:
        return None
    minutes = np.array([recording.analysable_s / 60 for recording in rest])
    beyond = onsets - minutes * onsets.sum() / minutes.sum()
    day = np.array([day_of(case.drawn, r.started_at.date()) for r in rest], float)
    rng = np.random.default_rng(case.seed)
    shuffled = rng.permuted(np.tile(day, (_SHUFFLES, 1)), axis=1)
    extreme = np.abs((shuffled - day.mean()) @ beyond) >= abs(
        float((day - day.mean()) @ beyond)
    )
    return bool((1 + extreme.sum()) / (1 + _SHUFFLES) < 0.05)


def slope_inside(measure: Measure) -> Callable[[Case], bool | None]:
    """Ask whether the true change of a measure lies inside its interval."""

    def ask(case: Case) -> bool | None:
        trend = _trend(case, measure)
        if trend is None:
            return None
        first, last = (
            true_value(case.drawn, measure, day_of(case.drawn, on))
            for on in (trend.start, trend.end)
        )
        true = last / first if trend.scale is Scale.RATIO else last - first
        return trend.change.low <= true <= trend.change.high

    return ask


def _true_growth(case: Case, trend: Trend) -> float:
    """Return the true ratio of the rate over the stretch of a trend."""
    first, last = (
        true_value(case.drawn, _RATE, day_of(case.drawn, on))
        for on in (trend.start, trend.end)
    )
    return last / first


def slope_share(case: Case) -> float | None:
    """Return logarithm of the stated growth over that of the true one."""
    trend = _trend(case, _RATE)
    if trend is None:
        return None
    return log(trend.change.value) / log(_true_growth(case, trend))


def beyond_inside(case: Case) -> bool | None:
    """Return whether the true growth lies in the interval of that without mistakes."""
    trend = _trend(case, _RATE)
    if trend is None or trend.beyond_mistakes is None:
        return None
    change = trend.beyond_mistakes.change
    return change.low <= _true_growth(case, trend) <= change.high


def beyond_share(case: Case) -> float | None:
    """Return logarithm of the growth without mistakes over that of the true one."""
    trend = _trend(case, _RATE)
    if trend is None or trend.beyond_mistakes is None:
        return None
    growth = trend.beyond_mistakes.change.value
    return log(growth) / log(_true_growth(case, trend))


def _latest(measure: Measure, case: Case) -> tuple[float, float, float, float] | None:
    """Return value, low, high of the latest number, and the truth of its days."""
    series = _series(case, measure)
    if series is None or series.latest is None:
        return None
    dot = series.latest
    begin, end = day_of(case.drawn, dot.start), day_of(case.drawn, dot.end)
    true = true_between(case.drawn, measure, begin, end)
    return dot.estimate.value, dot.estimate.low, dot.estimate.high, true


def latest_inside(measure: Measure) -> Callable[[Case], bool | None]:
    """Ask whether the truth lies inside the interval of a latest number."""

    def ask(case: Case) -> bool | None:
        latest = _latest(measure, case)
        if latest is None or not isfinite(latest[1]):
            return None
        return latest[1] <= latest[3] <= latest[2]

    return ask


def latest_over_true(measure: Measure) -> Callable[[Case], float | None]:
    """Ask for a latest number over the truth."""

    def ask(case: Case) -> float | None:
        latest = _latest(measure, case)
        return None if latest is None else latest[0] / latest[3]

    return ask


def effect_shown(case: Case) -> bool:
    """Return whether an effect of injections is shown, of one or of all together."""
    together = any(
        cycle.is_clear and cycle.side is case.drawn.life.side
        for cycle in case.found.cycles
    )
    return together or any(c.sureness is Sureness.CLEAR for c in _courses(case))


def effect_inside(case: Case) -> bool | None:
    """Return whether the true effect of the middle injection lies in its interval."""
    courses = [c for c in _courses(case) if isfinite(c.peak_over_before.value)]
    if not courses:
        return None
    middle = courses[len(courses) // 2]
    true = true_effect(case.drawn, float(day_of(case.drawn, middle.treatment.on)))
    return middle.peak_over_before.low <= true <= middle.peak_over_before.high


def operation_shown(case: Case) -> bool:
    """Return whether fewer bursts are shown after the operation."""
    return any(
        v.about == "operation" and v.is_true and v.direction < 0
        for v in _verdicts(case)
    )


def stands_out(sign: Sign) -> Callable[[Case], bool | None]:
    """Ask whether a sign that clinicians go by stands out on the affected side."""

    def ask(case: Case) -> bool | None:
        answers = [
            seen.stands_out
            for seen in case.found.signs
            if seen.sign is sign and seen.side is case.drawn.life.side
        ]
        return any(answers) if answers else None

    return ask


def onset_inside(case: Case) -> bool | None:
    """Return whether the day on which half of the effect is there lies in its interval.

    The truth is when the logarithm of the rate is half-way to its lowest, from where it is
    on the day of the injection; between two days it is taken to be straight.
    """
    onsets = [
        cycle.onset_day
        for cycle in case.found.cycles
        if cycle.side is case.drawn.life.side and cycle.onset_day is not None
    ]
    if not onsets:
        return None
    logs = np.log(case.drawn.days.effect)
    halves = []
    for on in case.drawn.life.injections.days:
        own = logs[int(on) : int(on) + 40]
        half = (own[0] + own.min()) / 2
        day = int(np.argmax(own <= half))
        halves.append(day - (half - own[day]) / (own[day - 1] - own[day]))
    return onsets[0].low <= float(np.mean(halves)) <= onsets[0].high


def other_shown(case: Case) -> bool:
    """Return whether fewer bursts are shown after a drug."""
    return any(
        v.about == "other" and v.is_true and v.direction < 0 for v in _verdicts(case)
    )


def promise_made(case: Case) -> bool:
    """Return whether any page says that a halving within a year would stand out."""
    return _promised_on(case) is not None


def promise_kept(case: Case) -> bool | None:
    """Return whether a halving within a year would have shown for the same person.

    Asked on the first day on which the page says that a halving or doubling within a
    year would stand out; a twin is drawn with the same days and a halving rate.
    """
    page = _promised_on(case)
    if page is None:
        return None
    life = case.drawn.life
    quiet_s = growing(life.bursting.quiet_s.on(0), 2.0)
    twin = replace(life, bursting=replace(life.bursting, quiet_s=quiet_s))
    drawn = draw_life(twin, case.seed)
    found = progress_of(drawn.history, today=page.last_on)
    return shows_clearly(_RATE, -1)(Case(drawn=drawn, found=found, looks=(), seed=0))


def _promised_on(case: Case) -> Progression | None:
    """Return the first page that says that a halving within a year would stand out."""
    for page in case.looks:
        trend = _trend(replace(case, found=page), _RATE)
        if trend is None or trend.sureness is not Sureness.UNCERTAIN:
            continue
        if trend.minutes_needed == 0:
            return page
    return None


def _half_days_off(case: Case) -> list[float]:
    """Return by how many days each half-way day is off, that of all together too."""
    days, half_days = case.drawn.life.injections.days, case.drawn.days.half_days
    return [
        abs(
            course.wear_off_day.value
            - half_days[days.index(float(day_of(case.drawn, course.treatment.on)))]
        )
        for course in _courses(case)
        if course.wear_off_day is not None
    ] + [
        abs(cycle.half_way_day.value - sum(half_days) / len(half_days))
        for cycle in case.found.cycles
        if cycle.side is case.drawn.life.side
        and cycle.kind is TaskKind.REST
        and cycle.half_way_day is not None
    ]


def half_day_shown(case: Case) -> bool:
    """Return whether a half-way day is shown for any injection."""
    return bool(_half_days_off(case))


def half_day_off(case: Case) -> float | None:
    """Return by how many days the stated half-way days are off, in the median."""
    off = sorted(_half_days_off(case))
    return off[len(off) // 2] if off else None


def joined_on(case: Case) -> bool:
    """Return whether the mouth corner is shown within three months of its day."""
    days = [
        day_of(case.drawn, reached.first_on)
        for reached in case.found.regions
        if reached.side is case.drawn.life.side
        and reached.kind is TaskKind.REST
        and reached.region is Region.MOUTH_CORNER
        and reached.first_on is not None
    ]
    joined = case.drawn.life.reach.mouth_corner.knots[-1][0]
    return 0 <= days[0] - joined <= _JOINED_DAYS if days else False
