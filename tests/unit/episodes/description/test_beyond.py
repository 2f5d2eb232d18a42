"""What one side did beyond the other side and the head."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.episodes.description.beyond import view_of
from twitch_tracker.episodes.spans import FrameSpan
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

START_S, END_S = 10.0, 11.0


@pytest.fixture
def time_s(clock):
    return clock.even(30, 20)


@pytest.fixture
def view(face, time_s):
    """Film movements and look at the right side from 10 to 11 s."""

    def cut(look=None, side=Side.RIGHT, **moves):
        motion = face.measure(time_s, **moves)
        if look is not None:
            motion = replace(motion, patch_closure=look.astype(np.float32))
        return view_of(_frames(time_s), side, motion)

    return cut


def _frames(time_s):
    first, end = np.searchsorted(time_s, (START_S, END_S))
    return FrameSpan(first=first, end=end, span=Interval(start_s=START_S, end_s=END_S))


def test_the_view_holds_the_burst_and_half_a_second_around(view, time_s):
    seen = view()
    assert seen.time_s[0] == pytest.approx(START_S - 0.5, abs=0.04)
    assert seen.time_s[-1] == pytest.approx(END_S + 0.5, abs=0.04)
    inside = seen.time_s[seen.inside]
    assert inside[0] == pytest.approx(START_S)
    assert inside[-1] < END_S


def test_a_blink_during_the_burst_is_not_a_part_of_it(view, time_s, shapes):
    """The eye was held half closed; both eyes blinked on top of it."""
    held = 0.5 * shapes.hold(time_s, 10.1, 10.9)
    blink = 0.5 * shapes.bump(time_s, 10.5, 0.25)
    seen = view(closure={Side.RIGHT: held + blink, Side.LEFT: blink})
    assert seen.deepest() == pytest.approx(0.5, abs=0.06)


def test_a_turning_head_is_not_a_closure(view, time_s):
    """Yaw narrows one eye more than the other, all through the recording."""
    seen = view(yaw_deg=12 * np.sin(time_s))
    assert abs(seen.deepest()) < 0.05


def test_the_look_of_the_eye_alone_is_enough(view, face, time_s, shapes):
    """The geometry saw nothing; the eye's look tells the closure."""
    look = np.zeros((len(time_s), 2))
    look[:, 1] = 0.8 * shapes.hold(time_s, 10.2, 10.8)
    motion = face.measure(time_s)
    blind = np.full_like(motion.aperture, np.nan)
    motion = replace(motion, aperture=blind, patch_closure=look.astype(np.float32))
    seen = view_of(_frames(time_s), Side.RIGHT, motion)
    assert seen.deepest() == pytest.approx(0.8, abs=0.03)
    assert np.nanmax(seen.drive()) == pytest.approx(0.8, abs=0.03)


def test_an_eye_hardly_ever_open_makes_no_giant_closure(face, time_s, shapes):
    """Its open aperture is almost nothing; one frame may read a hundred times that."""
    motion = face.measure(
        time_s, closure={Side.RIGHT: 0.5 * shapes.hold(time_s, 10, 11)}
    )
    wild = motion.aperture.copy()
    wild[np.searchsorted(time_s, 10.5), 0] = 90.0
    seen = view_of(_frames(time_s), Side.RIGHT, replace(motion, aperture=wild))
    assert seen.deepest() < 1.2


def test_half_of_the_level_around_a_burst_is_no_part_of_its_depth(view, time_s, shapes):
    """The eye was a third narrower than the other for as long as the burst is seen."""
    narrow = 0.3 * shapes.hold(time_s, 9.0, 12.0)
    burst = 0.5 * shapes.hold(time_s, 10.2, 10.8)
    seen = view(closure={Side.RIGHT: narrow + burst})
    assert seen.deepest() == pytest.approx(0.8 - 0.15, abs=0.06)


def test_the_skin_is_seen_beyond_the_other_side(view, time_s, shapes):
    """A burst of 3 mm on top of a smile of both sides."""
    smile, burst = 4 * shapes.hold(time_s, 9.9, 11), 3 * shapes.hold(time_s, 10.2, 10.6)
    seen = view(pull_mm={Side.LEFT: smile, Side.RIGHT: smile + burst})
    skin = seen.skin(Region.MOUTH_CORNER) * 90
    assert np.nanmax(skin) == pytest.approx(3, abs=0.3)
    assert np.isnan(seen.skin(Region.EYELID)).all()


def test_the_variability_of_the_other_side_is_told_and_only_that(view, time_s, shapes):
    move = 4 * shapes.hold(time_s, 10.2, 10.6)
    own = view(pull_mm={Side.RIGHT: move}).other_step_io
    other = view(pull_mm={Side.LEFT: move}).other_step_io
    assert np.nanmax(own) == pytest.approx(0, abs=1e-6)
    assert np.nanmax(other) > 1e-3


def test_nothing_measured_is_nan_and_not_zero(view, time_s):
    unseen = (time_s > 9) & (time_s < 12)
    seen = view(unseen=unseen)
    assert math.isnan(seen.deepest())
    assert np.isnan(seen.drive()).all()


def test_contractions_are_read_from_the_clearer_of_the_two(view, time_s, shapes):
    """A noisy look must not hide what clean lids show, nor the other way round."""
    train = 0.8 * shapes.train(time_s, 10.1, 4, 5.0, 0.12)
    rng = np.random.default_rng(1)
    noisy = np.stack([np.zeros_like(train), train], 1)
    noisy += rng.normal(0, 0.3, noisy.shape)
    seen = view(look=noisy, closure={Side.RIGHT: train})
    error = seen.drive()[seen.inside] - train[_frames(time_s).frames]
    both = seen.closure()[seen.inside] - train[_frames(time_s).frames]
    assert np.std(error) < 0.05
    assert np.std(both) > 0.1


def test_the_side_of_a_movement_decides_whose_it_is(view, time_s, shapes):
    pull = {Side.LEFT: 5 * shapes.hold(time_s, 10.1, 10.9)}
    own = view(side=Side.LEFT, pull_mm=pull).of(Region.MOUTH_CORNER)
    other = view(side=Side.RIGHT, pull_mm=pull).of(Region.MOUTH_CORNER)
    assert np.nanmax(own) * 90 == pytest.approx(5, abs=0.5)
    np.testing.assert_allclose(own, -other, atol=1e-6)


def test_the_open_eye_is_measured_in_millimetres(view):
    assert view().open_mm == pytest.approx(10.0, abs=0.3)
