"""Blinks: both eyes closing together.

The closure common to both eyes is the smaller of the two, so that a spasm of
one eye is never a blink, however deep.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.episodes.spans import FrameSpan, find_spans, widen_mask
from twitch_tracker.motion.onesided import SMOOTH_SD_S
from twitch_tracker.motion.smoothing import smooth
from twitch_tracker.records import Blink, MotionSignals

__all__ = ["blink_mask", "closure", "closures", "detect_blinks"]

Floats = NDArray[np.float64]

_OPENING_SHARE = 0.4
"""A blink's span runs to this share of its threshold on both sides."""

_WIDEN_S = 0.1
"""Lids still move unequally this long before and after the common closure."""


def closure(motion: MotionSignals) -> Floats:
    """Return the closure of each eye, lightly smoothed.

    0 open, 1 closed; shape (n, sides).
    """
    closed = 1.0 - motion.aperture.astype(np.float64)
    return smooth(closed, motion.time_s, SMOOTH_SD_S / 2)


def closures(motion: MotionSignals, params: EpisodeParams) -> list[FrameSpan]:
    """Find closures of both eyes together, however long, in order of time."""
    return find_spans(
        closure(motion).min(axis=1),
        motion.time_s,
        motion.frame_s,
        enter=params.blink_closure,
        leave=params.blink_closure * _OPENING_SHARE,
    )


def detect_blinks(motion: MotionSignals, params: EpisodeParams) -> tuple[Blink, ...]:
    """Find bilateral blinks.

    Parameters
    ----------
    motion : MotionSignals
        The signals of a recording.
    params : EpisodeParams
        Thresholds.

    Returns
    -------
    tuple of Blink
        In order of time. Bilateral closures longer than
        `params.blink_longest_s` are left out: the eyes were held closed
        (`face_numbers.face_numbers` counts these).
    """
    closed = closure(motion)
    common = closed.min(axis=1)
    return tuple(
        Blink(
            span=found.span,
            complete=bool(np.nanmax(common[found.frames]) >= params.blink_complete),
            closure_left=_depth(closed[found.frames, 0]),
            closure_right=_depth(closed[found.frames, 1]),
        )
        for found in closures(motion, params)
        if found.span.duration_s <= params.blink_longest_s
    )


def _depth(closed: Floats) -> float:
    return float(np.clip(np.nanmax(closed), 0.0, 1.0))


def blink_mask(motion: MotionSignals, params: EpisodeParams) -> NDArray[np.bool_]:
    """Return frames in and around a common closure of both eyes, shape (n,)."""
    common = closure(motion).min(axis=1)
    together = np.nan_to_num(common, nan=0.0) > params.blink_closure
    return widen_mask(together, motion.time_s, _WIDEN_S)
