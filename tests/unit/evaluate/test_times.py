"""Sets of spans, compared with looking at every hundredth of a second."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.evaluate.times import joined, shared, total_s, without
from twitch_tracker.timebase import Interval

GRID = np.arange(0, 20, 0.01) + 0.005


def inside(spans):
    """Whether each moment of the grid lies in a span."""
    found = np.zeros(GRID.size, bool)
    for span in spans:
        found |= (span.start_s < GRID) & (span.end_s > GRID)
    return found


def drawn(rng, count):
    edges = np.sort(rng.integers(0, 2000, size=(count, 2)) / 100, axis=1)
    return [Interval(start_s=float(a), end_s=float(b)) for a, b in edges if b > a]


@pytest.mark.parametrize("seed", range(20))
def test_every_moment_is_in_what_it_belongs_to(seed):
    rng = np.random.default_rng(seed)
    one, other = drawn(rng, rng.integers(0, 9)), drawn(rng, rng.integers(0, 9))
    assert np.array_equal(inside(joined(one)), inside(one))
    assert np.array_equal(inside(shared(one, other)), inside(one) & inside(other))
    assert np.array_equal(inside(without(one, other)), inside(one) & ~inside(other))
    assert total_s(one) == pytest.approx(inside(one).sum() / 100)


def test_what_only_touches_shares_nothing():
    assert shared([Interval(start_s=0, end_s=1)], [Interval(start_s=1, end_s=2)]) == []


def test_one_long_span_shares_with_all_that_lie_in_it():
    short = [Interval(start_s=k, end_s=k + 0.5) for k in range(5)]
    assert shared([Interval(start_s=0, end_s=9)], short) == short
    assert shared(short, [Interval(start_s=0, end_s=9)]) == short
