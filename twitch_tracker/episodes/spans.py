"""Spans of frames above a threshold, in time rather than in frames."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.timebase import Interval

__all__ = ["FrameSpan", "find_spans", "widen_mask"]

Floats = NDArray[np.float64]

_PAUSE_S: Final = 1e-3
"""A frame that ends this long before the next one begins is followed by missing
frames (`motion.timing.frame_durations`); less is rounding."""


@dataclass(frozen=True, kw_only=True)
class FrameSpan:
    """Frames ``[first, end)`` and the time they stand for."""

    first: int
    end: int
    span: Interval

    @property
    def frames(self) -> slice:
        """The frames, for indexing."""
        return slice(self.first, self.end)


def find_spans(
    score: Floats,
    time_s: Floats,
    frame_s: Floats,
    *,
    enter: float,
    leave: float,
    merge_gap_s: float = 0.0,
    shortest_s: float = 0.0,
) -> list[FrameSpan]:
    """Find spans that stay above `leave` and somewhere reach `enter`.

    Parameters
    ----------
    score : Floats
        Shape (n,). NaN and missing frames end a span; gaps of either that are
        shorter than `merge_gap_s` are bridged like any other.
    time_s, frame_s : Floats
        Time of each frame and the seconds it stands for, shape (n,).
    enter, leave : float
        Thresholds of the hysteresis, ``enter >= leave``.
    merge_gap_s : float
        Pieces closer than this become one span.
    shortest_s : float
        Shorter spans are dropped.

    Returns
    -------
    list of FrameSpan
        In order, half-open, disjoint.
    """
    above = np.nan_to_num(score, nan=-np.inf) > leave
    runs = _split_at_pauses(_runs(above), time_s, frame_s)
    pieces = _merged(runs, time_s, frame_s, merge_gap_s)
    kept = []
    for first, end in pieces:
        span = Interval(
            start_s=float(time_s[first]),
            end_s=float(time_s[end - 1] + frame_s[end - 1]),
        )
        reached = np.nanmax(score[first:end]) >= enter
        if reached and span.duration_s >= shortest_s:
            kept.append(FrameSpan(first=first, end=end, span=span))
    return kept


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return half-open runs of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _split_at_pauses(
    runs: list[tuple[int, int]], time_s: Floats, frame_s: Floats
) -> list[tuple[int, int]]:
    """Cut runs where frames are missing from the stream."""
    paused = time_s[1:] - (time_s[:-1] + frame_s[:-1]) > _PAUSE_S
    cuts = np.flatnonzero(paused) + 1
    pieces = []
    for first, end in runs:
        edges = [first, *(int(c) for c in cuts if first < c < end), end]
        pieces += list(pairwise(edges))
    return pieces


def _merged(
    runs: list[tuple[int, int]], time_s: Floats, frame_s: Floats, gap_s: float
) -> list[tuple[int, int]]:
    """Join runs whose gap is shorter than `gap_s` seconds."""
    joined: list[tuple[int, int]] = []
    for first, end in runs:
        if joined:
            last_end_s = time_s[joined[-1][1] - 1] + frame_s[joined[-1][1] - 1]
            if time_s[first] - last_end_s < gap_s:
                joined[-1] = (joined[-1][0], end)
                continue
        joined.append((first, end))
    return joined


def widen_mask(
    mask: NDArray[np.bool_], time_s: Floats, by_s: float
) -> NDArray[np.bool_]:
    """Grow every run of True by `by_s` seconds at both ends."""
    wide = mask.copy()
    for first, end in _runs(mask):
        near = (time_s >= time_s[first] - by_s) & (time_s <= time_s[end - 1] + by_s)
        wide |= near
    return wide
