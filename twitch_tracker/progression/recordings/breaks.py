"""Where a course was broken by how it was recorded, and not by the face.

Two breaks are found in the recordings themselves. The bursts may change sides: a
disease does not, but a picture that is suddenly mirrored does. And bursts may come or
go on both sides at once: new glasses, a lamp or a beard make false alarms that know no
side, while a second side follows the first years later (8.4 years on average, Mov
Disord 1999;14:345). Note: what is reported of changes begins again with the last break;
charts show everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from twitch_tracker.history import Treatment
from twitch_tracker.progression.recordings.broken import Break, Broken
from twitch_tracker.progression.recordings.columns import Columns, columns_of
from twitch_tracker.progression.statistics.sums import sums
from twitch_tracker.regions import SIDES, Side

__all__ = ["before_a_jump", "breaks_of", "since_the_last"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_LEAST_DAYS: Final = 3
"""Recorded days before and after a break."""

_LEAST_BURSTS: Final = 10.0
_LEAST_LOG_RATIO: Final = 10.0
_LEAST_SHIFT: Final = 0.5
"""A side with three of four bursts must come to have one of four."""

_LEAST_Z: Final = 5.0
_LEAST_TIMES: Final = 2.5
_ALIKE: Final = 0.4
"""Share of the one side's jump, or rate, that the other one must show, too."""

_AROUND_DAYS: Final = 45
_MOST_CUTS: Final = 100


@dataclass(frozen=True, kw_only=True)
class _ByDay:
    """Onsets and burst-free minutes by recorded day, shape (days,)."""

    day: Array
    onsets: dict[Side, Array]
    free_min: dict[Side, Array]

    @classmethod
    def of(cls, columns: Columns) -> _ByDay:
        """Add the recordings of each day."""
        day, group = np.unique(columns.day, return_inverse=True)
        own = columns.sides
        return cls(
            day=day,
            onsets={s: sums(group, own[s].onsets, len(day)) for s in SIDES},
            free_min={s: sums(group, own[s].free_min, len(day)) for s in SIDES},
        )


def breaks_of(
    kinds: Sequence[Columns], treatments: Sequence[Treatment]
) -> tuple[Break, ...]:
    """Look for breaks in the kind of task with the most recordings.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.
    treatments : sequence of Treatment
        What changes on both sides around a treatment is not taken for a break.

    Returns
    -------
    tuple of Break
        In order of day, at most one of each kind.
    """
    if not kinds:
        return ()
    columns = max(kinds, key=lambda each: len(each.day))
    by_day = _ByDay.of(columns)
    found = [
        Break(on=columns.date_of(by_day.day[place]), what=what)
        for what, place in (
            (Broken.SIDE, _flipped(by_day)),
            (Broken.BOTH_SIDES, _jumped(by_day)),
        )
        if place is not None
    ]
    kept = [
        each
        for each in found
        if each.what is Broken.SIDE
        or all(abs((each.on - t.on).days) > _AROUND_DAYS for t in treatments)
    ]
    return tuple(sorted(kept, key=lambda each: each.on))


def since_the_last(
    kinds: Sequence[Columns], breaks: Sequence[Break]
) -> dict[int, Columns]:
    """Return what changes are reported of: recordings from the last break on.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.
    breaks : sequence of Break
        In order of day.

    Returns
    -------
    dict
        By place in `kinds`, those of which something is left.
    """
    if not breaks:
        return dict(enumerate(kinds))
    return _within(kinds, breaks[-1].on, date.max)


def before_a_jump(
    kinds: Sequence[Columns], breaks: Sequence[Break]
) -> tuple[Columns, ...]:
    """Return recordings from before the last break, if bursts came or went on both sides then.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.
    breaks : sequence of Break
        In order of day.

    Returns
    -------
    tuple of Columns
        From the break before it on; empty where the last break is another one.
    """
    if not breaks or breaks[-1].what is not Broken.BOTH_SIDES:
        return ()
    first = breaks[-2].on if len(breaks) > 1 else date.min
    return tuple(_within(kinds, first, breaks[-1].on).values())


def _within(kinds: Sequence[Columns], first: date, until: date) -> dict[int, Columns]:
    """Return what was recorded from a day on and before another one, by place."""
    kept = {
        place: [r for r in columns.recordings if first <= r.started_at.date() < until]
        for place, columns in enumerate(kinds)
    }
    return {
        place: columns_of(kinds[place].kind, rows, kinds[place].first_day)
        for place, rows in kept.items()
        if rows
    }


