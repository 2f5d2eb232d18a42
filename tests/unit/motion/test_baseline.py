"""A person's own quiet level and noise, whatever else the face does."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.motion.baseline import quiet_level, quiet_noise, weighted_level
from twitch_tracker.motion.smoothing import smooth

SD_S = 0.03


def noise(time_s, seed=2):
    return np.random.default_rng(seed).normal(size=len(time_s))


def bursts(time_s, share, period_s=5.0):
    """Mark this share of the time, in pieces."""
    return (time_s % period_s) < share * period_s


def test_bursts_in_40_percent_of_the_time_hardly_move_the_level(clock):
    """Bursts ten deviations high; the level moves by about one."""
    time_s = clock.even(30, 120)
    values = 50 + noise(time_s) + 10 * bursts(time_s, 0.4)
    level = quiet_level(values, time_s, 0.5)
    assert np.abs(level - 50).max() < 1.3


def test_the_open_eye_is_found_though_it_is_closed_half_of_the_time(clock):
    time_s = clock.even(30, 120)
    aperture = np.where(bursts(time_s, 0.5), 0.0, 10.0)
    np.testing.assert_allclose(quiet_level(aperture, time_s, 0.75), 10.0)


def test_a_short_recording_has_one_level(clock):
    time_s = clock.even(30, 60)
    assert np.ptp(quiet_level(time_s, time_s, 0.5)) == 0.0


def test_the_level_follows_slow_drift_in_a_long_recording(clock):
    """A drift of 10 deviations over 15 minutes is followed within one deviation."""
    time_s = clock.even(10, 900)
    drift = 10 * time_s / 900
    level = quiet_level(drift + 0.2 * noise(time_s), time_s, 0.5)
    middle = (time_s > 90) & (time_s < 810)
    assert np.abs(level - drift)[middle].max() < 0.35
    assert np.abs(level - drift).max() < 1.3


def test_a_minute_of_tonic_spasm_does_not_become_the_level_of_a_long_recording(clock):
    time_s = clock.even(10, 900)
    held = (time_s > 400) & (time_s < 460)
    level = quiet_level(np.where(held, 8.0, 0.0), time_s, 0.5)
    np.testing.assert_allclose(level, 0.0)


def test_missing_values_do_not_count_and_all_missing_has_no_level(clock):
    time_s = clock.even(30, 20)
    values = np.where(time_s < 15, 3.0, np.nan)
    np.testing.assert_allclose(quiet_level(values, time_s, 0.5), 3.0)
    assert np.isnan(quiet_level(np.full(len(time_s), np.nan), time_s, 0.5)).all()
    assert len(quiet_level(np.empty(0), np.empty(0), 0.5)) == 0


def test_a_window_without_measurements_takes_the_level_of_the_whole(clock):
    time_s = clock.even(10, 900)
    values = np.where((time_s > 300) & (time_s < 600), np.nan, 4.0)
    np.testing.assert_allclose(quiet_level(values, time_s, 0.5), 4.0)


def test_frames_that_count_hardly_hardly_move_a_weighted_level(clock):
    """Nine tenths of the time are a contraction; the tenth at rest is the level."""
    time_s = clock.even(30, 120)
    held = bursts(time_s, 0.9)
    level = weighted_level(np.where(held, 8.0, 1.0), np.where(held, 0.01, 1.0), time_s)
    np.testing.assert_array_equal(level, 1.0)


def test_a_weighted_level_of_equal_weights_is_the_median(clock):
    time_s = clock.even(30, 30.1)
    values = noise(time_s)
    level = weighted_level(values, np.full(len(values), 0.3), time_s)
    np.testing.assert_allclose(level, np.median(values), atol=1e-12)


def test_a_weighted_level_follows_slow_drift_of_the_frames_that_count(clock):
    time_s = clock.even(10, 900)
    drift = 10 * time_s / 900
    held = bursts(time_s, 0.6)
    level = weighted_level(
        np.where(held, 50.0, drift), np.where(held, 0.0, 1.0), time_s
    )
    middle = (time_s > 90) & (time_s < 810)
    assert np.abs(level - drift)[middle].max() < 0.35


def test_minutes_without_rest_take_the_weighted_level_of_the_whole(clock):
    """A spasm of five minutes in fifteen: its frames hardly count, so it has no say."""
    time_s = clock.even(10, 900)
    held = (time_s > 300) & (time_s < 600)
    level = weighted_level(np.where(held, 8.0, 2.0), np.where(held, 1e-4, 1.0), time_s)
    np.testing.assert_array_equal(level, 2.0)


def test_nothing_that_counts_has_no_weighted_level(clock):
    time_s = clock.even(30, 20)
    ones, none = np.ones(len(time_s)), np.zeros(len(time_s))
    assert np.isnan(weighted_level(ones, none, time_s)).all()
    assert np.isnan(weighted_level(np.nan * ones, ones, time_s)).all()
    assert len(weighted_level(np.empty(0), np.empty(0), np.empty(0))) == 0
    missing = np.where(time_s < 15, 3.0, np.nan)
    np.testing.assert_array_equal(weighted_level(missing, ones, time_s), 3.0)


def test_noise_is_the_deviation_of_the_smoothed_signal(clock):
    time_s = clock.even(30, 120)
    values = 3 * noise(time_s)
    truth = smooth(values, time_s, SD_S).std()
    assert quiet_noise(values, time_s, SD_S) == pytest.approx(truth, rel=0.1)


def test_noise_of_one_face_is_the_same_at_30_and_60_fps(clock):
    """Variability with a memory of 40 ms, filmed at both rates."""
    fine = clock.even(240, 120)
    variability = smooth(noise(fine), fine, 0.04)
    variability /= variability.std()

    def noise_at(step):
        return quiet_noise(variability[::step], fine[::step], SD_S)

    assert noise_at(8) == pytest.approx(noise_at(4), rel=0.15)


def test_a_slow_drift_is_not_noise(clock):
    time_s = clock.even(30, 120)
    still, drifting = 0.1 * noise(time_s), 0.1 * noise(time_s) + 0.05 * time_s
    assert quiet_noise(drifting, time_s, SD_S) == pytest.approx(
        quiet_noise(still, time_s, SD_S), rel=0.1
    )


@pytest.mark.parametrize("rate_hz", [0.0, 3.0], ids=["held", "beating"])
def test_bursts_in_30_percent_of_the_time_change_the_noise_little(clock, rate_hz):
    """Held ones by less than a tenth, beating ones by less than two thirds."""
    time_s = clock.even(30, 120)
    quiet = noise(time_s)
    drive = 20 * (0.5 + 0.5 * np.cos(2 * np.pi * rate_hz * time_s))
    ratio = quiet_noise(quiet + drive * bursts(time_s, 0.3), time_s, SD_S) / (
        quiet_noise(quiet, time_s, SD_S)
    )
    assert 0.95 < ratio < (1.1 if rate_hz == 0 else 1.67)


def test_too_few_measurements_have_no_noise(clock):
    time_s = clock.even(30, 10)
    values = np.where(time_s < 0.3, 1.0, np.nan)
    assert np.isnan(quiet_noise(values, time_s, SD_S))
