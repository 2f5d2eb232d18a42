"""What is observed of a measure, row by row, in the form in which it can be fitted.

One place knows, for every measure, its family, its scale, and which recordings have a
value. Rows of one day are pooled into one observation, and days into longer blocks when
there are more than a fit needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.columns import Columns, Lengths
from twitch_tracker.progression.fit import Counts, Family, Levels, Shares
from twitch_tracker.progression.results import Measure, Scale
from twitch_tracker.progression.sums import sums
from twitch_tracker.regions import Side

__all__ = ["Observed", "blocks_of", "observe", "pool"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_BLOCK_DAYS: Final = (1, 2, 3, 5, 7, 10, 14, 21, 28, 42, 60, 91, 182)
_SATURATED: Final = 4.0
"""Beyond about this many bursts, further ones tell little of how a day was."""

_LENGTHS: Final = {
    Measure.MEDIAN_DURATION_S: "durations",
    Measure.MEDIAN_PAUSE_S: "pauses",
    Measure.EXCURSION_MM: "excursions",
}
_HITS: Final = {
    Measure.SHARE_OVER_1S: "over_1s",
    Measure.BOTH_REGIONS_SHARE: "both_regions",
    Measure.BROW_LIFT_SHARE: "brow_lifts",
}


@dataclass(frozen=True, kw_only=True)
class Observed:
    """One measure by recording.

    Attributes
    ----------
    rows : NDArray[np.int64]
        Recordings with a value.
    family : Counts, Shares or Levels
        Their values, shape (rows,).
    weight : NDArray[np.float64]
        How much each tells, for pooling; shape (rows,).
    scale : Scale
        How changes are told.
    to_unit : float
        The measure's own unit over the link's inverse of the fit (the median over the
        geometric mean; otherwise 1).
    spread : float
        Overall standard deviation of `Levels` that are not logs; NaN otherwise.
    """

    rows: Ints
    family: Family
    weight: Array
    scale: Scale
    to_unit: float = 1.0
    spread: float = float("nan")

    @property
    def empty(self) -> bool:
        """Whether nothing at all was counted."""
        if isinstance(self.family, Counts):
            return not self.family.count.sum() > 0
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
    every = np.arange(len(columns.day))
    if measure in _LENGTHS:
        return _of_lengths(getattr(own, _LENGTHS[measure]))
    if measure in _HITS:
        rows = np.flatnonzero(own.bursts > 0)
        hits = getattr(own, _HITS[measure])[rows]
        trials = np.maximum(own.bursts[rows], hits)
        return Observed(
            rows=rows,
            family=Shares(hits=hits, trials=trials),
            weight=trials,
            scale=Scale.DIFFERENCE,
        )
    if measure is Measure.LONGEST_DURATION_S:
        rows = np.flatnonzero(own.durations.count > 0)
        logs = np.log(own.durations.longest[rows])
        family: Family = Levels(value=logs, variance=np.zeros(len(rows)))
        return Observed(
            rows=rows, family=family, weight=np.ones(len(rows)), scale=Scale.RATIO
        )
    if measure is Measure.SPASM_FRACTION:
        total, squares = own.spasm_s.sum(), own.durations.squares.sum()
        family = Counts(
            count=own.spasm_s,
            exposure=columns.minutes * 60,
            dispersion=float(squares / total) if total > 0 else 1.0,
        )
    else:
        family = Counts(count=own.bursts, exposure=columns.minutes)
    return Observed(
        rows=every, family=family, weight=columns.minutes, scale=Scale.RATIO
    )


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
    """Number the blocks of days, so that at most `most` hold anything.

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
    """Number the values of an array that does not decrease, from 0."""
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
    family : Counts, Shares or Levels
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
    if isinstance(family, Counts):
        return Counts(
            count=sums(block, family.count, n),
            exposure=sums(block, family.exposure, n),
            dispersion=family.dispersion,
        )
    if isinstance(family, Shares):
        return Shares(
            hits=sums(block, family.hits, n),
            trials=sums(block, family.trials, n),
        )
    assert isinstance(family, Levels)  # noqa: S101 - there is no other family
    weight = observed.weight
    return Levels(
        value=sums(block, weight * family.value, n) / total,
        variance=sums(block, weight**2 * family.variance, n) / total**2,
    )
