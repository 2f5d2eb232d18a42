"""Time is exact underneath and half-open on top."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction

import pytest

from twitch_tracker.errors import BadParameter
from twitch_tracker.timebase import Interval, Stamp


def span(start_s, end_s):
    return Interval(start_s=start_s, end_s=end_s)


def test_a_stamp_counts_from_the_first_shown_frame():
    stamp = Stamp(pts=90_000 + 3003, time_base=Fraction(1, 90_000), origin_pts=90_000)
    assert stamp.seconds == pytest.approx(3003 / 90_000)
    assert Stamp(pts=7, time_base=Fraction(1, 30), origin_pts=7).seconds == 0.0


def test_a_stamp_is_exact_after_days_of_recording():
    """One tick of 1/90000 s is still told apart after a week."""
    week = 7 * 24 * 3600 * 90_000
    before, after = (
        Stamp(pts=week + k, time_base=Fraction(1, 90_000)).seconds for k in (0, 1)
    )
    assert after - before == pytest.approx(1 / 90_000, rel=1e-3)


def test_an_interval_knows_its_length_and_middle():
    assert span(1.0, 1.5).duration_s == 0.5
    assert span(1.0, 1.5).middle_s == 1.25
    assert span(2.0, 2.0).duration_s == 0.0


@pytest.mark.parametrize(
    ("start_s", "end_s"),
    [(2.0, 1.0), (math.nan, 1.0), (0.0, math.nan), (0.0, math.inf)],
)
def test_spans_that_run_backwards_or_nowhere_are_refused(start_s, end_s):
    with pytest.raises(BadParameter, match="interval: expected"):
        span(start_s, end_s)


@pytest.mark.parametrize(
    ("one", "other", "overlap_s", "gap_s"),
    [
        (span(0, 2), span(1, 3), 1.0, 0.0),
        (span(0, 4), span(1, 2), 1.0, 0.0),
        (span(0, 1), span(1, 2), 0.0, 0.0),  # they touch
        (span(0, 1), span(3, 4), 0.0, 2.0),
    ],
)
def test_overlap_and_gap_are_symmetric_and_never_negative(one, other, overlap_s, gap_s):
    for a, b in ((one, other), (other, one)):
        assert a.overlap_s(b) == overlap_s
        assert a.gap_s(b) == gap_s


def test_widening_grows_both_ends():
    assert span(1.0, 2.0).widened(0.25) == span(0.75, 2.25)


def test_intervals_are_ordered_by_onset_then_offset():
    assert sorted([span(1, 3), span(0, 5), span(1, 2)]) == [
        span(0, 5),
        span(1, 2),
        span(1, 3),
    ]


def test_time_values_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        span(0, 1).start_s = 0.5
    with pytest.raises(dataclasses.FrozenInstanceError):
        Stamp(pts=1, time_base=Fraction(1, 30)).pts = 2
