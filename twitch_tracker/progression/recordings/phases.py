"""Where in the course of a treatment a day lies.

The bands are what is usual, not what a person must show. Sources: onset after 3.8 +-
2.6 days (pjo 33/2); studies measure on days 15 and 30; mean effect 12 weeks (Toxins
2021;13:881), 12.4 weeks (Can J Neurol Sci 2010;37:631), 15 weeks (Life 2023;13:1760);
relief after a decompression can come late, and the outcome of months 6 to 9 equals that
beyond 12 months (10.1007/s00701-019-04032-x, 1341 patients).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.history import Treatment, TreatmentKind
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.regions import Side

__all__ = [
    "BEFORE_DAYS",
    "EFFECT_DAYS",
    "ONSET_DAY",
    "OPERATION_MARKS",
    "OPERATION_SETTLED_DAYS",
    "PEAK_DAYS",
    "USUAL_SHAPE",
    "WEAR_OFF_DAYS",
    "Acting",
    "before_window",
    "injection_days",
    "operation_days",
    "relief_columns",
    "treatments_of",
]

Array = NDArray[np.float64]

ONSET_DAY: Final = 4
PEAK_DAYS: Final = (14, 30)
WEAR_OFF_DAYS: Final = (84, 105)
EFFECT_DAYS: Final = 125
"""From here on an injection is thought to be gone: 15 weeks and a margin."""

BEFORE_DAYS: Final = 28
_LEAST_BEFORE_DAYS: Final = 14

OPERATION_SETTLED_DAYS: Final = 274
"""Nine months; before it nothing is said about whether an operation helped for good,
and no trend is reported across it."""

OPERATION_MARKS: Final = (
    (7, 4, 10),
    (30, 21, 45),
    (91, 70, 115),
    (183, 150, 215),
    (274, 240, 305),
    (365, 330, 400),
)
"""Day (1 week, 1, 3, 6, 9 and 12 months), and the days around it which are looked at."""

_RELIEF_RAMPS: Final = ((0.0, 30.0), (30.0, 91.0), (91.0, 274.0))
_LEAST_TO_DRIFT: Final = 3
USUAL_SHAPE: Final = np.array([0.97, 1.0, 0.93, 0.57, 0.26])
"""How much of its full effect an injection usually has at the tops between `_KNOTS`: half of
it is gone after about twelve weeks (sources above). With one top alone between days 55 and 125 an
effect that ends sooner than it usually does was half seen as a disease that grows."""

_KNOTS: Final = (2.0, 7.0, 22.0, 55.0, 80.0, 102.0, float(EFFECT_DAYS))


def treatments_of(
    treatments: Iterable[Treatment], kind: TreatmentKind, side: Side | None
) -> tuple[Treatment, ...]:
    """Return treatments of a kind which may act on a side; None is either side.

    A treatment whose side was not stated may act on both.
    """
    found = (
        t
        for t in treatments
        if t.kind is kind and (side is None or t.side is None or t.side is side)
    )
    return tuple(sorted(found, key=lambda t: t.on))


def injection_days(
    treatments: Iterable[Treatment], columns: Columns, side: Side | None
) -> Array:
    """Return the days of injections that may act on a side, in order."""
    kind = TreatmentKind.BOTULINUM_TOXIN
    return _days(treatments_of(treatments, kind, side), columns)


def operation_days(
    treatments: Iterable[Treatment], columns: Columns, side: Side | None
) -> Array:
    """Return the days of operations that may act on a side, in order."""
    kind = TreatmentKind.MICROVASCULAR_DECOMPRESSION
    return _days(treatments_of(treatments, kind, side), columns)


def _days(treatments: Iterable[Treatment], columns: Columns) -> Array:
    return np.array([(t.on - columns.first_day).days for t in treatments], float)


@dataclass(frozen=True, kw_only=True)
class Acting:
    """What injections do on some days, whatever the shape of their effect.

    Hat functions with tops on days 7, 22, 55, 80 and 102 after the last injection, zero until
    day 2 and from day 125: a piecewise linear curve. Until the last one has come into its
    own, on day 7, what is left of the one before goes on.

    Attributes
    ----------
    last, before : NDArray[np.float64]
        Of the last injection, and of what is left of the one before; shape (n, 5).
    number : NDArray[np.float64]
        How many injections came until each day, shape (n,).
    """

    last: Array
    before: Array
    number: Array

    @classmethod
    def on(cls, days: Array, injections: Array) -> Acting:
        """Look at some days.

        Parameters
        ----------
        days : NDArray[np.float64]
            Shape (n,).
        injections : NDArray[np.float64]
            Days of injections, in order.
        """
        came = np.searchsorted(injections, days, side="right")
        after, earlier = (_since(days, injections, came - k) for k in (1, 2))
        come = np.interp(after, _KNOTS[:2], (0.0, 1.0))
        return cls(
            last=_hats(after),
            before=(1 - come)[:, None] * _hats(earlier),
            number=came.astype(float),
        )

    @property
    def columns(self) -> Array:
        """Columns that follow the effect, shape (n, 5)."""
        return self.last + self.before

    def drift(self, shape: Array) -> Array:
        """Return the column by which the effect changes between injections.

        The course of an effect times the number of its injection, between -0.5 for the first
        and 0.5 for the last one that acts on any day; 0 with fewer than three. An injection
        that does more does so least where it has nearly worn off: the days before the next
        one distinguish a change of the effect from one of the disease.

        Parameters
        ----------
        shape : NDArray[np.float64]
            How much of its full effect an injection has at the top of each of `columns`,
            shape (5,).

        Returns
        -------
        NDArray[np.float64]
            Shape (n,).
        """
        number = self.number
        acting = np.unique(number[self.columns.any(axis=1)])
        if len(acting) < _LEAST_TO_DRIFT:
            return np.zeros(len(number))
        first, span = acting[0], acting[-1] - acting[0]
        found = (self.last @ shape) * ((number - first) / span - 0.5)
        found += (self.before @ shape) * ((number - 1 - first) / span - 0.5)
        return np.asarray(found)


def _hats(after: Array) -> Array:
    """Return the hat functions so many days after an injection."""
    tops = np.eye(len(_KNOTS))[1:-1]
    return np.column_stack([np.interp(after, _KNOTS, top, 0.0, 0.0) for top in tops])


def _since(days: Array, injections: Array, place: NDArray[np.intp]) -> Array:
    """Return days since the injection at each place; infinite where there is none."""
    after = np.full(len(days), np.inf)
    known = place >= 0
    after[known] = days[known] - injections[place[known]]
    return after


def relief_columns(days: Array, operations: Array) -> Array:
    """Return columns of what follows each operation: at once, and over months.

    A step, and ramps that are complete after one, three and nine months: a piecewise
    linear curve. Columns that are the same on all days are left out.

    Parameters
    ----------
    days : NDArray[np.float64]
        Shape (n,).
    operations : NDArray[np.float64]
        Days of operations.

    Returns
    -------
    NDArray[np.float64]
        Shape (n, p).
    """
    found = []
    for operation in operations:
        after = days - operation
        found.append((after >= 0).astype(float))
        for begin, end in _RELIEF_RAMPS:
            found.append(np.clip((after - begin) / (end - begin), 0, 1))
    found = [column for column in found if np.ptp(column) > 0]
    return np.column_stack(found) if found else np.empty((len(days), 0))


def before_window(injection: float, earlier: Array) -> tuple[float, float]:
    """Return first and last day before an injection with which its peak is compared.

    The 28 days before, but not while the injection before that still acts at its
    usual strength (12 weeks); at least 14 days.
    """
    begin = injection - BEFORE_DAYS
    if len(earlier):
        worn_off = float(earlier[-1]) + WEAR_OFF_DAYS[0]
        begin = min(max(begin, worn_off), injection - _LEAST_BEFORE_DAYS)
    return begin, injection
