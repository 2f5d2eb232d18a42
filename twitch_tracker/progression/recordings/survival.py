"""Medians of durations and pauses of which some were cut off by the recording's ends.

A burst that goes on when the recording ends lasted at least as long as was seen; left
out or taken as it was seen, it would make short recordings show short bursts.

Note: only what was seen to begin is followed from its begin (what was going on already is
more often a long one: length bias, Cox 1962, Renewal Theory, chapter 5), and what was not
seen to end is a lower bound.

Where hardly anything is left that was seen to begin, a constant hazard goes on: ends over
seconds of every stretch that was watched for longer than a quarter of a recording, also of
one that was going on already and of which only the least age is known (left truncation). A
recording without a burst is then what it is, evidence of long pauses. Bursts may all last about
equally long: then few end early, and half of them last longer than a constant hazard says. Their
mean is that of all time over all ends whatever the shape, and the shape, a constant hazard or a
log-normal law, is weighed by everything that was watched in the whole course.

Sources: the curve, Kaplan and Meier 1958, JASA 53:457-481; its error, Greenwood 1926;
the interval of the median, Brookmeyer and Crowley 1982, Biometrics 38:29-41; the constant
hazard beyond, Brown, Hollander and Korwar 1974; left truncation, Turnbull 1976, JRSS B
38:290-295; of what goes on when a recording begins, the law of the rest, Cox 1962, chapter 5; hazards that differ from day to day by a gamma law, Lomax 1954, JASA 49:847-852.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr, ndtri

from twitch_tracker.progression.recordings.columns import SideColumns
from twitch_tracker.progression.statistics.sums import sums

__all__ = [
    "Stretches",
    "Watched",
    "durations_watched",
    "median_of",
    "pauses_watched",
    "typical_s",
]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_Z: Final = 1.96
_ROUNDING: Final = 1e-9
_JUST_AFTER_S: Final = 1e-7
_LEAST_SEEN: Final = 6
"""Below it no pair of ranks covers 95 % of medians."""

_MOST_VARIED: Final = 4.0
_LEAST_FREE: Final = 0.05

_LEAST_AT_RISK: Final = 5.0
"""Lengths are followed one by one as long as so many go on, or none was cut off yet."""

_LATE_PART: Final = 0.25
"""The hazard beyond is that after this part of a recording."""

_MOST_UNEVEN: Final = 1.0
"""Bound of the squared coefficient of variation of the hazard from day to day."""

_MOSTLY_FREE: Final = 0.75

_WIDEST_LOG: Final = 10.0
"""An interval wider than this, in logs, says nothing anyway."""

_EVEN_PAIRS: Final = 5.0
"""How much evidence there is beforehand that days are alike, in pairs of bursts."""

_SPREADS: Final = np.array([0.7, 0.5, 0.3, 0.15])
"""Standard deviations of the logs of lengths, as likely beforehand as a constant hazard."""

_CONSTANT: Final = np.array([1.0, 0.0, 0.0, 0.0, 0.0])

_PARTS: Final = (1 / 6, 1 / 2, 5 / 6)
"""Where in the open time the one burst that parts it is thought to lie."""


@dataclass(frozen=True, kw_only=True)
class Stretches:
    """Lengths that were watched, in order of the recordings; shape (n,).

    Attributes
    ----------
    values : NDArray[np.float64]
        Seconds watched.
    row : NDArray[np.int64]
        To which recording each belongs, not decreasing.
    ended : NDArray[np.bool_]
        Whether the end was seen; otherwise the length is a lower bound.
    weight : NDArray[np.float64]
        How many each stands for.
    """

    values: Array
    row: Ints
    ended: NDArray[np.bool_]
    weight: Array

    def since(self, row: int) -> Stretches:
        """Return only what belongs to recordings from `row` on."""
        first = int(np.searchsorted(self.row, row))
        return Stretches(
            values=self.values[first:],
            row=self.row[first:],
            ended=self.ended[first:],
            weight=self.weight[first:],
        )


@dataclass(frozen=True, kw_only=True)
class Watched:
    """Bursts, or pauses, of one side.

    Attributes
    ----------
    begun : Stretches
        What was seen to begin.
    every : Stretches
        The same and what was going on already.
    length_s : NDArray[np.float64]
        Analysable seconds by recording.
    uneven : float
        Squared coefficient of variation of how quickly they end, from recording to
        recording.
    shapes : NDArray[np.float64]
        How likely a constant hazard is, and log-normal laws with each of `_SPREADS`.
    """

    begun: Stretches
    every: Stretches
    length_s: Array
    uneven: float = 0.0
    shapes: Array = field(default_factory=_CONSTANT.copy)

    def since(self, row: int) -> Watched:
        """Return only what belongs to recordings from `row` on."""
        return replace(self, begun=self.begun.since(row), every=self.every.since(row))

    def in_units_of(self, unit_s: Array) -> Watched:
        """Return every length over a unit of its recording's own, shape (recordings,)."""
        begun, every = (
            replace(each, values=each.values / unit_s[each.row])
            for each in (self.begun, self.every)
        )
        return replace(self, begun=begun, every=every, length_s=self.length_s / unit_s)


