"""Trends: how a measure changes over a stretch without treatment effects in between.

A trend is a straight line on the scale of the family's link (a constant ratio a year
for rates and lengths, a constant change of log odds for shares). Injections are taken
out by a free curve that follows each of them; after an operation the line begins nine
months later, because relief may come late. Note: a ratio is end over start; times are
scaled so that the whole stretch is 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from twitch_tracker.history import Treatment
from twitch_tracker.progression.change.changes import (
    ANY_HEIGHT,
    EFFECT_SD,
    OR_AN_END,
    Course,
    RawStep,
    likely_step,
)
from twitch_tracker.progression.change.needed import (
    TrendTest,
    further_recordings,
    least_slope,
    mistaken_share,
    weaker_by,
)
from twitch_tracker.progression.change.observe import Observed, blocks_of, observe, pool
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.recordings.daytime import daytime_columns
from twitch_tracker.progression.recordings.phases import (
    OPERATION_SETTLED_DAYS,
    USUAL_SHAPE,
    Acting,
    injection_days,
    operation_days,
)
from twitch_tracker.progression.results import Estimate, Measure, Scale
from twitch_tracker.progression.shares import SHARED_CHANCE, trend_share
from twitch_tracker.progression.statistics.evidence import (
    NOT_WORTH_WEIGHING_P,
    Evidence,
)
from twitch_tracker.progression.statistics.fit import (
    OF_SHARES,
    Combination,
    Family,
    Fit,
    Levels,
    Shares,
    fit,
)
from twitch_tracker.progression.statistics.noise import (
    NoiseGrid,
    noise_of_firm_statements,
    noise_of_lengths,
    noise_of_levels,
    noise_of_logs,
)
from twitch_tracker.progression.statistics.sums import sums
from twitch_tracker.regions import Side

__all__ = ["DAYS_PER_YEAR", "RawTrend", "other_columns", "raw_trend"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

DAYS_PER_YEAR: Final = 365.25
LEAST_DAYS: Final = 4
"""Days with a recording below which no trend is tried."""
LEAST_SPAN_DAYS: Final = 7.0
LEAST_TRIALS: Final = 8

MOST_BLOCKS: Final = 100
_MOST_DEVICES: Final = 4
_FREE_SHARE: Final = 0.08
"""Part of a course on which no injection acts that shows how it is without."""

_UNUSUAL: Final = 0.4
"""By how much the shape of an effect differs from the usual one, in logs: a standard deviation.
What is left after eleven or fifteen weeks differs by so much where half is gone after 70 to 100 days."""

_LATE: Final = 0.3
"""The same of how the effect changes."""

_STEPWISE: Final = (
    Measure.SPASM_FRACTION,
    Measure.EPISODES_PER_MIN,
    Measure.MEDIAN_DURATION_S,
)
"""Measures of which a change at once is looked for."""

_NAN: Final = float("nan")
_NOTHING: Final = Estimate(value=_NAN, low=_NAN, high=_NAN)


@dataclass(frozen=True, kw_only=True)
class RawTrend:
    """A trend before all trends of a page were looked at together.

    Attributes
    ----------
    rows : NDArray[np.int64]
        Recordings it rests on.
    scale : Scale
        Of `change` and `per_year`.
    fitted_start, fitted_end : float
        In the measure's unit. No longest burst is longer than the longest recording
        (`_most`).
    change, per_year : Estimate
        See `results.Trend`.
    p_value : float
        Of no change.
    minutes_needed : float
        See `results.Trend`.
    least_a_year : float
        See `results.Trend`.
    treated, operated : bool
        Whether injections act; whether it begins after an operation.
    noise : NoiseGrid or None
        Weighed by the data.
    log_evidence : float
        Natural logarithm of how much better a change predicts the recordings than none.
    step : RawStep or None
        Where it came at once.
    without_injections : bool
        Whether fitted values are those without the effect of injections.
    level_sd : float
        Standard error of the middle of the line, on the link's scale.
    """

    rows: Ints
    scale: Scale
    fitted_start: float
    fitted_end: float
    change: Estimate
    per_year: Estimate
    p_value: float
    minutes_needed: float
    least_a_year: float = _NAN
    treated: bool = False
    operated: bool = False
    noise: NoiseGrid | None = None
    log_evidence: float = 0.0
    step: RawStep | None = None
    without_injections: bool = False
    level_sd: float = 0.0


def raw_trend(
    columns: Columns,
    side: Side | None,
    measure: Measure,
    treatments: Sequence[Treatment],
) -> RawTrend | None:
    """Fit the trend of a measure.

    Parameters
    ----------
    columns : Columns
        Recordings of one kind.
    side : Side or None
        Whose.
    measure : Measure
        What.
    treatments : sequence of Treatment
        All of the person.

    Returns
    -------
    RawTrend or None
        None with recordings on fewer than four days, within less than a week, or
        with fewer than eight bursts behind a share.
    """
    if measure is Measure.MEDIAN_PAUSE_S:
        return None  # onsets a burst-free minute are one over the mean pause
    observed = observe(columns, side, measure)
    since = _since(columns, side, treatments)
    inside = columns.day[observed.rows] >= since
    observed = observed.some(inside)
    rows = observed.rows
    day = columns.day[rows]
    if len(np.unique(day)) < LEAST_DAYS or np.ptp(day) < LEAST_SPAN_DAYS:
        return None
    operated = bool(since > -np.inf)
    if observed.empty:
        return _empty(observed, operated=operated)
    if not _enough(observed.family):
        return None
    injections = injection_days(treatments, columns, side)
    acting = Acting.on(day, injections)
    others = other_columns(columns, rows, acting)
    effects = int(acting.columns.any(axis=0).sum())
    drift = acting.drift(USUAL_SHAPE)
    if drift.any():
        changing = _changing_effect(acting, drift)
        others[:, :effects] *= _UNUSUAL / EFFECT_SD
        others = np.column_stack([changing, others])
        effects += changing.shape[1]
    if measure is Measure.LONGEST_DURATION_S:
        logs = np.log(columns.minutes[rows])
        others = np.column_stack([others, logs])
    about = _About(
        stepwise=measure in _STEPWISE,
        leads=measure in SHARED_CHANCE,
        weighed=measure is Measure.EPISODES_PER_MIN,
        mistaken=mistaken_share(columns, side, rows)
        if measure is Measure.EPISODES_PER_MIN
        else 0.0,
        share=trend_share(measure, columns.part(side)),
        treated=effects > 0,
        operated=operated,
        effects=effects,
        most=_most(columns, rows, measure),
    )
    return _fitted(observed, day, others, columns, about)


def _most(columns: Columns, rows: Ints, measure: Measure) -> float:
    """Return what a measure can be at most in these recordings; infinite for most of them.

    A burst of a recording is seen for as long as the recording lasts. Where bursts come to
    fill recordings, a straight line through their logarithms goes on beyond, so no
    level of the longest burst, start or end, is above the longest recording, and a change is
    that between such levels.
    """
    if measure is not Measure.LONGEST_DURATION_S or not len(rows):
        return np.inf
    return float(columns.minutes[rows].max()) * 60


def _changing_effect(acting: Acting, drift: Array) -> Array:
    """Return columns of an effect that changes between injections, shape (n, 3).

    How it changes, how much more or less of it changes late, and the usual effect itself. With
    a free column for each top of the effect a course under one injection after the other could be seen
    as a disease that grows while injections do more and more: nothing would say how it is without. What
    says so is that an injection wears off, to about 0.42 of its effect after three months. So
    the effect has its usual shape, and the free columns are what it differs by.
    """
    late = np.zeros(len(USUAL_SHAPE))
    late[-2:] = _LATE / EFFECT_SD
    return np.column_stack(
        [
            drift,
            acting.drift(late),
            acting.columns @ USUAL_SHAPE,
        ]
    )


@dataclass(frozen=True, kw_only=True)
class _About:
    """What is known of a stretch before it is fitted.

    Attributes
    ----------
    stepwise : bool
        Whether steps are looked for.
    leads : bool
        Whether it is one of the two measures that a page is about (`shares.SHARED_CHANCE`).
    weighed : bool
        Whether what would be clear is weighed by the recordings themselves.
    mistaken : float
        Share of what is logged that is there by mistake.
    share : float
        Of the page's chance.
    treated, operated : bool
        Whether injections act; whether it begins after an operation.
    effects : int
        How many of the other columns, the first ones, are of injections.
    most : float
        Beyond it nothing can be measured (`_most`).
    """

    stepwise: bool
    leads: bool
    weighed: bool
    mistaken: float
    share: float
    treated: bool
    operated: bool
    effects: int = 0
    most: float = np.inf


def _since(
    columns: Columns, side: Side | None, treatments: Sequence[Treatment]
) -> float:
    """Return the first day after the last operation; minus infinity without."""
    last_day = columns.day[-1] if len(columns.day) else 0.0
    done = operation_days(treatments, columns, side)
    done = done[done <= last_day]
    return float(done[-1]) + OPERATION_SETTLED_DAYS if len(done) else -np.inf


def _enough(family: Family) -> bool:
    """Return whether a share rests on enough bursts, and values differ at all."""
    if isinstance(family, Shares):
        hits, trials = family.hits.sum(), family.trials.sum()
        return bool(trials >= LEAST_TRIALS and 0 < hits < trials)
    if isinstance(family, Levels):
        return bool(np.ptp(family.value) > 0)
    return True


def _empty(observed: Observed, *, operated: bool) -> RawTrend:
    """Return what can be said of a measure that was always zero."""
    return RawTrend(
        rows=observed.rows,
        scale=observed.scale,
        fitted_start=0.0,
        fitted_end=0.0,
        change=_NOTHING,
        per_year=_NOTHING,
        p_value=1.0,
        minutes_needed=_NAN,
        operated=operated,
    )


def other_columns(columns: Columns, rows: Ints, acting: Acting | None = None) -> Array:
    """Return columns for what is no trend: injections, tasks, devices, bases, time of day.

    A person who checks bursts leaves out what was found by mistake: from the day on which
    somebody begins to, bursts are fewer, and not those of the face.

    Parameters
    ----------
    columns : Columns
        Recordings of one kind.
    rows : NDArray[np.int64]
        Which of them.
    acting : Acting, optional
        What injections do on the days of these rows; without, they are left out.

    Returns
    -------
    NDArray[np.float64]
        Shape (rows, p): five columns when any injection acts on any row, then one
        for every task but the most frequent one, one for every later device, one for what
        a person checked where only a part was, and two for the time of day where it moved
        (`daytime`).
    """
    effects = np.empty((len(rows), 0)) if acting is None else acting.columns
    tasks = [
        (columns.task[rows] == number).astype(float)
        for number in range(1, len(columns.tasks))
    ]
    own = columns.device[rows]
    devices = [(own == n).astype(float) for n in range(1, int(own.max(initial=0)) + 1)]
    held = [column for column in (*tasks, *devices[:_MOST_DEVICES]) if column.any()]
    checked = columns.basis[rows].astype(float)
    if len(np.unique(checked)) > 1:
        held.append(checked)
    parts = [effects[:, effects.any(axis=0)], *(column[:, None] for column in held)]
    return np.column_stack([*parts, daytime_columns(columns.hour[rows])])


def _course(
    observed: Observed, day: Array, others: Array, about: _About
) -> tuple[Course, float, bool]:
    """Pool days, and say where the line's middle is and whether it is without effects."""
    block = blocks_of(day, MOST_BLOCKS)
    family, when, pooled, day_share = pool(observed, day, others, block)
    span = float(np.ptp(day))
    middle = float((when * sums(block, observed.weight)).sum())
    middle /= float(observed.weight.sum())
    centre, untreated = _centre(pooled, about.effects)
    course = Course(
        family=family,
        days=when,
        line=(when - middle) / span,
        others=pooled - centre,
        day_share=day_share,
        span_days=span,
        unit=1.0 if np.isnan(observed.spread) else observed.spread / 0.5,
        noise=_noise(observed, noise_of_logs()),
        weighed_by=noise_of_firm_statements()
        if about.leads
        else _noise(observed, noise_of_logs()),
        effects=about.effects,
        heights=ANY_HEIGHT if observed.sign < 0 else OR_AN_END,
    )
    return course, middle, untreated


