"""Round numbers for axes: steps between ticks, and the ticks themselves."""

from __future__ import annotations

import math
from typing import Final

__all__ = ["clock_step_s", "round_step", "round_ticks"]

_CLOCK_STEPS_S: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


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


def round_ticks(low: float, high: float, most: int = 4) -> tuple[float, ...]:
    """Return round numbers from `low` to `high`, about `most` steps apart in all."""
    step = round_step((high - low) / most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(float(f"{k * step:.6g}") for k in range(first, last + 1))


def clock_step_s(duration_s: float, most: int = 6) -> float:
    """Return a step that people count time in, for at most `most` ticks."""
    for step_s in _CLOCK_STEPS_S:
        if duration_s / step_s <= most:
            return float(step_s)
    return float(_CLOCK_STEPS_S[-1])
