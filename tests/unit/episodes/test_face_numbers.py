"""What a face does apart from bursts."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.episodes.face_numbers import face_numbers
from twitch_tracker.records import Episode, EpisodeKind, face_numbers_from
from twitch_tracker.records.face_numbers import FACE_NUMBERS, FaceNumbers
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval


@pytest.fixture
def time_s(clock):
    return clock.even(30, 40)


def held(time_s, *spans):
    """1 within some spans, with flanks of a tenth of a second."""
    shape = np.zeros(len(time_s))
    for start, end in spans:
        rise = np.clip((time_s - start) / 0.1, 0, 1)
        shape = np.maximum(shape, np.minimum(rise, np.clip((end - time_s) / 0.1, 0, 1)))
    return shape


def both(left, right=None):
    return {Side.LEFT: left, Side.RIGHT: left if right is None else right}


def burst(start_s, end_s):
    return Episode(
        span=Interval(start_s=start_s, end_s=end_s),
        side=Side.LEFT,
        regions=(Region.EYELID,),
        lead_region=Region.EYELID,
        kind=EpisodeKind.TONIC,
    )


def test_eyes_held_closed_are_counted_and_blinks_are_not(face, time_s):
    """Two closures of two seconds and three blinks of 0.3 s."""
    shut = held(time_s, (5, 7), (20, 22), (10, 10.3), (13, 13.3), (30, 30.3))
    motion = face.measure(time_s, noise_px=0.3, closure=both(shut))
    found = face_numbers(motion, ())
    assert found.long_closures == 2
    assert found.long_closures_s == pytest.approx(4.0, abs=0.4)
    logged = face_numbers(motion, (burst(4.5, 7.5),))
    assert logged.long_closures == 1, "the other one is logged as a burst"


def test_each_side_has_its_own_reach(face, time_s):
    """The right eye closes by six tenths only, three times for three seconds."""
    shut = held(time_s, (5, 8), (14, 17), (25, 28))
    motion = face.measure(time_s, noise_px=0.3, closure=both(shut, 0.6 * shut))
    found = face_numbers(motion, ())
    assert found.closure_reach(Side.LEFT) == pytest.approx(1.0, abs=0.15)
    assert found.closure_reach(Side.RIGHT) == pytest.approx(0.6, abs=0.12)
    whole = face_numbers(motion, (burst(4, 29),))
    assert whole.closure_reach(Side.LEFT) < 0.2, "bursts are not the person's own doing"


def test_numbers_survive_as_a_mapping_and_what_is_missing_is_not_measured():
    told = {name: float(place) for place, name in enumerate(FACE_NUMBERS)}
    found = face_numbers_from(told)
    assert [getattr(found, name) for name in FACE_NUMBERS] == list(told.values())
    for nothing in (None, {}, {"long_closures": None, "closure_reach_left": "x"}):
        assert repr(face_numbers_from(nothing)) == repr(FaceNumbers())
