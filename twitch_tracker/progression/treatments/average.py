"""The average cycle of all injections of a side: how the burst rate runs after one.

A free curve by days since the last injection, amid the trend of the course and its
variability. When it is best, and how good that is, are read off many curves drawn from
what the recordings allow, so that they come with intervals; when it is half there is
weighed by `onset`. Note: only days that were recorded are reported, and a day whose
interval is wide is not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.change.observe import Observed, observe, pool
from twitch_tracker.progression.change.trends import other_columns
from twitch_tracker.progression.change.windows import estimate_of
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.recordings.phases import relief_columns
from twitch_tracker.progression.results import (
    CyclePoint,
    Estimate,
    Measure,
    OneCycle,
)
from twitch_tracker.progression.statistics.fit import (
    Counts,
    Design,
    Family,
    Fit,
    fit,
)
from twitch_tracker.progression.statistics.noise import noise_of_logs
from twitch_tracker.progression.treatments.onset import (
    WearingOff,
    onset_columns,
    onset_day,
)
from twitch_tracker.regions import Side

__all__ = ["NO_AVERAGE", "Average", "average_cycle"]

Array = NDArray[np.float64]

_KNOTS: Final = np.array([1, 4, 8, 15, 25, 40, 55, 70, 85, 100, 120, 150], float)
"""Days after an injection between which the curve is straight; 0 at both ends."""

_TOPS: Final = _KNOTS[1:-1]
_EFFECT_SD: Final = 1.0
_EDGES: Final = np.array(
    [0, 2, 3, 4, 5, 6, 7, 9, 11, 14, 18, 22, 28, 35, *range(45, 151, 10)], float
)
"""Recordings of one cycle between two of these days after its injection are taken together;
where none acts, those of two weeks."""

_MOST_BLOCKS: Final = 300
_LEAST_RECORDINGS: Final = 2
_LEAST_POINTS: Final = 5
_LEAST_EXPECTED: Final = 4.0
"""Where fewer bursts would be expected without an injection, a single cycle says nothing:
four vary by a half from chance alone."""

_LEAST_POINTS_OF_ONE: Final = 2
_CURVES: Final = 400
_WIDEST_BEST: Final = 45.0
"""An interval wider than this many days gives no day."""


@dataclass(frozen=True, kw_only=True)
class Average:
    """The curve and what is read off it; see `results.Cycle`."""

    curve: tuple[CyclePoint, ...]
    onset_day: Estimate | None
    best_day: Estimate | None
    best: Estimate | None
    each: tuple[OneCycle, ...] = ()


NO_AVERAGE: Final = Average(curve=(), onset_day=None, best_day=None, best=None)


def average_cycle(
    columns: Columns,
    side: Side,
    injections: Array,
    wearing: WearingOff,
    operations: Array,
) -> Average:
    """Follow the burst rate by days since the last injection.

    Parameters
    ----------
    columns : Columns
        Recordings of one kind.
    side : Side
        Whose bursts.
    injections : NDArray[np.float64]
        Days of its injections, in order, at least one.
    wearing : WearingOff
        How an injection wears off.
    operations : NDArray[np.float64]
        Days of operations of the side, whose relief is taken out.

    Returns
    -------
    Average
        Without a curve where fewer than five days after injections were recorded.
    """
    observed = observe(columns, side, Measure.EPISODES_PER_MIN)
    day = columns.day[observed.rows]
    after = _since_the_last(day, injections)
    hats = np.column_stack(
        [
            np.interp(after, _KNOTS, top, left=0.0, right=0.0)
            for top in np.eye(len(_KNOTS))[1:-1]
        ]
    )
    others = np.column_stack(
        [other_columns(columns, observed.rows), relief_columns(day, operations)]
    )
    block = _blocks(day, after)
    # The latest ones, where a course of many years has more.
    late = block > block[-1] - _MOST_BLOCKS
    observed, day, after = observed.some(late), day[late], after[late]
    both = np.column_stack([hats, others])[late]
    block = block[late] - block[late][0]
    family, when, pooled, day_share = pool(observed, day, both, block)
    line = (when - when.mean()) / max(float(np.ptp(when)), 1.0)
    rest = pooled[:, len(_TOPS) :]
    stacked = np.column_stack([pooled[:, : len(_TOPS)], line, rest - rest.mean(axis=0)])
    design = Design.of(when, stacked, prior_sd=_EFFECT_SD, day_share=day_share)
    found = fit(family, design, noise_of_logs())
    nearest = np.abs(after[:, None] - _TOPS).argmin(axis=1)
    seen = np.bincount(
        nearest[(after >= _KNOTS[0]) & (after <= _KNOTS[-1])], minlength=len(_TOPS)
    )
    kept = np.flatnonzero(seen >= _LEAST_RECORDINGS)
    if len(kept) < _LEAST_POINTS:
        return NO_AVERAGE
    first = np.searchsorted(block, np.arange(block[-1] + 1))
    each = _one_by_one(columns, family, _untreated(found, design), day, after, first)
    onset = _onset(wearing, observed, day, injections, block, design)
    return replace(_read_off(found, kept, seen), each=each, onset_day=onset)


def _onset(
    wearing: WearingOff,
    observed: Observed,
    day: Array,
    injections: Array,
    block: NDArray[np.int64],
    design: Design,
) -> Estimate | None:
    """Weigh when half of the effect is there."""
    last, before = (_since_the_last(day, injections, k) for k in (0, 1))
    family, when, columns, day_share = pool(
        observed, day, onset_columns(wearing, last, before), block
    )
    null = Design.of(
        when,
        design.columns[:, 1 + len(_TOPS) :],
        prior_sd=_EFFECT_SD,
        day_share=day_share,
    )
    return onset_day(family, null, columns)


def _untreated(found: Fit, design: Design) -> Array:
    """Return bursts a minute to be expected without any injection, by block."""
    without = design.columns.copy()
    without[:, 1 : 1 + len(_TOPS)] = 0.0
    return np.asarray(np.exp(without @ found.best))


def _one_by_one(
    columns: Columns,
    family: Family,
    untreated: Array,
    day: Array,
    after: Array,
    first: NDArray[np.intp],
) -> tuple[OneCycle, ...]:
    """Count the bursts after every injection by itself, over those to be expected.

    `day` and `after` are those of the rows, `first` the first row of each block.
    """
    assert isinstance(family, Counts)  # noqa: S101 - bursts are counted
    expected = family.exposure * untreated
    after, injection = after[first], (day - after)[first]
    place = np.abs(after[:, None] - _TOPS).argmin(axis=1)
    acts = (after >= 0) & (after <= _KNOTS[-1])
    found = []
    for given in np.unique(injection[acts]):
        own = acts & (injection == given) & (expected > 0)
        total = np.bincount(place[own], expected[own], len(_TOPS))
        count = np.bincount(place[own], family.count[own], len(_TOPS))
        kept = np.flatnonzero(total >= _LEAST_EXPECTED)
        if len(kept) >= _LEAST_POINTS_OF_ONE:
            cycle = OneCycle(
                on=columns.date_of(float(given)),
                days=tuple(int(_TOPS[k]) for k in kept),
                over_untreated=tuple((count[kept] / total[kept]).tolist()),
            )
            found.append(cycle)
    return tuple(found)


def _blocks(day: Array, after: Array) -> NDArray[np.int64]:
    """Enumerate stretches that are short where the curve is steep, 0, 1, 2 ..."""
    phase = np.searchsorted(_EDGES, after, side="right")
    away = np.where(after >= _EDGES[-1], day // 14, -1.0)
    injection = np.where(np.isfinite(after), day - after, -1.0)
    new = np.zeros(len(day), bool)
    for values in (phase.astype(float), away, injection):
        new |= np.diff(values, prepend=values[:1]) != 0
    return np.cumsum(new, dtype=np.int64)


def _since_the_last(day: Array, injections: Array, back: int = 0) -> Array:
    """Return days since the last injection, or one further back; infinite without."""
    place = np.searchsorted(injections, day, side="right") - 1 - back
    after = np.full(len(day), np.inf)
    after[place >= 0] = day[place >= 0] - injections[place[place >= 0]]
    return after


def _read_off(found: Fit, kept: NDArray[np.intp], seen: NDArray[np.int64]) -> Average:
    """Turn coefficients into a curve, and into days with intervals."""
    p = found.coefficients.shape[1]
    curve = tuple(
        CyclePoint(
            day=int(_TOPS[place]),
            over_untreated=estimate_of(found.along(np.eye(p)[1 + place])),
            recordings=int(seen[place]),
        )
        for place in kept
    )
    drawn = _drawn(found)[:, kept]
    days = _TOPS[kept]
    lowest = drawn.argmin(axis=1)
    best_day = _quantiles(days[lowest], _WIDEST_BEST)
    middle = int(np.argmin([point.over_untreated.value for point in curve]))
    best = curve[middle].over_untreated
    return Average(
        curve=curve,
        onset_day=None,
        best_day=best_day,
        best=best,
    )


def _drawn(found: Fit) -> Array:
    """Draw curves that the recordings allow, shape (curves, tops); always the same."""
    rng = np.random.default_rng(0)
    size = len(_TOPS)
    noise = rng.choice(len(found.noise.weights), _CURVES, p=found.noise.weights)
    curves = np.empty((_CURVES, size))
    for kind in np.unique(noise):
        rows = np.flatnonzero(noise == kind)
        curves[rows] = rng.multivariate_normal(
            found.coefficients[kind, 1 : 1 + size],
            found.covariances[kind, 1 : 1 + size, 1 : 1 + size],
            len(rows),
            method="cholesky",
        )
    return curves


def _quantiles(days: Array, widest: float) -> Estimate | None:
    """Return the median and interval of a day; None where it is too wide."""
    low, value, high = np.quantile(days, [0.025, 0.5, 0.975]).tolist()
    if high - low > widest:
        return None
    return Estimate(value=value, low=low, high=high)
