"""What a rate's change is without what is found by mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from twitch_tracker.history import LoggedRecording
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import Measure, Progression, Trend
from twitch_tracker.regions import Side
from twitch_tracker.wording.trends import trend_text

Make = Callable[..., Any]


def found_in(
    recording: Make, history: Make, *, mistakes: float, right: float
) -> Progression:
    """Two years of three bursts in three minutes that become nine, mistakes on top."""
    rng = np.random.default_rng(4)
    rows: list[LoggedRecording] = [
        recording(
            day,
            [0.5] * rng.poisson(3 * 3 ** (day / 720) + mistakes),
            right=[0.4] * rng.poisson(right),
        )
        for day in range(0, 721, 3)
    ]
    return progress_of(history(*rows))


def rate_of(found: Progression) -> Trend:
    """The left side's trend of the burst rate."""
    trend = next(
        series.trend
        for series in found.series
        if (series.measure, series.side) == (Measure.EPISODES_PER_MIN, Side.LEFT)
    )
    assert trend is not None
    return trend


def test_mistakes_on_the_other_side_are_taken_off(
    recording: Make, history: Make
) -> None:
    """Threefold, with half a mistake a minute on both sides: what is logged grows less."""
    trend = rate_of(found_in(recording, history, mistakes=1.5, right=1.5))
    assert trend.change.value == pytest.approx((9 + 1.5) / (3 + 1.5), rel=0.2)
    assert trend.change.value < 2.7
    beyond = trend.beyond_mistakes
    assert beyond is not None
    assert beyond.mistakes_per_min == pytest.approx(0.5, rel=0.2)
    assert beyond.change.value == pytest.approx(3, rel=0.2)
    assert beyond.change.low < 3 < beyond.change.high
    # It is no surer than what is logged.
    assert np.log(beyond.change.high / beyond.change.low) > np.log(
        trend.change.high / trend.change.low
    )


def test_it_is_said_on_what_that_rests(recording: Make, history: Make) -> None:
    found = found_in(recording, history, mistakes=1.5, right=1.5)
    series = next(
        s
        for s in found.series
        if (s.measure, s.side) == (Measure.EPISODES_PER_MIN, Side.LEFT)
    )
    text = trend_text(series)
    assert "On the other side 0.5" in text
    assert "If these are mistakes of the program" in text


def test_a_quiet_other_side_takes_nothing_off(recording: Make, history: Make) -> None:
    trend = rate_of(found_in(recording, history, mistakes=0.05, right=0.05))
    assert trend.beyond_mistakes is None


def test_bursts_of_a_side_that_is_judged_are_no_mistakes(
    recording: Make, history: Make
) -> None:
    """Two bursts a minute on the right are more than the program invents."""
    found = found_in(recording, history, mistakes=0.0, right=6.0)
    assert Side.RIGHT in found.judged
    assert rate_of(found).beyond_mistakes is None


def test_where_hardly_anything_is_left_nothing_is_told(
    recording: Make, history: Make
) -> None:
    """As many on the other side as at the begin: all of these may be mistakes."""
    rng = np.random.default_rng(2)
    rows = [
        recording(
            day,
            [0.5] * rng.poisson(1.3 + day / 180),
            right=[0.4] * rng.poisson(1.3),
        )
        for day in range(0, 721, 3)
    ]
    assert rate_of(progress_of(history(*rows))).beyond_mistakes is None
