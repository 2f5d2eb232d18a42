"""Compare the burst rates of two stretches of time.

Both stretches share the same variability, so their ratio is fitted, not divided: bursts come
in better and worse days and weeks, and a few recordings of one good week say less than
their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.history import Treatment
from twitch_tracker.progression.change.trends import other_columns
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.recordings.phases import (
    Acting,
    injection_days,
    operation_days,
    relief_columns,
)
from twitch_tracker.progression.results import Estimate
from twitch_tracker.progression.statistics.evidence import Alternative, evidence_for
from twitch_tracker.progression.statistics.fit import (
    Combination,
    Counts,
    Design,
    Fit,
    fit,
)
from twitch_tracker.progression.statistics.intervals import poisson_intervals
from twitch_tracker.progression.statistics.noise import NoiseGrid, noise_of_logs
from twitch_tracker.progression.statistics.sums import sums
from twitch_tracker.regions import Side

__all__ = [
    "ANY_DIFFERENCE",
    "NOTHING",
    "Compared",
    "Expected",
    "Window",
    "compare",
    "daily_noise",
    "estimate_of",
    "pooled_days",
    "ways_to_differ",
]

Array = NDArray[np.float64]
Window = tuple[float, float]

NOTHING: Final = Estimate(value=float("nan"), low=float("nan"), high=float("nan"))

Expected = tuple[tuple[float, float], ...]

ANY_DIFFERENCE: Final[Expected] = ((0.0, 0.7),)
"""Means and standard deviations of log ratios that are looked for, equally likely."""

_MOST_DAYS: Final = 120


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two stretches, of which is computed what is asked for: often only one thing.

    Attributes
    ----------
    day : NDArray[np.float64]
        Days with a recording in either stretch, shape (n,).
    family : Counts
        Onsets and burst-free minutes of each.
    is_late : NDArray[np.bool_]
        Which of them belong to the second stretch.
    noise : NoiseGrid
        Kinds of variability.
    expected : Expected
        Which differences are looked for.
    minutes : float
        Analysable minutes in the second stretch.
    begins : tuple of float
        Days within the second stretch from which on the difference may begin, too.
    """

    day: Array
    family: Counts
    is_late: NDArray[np.bool_]
    noise: NoiseGrid
    expected: Expected
    minutes: float
    begins: tuple[float, ...] = ()

    @property
    def first(self) -> Estimate:
        """Onsets a burst-free minute in the first stretch; NaN without a recording."""
        return self._level(~self.is_late, -self._late_share)

    @property
    def second(self) -> Estimate:
        """The same in the second stretch."""
        return self._level(self.is_late, 1 - self._late_share)

    @cached_property
    def ratio(self) -> Estimate:
        """Second over first; NaN when it cannot be determined."""
        return NOTHING if self._slope is None else estimate_of(self._slope)

    @property
    def p_value(self) -> float:
        """Of no difference; NaN when it cannot be determined."""
        return float("nan") if self._slope is None else self._slope.p_value

    @property
    def log_evidence(self) -> float:
        """Natural logarithm of how much better a difference predicts the bursts than none.

        See `evidence`; NaN when it cannot be determined.
        """
        if self._found is None:
            return float("nan")
        level = Design.of(self.day, np.empty((len(self.day), 0)))
        columns = [self._design.columns[:, 1], *self._later()]
        ways = ways_to_differ(columns, self.expected)
        return evidence_for(self.family, level, ways, self.noise).log_ratio

    def _later(self) -> list[Array]:
        """Return columns of differences that begin later, where anything lies between."""
        after = [self.day >= begin for begin in self.begins]
        return [
            late - late.mean()
            for late, before in zip(after, (self.is_late, *after), strict=False)
            if late.any() and (late != before).any()
        ]

    @property
    def _late_share(self) -> float:
        return float(self.is_late.mean()) if len(self.is_late) else 0.0

    @property
    def _design(self) -> Design:
        return Design.of(self.day, (self.is_late - self._late_share)[:, None])

    @cached_property
    def _found(self) -> Fit | None:
        """The fit of both stretches; None without recordings in both, or any burst."""
        both = bool(self.is_late.any() and not self.is_late.all())
        if not both or not self.family.count.sum() > 0:
            return None
        return fit(self.family, self._design, self.noise, reweigh=False)

    @cached_property
    def _slope(self) -> Combination | None:
        """Logarithm of the ratio."""
        return None if self._found is None else self._found.along(np.array([0.0, 1.0]))

    def _level(self, chosen: NDArray[np.bool_], place: float) -> Estimate:
        """Return the rate of some days: fitted, or pooled where that is not possible."""
        pooled = _pooled(self.family, chosen, self.noise)
        if self._found is None or not pooled.value > 0:
            return pooled
        return estimate_of(self._found.along(np.array([1.0, place])))


