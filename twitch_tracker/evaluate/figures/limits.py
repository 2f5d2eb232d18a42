"""Limits of agreement of two who measure the same, by Bland and Altman, with intervals.

Pure: knows pairs of numbers by recording. Note: differences are second minus first;
fewer than `LEAST` are reported as too few, never as a number; of several pairs of one
recording, which resemble each other, intervals come from drawing whole recordings.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.evaluate.figures.estimates import INTERVAL
from twitch_tracker.records.estimates import Estimate

__all__ = ["LEAST", "UNKNOWN", "Limits", "ValuePairs", "limits_of", "reach_of"]

LIMIT_SDS: Final = 1.96
"""Limits of agreement are this many standard deviations from the mean difference."""

LEAST: Final = 6
"""Fewer recordings (or pairs) give no limits and no interval.

By the formulas of `_by_formula`, the 95 % interval of a limit reaches as far as the
limit is from the mean difference when n = 5 (2.29 against 1.96 standard deviations),
and less far from n = 6 on (1.91): below, it says nothing.
"""

_DRAWS: Final = 2000
_SEED: Final = 0

UNKNOWN: Final = Estimate(value=math.nan, low=math.nan, high=math.nan)

ValuePairs = Sequence[tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Differences of two, and their limits of agreement (Bland and Altman 1986).

    Attributes
    ----------
    means, differences : tuple of float
        Of every pair of numbers; the difference is second minus first.
    recordings : int
        From how many recordings the pairs are.
    bias, low, high : Estimate
        Mean difference, and 1.96 standard deviations below and above, each with its
        95 % interval; NaN where too few are known.
    """

    means: tuple[float, ...]
    differences: tuple[float, ...]
    recordings: int
    bias: Estimate = UNKNOWN
    low: Estimate = UNKNOWN
    high: Estimate = UNKNOWN


def reach_of(differences: Sequence[float] | NDArray[np.float64]) -> float:
    """Return how far the limits are from the mean difference; NaN for fewer than two."""
    if len(differences) < 2:
        return math.nan
    return LIMIT_SDS * float(np.std(differences, ddof=1))


def limits_of(by_recording: Sequence[ValuePairs]) -> Limits:
    """Compute the limits of agreement, with intervals.

    Parameters
    ----------
    by_recording : sequence of sequences of (float, float)
        Pairs of first and second of each recording; recordings without any are passed
        over.

    Returns
    -------
    Limits
        With one pair a recording, intervals by formula; with several, by drawing
        recordings 2000 times (percentiles, Efron 1979), which needs `LEAST` of them.
    """
    known = [pairs for pairs in by_recording if len(pairs)]
    both = np.array([p for pairs in known for p in pairs], np.float64).reshape(-1, 2)
    differences = both[:, 1] - both[:, 0]
    found = Limits(
        means=tuple(both.mean(axis=1).tolist()),
        differences=tuple(differences.tolist()),
        recordings=len(known),
    )
    if len(differences) < LEAST:
        return found
    if len(differences) == len(known):
        bias, low, high = _by_formula(differences)
    else:
        owner = np.repeat(np.arange(len(known)), [len(pairs) for pairs in known])
        bias, low, high = _by_drawing(differences, owner, len(known))
    return Limits(
        means=found.means,
        differences=found.differences,
        recordings=found.recordings,
        bias=bias,
        low=low,
        high=high,
    )


def _by_formula(differences: NDArray[np.float64]) -> tuple[Estimate, ...]:
    """Return the mean and limits of independent differences, with intervals.

    Bland and Altman 1999 (Stat Methods Med Res 8:135-160, section 3.1): the standard
    error of the mean difference is s / sqrt(n), that of a limit
    s sqrt(1/n + 1.96^2 / (2 (n - 1))); Student's t with n - 1 degrees of freedom.
    """
    from scipy.special import stdtrit

    n = len(differences)
    bias, reach = float(differences.mean()), reach_of(differences)
    often = float(stdtrit(n - 1, INTERVAL[1] / 100)) * reach / LIMIT_SDS
    of_bias = often / math.sqrt(n)
    of_limit = often * math.sqrt(1 / n + LIMIT_SDS**2 / (2 * (n - 1)))
    return (
        _around(bias, of_bias),
        _around(bias - reach, of_limit),
        _around(bias + reach, of_limit),
    )


def _around(value: float, half: float) -> Estimate:
    return Estimate(value=value, low=value - half, high=value + half)


def _by_drawing(
    differences: NDArray[np.float64], owner: NDArray[np.int64], recordings: int
) -> tuple[Estimate, ...]:
    """Return mean and limits of pooled differences; intervals by drawing recordings."""
    ones = np.ones((1, recordings))
    (plain,) = _mean_and_limits(differences, owner, ones)
    if recordings < LEAST:
        return tuple(
            Estimate(value=float(value), low=math.nan, high=math.nan) for value in plain
        )
    picks = np.random.default_rng(_SEED).integers(recordings, size=(_DRAWS, recordings))
    often = np.stack([np.bincount(pick, minlength=recordings) for pick in picks])
    drawn = _mean_and_limits(differences, owner, often.astype(np.float64))
    low, high = np.nanpercentile(drawn, INTERVAL, axis=0)
    return tuple(
        Estimate(value=float(value), low=float(a), high=float(b))
        for value, a, b in zip(plain, low, high, strict=True)
    )


def _mean_and_limits(
    differences: NDArray[np.float64],
    owner: NDArray[np.int64],
    often: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return mean, lower and upper limit for each row of weights, shape (draws, 3)."""
    recordings = often.shape[1]
    sums = [
        np.bincount(owner, weights=differences**power, minlength=recordings)
        for power in (0, 1, 2)
    ]
    count, total, squares = (often @ one for one in sums)
    mean = total / count
    # The usual n - 1; clipped, as rounding may give slightly less than zero.
    variance = np.clip(squares - count * mean**2, 0, None) / np.fmax(count - 1, 1)
    spread = LIMIT_SDS * np.sqrt(variance)
    return np.stack([mean, mean - spread, mean + spread], axis=1)
