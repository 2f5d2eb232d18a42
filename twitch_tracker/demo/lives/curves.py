"""Quantities that change over days: steady, growing, or with a step.

Note: days are counted from the first day of the course; between knots a curve is
straight on the log scale; beyond them it is constant; growth is a ratio a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import BadParameter
from twitch_tracker.language import say

__all__ = ["YEAR_DAYS", "Curve", "from_to", "growing", "steady", "stepping"]

Array = NDArray[np.float64]

YEAR_DAYS: Final = 365.25

_FAR_DAYS: Final = 7305.0
"""Twenty years: longer than any course."""

_NOTHING: Final = 1e-9
"""Stands for zero, which has no logarithm; what comes out below it is zero."""


@dataclass(frozen=True)
class Curve:
    """A quantity that is never negative, by day.

    Attributes
    ----------
    knots : tuple of (float, float)
        Day and value, days increasing.
    """

    knots: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        """Refuse what has no value on some day."""
        days = [day for day, _ in self.knots]
        if not self.knots or sorted(set(days)) != days:
            raise BadParameter("knots", say("increasing days"), self.knots)
        if not all(value >= 0 for _, value in self.knots):
            raise BadParameter("knots", say("values of 0 or more"), self.knots)

    def at(self, day: Array | float) -> Array:
        """Return the value on days, in the same shape."""
        days, values = np.array(self.knots, float).T
        logs = np.interp(day, days, np.log(np.maximum(values, _NOTHING)))
        found = np.exp(logs)
        return np.asarray(np.where(found > 2 * _NOTHING, found, 0.0))

    def on(self, day: float) -> float:
        """Return the value on one day."""
        return float(self.at(day))

    @property
    def changes(self) -> bool:
        """Whether it ever has another value than on the first day."""
        return len({value for _, value in self.knots}) > 1


def steady(value: float) -> Curve:
    """Return a curve that never changes."""
    return Curve(((0.0, value),))


def growing(value: float, per_year: float) -> Curve:
    """Return a curve that is multiplied by `per_year` every year."""
    return from_to(value, value * per_year ** (_FAR_DAYS / YEAR_DAYS), _FAR_DAYS)


def from_to(first: float, last: float, days: float) -> Curve:
    """Return a curve from `first` on day 0 to `last` on day `days`."""
    return Curve(((0.0, first), (days, last)))


def stepping(before: float, after: float, day: float) -> Curve:
    """Return a curve that jumps at the beginning of a day."""
    return Curve(((day - 1e-3, before), (day, after)))
