"""Days on which bursts change sides, or come or go on both sides at once.

Each is asked of a stretch that is thought to be broken once at most: the best cut of all,
and whether it stands. Several breaks are found by cutting a course at every day that may
be one, and keeping only those that stand between their neighbours by the same measure, so
that a course which is broken twice is held to nothing less than one that is broken once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.statistics.sums import sums
from twitch_tracker.regions import SIDES, Side

__all__ = ["flipped_days", "jumped_days"]

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

_NORMAL: Final = 1.96
_MOST_CUTS: Final = 100

_ONE_BURST: Final = float(np.log(3.0))
"""By how much a burst speaks for its side, in logs, where three of four are on one side."""

_PRICE: Final = _LEAST_LOG_RATIO / 2
"""What changing sides costs, in logs: a stretch between two changes has two of them, and
would else be looked at only with twice the evidence that one change needs."""


@dataclass(frozen=True, kw_only=True)
class _ByDay:
    """Onsets and burst-free minutes by recorded day, shape (days,)."""

    day: Array
    onsets: dict[Side, Array]
    free_min: dict[Side, Array]

    @classmethod
    def of(cls, columns: Columns, rows: NDArray[np.bool_]) -> _ByDay:
        """Add the recordings of each day."""
        day, group = np.unique(columns.day[rows], return_inverse=True)
        own = columns.sides
        return cls(
            day=day,
            onsets={s: sums(group, own[s].onsets[rows], len(day)) for s in SIDES},
            free_min={s: sums(group, own[s].free_min[rows], len(day)) for s in SIDES},
        )

    def part(self, first: int, end: int) -> _ByDay:
        """Return some of the days."""
        return _ByDay(
            day=self.day[first:end],
            onsets={s: values[first:end] for s, values in self.onsets.items()},
            free_min={s: values[first:end] for s, values in self.free_min.items()},
        )


@dataclass(frozen=True, kw_only=True)
class _Cut:
    """The best cut of a stretch: its first day after, how strong it is, whether it stands."""

    place: int
    strength: float
    stands: bool


_Look = Callable[[_ByDay], _Cut | None]
"""Find the best cut of a stretch; None in too few days."""


def flipped_days(columns: Columns) -> tuple[float, ...]:
    """Return the first day of every stretch with the bursts on the other side.

    Parameters
    ----------
    columns : Columns
        Recordings of one kind.

    Returns
    -------
    tuple of float
        In order.
    """
    by_day = _ByDay.of(columns, np.ones(len(columns.day), bool))
    places = _that_stand(by_day, _perhaps_mirrored(by_day), _flip)
    return tuple(float(by_day.day[place]) for place in places)


def jumped_days(columns: Columns, rows: NDArray[np.bool_]) -> tuple[float, ...]:
    """Return days from which on there are more or fewer bursts on both sides.

    Parameters
    ----------
    columns : Columns
        Recordings of one kind.
    rows : NDArray[np.bool_]
        Which of them are looked at.

    Returns
    -------
    tuple of float
        In order.
    """
    by_day = _ByDay.of(columns, rows)
    places = _that_stand(by_day, _perhaps_jumps(by_day), _jump)
    return tuple(float(by_day.day[place]) for place in places)


def _that_stand(by_day: _ByDay, cuts: Sequence[int], look: _Look) -> list[int]:
    """Return cuts that stand between their neighbours, each at its best day.

    The weakest that does not stand is left out first, as what lies between is longer then.
    """
    kept = sorted(cuts)
    while kept:
        edges = [0, *kept, len(by_day.day)]
        spans = list(zip(edges, edges[2:], strict=False))
        found = [look(by_day.part(first, end)) for first, end in spans]
        strength = [
            np.inf if one is not None and one.stands else one.strength if one else -1.0
            for one in found
        ]
        weakest = int(np.argmin(strength))
        if strength[weakest] == np.inf:
            # Neighbours that have the same best day are one.
            places = {
                first + one.place
                for (first, _), one in zip(spans, found, strict=True)
                if one is not None
            }
            return sorted(places)
        del kept[weakest]
    return kept


def _perhaps_jumps(by_day: _ByDay, first: int = 0) -> list[int]:
    """Return the best cut, and those of what lies before and after it.

    Of two days that may be the ends of a stretch, chance makes too many: bad weeks come on
    both sides of some faces. So what comes and goes again is found only where one of both
    shows by itself.
    """
    cut = _jump(by_day)
    if cut is None or not cut.stands:
        return []
    before, after = by_day.part(0, cut.place), by_day.part(cut.place, len(by_day.day))
    return [
        *_perhaps_jumps(before, first),
        first + cut.place,
        *_perhaps_jumps(after, first + cut.place),
    ]


def _perhaps_mirrored(by_day: _ByDay) -> list[int]:
    """Return places at which pictures may have been mirrored, or come to be right again.

    Of pictures that are mirrored for a while and then are not, no single cut shows
    anything. So every day is either as on the first day or mirrored, and the likeliest such
    course is taken, in which each change has its price (Viterbi 1967, IEEE Trans Inf
    Theory 13:260-269).
    """
    says = _ONE_BURST * (by_day.onsets[Side.LEFT] - by_day.onsets[Side.RIGHT])
    came = np.zeros((len(says), 2), np.int64)
    score = np.zeros(2)
    for place, one in enumerate(says):
        other = score[::-1] - _PRICE
        moved = other > score
        came[place] = np.where(moved, [1, 0], [0, 1])
        score = np.where(moved, other, score) + np.array([one, -one]) / 2
    state = int(score.argmax())
    found = []
    for place in range(len(says) - 1, 0, -1):
        if came[place, state] != state:
            found.append(place)
        state = int(came[place, state])
    return found[::-1]


def _cuts(n: int, most: int | None = None) -> Ints:
    """Return places of the first day after a break, not more than needed."""
    every = np.arange(_LEAST_DAYS, n - _LEAST_DAYS + 1)
    return every if most is None else every[:: max(len(every) // most, 1)]


def _before(values: Array, cuts: Ints) -> tuple[Array, Array]:
    """Return sums before and from each cut on."""
    total = np.cumsum(values)
    first = total[cuts - 1]
    return first, total[-1] - first


def _flip(by_day: _ByDay) -> _Cut | None:
    """Find the first day on which the bursts are on the other side.

    The cut with the largest likelihood ratio of two binomial shares of the left side,
    where the one side has about as many afterwards as the other one had before. Bursts
    that only end leave what is found by mistake on both sides, of which by chance the
    other side may have most for a while: so both sides that change places at a cut must
    also explain all counts at least as well as one side that changes by itself.
    """
    cuts = _cuts(len(by_day.day))
    if not len(cuts):
        return None
    onsets = {side: _before(by_day.onsets[side], cuts) for side in SIDES}
    minutes = {side: _before(by_day.free_min[side], cuts) for side in SIDES}
    left = onsets[Side.LEFT]
    both = [a + b for a, b in zip(left, onsets[Side.RIGHT], strict=True)]
    shares = [a / np.maximum(n, 1) for a, n in zip(left, both, strict=True)]
    whole = (left[0] + left[1]) / np.maximum(both[0] + both[1], 1)
    ratio = sum(
        xlogy(k, p) + xlogy(n - k, 1 - p) - xlogy(k, whole) - xlogy(n - k, 1 - whole)
        for k, n, p in zip(left, both, shares, strict=True)
    )
    crossed = (shares[0] - 0.5) * (shares[1] - 0.5) < 0
    wide = np.abs(shares[1] - shares[0]) >= _LEAST_SHIFT
    enough = np.minimum(*both) >= _LEAST_BURSTS
    most_before, most_after = (
        np.maximum(*(onsets[side][k] / minutes[side][k] for side in SIDES))
        for k in (0, 1)
    )
    kept = most_after >= _ALIKE * most_before
    ratio = np.where(crossed & wide & enough & kept, ratio, -1.0)
    best = int(ratio.argmax())
    return _Cut(
        place=int(cuts[best]),
        strength=float(ratio[best]),
        stands=bool(ratio[best] >= _LEAST_LOG_RATIO)
        and _rather_exchanged(onsets, minutes, best),
    )


_Parted = dict[Side, tuple[Array, Array]]
"""Sums of each side before and from each cut on."""


def _rather_exchanged(onsets: _Parted, minutes: _Parted, place: int) -> bool:
    """Return whether two rates changing places fit better than one that changes.

    Log likelihoods of Poisson's law with as many rates as are free: two where both sides
    change places at a cut, and three where one side changes at any cut.
    """
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


def _jump(by_day: _ByDay) -> _Cut | None:
    """Find the first day with more or fewer bursts on both sides.

    Looked for on the side with fewer bursts, as a jump of its rate that is large against
    Poisson's law widened by how much days differ; the other side must be able to share it.
    """
    cuts = _cuts(len(by_day.day), _MOST_CUTS)
    fewer = _fewer(by_day)
    if not len(cuts) or by_day.onsets[fewer].sum() < _LEAST_BURSTS:
        return None
    first, last, z = _rates(by_day, fewer, cuts)
    times = np.maximum(first, last) / np.maximum(np.minimum(first, last), 1e-9)
    z = np.where(times >= _LEAST_TIMES, np.abs(z), 0.0)
    best = int(z.argmax())
    jump = (last - first)[best]
    return _Cut(
        place=int(cuts[best]),
        strength=float(z[best]),
        stands=bool(z[best] >= _LEAST_Z)
        and _may_share(by_day, fewer.other, cuts[best : best + 1], float(jump)),
    )


def _may_share(by_day: _ByDay, side: Side, cut: Ints, jump: float) -> bool:
    """Return whether a side may have jumped by as much as `_ALIKE` of a jump of the other one.

    Its own bursts come in better and worse weeks: by chance it may show little of what both
    share, so that the upper end of its 95 % interval is asked, not its best value.
    """
    first, last, z = _rates(by_day, side, cut)
    own = float((last - first)[0])
    error = abs(own / float(z[0])) if z[0] else math.inf
    return (own * math.copysign(1, jump) + _NORMAL * error) / abs(jump) >= _ALIKE


def _fewer(by_day: _ByDay) -> Side:
    """Return the side with fewer bursts."""
    return min(SIDES, key=lambda side: float(by_day.onsets[side].sum()))


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
