"""Dots of charts: every measure by recording, and pooled over stretches of time.

Note: pooled rates divide summed bursts by summed analysable time (not means of rates);
an interval of a single recording knows chance only, one of a pooled stretch is widened
by how much recordings differ within such stretches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.recordings.columns import (
    Columns,
    Lengths,
    SideColumns,
    grouped_median,
)
from twitch_tracker.progression.recordings.survival import (
    durations_watched,
    median_of,
    pauses_watched,
    typical_s,
)
from twitch_tracker.progression.results import ChartPoint, Estimate, Measure
from twitch_tracker.progression.statistics.intervals import (
    mean_interval,
    over_dispersion,
    poisson_intervals,
    share_intervals,
)
from twitch_tracker.progression.statistics.sums import sums
from twitch_tracker.regions import Side

__all__ = [
    "MOST_DOTS",
    "Grouping",
    "by_period",
    "by_recording",
    "dots",
    "grouping",
    "last_dot",
]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Values = tuple[Array, Array, Array]

MOST_DOTS: Final = 60
"""A chart with more pooled dots than this is hard to read as a small multiple."""
FEW_RECORDINGS: Final = 30
"""Up to here every recording is a dot of its own."""


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """Recordings put together in stretches of time.

    Attributes
    ----------
    period : str
        ``recording``, ``day``, ``week``, ``month``, ``quarter`` or ``latest``.
    group : NDArray[np.int64]
        Stretch of each recording, shape (recordings,).
    at : tuple of datetime
        Middle of each stretch, between its first and last recording.
    start, end : tuple of date
        First and last day with a recording.
    names : tuple of tuple of str
        Recordings in it.
    minutes : NDArray[np.float64]
        Analysable minutes in it.
    """

    period: str
    group: Ints
    at: tuple[datetime, ...]
    start: tuple[date, ...]
    end: tuple[date, ...]
    names: tuple[tuple[str, ...], ...]
    minutes: Array


_LEAST_REST: Final = 0.05
"""Share of time without a burst below which an interval gets no narrower."""

_LEAST_FOUND: Final = 0.93
"""Share of long bursts that is found at least: 50 of 50 on portraits that no network had seen
(docs/validation.md, late disease), the lower end of the exact interval."""

_MOST_TIMES: Final = 10.0
"""What is missed changes a rate by more than this only where hardly any time is without a burst."""

_TIMED: Final = {
    Measure.MEDIAN_DURATION_S: "durations",
    Measure.MEDIAN_PAUSE_S: "pauses",
    Measure.EXCURSION_MM: "excursions",
}
_WATCH: Final = {
    Measure.MEDIAN_DURATION_S: durations_watched,
    Measure.MEDIAN_PAUSE_S: pauses_watched,
}

_LABELS: Final[dict[str, Callable[[date], int]]] = {
    "day": lambda on: on.toordinal(),
    "week": lambda on: (on.toordinal() - 1) // 7,
    "month": lambda on: on.year * 12 + on.month,
    "quarter": lambda on: on.year * 4 + (on.month - 1) // 3,
}


def by_recording(columns: Columns) -> Grouping:
    """Return every recording by itself."""
    return grouping("recording", np.arange(len(columns.day)), columns)


def by_period(columns: Columns) -> Grouping:
    """Choose the finest stretches that keep a chart readable, at most quarters."""
    if len(columns.day) <= FEW_RECORDINGS:
        return by_recording(columns)
    days = [r.started_at.date() for r in columns.recordings]
    for period, label in _LABELS.items():
        found, group = np.unique([label(d) for d in days], return_inverse=True)
        if len(found) <= MOST_DOTS or period == "quarter":
            return grouping(period, group.astype(np.int64), columns)
    return by_recording(columns)


def grouping(period: str, group: Ints, columns: Columns) -> Grouping:
    """Put recordings together; `group` numbers them 0, 1, 2 ... in order of time."""
    n = int(group[-1]) + 1 if len(group) else 0
    first = np.searchsorted(group, np.arange(n))
    last = np.searchsorted(group, np.arange(n), side="right") - 1
    recordings = columns.recordings
    start = [recordings[i].started_at for i in first]
    end = [recordings[i].started_at for i in last]
    return Grouping(
        period=period,
        group=group,
        at=tuple(_middle(a, b) for a, b in zip(start, end, strict=True)),
        start=tuple(a.date() for a in start),
        end=tuple(b.date() for b in end),
        names=tuple(
            tuple(r.recording_id for r in recordings[i : j + 1])
            for i, j in zip(first, last, strict=True)
        ),
        minutes=sums(group, columns.minutes, n),
    )


def _middle(start: datetime, end: datetime) -> datetime:
    """Return half-way; noon of a day when the stretch is longer than one."""
    middle = start + (end - start) / 2
    if start.date() == end.date():
        return middle
    return datetime.combine(middle.date(), time(12), middle.tzinfo)


def dots(
    columns: Columns, side: Side | None, measure: Measure, groups: Grouping
) -> tuple[ChartPoint, ...]:
    """Compute a measure for every stretch in which it has a value."""
    values = _values(columns, side, measure, groups)
    shown = np.flatnonzero(np.isfinite(values[0]))
    bursts = _counted(columns, side, measure, groups).tolist()
    minutes = groups.minutes.tolist()
    rows = np.stack(values).T.tolist()
    return tuple(
        ChartPoint(
            at=groups.at[i],
            start=groups.start[i],
            end=groups.end[i],
            estimate=Estimate(value=rows[i][0], low=rows[i][1], high=rows[i][2]),
            analysable_min=minutes[i],
            bursts=int(bursts[i]),
            recordings=groups.names[i],
        )
        for i in shown.tolist()
    )


def last_dot(
    columns: Columns, side: Side | None, measure: Measure, groups: Grouping
) -> ChartPoint | None:
    """Compute a measure for the last stretch; None where it has no value."""
    since = int(np.searchsorted(groups.group, groups.group[-1]))
    values = _values(columns, side, measure, groups, since=since)
    value, low, high = (float(each[-1]) for each in values)
    if not np.isfinite(value):
        return None
    return ChartPoint(
        at=groups.at[-1],
        start=groups.start[-1],
        end=groups.end[-1],
        estimate=Estimate(value=value, low=low, high=high),
        analysable_min=float(groups.minutes[-1]),
        bursts=int(_counted(columns, side, measure, groups)[-1]),
        recordings=groups.names[-1],
    )


def _counted(
    columns: Columns, side: Side | None, measure: Measure, groups: Grouping
) -> Array:
    """Return bursts of every stretch; of a blink rate, blinks."""
    counted = columns.blinks if side is None else columns.sides[side].bursts
    if measure is Measure.REST_ASYMMETRY:
        counted = np.zeros(len(columns.day))
        for each in columns.sides.values():
            counted = counted + each.bursts
    return sums(groups.group, counted, len(groups.at))


def _values(
    columns: Columns,
    side: Side | None,
    measure: Measure,
    groups: Grouping,
    *,
    since: int = 0,
) -> Values:
    """Return value, low, high of every stretch, NaN where there is none.

    Medians, which take time, only of recordings from row `since` on.
    """
    n, group = len(groups.at), groups.group
    widen = groups.period != "recording"
    if side is None:
        return _of_face(columns, measure, groups, widen=widen)
    own = columns.sides[side]
    if measure is Measure.EPISODES_PER_MIN:
        return _new_bursts(own, group, widen=widen)
    if measure is Measure.SPASM_FRACTION:
        return _fractions(columns, side, group, widen=widen)
    if measure is Measure.LONGEST_DURATION_S:
        longest = np.full(n, -np.inf)
        np.maximum.at(longest, group, np.nan_to_num(own.durations.longest, nan=-np.inf))
        value = np.where(np.isfinite(longest), longest, np.nan)
        return value, np.full(n, np.nan), np.full(n, np.nan)
    if measure in _TIMED:
        lengths = getattr(own, _TIMED[measure])
        wide = _design_effect(lengths) if widen else 1.0
        if measure is Measure.EXCURSION_MM:
            return _medians(lengths, group, n, wide, since=since)
        durations = own.durations
        if measure is Measure.MEDIAN_DURATION_S and not (
            durations.onset_cut.any() or durations.offset_cut.any()
        ):
            return _medians(durations, group, n, wide, since=since)
        watch = _WATCH[measure]
        return median_of(watch(own).since(since), group, n, wide)
    hits, of = {
        Measure.SHARE_OVER_1S: (own.over_1s, own.timed),
        Measure.BOTH_REGIONS_SHARE: (own.both_regions, own.bursts),
        Measure.BROW_LIFT_SHARE: (own.brow_lifts, own.bursts),
    }[measure]
    return _shares(hits, of, group, widen=widen)


def _of_face(
    columns: Columns, measure: Measure, groups: Grouping, *, widen: bool
) -> Values:
    """Return measures of both sides."""
    if measure is Measure.BLINKS_PER_MIN:
        return _rates(columns.blinks, columns.minutes, groups.group, widen=widen)
    measured = np.isfinite(columns.asymmetry)
    return mean_interval(
        columns.asymmetry[measured], groups.group[measured], len(groups.at)
    )


def _rates(count: Array, minutes: Array, group: Ints, *, widen: bool) -> Values:
    """Return the rate: counts over minutes."""
    n = int(group[-1]) + 1
    seen, watched = sums(group, count, n), sums(group, minutes, n)
    wide = over_dispersion(count, minutes, group, lambda rate: rate) if widen else 1.0
    return (seen / watched, *poisson_intervals(seen, watched, wide))


def _new_bursts(own: SideColumns, group: Ints, *, widen: bool) -> Values:
    """Return onsets over the time without a burst.

    Of long bursts some may be missed whole, and count as time without one. Where bursts take most of
    the time that makes them seem much rarer: the upper end is that with as many missed as may be.
    """
    value, low, high = _rates(own.onsets, own.free_min, group, widen=widen)
    free = sums(group, own.free_min, len(value))
    busy = sums(group, own.spasm_s, len(value)) / 60
    left = np.maximum(free - busy * (1 / _LEAST_FOUND - 1), free / _MOST_TIMES)
    return value, low, high * free / left


def _fractions(columns: Columns, side: Side, group: Ints, *, widen: bool) -> Values:
    """Return the share of time in bursts.

    Counting k bursts knows their total as k independent amounts, an effective count of
    (sum d)^2 / sum d^2 (Bohm and Zech 2014, NIM A 748:1-6), of the bursts at hand or, with
    none, of the typical one. In a course that alternates between bursts of length d
    and pauses the share p has the variance p (1 - p)^2 E[d^2] / (E[d] T) over a time T
    (Cox 1962, Renewal Theory, chapter 7): that of T E[d] / (E[d^2] (1 - p)) trials.
    """
    own = columns.sides[side]
    n = int(group[-1]) + 1
    watched = sums(group, columns.minutes * 60, n)
    total = sums(group, own.spasm_s, n)
    squares = sums(group, own.durations.squares, n)
    typical = typical_s(own, columns.minutes * 60)
    amount = np.full(n, typical)
    if own.ends.sum() == own.durations.count.sum():
        amount = np.where(total > 0, squares / np.where(total > 0, total, 1), typical)
    wide = 1.0
    if widen and np.isfinite(typical):
        wide = over_dispersion(
            own.spasm_s,
            columns.minutes * 60,
            group,
            lambda share: share * (1 - share) ** 2 * typical,
        )
    known = np.where(np.isfinite(amount), amount, 1.0)
    share = total / watched
    trials = watched / known / np.maximum(1 - share, _LEAST_REST)
    low, high = share_intervals(share * trials, trials, wide)
    return share, low, np.where(np.isfinite(amount), high, np.nan)


def _medians(
    lengths: Lengths, group: Ints, n: int, effect: float, *, since: int
) -> Values:
    """Return medians of one number a burst."""
    first = int(np.searchsorted(lengths.row, since))
    rows = lengths.row[first:]
    return grouped_median(lengths.values[first:], group[rows], n, effect)


def _design_effect(lengths: Lengths) -> float:
    """Return how much bursts of a recording are alike: 1 + (m - 1) ICC (Kish 1965).

    The intraclass correlation is that of the analysis of variance of the logs (Donner
    1986, Int Stat Rev 54:67-82).
    """
    held = lengths.count > 1
    m, groups = lengths.count[held], int(held.sum())
    if groups < 3:
        return 1.5
    mean = float((m * lengths.mean_log[held]).sum() / m.sum())
    between = float((m * (lengths.mean_log[held] - mean) ** 2).sum() / (groups - 1))
    within = lengths.within_log_variance
    size = float((m.sum() - (m**2).sum() / m.sum()) / (groups - 1))
    alike = max((between - within) / (between + (size - 1) * within), 0.0)
    typical = float((m**2).sum() / m.sum())
    return 1 + (typical - 1) * alike


def _shares(hits: Array, bursts: Array, group: Ints, *, widen: bool) -> Values:
    """Return shares of bursts."""
    n = int(group[-1]) + 1
    k, of = sums(group, hits, n), sums(group, bursts, n)
    k = np.minimum(k, of)
    wide = 1.0
    if widen:
        wide = over_dispersion(hits, bursts, group, lambda share: share * (1 - share))
    some = np.where(of > 0, of, 1.0)
    low, high = share_intervals(k, some, wide)
    none = of == 0
    return (
        np.where(none, np.nan, k / some),
        np.where(none, np.nan, low),
        np.where(none, np.nan, high),
    )
