"""Smoothing is in seconds, and what is missing stays missing."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.motion import smoothing
from twitch_tracker.motion.smoothing import derivative, smooth

SD_S = 0.1


def test_a_constant_stays_constant(clock):
    time_s = clock.irregular(5)
    np.testing.assert_allclose(smooth(np.full(len(time_s), 3.0), time_s, SD_S), 3.0)


def test_noise_that_is_independent_from_frame_to_frame_is_averaged_away(clock):
    """A Gaussian kernel of 3 frames averages about 2 sqrt(pi) 3 = 10.6 frames."""
    time_s = clock.even(30, 200)
    noise = np.random.default_rng(0).normal(size=len(time_s))
    assert smooth(noise, time_s, SD_S).std() == pytest.approx(10.6**-0.5, rel=0.1)


@pytest.mark.parametrize("kind", ["12 fps", "60 fps", "irregular"])
def test_frame_rate_does_not_change_the_smoothed_signal(clock, kind):
    """A slow wave, read at any frame times, is smoothed to the same wave.

    It is shifted by 10 ms at most, a third of a frame.
    """
    steepest_per_s = 2 * np.pi * 0.7

    def smoothed_at(time_s):
        return smooth(np.sin(2 * np.pi * 0.7 * time_s), time_s, SD_S)

    fine, coarse = clock.even(30, 10), clock.of(kind, 10)
    inside = (coarse > 0.5) & (coarse < 9.5)
    expected = np.interp(coarse, fine, smoothed_at(fine))
    np.testing.assert_allclose(
        smoothed_at(coarse)[inside], expected[inside], atol=0.01 * steepest_per_s
    )


def test_what_is_missing_stays_missing_and_leaks_nowhere(clock):
    time_s = clock.even(30, 4)
    values = np.full(len(time_s), 2.0)
    values[40:50] = np.nan
    smoothed = smooth(values, time_s, SD_S)
    assert np.isnan(smoothed[40:50]).all()
    np.testing.assert_allclose(np.delete(smoothed, np.s_[40:50]), 2.0)


def test_each_column_is_smoothed_for_itself(clock):
    time_s = clock.even(30, 4)
    values = np.zeros((len(time_s), 2, 2))
    values[:, 1, 0] = 1.0
    values[30, 0, 0] = np.nan
    smoothed = smooth(values, time_s, SD_S)
    np.testing.assert_allclose(smoothed[:, 1, 0], 1.0)
    np.testing.assert_allclose(smoothed[:, :, 1], 0.0)
    assert np.isnan(smoothed).sum() == 1


@pytest.mark.parametrize("n", [0, 1])
def test_nearly_empty_recordings_are_no_accident(n):
    time_s = np.zeros(n)
    np.testing.assert_array_equal(smooth(np.full(n, 5.0), time_s, SD_S), [5.0] * n)
    assert np.isnan(derivative(np.zeros(n), time_s)).all()


def test_the_slope_of_a_ramp_is_its_slope_at_any_frame_times(clock):
    time_s = clock.irregular(5)
    np.testing.assert_allclose(derivative(4.0 * time_s - 1.0, time_s), 4.0)


@pytest.mark.parametrize("step_s", [1 / 32, 1 / 30], ids=["exactly even", "rounded"])
def test_no_slope_where_a_value_or_its_neighbour_is_missing(step_s):
    """Times in whole 1/32 s are exactly even, which NumPy treats by another rule."""
    time_s = np.arange(40) * step_s
    values = time_s.copy()
    values[20] = np.nan
    missing = np.flatnonzero(np.isnan(derivative(values, time_s)))
    np.testing.assert_array_equal(missing, [19, 20, 21])


@pytest.mark.parametrize("piece", [1, 7, 64, 599])
def test_a_signal_smoothed_piece_by_piece_is_the_same_to_the_bit(
    clock, monkeypatch, piece
):
    time_s = clock.irregular(20)
    values = np.random.default_rng(5).normal(size=(len(time_s), 2))
    values[40:60] = np.nan
    whole = smooth(values, time_s, SD_S)
    monkeypatch.setattr(smoothing, "PIECE", piece)
    np.testing.assert_array_equal(smooth(values, time_s, SD_S), whole)
