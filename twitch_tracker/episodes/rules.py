"""Why a candidate is not a one-sided burst after all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes import reasons
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.episodes.spans import FrameSpan
from twitch_tracker.records import NearMiss
from twitch_tracker.regions import SIDES, Side

__all__ = ["Candidate", "near_miss", "refusal"]

Floats = NDArray[np.float64]

_BEFORE_S = (0.40, 0.10)
"""The lids' level before a candidate is their median over this long before it."""

_LEVEL_CAP = 0.3
"""A lid that is already this far closed before a candidate is taken as squinting,
and closure is counted from here at most."""

_AROUND_S = (0.15, 0.10)
"""Blinks are looked for a little beyond the candidate, before and after."""

_TOGETHER_S = 0.1
"""Both eyes close together when their deepest moments are this close."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A span that might be a burst.

    Attributes
    ----------
    side : Side
        The subject's own side.
    frames : FrameSpan
        Where.
    score : Floats
        Combined evidence of that side over the whole recording, shape (n,).
    """

    side: Side
    frames: FrameSpan
    score: Floats

    @property
    def peak(self) -> float:
        """Strongest evidence within the candidate."""
        return float(np.nanmax(self.score[self.frames.frames]))


def refusal(
    candidate: Candidate, closed: Floats, time_s: Floats, params: EpisodeParams
) -> str | None:
    """Say why a candidate is refused.

    Parameters
    ----------
    candidate : Candidate
        The candidate.
    closed : Floats
        Closure of each eye, shape (n, sides), from `blinks.closure`.
    time_s : Floats
        Shape (n,).
    params : EpisodeParams
        Thresholds.

    Returns
    -------
    str or None
        A reason, or None when it is a burst.
    """
    if candidate.peak < params.enter_sd:
        return reasons.too_weak(candidate.peak, params.enter_sd)
    if _is_unequal_blink(candidate, closed, time_s, params):
        return reasons.UNEQUAL_BLINK
    rise = _steepest_rise(candidate, time_s, params.abrupt_within_s)
    if rise < params.abrupt_sd:
        seen = _onset_was_seen(candidate)
        return reasons.SLOW if seen else reasons.ALREADY_THERE
    return None


def _onset_was_seen(candidate: Candidate) -> bool:
    """Return whether the frame before the candidate was measured."""
    first = candidate.frames.first
    return first > 0 and bool(np.isfinite(candidate.score[first - 1]))


def _is_unequal_blink(
    candidate: Candidate, closed: Floats, time_s: Floats, params: EpisodeParams
) -> bool:
    """Return whether the other eye closed as well, at the same moment, and briefly."""
    if candidate.frames.span.duration_s >= params.unequal_blink_longest_s:
        return False
    start_s = float(time_s[candidate.frames.first])
    end_s = candidate.frames.span.end_s
    near = (time_s >= start_s - _AROUND_S[0]) & (time_s <= end_s + _AROUND_S[1])
    before = (time_s >= start_s - _BEFORE_S[0]) & (time_s <= start_s - _BEFORE_S[1])
    own = SIDES.index(candidate.side)
    own_depth, own_s = _deepest(closed[:, own], time_s, near, before)
    other_depth, other_s = _deepest(closed[:, 1 - own], time_s, near, before)
    return (
        other_depth > params.unequal_blink_closure
        and other_depth > params.unequal_blink_ratio * own_depth
        and abs(own_s - other_s) < _TOGETHER_S
    )


def _deepest(
    closed: Floats,
    time_s: Floats,
    near: NDArray[np.bool_],
    before: NDArray[np.bool_],
) -> tuple[float, float]:
    """Return how far an eye closed beyond its level before, and when it was deepest."""
    level = _median(closed[before])
    inside = np.nan_to_num(closed[near], nan=0.0)
    deepest = int(np.argmax(inside))
    return float(inside[deepest] - min(level, _LEVEL_CAP)), float(time_s[near][deepest])


def _median(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else 0.0


def _steepest_rise(candidate: Candidate, time_s: Floats, within_s: float) -> float:
    """Return the largest gain of evidence around the onset, in deviations."""
    onset_s = float(time_s[candidate.frames.first])
    starts = np.flatnonzero((time_s >= onset_s - 0.25) & (time_s <= onset_s + 0.3))
    gains = []
    for start in starts:
        later = (time_s > time_s[start]) & (time_s <= time_s[start] + within_s + 0.01)
        reached = candidate.score[later]
        if np.isfinite(reached).any() and np.isfinite(candidate.score[start]):
            gains.append(float(np.nanmax(reached) - candidate.score[start]))
    return max(gains, default=float("inf"))


def near_miss(candidate: Candidate, reason: str) -> NearMiss:
    """Note a candidate that is refused, with the reason."""
    return NearMiss(
        span=candidate.frames.span,
        side=candidate.side,
        peak_score=candidate.peak,
        reason=reason,
    )
