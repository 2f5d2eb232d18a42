"""Draw a simulated patient: every recording, diary entry and treatment of a course.

The same plan and seed give the same patient. Variability is log-normal, from day to day and
lasting for weeks; counts are Poisson given it. Nothing here comes from a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.demo.bursts import Bursts, place_bursts, totals_of
from twitch_tracker.demo.plan import (
    DAYS_PER_YEAR,
    CoursePlan,
    CourseTruth,
    injection_curve,
    operation_curve,
)
from twitch_tracker.history import (
    DiaryEntry,
    LoggedRecording,
    Method,
    Patient,
    PatientHistory,
    Task,
    Treatment,
    TreatmentKind,
)
from twitch_tracker.regions import REGIONS, Region, Side

__all__ = [
    "DEMO_METHOD",
    "DemoPatient",
    "demo_patient",
    "demo_plan",
    "stable",
]

Array = NDArray[np.float64]

DEMO_METHOD: Final = Method(
    tracker="simulated patient",
    tracker_weights_sha256="",
    detector="none",
    networks_sha256="",
    parameters_sha256="",
    software_version="",
)
"""Recordings of simulated patients are never mixed with measured ones."""

_OTHER_SIDE_PER_MIN: Final = 0.06
_PROVOKED_RATIO: Final = 1.8
_DURATION_SD: Final = 0.75
_EXCURSION_SD: Final = 0.4
_BLINKS_PER_MIN: Final = 14.0


@dataclass(frozen=True, kw_only=True)
class DemoPatient:
    """A simulated patient.

    Attributes
    ----------
    history : PatientHistory
        As a journal would give it.
    bursts : tuple of dict
        Single bursts by side, one a recording of `history`.
    truth : CourseTruth
        What is true of the course.
    """

    history: PatientHistory
    bursts: tuple[dict[Side, Bursts], ...]
    truth: CourseTruth


def demo_plan(*, years: float = 3.0, patient_id: str = "demo") -> CoursePlan:
    """Return the course that is shown when no other is asked for.

    Untreated for half a year, then injections every thirteen weeks, and an operation
    when less than two thirds of a course of two years or more has passed.

    Parameters
    ----------
    years : float
        Length.
    patient_id : str
        Pseudonym.

    Returns
    -------
    CoursePlan
        The plan.
    """
    days = max(round(years * DAYS_PER_YEAR), 1)
    operation = 0.62 * days if years >= 2 else None
    last = (operation or days) - 75
    return CoursePlan(
        patient_id=patient_id,
        days=days,
        injections=tuple(float(d) for d in np.arange(183, last, 91)),
        operation_day=operation,
        mouth_day=0.2 * days,
        cheek_day=0.5 * days,
    )


def demo_patient(plan: CoursePlan, seed: int) -> DemoPatient:
    """Draw a simulated patient.

    Parameters
    ----------
    plan : CoursePlan
        What happens.
    seed : int
        Source of chance.

    Returns
    -------
    DemoPatient
        Recordings, diary, treatments, and the truth.
    """
    rng = np.random.default_rng(seed)
    weather = _Weather.draw(plan, rng)
    recordings: list[LoggedRecording] = []
    bursts: list[dict[Side, Bursts]] = []
    expected: dict[str, float] = {}
    for day in _recording_days(plan, rng):
        tasks = [Task.REST]
        if rng.random() < plan.provoked_share:
            tasks.append(Task.PURSING)
        for task in tasks:
            recording, drawn, rate = _record(plan, weather, rng, int(day), task)
            recordings.append(recording)
            bursts.append(drawn)
            expected[recording.recording_id] = rate
    history = PatientHistory(
        patient=Patient(
            patient_id=plan.patient_id,
            notes="Simulated patient. Not a person.",
            created_at=datetime.combine(plan.start, time(8), UTC),
        ),
        recordings=tuple(recordings),
        treatments=_treatments(plan),
        diary=_diary(plan, weather, rng),
    )
    truth = CourseTruth(
        plan=plan,
        depths=tuple(weather.depths),
        wear_off_days=tuple(weather.wear_offs),
        rates_per_min=expected,
    )
    return DemoPatient(history=history, bursts=tuple(bursts), truth=truth)


# --- the course of days -----------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Weather:
    """What holds for every day of the course; arrays have shape (days,)."""

    log_rate: Array
    variability: Array
    duration_variability: Array
    stress: Array
    depths: list[float]
    wear_offs: list[float]

    @classmethod
    def draw(cls, plan: CoursePlan, rng: np.random.Generator) -> _Weather:
        """Draw variability, stress and the strength of each injection."""
        days = np.arange(plan.days, dtype=float)
        depths = [
            float(np.log(plan.injection_ratio) * np.exp(rng.normal(0, s)))
            for s in [plan.injection_sd] * len(plan.injections)
        ]
        wear_offs = [
            float(plan.wear_off_day + rng.normal(0, 6)) for _ in plan.injections
        ]
        log_rate = np.log(plan.rate_per_min) + np.log(plan.rate_growth) * (
            days / DAYS_PER_YEAR
        )
        effects = [
            depth * injection_curve(days - at, wear_off)
            for at, depth, wear_off in zip(
                plan.injections, depths, wear_offs, strict=True
            )
        ]
        if effects:
            # Overlapping injections do not add up: the stronger one counts.
            log_rate = log_rate + np.min(effects, axis=0)
        if plan.operation_day is not None:
            share = operation_curve(days - plan.operation_day, plan.relief_days)
            log_rate = log_rate + np.log(plan.operation_ratio) * share
        stress = np.clip(
            np.round(
                4 + 2.2 * _lasting(rng, plan.days, 3.0) + rng.normal(0, 1, plan.days)
            ),
            0,
            10.0,
        )
        variability = (
            plan.day_sd * rng.normal(size=plan.days)
            + plan.week_sd * _lasting(rng, plan.days, plan.week_scale_days)
            + np.log(plan.stress_ratio) * (stress - 4)
        )
        half = plan.duration_sd / np.sqrt(2)
        return cls(
            log_rate=log_rate,
            variability=variability,
            duration_variability=half * rng.normal(size=plan.days)
            + half * _lasting(rng, plan.days, plan.week_scale_days),
            stress=np.asarray(stress, float),
            depths=depths,
            wear_offs=wear_offs,
        )


def _lasting(rng: np.random.Generator, days: int, scale_days: float) -> Array:
    """Draw variability of variance 1 that lasts: an autoregression of first order."""
    from scipy.signal import lfilter

    keep = float(np.exp(-1 / scale_days))
    pushes = rng.normal(size=days) * np.sqrt(1 - keep**2)
    pushes[0] /= np.sqrt(1 - keep**2)
    return np.asarray(lfilter([1.0], [1.0, -keep], pushes))


def _recording_days(plan: CoursePlan, rng: np.random.Generator) -> NDArray[np.int64]:
    """Choose the days with a recording; at least the first one."""
    wanted = rng.random(plan.days) < plan.pace
    if plan.gap_days > 0:
        for begin in np.flatnonzero(rng.random(plan.days) < 1 / 60):
            wanted[begin : begin + 1 + rng.poisson(plan.gap_days)] = False
    wanted[0] = True
    return np.flatnonzero(wanted)


# --- one recording ----------------------------------------------------------


def _record(
    plan: CoursePlan, weather: _Weather, rng: np.random.Generator, day: int, task: Task
) -> tuple[LoggedRecording, dict[Side, Bursts], float]:
    """Draw one recording; also its expected rate on the affected side."""
    provoked = task is not Task.REST
    minutes = (1.0 if provoked else plan.minutes) * float(np.exp(rng.normal(0, 0.2)))
    recorded_s = round(60 * minutes / 0.95, 1)
    analysable_s = round(60 * minutes, 1)
    rate = float(np.exp(weather.log_rate[day])) * (_PROVOKED_RATIO if provoked else 1)
    own = rate * float(np.exp(weather.variability[day]))
    drawn = {
        plan.side: _side(plan, weather, rng, day, own, analysable_s),
        plan.side.other: _side(
            stable(plan), weather, rng, day, _OTHER_SIDE_PER_MIN, analysable_s
        ),
    }
    blinks = _BLINKS_PER_MIN * minutes * rng.gamma(8.0, 1 / 8.0)
    years = day / DAYS_PER_YEAR
    narrowing = plan.asymmetry_per_year * years * (1 if plan.side is Side.LEFT else -1)
    started = datetime.combine(plan.start + timedelta(days=day), time(19), UTC)
    recording = LoggedRecording(
        recording_id=f"{plan.patient_id}-{day:04d}-{task.value}",
        started_at=started + timedelta(minutes=10 * provoked),
        task=task,
        method=DEMO_METHOD,
        recorded_s=recorded_s,
        analysable_s=analysable_s,
        sides={
            side: totals_of(bursts, drawn[side.other]) for side, bursts in drawn.items()
        },
        blinks=int(rng.poisson(blinks)),
        rest_asymmetry=float(narrowing + rng.normal(0, 0.03)),
    )
    return recording, drawn, rate


def _side(
    plan: CoursePlan,
    weather: _Weather,
    rng: np.random.Generator,
    day: int,
    rate: float,
    analysable_s: float,
) -> Bursts:
    """Draw the bursts of one side."""
    n = int(rng.poisson(rate * analysable_s / 60))
    years = day / DAYS_PER_YEAR
    median_s = plan.duration_s * plan.duration_growth**years
    median_s *= float(np.exp(weather.duration_variability[day]))
    size_mm = plan.excursion_mm * plan.excursion_growth**years
    size_mm *= float(np.exp(rng.normal(0, 0.1)))
    return place_bursts(
        rng,
        median_s * np.exp(rng.normal(0, _DURATION_SD, n)),
        analysable_s,
        size_mm * np.exp(rng.normal(0, _EXCURSION_SD, n)),
        _shares(plan, day),
    )


def _shares(plan: CoursePlan, day: int) -> Array:
    """Return each region's chance to take part: logistic in time, 1 in 4 on its day."""
    chance = {
        Region.EYELID: 1.0,
        Region.MOUTH_CORNER: _grown(day - plan.mouth_day),
        Region.CHEEK: _grown(day - plan.cheek_day),
        Region.BROW: 0.25,
    }
    return np.array([chance[region] for region in REGIONS])


