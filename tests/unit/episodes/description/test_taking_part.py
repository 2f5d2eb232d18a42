"""Which regions are told, and how far they moved."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.episodes.description.beyond import view_of
from twitch_tracker.episodes.description.taking_part import (
    APERTURE_HEIGHT,
    FULL_PULL_IO,
    LID_LEAST,
    LID_READ_SHARE,
    READ_SHARE,
    SHARED_MM,
    excursion_mm,
    lid_took_part,
    regions_of,
    strength,
    with_closure_mm,
)
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.episodes.spans import FrameSpan
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
        for lift_mm in (0.6, 2.0)
    }
    assert told == {0.6: False, 2.0: True}


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
    """Read to half a millimetre through landmark noise, as much as the skin shows."""
    seen = view(noise_px=0.4, closure=0.8 * drive, pull_mm=4 * drive)
    told = with_closure_mm(seen, Region.MOUTH_CORNER, seen.mm_per_interocular)
    beyond = 4 - 0.8 * SHARED_MM[Region.MOUTH_CORNER]
    assert told == pytest.approx(beyond, abs=0.5)


def test_a_mouth_that_moves_without_the_eye_is_read_on_its_own(view, drive):
    """By the ninth decile of the burst, which lies below the short peaks."""
    seen = view(pull_mm=4 * drive)
    told = with_closure_mm(seen, Region.MOUTH_CORNER, seen.mm_per_interocular)
    assert 2.5 < told <= 4.1
    assert regions_of(seen, PARAMS) == (Region.MOUTH_CORNER,)


@pytest.mark.parametrize("noise_px", [0.0, 0.4])
def test_the_lid_took_part_when_it_closed_beyond_its_noise(view, drive, noise_px):
    told = {
        closed: lid_took_part(view(noise_px=noise_px, closure=closed * drive))
        for closed in (0.0, 0.4 * LID_LEAST, 2.5 * LID_LEAST, 0.9)
    }
    assert list(told.values()) == [False, False, True, True]


def test_a_lid_that_was_closed_before_and_after_took_no_part(view, time_s, drive):
    """A narrow eye is no closure: what counts is above the level around the burst."""
    held = 0.5 * np.ones(len(time_s))
    held[time_s < 5] = 0.0
    assert not lid_took_part(view(closure=held, pull_mm=4 * drive))


def test_an_unmeasured_lid_took_no_part(view, drive):
    seen = view(closure=0.7 * drive)
    blind = replace(seen, lids=np.full_like(seen.lids, np.nan))
    assert not lid_took_part(blind)


def test_strength_is_the_closure_where_the_lid_took_part(view, drive):
    seen = view(closure=0.7 * drive, pull_mm=6 * drive)
    np.testing.assert_array_equal(strength(seen), seen.drive())


@pytest.mark.parametrize("hanging_mm", [0.0, -5.0])
def test_strength_is_the_pull_of_the_mouth_where_the_lid_took_no_part(
    view, time_s, drive, hanging_mm
):
    """In shares of a strong pull, from where the mouth was around the burst."""
    seen = view(pull_mm=hanging_mm + 4 * drive)
    near = (time_s >= seen.time_s[0]) & (time_s <= seen.time_s[-1])
    expected = 4 * drive[near] / (FULL_PULL_IO * seen.mm_per_interocular)
    np.testing.assert_allclose(strength(seen), expected, atol=0.03)


def test_nothing_that_moved_is_told_as_the_eyelid(view):
    """A burst has at least one region; the eyelid is where bursts begin."""
    assert regions_of(view(), PARAMS) == EYELID_ONLY


@pytest.mark.parametrize("closed", [0.3, 0.6, 0.9])
def test_the_excursion_of_a_lid_is_its_share_of_the_open_eye(view, drive, closed):
    """Less is read of real eyelids than they move; that is made good, up to all."""
    seen = view(closure=closed * drive)
    share = min(closed / LID_READ_SHARE, 1.0)
    told_mm = excursion_mm(seen, EYELID_ONLY)
    assert told_mm == pytest.approx(10 * APERTURE_HEIGHT * share, abs=0.8)
    assert told_mm <= 10 * APERTURE_HEIGHT * 1.02


def test_a_far_moving_mouth_gives_the_excursion(view, drive):
    """Of a mouth as seen in real videos only a part is read; that is made good."""
    seen = view(closure=0.3 * drive, pull_mm=7 * drive)
    regions = (Region.EYELID, Region.MOUTH_CORNER)
    read_mm = 7 - 0.3 * SHARED_MM[Region.MOUTH_CORNER]
    assert excursion_mm(seen, regions) == pytest.approx(read_mm / READ_SHARE, rel=0.08)


def _only_the_skin(face, time_s, **moves):
    """Return a change of a recording: its skin moves, its mesh does not."""
    sided = {name: {Side.RIGHT: move} for name, move in moves.items()}
    steps = face.film(time_s, **sided).skin_step_io
    return lambda raw: replace(raw, skin_step_io=steps)


def test_skin_that_moves_under_a_mesh_that_does_not_is_told(view, face, time_s, drive):
    """The mesh is slow at the mouth and nearly blind at cheek and brow."""
    skin = {"pull_mm": 3 * drive, "cheek_mm": 2 * drive, "brow_mm": 2 * drive}
    seen = view(_only_the_skin(face, time_s, **skin), closure=0.7 * drive)
    assert set(regions_of(seen, PARAMS)) == set(Region)


def test_a_mesh_that_moves_over_skin_that_does_not_is_no_region(
    view, face, time_s, drive
):
    """The canthus slips in the mesh as the eye closes; the skin knows better."""
    mesh = {"pull_mm": 3 * drive, "cheek_mm": 3 * drive, "brow_mm": 2.5 * drive}
    seen = view(_only_the_skin(face, time_s), closure=0.7 * drive, **mesh)
    assert regions_of(seen, PARAMS) == EYELID_ONLY


def test_a_mouth_that_follows_late_is_read_as_if_it_came_at_once(
    view, time_s, drive, shapes
):
    late = shapes.train(time_s, 10.1 + 0.08, 3, 3.0)
    told = [
        with_closure_mm(seen, Region.MOUTH_CORNER, seen.mm_per_interocular)
        for seen in (
            view(closure=0.7 * drive, pull_mm=4 * drive),
            view(closure=0.7 * drive, pull_mm=4 * late),
        )
    ]
    assert told[1] == pytest.approx(told[0], rel=0.2)


@pytest.mark.parametrize("fps", [24, 60, 120])
def test_the_amount_does_not_depend_on_the_frame_rate(face, clock, shapes, fps):
    time_s = clock.even(fps, 14)
    drive = shapes.train(time_s, 10.1, 3, 3.0, 0.15)
    motion = face.measure(
        time_s,
        noise_px=0.2,
        closure={Side.RIGHT: 0.7 * drive},
        pull_mm={Side.RIGHT: 4 * drive},
    )
    first, end = np.searchsorted(time_s, (10.0, 11.0))
    span = Interval(start_s=10.0, end_s=11.0)
    seen = view_of(FrameSpan(first=first, end=end, span=span), Side.RIGHT, motion)
    told = with_closure_mm(seen, Region.MOUTH_CORNER, seen.mm_per_interocular)
    beyond = 4 - 0.7 * SHARED_MM[Region.MOUTH_CORNER]
    assert told == pytest.approx(beyond, rel=0.12)


def test_what_happens_while_the_other_side_moves_counts_less(
    view, time_s, drive, shapes
):
    """A lopsided grimace covers the first of three contractions, and hides little."""
    grimace = 6 * shapes.bump(time_s, drive_peak(time_s, drive), 0.2)
    quiet = view(closure=0.7 * drive, pull_mm=4 * drive)
    moved = {Side.RIGHT: 4 * drive + 0.5 * grimace, Side.LEFT: grimace}
    lively = view(closure=0.7 * drive, pull_mm=moved)
    told = [
        with_closure_mm(seen, Region.MOUTH_CORNER, seen.mm_per_interocular)
        for seen in (quiet, lively)
    ]
    assert told[1] == pytest.approx(told[0], rel=0.15)


def drive_peak(time_s, drive):
    """Time of the first contraction."""
    return float(time_s[np.argmax(drive > 0.95)])


def test_without_a_scale_regions_are_told_but_no_amount(view, drive):
    def without_iris(raw):
        return replace(raw, iris_px=np.full_like(raw.iris_px, np.nan))

    seen = view(without_iris, closure=0.7 * drive, pull_mm=4 * drive)
    regions = regions_of(seen, PARAMS)
    assert Region.MOUTH_CORNER in regions
    assert math.isnan(excursion_mm(seen, regions))
