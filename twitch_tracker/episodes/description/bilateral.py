"""Which bursts are on both sides at once.

A burst on both sides is two bursts, one a side, that overlap in time; each of them is
marked as such. Note: it is a fact of the whole list, so it is worked out again when a
burst is added, taken out or moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.records import Episode
from twitch_tracker.regions import SIDES

__all__ = ["mark_bilateral", "overlapped"]

Floats = NDArray[np.float64]


def mark_bilateral(episodes: Sequence[Episode]) -> tuple[Episode, ...]:
    """Mark the bursts that a burst of the other side overlaps.

    Parameters
    ----------
    episodes : sequence of Episode
        All bursts that count in one recording, in any order.

    Returns
    -------
    tuple of Episode
        The same bursts in the same order, each with `bilateral` as it is in this list.
    """
    start_s = np.array([episode.span.start_s for episode in episodes])
    end_s = np.array([episode.span.end_s for episode in episodes])
    both = np.zeros(len(episodes), bool)
    for side in SIDES:
        own = np.array([episode.side is side for episode in episodes], bool)
        both[own] = overlapped(start_s[own], end_s[own], start_s[~own], end_s[~own])
    return tuple(
        replace(episode, bilateral=bool(is_both))
        for episode, is_both in zip(episodes, both, strict=True)
    )


def overlapped(
    start_s: Floats, end_s: Floats, other_start_s: Floats, other_end_s: Floats
) -> NDArray[np.bool_]:
    """Mark the spans that share time with any of the others.

    Parameters
    ----------
    start_s, end_s : Floats
        The spans, shape (n,).
    other_start_s, other_end_s : Floats
        The others, shape (m,), in any order.

    Returns
    -------
    NDArray[np.bool_]
        Shape (n,).
    """
    order = np.argsort(other_start_s, kind="stable")
    latest_s = np.maximum.accumulate(np.append(-np.inf, other_end_s[order]))
    # Of the others that begin before a span ends, one must end after it begins.
    before = np.searchsorted(other_start_s[order], end_s, side="left")
    return np.asarray(latest_s[before] > start_s)
