"""Where the time of day moves, a change over the day is no change of the disease."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.recordings.daytime import daytime_columns
from twitch_tracker.progression.results import Sureness

Make = Callable[..., Any]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_recordings_that_move_into_the_evening_are_no_growing_disease(
    history: Make, recording: Make, seed: int
) -> None:
    """Bursts come most often at seven in the evening; the disease is stable."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in range(0, 360, 3):
        hour = float(np.clip(8 + 12 * day / 360 + rng.normal(), 6, 22))
        often = math.exp(0.5 * math.cos(2 * math.pi * (hour - 19) / 24))
        bursts = rng.poisson(6 * often * rng.lognormal(-0.05, 0.3))
        at_noon = recording(day, rng.lognormal(0, 0.7, bursts))
        moved = at_noon.started_at + timedelta(hours=hour - 12)
        rows.append(replace(at_noon, started_at=moved))
    trends = [s.trend for s in progress_of(history(*rows)).series if s.trend]
    assert trends
    assert all(trend.sureness is not Sureness.CLEAR for trend in trends)


def test_hours_that_are_mixed_need_no_columns() -> None:
    rng = np.random.default_rng(0)
    found = [daytime_columns(rng.uniform(8, 22, 80)).shape[1] for _ in range(300)]
    assert np.mean(np.array(found) > 0) < 0.05


@pytest.mark.parametrize(
    "hour",
    [np.repeat([9.0, 19.0], 40), np.linspace(8, 20, 80), np.repeat([23.0, 3.0], 40)],
)
def test_hours_that_move_have_two(hour: np.ndarray) -> None:
    around = hour + np.random.default_rng(0).normal(0, 1, len(hour))
    assert daytime_columns(around % 24).shape == (80, 2)


@pytest.mark.parametrize("hours", [[], [9.0], [9.0, 9.0, 9.0, 21.0, 21.0]])
def test_a_few_recordings_never_move(hours: list[float]) -> None:
    assert daytime_columns(np.array(hours)).shape == (len(hours), 0)
