"""What an open eye and a face at rest look like, whatever the recording mostly shows."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.motion.reference import open_eyes, rest_level, rest_weight

OPEN_IO = 0.10
LEFT, RIGHT = 0, 1


def recording(closed_share, *, closure=0.9, seconds=60.0, side=RIGHT, seed=0):
    """Aperture, look, times: one eye closed from the begin for a share of the time."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(0.0, seconds, 1 / 30)
    truth = np.zeros((len(time_s), 2))
    truth[time_s < closed_share * seconds, side] = closure
    aperture = OPEN_IO * (1 - 0.7 * truth) + rng.normal(0, 0.004, truth.shape)
    look = np.clip(0.08 + truth + rng.normal(0, 0.05, truth.shape), 0, 1)
    return aperture, look, time_s, np.full(len(time_s), 1 / 30), truth


@pytest.mark.parametrize("share", [0.05, 0.5, 0.8, 0.95])
@pytest.mark.parametrize("side", [LEFT, RIGHT])
def test_an_eye_closed_for_most_of_the_time_is_not_the_open_eye(share, side):
    aperture, look, time_s, frame_s, _ = recording(share, side=side)
    opened = open_eyes(aperture, look, time_s, frame_s)
    assert opened.own == (True, True)
    np.testing.assert_allclose(opened.level_io, OPEN_IO, rtol=0.08)


def test_an_eye_that_never_opens_borrows_the_other_one_s_level():
    aperture, look, time_s, frame_s, _ = recording(1.0)
    opened = open_eyes(aperture, look, time_s, frame_s)
    assert opened.own == (True, False)
    assert not opened.frames[:, RIGHT].any()
    np.testing.assert_allclose(opened.level_io[:, RIGHT], OPEN_IO, rtol=0.08)


def test_exchanging_the_sides_exchanges_the_result():
    aperture, look, time_s, frame_s, _ = recording(0.7)
    one = open_eyes(aperture, look, time_s, frame_s)
    other = open_eyes(aperture[:, ::-1], look[:, ::-1], time_s, frame_s)
    np.testing.assert_array_equal(one.level_io, other.level_io[:, ::-1])
    np.testing.assert_array_equal(one.frames, other.frames[:, ::-1])


def test_a_narrower_eye_of_a_healthy_face_keeps_its_own_level():
    aperture, look, time_s, frame_s, _ = recording(0.0)
    aperture[:, RIGHT] *= 0.85
    look[:, RIGHT] += 0.15
    opened = open_eyes(aperture, look, time_s, frame_s)
    assert opened.own == (True, True)
    np.testing.assert_allclose(opened.level_io[:, RIGHT], 0.85 * OPEN_IO, rtol=0.08)


def test_without_any_look_the_wider_eye_tells_what_open_is():
    aperture, look, time_s, frame_s, _ = recording(0.8)
    opened = open_eyes(aperture, np.full_like(look, np.nan), time_s, frame_s)
    np.testing.assert_allclose(opened.level_io, OPEN_IO, rtol=0.1)


def test_two_eyes_closed_all_the_time_have_no_level_of_their_own():
    aperture, look, time_s, frame_s, _ = recording(1.0)
    look[:] = 0.9
    opened = open_eyes(aperture, look, time_s, frame_s)
    assert opened.own == (False, False)
    assert np.isfinite(opened.level_io).all()


def test_only_frames_with_both_eyes_open_alike_are_rest():
    _, _, time_s, _, truth = recording(0.6)
    weight = rest_weight(truth, time_s)
    held = truth[:, RIGHT] > 0.5
    assert weight[held].max() < 0.01
    late = time_s > 0.6 * 60 + 0.3
    assert weight[late].min() > 0.9


def test_a_mouth_drawn_up_for_most_of_the_time_is_not_at_rest():
    _, _, time_s, _, truth = recording(0.8)
    pull = np.full((len(time_s), 2), 0.4)
    pull[truth[:, RIGHT] > 0, RIGHT] += 0.05
    level = rest_level(pull, rest_weight(truth, time_s), time_s)
    np.testing.assert_allclose(level, 0.4, atol=1e-6)


def test_what_was_not_measured_says_nothing():
    _, _, time_s, _, truth = recording(0.5)
    truth[:100] = np.nan
    weight = rest_weight(truth, time_s)
    assert (weight[:100] == 0).all()
    assert np.isfinite(weight).all()


@pytest.mark.parametrize("n", [0, 1, 3])
def test_hardly_a_frame_has_levels_like_any(n):
    """Too short to tell an open eye from a closed one: the wider one is open."""
    time_s = np.arange(n) / 30
    aperture = np.tile([OPEN_IO, 0.5 * OPEN_IO], (n, 1))
    opened = open_eyes(aperture, np.full((n, 2), 0.1), time_s, np.full(n, 1 / 30))
    assert opened.own == (False, False)
    np.testing.assert_allclose(opened.level_io, np.full((n, 2), OPEN_IO))
    assert rest_weight(np.zeros((n, 2)), time_s).shape == (n,)
    assert rest_level(aperture, np.ones(n), time_s).shape == (n, 2)


