"""Years of one person, made up, for everything that shows progression."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
import pytest

from twitch_tracker.history import (
    Basis,
    DiaryEntry,
    Method,
    Patient,
    TaskKind,
    Treatment,
    TreatmentKind,
)
from twitch_tracker.progression.recordings.choose import LeftOut, MethodPart, WhyLeftOut
from twitch_tracker.progression.results import (
    MEASURES_OF_BOTH_SIDES,
    Association,
    ChartPoint,
    Closest,
    Estimate,
    InjectionCourse,
    Measure,
    OperationCourse,
    OperationMark,
    Progression,
    PublishedScale,
    RegionReached,
    Scale,
    Series,
    Sureness,
    Trend,
)
from twitch_tracker.progression.results.readings import Remark
from twitch_tracker.regions import Region, Side

NAN = float("nan")
METHOD = Method(
    tracker="mesh",
    tracker_weights_sha256="a" * 64,
    detector="learned",
    networks_sha256="b" * 64,
    parameters_sha256="c" * 64,
    software_version="9.9.9",
)


def build_progression(
    *, recordings: int = 40, days: int = 600, course: bool = True, patient: str = "Anna"
) -> Progression:
    """Build one, or take it from those that were built before: ten years take long."""
    built = _built(recordings=recordings, days=days, course=course)
    return replace(built, patient=replace(built.patient, patient_id=patient))


@cache
def _built(*, recordings: int, days: int, course: bool) -> Progression:
    """What progression might say of one person; every number is made up.

    The RIGHT side goes from 1 to 4 bursts a minute at rest (twice that when
    provoked) and back after injections; the LEFT has almost none. `course` adds
    treatments, diary and all that rests on them.
    """
    rng = np.random.default_rng(7)
    first = date(2024, 2, 5)
    treatments = _treatments(first, days) if course else ()
    when = np.sort(rng.choice(days, size=recordings, replace=recordings > days))
    series = [
        one
        for kind in (TaskKind.REST, TaskKind.PROVOKED)
        for one in _all_series(rng, first, when.tolist(), kind, treatments)
    ]
    minutes = 3.0 * recordings
    return Progression(
        patient=Patient(
            patient_id="Anna", created_at=datetime(2024, 2, 1, 9, 0, tzinfo=UTC)
        ),
        basis=Basis.DETECTED,
        method=METHOD,
        first_on=first + timedelta(days=int(when[0])),
        last_on=first + timedelta(days=int(when[-1])),
        recordings=recordings,
        analysable_min=minutes,
        series=tuple(series),
        injections=_injections(treatments),
        operations=_operations(treatments),
        associations=_associations() if course else (),
        regions=_regions_reached(first),
        closest=(
            Closest(
                scale=PublishedScale.JANKOVIC,
                level=3,
                counted=5,
                bursts=9,
                side=Side.RIGHT,
            ),
        ),
        treatments=treatments,
        diary=_diary(rng, first, days) if course else (),
        left_out=(
            LeftOut(
                why=WhyLeftOut.OTHER_METHOD,
                recordings=tuple(f"old-{n}" for n in range(12)),
                method=replace(METHOD, tracker="holistic 0.9"),
                differs=(MethodPart.TRACKER,),
            ),
        )
        if course
        else (),
        readings=(series[0], series[2], series[1]),
    )


def _estimate(value: float, spread: float = 0.3) -> Estimate:
    return Estimate(value=value, low=value / (1 + spread), high=value * (1 + spread))


def _all_series(
    rng: np.random.Generator,
    first: date,
    when: list[int],
    kind: TaskKind,
    treatments: tuple[Treatment, ...],
) -> list[Series]:
    found = []
    for measure in Measure:
        both = measure in MEASURES_OF_BOTH_SIDES
        sides = (None,) if both else (Side.RIGHT, Side.LEFT)
        found += [
            _series(rng, first, when, measure, side, kind, treatments) for side in sides
        ]
    return found


_START = {
    Measure.EPISODES_PER_MIN: 1.0,
    Measure.SPASM_FRACTION: 0.02,
    Measure.MEDIAN_DURATION_S: 0.6,
    Measure.LONGEST_DURATION_S: 3.0,
    Measure.SHARE_OVER_1S: 0.15,
    Measure.MEDIAN_PAUSE_S: 30.0,
    Measure.EXCURSION_MM: 1.6,
    Measure.BOTH_REGIONS_SHARE: 0.2,
    Measure.BROW_LIFT_SHARE: 0.1,
    Measure.REST_ASYMMETRY: -0.03,
    Measure.BLINKS_PER_MIN: 14.0,
}


def _series(
    rng: np.random.Generator,
    first: date,
    when: list[int],
    measure: Measure,
    side: Side | None,
    kind: TaskKind,
    treatments: tuple[Treatment, ...],
) -> Series:
    size = _START[measure] * (1.0 if side is not Side.LEFT else 0.08)
    size *= 2.0 if kind is TaskKind.PROVOKED else 1.0
    grows = side is Side.RIGHT and measure is not Measure.MEDIAN_PAUSE_S
    points = []
    for number, day in enumerate(when):
        on = first + timedelta(days=day)
        value = size * (1 + (2.5 * day / max(when[-1], 1) if grows else 0.0))
        value *= float(np.exp(rng.normal(0, 0.25)))
        if grows and any(7 < (on - t.on).days < 90 for t in treatments):
            value *= 0.4
        share = "share" in measure or "fraction" in measure
        value = min(value, 0.95) if share else value
        spread = 0.02 if measure is Measure.REST_ASYMMETRY else 0.5 * abs(value)
        high = value + 1.4 * spread
        points.append(
            ChartPoint(
                at=datetime(on.year, on.month, on.day, 9, 30, tzinfo=UTC),
                start=on,
                end=on,
                estimate=Estimate(
                    value=value,
                    low=value - 0.8 * spread,
                    high=min(high, 1.0) if share else high,
                ),
                analysable_min=3.0,
                bursts=max(int(3 * value), 1),
                recordings=(f"r{number}-{kind}",),
            )
        )
    periods = _pooled(points) if len(points) > 60 else points
    return Series(
        measure=measure,
        side=side,
        kind=kind,
        recordings=tuple(points),
        periods=tuple(periods),
        period="month" if len(points) > 60 else "recording",
        trend=_trend(points, measure, side) if len(points) > 3 else None,
        latest=periods[-1],
    )


def _pooled(points: list[ChartPoint]) -> list[ChartPoint]:
    """Put all points of a month together."""
    months: dict[tuple[int, int], list[ChartPoint]] = {}
    for point in points:
        months.setdefault((point.start.year, point.start.month), []).append(point)
    found = []
    for of_month in months.values():
        middle = of_month[len(of_month) // 2]
        value = float(np.mean([point.estimate.value for point in of_month]))
        spread = 0.4 * abs(value) / math.sqrt(len(of_month))
        found.append(
            ChartPoint(
                at=middle.at,
                start=of_month[0].start,
                end=of_month[-1].end,
                estimate=Estimate(value=value, low=value - spread, high=value + spread),
                analysable_min=sum(point.analysable_min for point in of_month),
                bursts=sum(point.bursts for point in of_month),
                recordings=tuple(r for point in of_month for r in point.recordings),
            )
        )
    return found


def _trend(points: list[ChartPoint], measure: Measure, side: Side | None) -> Trend:
    ratio = measure is not Measure.REST_ASYMMETRY
    values = [point.estimate.value for point in points]
    start, end = float(np.mean(values[:4])), float(np.mean(values[-4:]))
    change = end / start if ratio else end - start
    sure = {
        Side.RIGHT: Sureness.CLEAR,
        Side.LEFT: Sureness.UNCERTAIN,
        None: Sureness.POSSIBLE,
    }
    return Trend(
        start=points[0].start,
        end=points[-1].end,
        scale=Scale.RATIO if ratio else Scale.DIFFERENCE,
        fitted_start=start,
        fitted_end=end,
        change=Estimate(
            value=change,
            low=change / 1.5 if ratio else change - 0.02,
            high=change * 1.5 if ratio else change + 0.02,
        ),
        per_year=Estimate(value=change, low=NAN, high=NAN),
        p_value=0.01,
        sureness=sure[side],
        recordings=len(points),
        analysable_min=3.0 * len(points),
        minutes_needed=0.0 if side is Side.RIGHT else 40.0,
    )


def _treatments(first: date, days: int) -> tuple[Treatment, ...]:
    shots = [
        Treatment(
            treatment_id=f"t{n}",
            kind=TreatmentKind.BOTULINUM_TOXIN,
            on=first + timedelta(days=day),
            side=Side.RIGHT,
            product="Botox",
            units=22.5 + n,
            muscles={"orbicularis oculi": 15.0, "zygomaticus": NAN},
        )
        for n, day in enumerate(range(100, days - 60, 120))
    ]
    operation = Treatment(
        treatment_id="op",
        kind=TreatmentKind.MICROVASCULAR_DECOMPRESSION,
        on=first + timedelta(days=days - 60),
        side=Side.RIGHT,
    )
    return (*shots, operation)


def _injections(treatments: tuple[Treatment, ...]) -> tuple[InjectionCourse, ...]:
    return tuple(
        InjectionCourse(
            treatment=treatment,
            side=Side.RIGHT,
            kind=TaskKind.REST,
            before=_estimate(3.0),
            peak=_estimate(0.9),
            peak_over_before=_estimate(0.3),
            peak_over_last_peak=_estimate(1.1) if number else None,
            wear_off_day=_estimate(92.0, 0.1) if number % 2 == 0 else None,
        )
        for number, treatment in enumerate(treatments)
        if treatment.kind is TreatmentKind.BOTULINUM_TOXIN
    )


def _operations(treatments: tuple[Treatment, ...]) -> tuple[OperationCourse, ...]:
    return tuple(
        OperationCourse(
            treatment=treatment,
            side=Side.RIGHT,
            kind=TaskKind.REST,
            before=_estimate(3.5),
            marks=tuple(
                OperationMark(
                    day=day,
                    rate=_estimate(1.0)
                    if day < 60
                    else Estimate(value=NAN, low=NAN, high=NAN),
                    over_before=_estimate(0.3)
                    if day < 60
                    else Estimate(value=NAN, low=NAN, high=NAN),
                    analysable_min=9.0 if day < 60 else 0.0,
                )
                for day in (7, 30, 91)
            ),
        )
        for treatment in treatments
        if treatment.kind is TreatmentKind.MICROVASCULAR_DECOMPRESSION
    )


def _associations() -> tuple[Association, ...]:
    return tuple(
        Association(
            factor=factor,
            side=Side.RIGHT,
            kind=TaskKind.REST,
            days=34,
            rate_ratio=_estimate(ratio, 0.05),
            p_value=0.004,
            sureness=sureness,
        )
        for factor, ratio, sureness in (
            ("stress", 1.08, Sureness.CLEAR),
            ("sleep_hours", 0.97, Sureness.UNCERTAIN),
        )
    )


def _regions_reached(first: date) -> tuple[RegionReached, ...]:
    return tuple(
        RegionReached(
            region=region,
            side=Side.RIGHT,
            kind=TaskKind.REST,
            first_on=first + timedelta(days=day) if day is not None else None,
            latest_share=Estimate(value=share, low=share / 2, high=min(2 * share, 1.0)),
        )
        for region, day, share in (
            (Region.EYELID, 0, 0.98),
            (Region.MOUTH_CORNER, 210, 0.35),
            (Region.CHEEK, None, 0.0),
        )
    )


def _diary(rng: np.random.Generator, first: date, days: int) -> tuple[DiaryEntry, ...]:
    return tuple(
        DiaryEntry(
            on=first + timedelta(days=day),
            stress=float(rng.integers(0, 11)),
            sleep_hours=round(float(rng.normal(7, 1)), 1),
            hfs7_total=float(rng.integers(3, 15)) if day % 30 == 0 else NAN,
            medication="clonazepam 0.5 mg" if day % 50 == 0 else "",
            notes="windy <b>walk</b>" if day % 70 == 0 else "",
        )
        for day in range(0, days, 2)
    )


@pytest.fixture(scope="session")
def make_progression() -> Callable[..., Progression]:
    return build_progression


@pytest.fixture(scope="session")
def progression() -> Progression:
    return build_progression()


@pytest.fixture(scope="session")
def nothing_yet() -> Progression:
    """A person without any recording."""
    return replace(
        build_progression(course=False),
        method=None,
        first_on=None,
        last_on=None,
        recordings=0,
        analysable_min=0.0,
        series=(),
        regions=(),
        closest=(),
        readings=(Remark.NOTHING_COUNTS,),
    )
