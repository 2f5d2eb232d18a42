"""The day after an injection on which half of its effect is there.

The way back is that of all injections together (`cycles`); how the effect is reached is
a curve that is half-way on one of many days. Each of these days predicts the recordings
better or worse, and so weighs more or less: the interval is that of the weights. Note:
until the effect has come, what is left of the injection before goes on, so that the
days before it is there are not those of a face without an injection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.results import Estimate
from twitch_tracker.progression.statistics.evidence import Alternative, evidence_for
from twitch_tracker.progression.statistics.fit import Design, Family
from twitch_tracker.progression.statistics.noise import noise_of_logs

__all__ = ["ONSET_DAYS", "WearingOff", "onset_columns", "onset_day"]

Array = NDArray[np.float64]

ONSET_DAYS: Final = np.geomspace(1.0, 21.0, 17)
"""Days on which half may be there, each step equally likely: nothing is known beforehand."""

_STEEP: Final = np.array([2.0, 4.0, 8.0])
"""Of the curve in the logarithm of days, each equally likely: from a tenth to nine tenths within
a factor of 9, of 3, or of 1.7."""

_EFFECT: Final = (-1.2, 0.6)
"""Mean and standard deviation of the log ratio of rates, as in `cycles`; only where injections
clearly act is this asked."""

_HALF_A_DAY: Final = 0.5
"""Days are whole: an injection in the morning and a recording in the evening, or the other way
round, lie so much nearer or further apart."""

_WIDEST: Final = 14.0
"""An interval wider than this many days does not give a day."""


@dataclass(frozen=True, kw_only=True)
class WearingOff:
    """How an effect wears off, straight between days and zero beyond.

    Attributes
    ----------
    days : NDArray[np.float64]
        In order, the first one 0.
    share : NDArray[np.float64]
        How much of the full effect is left, from 1 down; shape of `days`.
    """

    days: Array
    share: Array

    def at(self, after: Array) -> Array:
        """Return the share so many days after an injection."""
        return np.asarray(np.interp(after, self.days, self.share, right=0.0))


def onset_columns(course: WearingOff, after: Array, before: Array) -> Array:
    """Return the share of the full effect for each of `ONSET_DAYS`.

    Parameters
    ----------
    course : WearingOff
        How an injection wears off.
    after, before : NDArray[np.float64]
        Days since the last injection and since the one before it; infinite where there is
        none. Shape (n,).

    Returns
    -------
    NDArray[np.float64]
        Shape (n, days x steepnesses), the days of the first steepness first.
    """
    acts = np.isfinite(after)
    days = np.where(acts, np.maximum(after, 0.0), 0.0)
    times = np.multiply.outer(days, 1 / ONSET_DAYS)[:, None]
    come = 1 - 1 / (1 + times ** _STEEP[:, None])
    come = come.reshape(len(days), -1)
    own = np.where(acts, course.at(days), 0.0)[:, None]
    left = np.where(np.isfinite(before), course.at(before), 0.0)[:, None]
    return np.asarray(come * own + (1 - come) * left)


def onset_day(family: Family, null: Design, columns: Array) -> Estimate | None:
    """Weigh the days by the recordings.

    Parameters
    ----------
    family : Family
        What was counted, n values.
    null : Design
        What the rate depends on besides injections.
    columns : NDArray[np.float64]
        `onset_columns` of the same n values.

    Returns
    -------
    Estimate or None
        Median and 95 % interval; None where it is too wide.
    """
    ways = [
        Alternative(
            column=column,
            means=(_EFFECT[0],),
            sds=(_EFFECT[1],),
            chance=1 / columns.shape[1],
        )
        for column in columns.T
    ]
    chance = evidence_for(family, null, ways, noise_of_logs()).ways
    passed = np.cumsum(chance.reshape(len(_STEEP), -1).sum(axis=0))
    # Between two days half-way, in logarithms.
    logs = np.log(ONSET_DAYS)
    step = logs[1] - logs[0]
    edges = np.append(logs[0] - step / 2, logs + step / 2)
    low, value, high = np.exp(
        np.interp([0.025, 0.5, 0.975], np.append(0.0, passed), edges)
    ).tolist()
    low, high = low - _HALF_A_DAY, high + _HALF_A_DAY
    if high - low > _WIDEST:
        return None
    return Estimate(value=value, low=low, high=high)