def _fitted(
    observed: Observed,
    day: Array,
    others: Array,
    columns: Columns,
    about: _About,
) -> RawTrend:
    """Fit the line and read it off."""
    course, middle, untreated = _course(observed, day, others, about)
    found = fit(course.family, course.design(course.line), course.noise)
    line = _Line(day=day, middle=middle, span=course.span_days)
    raw = replace(
        _fitted_trend(found, observed, columns, line, about, course),
        without_injections=untreated,
    )
    if not about.stepwise and raw.p_value > NOT_WORTH_WEIGHING_P:
        return raw
    evidence = course.evidence(stepwise=about.stepwise)
    step = _step(course, evidence, observed) if about.stepwise else None
    return replace(raw, log_evidence=evidence.log_ratio, step=step)


def _centre(pooled: Array, effects: int) -> tuple[Array, bool]:
    """Return where the line lies in the other columns, and whether without injections.

    Without any injection where enough was recorded so, because these marks are where the
    eye looks for the line; else amid what acted. Tasks and devices: amid all of them.
    """
    centre = pooled.mean(axis=0)
    free = ~pooled[:, :effects].any(axis=1)
    untreated = bool(effects) and free.sum() >= max(LEAST_DAYS, _FREE_SHARE * len(free))
    if untreated:
        centre[:effects] = 0.0
    return centre, bool(untreated)


