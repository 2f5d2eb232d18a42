"""Spans by hysteresis, in seconds, half-open."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from twitch_tracker.episodes.spans import find_spans, widen_mask
from twitch_tracker.motion.timing import frame_durations

STEP_S = 0.1
nan = float("nan")


def spans(score, time_s=None, **how):
    score = np.asarray(score, float)
    time_s = STEP_S * np.arange(len(score)) if time_s is None else time_s
    return find_spans(
        score, time_s, frame_durations(time_s), **{"enter": 3.0, "leave": 1.0} | how
    )


def frames(score, **how):
    return [(s.first, s.end) for s in spans(score, **how)]


def test_a_span_runs_while_above_leave_if_it_reaches_enter_somewhere():
    assert frames([0, 2, 4, 2, 0, 2, 2, 0]) == [(1, 4)]


def test_reaching_enter_exactly_counts_and_leave_exactly_does_not():
    assert frames([1, 2, 3, 1, 2.99, 0]) == [(1, 3)]


def test_spans_are_half_open_and_last_until_the_next_frame():
    (found,) = spans([0, 4, 4, 0, 0])
    assert found.frames == slice(1, 3)
    assert found.span.start_s == pytest.approx(0.1)
    assert found.span.end_s == pytest.approx(0.3)


def test_a_span_may_reach_to_both_ends_of_the_recording():
    (found,) = spans([4, 4, 4])
    assert (found.first, found.end) == (0, 3)
    assert found.span.duration_s == pytest.approx(0.3)


def test_pieces_closer_than_the_merge_gap_are_one():
    """Two frames below: 0.2 s between the pieces."""
    score = [0, 4, 0, 0, 4, 0]
    assert frames(score, merge_gap_s=0.25) == [(1, 5)]
    assert frames(score, merge_gap_s=0.15) == [(1, 2), (4, 5)]


def test_the_merge_gap_is_in_seconds_not_in_frames():
    score = np.array([0, 4, 0, 0, 4, 0])
    fast = 0.01 * np.arange(6)
    assert len(spans(score, fast, merge_gap_s=0.05)) == 1
    assert len(spans(score, 10 * fast, merge_gap_s=0.05)) == 2


def test_too_short_spans_are_dropped_after_merging():
    assert frames([0, 4, 0, 0, 0, 4, 4, 0], shortest_s=0.15) == [(5, 7)]
    assert frames([0, 4, 0, 4, 0], shortest_s=0.25, merge_gap_s=0.15) == [(1, 4)]


def test_unmeasured_frames_end_a_span():
    assert frames([0, 4, 4, nan, 4, 4, 0]) == [(1, 3), (4, 6)]


def test_a_short_unmeasured_gap_is_bridged_like_any_other():
    assert frames([0, 4, nan, 4, 0], merge_gap_s=0.15) == [(1, 4)]


def test_a_pause_of_the_stream_ends_a_span():
    """Both pieces high, but seconds of recording are missing between them."""
    time_s = STEP_S * np.arange(6)
    time_s[3:] += 5.0
    found = spans([4] * 6, time_s, merge_gap_s=0.3)
    assert [(s.first, s.end) for s in found] == [(0, 3), (3, 6)]


def test_nothing_measured_has_no_spans():
    assert frames([nan] * 5) == []
    assert frames([]) == []


def test_spans_are_disjoint_in_order_and_never_reach_beyond_the_next_frame():
    rng = np.random.default_rng(6)
    time_s = np.cumsum(rng.uniform(0.02, 0.05, 3000))
    score = 2 * rng.normal(size=3000)
    score[rng.random(3000) < 0.05] = np.nan
    found = spans(score, time_s, merge_gap_s=0.06, shortest_s=0.05)
    assert len(found) > 20
    for earlier, later in pairwise(found):
        assert earlier.span.end_s < later.span.start_s
    for one in found:
        assert np.nanmax(score[one.frames]) >= 3.0
        assert one.span.start_s == time_s[one.first]


def test_a_mask_grows_by_seconds_at_both_ends():
    time_s = STEP_S * np.arange(10)
    mask = np.zeros(10, bool)
    mask[[4, 5]] = True
    wide = widen_mask(mask, time_s, 0.15)
    np.testing.assert_array_equal(np.flatnonzero(wide), [3, 4, 5, 6])
    np.testing.assert_array_equal(np.flatnonzero(mask), [4, 5])
