"""Make a course whose variability lasts into independent numbers.

The variability is a first-order autoregression in continuous time, and what is new
every day; a Kalman filter of one state takes it out in one pass, exactly, for any
spacing of the days. Note: days do not decrease, and two rows may share a day.

Source: Jones 1980, Technometrics 22:389-395.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.statistics.noise import NoiseGrid

__all__ = ["whiten"]

Array = NDArray[np.float64]


def whiten(
    days: Array, variance: Array, day_share: Array, columns: Array, noise: NoiseGrid
) -> tuple[Array, Array]:
    """Make observations independent with variance 1, for every kind of noise.

    A Kalman filter of one state (Jones 1980): in one pass, exact for any spacing.

    Parameters
    ----------
    days, variance, day_share : NDArray[np.float64]
        When, counting variance, and share of the day's variability; shape (n,).
    columns : NDArray[np.float64]
        What to whiten, shape (n, c).
    noise : NoiseGrid
        Kinds of noise.

    Returns
    -------
    whitened : NDArray[np.float64]
        Shape (noise, n, c).
    log_determinant : NDArray[np.float64]
        Of the covariance, shape (noise,).
    """
    n, c = columns.shape
    total = noise.sd**2
    lasting, daily = total * noise.lasting, total * (1 - noise.lasting)
    own = variance[:, None] + np.outer(day_share, daily)
    steps = np.diff(days, prepend=days[:1])
    keep = np.exp(-steps[:, None] / noise.scale_days)
    spread, gain = _filter(keep, own + 1e-12, lasting)
    # Columns before kinds of noise: the long axis last is what numpy is quick with.
    # The state after a day is keep (1 - gain) times the one before, plus gain times
    # the day; only that needs a loop.
    states = gain[:, None, :] * columns[:, :, None]
    moved = np.empty((c, len(total)))
    for held, last, state in zip(
        (keep * (1 - gain))[1:], states[:-1], states[1:], strict=True
    ):
        np.multiply(last, held, out=moved)
        np.add(state, moved, out=state)
    # What the days before let expect, in place: the states are not asked for again.
    expected = states[:-1]
    expected *= keep[1:, None, :]
    out = np.empty((n, c, len(total)))
    out[0] = columns[0, :, None]
    np.subtract(columns[1:, :, None], expected, out=out[1:])
    out /= np.sqrt(spread)[:, None, :]
    return out.transpose(2, 0, 1), np.log(spread).sum(0)


def _filter(keep: Array, own: Array, lasting: Array) -> tuple[Array, Array]:
    """Return the prediction variances and gains, both of shape (n, noise).

    The variance of the state that is left after an observation is gain times the
    variance of what is new in it.
    """
    spread, gain = np.empty_like(own), np.empty_like(own)
    kept = keep**2
    renewed = lasting * (1 - kept)
    left, unsure = lasting.copy(), np.empty_like(lasting)
    for fell, came, alone, whole, share in zip(
        kept, renewed, own, spread, gain, strict=True
    ):
        np.multiply(left, fell, out=unsure)
        unsure += came
        np.add(unsure, alone, out=whole)
        np.divide(unsure, whole, out=share)
        np.multiply(share, alone, out=left)
    return spread, gain