def durations_watched(own: SideColumns) -> Watched:
    """Return bursts; those going on at the begin are only known to last longer."""
    lengths = own.durations
    every = Stretches(
        values=lengths.values,
        row=lengths.row,
        ended=~lengths.offset_cut,
        weight=np.ones(len(lengths.values)),
    )
    begun = ~lengths.onset_cut
    return Watched(
        begun=Stretches(
            values=every.values[begun],
            row=every.row[begun],
            ended=every.ended[begun],
            weight=every.weight[begun],
        ),
        every=every,
        length_s=own.free_min * 60 + own.spasm_s,
        shapes=_shapes(every, begun),
    )


def _shapes(every: Stretches, begun: NDArray[np.bool_]) -> Array:
    """Return how likely each shape is, given the mean of all time over all ends.

    A burst that was seen to begin has the density of its law where its end was seen, else
    what is left of it; one that was going on already that of its rest, of which the
    density is what is left over the mean.
    """
    ended, values = every.ended, np.maximum(every.values, _ROUNDING)
    if (begun.all() and ended.all()) or not ended.any():
        return _CONSTANT
    mean_s = values.sum() / ended.sum()
    of_mean = (values / mean_s)[:, None]
    z = np.log(of_mean) / _SPREADS + _SPREADS / 2
    left = log_ndtr(-z)
    density = -(z**2) / 2 - np.log(_SPREADS * of_mean) - np.log(2 * np.pi) / 2
    beyond = ndtr(_SPREADS - z) - of_mean * np.exp(left)
    rest = np.log(np.maximum(beyond, _ROUNDING))
    whole, throughout = (begun & ended)[:, None], (~begun & ~ended)[:, None]
    likely = np.where(whole, density, np.where(throughout, rest, left)).sum(axis=0)
    # Of a constant hazard what is left, the density and the rest are the same.
    likely = np.append(-of_mean.sum(), likely)
    chance = np.exp(likely - likely.max())
    return np.asarray(chance / chance.sum())


def pauses_watched(own: SideColumns) -> Watched:
    """Return pauses, with those before the first and after the last burst.

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
    whole = Stretches(
        values=pauses.values,
        row=pauses.row,
        ended=np.ones(len(pauses.row), bool),
        weight=np.ones(len(pauses.row)),
    )
    some = (own.bursts > 0) & (open_s > 0)
    before, after = some & ~first_cut, some & ~last_cut
    both = np.flatnonzero(before & after)
    first, last = (np.flatnonzero(one) for one in (before & ~after, after & ~before))
    none = np.flatnonzero(own.bursts == 0)
    parted = [_parted(both, open_s, ended=ended, weight=1.0) for ended in (True, False)]
    return Watched(
        begun=_together(
            whole,
            _parted(both, open_s, ended=False, weight=1.0),
            _open(first, open_s, ended=False, weight=0.5),
            _open(last, open_s, ended=False, weight=0.5),
        ),
        every=_together(
            whole,
            *parted,
            _open(first, open_s, ended=True, weight=1.0),
            _open(last, open_s, ended=False, weight=1.0),
            _open(none, open_s, ended=False, weight=1.0),
        ),
        length_s=free_s + own.spasm_s,
        uneven=_uneven(own),
    )


def _open(rows: Ints, open_s: Array, *, ended: bool, weight: float) -> Stretches:
    """Open time at one end of a recording."""
    return Stretches(
        values=open_s[rows],
        row=rows,
        ended=np.full(len(rows), ended),
        weight=np.full(len(rows), weight),
    )


def _parted(rows: Ints, open_s: Array, *, ended: bool, weight: float) -> Stretches:
    """Open time at both ends of a recording, that at one of them."""
    n = len(rows) * len(_PARTS)
    return Stretches(
        values=(open_s[rows, None] * np.array(_PARTS)).ravel(),
        row=np.repeat(rows, len(_PARTS)),
        ended=np.full(n, ended),
        weight=np.full(n, weight / len(_PARTS)),
    )


def _together(*parts: Stretches) -> Stretches:
    """Put stretches in order of the recordings."""
    row = np.concatenate([part.row for part in parts])
    order = np.argsort(row, kind="stable")
    return Stretches(
        values=np.concatenate([part.values for part in parts])[order],
        row=row[order],
        ended=np.concatenate([part.ended for part in parts])[order],
        weight=np.concatenate([part.weight for part in parts])[order],
    )


def _uneven(own: SideColumns) -> float:
    """Return the squared coefficient of variation of how often bursts begin.

    By moments of neighbours, so that what changes slowly does not count: of two rates with
    one mean r the squared difference is r (1 / f1 + 1 / f2) by chance, and 2 r^2 times it. Of
    recordings that are mostly free: where a burst begins, little free time is left in the
    others.
    """
    mostly = own.free_min * 60 >= _MOSTLY_FREE * (own.free_min * 60 + own.spasm_s)
    n, free = own.onsets[mostly], own.free_min[mostly]
    if len(n) < 2:
        return 0.0
    pooled = (n[1:] + n[:-1]) / (free[1:] + free[:-1])
    apart = (n[1:] / free[1:] - n[:-1] / free[:-1]) ** 2
    by_chance = pooled * (1 / free[1:] + 1 / free[:-1])
    beyond = float((free[1:] * free[:-1] * (apart - by_chance)).sum()) / 2
    found = beyond / (float((n[1:] * n[:-1]).sum()) + _EVEN_PAIRS)
    return min(max(found, 0.0), _MOST_UNEVEN)


def _cut_at_ends(own: SideColumns) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return whether the first onset and the last offset was cut, by recording."""
    lengths = own.durations
    some = np.flatnonzero(lengths.count > 0)
    first, last = np.zeros((2, len(lengths.count)), bool)
    first[some] = lengths.onset_cut[np.searchsorted(lengths.row, some)]
    last[some] = lengths.offset_cut[np.searchsorted(lengths.row, some, "right") - 1]
    return first, last


