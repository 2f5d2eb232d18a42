"""How many pictures a second each claim about a burst needs.

A burst is found at a rate at which its contractions run into each other. What cannot be
known there is left out with its reason, never guessed: kind and number of contractions
of a burst each have a least rate. Below `motion.timing.LEAST_PICTURES_HZ` nothing is
measured at all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from twitch_tracker.episodes import reasons
from twitch_tracker.episodes.description.shape import BurstShape
from twitch_tracker.episodes.spans import FrameSpan
from twitch_tracker.motion.sameness import VERY_COARSE_QUANTISER, is_compressed
from twitch_tracker.records import EpisodeKind, MotionSignals

__all__ = [
    "LEAST_FOR_CONTRACTIONS_HZ",
    "LEAST_FOR_KIND_HZ",
    "MORE_CARE",
    "MOST_CARE",
    "ShapeClaims",
    "claimed_shape",
    "confidence_needed",
    "pictures_hz",
]

LEAST_FOR_KIND_HZ: Final = 11.5
"""The troughs between contractions distinguish a train from a held contraction, which
follow each other at 3 to 7 a second as a rule: at a rate below twice six too many troughs
fall between two pictures. At 12 and 12.5 pictures a second kinds were about as often
right as at 24 to 30, on faces left out, by a script that is not kept; the least is a little
below, for cameras that are uneven and for every second picture of a film of 23.976."""

LEAST_FOR_CONTRACTIONS_HZ: Final = 22.0
"""Measured: at 15 pictures a second the contractions of a train cannot be counted, at 24
(cinema) to 30 they can. Between nobody has measured, so that nothing is claimed; the
least is a little below 24, for cameras that are uneven."""


MORE_CARE: Final = 0.2
"""In a strongly compressed film a burst needs this much more confidence: where blocks are
left as they were, their edges move when the rest is drawn again."""

MOST_CARE: Final = 0.3
"""... and this much in a very strongly compressed one: of 29 bursts that are made up there in
5.7 minutes, one stays."""

MOST_NEEDED: Final = 0.9
MOST_NEEDED_AT_ALL: Final = 0.95
"""No burst has to be surer than this: in such a film, and in a very coarse one."""


def confidence_needed(usual: float, motion: MotionSignals) -> float:
    """Return the confidence that a burst needs in a recording.

    Parameters
    ----------
    usual : float
        What the chosen sensitivity asks for.
    motion : MotionSignals
        The signals.

    Returns
    -------
    float
        More in strongly compressed films (`motion.sameness.is_compressed`), and still
        more in very coarse ones.
    """
    if not is_compressed(motion.unchanged_share, motion.quantiser):
        return usual
    if motion.quantiser >= VERY_COARSE_QUANTISER:
        return max(usual, min(usual + MOST_CARE, MOST_NEEDED_AT_ALL))
    return max(usual, min(usual + MORE_CARE, MOST_NEEDED))


def pictures_hz(motion: MotionSignals, frames: FrameSpan) -> float:
    """Return fresh pictures a second during a burst.

    Parameters
    ----------
    motion : MotionSignals
        The signals.
    frames : FrameSpan
        Where the burst is.

    Returns
    -------
    float
        Median over the burst; NaN with fewer than two pictures in all.
    """
    steps = motion.frame_s if motion.fresh_step_s is None else motion.fresh_step_s
    step_s = float(np.median(steps[frames.frames]))
    return 1 / step_s if step_s > 0 else float("nan")


@dataclass(frozen=True, kw_only=True)
class ShapeClaims:
    """What can be said of the shape of a burst; None where that is not known."""

    kind: EpisodeKind | None
    contractions: int | None
    rate_hz: float
    why_not: tuple[str, ...] = ()


def claimed_shape(shape: BurstShape, rate_hz: float) -> ShapeClaims:
    """Leave out what pictures are too slow for.

    Parameters
    ----------
    shape : BurstShape
        As it was read.
    rate_hz : float
        From `pictures_hz`; NaN leaves nothing out.

    Returns
    -------
    ShapeClaims
        A held contraction is one, also where contractions could not be counted.
    """
    if rate_hz < LEAST_FOR_KIND_HZ:
        why = reasons.too_slow("kind", rate_hz, LEAST_FOR_KIND_HZ)
        return ShapeClaims(
            kind=None, contractions=None, rate_hz=math.nan, why_not=(why,)
        )
    if rate_hz < LEAST_FOR_CONTRACTIONS_HZ and shape.kind is not EpisodeKind.TONIC:
        why = reasons.too_slow("contractions", rate_hz, LEAST_FOR_CONTRACTIONS_HZ)
        return ShapeClaims(
            kind=shape.kind, contractions=None, rate_hz=math.nan, why_not=(why,)
        )
    return ShapeClaims(
        kind=shape.kind, contractions=shape.contractions, rate_hz=shape.rate_hz
    )
