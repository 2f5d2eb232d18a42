"""Round numbers for axes."""

from __future__ import annotations

import math

__all__ = ["round_step"]


def round_step(least: float, *, of_nothing: float = 1.0) -> float:
    """Return a step between ticks that a reader can count in.

    Parameters
    ----------
    least : float
        The step is not below this.
    of_nothing : float
        What to return when `least` is not above zero.

    Returns
    -------
    float
        1, 2, 2.5 or 5 times a power of ten.
    """
    if least <= 0:
        return of_nothing
    scale = 10.0 ** math.floor(math.log10(least))
    return next(f * scale for f in (1, 2, 2.5, 5, 10) if f * scale >= least - 1e-12)
