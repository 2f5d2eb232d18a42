"""A trend in words, and in tables: what is said of it is true of it, everywhere alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import (
    Estimate,
    Measure,
    Scale,
    Series,
    Step,
    Sureness,
    Trend,
)
from twitch_tracker.regions import Side
from twitch_tracker.wording.measures import brief_change_text, change_text
from twitch_tracker.wording.trends import trend_text

Make = Callable[..., Any]
NAN = float("nan")
STEP = Step(
    day=date(2024, 1, 21),
    earliest=date(2024, 1, 19),
    latest=date(2024, 1, 23),
    before=0.6,
    after=2.4,
    change=Estimate(value=4.29, low=3.35, high=5.49),
)


@pytest.fixture
def rate(history: Make, recording: Make) -> Series:
    """New bursts a minute of the left side, 4 in each of 20 recordings in 38 days."""
    found = progress_of(history(*(recording(d, [0.5] * 4) for d in range(0, 40, 2))))
    place = Measure.EPISODES_PER_MIN, Side.LEFT
    return next(s for s in found.series if (s.measure, s.side) == place)


def trend_of(series: Series, **fields: Any) -> Trend:
    assert series.trend is not None
    return replace(series.trend, **fields)


def said_of(series: Series, **fields: Any) -> str:
    return trend_text(replace(series, trend=trend_of(series, **fields)))


@pytest.mark.parametrize(
    ("measure", "scale", "change", "told", "brief"),
    [
        (
            Measure.EPISODES_PER_MIN,
            Scale.RATIO,
            Estimate(value=4.29, low=3.35, high=5.49),
            "4.29 times (3.35 to 5.49)",
            "4.29x",
        ),
        (
            Measure.SPASM_FRACTION,
            Scale.DIFFERENCE,
            Estimate(value=0.059, low=0.048, high=0.071),
            "+5.9 points (+4.8 to +7.1 points)",
            "+5.9 pts",
        ),
    ],
)
def test_a_change_at_once_is_the_same_in_the_sentence_and_in_the_tables(
    rate: Series,
    measure: Measure,
    scale: Scale,
    change: Estimate,
    told: str,
    brief: str,
) -> None:
    """The line through a step is steeper or flatter than the step, and is not shown."""
    trend = trend_of(
        rate,
        scale=scale,
        change=Estimate(value=7.38, low=3.44, high=15.0),
        sureness=Sureness.CLEAR,
        step=replace(STEP, change=change),
    )
    sentence = trend_text(replace(rate, measure=measure, trend=trend))
    size, _, rest = told.partition(" (")
    assert f"({size}; 95 % interval {rest}" in sentence
    assert "all at once about 21 Jan 2024" in sentence
    assert change_text(trend, measure) == f"{told} at once, about 21 Jan 2024"
    assert brief_change_text(trend, measure) == f"{brief} in Jan 2024"


def test_the_length_before_a_step_is_called_a_median_as_in_a_trend(
    rate: Series,
) -> None:
    length = replace(rate, measure=Measure.MEDIAN_DURATION_S)
    assert ": median 0.60 s → 2.40 s" in said_of(
        length, sureness=Sureness.CLEAR, step=STEP
    )


@pytest.mark.parametrize(
    ("bursts", "days", "injections", "said"),
    [
        (20, 700, False, "with so few bursts."),
        (20, 20, True, "with so few bursts."),
        (400, 20, False, "in so short a time."),
        (400, 700, True, "beside the effect of injections."),
        (400, 700, False, "from how much the numbers vary anyway."),
    ],
)
def test_why_no_change_is_seen_is_the_reason_that_holds(
    rate: Series, bursts: int, days: int, injections: bool, said: str
) -> None:
    first = replace(rate.periods[0], bursts=bursts)
    series = replace(rate, periods=(first,))
    start = first.start
    text = said_of(
        series,
        start=start,
        end=start + timedelta(days=days),
        sureness=Sureness.UNCERTAIN,
        minutes_needed=400.0,
        injections_acted=injections,
    )
    assert said in text
    assert ("so few" in text) == (bursts < 30)


def test_bursts_outside_the_stretch_are_not_among_those_of_the_trend(
    rate: Series,
) -> None:
    last = rate.periods[-1]
    series = replace(rate, periods=(replace(rate.periods[0], bursts=900), last))
    told = said_of(
        series,
        start=last.start,
        end=last.end,
        sureness=Sureness.UNCERTAIN,
        minutes_needed=400.0,
    )
    assert "No change can be seen with so few bursts." in told


def test_bursts_that_go_on_all_the_time_are_not_told_as_none(rate: Series) -> None:
    """No burst begins where one lasts as long as the recordings."""
    dots = tuple(replace(dot, bursts=1) for dot in rate.periods)
    nothing = Estimate(value=NAN, low=NAN, high=NAN)
    told = said_of(
        replace(rate, periods=dots), sureness=Sureness.UNCERTAIN, change=nothing
    )
    assert told == (
        "No burst was seen to begin in 20 recordings (1 h), but 20 were already going "
        "on when a recording began."
    )
