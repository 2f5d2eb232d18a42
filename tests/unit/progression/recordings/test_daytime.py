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
from twitch_tracker.progression.results import Break, Broken, Sureness
from twitch_tracker.wording.breaks import break_text
from twitch_tracker.wording.progression import reading_texts

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


def _at(history: Make, recording: Make, hours: np.ndarray) -> tuple[Break, ...]:
    rows = []
    for n, hour in enumerate(hours):
        at_noon = recording(3 * n, [0.5] * 3)
        moved = at_noon.started_at + timedelta(hours=float(hour) - 12)
        rows.append(replace(at_noon, started_at=moved))
    found = progress_of(history(*rows))
    moved_lines = [line for line in reading_texts(found) if "time of day" in line]
    assert len(moved_lines) == sum(b.what is Broken.DAYTIME for b in found.breaks)
    return found.breaks


def test_that_recordings_moved_to_another_time_of_day_is_said(
    history: Make, recording: Make
) -> None:
    (found,) = _at(history, recording, np.repeat([8.5, 19.5], 20))
    assert found.what is Broken.DAYTIME
    assert (found.before, found.after) == pytest.approx((8.5, 19.5))
    assert "about 8:30 → about 19:30" in break_text(found)


def test_hours_around_midnight_have_their_mean_there(
    history: Make, recording: Make
) -> None:
    late = np.concatenate([np.full(20, 15.0), np.tile([23.5, 0.5], 10)])
    (found,) = _at(history, recording, late)
    assert min(found.after, 24 - found.after) < 0.1


@pytest.mark.parametrize(
    "hours",
    [
        np.tile([8.5, 19.5], 20),
        np.repeat([8.5, 19.5, 8.5], 14),
        np.random.default_rng(2).uniform(8, 22, 40),
    ],
    ids=["by turns", "there and back", "at random"],
)
def test_hours_that_stay_are_not_said(
    history: Make, recording: Make, hours: np.ndarray
) -> None:
    assert _at(history, recording, hours) == ()
