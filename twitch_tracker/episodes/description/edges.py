"""Onset and offset of a burst, read from the eyelid itself.

A detector says where a burst is; its evidence is smoothed and its threshold is
reached late. The lid's own closure gives the edges to a fraction of a frame.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.timebase import Interval

__all__ = ["sharpened"]

Floats = NDArray[np.float64]

EDGE_SHARE: Final = 0.15
"""Edges are where this share of the burst's strength is crossed. The truth of the
simulator says a tenth; noise of the lids asks for a little more."""

SURE_SHARE: Final = 0.5
"""... walking outwards from the first and last moment above this share."""

LOCAL_S: Final = 1.0
"""The strength at an edge is that of this much of the burst beside it: a strong
contraction must not cut off a weaker one of the same burst seconds away."""

LEAST_LOCAL: Final = 0.3
"""... but at least this share of the strength of the whole: a beginning that hardly
moves has no edge of its own."""

STRAY_S: Final = 0.14
"""Edges may move outwards by at most this much: bursts are at least 0.3 s apart."""

INWARD_S: Final = 0.4
"""... and inwards by at most this much: so smooth is a detector's evidence. A closure
that is over by more than that while the evidence goes on is one whose level cannot be
read: of lids held half closed the edge was put seconds inside (docs/validation.md)."""

_TOUCH_S: Final = 0.05
_STRENGTH_QUANTILE: Final = 0.9
_REST_CAP: Final = 0.3
_FEWEST: Final = 4


def sharpened(span: Interval, time_s: Floats, closure: Floats) -> Interval:
    """Move the edges of a burst to where its closure begins and ends.

    Parameters
    ----------
    span : Interval
        The burst as the detector found it.
    time_s : Floats
        Times of the burst and some time around it, shape (n,).
    closure : Floats
        Closure beyond the other eye, shape (n,); NaN where not measured.

    Returns
    -------
    Interval
        `span` itself when the closure does not show them; an edge of it that would
        move inwards by more than `INWARD_S` stays.
    """
    near = (time_s >= span.start_s - STRAY_S) & (time_s <= span.end_s + STRAY_S)
    near &= np.isfinite(closure)
    times, closed = time_s[near], closure[near]
    inside = (times >= span.start_s - _TOUCH_S) & (times <= span.end_s + _TOUCH_S)
    if len(times) < _FEWEST or not inside.any():
        return span
    rest, size = _rest_and_size(closed, inside)
    if size <= 0:
        return span
    first = _edge(times, closed, inside, rest, size)
    last = _edge(-times[::-1], closed[::-1], inside[::-1], rest, size)
    if first is None or last is None or -last <= first:
        return span
    start_s = first if first - span.start_s <= INWARD_S else span.start_s
    end_s = -last if span.end_s + last <= INWARD_S else span.end_s
    return Interval(start_s=start_s, end_s=end_s)


def _edge(
    times: Floats,
    closed: Floats,
    inside: NDArray[np.bool_],
    rest: float,
    size: float,
) -> float | None:
    """Return when the burst begins; None where it hardly closes."""
    beside = inside & (times <= times[inside][0] + LOCAL_S)
    local = float(np.quantile(closed[beside], _STRENGTH_QUANTILE)) - rest
    local = min(max(local, LEAST_LOCAL * size), size)
    sure = np.flatnonzero(inside & (closed >= rest + SURE_SHARE * local))
    if len(sure) == 0:
        return None
    outwards = slice(sure[0], None, -1)
    return _crossing(times[outwards], closed[outwards], rest + EDGE_SHARE * local)


def _rest_and_size(closed: Floats, inside: NDArray[np.bool_]) -> tuple[float, float]:
    """Return the level around the burst, and its strength above that."""
    strength = float(np.quantile(closed[inside], _STRENGTH_QUANTILE))
    around = closed[~inside]
    rest = float(np.median(around)) if len(around) else 0.0
    rest = min(rest, _REST_CAP * strength)
    return rest, strength - rest


def _crossing(times: Floats, closed: Floats, level: float) -> float:
    """Return when the closure first falls below a level, between two frames."""
    below = np.flatnonzero(closed < level)
    if len(below) == 0:
        return float(times[-1])
    after = int(below[0])
    if after == 0:
        return float(times[0])
    high, low = closed[after - 1], closed[after]
    share = float((high - level) / (high - low))
    return float(times[after - 1] + share * (times[after] - times[after - 1]))
