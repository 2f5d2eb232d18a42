"""Whether log and truth agree recording by recording, and second by second.

Rates are compared as a reader meets them: logged bursts per *analysable* minute
against true bursts per recorded minute. Time in spasm is compared exactly, on
seconds instead of frames, so that it does not depend on the frame rate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.evaluate.figures.estimates import (
    FigureOfScores,
    FromSums,
    Median,
    RankCorrelation,
    Scores,
    Share,
    estimate,
)
from twitch_tracker.evaluate.figures.limits import reach_of
from twitch_tracker.evaluate.recordings import RecordingScore
from twitch_tracker.evaluate.times import shared, total_s, without
from twitch_tracker.records.estimates import Estimate
from twitch_tracker.regions import SIDES
from twitch_tracker.timebase import Interval

__all__ = ["AGREEMENT", "BlandAltman", "bland_altman"]

RATE_WITHIN: Final = 0.10
"""A recording's rate within this share of the true one counts as right."""


# --- time in spasm ----------------------------------------------------------


def _spasm_time(score: RecordingScore) -> tuple[float, float, float, float]:
    """Return seconds in both, in truth only, in the log only, in neither; sides added.

    Over the time that could be measured; all zero when the length is not known.
    """
    source = score.source
    if source is None or not math.isfinite(score.recorded_s):
        return (0.0, 0.0, 0.0, 0.0)
    whole = [Interval(start_s=0.0, end_s=score.recorded_s)]
    watched = without(whole, source.excluded)
    both_s = true_s = logged_s = 0.0
    for side in SIDES:
        true = shared(watched, (b.span for b in source.truth if b.side is side))
        logged = shared(watched, (b.span for b in source.logged if b.side is side))
        both_s += total_s(shared(true, logged))
        true_s += total_s(true)
        logged_s += total_s(logged)
    neither_s = len(SIDES) * total_s(watched) - true_s - logged_s + both_s
    return (both_s, true_s - both_s, logged_s - both_s, neither_s)


def _kappa(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Cohen's kappa (1960) of the four sums of `_spasm_time`."""
    both, truth_only, log_only, _ = sums.T
    total = np.where(sums.sum(axis=1) > 0, sums.sum(axis=1), np.nan)
    true, logged = (both + truth_only) / total, (both + log_only) / total
    agreed = 1 - (truth_only + log_only) / total
    by_chance = true * logged + (1 - true) * (1 - logged)
    with np.errstate(invalid="ignore", divide="ignore"):
        kappa = (agreed - by_chance) / (1 - by_chance)
    return np.where(true > 0, kappa, np.nan)


# --- rates ------------------------------------------------------------------


AGREEMENT: Final[dict[str, FigureOfScores]] = {
    "rate_error_median_abs": Median(lambda s: [abs(s.rate_error)]),
    "rate_within_10pct": Share(
        lambda s: float(abs(s.rate_error) <= RATE_WITHIN),
        lambda s: float(math.isfinite(s.rate_error)),
    ),
    "rate_correlation": RankCorrelation(lambda s: [(s.true_per_min, s.logged_per_min)]),
    "spasm_time_kappa": FromSums(
        _spasm_time, _kappa, of=lambda s: float(sum(_spasm_time(s)) > 0)
    ),
}
"""Figures of agreement, by name."""


@dataclass(frozen=True, kw_only=True)
class BlandAltman:
    """Agreement of two numbers per recording (Bland and Altman 1986).

    Attributes
    ----------
    n : int
        Recordings.
    bias : Estimate
        Mean of logged minus true.
    low, high : float
        Limits of agreement; NaN for fewer than two recordings.
    """

    n: int
    bias: Estimate
    low: float
    high: float


def _difference(score: RecordingScore) -> float:
    return score.logged_per_min - score.true_per_min


def bland_altman(scores: Scores, *, seed: int = 0, draws: int = 2000) -> BlandAltman:
    """Compare the logged with the true bursts per minute.

    Parameters
    ----------
    scores : sequence of RecordingScore
        Recordings; those of unknown length are left out.
    seed, draws : int
        As for `estimate`.

    Returns
    -------
    BlandAltman
        In bursts per minute.
    """
    known: Sequence[RecordingScore] = [
        score for score in scores if math.isfinite(_difference(score))
    ]
    bias = estimate(
        Share(_difference, lambda _: 1.0, bounded=False),
        known or scores,
        seed=seed,
        draws=draws,
    )
    reach = reach_of([_difference(score) for score in known])
    return BlandAltman(
        n=len(known), bias=bias, low=bias.value - reach, high=bias.value + reach
    )
