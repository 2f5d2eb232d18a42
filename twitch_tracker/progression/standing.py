"""Which sides have more bursts than the program's mistakes make, and since when.

A detector invents bursts now and then. A side of which no more is found is not judged:
no trend, no scale, no treatment, no diary. False alarms know no side, so a side stands clear when its
bursts come more often than false alarms are known to, or clearly more often than those of
the other side. Both are weighed day by day within quarters of a year (a likelihood
ratio that may be looked at every day, see `evidence`), so that the day on which a side stood clear
never moves when more is recorded, and a side that joins after years is not thinned by
them. Every burst counts that was found, also one that was going on when a recording began: of a
face that is drawn up for minutes hardly any is seen to begin in a short recording, and false
alarms are short. So time in bursts counts as well: as many bursts as false alarms would need to
fill it. Note: the order of these days decides which side leads, and so how
the chance of the page is parted (`shares`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.history import TaskKind
from twitch_tracker.progression.recordings.columns import Columns, SideColumns
from twitch_tracker.progression.shares import LEAD_SHARES
from twitch_tracker.progression.statistics.sums import sums
from twitch_tracker.regions import SIDES, Side

__all__ = ["FALSE_ALARMS_PER_MIN", "judged_columns", "standing_clear"]

Array = NDArray[np.float64]

FALSE_ALARMS_PER_MIN: Final[Mapping[TaskKind, float]] = {
    TaskKind.REST: 0.93,
    TaskKind.AFTER: 0.93,
    TaskKind.PROVOKED: 1.7,
    TaskKind.OTHER: 1.7,
}
"""What the detector may invent on both sides together: about the upper ends of what is
measured in untouched films, family unseen: 0.54 at rest (0 to 1.1); 0.08 in talk (0 to
0.25) and 1.6 in expressive faces (0.42 to 2.9), which are tasks together
(docs/validation.md)."""

_TIMES: Final = np.array([2.0, 5.0, 20.0])
"""How many times as many bursts are looked for."""

_OF_BOTH: Final = np.array([0.75, 0.9, 0.97])
"""Which share of the bursts of both sides is looked for."""

_UNEVEN: Final = 2.0
"""False alarms come in bad light and bad films: their variance is about twice the mean."""

_LONG_FALSE_S: Final = 5.0
"""A burst counts once for every five seconds that it lasts. False alarms are shorter, but for those of
a few faces whose expressions are logged as long, weak bursts."""

_LEAST_LOG_RATIO: Final = math.log(20.0)
_QUARTER_DAYS: Final = 91.0


def standing_clear(
    kinds: Sequence[Columns], *, beside_only: bool = False
) -> dict[Side, float]:
    """Return since which day each side stands clear of false alarms.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.
    beside_only : bool
        Whether only more bursts than on the other side count.

    Returns
    -------
    dict
        Day by side, the first one first; sides that never stood clear are left out. Of two
        on the same day the one with more bursts until then is first.
    """
    found: dict[Side, tuple[float, float]] = {}
    for columns in kinds:
        for side in SIDES:
            since = _since(columns, side, beside_only=beside_only)
            if since is not None:
                found[side] = min(found.get(side, since), since)
    ordered = sorted(found, key=lambda side: found[side])
    return {side: found[side][0] for side in ordered}


def judged_columns(
    kinds: Sequence[Columns], before: Sequence[Columns] = ()
) -> list[Columns]:
    """Return the same with the share of the page's chance of each side that is judged.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.
    before : sequence of Columns
        Recordings from before bursts came or went on both sides at once. How many false
        alarms there are has changed then, and is not what was measured: a side that did not
        stand clear before must have clearly more bursts than the other one.
    """
    order = list(standing_clear(kinds))
    if before:
        known = {**standing_clear(before), **standing_clear(kinds, beside_only=True)}
        order = [side for side in order if side in known]
    lead = dict(zip(order, LEAD_SHARES, strict=False))
    return [replace(columns, lead=lead) for columns in kinds]


def _since(
    columns: Columns, side: Side, *, beside_only: bool
) -> tuple[float, float] | None:
    """Return the first clear day of a side, and minus its bursts until then."""
    day, group = np.unique(columns.day, return_inverse=True)
    own, other = (
        sums(group, _as_false_alarms(columns.sides[s]), len(day))
        for s in (side, side.other)
    )
    minutes = sums(group, columns.minutes, len(day))
    alone = _log_ratio(
        own[:, None] * np.log(_TIMES)
        - minutes[:, None] * (_TIMES - 1) * FALSE_ALARMS_PER_MIN[columns.kind] / 2,
        day,
    )
    beside = _log_ratio(
        own[:, None] * np.log(2 * _OF_BOTH) + other[:, None] * np.log(2 - 2 * _OF_BOTH),
        day,
    )
    ratio = beside if beside_only else np.maximum(alone, beside)
    clear = np.flatnonzero(ratio >= _LEAST_LOG_RATIO)
    if not len(clear):
        return None
    return float(day[clear[0]]), -float(own[: clear[0] + 1].sum())


def _as_false_alarms(own: SideColumns) -> Array:
    """Return how many false alarms would be needed for what was found, by recording."""
    return np.maximum(own.durations.count, own.spasm_s / _LONG_FALSE_S)


def _log_ratio(log_ratios: Array, day: Array) -> Array:
    """Return evidence of each day within its quarter; input has shape (days, ways)."""
    quarter = day // _QUARTER_DAYS
    passed = np.cumsum(log_ratios, axis=0)
    first = np.searchsorted(quarter, quarter)
    before = np.where((first > 0)[:, None], passed[first - 1], 0.0)
    ways = (passed - before) / _UNEVEN
    return np.asarray(np.logaddexp.reduce(ways, axis=1) - math.log(ways.shape[1]))
