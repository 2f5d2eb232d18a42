"""Medians of durations and pauses of which some were cut off by the recording's ends.

A burst that goes on when the recording ends lasted at least as long as was seen; left
out or taken as it was seen, it would make short recordings show short bursts. The
convention that bites: only what was seen to begin is followed (what was going on already
is more often a long one: length bias, Cox 1962, Renewal Theory, chapter 5), and what
was not seen to end is a lower bound.

Sources: the curve, Kaplan and Meier 1958, JASA 53:457-481; its error, Greenwood 1926;
the interval of the median, Brookmeyer and Crowley 1982, Biometrics 38:29-41; beyond the
longest time that was watched, a constant hazard, Brown, Hollander and Korwar 1974.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.recordings.columns import SideColumns
from twitch_tracker.progression.statistics.intervals import poisson_intervals
from twitch_tracker.progression.statistics.sums import sums

__all__ = ["Watched", "durations_watched", "median_of", "pauses_watched", "typical_s"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_Z: Final = 1.96
_ROUNDING: Final = 1e-9
_JUST_AFTER_S: Final = 1e-7
_LEAST_SEEN: Final = 6
"""Below it no pair of ranks covers 95 % of medians."""

_MOST_VARIED: Final = 4.0
_LEAST_FREE: Final = 0.05

_PARTS: Final = (1 / 6, 1 / 2, 5 / 6)
"""Where in the open time the one burst that parts it is thought to lie."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """Lengths that were seen to begin, in order of the recordings.

    Attributes
    ----------
    values : NDArray[np.float64]
        Seconds watched, shape (n,).
    row : NDArray[np.int64]
        To which recording each belongs, not decreasing, shape (n,).
    ended : NDArray[np.bool_]
        Whether the end was seen, shape (n,); otherwise the length is a lower bound.
    weight : NDArray[np.float64]
        How many each stands for, shape (n,).
    ends, seconds : NDArray[np.float64]
        By recording: all ends that were seen and all seconds in which one could be,
        also of what was going on already: their ratio is one over the mean length.
    """

    values: Array
    row: Ints
    ended: NDArray[np.bool_]
    weight: Array
    ends: Array
    seconds: Array

    def since(self, row: int) -> Watched:
        """Return only what belongs to recordings from `row` on."""
        first = int(np.searchsorted(self.row, row))
        return replace(
            self,
            values=self.values[first:],
            row=self.row[first:],
            ended=self.ended[first:],
            weight=self.weight[first:],
        )


def durations_watched(own: SideColumns) -> Watched:
    """Bursts that were seen to begin."""
    lengths = own.durations
    begun = ~lengths.onset_cut
    return Watched(
        values=lengths.values[begun],
        row=lengths.row[begun],
        ended=~lengths.offset_cut[begun],
        weight=np.ones(int(begun.sum())),
        ends=own.ends,
        seconds=own.spasm_s,
    )


def pauses_watched(own: SideColumns) -> Watched:
    """Pauses, with those before the first and after the last burst as lower bounds.

    A journal holds the pauses that were watched throughout, and how much time was
    without a burst; what is left is the open time before the first and after the last
    burst. How it is parted is not known: it is thought even (as it is of one burst that
    may come at any time). A pause may be followed from its begin or, backwards, from its
    end: the open time after and before count half each.
    """
    pauses = own.pauses
    free_s = own.free_min * 60
    open_s = np.maximum(free_s - sums(pauses.row, pauses.values, len(free_s)), 0)
    first_cut, last_cut = _cut_at_ends(own)
    one_end = first_cut ^ last_cut
    rows = np.flatnonzero((own.bursts > 0) & ~(first_cut & last_cut) & (open_s > 0))
    shares = np.where(one_end[rows, None], 1.0, np.array(_PARTS))
    weight = np.where(one_end[rows], 0.5, 1.0) / len(_PARTS)
    values = np.concatenate([pauses.values, (open_s[rows, None] * shares).ravel()])
    row = np.concatenate([pauses.row, np.repeat(rows, len(_PARTS))])
    ended = np.arange(len(row)) < len(pauses.row)
    all_weight = np.concatenate(
        [np.ones(len(pauses.row)), np.repeat(weight, len(_PARTS))]
    )
    order = np.argsort(row, kind="stable")
    return Watched(
        values=values[order],
        row=row[order],
        ended=ended[order],
        weight=all_weight[order],
        ends=own.onsets,
        seconds=free_s,
    )


def _cut_at_ends(own: SideColumns) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether the first burst's onset and the last one's offset was cut, by recording."""
    lengths = own.durations
    some = np.flatnonzero(lengths.count > 0)
    first, last = np.zeros((2, len(lengths.count)), bool)
    first[some] = lengths.onset_cut[np.searchsorted(lengths.row, some)]
    last[some] = lengths.offset_cut[np.searchsorted(lengths.row, some, "right") - 1]
    return first, last


def typical_s(own: SideColumns, watched_s: Array) -> float:
    """E[d^2] / E[d] of durations d, in seconds; NaN without a burst.

    By it the time in bursts varies from one recording to the next. The mean is that of all
    time in bursts over all offsets, the squared coefficient of variation that of a
    log-normal law; a recording can tell no less than whether a burst is going on.

    Parameters
    ----------
    own : SideColumns
        One side.
    watched_s : NDArray[np.float64]
        Analysable seconds by recording.
    """
    total, ends = float(own.spasm_s.sum()), float(own.ends.sum())
    if not total > 0:
        return float("nan")
    squares = float(own.durations.squares.sum())
    if ends == own.bursts.sum():
        return squares / total
    mean = total / max(ends, 0.5)
    varied = min(float(np.expm1(own.durations.within_log_variance)), _MOST_VARIED)
    free = max(1 - total / float(watched_s.sum()), _LEAST_FREE)
    most = float(watched_s.mean()) / free
    return max(squares / total, min(mean * (1 + varied), most))


