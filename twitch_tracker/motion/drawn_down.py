"""The same signals with the mouth corners followed outward and down.

Signals follow each mouth corner along the pull that is usual, outward and up
(`signals.PULL_DIRECTION`). Platysma and the depressor of the mouth's angle draw it down
instead: seen outward and up, such a contraction of several millimetres is hardly a
movement. Finding and describing pulls of the mouth corner is done a second time with
these signals.

Note: only where the mouth corner is (`place_io`) and how far it moved (`position_io`,
`position_mm`) are changed. Evidence, activity and the skin's flow stay those of the
usual direction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.motion.reference import rest_level
from twitch_tracker.records import MotionSignals, RegionScores
from twitch_tracker.regions import REGIONS, Region

__all__ = ["drawn_down"]

_MOUTH = REGIONS.index(Region.MOUTH_CORNER)


def drawn_down(motion: MotionSignals) -> MotionSignals | None:
    """Follow the mouth corners outward and down.

    Parameters
    ----------
    motion : MotionSignals
        The signals of a recording.

    Returns
    -------
    MotionSignals or None
        None where that was not kept (signals of an earlier version, read back).
    """
    if motion.commissure_down_io is None:
        return None
    place_io = motion.commissure_down_io.astype(np.float64)
    weight = motion.rest_weight.astype(np.float64)
    moved_io = place_io - rest_level(place_io, weight, motion.time_s)
    changed = {
        "place_io": place_io,
        "position_io": moved_io,
        "position_mm": moved_io * motion.mm_per_interocular,
    }
    scores = {
        name: _with_mouth(score, changed[name]) if name in changed else score
        for name, score in motion.scores.items()
    }
    return replace(motion, scores=scores)


def _with_mouth(score: RegionScores, mouth: NDArray[np.floating[Any]]) -> RegionScores:
    """Return a signal with the mouth corner's series exchanged, shape (n, sides)."""
    values = score.values.copy()
    values[:, _MOUTH] = mouth
    return replace(score, values=values)
