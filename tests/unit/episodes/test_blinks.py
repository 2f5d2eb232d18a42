"""A blink is both eyes closing together, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.episodes.blinks import blink_mask, closure, detect_blinks
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.regions import SIDES, Side

PARAMS = EpisodeParams()
BLINK_S = 0.3


@pytest.fixture
def time_s(clock):
    return clock.even(30, 12)


def both(left, right=None):
    return {Side.LEFT: left, Side.RIGHT: left if right is None else right}


def blinks(face, time_s, **closing):
    return detect_blinks(face.measure(time_s, noise_px=0.3, **closing), PARAMS)


@pytest.mark.parametrize("kind", ["12 fps", "30 fps", "60 fps", "irregular"])
def test_both_eyes_closing_is_one_complete_blink(face, clock, shapes, kind):
    """From foot to foot 0.3 s around second 6, timed to a frame or 50 ms."""
    time_s = clock.of(kind, 12)
    drive = shapes.bump(time_s, 6.0, BLINK_S)
    (blink,) = blinks(face, time_s, closure=both(drive))
    tolerance_s = 0.05 + np.diff(time_s).max()
    assert blink.span.start_s == pytest.approx(5.85, abs=tolerance_s)
    assert blink.span.end_s == pytest.approx(6.15, abs=tolerance_s)
    assert blink.closure_left == pytest.approx(1.0, abs=0.25)
    if kind != "12 fps":  # where the deepest moment falls between two frames
        assert blink.complete


def test_half_closing_is_a_partial_blink(face, time_s, shapes):
    drive = 0.55 * shapes.bump(time_s, 6.0, BLINK_S)
    (blink,) = blinks(face, time_s, closure=both(drive))
    assert not blink.complete
    assert blink.closure_left == pytest.approx(0.55, abs=0.08)
    assert blink.closure_right == pytest.approx(0.55, abs=0.08)


def test_each_eye_has_its_own_depth_and_the_lesser_decides(face, time_s, shapes):
    drive = shapes.bump(time_s, 6.0, BLINK_S)
    (blink,) = blinks(face, time_s, closure=both(drive, 0.6 * drive))
    assert blink.closure_left > blink.closure_right + 0.2
    assert not blink.complete


@pytest.mark.parametrize("side", SIDES)
def test_one_eye_closing_is_no_blink_however_deep(face, time_s, shapes, side):
    drive = shapes.bump(time_s, 6.0, BLINK_S)
    assert blinks(face, time_s, closure={side: drive}) == ()


def test_two_blinks_a_second_apart_are_two(face, time_s, shapes):
    drive = shapes.train(time_s, 5.0, 2, 1.0, BLINK_S)
    assert len(blinks(face, time_s, closure=both(drive))) == 2


def test_eyes_held_closed_are_no_blink(face, time_s, shapes):
    drive = shapes.hold(time_s, 5.0, 7.0)
    assert blinks(face, time_s, closure=both(drive)) == ()


def test_a_closure_of_one_eye_beside_a_blink_does_not_lengthen_it(face, time_s, shapes):
    """The right eye is held closed for a second; both blink in its middle."""
    blink = shapes.bump(time_s, 6.0, BLINK_S)
    spasm = shapes.hold(time_s, 5.5, 6.5)
    right = np.maximum(blink, spasm)
    (found,) = blinks(face, time_s, closure=both(blink, right))
    assert found.span.duration_s == pytest.approx(BLINK_S, abs=0.1)


def test_closure_is_0_open_1_shut_and_nan_where_not_measured(face, time_s, shapes):
    unseen = time_s > 10
    drive = shapes.hold(time_s, 5.0, 7.0)
    motion = face.measure(time_s, closure={Side.LEFT: drive}, unseen=unseen)
    closed = closure(motion)
    assert closed[time_s < 4.9] == pytest.approx(0.0, abs=0.01)
    left = SIDES.index(Side.LEFT)
    assert closed[(time_s > 5.3) & (time_s < 6.7), left] == pytest.approx(1, abs=0.01)
    assert np.isnan(closed[unseen]).all()


def test_the_blink_mask_is_wider_than_the_blink_and_empty_elsewhere(
    face, time_s, shapes
):
    drive = shapes.bump(time_s, 6.0, BLINK_S)
    mask = blink_mask(face.measure(time_s, closure=both(drive)), PARAMS)
    assert mask[np.abs(time_s - 6.0) < 0.15].all()
    assert not mask[np.abs(time_s - 6.0) > 0.3].any()