def typical_s(own: SideColumns, watched_s: Array) -> float:
    """Return E[d^2] / E[d] of durations d, in seconds; NaN without a burst.

    By it the time in bursts varies from one recording to the next. The mean is that of all
    time in bursts over all offsets, the squared coefficient of variation that of a
    log-normal law; a recording can show no less than whether a burst is going on.

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
    if ends == own.durations.count.sum():
        return squares / total
    mean = total / max(ends, 0.5)
    varied = min(float(np.expm1(own.durations.within_log_variance)), _MOST_VARIED)
    free = max(1 - total / float(watched_s.sum()), _LEAST_FREE)
    most = float(watched_s.mean()) / free
    return max(squares / total, min(mean * (1 + varied), most))


def median_of(
    watched: Watched, group: Ints, groups: int, design_effect: float = 1.0
) -> tuple[Array, Array, Array]:
    """Return the median length of each group of recordings with its 95 % interval.

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
    begun = watched.begun
    of = group[begun.row]
    # One key is sorted in a third of the time of three; a length that was cut off comes
    # just after one that was seen to end.
    whole = begun.values + np.where(begun.ended, 0.0, _JUST_AFTER_S)
    order = np.argsort(of * (whole.max(initial=0.0) + 1) + whole)
    of, values, ended = of[order], begun.values[order], begun.ended[order]
    weight = begun.weight[order]
    alive, error, at_risk = _curve(of, groups, weight, ended)
    error = error * np.sqrt(design_effect)
    curve = _Curve(of=of, groups=groups, values=values, ended=ended, at_risk=at_risk)
    at_half = curve.first(alive <= 0.5 + _ROUNDING)
    past_half = curve.first(alive < 0.5 - _ROUNDING)
    median = np.where(np.isnan(past_half), at_half, (at_half + past_half) / 2)
    low = curve.first(alive - _Z * error <= 0.5 + _ROUNDING)
    high = curve.first(alive + _Z * error < 0.5 + _ROUNDING)
    tail = _Tail.of(watched, group, groups, curve, (alive, error))
    beyond = tail.beyond(watched.uneven, design_effect, watched.shapes)
    far, far_high = (~(each <= tail.begin_s) for each in (median, high))
    median = np.where(far, beyond[0], median)
    low = np.where(far, beyond[1], low)
    high = np.where(far_high, beyond[2], high)
    few = np.isnan(median) | (sums(of, weight, groups) < _LEAST_SEEN)
    return (
        median,
        np.where(few, np.nan, np.minimum(low, median)),
        np.where(few, np.nan, np.maximum(high, median)),
    )


