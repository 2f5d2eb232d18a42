"""Measure what a face does apart from bursts: `records.FaceNumbers` of one recording.

How far a side moves when asked to is read from the whole recording, not from single
movements: the level that it stays below for nineteen of twenty moments outside bursts. In a recording
of one task that is the movement of the task; at rest it is expression and blinks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.blinks import closure, closures
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.records import Episode, FaceNumbers, MotionSignals
from twitch_tracker.regions import SIDES, Region, Side

__all__ = ["face_numbers"]

_REACH: Final = 0.95
_LEAST_S: Final = 3.0
"""With less measured time there is no level."""

_NAN: Final = float("nan")


def face_numbers(motion: MotionSignals, episodes: Iterable[Episode]) -> FaceNumbers:
    """Measure them.

    Parameters
    ----------
    motion : MotionSignals
        The signals of a recording.
    episodes : iterable of Episode
        Its bursts, of both sides.

    Returns
    -------
    FaceNumbers
        NaN where fewer than three seconds show it.
    """
    bursts = tuple(episodes)
    wanted = EpisodeParams()
    long = [
        found.span
        for found in closures(motion, wanted)
        if found.span.duration_s > wanted.blink_longest_s
        and not any(found.span.overlap_s(burst.span) > 0 for burst in bursts)
    ]
    quiet = motion.usable.copy()
    for burst in bursts:
        quiet &= (motion.time_s < burst.span.start_s) | (
            motion.time_s >= burst.span.end_s
        )
    closed = closure(motion)
    reach = {
        (name, side): _level(values[:, SIDES.index(side)], quiet, motion, _REACH)
        for name, values in (
            ("closure", closed),
            ("mouth", _of(motion, "position_mm", Region.MOUTH_CORNER)),
            ("brow", _of(motion, "position_mm", Region.BROW)),
        )
        for side in SIDES
    }
    left, right = Side.LEFT, Side.RIGHT
    return FaceNumbers(
        long_closures=float(len(long)) if motion.usable.any() else _NAN,
        long_closures_s=sum(span.duration_s for span in long)
        if motion.usable.any()
        else _NAN,
        mouth_asymmetry_mm=_mouth_asymmetry_mm(motion, quiet),
        closure_reach_left=reach["closure", left],
        closure_reach_right=reach["closure", right],
        mouth_reach_left_mm=reach["mouth", left],
        mouth_reach_right_mm=reach["mouth", right],
        brow_reach_left_mm=reach["brow", left],
        brow_reach_right_mm=reach["brow", right],
    )


def _of(motion: MotionSignals, name: str, region: Region) -> NDArray[np.float32]:
    """Return a signal of both sides, shape (n, sides); NaN where it was not kept."""
    scores = motion.scores.get(name)
    if scores is None:
        return np.full((len(motion.time_s), len(SIDES)), np.nan, np.float32)
    return scores.of_both(region)


def _level(
    values: NDArray[np.float32] | NDArray[np.float64],
    kept: NDArray[np.bool_],
    motion: MotionSignals,
    q: float,
) -> float:
    """Return level below which a value is for the share `q` of the measured time."""
    seen = kept & np.isfinite(values)
    if float(motion.frame_s[seen].sum()) < _LEAST_S:
        return _NAN
    order = np.argsort(values[seen])
    passed = np.cumsum(motion.frame_s[seen][order])
    place = int(np.searchsorted(passed, q * passed[-1]))
    return float(values[seen][order][min(place, len(order) - 1)])


def _mouth_asymmetry_mm(motion: MotionSignals, quiet: NDArray[np.bool_]) -> float:
    """Return how much further up and out the right mouth corner lies at rest."""
    places = _of(motion, "place_io", Region.MOUTH_CORNER)
    apart = places[:, SIDES.index(Side.RIGHT)] - places[:, SIDES.index(Side.LEFT)]
    resting = quiet & (motion.rest_weight > 0)
    return _level(apart, resting, motion, 0.5) * motion.mm_per_interocular
