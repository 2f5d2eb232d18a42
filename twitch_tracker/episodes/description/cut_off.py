"""Which bursts were going on where measuring began or ended.

A burst that is there at the first frame began before it, and one that is there at the
last frame goes on. The same holds beside every stretch that was not measured. Note:
such an onset or offset is only where it was first or last seen, so that the duration is
a lower bound.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.summary import unseen_s
from twitch_tracker.records import Episode
from twitch_tracker.timebase import Interval

__all__ = ["NEAR_EDGE_S", "cut_off", "mark_cut_off"]

NEAR_EDGE_S: Final = 0.05
"""An onset or offset this near to what was not measured is cut off, or within one frame
where frames are longer: between two frames nobody saw anything either."""

_ROUNDING_S: Final = 1e-3

Floats = NDArray[np.float64]


def cut_off(
    span: Interval, time_s: Floats, usable: NDArray[np.bool_], frame_s: Floats
) -> tuple[bool, bool]:
    """Return whether a burst began before, and ended after it could be measured.

    Parameters
    ----------
    span : Interval
        The burst.
    time_s : Floats
        Presentation times, shape (n,), increasing.
    usable : NDArray[np.bool_]
        Frames that could be measured, shape (n,).
    frame_s : Floats
        Seconds that each frame stands for, shape (n,).

    Returns
    -------
    onset_cut, offset_cut : bool
        Both False when no frame is there at all.
    """
    if not len(time_s):
        return False, False
    near_s = max(NEAR_EDGE_S, float(np.median(frame_s))) + _ROUNDING_S
    begins_s, ends_s = unseen_s(time_s, usable, frame_s).T
    before = (begins_s < span.start_s) & (ends_s >= span.start_s - near_s)
    after = (ends_s > span.end_s) & (begins_s <= span.end_s + near_s)
    return bool(before.any()), bool(after.any())


def mark_cut_off(
    episodes: Iterable[Episode],
    time_s: Floats,
    usable: NDArray[np.bool_],
    frame_s: Floats,
) -> tuple[Episode, ...]:
    """Mark the bursts whose onset or offset was not seen.

    Parameters
    ----------
    episodes : iterable of Episode
        Bursts of one recording.
    time_s, usable, frame_s
        As for `cut_off`.

    Returns
    -------
    tuple of Episode
        The same bursts in the same order.
    """
    marked = []
    for episode in episodes:
        onset, offset = cut_off(episode.span, time_s, usable, frame_s)
        marked.append(replace(episode, onset_cut=onset, offset_cut=offset))
    return tuple(marked)
