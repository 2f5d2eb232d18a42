"""One number per side and frame: how much speaks for a one-sided contraction.

The eyelid leads; mouth corner and cheek of the same side add to it when they
move with it and take away when they move against it, within limits. During a
common closure of both eyes the eyelid's word counts little: blinks are never
quite equal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.blinks import blink_mask
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.records import MotionSignals
from twitch_tracker.regions import SIDES, Region

__all__ = ["combined_evidence"]

Floats = NDArray[np.float64]


def combined_evidence(motion: MotionSignals, params: EpisodeParams) -> Floats:
    """Combine the regions of each side.

    Parameters
    ----------
    motion : MotionSignals
        Signals; ``one_sided`` is read.
    params : EpisodeParams
        Weights and limits.

    Returns
    -------
    Floats
        Shape (n, sides), in standard deviations of the quiet face; NaN where
        not measured.
    """
    blinking = blink_mask(motion, params)
    sides = [_one_side(motion, side, blinking, params) for side in range(len(SIDES))]
    return np.stack(sides, axis=1)


def _one_side(
    motion: MotionSignals,
    side: int,
    blinking: NDArray[np.bool_],
    params: EpisodeParams,
) -> Floats:
    evidence = motion.scores["one_sided"]
    of = {r: evidence.of(r, SIDES[side]).astype(np.float64) for r in Region}
    lid = of[Region.EYELID]
    lid = np.where(blinking, np.minimum(lid, params.in_blink_cap_sd), lid)
    cap = params.helper_cap_sd
    total = (
        lid
        + params.mouth_share * _helper(of[Region.MOUTH_CORNER], cap)
        + params.cheek_share * _helper(of[Region.CHEEK], cap)
    )
    return np.minimum(total, params.lead_factor * lid)


def _helper(evidence: Floats, cap: float) -> Floats:
    """Return what a region beside the eyelid says; nothing outside the picture."""
    return np.clip(np.nan_to_num(evidence), -cap, cap)