def _grown(days: float) -> float:
    """Return the rise from 0 by 1 in 4 on day 0 towards 8 in 10."""
    return 0.8 / (1 + 2.2 * float(np.exp(-np.clip(days / 90, -50, 50))))


# --- diary and treatments ---------------------------------------------------


def _diary(
    plan: CoursePlan, weather: _Weather, rng: np.random.Generator
) -> tuple[DiaryEntry, ...]:
    """Draw the diary: stress goes along with bursts, sleep and caffeine do not."""
    written = np.flatnonzero(rng.random(plan.days) < plan.diary_share)
    sleep = np.clip(np.round(rng.normal(7, 1, plan.days) * 2) / 2, 3, 11)
    cups = rng.poisson(2, plan.days)
    return tuple(
        DiaryEntry(
            on=plan.start + timedelta(days=int(day)),
            stress=float(weather.stress[day]),
            sleep_hours=float(sleep[day]),
            caffeine_cups=float(cups[day]),
        )
        for day in written
    )


def _treatments(plan: CoursePlan) -> tuple[Treatment, ...]:
    """Return injections and the operation, in order of day."""
    done = [
        Treatment(
            treatment_id=f"{plan.patient_id}-injection-{number}",
            kind=TreatmentKind.BOTULINUM_TOXIN,
            on=plan.start + timedelta(days=int(day)),
            side=plan.side,
            product="simulated",
            units=20.0,
        )
        for number, day in enumerate(plan.injections, start=1)
    ]
    if plan.operation_day is not None:
        done.append(
            Treatment(
                treatment_id=f"{plan.patient_id}-operation",
                kind=TreatmentKind.MICROVASCULAR_DECOMPRESSION,
                on=plan.start + timedelta(days=int(plan.operation_day)),
                side=plan.side,
            )
        )
    return tuple(sorted(done, key=lambda treatment: treatment.on))


def stable(plan: CoursePlan) -> CoursePlan:
    """Return the same course without any lasting change."""
    return replace(
        plan,
        rate_growth=1.0,
        duration_growth=1.0,
        excursion_growth=1.0,
        asymmetry_per_year=0.0,
        mouth_day=1e6,
        cheek_day=1e6,
        injections=(),
        operation_day=None,
    )
