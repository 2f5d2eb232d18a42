"""All injections of a side together: whether they do anything, and when half is gone.

One injection among a few recordings says little; all of them together show what each of
them does on average. Note: where injections follow each other, the one that acts more
counts, and the trend of the course is taken out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from twitch_tracker.history import TaskKind, Treatment, TreatmentKind
from twitch_tracker.progression.change.observe import blocks_of, observe, pool
from twitch_tracker.progression.change.trends import other_columns
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.recordings.phases import (
    USUAL_SHAPE,
    Acting,
    operation_days,
    relief_columns,
    treatments_of,
)
from twitch_tracker.progression.results import Cycle, Estimate, Measure
from twitch_tracker.progression.shares import cycle_share, is_clear
from twitch_tracker.progression.statistics.evidence import (
    Alternative,
    Evidence,
    evidence_for,
)
from twitch_tracker.progression.statistics.fit import WEAK_SD, Design, Family
from twitch_tracker.progression.statistics.noise import noise_of_firm_statements
from twitch_tracker.progression.treatments.average import NO_AVERAGE, average_cycle
from twitch_tracker.progression.treatments.onset import WearingOff
from twitch_tracker.regions import Side

__all__ = ["EFFECTS", "clearly_acts", "cycles_of", "effect_curves"]

Array = NDArray[np.float64]

EFFECTS: Final = ((-1.2, 0.6), (0.0, 0.7))
"""Log ratios that are looked for: down to some 30 %, as injections that work are
published (in 73 to 98 % of patients, Toxins 2021;13:881), or any difference."""

_STEP_DAYS: Final = 10.0
_HALF_WAY: Final = np.arange(36.0, 157.0, _STEP_DAYS)
"""Days on which half of the effect may be gone."""

_USUALLY, _USUALLY_SD = 86.0, 24.0
"""When it usually is: injections act for 12 to 15 weeks in the mean (sources in
`recordings/phases.py`). Where the next one comes before half is gone, recordings say little more than
that it was not gone yet."""

_FALL_DAYS: Final = (7.0, 18.0)
"""How quickly it goes, equally likely: from nine tenths to one tenth within 4.4 times this, a month or
eleven weeks. With one of them alone, what goes more slowly would seem half gone too early, and
its interval too narrow."""

_CHANGE_SD: Final = 1.0
"""By how much the last injection may do more or less than the first one, in logs: a standard
deviation. A tenth more or less each time makes about 1 of eight that leave a fifth."""

_AFTER_DAYS: Final = np.arange(0.0, 200.0, 5.0)
_LEAST_DAYS: Final = 8
_MOST_BLOCKS: Final = 100
_WIDEST: Final = 80.0
"""An interval wider than this many days does not give a day."""


def effect_curves(day: Array, injections: Array, half_way: Array) -> Array:
    """Return the share of the full effect on each day, for every half-way day.

    A rise over days 2 to 7 and a logistic fall; where several act the strongest counts.

    Parameters
    ----------
    day, injections, half_way : NDArray[np.float64]
        Days of observations and of injections; days after an injection.

    Returns
    -------
    NDArray[np.float64]
        Shape (days, ways to fall x half-way days), those of the quickest fall first.
    """
    after = day[:, None] - injections
    rise = np.interp(after, [2.0, 7.0], [0.0, 1.0])[:, :, None]
    curves = [rise * _left(after, half_way, days) for days in _FALL_DAYS]
    return np.concatenate([curve.max(axis=1) for curve in curves], axis=1)


def _left(after: Array, half_way: Array, fall_days: float) -> Array:
    """Share of the full effect that is left, of which half is left on the half-way day.

    Shape (..., half-way days).
    """
    left = expit((half_way - after[..., None]) / fall_days)
    return np.asarray(left)


def cycles_of(
    kinds: Sequence[Columns], treatments: Sequence[Treatment]
) -> tuple[Cycle, ...]:
    """Look at all injections of each side together.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.
    treatments : sequence of Treatment
        All of the person.

    Returns
    -------
    tuple of Cycle
        Of sides with an injection among recordings of at least eight days with a burst.
    """
    return tuple(
        cycle
        for columns in kinds
        for side in columns.judged
        if (cycle := _cycle(columns, side, treatments)) is not None
    )


def _cycle(
    columns: Columns, side: Side, treatments: Sequence[Treatment]
) -> Cycle | None:
    """Look at all injections of a side."""
    given = treatments_of(treatments, TreatmentKind.BOTULINUM_TOXIN, side)
    days = np.array([(t.on - columns.first_day).days for t in given], float)
    operations = operation_days(treatments, columns, side)
    # What follows an operation of the same day says nothing of an injection.
    days = days[(days < columns.day[-1]) & ~np.isin(days, operations)]
    enough = len(np.unique(columns.day)) >= _LEAST_DAYS
    if not len(days) or not enough or not columns.sides[side].onsets.sum() > 0:
        return None
    seen = _InBlocks.of(columns, side, days, operations)
    evidence = _evidence(seen)
    clear = is_clear(evidence.log_ratio, cycle_share(columns.part(side)))
    if clear:
        evidence = _evidence(seen, changing=True)
    falls = evidence.ways.reshape(len(_FALL_DAYS), -1)
    chance = falls.sum(axis=0)
    mean = NO_AVERAGE
    if clear:
        mean = average_cycle(columns, side, days, _wearing(falls), operations)
    return Cycle(
        side=side,
        kind=columns.kind,
        injections=len(days),
        is_clear=clear,
        half_way_day=_read_off(chance) if clear else None,
        onset_day=mean.onset_day,
        best_day=mean.best_day,
        best=mean.best,
        curve=mean.curve,
        last_on=columns.date_of(days[-1]),
        each=mean.each,
    )


@dataclass(frozen=True, kw_only=True)
class _InBlocks:
    """What was recorded amid injections, in at most `_MOST_BLOCKS` blocks of days.

    Attributes
    ----------
    family : Counts, Shares, TimeShares or Levels
        New bursts.
    when, day_share : NDArray[np.float64]
        See `observe.pool`.
    curves : NDArray[np.float64]
        Effects of every length, in the order of `effect_curves`, centred.
    others : NDArray[np.float64]
        What else the mean depends on, the last column an effect that changes from one
        injection to the next; centred.
    """

    family: Family
    when: Array
    day_share: Array
    curves: Array
    others: Array

    @classmethod
    def of(
        cls, columns: Columns, side: Side, injections: Array, operations: Array
    ) -> _InBlocks:
        """Pool the recordings of a side; relief after operations is none of injections."""
        observed = observe(columns, side, Measure.EPISODES_PER_MIN)
        day = columns.day[observed.rows]
        curves = effect_curves(day, injections, _HALF_WAY)
        others = other_columns(columns, observed.rows)
        relief = relief_columns(day, operations)
        drift = Acting.on(day, injections).drift(USUAL_SHAPE)
        family, when, pooled, day_share = pool(
            observed,
            day,
            np.column_stack([curves, others, relief, drift]),
            blocks_of(day, _MOST_BLOCKS),
        )
        pooled = pooled - pooled.mean(axis=0)
        n = curves.shape[1]
        return cls(
            family=family,
            when=when,
            day_share=day_share,
            curves=pooled[:, :n],
            others=pooled[:, n:],
        )


def _evidence(seen: _InBlocks, *, changing: bool = False) -> Evidence:
    """Weigh effects of every length against none, in the order of `effect_curves`.

    Injections that do nothing do not do less and less either: whether they act is asked
    without a change from one to the next, and when half is gone amid one (`changing`). Of
    injections that do more and more, beside a disease that grows, half would else seem gone too
    early, and of those that do less and less too late.
    """
    when = seen.when
    line = (when - when.mean()) / max(float(np.ptp(when)), 1.0)
    others = seen.others if changing else seen.others[:, :-1]
    stacked = np.column_stack([line, others])
    sds = np.full(stacked.shape[1], WEAK_SD)
    if changing:
        sds[-1] = _CHANGE_SD
    null = Design.of(when, stacked, prior_sd=sds, day_share=seen.day_share)
    means, of_means = zip(*EFFECTS, strict=True)
    usual = np.exp(-0.5 * ((_HALF_WAY - _USUALLY) / _USUALLY_SD) ** 2)
    chances = np.tile(usual / usual.sum() / len(_FALL_DAYS), len(_FALL_DAYS))
    ways = [
        Alternative(column=curve, means=means, sds=of_means, chance=float(chance))
        for curve, chance in zip(seen.curves.T, chances, strict=True)
    ]
    return evidence_for(seen.family, null, ways, noise_of_firm_statements())


def _wearing(falls: Array) -> WearingOff:
    """Return how an injection wears off, averaged over falls and half-way days.

    `falls` has the shape (ways to fall, half-way days).
    """
    share = sum(
        _left(_AFTER_DAYS, _HALF_WAY, days) @ chance
        for days, chance in zip(_FALL_DAYS, falls, strict=True)
    )
    return WearingOff(days=_AFTER_DAYS, share=np.asarray(share) / falls.sum())


def _read_off(chance: Array) -> Estimate | None:
    """Return the median and interval of the half-way day, where it is narrow enough."""
    edges = np.append(_HALF_WAY - _STEP_DAYS / 2, _HALF_WAY[-1] + _STEP_DAYS / 2)
    below = np.append(0.0, np.cumsum(chance)) / chance.sum()
    low, value, high = np.interp([0.025, 0.5, 0.975], below, edges)
    if high - low > _WIDEST or high > _HALF_WAY[-1]:
        return None
    return Estimate(value=float(value), low=float(low), high=float(high))


def clearly_acts(cycles: Sequence[Cycle], side: Side, kind: TaskKind) -> bool:
    """Return whether injections on a side clearly do anything."""
    return any(c.is_clear for c in cycles if c.side is side and c.kind is kind)