def _step(course: Course, evidence: Evidence, observed: Observed) -> RawStep | None:
    """Return a step, where it explains the recordings better than a line does."""
    found = likely_step(evidence)
    if found is None:
        return None
    place, earliest, latest = found
    after = int(course.steps.after[place])
    column = (np.arange(len(course.days)) >= after).astype(float)
    fitted = fit(course.family, course.design(column), course.noise)
    p = fitted.coefficients.shape[1]
    height = fitted.along(observed.sign * np.eye(p)[1])
    level = observed.sign * float(fitted.best[0])
    inverse = _inverse(observed)
    first = course.steps.after
    return RawStep(
        day=float(course.days[after]),
        earliest=float(course.days[first[earliest] - 1]),
        latest=float(course.days[first[latest]]),
        before=inverse(level),
        after=inverse(level + height.mean),
        change=_change(height, observed, level, (0.0, 1.0))
        if not isinstance(observed.family, OF_SHARES)
        else _between_shares(
            fitted.along(np.eye(p)[0]), fitted.along(np.eye(p)[:2].sum(0))
        ),
    )


def _between_shares(before: Combination, after: Combination) -> Estimate:
    """Subtract two shares by the intervals of both (MOVER: Zou and Donner 2008)."""
    first, last = (
        expit(np.array([one.mean, *one.interval])) for one in (before, after)
    )
    value = last[0] - first[0]
    down = np.hypot(last[0] - last[1], first[2] - first[0])
    up = np.hypot(last[2] - last[0], first[0] - first[1])
    return Estimate(value=float(value), low=float(value - down), high=float(value + up))


