"""Bursts of both sides that share time are told as such, each of them."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.episodes.description.bilateral import mark_bilateral
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

LEFT, RIGHT = Side.LEFT, Side.RIGHT


def burst(start_s, end_s, side, **more):
    return Episode(
        span=Interval(start_s=start_s, end_s=end_s),
        side=side,
        regions=(Region.EYELID,),
        lead_region=Region.EYELID,
        kind=EpisodeKind.CLONIC,
        **more,
    )


def told(*rows):
    return [e.bilateral for e in mark_bilateral([burst(*row) for row in rows])]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], []),
        ([(1, 2, LEFT)], [False]),
        ([(1, 2, LEFT), (1.5, 3, RIGHT)], [True, True]),
        ([(1, 2, LEFT), (2, 3, RIGHT)], [False, False]),  # they only touch
        ([(1, 2, LEFT), (1, 2, LEFT)], [False, False]),  # one side
        ([(1, 9, LEFT), (2, 3, RIGHT), (5, 6, RIGHT)], [True, True, True]),
        # a long burst that began first counts after a short one
        ([(1, 9, LEFT), (2, 3, LEFT), (5, 6, RIGHT)], [True, False, True]),
        ([(5, 6, RIGHT), (1, 2, LEFT), (5.9, 7, LEFT)], [True, False, True]),
    ],
)
def test_bursts_of_both_sides_that_share_time(rows, expected):
    assert told(*rows) == expected


def test_it_is_told_anew_of_every_list():
    alone = burst(1, 2, LEFT, bilateral=True)
    assert mark_bilateral([alone])[0].bilateral is False


def test_many_are_marked_as_one_by_one():
    rng = np.random.default_rng(4)
    starts = np.sort(rng.uniform(0, 100, 80))
    bursts = [
        burst(at, at + rng.exponential(1.0), side)
        for at, side in zip(starts, [LEFT, RIGHT, RIGHT, LEFT] * 20, strict=True)
    ]
    for marked, given in zip(mark_bilateral(bursts), bursts, strict=True):
        others = (b for b in bursts if b.side != given.side)
        assert marked.bilateral == any(b.span.overlap_s(given.span) > 0 for b in others)
