"""Intervals of rates and shares, also of pooled ones.

All are 95 %. An over-dispersion d divides both the count and what it is counted over
(the effective sample of quasi-likelihood, McCullagh and Nelder 1989, section 4.5):
what varies d times more than chance alone says d times less.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, gammaincinv

from twitch_tracker.progression.statistics.sums import sums

__all__ = ["mean_interval", "over_dispersion", "poisson_intervals", "share_intervals"]

Array = NDArray[np.float64]


def poisson_intervals(
    count: Array, exposure: Array, dispersion: float = 1.0
) -> tuple[Array, Array]:
    """Return exact intervals of Poisson rates, widened for over-dispersion.

    By Garwood (1936).

    Parameters
    ----------
    count, exposure : NDArray[np.float64]
        Shape (n,); exposures above 0.
    dispersion : float
        Variance over mean, 1 or more.

    Returns
    -------
    low, high : NDArray[np.float64]
        Shape (n,).
    """
    seen = np.asarray(count, float) / dispersion
    low = np.where(seen > 0, gammaincinv(np.maximum(seen, 1e-12), 0.025), 0.0)
    high = gammaincinv(seen + 1, 0.975)
    scale = np.asarray(exposure, float) / dispersion
    return low / scale, high / scale


def share_intervals(
    hits: Array, trials: Array, dispersion: float = 1.0
) -> tuple[Array, Array]:
    """Return the exact interval of shares (Clopper and Pearson 1934), widened likewise.

    Parameters
    ----------
    hits, trials : NDArray[np.float64]
        Shape (n,); trials above 0.
    dispersion : float
        Variance over that of the binomial law, 1 or more.

    Returns
    -------
    low, high : NDArray[np.float64]
        Shape (n,).
    """
    k = np.asarray(hits, float) / dispersion
    n = np.asarray(trials, float) / dispersion
    low = np.where(
        k > 0, betaincinv(np.maximum(k, 1e-12), np.maximum(n - k, 0) + 1, 0.025), 0.0
    )
    high = np.where(k < n, betaincinv(k + 1, np.maximum(n - k, 1e-12), 0.975), 1.0)
    return low, high


def over_dispersion(
    observed: Array,
    exposure: Array,
    group: NDArray[np.int64],
    variance: Callable[[Array], Array],
) -> float:
    """Return Pearson's dispersion around the mean of each group, at least 1.

    Parameters
    ----------
    observed, exposure : NDArray[np.float64]
        Shape (n,).
    group : NDArray[np.int64]
        Shape (n,).
    variance : callable
        From the group's ratio observed / exposure to the variance of an observation
        with an exposure of 1.

    Returns
    -------
    float
        Four imagined degrees of freedom at 1.5 keep few recordings sensible.
    """
    groups = int(group.max()) + 1 if len(group) else 0
    total = sums(group, exposure, groups)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = sums(group, observed, groups) / total
    spread = variance(ratio)[group] * exposure
    used = spread > 0
    free = float(used.sum() - len(np.unique(group[used])))
    left = observed[used] - ratio[group][used] * exposure[used]
    pearson = float((left**2 / spread[used]).sum())
    return max(1.0, (pearson + 4 * 1.5) / (free + 4))


def mean_interval(
    values: Array, group: NDArray[np.int64], groups: int
) -> tuple[Array, Array, Array]:
    """Return each group's mean with Student's interval; NaN limits below 3 values."""
    from scipy.special import stdtrit

    n = np.bincount(group, minlength=groups).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sums(group, values, groups) / n
        squares = sums(group, (values - mean[group]) ** 2, groups)
        half = stdtrit(np.maximum(n - 1, 1), 0.975) * np.sqrt(squares / (n - 1) / n)
    half = np.where(n >= 3, half, np.nan)
    return mean, mean - half, mean + half
