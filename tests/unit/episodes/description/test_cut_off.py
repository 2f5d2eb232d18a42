"""A burst that was going on where measuring began or ended is cut off there."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.episodes.description.cut_off import (
    NEAR_EDGE_S,
    cut_off,
    mark_cut_off,
)
from twitch_tracker.motion.timing import frame_durations
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval


def cut(
    start_s, end_s, *, unusable=(), missing=(), fps=30.0, from_s=0.0, length_s=10.0
):
    """Ask of a recording in which stretches are not usable, or hold no frames."""
    time_s = from_s + np.arange(round(length_s * fps)) / fps
    for first_s, last_s in missing:
        time_s = time_s[(time_s < first_s) | (time_s >= last_s)]
    usable = np.ones(len(time_s), bool)
    for first_s, last_s in unusable:
        usable &= (time_s < first_s) | (time_s >= last_s)
    span = Interval(start_s=start_s, end_s=end_s)
    return cut_off(span, time_s, usable, frame_durations(time_s))


def test_a_burst_that_was_seen_whole_is_not_cut_off():
    assert cut(2, 3) == (False, False)


def test_a_burst_at_the_first_frame_began_before_it():
    assert cut(0, 1) == (True, False)
    assert cut(5, 6, from_s=5) == (True, False), "also of a part of a recording"


def test_a_burst_at_the_last_frame_goes_on():
    assert cut(9, 10) == (False, True)
    assert cut(9, 10 - 1 / 30) == (False, True), "an offset may be read from the frame"


def test_a_burst_from_end_to_end_has_neither():
    assert cut(0, 10) == (True, True)


@pytest.mark.parametrize("kind", ["unusable", "missing"])
def test_a_stretch_that_was_not_measured_hides_what_touches_it(kind):
    gap = {kind: [(4, 6)]}
    assert cut(6, 7, **gap) == (True, False)
    assert cut(3, 4, **gap) == (False, True)
    assert cut(2, 3, **gap) == cut(7, 8, **gap) == (False, False)


def test_it_hides_also_what_reaches_into_it():
    assert cut(5.5, 7, unusable=[(4, 6)]) == (True, False)
    assert cut(3, 4.5, unusable=[(4, 6)]) == (False, True)


def test_a_stretch_within_a_burst_hides_neither_edge():
    assert cut(3, 7, unusable=[(4, 6)]) == (False, False)


def test_one_frame_before_a_burst_is_enough():
    assert cut(5, 6, unusable=[(5 - 1 / 30 - 1e-3, 5 - 1e-3)]) == (True, False)


def test_bursts_between_two_stretches_may_have_neither_edge():
    assert cut(4, 6, unusable=[(3, 4), (6, 7)]) == (True, True)


@pytest.mark.parametrize(
    ("fps", "away_s", "told"),
    [
        (30, NEAR_EDGE_S, True),
        (30, NEAR_EDGE_S + 0.02, False),
        (10, 0.1, True),  # one frame is longer than that
        (10, 0.12, False),
    ],
)
def test_near_is_a_twentieth_of_a_second_or_one_frame(fps, away_s, told):
    assert cut(away_s, 1, fps=fps) == (told, False)
    assert cut(9, 10 - away_s, fps=fps) == (False, told)


def test_uneven_steps_are_no_missing_frames():
    rng = np.random.default_rng(1)
    time_s = np.cumsum(rng.uniform(0.02, 0.05, 300))
    usable = np.ones(300, bool)
    span = Interval(start_s=3, end_s=4)
    assert cut_off(span, time_s, usable, frame_durations(time_s)) == (False, False)


def test_without_frames_nothing_is_told():
    none = np.empty(0)
    span = Interval(start_s=0, end_s=1)
    assert cut_off(span, none, none.astype(bool), none) == (False, False)


def test_bursts_are_marked_in_their_order():
    def burst(start_s, end_s, **more):
        return Episode(
            span=Interval(start_s=start_s, end_s=end_s),
            side=Side.LEFT,
            regions=(Region.EYELID,),
            lead_region=Region.EYELID,
            kind=EpisodeKind.TONIC,
            **more,
        )

    time_s = np.arange(300) / 30
    whole = burst(4, 5, onset_cut=True)
    marked = mark_cut_off(
        (burst(0, 1), whole, burst(9, 10)),
        time_s,
        np.ones(300, bool),
        frame_durations(time_s),
    )
    assert [(e.onset_cut, e.offset_cut) for e in marked] == [
        (True, False),
        (False, False),
        (False, True),
    ]
    assert [e.cut for e in marked] == [True, False, True]
    assert [e.span.start_s for e in marked] == [0, 4, 9]
