"""How many more bursts begin in tasks than at rest, of days on which both were recorded.

Days differ, so that a day is compared with itself: the rate ratio of Mantel and Haenszel over days
(Rothman and Greenland 1998, Modern Epidemiology, chapter 15), its interval from leaving out one day
after the other, which knows how much days differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from twitch_tracker.history import TaskKind
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.results import Estimate, ProvokedRatio
from twitch_tracker.progression.statistics.sums import sums
from twitch_tracker.regions import Side

__all__ = ["provoked_ratios"]

Array = NDArray[np.float64]

_LEAST_DAYS: Final = 5
_LEAST_BURSTS: Final = 10


def provoked_ratios(kinds: Sequence[Columns]) -> tuple[ProvokedRatio, ...]:
    """Compare tasks with rest on every side that is judged.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.

    Returns
    -------
    tuple of ProvokedRatio
        Of sides with both on at least five days, with ten bursts.
    """
    by_kind = {columns.kind: columns for columns in kinds}
    rest, provoked = by_kind.get(TaskKind.REST), by_kind.get(TaskKind.PROVOKED)
    if rest is None or provoked is None:
        return ()
    shared = np.intersect1d(rest.day, provoked.day)
    if len(shared) < _LEAST_DAYS:
        return ()
    found = (_ratio(rest, provoked, side, shared) for side in rest.judged)
    return tuple(one for one in found if one is not None)


def _ratio(
    rest: Columns, provoked: Columns, side: Side, shared: Array
) -> ProvokedRatio | None:
    (calm, calm_min), (busy, busy_min) = (
        _of_days(columns, side, shared) for columns in (rest, provoked)
    )
    if calm.sum() + busy.sum() < _LEAST_BURSTS or not (calm.sum() and busy.sum()):
        return None
    whole = calm_min + busy_min
    over, under = busy * calm_min / whole, calm * busy_min / whole
    log_ratio = float(np.log(over.sum() / under.sum()))
    without = [
        (over.sum() - a, under.sum() - b) for a, b in zip(over, under, strict=True)
    ]
    if min(min(pair) for pair in without) <= 0:
        return None
    each = np.log([a / b for a, b in without])
    n = len(shared)
    error = float(np.sqrt((n - 1) / n * ((each - each.mean()) ** 2).sum()))
    half = float(stdtrit(n - 1, 0.975)) * error
    value, low, high = np.exp([log_ratio, log_ratio - half, log_ratio + half]).tolist()
    return ProvokedRatio(
        side=side,
        days=n,
        over_rest=Estimate(value=value, low=low, high=high),
    )


def _of_days(columns: Columns, side: Side, days: Array) -> tuple[Array, Array]:
    """Return onsets and burst-free minutes of each day."""
    rows = np.isin(columns.day, days)
    group = np.searchsorted(days, columns.day[rows])
    own = columns.sides[side]
    return (
        sums(group, own.onsets[rows], len(days)),
        sums(group, own.free_min[rows], len(days)),
    )
