"""Whatever is logged, progression answers, with numbers that make sense."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from twitch_tracker.history import (
    DiaryEntry,
    LoggedRecording,
    PatientHistory,
    Task,
    Treatment,
    TreatmentKind,
)
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import Estimate, Progression, Scale
from twitch_tracker.regions import Side
from twitch_tracker.wording.progression import reading_texts
from twitch_tracker.wording.treatments import injection_text

Make = Callable[..., Any]
FIRST = date(2024, 1, 1)


def drawn(seed: int, recording: Make, history: Make) -> PatientHistory:
    """A history of odd recordings in odd places with odd treatments."""
    rng = np.random.default_rng(seed)
    span = int(rng.choice([1, 10, 100, 2000]))
    rows: list[LoggedRecording] = []
    for number in range(int(rng.integers(1, 40))):
        row = recording(
            int(rng.integers(0, span)),
            rng.lognormal(0, 1.5, rng.poisson(rng.choice([0, 1, 30]))),
            right=rng.lognormal(0, 1, rng.poisson(0.3)),
            minutes=float(rng.choice([0.0, 0.05, 3.0, 60.0])),
            task=list(Task)[rng.integers(len(Task))],
            blinks=int(rng.choice([0, 40])),
            asymmetry=float(rng.choice([np.nan, 0.1, rng.normal()])),
        )
        left = row.sides[Side.LEFT]
        if rng.random() < 0.3:
            blank = np.full(left.episodes, np.nan, np.float32)
            row.sides[Side.LEFT] = replace(left, excursions_mm=blank)
        rows.append(replace(row, recording_id=f"r{number}"))
    treatments = tuple(
        Treatment(
            kind=list(TreatmentKind)[rng.integers(3)],
            on=FIRST + timedelta(days=int(rng.integers(-300, span + 100))),
            side=(None, Side.LEFT, Side.RIGHT)[rng.integers(3)],
        )
        for _ in range(int(rng.integers(0, 6)))
    )
    diary = tuple(
        DiaryEntry(on=FIRST + timedelta(days=d), stress=float(rng.integers(0, 3)))
        for d in range(0, span, int(rng.integers(1, 4)))
    )
    return history(*rows, treatments=treatments, diary=diary)


@pytest.mark.parametrize("seed", range(12))
def test_it_answers(seed: int, recording: Make, history: Make) -> None:
    given = drawn(seed, recording, history)
    found = progress_of(given)
    assert found.readings
    told = reading_texts(found)
    told += tuple(map(injection_text, found.injections))
    assert all(line.strip() and "nan" not in line.lower() for line in told)
    left_out = [name for out in found.left_out for name in out.recordings]
    assert found.recordings + len(left_out) == len(given.recordings)
    check_numbers(found)


def check_numbers(found: Progression) -> None:
    """Intervals hold their values, and nothing is infinite or below what it can be."""
    for series in found.series:
        for dot in (*series.recordings, *series.periods):
            assert ordered(dot.estimate)
            assert math.isfinite(dot.estimate.value)
            assert dot.analysable_min > 0
            assert dot.start <= dot.at.date() <= dot.end
        trend = series.trend
        if trend is not None:
            assert ordered(trend.change)
            assert ordered(trend.per_year)
            assert 0 <= trend.p_value <= 1
            assert not trend.minutes_needed < 0
            if trend.scale is Scale.RATIO:
                assert not trend.change.low < 0
    for course in found.injections:
        for estimate in (course.before, course.peak, course.peak_over_before):
            assert ordered(estimate)
    for operation in found.operations:
        assert all(ordered(m.over_before) and ordered(m.rate) for m in operation.marks)
    assert all(one.days >= 10 and ordered(one.rate_ratio) for one in found.associations)


def ordered(estimate: Estimate) -> bool:
    """Low, value and high in order, as far as they are known."""
    known = [
        v for v in (estimate.low, estimate.value, estimate.high) if not math.isnan(v)
    ]
    return all(b - a >= -1e-6 * abs(a) - 1e-9 for a, b in pairwise(known))
