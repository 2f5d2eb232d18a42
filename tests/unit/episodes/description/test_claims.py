"""What is said of a burst depends on how many pictures a second there were."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.episodes.description.claims import (
    claimed_shape,
    confidence_needed,
    pictures_hz,
)
from twitch_tracker.episodes.description.shape import BurstShape
from twitch_tracker.episodes.spans import FrameSpan
from twitch_tracker.records import EpisodeKind
from twitch_tracker.timebase import Interval
from twitch_tracker.wording.reasons import reason_text

TRAIN = BurstShape(kind=EpisodeKind.CLONIC, contractions=6, rate_hz=4.0)
HELD = BurstShape(kind=EpisodeKind.TONIC, contractions=1, rate_hz=math.nan)


@pytest.mark.parametrize("hz", [24.0, 23.976, 25.0, 29.97, 60.0, 240.0, math.nan])
def test_from_cinema_on_everything_is_told(hz):
    told = claimed_shape(TRAIN, hz)
    assert (told.kind, told.contractions, told.rate_hz) == (TRAIN.kind, 6, 4.0)
    assert told.why_not == ()


@pytest.mark.parametrize("hz", [11.988, 12.4, 15.0, 20.0])
def test_at_twelve_to_twenty_the_contractions_of_a_train_are_not_counted(hz):
    told = claimed_shape(TRAIN, hz)
    assert told.kind is EpisodeKind.CLONIC
    assert told.contractions is None
    assert math.isnan(told.rate_hz)
    assert told.why_not == (f"too_slow_for_contractions({hz:.1f},22)",)
    assert "count" in reason_text(told.why_not[0])
    assert claimed_shape(HELD, hz).contractions == 1


@pytest.mark.parametrize("hz", [10.0, 11.4])
@pytest.mark.parametrize("shape", [TRAIN, HELD])
def test_below_that_not_even_the_kind_is_told(shape, hz):
    told = claimed_shape(shape, hz)
    assert told.kind is None
    assert told.contractions is None
    assert told.why_not == (f"too_slow_for_kind({hz:.1f},11.5)",)
    assert "kind" in reason_text(told.why_not[0])


def test_pictures_are_counted_where_the_burst_is(face):
    time_s = np.concatenate([np.arange(0, 5, 1 / 30), np.arange(5, 10, 1 / 15)])
    motion = face.measure(time_s)
    fast = FrameSpan(first=30, end=60, span=Interval(start_s=1, end_s=2))
    slow = FrameSpan(first=180, end=200, span=Interval(start_s=7, end_s=8.3))
    assert pictures_hz(motion, fast) == pytest.approx(30)
    assert pictures_hz(motion, slow) == pytest.approx(15)
    read_back = replace(motion, fresh_step_s=None)
    assert pictures_hz(read_back, slow) == pytest.approx(15)


@pytest.mark.parametrize(
    ("share", "usual", "needed"),
    [
        (math.nan, 0.6, 0.6),
        (0.83, 0.6, 0.6),
        (0.95, 0.6, 0.8),
        (0.95, 0.4, 0.6),
        (0.95, 0.8, 0.9),
        (1.0, 0.95, 0.95),
    ],
)
def test_a_strongly_compressed_film_is_judged_with_more_care(
    face, share, usual, needed
):
    motion = face.measure(np.arange(0, 2, 1 / 30))
    seen = replace(motion, unchanged_share=share)
    assert confidence_needed(usual, seen) == pytest.approx(needed)


@pytest.mark.parametrize(
    ("quantiser", "needed"),
    [(math.nan, 0.65), (32.0, 0.65), (39.0, 0.85), (40.0, 0.95), (51, 0.95)],
)
def test_so_is_one_that_is_written_coarsely_though_it_moves(face, quantiser, needed):
    """A talking face changes everywhere, however strongly it is compressed."""
    motion = face.measure(np.arange(0, 2, 1 / 30))
    seen = replace(motion, unchanged_share=0.7, quantiser=quantiser)
    assert confidence_needed(0.65, seen) == pytest.approx(needed)
