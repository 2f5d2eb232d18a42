"""Smoothing in seconds, on whatever frame times a recording has.

A Gaussian kernel in time, so that a 30 fps and a 60 fps recording of the same
face give the same signal, with missing values left out rather than bridged.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["derivative", "smooth"]

Floats = NDArray[np.float64]

PIECE: Final = 16384
"""Frames smoothed at a time (nine minutes at 30 a second): what is needed between costs
four times what comes out of it."""


def smooth(values: Floats, time_s: Floats, sd_s: float) -> Floats:
    """Return the Gaussian-weighted mean around every frame.

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
    reach = _reach(time_s, sd_s)
    smoothed = np.empty_like(values)
    for first in range(0, len(time_s), PIECE):
        end = min(first + PIECE, len(time_s))
        low, high = max(0, first - reach), min(len(time_s), end + reach)
        piece = _smooth_piece(values[low:high], time_s[low:high], sd_s, reach)
        smoothed[first:end] = piece[first - low : end - low]
    return smoothed


def _smooth_piece(values: Floats, time_s: Floats, sd_s: float, reach: int) -> Floats:
    """Smooth frames of which `reach` on either side count."""
    total, weight = np.zeros_like(values), np.zeros_like(values)
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    for offset in range(-reach, reach + 1):
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
    """Return central difference per second on irregular times, shape of `values`.

    NaN where the value itself or a neighbour is NaN; one-sided at both ends.
    """
    if len(time_s) < 2:
        return np.full_like(values, np.nan)
    slope = np.asarray(np.gradient(values, time_s, axis=0))
    # On exactly even times NumPy's central difference skips the middle value.
    return np.where(np.isfinite(values), slope, np.nan)


def _reach(time_s: Floats, sd_s: float) -> int:
    """Return frames on either side that the kernel touches (three deviations)."""
    if len(time_s) < 2:
        return 0
    usual = float(np.median(np.diff(time_s)))
    return min(len(time_s) - 1, math.ceil(3 * sd_s / max(usual, 1e-6)))


def _overlap(n: int, offset: int) -> tuple[slice, slice]:
    """Return slices of equal length: frames, and the frames `offset` later."""
    if offset >= 0:
        return slice(0, n - offset), slice(offset, n)
    return slice(-offset, n), slice(0, n + offset)
