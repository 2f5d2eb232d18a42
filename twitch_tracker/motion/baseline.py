"""Levels of a signal over long windows, and how noisy it is when the face is quiet.

Windows follow slow drift of posture and light. A plain quantile (`quiet_level`) is
right only for frames chosen beforehand, such as those in which an eye is open, and not
for a whole recording (`motion.reference`). Where frames count differently, the weighted
median (`weighted_level`) is moved by those that count, however few they are. Noise does
not depend on how many bursts there are, as long as the face is still for about half of
the time.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.motion.smoothing import smooth

__all__ = ["quiet_level", "quiet_noise", "weighted_level"]

Floats = NDArray[np.float64]

WINDOW_S: Final = 180.0
"""Three minutes: the recommended rest recording has one level throughout."""

STEP_S: Final = 30.0
"""Levels are taken at least this often and interpolated between."""

FEWEST_FRAMES: Final = 10
"""A window with fewer measured frames takes the level of the whole recording."""

LAG_S: Final = 0.1
"""Noise is judged by changes over this lag, at any frame rate."""

_QUIET_SHARE: Final = 0.4
_QUIET_FACTOR: Final = 0.5244
"""Of Gaussian changes, 40 % are smaller than 0.5244 standard deviations. A
quantile below the median leaves room for bursts in half of the recording."""


def quiet_level(values: Floats, time_s: Floats, quantile: float) -> Floats:
    """Return the level of a signal when nothing happens, followed over time.

    Parameters
    ----------
    values : Floats
        Shape (n,); NaN where not measured.
    time_s : Floats
        Shape (n,), increasing.
    quantile : float
        0 to 1: the share of time that the quiet signal lies below its level.
        0.5 for signals that leave their level either way, more for those that
        mostly fall from it (an open eye).

    Returns
    -------
    Floats
        Shape (n,); NaN when nothing was measured at all.
    """
    known = np.isfinite(values)
    if not known.any():
        return np.full(len(values), np.nan)
    overall = float(np.quantile(values[known], quantile))
    span_s = float(time_s[-1] - time_s[0])
    if span_s <= WINDOW_S:
        return np.full(len(values), overall)
    first_s, last_s = time_s[0] + WINDOW_S / 2, time_s[-1] - WINDOW_S / 2
    centres = np.linspace(first_s, last_s, 2 + int((last_s - first_s) / STEP_S))
    levels = [_window_level(values, time_s, c, quantile, overall) for c in centres]
    return np.interp(time_s, centres, levels)


def _window_level(
    values: Floats, time_s: Floats, centre_s: float, quantile: float, overall: float
) -> float:
    """Return the quantile of the measured values around one moment."""
    first, last = np.searchsorted(
        time_s, (centre_s - WINDOW_S / 2, centre_s + WINDOW_S / 2)
    )
    window = values[first:last]
    window = window[np.isfinite(window)]
    if len(window) < FEWEST_FRAMES:
        return overall
    return float(np.quantile(window, quantile))


def weighted_level(values: Floats, weight: Floats, time_s: Floats) -> Floats:
    """Return the weighted median of a signal, followed over time.

    Parameters
    ----------
    values : Floats
        Shape (n,); NaN where not measured.
    weight : Floats
        How much each frame counts, shape (n,), 0 or more.
    time_s : Floats
        Shape (n,), increasing.

    Returns
    -------
    Floats
        Shape (n,); NaN when nothing was measured at all. Windows as in `quiet_level`;
        one whose frames together weigh less than `FEWEST_FRAMES` takes the level of
        the whole recording.
    """
    known = np.isfinite(values) & (weight > 0)
    if not known.any():
        return np.full(len(values), np.nan)
    overall = _weighted_median(values[known], weight[known])
    span_s = float(time_s[-1] - time_s[0])
    if span_s <= WINDOW_S:
        return np.full(len(values), overall)
    first_s, last_s = time_s[0] + WINDOW_S / 2, time_s[-1] - WINDOW_S / 2
    centres = np.linspace(first_s, last_s, 2 + int((last_s - first_s) / STEP_S))
    levels = []
    for centre_s in centres:
        near = known & (np.abs(time_s - centre_s) <= WINDOW_S / 2)
        enough = weight[near].sum() >= FEWEST_FRAMES
        levels.append(
            _weighted_median(values[near], weight[near]) if enough else overall
        )
    return np.interp(time_s, centres, levels)


def _weighted_median(values: Floats, weight: Floats) -> float:
    """Return the smallest value at which half of the weight is reached."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])


def quiet_noise(values: Floats, time_s: Floats, smooth_sd_s: float) -> float:
    """Return the standard deviation of a smoothed signal while the face is quiet.

    Parameters
    ----------
    values : Floats
        Shape (n,); NaN where not measured.
    time_s : Floats
        Shape (n,), increasing.
    smooth_sd_s : float
        Kernel the signal is judged with, as in `smoothing.smooth`.

    Returns
    -------
    float
        In the signal's unit; NaN with fewer than ten measured changes.
    """
    smoothed = smooth(values, time_s, smooth_sd_s)
    later = np.searchsorted(time_s, time_s + LAG_S)
    inside = later < len(time_s)
    changes = smoothed[later[inside]] - smoothed[inside]
    changes = np.abs(changes[np.isfinite(changes)])
    if len(changes) < FEWEST_FRAMES:
        return float("nan")
    return float(np.quantile(changes, _QUIET_SHARE) / _QUIET_FACTOR / np.sqrt(2))
