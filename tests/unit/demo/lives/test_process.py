"""Bursts in continuous time: what is asked for on average comes out."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from twitch_tracker.demo.lives.process import LEAST_PAUSE_S, Pace, run_bursts

Array = NDArray[np.float64]
PACE = Pace(quiet_s=50.0, train=3.0, pause_s=5.0, duration_s=1.5, duration_shape=1.3)
LONG_S = 4e5


def run(seed: int = 1, until_s: float = LONG_S) -> Array:
    return run_bursts(np.random.default_rng(seed), PACE, until_s)


def test_bursts_are_in_order_and_apart() -> None:
    spans = run()
    assert (spans[:, 1] > spans[:, 0]).all()
    assert (spans[1:, 0] - spans[:-1, 1] >= LEAST_PAUSE_S - 1e-6).all()
    assert spans[-1, 0] < LONG_S


def test_onsets_time_in_bursts_and_durations_are_those_of_the_pace() -> None:
    """Three bursts of 1.5 s in the median for every 60 s of burst-free time."""
    spans = run()
    lasts = spans[:, 1] - spans[:, 0]
    assert np.median(lasts) == pytest.approx(1.5, rel=0.03)
    assert lasts.mean() == pytest.approx(PACE.mean_duration_s, rel=0.03)
    assert len(spans) / LONG_S == pytest.approx(3 / PACE.cycle_s, rel=0.03)
    free_s = LONG_S - lasts.sum()
    assert len(spans) / free_s == pytest.approx(3 / 60.0, rel=0.03)


def test_trains_are_pauses_of_two_kinds() -> None:
    """Two in three pauses are short ones of 5 s, the third is a quiet of 50 s."""
    spans = run()
    pauses = spans[1:, 0] - spans[:-1, 1]
    assert (pauses > 20).mean() == pytest.approx(np.exp(-19.6 / 49.6) / 3, rel=0.06)


def test_a_longer_run_begins_like_a_shorter_one_in_law() -> None:
    """The first train is not before the first quiet: no burst is going at 0 s."""
    first = [run(seed, 400.0)[0, 0] for seed in range(300)]
    assert np.mean(first) == pytest.approx(50.0, rel=0.15)


def test_no_bursts_when_quiet_never_ends() -> None:
    never = Pace(
        quiet_s=1e9, train=1.0, pause_s=5.0, duration_s=1.0, duration_shape=1.0
    )
    assert run_bursts(np.random.default_rng(1), never, 5e4).shape == (0, 2)