def median_of(
    watched: Watched, group: Ints, groups: int, design_effect: float = 1.0
) -> tuple[Array, Array, Array]:
    """Median length of each group of recordings with its 95 % interval.

    Parameters
    ----------
    watched : Watched
        Of one side.
    group : NDArray[np.int64]
        Group of each recording, not decreasing, shape (recordings,).
    groups : int
        How many there are.
    design_effect : float
        How many times larger the variance is than with independent lengths.

    Returns
    -------
    median, low, high : NDArray[np.float64]
        Seconds, shape (groups,); NaN where nothing was seen to end. `low` and `high` are
        NaN with fewer than six lengths.
    """
    of = group[watched.row]
    # One key is sorted in a third of the time of three; a length that was cut off comes
    # just after one that was seen to end.
    whole = watched.values + np.where(watched.ended, 0.0, _JUST_AFTER_S)
    order = np.argsort(of * (whole.max(initial=0.0) + 1) + whole)
    of, values, ended = of[order], watched.values[order], watched.ended[order]
    weight = watched.weight[order]
    alive, error = _curve(of, groups, weight, ended)
    error = _Z * np.sqrt(design_effect) * error
    curve = _Curve(of=of, groups=groups, values=values, ended=ended)
    at_half = curve.first(alive <= 0.5 + _ROUNDING)
    past_half = curve.first(alive < 0.5 - _ROUNDING)
    median = np.where(np.isnan(past_half), at_half, (at_half + past_half) / 2)
    low = curve.first(alive - error <= 0.5 + _ROUNDING)
    high = curve.first(alive + error < 0.5 + _ROUNDING)
    tail = _Tail.of(watched, group, groups, curve, (alive, error))
    median = np.where(np.isnan(median), tail.median, median)
    low = np.where(np.isnan(low), tail.longest, low)
    high = np.where(np.isnan(high), tail.high, high)
    few = np.isnan(median) | (sums(of, weight, groups) < _LEAST_SEEN)
    return (
        median,
        np.where(few, np.nan, np.minimum(low, median)),
        np.where(few, np.nan, np.maximum(high, median)),
    )


def _curve(
    of: Ints, groups: int, weight: Array, ended: NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Share that lasts longer than each value, and its standard error, by group."""
    done = np.cumsum(weight)
    total = np.cumsum(sums(of, weight, groups))
    at_risk = np.maximum(total[of] - done + weight, weight)
    out = np.where(ended, weight, 0.0)
    left = np.maximum(at_risk - out, 0.0)
    with np.errstate(divide="ignore"):
        step = np.log(left / at_risk)
        greenwood = out / (at_risk * left)
    last = ~np.isfinite(step)
    alive = np.exp(_within(of, np.where(last, -700.0, step)))
    spread = _within(of, np.where(last | (out == 0), 0.0, greenwood))
    return alive, alive * np.sqrt(np.maximum(spread, 0))


def _within(of: Ints, values: Array) -> Array:
    """Cumulative sums that begin anew with each group."""
    total = np.cumsum(values)
    begin = np.searchsorted(of, of)
    return np.asarray(total - total[begin] + values[begin])


@dataclass(frozen=True, kw_only=True)
class _Curve:
    """Lengths of all groups in order, shape (n,)."""

    of: Ints
    groups: int
    values: Array
    ended: NDArray[np.bool_]

    def first(self, wanted: NDArray[np.bool_]) -> Array:
        """First length in each group that was seen to end where `wanted`; NaN: none."""
        places = np.flatnonzero(wanted & self.ended)
        found = np.full(self.groups, np.nan)
        found[self.of[places][::-1]] = self.values[places][::-1]
        return found


@dataclass(frozen=True, kw_only=True)
class _Tail:
    """What follows beyond the longest length that was watched, shape (groups,)."""

    longest: Array
    median: Array
    high: Array

    @classmethod
    def of(
        cls,
        watched: Watched,
        group: Ints,
        groups: int,
        curve: _Curve,
        known: tuple[Array, Array],
    ) -> _Tail:
        """Go on with the mean hazard of the group."""
        alive, error = known
        longest, left, unsure = np.full((3, groups), np.nan)
        longest[curve.of], left[curve.of] = curve.values, alive
        unsure[curve.of] = np.minimum(alive + error, 1.0)
        ends = sums(group, watched.ends, groups)
        seconds = np.maximum(sums(group, watched.seconds, groups), _ROUNDING)
        least, _ = poisson_intervals(ends, seconds)
        with np.errstate(divide="ignore", invalid="ignore"):
            return cls(
                longest=longest,
                median=_beyond(longest, left, ends / seconds),
                high=_beyond(longest, unsure, least),
            )


def _beyond(longest: Array, left: Array, hazard: Array) -> Array:
    """When half is left, at a constant hazard; NaN without any."""
    more = np.maximum(np.log(left / 0.5), 0) / hazard
    return np.where(hazard > 0, longest + more, np.nan)
