"""Intervals of rates, shares and medians."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.episodes.summary import poisson_interval
from twitch_tracker.progression.recordings.columns import grouped_median
from twitch_tracker.progression.statistics.intervals import (
    mean_interval,
    over_dispersion,
    poisson_intervals,
    share_intervals,
)


@pytest.mark.parametrize("count", [0, 1, 10, 137])
def test_rates_have_the_interval_of_a_single_recording(count: int) -> None:
    low, high = poisson_intervals(np.array([count]), np.array([3.0]))
    assert (low[0], high[0]) == pytest.approx(poisson_interval(count, 3.0))


def test_over_dispersion_widens() -> None:
    narrow = poisson_intervals(np.array([20.0]), np.array([10.0]))
    wide = poisson_intervals(np.array([20.0]), np.array([10.0]), 3.0)
    assert wide[0][0] < narrow[0][0] < narrow[1][0] < wide[1][0]


def test_shares_agree_with_a_table() -> None:
    """Clopper and Pearson: none of ten is up to 30.8 %; five of ten 18.7 to 81.3 %."""
    low, high = share_intervals(np.array([0, 5, 10]), np.array([10, 10, 10]))
    assert low == pytest.approx([0, 0.1871, 0.6915], abs=1e-4)
    assert high == pytest.approx([0.3085, 0.8129, 1], abs=1e-4)


def test_medians_cover_what_they_promise() -> None:
    rng = np.random.default_rng(0)
    values = rng.lognormal(0, 0.8, (400, 25))
    group = np.repeat(np.arange(400), 25)
    median, low, high = grouped_median(values.ravel(), group, 400)
    assert median == pytest.approx(np.median(values, axis=1))
    assert 0.93 <= float(((low <= 1) & (high >= 1)).mean()) <= 1


def test_few_values_have_a_median_without_interval() -> None:
    values, group = np.array([3.0, 1.0, 2.0, 9.0]), np.array([0, 0, 0, 2])
    median, low, high = grouped_median(values, group, 3)
    assert median[[0, 2]] == pytest.approx([2, 9])
    assert np.isnan(median[1])
    assert np.isnan(low).all()
    assert np.isnan(high).all()


def test_dispersion_tells_poisson_counts_from_restless_ones() -> None:
    rng = np.random.default_rng(1)
    group = np.repeat(np.arange(40), 10)
    even = rng.poisson(6, 400).astype(float)
    restless = rng.poisson(6 * rng.gamma(2, 0.5, 400)).astype(float)
    one = np.ones(400)
    found = [over_dispersion(y, one, group, lambda m: m) for y in (even, restless)]
    assert found[0] == pytest.approx(1, abs=0.2)
    assert found[1] == pytest.approx(1 + 6 / 2, rel=0.3)


def test_means_need_three_values_for_an_interval() -> None:
    mean, low, high = mean_interval(
        np.array([1.0, 2, 3, 5, 5]), np.array([0, 0, 0, 1, 1]), 2
    )
    assert mean == pytest.approx([2, 5])
    half = 4.302653 / np.sqrt(3)
    assert (low[0], high[0]) == pytest.approx((2 - half, 2 + half), rel=1e-5)
    assert np.isnan(low[1])
