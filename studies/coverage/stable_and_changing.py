"""Does progression keep its word? Many simulated patients, known truth, counted hits.

Two groups: patients whose course changes (growth, injections, operations), for whom the
true slope and effects must lie inside the 95 % intervals; and patients of whom nothing
changes, whose page must not say that anything clearly does. Their variability, pace,
length and rates are drawn again for each, from ranges wider than any one guess. The
generator is not the model that is fitted (`plan.injection_curve`, `course`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.special import betaincinv

from twitch_tracker.demo.course import DemoPatient, demo_patient, stable
from twitch_tracker.demo.plan import CoursePlan
from twitch_tracker.history import TaskKind
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.recordings.phases import (
    OPERATION_MARKS,
    PEAK_DAYS,
    before_window,
)
from twitch_tracker.progression.results import (
    Estimate,
    InjectionCourse,
    Measure,
    OperationCourse,
    Progression,
    Sureness,
)
from twitch_tracker.progression.treatments.operations import OPERATION_BEFORE_DAYS

__all__ = ["Check", "Tally", "check_changing", "check_stable", "draw_plan", "tallies"]

_REST: Final = TaskKind.REST


@dataclass(frozen=True, kw_only=True)
class Check:
    """One statement about one patient.

    Attributes
    ----------
    name : str
        What was stated.
    hit : bool
        Whether it was so.
    few : bool
        Whether the patient has fewer than 30 recordings at rest.
    """

    name: str
    hit: bool
    few: bool


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Many checks of one name.

    Attributes
    ----------
    name : str
        What was stated.
    hits, checks : int
        How often it was so, of how many.
    low, high : float
        95 % interval of the share (Clopper and Pearson 1934).
    """

    name: str
    hits: int
    checks: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Hits of checks."""
        return self.hits / self.checks


def tallies(checks: Iterable[Check]) -> tuple[Tally, ...]:
    """Count checks by name, once for everyone and once for those with few recordings."""
    counted: dict[str, list[bool]] = {}
    for check in checks:
        counted.setdefault(check.name, []).append(check.hit)
        few = f"{check.name}, fewer than 30 recordings"
        if check.few:
            counted.setdefault(few, []).append(check.hit)
    return tuple(_tally(name, hits) for name, hits in sorted(counted.items()))


def _tally(name: str, hits: list[bool]) -> Tally:
    n, k = len(hits), sum(hits)
    return Tally(
        name=name,
        hits=k,
        checks=n,
        low=float(betaincinv(k, n - k + 1, 0.025)) if k else 0.0,
        high=float(betaincinv(k + 1, n - k, 0.975)) if k < n else 1.0,
    )


# --- who is drawn -----------------------------------------------------------


def draw_plan(seed: int) -> CoursePlan:
    """Draw a course: 8 recordings in some weeks up to hundreds in three years.

    Parameters
    ----------
    seed : int
        Source of chance.

    Returns
    -------
    CoursePlan
        A third each without treatment, with injections, and (when long enough) with
        injections and an operation.
    """
    rng = np.random.default_rng([seed, 20])

    def between(low: float, high: float) -> float:
        return float(np.exp(rng.uniform(np.log(low), np.log(high))))

    days = round(between(42, 1096))
    wanted = between(8, min(0.8 * days, 400))
    plan = CoursePlan(
        patient_id=f"coverage-{seed}",
        days=days,
        pace=min(wanted / days * 1.1, 1.0),
        gap_days=float(rng.uniform(0, 12)),
        minutes=between(1.5, 5),
        provoked_share=float(rng.choice([0.0, 0.5])),
        rate_per_min=between(0.3, 4),
        rate_growth=float(np.exp(rng.normal(0.2, 0.4))),
        duration_s=between(0.4, 1.5),
        duration_growth=float(np.exp(rng.normal(0.2, 0.3))),
        mouth_day=float(rng.uniform(0, days)),
        cheek_day=float(rng.uniform(0, 2 * days)),
        day_sd=float(rng.uniform(0.15, 0.6)),
        week_sd=float(rng.uniform(0.1, 0.5)),
        week_scale_days=between(4, 21),
        duration_sd=float(rng.uniform(0.1, 0.4)),
        stress_ratio=float(rng.choice([1.0, 1.12])),
        injection_ratio=between(0.1, 0.5),
        wear_off_day=float(rng.uniform(78, 105)),
    )
    course = rng.integers(3)
    if course == 0 or days < 120:
        return plan
    first = float(rng.integers(30, 100))
    injections = tuple(
        float(round(d)) for d in np.arange(first, days, rng.uniform(84, 130))
    )
    if course == 1 or days < 420:
        return replace(plan, injections=injections)
    operation = float(round(rng.uniform(150, days - 240)))
    return replace(
        plan,
        injections=tuple(d for d in injections if d < operation - 30),
        operation_day=operation,
        operation_ratio=between(0.03, 0.6),
        relief_days=between(5, 90),
    )


# --- what is checked --------------------------------------------------------


def check_changing(seed: int) -> list[Check]:
    """Check whether truth lies inside the intervals of a patient who changes."""
    patient = demo_patient(draw_plan(seed), seed)
    found = progress_of(patient.history)
    few = sum(r.task.kind is _REST for r in patient.history.recordings) < 30
    plan = patient.truth.plan
    growths = {
        Measure.EPISODES_PER_MIN: ("slope of the burst rate", plan.rate_growth),
        Measure.MEDIAN_DURATION_S: ("slope of durations", plan.duration_growth),
    }
    checks = []
    for series in found.series:
        if series.side is not plan.side or series.measure not in growths:
            continue
        trend = series.trend
        name, truth = growths[series.measure]
        if trend is not None and np.isfinite(trend.per_year.value):
            checks.append(Check(name=name, hit=_inside(trend.per_year, truth), few=few))
    checks += [Check(name=n, hit=h, few=few) for n, h in _treated(patient, found)]
    return checks


def _inside(estimate: Estimate, truth: float) -> bool:
    return estimate.low <= truth <= estimate.high


def _treated(patient: DemoPatient, found: Progression) -> Iterator[tuple[str, bool]]:
    """Compare effects with truth; one injection of each patient, the middle one."""
    courses = [c for c in found.injections if c.side is patient.truth.plan.side]
    dated = [c for c in courses if np.isfinite(c.peak_over_before.value)]
    rest = [c for c in dated if c.kind is _REST]
    if rest:
        yield from _injected(patient, rest[len(rest) // 2])
    for course in courses:
        if course.wear_off_day is not None:
            on = (course.treatment.on - patient.truth.plan.start).days
            place = patient.truth.plan.injections.index(on)
            true_day = patient.truth.wear_off_days[place]
            yield "day of wear-off", _inside(course.wear_off_day, true_day)
    for operation in found.operations:
        if operation.side is patient.truth.plan.side and operation.kind is _REST:
            yield from _operated(patient, operation)


def _injected(
    patient: DemoPatient, course: InjectionCourse
) -> Iterator[tuple[str, bool]]:
    """Check one injection."""
    truth = patient.truth
    on = (course.treatment.on - truth.plan.start).days
    earlier = np.array([d for d in truth.plan.injections if d < on])
    end = min([d for d in (*truth.plan.injections,) if d > on] + [on + 999.0])
    peak = (on + PEAK_DAYS[0], min(on + PEAK_DAYS[1] + 1, end))
    before = _true_rate(patient, *before_window(on, earlier))
    ratio = _true_rate(patient, *peak) / before
    yield "effect of an injection", _inside(course.peak_over_before, ratio)


def _operated(
    patient: DemoPatient, course: OperationCourse
) -> Iterator[tuple[str, bool]]:
    """Check the last mark of an operation that has bursts before it."""
    on = (course.treatment.on - patient.truth.plan.start).days
    seen = [m for m in course.marks if np.isfinite(m.over_before.value)]
    if seen:
        mark = seen[-1]
        begin, end = next(m[1:] for m in OPERATION_MARKS if m[0] == mark.day)
        before = _true_rate(patient, on - OPERATION_BEFORE_DAYS, on)
        ratio = _true_rate(patient, on + begin, on + end + 1) / before
        yield "effect of an operation", _inside(mark.over_before, ratio)


def _true_rate(patient: DemoPatient, begin: float, end: float) -> float:
    """Return expected bursts a minute over the recordings of a stretch."""
    start = patient.truth.plan.start
    bursts = minutes = 0.0
    for recording in patient.history.recordings:
        day = (recording.started_at.date() - start).days
        if recording.task.kind is _REST and begin <= day < end:
            own = recording.analysable_s / 60
            bursts += own * patient.truth.rates_per_min[recording.recording_id]
            minutes += own
    return bursts / minutes


def check_stable(seed: int) -> list[Check]:
    """Check the page of a patient for whom nothing changes."""
    patient = demo_patient(stable(draw_plan(seed)), seed + 1_000_000)
    found = progress_of(patient.history)
    few = sum(r.task.kind is _REST for r in patient.history.recordings) < 30
    trends = [s.trend for s in found.series if s.trend is not None]
    checks = [
        Check(
            name="stable: any change shown as clear",
            hit=any(t.sureness is Sureness.CLEAR for t in trends),
            few=few,
        )
    ]
    checks += [
        Check(
            name="stable: a trend shown as possible or clear",
            hit=t.sureness is not Sureness.UNCERTAIN,
            few=few,
        )
        for t in trends
        if np.isfinite(t.change.value)
    ]
    return checks