def _curve(
    of: Ints, groups: int, weight: Array, ended: NDArray[np.bool_]
) -> tuple[Array, Array, Array]:
    """Share that lasts longer than each value, its standard error, and how many go on."""
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
    return alive, alive * np.sqrt(np.maximum(spread, 0)), at_risk


def _within(of: Ints, values: Array) -> Array:
    """Sum up, beginning again with each group."""
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
    at_risk: Array

    @property
    def whole_so_far(self) -> NDArray[np.bool_]:
        """Whether no length up to this one was cut off."""
        return np.asarray(_within(self.of, (~self.ended).astype(float)) == 0)

    def first(self, wanted: NDArray[np.bool_]) -> Array:
        """Return the first length in each group that ended where `wanted`, or NaN."""
        places = np.flatnonzero(wanted & self.ended)
        found = np.full(self.groups, np.nan)
        found[self.of[places][::-1]] = self.values[places][::-1]
        return found


@dataclass(frozen=True, kw_only=True)
class _Tail:
    """What follows where too few go on, shape (groups,).

    Attributes
    ----------
    begin_s : NDArray[np.float64]
        From where on.
    alive, error : NDArray[np.float64]
        Share that lasts longer, and its standard error.
    ends, seconds : NDArray[np.float64]
        Late ends that were seen, and late seconds that were watched.
    whole_mean_s : NDArray[np.float64]
        All seconds over all ends.
    """

    begin_s: Array
    alive: Array
    error: Array
    ends: Array
    seconds: Array
    whole_mean_s: Array

    @classmethod
    def of(
        cls,
        watched: Watched,
        group: Ints,
        groups: int,
        curve: _Curve,
        known: tuple[Array, Array],
    ) -> _Tail:
        """Look at what was watched for longer than a part of the group's recordings."""
        recordings = np.bincount(group, minlength=groups)
        length_s = sums(group, watched.length_s, groups) / recordings
        begin_s, error, alive = np.zeros(groups), np.zeros(groups), np.ones(groups)
        # In order of length within a group: the last one stays.
        near = (curve.at_risk >= _LEAST_AT_RISK) | curve.whole_so_far
        for target, values in zip(
            (begin_s, alive, error), (curve.values, *known), strict=True
        ):
            target[curve.of[near]] = values[near]
        every = watched.every
        of = group[every.row]
        late_s = every.values - np.minimum(begin_s, _LATE_PART * length_s)[of]
        weight = np.where(late_s > 0, every.weight, 0.0)
        all_s, all_ends = (
            sums(of, every.weight * each, groups)
            for each in (every.values, every.ended)
        )
        return cls(
            begin_s=begin_s,
            alive=alive,
            error=error,
            ends=sums(of, weight * every.ended, groups),
            seconds=sums(of, weight * late_s, groups),
            whole_mean_s=all_s / np.maximum(all_ends, _ROUNDING),
        )

    def beyond(
        self, uneven: float, design_effect: float, shapes: Array
    ) -> tuple[Array, Array, Array]:
        """Return median and interval where half is left later; NaN where nothing ends.

        Of hazards that differ by a gamma law with the squared coefficient of variation u
        those of what is left are lower: a share s falls to a half after
        ((2 s)^(u / (1 + u)) - 1) / (u h), with the mean hazard h.
        """
        power = uneven / (1 + uneven)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean_s = np.where(self.ends > 0, self.seconds / self.ends, np.nan)
            left = np.log(np.maximum(self.alive, 0.5) / 0.5)
            more = left if uneven < _ROUNDING else np.expm1(power * left) / uneven
            median = self.begin_s + mean_s * more
            by_share = (self.error / self.alive) ** 2 / (1 + uneven) ** 2
            by_hazard = design_effect * more**2 / self.ends
            spread = _Z * mean_s * np.sqrt(by_share + by_hazard) / median
            if shapes[0] < 1:
                logs = np.log([median, *self._of_shapes(left)])
                median = np.exp(shapes @ logs)
                by_shape = shapes @ (logs - np.log(median)) ** 2
                spread = np.hypot(spread, _Z * np.sqrt(by_shape))
            spread = np.minimum(spread, _WIDEST_LOG)
        return median, median * np.exp(-spread), median * np.exp(spread)

    def _of_shapes(self, left: Array) -> Array:
        """Return the median with each of `_SPREADS`, shape (spreads, groups).

        As much is left at the begin of the tail as was seen.
        """
        spread = _SPREADS[:, None]
        logs = np.log(self.whole_mean_s) - spread**2 / 2
        at_begin = log_ndtr((logs - np.log(self.begin_s)) / spread)
        found = np.exp(logs - spread * ndtri(np.exp(at_begin - left)))
        return np.where(self.ends > 0, found, np.nan)
