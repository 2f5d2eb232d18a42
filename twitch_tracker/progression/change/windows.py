"""Compare the burst rates of two stretches of time.

Both stretches share the same variability, so their ratio is fitted, not divided: bursts come
in better and worse days and weeks, and a few recordings of one good week say less than
their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from twitch_tracker.progression.statistics.fit import Combination, Counts, Design, fit
from twitch_tracker.progression.statistics.intervals import poisson_intervals
from twitch_tracker.progression.statistics.noise import NoiseGrid, noise_of_logs
from twitch_tracker.progression.statistics.sums import sums
from twitch_tracker.regions import Side

__all__ = [
    "ANY_DIFFERENCE",
    "NOTHING",
    "Compared",
    "Expected",
    "compare",
    "daily_noise",
    "estimate_of",
    "pooled_days",
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
    """Two stretches and their ratio.

    Attributes
    ----------
    first, second : Estimate
        Onsets a burst-free minute.
    ratio : Estimate
        Second over first.
    p_value : float
        Of no difference; NaN when it cannot be determined.
    minutes : float
        Analysable minutes in the second stretch.
    log_evidence : float
        Natural logarithm of how much better a difference predicts the bursts than
        none (`evidence`); NaN when it cannot be determined.
    """

    first: Estimate
    second: Estimate
    ratio: Estimate
    p_value: float
    minutes: float
    log_evidence: float


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

    Returns
    -------
    Compared
        NaN for a stretch without recordings.
    """
    early = (columns.day >= first[0]) & (columns.day < first[1])
    late = (columns.day >= second[0]) & (columns.day < second[1])
    day, bursts, minutes = pooled_days(columns, side, early | late)
    is_late = (day >= second[0]) & (day < second[1])
    ratio, p_value, evidence = NOTHING, float("nan"), float("nan")
    levels = [NOTHING, NOTHING]
    if len(day):
        levels = _levels(bursts, minutes, is_late, noise)
    if early.any() and late.any() and bursts.sum() > 0:
        share = float(is_late.mean())
        design = Design.of(day, (is_late - share)[:, None])
        family = Counts(count=bursts, exposure=minutes)
        found = fit(family, design, noise, reweigh=False)
        evidence = _evidence(family, design, noise, expected)
        slope = found.along(np.array([0.0, 1.0]))
        ratio, p_value = estimate_of(slope), slope.p_value
        levels = [
            _kept(levels[0], found.along(np.array([1.0, -share]))),
            _kept(levels[1], found.along(np.array([1.0, 1 - share]))),
        ]
    return Compared(
        first=levels[0],
        second=levels[1],
        ratio=ratio,
        p_value=p_value,
        minutes=float(columns.minutes[late].sum()),
        log_evidence=evidence,
    )


def _evidence(
    family: Counts, design: Design, noise: NoiseGrid, expected: Expected
) -> float:
    """Weigh the differences that are expected against none."""
    level = Design.of(design.days, np.empty((len(design.days), 0)))
    ways = [
        Alternative(
            column=design.columns[:, 1],
            means=(mean,),
            sds=(sd,),
            chance=1 / len(expected),
        )
        for mean, sd in expected
    ]
    return evidence_for(family, level, ways, noise).log_ratio


def _kept(pooled: Estimate, fitted: Combination) -> Estimate:
    """Take the fitted level with its wider interval, unless nothing was counted."""
    return estimate_of(fitted) if pooled.value > 0 else pooled


def _levels(
    bursts: Array,
    minutes: Array,
    is_late: NDArray[np.bool_],
    noise: NoiseGrid,
) -> list[Estimate]:
    """Pooled rates of both stretches; intervals of what the person's variability allows."""
    found = []
    typical = float(noise.typical().sd[0])
    for chosen in (~is_late, is_late):
        seen, watched = bursts[chosen].sum(), minutes[chosen].sum()
        if not watched > 0:
            found.append(NOTHING)
            continue
        wide = 1 + typical**2 * seen / max(int(chosen.sum()), 1)
        low, high = poisson_intervals(np.array([seen]), np.array([watched]), wide)
        found.append(
            Estimate(
                value=float(seen / watched), low=float(low[0]), high=float(high[0])
            )
        )
    return found
