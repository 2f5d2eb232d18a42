"""Which regions are told, and how far they moved."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.episodes.beyond import view_of
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.episodes.spans import FrameSpan
from twitch_tracker.episodes.taking_part import (
    SHARED_MM,
    excursion_mm,
    regions_of,
    with_closure_mm,
)
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

PARAMS = EpisodeParams()
EYELID_ONLY = (Region.EYELID,)


@pytest.fixture
def time_s(clock):
    return clock.even(30, 20)


@pytest.fixture
def drive(time_s, shapes):
    return shapes.train(time_s, 10.1, 3, 3.0)


@pytest.fixture
def view(face, time_s):
    """Film the right side's movements and look at 10 to 11 s."""

    def cut(raw_change=None, noise_px=0.0, **moves):
        sides = {
            name: move if isinstance(move, dict) else {Side.RIGHT: move}
            for name, move in moves.items()
        }
        raw = face.film(time_s, noise_px=noise_px, **sides)
        motion = measure_motion(raw if raw_change is None else raw_change(raw))
        first, end = np.searchsorted(time_s, (10.0, 11.0))
        frames = FrameSpan(
            first=first, end=end, span=Interval(start_s=10.0, end_s=11.0)
        )
        return view_of(frames, Side.RIGHT, motion)

    return cut


def test_what_any_closing_eye_shows_elsewhere_is_no_region(view, drive):
    """The mesh goes along with the lids; that is told of nobody's mouth or brow."""
    seen = view(
        closure=0.9 * drive,
        pull_mm=0.9 * SHARED_MM[Region.MOUTH_CORNER] * drive,
        cheek_mm=0.9 * SHARED_MM[Region.CHEEK] * drive,
        brow_mm=0.9 * SHARED_MM[Region.BROW] * drive,
    )
    assert regions_of(seen, PARAMS) == EYELID_ONLY


def test_more_than_that_is_told(view, drive):
    seen = view(closure=0.7 * drive, pull_mm=3 * drive, cheek_mm=2.5 * drive)
    told = (Region.EYELID, Region.MOUTH_CORNER, Region.CHEEK)
    assert regions_of(seen, PARAMS) == told


def test_a_lifting_brow_is_told(view, drive):
    seen = view(closure=0.7 * drive, brow_mm=2.5 * drive)
    assert regions_of(seen, PARAMS) == (Region.EYELID, Region.BROW)


def test_a_cheek_that_stood_still_is_not_told_with_the_mouth(view, drive):
    seen = view(closure=0.7 * drive, pull_mm=4 * drive)
    assert regions_of(seen, PARAMS) == (Region.EYELID, Region.MOUTH_CORNER)


def test_a_cheek_is_told_without_the_mouth_when_it_lifts_far(view, drive):
    told = {
        lift_mm: Region.CHEEK
        in regions_of(view(closure=0.7 * drive, cheek_mm=lift_mm * drive), PARAMS)
        for lift_mm in (1.5, 4.0)
    }
    assert told == {1.5: False, 4.0: True}


def test_a_smile_of_both_sides_is_no_region(view, time_s, drive, shapes):
    smile = 5 * shapes.hold(time_s, 9.8, 11.2, 0.4)
    seen = view(closure=0.7 * drive, pull_mm={Side.LEFT: smile, Side.RIGHT: smile})
    assert regions_of(seen, PARAMS) == EYELID_ONLY


def test_speech_at_other_moments_than_the_closure_is_no_region(
    view, time_s, drive, shapes
):
    """A lopsided mouth moves between the contractions as much as in them."""
    speech = 1.0 * np.sin(2 * np.pi * 2.2 * time_s) * shapes.hold(time_s, 9.5, 11.5)
    seen = view(closure=0.7 * drive, pull_mm=speech)
    assert regions_of(seen, PARAMS) == EYELID_ONLY


def test_the_amount_is_what_moved_beyond_a_closing_eye(view, drive):
    """Read to half a millimetre through landmark noise."""
    seen = view(noise_px=0.4, closure=0.8 * drive, pull_mm=4 * drive)
    told = with_closure_mm(seen, Region.MOUTH_CORNER, seen.mm_per_interocular)
    beyond = 4 - 0.8 * SHARED_MM[Region.MOUTH_CORNER]
    assert told == pytest.approx(beyond, abs=0.5)


def test_a_mouth_that_moves_without_the_eye_is_read_on_its_own(view, drive):
    """By the ninth decile of the burst, which lies below the short peaks."""
    seen = view(pull_mm=4 * drive)
    told = with_closure_mm(seen, Region.MOUTH_CORNER, seen.mm_per_interocular)
    assert 2.5 < told <= 4.1
    assert Region.MOUTH_CORNER in regions_of(seen, PARAMS)


@pytest.mark.parametrize("closed", [0.3, 0.6, 0.9])
def test_the_excursion_of_a_lid_is_its_share_of_the_open_eye(view, drive, closed):
    seen = view(closure=closed * drive)
    assert excursion_mm(seen, EYELID_ONLY) == pytest.approx(10 * closed, abs=0.7)


def test_a_far_moving_mouth_gives_the_excursion(view, drive):
    seen = view(closure=0.3 * drive, pull_mm=7 * drive)
    regions = (Region.EYELID, Region.MOUTH_CORNER)
    assert excursion_mm(seen, regions) == pytest.approx(7 - 0.3, abs=0.8)


def test_without_a_scale_regions_are_told_but_no_amount(view, drive):
    def without_iris(raw):
        return replace(raw, iris_px=np.full_like(raw.iris_px, np.nan))

    seen = view(without_iris, closure=0.7 * drive, pull_mm=4 * drive)
    regions = regions_of(seen, PARAMS)
    assert Region.MOUTH_CORNER in regions
    assert math.isnan(excursion_mm(seen, regions))
