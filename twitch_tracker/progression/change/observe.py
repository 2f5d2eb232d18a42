"""What is observed of a measure, row by row, in the form in which it can be fitted.

One place knows, for every measure, its family, its scale, and which recordings have a
value. Rows of one day are pooled into one observation, and days into longer blocks when
there are more than a fit needs.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.recordings.columns import Columns, Lengths, SideColumns
from twitch_tracker.progression.recordings.survival import (
    durations_watched,
    median_of,
    typical_s,
)
from twitch_tracker.progression.results import Measure, Scale
from twitch_tracker.progression.statistics.fit import (
    Counts,
    Family,
    Levels,
    Shares,
    TimeShares,
)
from twitch_tracker.progression.statistics.sums import sums
from twitch_tracker.regions import Side

__all__ = ["Observed", "blocks_of", "observe", "pool"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_BLOCK_DAYS: Final = (1, 2, 3, 5, 7, 10, 14, 21, 28, 42, 60, 91, 182)
_SATURATED: Final = 4.0
"""Beyond about this many bursts, further ones say little about how a day was."""

_NOT_ALL_S: Final = 0.5
"""Added to every recording, so that none is all burst."""
_LEAST_VARIED, _MOST_VARIED = 0.25, 4.0
"""Bounds of the squared coefficient of variation of durations."""

_LEAST_ENDS: Final = 8.0
_MOST_PARTS: Final = 12
"""Into so many parts a course is cut, each with about so many ends of bursts at least."""

_LEAST_MEAN_S: Final = 0.05

_HITS: Final = {
    Measure.SHARE_OVER_1S: ("over_1s", "timed"),
    Measure.BOTH_REGIONS_SHARE: ("both_regions", "bursts"),
    Measure.BROW_LIFT_SHARE: ("brow_lifts", "bursts"),
}


@dataclass(frozen=True, kw_only=True)
class Observed:
    """One measure by recording.

    Attributes
    ----------
    rows : NDArray[np.int64]
        Recordings with a value.
    family : Counts, Shares, TimeShares or Levels
        Their values, shape (rows,).
    weight : NDArray[np.float64]
        How much each weighs, for pooling; shape (rows,).
    scale : Scale
        How changes are reported.
    to_unit : float
        The measure's own unit over the link's inverse of the fit (the median over the
        geometric mean; otherwise 1).
    spread : float
        Overall standard deviation of `Levels` that are not logs; NaN otherwise.
    sign : int
        -1 where the measure falls as what is fitted rises.
    """

    rows: Ints
    family: Family
    weight: Array
    scale: Scale
    to_unit: float = 1.0
    spread: float = float("nan")
    sign: int = 1

    def some(self, inside: NDArray[np.bool_]) -> Observed:
        """Keep some rows."""
        if inside.all():
            return self
        family = self.family
        kept = {name: values[inside] for name, values in _arrays(family).items()}
        return replace(
            self,
            rows=self.rows[inside],
            family=replace(family, **kept),  # type: ignore[type-var]
            weight=self.weight[inside],
        )

    @property
    def empty(self) -> bool:
        """Whether nothing at all was counted."""
        if isinstance(self.family, Counts):
            return not self.family.count.sum() > 0
        if isinstance(self.family, TimeShares):
            return not self.family.busy_s.sum() > 0
        return len(self.rows) == 0


def observe(columns: Columns, side: Side | None, measure: Measure) -> Observed:
    """Bring a measure into the form in which it can be fitted.

    Parameters
    ----------
    columns : Columns
        Recordings of one kind.
    side : Side or None
        Whose; None for measures of both sides.
    measure : Measure
        What.

    Returns
    -------
    Observed
        Possibly without rows.
    """
    if side is None:
        return _of_face(columns, measure)
    own = columns.sides[side]
    if measure is Measure.MEDIAN_DURATION_S:
        return _of_durations(own)
    if measure is Measure.EXCURSION_MM:
        return _of_lengths(own.excursions)
    if measure in _HITS:
        return _of_hits(*(getattr(own, name) for name in _HITS[measure]))
    if measure is Measure.LONGEST_DURATION_S:
        rows = np.flatnonzero(own.durations.count > 0)
        logs = np.log(own.durations.longest[rows])
        family: Family = Levels(value=logs, variance=np.zeros(len(rows)))
        return Observed(
            rows=rows, family=family, weight=np.ones(len(rows)), scale=Scale.RATIO
        )
    if measure is Measure.SPASM_FRACTION:
        return _of_time(own, columns.minutes * 60)
    return Observed(
        rows=np.arange(len(columns.day)),
        family=Counts(count=own.onsets, exposure=own.free_min),
        weight=own.free_min,
        scale=Scale.RATIO,
    )


def _of_hits(hits: Array, trials: Array) -> Observed:
    """Observe a share of bursts."""
    rows = np.flatnonzero(trials > 0)
    trials = np.maximum(trials[rows], hits[rows])
    return Observed(
        rows=rows,
        family=Shares(hits=hits[rows], trials=trials),
        weight=trials,
        scale=Scale.DIFFERENCE,
    )


def _of_time(own: SideColumns, watched_s: Array) -> Observed:
    """Observe the share of time in bursts."""
    typical = typical_s(own, watched_s)
    return Observed(
        rows=np.arange(len(watched_s)),
        family=TimeShares(
            busy_s=own.spasm_s,
            watched_s=watched_s + _NOT_ALL_S,
            typical_s=typical if np.isfinite(typical) else 1.0,
        ),
        weight=watched_s,
        scale=Scale.DIFFERENCE,
    )


def _of_durations(own: SideColumns) -> Observed:
    """Observe how quickly bursts end: offsets over the time in bursts.

    The mean duration is one over it, however often recordings cut bursts off: the
    occurrence over exposure of survival analysis (Holford 1980, Biometrics
    36:299-305). The offsets that a time in bursts holds vary less or more than counts do, by
    the square of the durations' coefficient of variation (Cox 1962, Renewal Theory,
    chapter 4), here that of a log-normal law.
    """
    lengths = own.durations
    rows = np.flatnonzero(lengths.count > 0)
    seconds, ends = own.spasm_s[rows], own.ends[rows]
    varied = float(np.expm1(lengths.within_log_variance))
    to_unit = _median_over_mean(own) if ends.sum() > 0 else 1.0
    return Observed(
        rows=rows,
        family=Counts(
            count=ends,
            exposure=seconds,
            dispersion=min(max(varied, _LEAST_VARIED), _MOST_VARIED),
        ),
        weight=lengths.count[rows] / (1 + lengths.count[rows] / _SATURATED),
        scale=Scale.RATIO,
        to_unit=to_unit,
        sign=-1,
    )


def _median_over_mean(own: SideColumns) -> float:
    """Return the median duration over the mean one, of bursts as long as they were at the time.

    Over years durations may grow a hundredfold: all bursts together then have a median far below
    their mean, although at no time half of them were so much shorter. So each is measured
    in means of its own part of the course.
    """
    mean_s, lengths = _mean_around_s(own), own.durations
    if not (lengths.onset_cut.any() or lengths.offset_cut.any()):
        return float(np.median(lengths.values / mean_s[lengths.row]))
    watched = durations_watched(own).in_units_of(mean_s)
    one = np.zeros(len(mean_s), np.int64)
    return float(median_of(watched, one, 1)[0][0])


def _mean_around_s(own: SideColumns) -> Array:
    """Return the mean duration around every recording: all time over all ends, by parts."""
    passed = np.cumsum(own.ends)
    parts = int(np.clip(passed[-1] // _LEAST_ENDS, 1, _MOST_PARTS))
    part = np.minimum(((passed - own.ends) * parts / passed[-1]).astype(int), parts - 1)
    ends = np.bincount(part, own.ends, minlength=parts)
    busy_s = np.bincount(part, own.spasm_s, minlength=parts)
    overall_s = float(own.spasm_s.sum() / passed[-1])
    mean_s = np.where(ends > 0, busy_s / np.maximum(ends, 1), overall_s)
    return np.asarray(np.maximum(mean_s, _LEAST_MEAN_S)[part])


def _of_face(columns: Columns, measure: Measure) -> Observed:
    """Observe a measure of both sides."""
    if measure is Measure.BLINKS_PER_MIN:
        return Observed(
            rows=np.arange(len(columns.day)),
            family=Counts(count=columns.blinks, exposure=columns.minutes),
            weight=columns.minutes,
            scale=Scale.RATIO,
        )
    rows = np.flatnonzero(np.isfinite(columns.asymmetry))
    values = columns.asymmetry[rows]
    return Observed(
        rows=rows,
        family=Levels(value=values, variance=np.zeros(len(rows))),
        weight=np.ones(len(rows)),
        scale=Scale.DIFFERENCE,
        spread=float(values.std()) if len(rows) else float("nan"),
    )


def _of_lengths(lengths: Lengths) -> Observed:
    """Observe the mean log of one number a burst."""
    rows = np.flatnonzero(lengths.count > 0)
    count, mean_log = lengths.count[rows], lengths.mean_log[rows]
    to_unit = 1.0
    if len(rows):
        logs = np.log(lengths.values)
        to_unit = float(np.exp(np.median(logs) - logs.mean()))
    return Observed(
        rows=rows,
        family=Levels(value=mean_log, variance=lengths.within_log_variance / count),
        weight=count / (1 + count / _SATURATED),
        scale=Scale.RATIO,
        to_unit=to_unit,
    )


def blocks_of(day: Array, most: int) -> Ints:
    """Enumerate the blocks of days, so that at most `most` hold anything.

    Parameters
    ----------
    day : NDArray[np.float64]
        Not decreasing, shape (n,).
    most : int
        How many blocks there may be.

    Returns
    -------
    NDArray[np.int64]
        Block of each row, 0, 1, 2 ...
    """
    for length in _BLOCK_DAYS:
        block = _runs((day - day[0]) // length)
        if block[-1] < most:
            break
    return block


def _runs(ordered: Array) -> Ints:
    """Enumerate the values of an array that does not decrease, from 0."""
    return np.cumsum(np.diff(ordered, prepend=ordered[:1]) > 0, dtype=np.int64)


def pool(
    observed: Observed, day: Array, others: Array, block: Ints
) -> tuple[Family, Array, Array, Array]:
    """Pool rows into blocks.

    Parameters
    ----------
    observed : Observed
        With n rows.
    day, block : NDArray
        Day and block of each row, shape (n,).
    others : NDArray[np.float64]
        Further columns, shape (n, p).

    Returns
    -------
    family : Counts, Shares, TimeShares or Levels
        By block.
    day, others, day_share : NDArray[np.float64]
        By block: weighted means, and the share of a single day's variance that is
        left in the mean of several days.
    """
    n = int(block[-1]) + 1
    weight = observed.weight
    total = sums(block, weight, n)
    means = [sums(block, weight * column, n) / total for column in (day, *others.T)]
    run = _runs(day)
    by_day = sums(run, weight)
    first = np.searchsorted(run, np.arange(len(by_day)))
    day_share = sums(block[first], by_day**2, n) / total**2
    family = _pooled(observed, block, n, total)
    shape = (n, others.shape[1])
    return family, means[0], np.array(means[1:]).T.reshape(shape), day_share


def _pooled(observed: Observed, block: Ints, n: int, total: Array) -> Family:
    """Pool the values themselves."""
    family = observed.family
    if isinstance(family, Levels):
        weight = observed.weight
        return Levels(
            value=sums(block, weight * family.value, n) / total,
            variance=sums(block, weight**2 * family.variance, n) / total**2,
        )
    summed = {name: sums(block, values, n) for name, values in _arrays(family).items()}
    return replace(family, **summed)  # type: ignore[type-var]


def _arrays(family: Family) -> dict[str, Array]:
    """Return everything of a family that has a value by row."""
    every = {one.name: getattr(family, one.name) for one in fields(family)}  # type: ignore[arg-type]
    return {n: values for n, values in every.items() if isinstance(values, np.ndarray)}
