"""The time of day at which was recorded, where it moved over a course.

Bursts differ over a day. That is chance as long as recordings of morning and evening
are mixed; where they move from the one to the other, a change over the day would look
like one of the disease. Then every fit gets two columns that follow the day. Note:
whether it moved is asked of the hours alone, never of the bursts.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["daytime_columns", "hours_moved"]

Array = NDArray[np.float64]

_LEAST_SIDE: Final = 3
"""Recordings on both sides of a cut."""

_LEAST_SHIFT: Final = 0.26
"""On a circle with the radius 1, about an hour."""

_LEAST_CHI_SQUARED: Final = 20.0
"""Of two degrees of freedom; one of 100 courses with hours at random has more at the best
of all its cuts."""

_SIZE: Final = 1 / 3
"""Fits think a coefficient of 1.5 usual; of these columns it is half a log, a factor of 1.6
between the best or worst hour and the mean. How much bursts differ over a day was
not measured yet; people say that they do (evenings, tiredness)."""


def daytime_columns(hour: Array) -> Array:
    """Return columns of the time of day, where it moved.

    Parameters
    ----------
    hour : NDArray[np.float64]
        Of the person's own clock, in order of the recordings, 0 to 24; shape (n,).

    Returns
    -------
    NDArray[np.float64]
        Shape (n, 2), or (n, 0) where it did not move.
    """
    angle = 2 * np.pi * hour / 24
    around = np.column_stack([np.cos(angle), np.sin(angle)])
    return _SIZE * around if _moved(around) else np.empty((len(hour), 0))


def hours_moved(hour: Array) -> tuple[float, float] | None:
    """Return mean hours of the first and last third of recordings, where they moved.

    Parameters
    ----------
    hour : NDArray[np.float64]
        As of `daytime_columns`.

    Returns
    -------
    tuple of float or None
        0 to 24, means on the circle; None where the time of day did not move, or is about
        the same again at the end.
    """
    angle = 2 * np.pi * hour / 24
    around = np.column_stack([np.cos(angle), np.sin(angle)])
    if not _moved(around):
        return None
    n = max(len(hour) // 3, 1)
    first, last = around[:n].mean(axis=0), around[-n:].mean(axis=0)
    if np.hypot(*(last - first)) < _LEAST_SHIFT:
        return None
    before, after = (float(np.arctan2(y, x)) for x, y in (first, last))
    return before / (2 * np.pi) * 24 % 24, after / (2 * np.pi) * 24 % 24


def _moved(around: Array) -> bool:
    """Return whether hours before and after the best cut differ by more than chance."""
    n = len(around)
    before = np.arange(_LEAST_SIDE, n - _LEAST_SIDE + 1)
    if not len(before):
        return False
    total = np.cumsum(around, axis=0)
    first = total[before - 1] / before[:, None]
    last = (total[-1] - total[before - 1]) / (n - before)[:, None]
    shift = ((last - first) ** 2).sum(axis=1)
    # From one recording to the next: hours that move slowly are no chance.
    steps = np.diff(around, axis=0)
    variance = max(float((steps**2).mean()) / 2, 1e-6)
    far = (shift > _LEAST_SHIFT**2) & (
        shift / (variance * (1 / before + 1 / (n - before))) > _LEAST_CHI_SQUARED
    )
    return bool(far.any())