def test_without_a_usable_frame_there_is_no_level():
    time_s = np.arange(30) / 30
    nothing = np.full((30, 2), np.nan)
    opened = open_eyes(nothing, nothing, time_s, np.full(30, 1 / 30))
    assert opened.own == (False, False)
    assert not opened.frames.any()
    assert np.isnan(opened.level_io).all()
    weight = rest_weight(nothing, time_s)
    assert (weight == 0).all()
    assert np.isnan(rest_level(nothing, weight, time_s)).all()


def test_an_eye_that_was_never_measured_borrows_and_lends_nothing():
    aperture, look, time_s, frame_s, _ = recording(0.3, side=LEFT)
    aperture[:, RIGHT] = np.nan
    look[:, RIGHT] = np.nan
    opened = open_eyes(aperture, look, time_s, frame_s)
    assert opened.own == (True, False)
    np.testing.assert_allclose(opened.level_io, OPEN_IO, rtol=0.08)


def test_looks_missing_in_some_frames_are_told_by_the_width():
    aperture, look, time_s, frame_s, _ = recording(0.6)
    look[::2] = np.nan
    opened = open_eyes(aperture, look, time_s, frame_s)
    assert opened.own == (True, True)
    np.testing.assert_allclose(opened.level_io, OPEN_IO, rtol=0.08)


def test_a_quiet_face_that_always_looks_the_same_is_open_all_along():
    aperture = np.full((300, 2), OPEN_IO)
    time_s = np.arange(300) / 30
    look = np.full((300, 2), 0.35)
    opened = open_eyes(aperture, look, time_s, np.full(300, 1 / 30))
    assert opened.own == (True, True)
    assert opened.frames.all()
    np.testing.assert_array_equal(opened.level_io, OPEN_IO)


def blinking(time_s):
    """Both eyes shut for 0.2 s now and then, and one for a second."""
    shut = np.zeros((len(time_s), 2))
    shut[(time_s % 4) > 3.8] = 1.0
    shut[(time_s > 9) & (time_s < 10), LEFT] = 0.8
    return shut


@pytest.mark.parametrize("kind", ["12 fps", "60 fps", "irregular"])
def test_what_is_near_to_variability_is_near_in_seconds_not_in_frames(clock, kind):
    """0.12 s to either side, whatever the frame times."""
    time_s = clock.of(kind, 20)
    shut = blinking(time_s)
    weight = rest_weight(shut, time_s)
    restless = time_s[shut.any(axis=1)]
    apart_s = np.abs(time_s[:, None] - restless).min(axis=1)
    assert weight[apart_s <= 0.12 - 1e-9].max() < 0.1
    assert weight[apart_s > 0.12 + 1e-9].min() > 0.99


def test_a_rate_that_changes_within_a_recording_does_not_matter():
    """A second of fast frames among slow ones: nearness is in seconds there, too."""
    time_s = np.concatenate(
        [np.arange(0, 10, 0.1), 10 + np.arange(240) / 240, 11 + np.arange(100) / 10]
    )
    shut = np.zeros((len(time_s), 2))
    shut[np.abs(time_s - 10.9) < 0.02, RIGHT] = 1.0
    weight = rest_weight(shut, time_s)
    assert weight[np.abs(time_s - 10.9) < 0.11].max() < 0.1
    assert weight[np.abs(time_s - 10.9) > 0.15].min() > 0.99


def test_rest_before_a_gap_says_nothing_of_after_it():
    time_s = np.concatenate([np.arange(90) / 30, 30 + np.arange(90) / 30])
    shut = np.zeros((180, 2))
    shut[88:90, LEFT] = 1.0
    weight = rest_weight(shut, time_s)
    assert weight[80:90].min() < 0.1
    assert weight[90:].min() > 0.99


def test_levels_at_rest_are_exchanged_with_the_sides():
    rng = np.random.default_rng(4)
    time_s = np.arange(900) / 30
    values, weight = rng.normal(0, 0.05, (900, 2)), rng.uniform(0, 1, 900)
    level = rest_level(values, weight, time_s)
    swapped = rest_level(values[:, ::-1], weight, time_s)
    np.testing.assert_array_equal(swapped[:, ::-1], level)


def test_eyes_that_are_narrowed_alike_most_of_the_time_are_usual():
    aperture, look, time_s, frame_s, _ = recording(0.0)
    narrow = time_s > 4.0
    aperture[narrow] *= 0.7
    look[narrow] += 0.35
    opened = open_eyes(aperture, look, time_s, frame_s)
    np.testing.assert_allclose(opened.level_io, 0.7 * OPEN_IO, rtol=0.1)
