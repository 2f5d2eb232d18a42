"""Lines that are fitted: what they may reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import Measure, Trend
from twitch_tracker.regions import Side

Make = Callable[..., Any]


def longest(found: Any) -> Trend:
    (trend,) = (
        s.trend
        for s in found.series
        if (s.measure, s.side) == (Measure.LONGEST_DURATION_S, Side.LEFT)
    )
    assert trend is not None
    return trend


def test_no_longest_burst_is_longer_than_the_recording(
    history: Make, recording: Make
) -> None:
    """Bursts of 10 s until day 100, which then fill recordings of three minutes."""
    rng = np.random.default_rng(0)
    rows = [
        recording(
            day,
            rng.lognormal(np.log(10), 0.3, 5) if day < 100 else [180.0],
            minutes=3.0,
        )
        for day in range(0, 360, 6)
    ]
    trend = longest(progress_of(history(*rows)))
    assert trend.fitted_end == 180
    assert trend.fitted_start < 60
    # What is said of the change is what lies between what is said of both ends.
    change = trend.change
    ends = trend.fitted_end / trend.fitted_start
    assert change.value == pytest.approx(ends)
    assert 1 < change.low < change.value <= change.high


def test_a_longest_burst_far_below_the_recording_is_no_other(
    history: Make, recording: Make
) -> None:
    rng = np.random.default_rng(1)
    rows = [
        recording(day, rng.lognormal(np.log(2 * 1.003**day), 0.3, 5))
        for day in range(0, 360, 6)
    ]
    trend = longest(progress_of(history(*rows)))
    assert 2 < trend.change.value < 5
    ends = trend.fitted_end / trend.fitted_start
    assert trend.change.value == pytest.approx(ends)