def _cuts(n: int) -> Ints:
    """Return places of the first day after a break, not more than needed."""
    every = np.arange(_LEAST_DAYS, n - _LEAST_DAYS + 1)
    return every[:: max(len(every) // _MOST_CUTS, 1)]


def _before(values: Array, cuts: Ints) -> tuple[Array, Array]:
    """Return sums before and from each cut on."""
    total = np.cumsum(values)
    first = total[cuts - 1]
    return first, total[-1] - first


def _flipped(by_day: _ByDay) -> int | None:
    """Place of the first day on which the bursts are on the other side; None: never.

    The cut with the largest likelihood ratio of two binomial shares of the left side,
    where the one side has about as many afterwards as the other one had before. Bursts
    that only end leave what is found by mistake on both sides, of which by chance the
    other side may have most for a while: so both sides that change places at a cut must
    also explain all counts at least as well as one side that changes by itself.
    """
    cuts = _cuts(len(by_day.day))
    if not len(cuts):
        return None
    left = _before(by_day.onsets[Side.LEFT], cuts)
    right = _before(by_day.onsets[Side.RIGHT], cuts)
    both = [a + b for a, b in zip(left, right, strict=True)]
    shares = [a / np.maximum(n, 1) for a, n in zip(left, both, strict=True)]
    whole = (left[0] + left[1]) / np.maximum(both[0] + both[1], 1)
    ratio = sum(
        xlogy(k, p) + xlogy(n - k, 1 - p) - xlogy(k, whole) - xlogy(n - k, 1 - whole)
        for k, n, p in zip(left, both, shares, strict=True)
    )
    crossed = (shares[0] - 0.5) * (shares[1] - 0.5) < 0
    wide = np.abs(shares[1] - shares[0]) >= _LEAST_SHIFT
    enough = np.minimum(*both) >= _LEAST_BURSTS
    rates = [_rates(by_day, side, cuts)[:2] for side in SIDES]
    most_before = np.maximum(*(first for first, _ in rates))
    most_after = np.maximum(*(last for _, last in rates))
    kept = most_after >= _ALIKE * most_before
    ratio = np.where(crossed & wide & enough & kept, ratio, -np.inf)
    best = int(ratio.argmax())
    if ratio[best] < _LEAST_LOG_RATIO or not _rather_exchanged(by_day, cuts, best):
        return None
    return int(cuts[best])


def _rather_exchanged(by_day: _ByDay, cuts: Ints, place: int) -> bool:
    """Return whether two rates changing places fit better than one that changes.

    Log likelihoods of Poisson's law with as many rates as are free: two where both sides
    change places at a cut, and three where one side changes at any cut.
    """
    onsets = {side: _before(by_day.onsets[side], cuts) for side in SIDES}
    minutes = {side: _before(by_day.free_min[side], cuts) for side in SIDES}
    exchanged = sum(
        _likely(
            onsets[side][0] + onsets[side.other][1],
            minutes[side][0] + minutes[side.other][1],
        )[place]
        for side in SIDES
    )
    alone = [
        _likely(onsets[side][0], minutes[side][0])
        + _likely(onsets[side][1], minutes[side][1])
        + _likely(np.add(*onsets[side.other]), np.add(*minutes[side.other]))
        for side in SIDES
    ]
    return bool(exchanged >= max(float(each.max()) for each in alone))


def _likely(onsets: Array, minutes: Array) -> Array:
    """Log likelihood of counts at their own rate, without what no rate changes."""
    return np.asarray(xlogy(onsets, onsets / minutes) - onsets)


def _jumped(by_day: _ByDay) -> int | None:
    """Place of the first day with more or fewer bursts on both sides; None: never.

    Looked for on the side with fewer bursts, as a jump of its rate that is large against
    Poisson's law widened by how much days differ; the other side must share it.
    """
    cuts = _cuts(len(by_day.day))
    fewer = min(SIDES, key=lambda side: float(by_day.onsets[side].sum()))
    if not len(cuts) or by_day.onsets[fewer].sum() < _LEAST_BURSTS:
        return None
    first, last, z = _rates(by_day, fewer, cuts)
    times = np.maximum(first, last) / np.maximum(np.minimum(first, last), 1e-9)
    z = np.where(times >= _LEAST_TIMES, np.abs(z), 0.0)
    best = int(z.argmax())
    if z[best] < _LEAST_Z:
        return None
    jump = (last - first)[best]
    first, last, _ = _rates(by_day, fewer.other, cuts[best : best + 1])
    shared = (last - first)[0] / jump
    return int(cuts[best]) if shared >= _ALIKE else None


def _rates(by_day: _ByDay, side: Side, cuts: Ints) -> tuple[Array, Array, Array]:
    """Return rates before and after each cut, and their difference over its error."""
    onsets, minutes = by_day.onsets[side], by_day.free_min[side]
    seen, watched = _before(onsets, cuts), _before(minutes, cuts)
    first, last = (k / t for k, t in zip(seen, watched, strict=True))
    place = np.arange(len(onsets))
    expected = np.where(place < cuts[:, None], first[:, None], last[:, None]) * minutes
    spread = (onsets - expected) ** 2 / np.maximum(expected, 0.1)
    wide = np.maximum(spread.sum(axis=1) / max(len(onsets) - 2, 1), 1.0)
    # Of the pooled rate, as none in few minutes is no sure zero (a score test).
    pooled = onsets.sum() / minutes.sum()
    error = np.sqrt(wide * pooled * (1 / watched[0] + 1 / watched[1]))
    return first, last, (last - first) / np.maximum(error, 1e-12)
