"""What would be clear by now is what the evidence of these very recordings would reach."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from twitch_tracker.history import TaskKind
from twitch_tracker.progression.change.needed import TrendTest
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import Measure, Sureness, Trend
from twitch_tracker.progression.shares import part_of, trend_share
from twitch_tracker.regions import Side


def rows(recording: Any, seed: int, a_year: float = 0.0) -> list[Any]:
    """Five minutes on every second day of a year, with good and bad weeks."""
    rng = np.random.default_rng(seed)
    weeks = rng.normal(0, 0.35, 60)
    found = []
    for day in range(0, 365, 2):
        rate = 1.5 * np.exp(weeks[day // 7] + a_year * (day / 365 - 0.5))
        found.append(recording(day, [0.4] * rng.poisson(5 * rate), minutes=5.0))
    return found


def test_what_is_found_by_mistake_does_not_halve_with_the_disease() -> None:
    """A fifth is there by mistake: a halving leaves three fifths, and asks for more."""
    share = trend_share(Measure.EPISODES_PER_MIN, part_of(TaskKind.REST, 0.9))
    sure = TrendTest(share=share, stepwise=True)
    mistaken = TrendTest(share=share, stepwise=True, mistaken=0.2)
    assert sure.halving == pytest.approx(math.log(2))
    assert mistaken.halving == pytest.approx(-math.log(0.6))
    assert mistaken.of_the_disease(mistaken.halving) == pytest.approx(2)
    assert mistaken.target_sd < 0.9 * sure.target_sd


def test_mistakes_on_the_other_side_make_a_halving_harder_to_see(
    history: Any, recording: Any
) -> None:
    """The same bursts, and on the other side none, or every third time one."""
    alone = rows(recording, 0)
    beside = [
        replace(one, sides={**one.sides, Side.RIGHT: other.sides[Side.LEFT]})
        for number, one in enumerate(alone)
        for other in [recording(0, [0.4] * 2 * (number % 3 == 0), minutes=5.0)]
    ]
    least = [trend(each, history).least_a_year for each in (alone, beside)]
    assert least[1] > 1.05 * least[0]


def trend(recordings: list[Any], history: Any) -> Trend:
    """Of the left side's new bursts."""
    (found,) = (
        series.trend
        for series in progress_of(history(*recordings)).series
        if series.measure is Measure.EPISODES_PER_MIN and series.side is Side.LEFT
    )
    assert found is not None
    return found


@pytest.mark.slow
def test_the_least_change_that_would_be_clear_mostly_is(
    history: Any, recording: Any
) -> None:
    """By the standard error of the line alone, smaller changes were promised than were told."""
    told = 0
    for seed in range(12):
        least = trend(rows(recording, seed), history).least_a_year
        fallen = trend(rows(recording, seed, -np.log(least)), history)
        told += fallen.sureness is Sureness.CLEAR
    assert told >= 8
