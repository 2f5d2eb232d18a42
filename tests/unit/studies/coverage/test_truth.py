"""What is said to be true of a life is what its process does."""

from __future__ import annotations

import numpy as np
import pytest

from studies.coverage.truth import level_between, level_on
from twitch_tracker.demo.lives.curves import growing, steady
from twitch_tracker.demo.lives.days import draw_days
from twitch_tracker.demo.lives.person import Bursting, Life, Variability
from twitch_tracker.demo.lives.process import run_bursts
from twitch_tracker.demo.lives.scenarios import scenario_named

DAY_S = 3 * 3600.0


def test_truth_is_what_many_days_come_to() -> None:
    """Trains, better and worse days, spells: 3000 days of three hours each."""
    life = Life(days=3000, variability=Variability(duration_sd=0.0))
    rng = np.random.default_rng(5)
    days = draw_days(life, rng)
    runs = [run_bursts(rng, days.pace(life, day), DAY_S) for day in range(life.days)]
    lasts = np.concatenate([spans[:, 1] - spans[:, 0] for spans in runs])
    pauses = np.concatenate([spans[1:, 0] - spans[:-1, 1] for spans in runs])
    total_s = DAY_S * life.days
    level = level_on(life, 0)
    assert len(lasts) / (total_s - lasts.sum()) * 60 == pytest.approx(
        level.onsets_per_free_min, rel=0.05
    )
    assert len(lasts) / total_s * 60 == pytest.approx(level.onsets_per_min, rel=0.05)
    assert lasts.sum() / total_s == pytest.approx(level.time_share, rel=0.05)
    assert np.median(lasts) == pytest.approx(level.median_duration_s, rel=0.02)
    assert np.median(pauses) == pytest.approx(level.median_pause_s, rel=0.06)


def test_a_stretch_is_as_its_days_turned_out() -> None:
    """Of bad days more is true than of good ones; of all days what is expected."""
    life = Life(days=4000)
    days = draw_days(life, np.random.default_rng(2))
    whole = level_between(life, days, 0, life.days - 1)
    expected = level_on(life, 0).onsets_per_free_min
    assert whole.onsets_per_free_min == pytest.approx(expected, rel=0.04)
    worst = int(days.factor.argmax())
    one = level_between(life, days, worst, worst)
    assert one.onsets_per_free_min > 2 * expected


def test_growth_is_growth_of_onsets_per_burst_free_minute() -> None:
    bursting = Bursting(quiet_s=growing(80.0, 1 / 1.5), train=1.0)
    life = Life(days=730, bursting=bursting)
    ratio = (
        level_on(life, 365.25).onsets_per_free_min
        / level_on(life, 0).onsets_per_free_min
    )
    assert ratio == pytest.approx(1.5, rel=0.02)


def test_late_disease_is_more_of_everything_but_fewer_bursts() -> None:
    """Bursts of 90 s leave no room: fewer a minute, more a burst-free minute."""
    life = scenario_named("late").life
    first, last = level_on(life, 0), level_on(life, 730)
    assert last.onsets_per_min < 0.5 * first.onsets_per_min
    assert last.onsets_per_free_min > 2 * first.onsets_per_free_min
    assert last.time_share > 0.8
    assert first.time_share < 0.1


def test_an_effect_acts_on_trains() -> None:
    life = Life(bursting=Bursting(train=1.0, quiet_s=steady(40.0)))
    whole, quarter = level_on(life, 0), level_on(life, 0, effect=0.25)
    ratio = quarter.onsets_per_free_min / whole.onsets_per_free_min
    assert ratio == pytest.approx(0.25, rel=0.01)


def test_all_bursts_end() -> None:
    life = scenario_named("sudden_end").life
    assert level_on(life, 89).onsets_per_free_min > 1
    assert level_on(life, 90).onsets_per_free_min < 1e-5
