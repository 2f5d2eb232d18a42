"""Sets of spans: joining, cutting and measuring stretches of time.

Everything here is exact on seconds; nothing is sampled at a frame rate.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from twitch_tracker.timebase import Interval

__all__ = ["joined", "shared", "total_s", "without"]


def joined(spans: Iterable[Interval]) -> list[Interval]:
    """Return the union as separate spans in order."""
    union: list[Interval] = []
    for span in sorted(spans):
        if union and span.start_s <= union[-1].end_s:
            end_s = max(union[-1].end_s, span.end_s)
            union[-1] = Interval(start_s=union[-1].start_s, end_s=end_s)
        else:
            union.append(span)
    return union


def total_s(spans: Iterable[Interval]) -> float:
    """Return the seconds in the union."""
    return sum(span.duration_s for span in joined(spans))


def shared(ones: Iterable[Interval], others: Iterable[Interval]) -> list[Interval]:
    """Return what lies in both unions."""
    first, second = deque(joined(ones)), deque(joined(others))
    found = []
    while first and second:
        one, other = first[0], second[0]
        if one.overlap_s(other) > 0:
            found.append(
                Interval(
                    start_s=max(one.start_s, other.start_s),
                    end_s=min(one.end_s, other.end_s),
                )
            )
        # The one that ends first overlaps nothing that comes later.
        (first if one.end_s < other.end_s else second).popleft()
    return found


def without(spans: Iterable[Interval], holes: Iterable[Interval]) -> list[Interval]:
    """Return what lies in the first union and not in the second."""
    left = joined(spans)
    for hole in joined(holes):
        left = [part for span in left for part in _cut(span, hole)]
    return left


def _cut(span: Interval, hole: Interval) -> list[Interval]:
    if span.overlap_s(hole) <= 0:
        return [span]
    pieces = [(span.start_s, hole.start_s), (hole.end_s, span.end_s)]
    return [Interval(start_s=a, end_s=b) for a, b in pieces if b > a]
