"""Windows slide over a recording; every burst in it is counted once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.episodes.detector import GeometricDetector
from twitch_tracker.episodes.network.burstnet import REACH_S
from twitch_tracker.episodes.network.certainty import BESIDE_S
from twitch_tracker.episodes.network.learned import LearnedParams
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.live.deciding import (
    BLINK_SETTLE_S,
    JOIN_S,
    SETTLE_S,
    UNDER_WAY_S,
    WINDOW_S,
    Committer,
    Decision,
    decide,
)
from twitch_tracker.live.state import LiveEvidence
from twitch_tracker.regions import Side
from twitch_tracker.timebase import Interval


@pytest.fixture
def committer() -> Committer:
    return Committer(complete_closure=0.75)


def window(start_s, end_s, bursts=(), blinks=(), *, whole=False) -> Decision:
    return Decision(
        span=Interval(start_s=start_s, end_s=end_s),
        whole=whole,
        bursts=tuple(bursts),
        blinks=tuple(blinks),
        evidence=LiveEvidence.none(),
    )


def onsets(news):
    return [n.burst.span.start_s for n in news]


def test_what_can_still_change_a_burst_is_waited_for():
    """What the network sees ahead, a piece that would be joined, the face beside it."""
    assert SETTLE_S >= REACH_S + JOIN_S
    assert BESIDE_S[1] <= SETTLE_S
    assert LearnedParams().merge_gap_s == JOIN_S
    assert WINDOW_S / 2 >= SETTLE_S + REACH_S


def test_a_burst_is_committed_by_the_first_window_that_it_ended_in_long_ago(
    committer, make_burst
):
    seen = [make_burst(8, 9.5)]
    assert committer.take(window(0, 11, seen, whole=True)) == ()
    assert committer.take(window(0, 18.4, seen, whole=True)) == ()
    assert onsets(committer.take(window(0, 18.6, seen))) == [8]
    assert committer.take(window(0, 20, seen)) == ()
    assert committer.counts.bursts == {Side.LEFT: 0, Side.RIGHT: 1}


def test_a_burst_is_under_way_until_it_has_clearly_ended(committer, make_burst):
    """Long before it is counted."""
    for now, under_way in ((9.5, True), (11, True), (12, False), (17, False)):
        assert now - 9.5 < SETTLE_S
        committer.take(window(0, now, [make_burst(8, 9.5)], whole=True))
        assert (committer.under_way == {Side.RIGHT}) is under_way
        assert under_way is (now - 9.5 < UNDER_WAY_S)


@pytest.mark.parametrize("shift_s", [-0.9, -0.3, 0.3, 0.9])
def test_an_end_that_differs_between_windows_loses_and_doubles_nothing(
    committer, make_burst, shift_s
):
    """Without slack, the burst is decided too early in one and too late in the other."""
    ends = [8.05, 8.05 + shift_s, 8.05]
    news = [
        committer.take(window(0, now, [make_burst(6, end)], whole=True))
        for now, end in zip((17, 18, 19), ends, strict=True)
    ]
    assert sum(map(len, news)) == 1


def test_what_a_later_window_finds_in_decided_time_is_not_added(committer, make_burst):
    committer.take(window(0, 20, whole=True))
    assert committer.take(window(0, 21, [make_burst(5, 6)], whole=True)) == ()


def test_both_sides_at_once_are_two_bursts(committer, make_burst):
    both = [make_burst(5, 6), make_burst(5, 6, Side.LEFT)]
    assert len(committer.take(window(0, 16, both, whole=True))) == 2
    assert committer.counts.bursts == {Side.LEFT: 1, Side.RIGHT: 1}


def test_a_second_burst_of_a_side_is_counted_also_soon_after_the_first(
    committer, make_burst
):
    two = [make_burst(5, 6), make_burst(6.4, 7.2)]
    assert onsets(committer.take(window(0, 17, two, whole=True))) == [5, 6.4]


def test_a_burst_longer_than_a_window_is_counted_once_with_its_true_onset(
    committer, make_burst
):
    """It lasts from 5 to 56 s; windows are 40 s."""
    news = []
    for now in range(10, 76, 2):
        start = max(0, now - 40)
        seen = [make_burst(max(5, start), min(56, now))] if start < 56 else []
        news += committer.take(window(start, now, seen, whole=start == 0))
    (told,) = news
    assert (told.burst.span.start_s, told.burst.span.end_s) == (5, 56)


def test_the_rest_of_a_counted_burst_at_a_windows_begin_is_not_counted_again(
    committer, make_burst
):
    assert committer.take(window(0, 37, [make_burst(20, 27)], whole=True))
    assert committer.take(window(22, 62, [make_burst(22, 27)])) == ()
    assert committer.counts.bursts[Side.RIGHT] == 1


def test_a_piece_at_a_windows_begin_that_nobody_saw_begin_is_left_out(
    committer, make_burst
):
    assert committer.take(window(20, 37, [make_burst(20.1, 27)])) == ()
    assert committer.take(window(20, 37.5, [make_burst(20.5, 27.2)]))


def test_blinks_count_once_and_each_eyes_full_closures_apart(committer, make_blink):
    blinks = [make_blink(3, 3.2), make_blink(5, 5.2, right=0.5)]
    committer.take(window(0, 8, blinks=blinks, whole=True))
    committer.take(window(0, 9, blinks=[make_blink(5.03, 5.2, 0.5)], whole=True))
    assert committer.counts.blinks == 2
    assert committer.counts.full_closures == {Side.LEFT: 2, Side.RIGHT: 1}


def test_a_blink_is_counted_sooner_than_a_burst(committer, make_burst, make_blink):
    seen = {"bursts": [make_burst(4, 5.2)], "blinks": [make_blink(5, 5.2)]}
    assert BLINK_SETTLE_S < 3 < SETTLE_S
    (first,) = committer.take(window(0, 8.2, **seen, whole=True))
    assert first.blink is not None
    (second,) = committer.take(window(0, 15, **seen, whole=True))
    assert second.burst is not None


def test_memory_does_not_grow_with_the_recording(committer, make_burst):
    for now in range(15, 2005, 5):
        seen = [make_burst(now - 11.0, now - 10.0)]
        committer.take(window(max(0, now - 40), now, seen))
    assert committer.counts.bursts[Side.RIGHT] == 398
    assert len(committer._bursts) < 20


def test_a_window_without_anybody_decides_nothing(face, clock):
    time_s = clock.even(15, 10)
    raw = face.film(time_s, unseen=np.ones(len(time_s), bool))
    decision = decide(raw, GeometricDetector(), EpisodeParams(), whole=True)
    assert decision.bursts == decision.blinks == ()
    assert len(decision.evidence.time_s) == 0


def test_what_a_window_cuts_is_no_cut_off_burst(committer, make_burst):
    """Its onset was seen by an earlier window; or was cut off there already."""
    for onset_cut in (False, True):
        committer.take(
            window(
                0, 25, [replace(make_burst(20, 25), onset_cut=onset_cut)], whole=True
            )
        )
        later = replace(make_burst(22, 30), onset_cut=True)
        (told,) = committer.take(window(22, 40, [later]))
        assert told.burst.span.start_s == 20
        assert told.burst.onset_cut is onset_cut
        committer = Committer(complete_closure=0.75)