def ways_to_differ(columns: list[Array], expected: Expected) -> list[Alternative]:
    """Return every expected difference along every column, equally likely."""
    chance = 1 / len(expected) / len(columns)
    return [
        Alternative(column=column, means=(mean,), sds=(sd,), chance=chance)
        for column in columns
        for mean, sd in expected
    ]


def _pooled(family: Counts, chosen: NDArray[np.bool_], noise: NoiseGrid) -> Estimate:
    """Return the pooled rate of some days, with what the variability allows."""
    seen, watched = family.count[chosen].sum(), family.exposure[chosen].sum()
    if not watched > 0:
        return NOTHING
    typical = float(noise.typical().sd[0])
    wide = 1 + typical**2 * seen / max(int(chosen.sum()), 1)
    low, high = poisson_intervals(np.array([seen]), np.array([watched]), wide)
    return Estimate(value=float(seen / watched), low=float(low[0]), high=float(high[0]))


def pooled_days(
    columns: Columns, side: Side, inside: NDArray[np.bool_]
) -> tuple[Array, Array, Array]:
    """Return day, onsets and burst-free minutes of every day with a recording."""
    own = columns.sides[side]
    day, group = np.unique(columns.day[inside], return_inverse=True)
    onsets = sums(group, own.onsets[inside], len(day))
    return day, onsets, sums(group, own.free_min[inside], len(day))


def daily_noise(
    columns: Columns, side: Side, treatments: Sequence[Treatment]
) -> NoiseGrid:
    """Weigh the kinds of variability by the latest 120 days with a recording.

    Parameters
    ----------
    columns : Columns
        Recordings of one kind.
    side : Side
        Whose bursts.
    treatments : sequence of Treatment
        Injections and operations are taken out.

    Returns
    -------
    NoiseGrid
        Without what hardly weighs; as before any data when there are no bursts.
    """
    days = np.unique(columns.day)
    inside = columns.day >= days[-min(_MOST_DAYS, len(days))]
    day, bursts, minutes = pooled_days(columns, side, inside)
    if not bursts.sum() > 0 or len(day) < 3:
        return noise_of_logs()
    first_rows = np.searchsorted(columns.day, day)
    injections = injection_days(treatments, columns, side)
    others = other_columns(columns, first_rows, Acting.on(day, injections))
    time = (day - day.mean()) / max(float(np.ptp(day)), 1.0)
    relief = relief_columns(day, operation_days(treatments, columns, side))
    stacked = np.column_stack([time, others, relief])
    design = Design.of(day, stacked - stacked.mean(axis=0))
    found = fit(Counts(count=bursts, exposure=minutes), design, noise_of_logs())
    return found.noise.without_the_unlikely(0.02)


def estimate_of(combination: Combination) -> Estimate:
    """Turn a log into a ratio or rate with its interval."""
    logs = np.array([combination.mean, *combination.interval])
    value, low, high = np.exp(np.clip(logs, -50, 50)).tolist()
    return Estimate(value=value, low=low, high=high)


def compare(
    columns: Columns,
    side: Side,
    first: Window,
    second: Window,
    noise: NoiseGrid,
    expected: Expected = ANY_DIFFERENCE,
    begins: tuple[float, ...] = (),
) -> Compared:
    """Compare the second stretch with the first; days are half-open spans.

    Parameters
    ----------
    columns : Columns
        Recordings of one kind.
    side : Side
        Whose bursts.
    first, second : tuple of float
        First day, and the day after the last one.
    noise : NoiseGrid
        Weighed by the person's own data.
    expected : Expected
        Which differences are looked for.
    begins : tuple of float
        Days within the second stretch from which on the difference may begin as well.

    Returns
    -------
    Compared
        NaN for a stretch without recordings.
    """
    early = (columns.day >= first[0]) & (columns.day < first[1])
    late = (columns.day >= second[0]) & (columns.day < second[1])
    day, bursts, minutes = pooled_days(columns, side, early | late)
    is_late = (day >= second[0]) & (day < second[1])
    return Compared(
        day=day,
        family=Counts(count=bursts, exposure=minutes),
        is_late=is_late,
        noise=noise,
        expected=expected,
        minutes=float(columns.minutes[late].sum()),
        begins=begins,
    )
