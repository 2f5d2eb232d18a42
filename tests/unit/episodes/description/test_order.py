"""Which of two movements comes first, and by how much."""

from __future__ import annotations

import math

import numpy as np
import pytest

from twitch_tracker.episodes.description.order import lag_s


@pytest.mark.parametrize("fps", [25, 30, 60])
@pytest.mark.parametrize("late_s", [-0.05, 0.0, 0.01, 0.05, 0.1])
def test_a_lag_is_read_to_a_third_of_a_frame(clock, shapes, fps, late_s):
    time_s = clock.even(fps, 2)
    eye = shapes.hold(time_s, 0.6, 1.3)
    mouth = shapes.hold(time_s, 0.6 + late_s, 1.3 + late_s)
    assert lag_s(time_s, eye, mouth) == pytest.approx(late_s, abs=0.34 / fps)


def test_noise_as_strong_as_half_the_movement_leaves_it_within_a_frame(clock, shapes):
    time_s = clock.even(30, 2)
    told = []
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(0, 0.5, len(time_s))
        train = shapes.train(time_s, 0.5, 4, 4.0)
        late = shapes.train(time_s, 0.54, 4, 4.0)
        told.append(lag_s(time_s, train, late + noise))
    assert np.nanmedian(np.abs(np.array(told) - 0.04)) < 1 / 30


def test_irregular_frames_and_gaps_do_not_shift_it(clock, shapes):
    time_s = clock.irregular(2)
    eye, mouth = shapes.bump(time_s, 1.0, 0.5), shapes.bump(time_s, 1.04, 0.5)
    mouth[::7] = np.nan
    assert lag_s(time_s, eye, mouth) == pytest.approx(0.04, abs=0.015)


def test_unlike_movements_have_no_order(clock, shapes):
    time_s = clock.even(30, 2)
    noise = np.random.default_rng(3).normal(0, 1, len(time_s))
    assert math.isnan(lag_s(time_s, shapes.bump(time_s, 1.0, 0.3), noise))


def test_a_region_that_stood_still_has_no_order(clock, shapes):
    time_s = clock.even(30, 2)
    still = np.zeros(len(time_s))
    assert math.isnan(lag_s(time_s, shapes.bump(time_s, 1.0, 0.3), still))


def test_too_short_a_view_has_no_order(clock, shapes):
    time_s = clock.even(30, 0.3)
    bump = shapes.bump(time_s, 0.15, 0.1)
    assert math.isnan(lag_s(time_s, bump, bump))
    assert math.isnan(lag_s(time_s[:3], bump[:3], bump[:3]))
