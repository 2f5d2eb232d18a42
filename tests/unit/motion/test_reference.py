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
