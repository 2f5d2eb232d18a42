"""Recordings, people and courses that the exchange formats are tried with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from twitch_tracker.exchange.coding.recording import Coding
from twitch_tracker.history import (
    Basis,
    DiaryEntry,
    LoggedRecording,
    Method,
    Patient,
    PatientHistory,
    SideTotals,
    Task,
    Treatment,
    TreatmentKind,
)
from twitch_tracker.records import Blink, Episode, EpisodeKind, Origin, ReviewState
from twitch_tracker.regions import REGIONS, Region, Side
from twitch_tracker.timebase import Interval

START = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def _number(rng: np.random.Generator, low: float, high: float, places: int) -> float:
    """A number with the places that tables keep, or none."""
    value = round(float(rng.uniform(low, high)), places) + 0.0  # no minus zero
    return value if rng.random() < 0.8 else float("nan")


def _burst(rng: np.random.Generator, side: Side, start_ms: int, end_ms: int) -> Episode:
    taking_part = [r for r in REGIONS if rng.random() < 0.5] or [REGIONS[0]]
    words = ("lid and mouth moved together", "the left side was still", "a, b = c")
    return Episode(
        span=Interval(start_s=start_ms / 1000, end_s=end_ms / 1000),
        side=side,
        regions=tuple(taking_part),
        lead_region=taking_part[rng.integers(len(taking_part))],
        kind=list(EpisodeKind)[rng.integers(3)],
        contractions=int(rng.integers(1, 20)),
        rate_hz=_number(rng, 1, 9, 2),
        peak_score=_number(rng, 3, 30, 2),
        mean_score=_number(rng, 2, 9, 2),
        excursion_mm=_number(rng, 0.2, 12, 2),
        asymmetry=_number(rng, -1, 1, 3),
        lag_s=_number(rng, -0.2, 0.2, 3),
        confidence=_number(rng, 0, 1, 3),
        reasons=tuple(words[: rng.integers(4)]),
        brow_lift=bool(rng.random() < 0.5),
        onset_cut=bool(rng.random() < 0.2),
        offset_cut=bool(rng.random() < 0.2),
        bilateral=bool(rng.random() < 0.2),
        origin=list(Origin)[rng.integers(3)],
        review=list(ReviewState)[rng.integers(3)],
    )


def _bursts(rng: np.random.Generator, side: Side, count: int) -> list[Episode]:
    """Bursts one after another; some begin exactly when the one before ends."""
    bursts, now_ms = [], 0
    for _ in range(count):
        now_ms += int(rng.choice([0, 1, 250, 4000]))
        end_ms = now_ms + int(rng.choice([1, 70, 333, 2001]))
        bursts.append(_burst(rng, side, now_ms, end_ms))
        now_ms = end_ms
    return bursts


def _coding(seed: int = 1, count: int = 40, **changes: object) -> Coding:
    rng = np.random.default_rng(seed)
    bursts = [e for side in Side for e in _bursts(rng, side, count)]
    blinks = tuple(
        Blink(
            span=Interval(start_s=at, end_s=at + 0.25),
            complete=bool(rng.random() < 0.5),
            closure_left=0.95,
            closure_right=float("nan"),
        )
        for at in np.arange(1.0, 20.0, 3.0)
    )
    given: dict[str, object] = {
        "name": "visit 1",
        "media": "Übung 1.mp4",
        "recorded_s": 300.0,
        "fps": 29.97,
        "started_at": START,
        "description": "280.0 s could be measured",
        "episodes": tuple(sorted(bursts, key=lambda e: (e.span, e.side))),
        "blinks": blinks,
    }
    return Coding(**{**given, **changes})


@pytest.fixture
def make_coding() -> Callable[..., Coding]:
    """Make a recording with bursts on both sides, some touching, and blinks.

    Every number has the places that tables keep, so that nothing is lost in them.
    """
    return _coding


def _totals(rng: np.random.Generator, count: int) -> SideTotals:
    return SideTotals(
        durations_s=rng.uniform(0.1, 3, count).astype(np.float32),
        pauses_s=rng.uniform(1, 9, max(count - 1, 0)).astype(np.float32),
        excursions_mm=rng.uniform(0.5, 6, count).astype(np.float32),
        with_region={r: int(rng.integers(count + 1)) for r in Region} if count else {},
        both_regions=count // 2,
        brow_lifts=count // 3,
        onset_cut=np.arange(count) % 4 == 0,
        offset_cut=np.arange(count) % 6 == 0,
        bilateral=count // 4,
        hardly_open_s=12.5 if count else float("nan"),
    )


METHOD = Method(
    tracker="attention-mesh",
    tracker_weights_sha256="ab" * 32,
    detector="learned",
    networks_sha256="cd" * 32,
    parameters_sha256="ef" * 32,
    software_version="0.2.0",
)


@pytest.fixture
def history() -> PatientHistory:
    """A person with three recordings, every kind of treatment and two diary days.

    The first recording has no burst on the left; the last has no analysable second.
    """
    rng = np.random.default_rng(3)
    recordings = [
        LoggedRecording(
            recording_id=f"r{number}",
            started_at=START + timedelta(days=30 * number),
            task=task,
            method=METHOD,
            recorded_s=120.0,
            analysable_s=100.0 if number < 2 else 0.0,
            sides={
                Side.LEFT: _totals(rng, 3 * number if number < 2 else 0),
                Side.RIGHT: _totals(rng, 12 if number < 2 else 0),
            },
            blinks=30 if number < 2 else 0,
            rest_asymmetry=-0.12 if number < 2 else float("nan"),
            basis=Basis.REVIEWED if number == 1 else Basis.DETECTED,
        )
        for number, task in enumerate((Task.REST, Task.REST, Task.FORCED_CLOSURE))
    ]
    toxin = {"kind": TreatmentKind.BOTULINUM_TOXIN, "side": Side.RIGHT}
    treatments = (
        Treatment(
            treatment_id="t1",
            on=date(2026, 3, 5),
            product="Brand A",
            units=22.5,
            muscles={"orbicularis oculi": 20.0, "zygomaticus": 2.5},
            notes="by Dr. Somebody",
            **toxin,
        ),
        Treatment(
            treatment_id="t2",
            on=date(2026, 6, 5),
            units=25.0,
            muscles={"orbicularis oculi": float("nan"), "frontalis": float("nan")},
            **toxin,
        ),
        Treatment(treatment_id="t3", on=date(2026, 9, 5), **toxin),
        Treatment(
            treatment_id="t4",
            kind=TreatmentKind.MICROVASCULAR_DECOMPRESSION,
            on=date(2026, 10, 5),
            side=Side.RIGHT,
        ),
        Treatment(treatment_id="t5", kind=TreatmentKind.OTHER, on=date(2026, 10, 9)),
    )
    diary = (
        DiaryEntry(on=date(2026, 3, 1), stress=7.0, sleep_hours=6.5, hfs7_total=14.0),
        DiaryEntry(on=date(2026, 3, 2), medication="tea", notes="met Somebody"),
    )
    return PatientHistory(
        patient=Patient(patient_id="anna", notes="lives in town", created_at=START),
        recordings=tuple(recordings),
        treatments=treatments,
        diary=diary,
    )
