"""Smoothing in seconds, on whatever frame times a recording has.

A Gaussian kernel in time, so that a 30 fps and a 60 fps recording of the same
face give the same signal, with missing values left out rather than bridged.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["derivative", "smooth"]

Floats = NDArray[np.float64]


def smooth(values: Floats, time_s: Floats, sd_s: float) -> Floats:
    """Gaussian-weighted mean around every frame.

    Parameters
    ----------
    values : Floats
        Shape (n, ...); NaN is left out of the means and stays NaN.
    time_s : Floats
        Shape (n,), increasing.
    sd_s : float
        Standard deviation of the kernel, in seconds.

    Returns
    -------
    Floats
        Shape of `values`.
    """
    total, weight = np.zeros_like(values), np.zeros_like(values)
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    for offset in range(-_reach(time_s, sd_s), _reach(time_s, sd_s) + 1):
        here, there = _overlap(len(time_s), offset)
        step = time_s[there] - time_s[here]
        kernel = np.exp(-0.5 * (step / sd_s) ** 2)
        kernel = kernel.reshape(-1, *[1] * (values.ndim - 1))
        total[here] += kernel * filled[there]
        weight[here] += kernel * known[there]
    smoothed = np.full_like(values, np.nan)
    np.divide(total, weight, out=smoothed, where=weight > 0)
    smoothed[~known] = np.nan
    return smoothed


def derivative(values: Floats, time_s: Floats) -> Floats:
    """Central difference per second on irregular times, shape of `values`.

    NaN where the value itself or a neighbour is NaN; one-sided at both ends.
    """
    if len(time_s) < 2:
        return np.full_like(values, np.nan)
    slope = np.asarray(np.gradient(values, time_s, axis=0))
    # On exactly even times NumPy's central difference skips the middle value.
    return np.where(np.isfinite(values), slope, np.nan)


def _reach(time_s: Floats, sd_s: float) -> int:
    """Frames on either side that the kernel touches (three deviations)."""
    if len(time_s) < 2:
        return 0
    usual = float(np.median(np.diff(time_s)))
    return min(len(time_s) - 1, math.ceil(3 * sd_s / max(usual, 1e-6)))


def _overlap(n: int, offset: int) -> tuple[slice, slice]:
    """Slices of equal length: frames, and the frames `offset` later."""
    if offset >= 0:
        return slice(0, n - offset), slice(offset, n)
    return slice(-offset, n), slice(0, n + offset)
