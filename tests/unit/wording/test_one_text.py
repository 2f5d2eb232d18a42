"""One quantity has one text, wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from twitch_tracker import units
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import (
    Estimate,
    Measure,
    Scale,
    Series,
    Sureness,
)
from twitch_tracker.wording.measures import change_text, interval_text, value_text
from twitch_tracker.wording.trends import trend_text

Make = Callable[..., Any]


@pytest.fixture
def told(history: Make, recording: Make) -> Callable[..., Series]:
    """Make a series of a measure whose trend says these numbers."""
    found = progress_of(history(*(recording(d, [0.5] * 4) for d in range(0, 40, 2))))

    def make(
        measure: Measure, start: float, end: float, change: Estimate, days: int = 20
    ) -> Series:
        series = next(s for s in found.series if s.measure is measure)
        rate = next(s for s in found.series if s.measure is Measure.EPISODES_PER_MIN)
        assert rate.trend is not None
        shares = {Measure.SHARE_OVER_1S, Measure.REST_ASYMMETRY}
        trend = replace(
            rate.trend,
            end=rate.trend.start + timedelta(days=days),
            scale=Scale.DIFFERENCE if measure in shares else Scale.RATIO,
            fitted_start=start,
            fitted_end=end,
            change=change,
            sureness=Sureness.CLEAR,
        )
        return replace(series, trend=trend)

    return make


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        (Measure.MEDIAN_PAUSE_S, 65.0),
        (Measure.MEDIAN_DURATION_S, 1.234),
        (Measure.SHARE_OVER_1S, 0.1234),
        (Measure.EPISODES_PER_MIN, 12.34),
        (Measure.EPISODES_PER_MIN, 0.3),
        (Measure.EXCURSION_MM, 2.44),
        (Measure.REST_ASYMMETRY, 0.034),
    ],
)
def test_a_value_reads_the_same_in_the_reading_and_in_the_table(
    told: Callable[..., Series], measure: Measure, value: float
) -> None:
    change = Estimate(value=1.5, low=1.2, high=1.9)
    reading = trend_text(told(measure, value, value, change))
    text = value_text(measure, value)
    assert f"{text} " in reading.partition("→")[0]
    assert f"{text} " in reading.partition("→")[2]


@pytest.mark.parametrize("days", [1, 13, 20, 65, 100, 690, 2000])
def test_a_span_of_days_reads_the_same(told: Callable[..., Series], days: int) -> None:
    change = Estimate(value=1.5, low=1.2, high=1.9)
    series = told(Measure.EPISODES_PER_MIN, 1.0, 1.5, change, days)
    assert series.trend is not None
    span = units.days_text(days)
    assert f" in {span} " in trend_text(series)
    assert change_text(series.trend, series.measure).endswith(f" in {span}")
    brief = {"day": "d", "week": "wk", "month": "mo", "year": "y"}
    number, unit = span.split()
    assert units.brief_days_text(days) == f"in {number} {brief[unit.rstrip('s')]}"


@pytest.mark.parametrize(
    ("measure", "change"),
    [
        (Measure.EPISODES_PER_MIN, Estimate(value=1.08, low=1.03, high=1.13)),
        (Measure.SHARE_OVER_1S, Estimate(value=0.642, low=0.497, high=0.750)),
    ],
)
def test_a_change_reads_the_same(
    told: Callable[..., Series], measure: Measure, change: Estimate
) -> None:
    series = told(measure, 0.2, 0.4, change)
    assert series.trend is not None
    size, _, rest = change_text(series.trend, measure).partition(" (")
    interval = rest.partition(")")[0]
    assert f"({size}; 95 % interval {interval})" in trend_text(series)


def test_an_interval_says_its_unit_once() -> None:
    share = Estimate(value=0.5, low=0.25, high=0.75)
    assert interval_text(Measure.SHARE_OVER_1S, share) == "25 to 75 %"
    pause = Estimate(value=50.0, low=28.0, high=65.0)
    assert interval_text(Measure.MEDIAN_PAUSE_S, pause) == "28.0 s to 1 min 5 s"
