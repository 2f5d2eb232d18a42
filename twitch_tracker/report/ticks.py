"""Labels of axes: round numbers, clock times, days of the calendar.

Every drawing of the program chooses its labels here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Final

from twitch_tracker import units

__all__ = ["calendar_ticks", "clock_ticks", "round_step", "round_ticks"]

_LABEL_SHARE: Final = 0.24
"""Of the width of a chart on a phone: a label such as ``May 2024`` and a gap."""

_CLOCK_STEPS_S: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_MOST_CLOCK_STEPS: Final = 6


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


def round_ticks(low: float, high: float) -> tuple[float, ...]:
    """Return round numbers from `low` to `high`, in about four steps."""
    step = round_step((high - low) / 4)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(float(f"{k * step:.6g}") for k in range(first, last + 1))


def clock_ticks(duration_s: float) -> tuple[tuple[float, str], ...]:
    """Label a recording from its beginning, in steps that people count time in.

    Parameters
    ----------
    duration_s : float
        Length of the recording.

    Returns
    -------
    tuple
        Place in seconds and label of each.
    """
    fitting = (
        step for step in _CLOCK_STEPS_S if duration_s / step <= _MOST_CLOCK_STEPS
    )
    step_s = float(next(fitting, _CLOCK_STEPS_S[-1]))
    numbers = range(int(duration_s // step_s) + 1)
    return tuple((n * step_s, units.clock(n * step_s, 0)) for n in numbers)


def calendar_ticks(
    start: float, end: float, most: int
) -> tuple[tuple[float, str], ...]:
    """Label days, whole months or years, whatever fits.

    Parameters
    ----------
    start, end : float
        Days as `date.toordinal` counts them.
    most : int
        Most labels that fit beside each other; of years, which are short, two more.

    Returns
    -------
    tuple
        Place in days and label of each.
    """
    if end - start < 75:
        step = next(n for n in (1, 2, 7, 14, 28, 56) if (end - start) / n <= most)
        days = map(date.fromordinal, range(math.ceil(start), int(end) + 1, step))
        return tuple(
            (float(day.toordinal()), f"{day.day} {units.month_text(day, year=False)}")
            for day in days
        )
    for step in (1, 2, 3, 6, 12, 24, 60, 120, 240):
        months = list(_months(start, end, step))
        years = step >= 12
        roomy = years or 30.44 * step / (end - start) >= _LABEL_SHARE
        if len(months) <= most + 2 * years and roomy:
            return tuple(
                (
                    float(day.toordinal()),
                    str(day.year) if years else units.month_text(day),
                )
                for day in months
            )
    return ()


def _months(start: float, end: float, step: int) -> Iterator[date]:
    """Return the first days of every `step`-th month inside a stretch."""
    first = date.fromordinal(math.ceil(start))
    for number in count((first.year * 12 + first.month - 1) // step * step, step):
        day = date(number // 12, number % 12 + 1, 1)
        if day.toordinal() > end:
            return
        if day.toordinal() >= start:
            yield day