def _noise(observed: Observed, of_logs: NoiseGrid) -> NoiseGrid:
    """Return kinds of variability before any data."""
    if not np.isnan(observed.spread):
        return noise_of_levels(of_logs, observed.spread)
    if isinstance(observed.family, Levels) or observed.sign < 0:
        return noise_of_lengths(of_logs)
    return of_logs


@dataclass(frozen=True, kw_only=True)
class _Line:
    """Where a line lies in time."""

    day: Array
    middle: float
    span: float


def _fitted_trend(
    found: Fit,
    observed: Observed,
    columns: Columns,
    line: _Line,
    about: _About,
    course: Course,
) -> RawTrend:
    """Turn coefficients into a start, an end, and what lies between."""
    p = found.coefficients.shape[1]
    slope = found.along(observed.sign * np.eye(p)[1])
    level = observed.sign * float(found.best[0])
    ends = np.array([line.day[0], line.day[-1]])
    begin, end = (ends - line.middle) / line.span
    inverse = _inverse(observed, about.most)
    asked = TrendTest(
        share=about.share, stepwise=about.stepwise, mistaken=about.mistaken
    )
    weaker = 1.0
    if about.weighed and about.share > 0:
        weaker = weaker_by(course, slope, asked)
    sd_a_year = weaker * slope.sd / line.span * DAYS_PER_YEAR
    return RawTrend(
        rows=observed.rows,
        scale=observed.scale,
        fitted_start=inverse(level + slope.mean * begin),
        fitted_end=inverse(level + slope.mean * end),
        change=_change(slope, observed, level, (begin, end), most=about.most),
        per_year=_change(
            slope,
            observed,
            level,
            (0.0, DAYS_PER_YEAR / line.span),
            around=True,
            most=about.most,
        ),
        p_value=slope.p_value,
        minutes_needed=further_recordings(
            found, observed, columns, line.span, asked, weaker
        ),
        least_a_year=asked.of_the_disease(min(least_slope(sd_a_year, asked), 50.0))
        if observed.scale is Scale.RATIO
        else _NAN,
        treated=about.treated,
        operated=about.operated,
        noise=found.noise,
        level_sd=found.along(np.eye(p)[0]).sd,
    )


def _inverse(observed: Observed, most: float = np.inf):  # type: ignore[no-untyped-def]
    """Return the way back from the linear predictor to the measure's unit, up to `most`."""
    if isinstance(observed.family, OF_SHARES):
        return lambda eta: float(expit(eta))
    if not np.isnan(observed.spread):
        return float
    top = min(50.0, float(np.log(most / observed.to_unit)))
    return lambda eta: float(np.exp(np.clip(eta, -50, top)) * observed.to_unit)


def _change(
    slope: Combination,
    observed: Observed,
    level: float,
    stretch: tuple[float, float],
    *,
    around: bool = False,
    most: float = np.inf,
) -> Estimate:
    """Change over a stretch, on the scale of the measure, with its interval."""
    length = stretch[1] - stretch[0]
    begin = -length / 2 if around else stretch[0]
    slopes = np.array([slope.mean, *slope.interval])
    if np.isfinite(most):
        top = np.log(most / observed.to_unit)
        first, last = (
            np.clip(level + slopes * at, -50, top) for at in (begin, begin + length)
        )
        values = np.exp(last - first)
    elif observed.scale is Scale.RATIO:
        values = np.exp(np.clip(slopes * length, -50, 50))
    elif isinstance(observed.family, OF_SHARES):
        values = expit(level + slopes * (begin + length)) - expit(
            level + slopes * begin
        )
    else:
        values = slopes * length
    return Estimate(value=float(values[0]), low=float(values[1]), high=float(values[2]))
