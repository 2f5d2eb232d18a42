"""The recordings of one kind of task as columns of numbers.

Everything later works on these arrays, so that ten years of daily recordings take no
longer than they must. Note: a row is a recording, in order of time; days are counted
from the first counted recording of any kind; NaN is not measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.summary import LONG_BURST_S
from twitch_tracker.history import (
    Basis,
    LoggedRecording,
    SideTotals,
    Task,
    TaskKind,
)
from twitch_tracker.progression.recordings.interrupted import (
    BurstsAndPauses,
    put_together,
)
from twitch_tracker.progression.shares import part_of
from twitch_tracker.progression.statistics.sums import sums
from twitch_tracker.regions import SIDES, Region, Side

__all__ = ["Columns", "Lengths", "SideColumns", "columns_of", "grouped_median"]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_LEAST_FREE_S: Final = 0.5
"""A recording that is all burst says nothing of when bursts begin: hardly any free time
says so without a division by zero."""


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """One positive number a burst (or pause): durations, pauses, excursions.

    Attributes
    ----------
    values : NDArray[np.float64]
        All of them, in order of the recordings.
    row : NDArray[np.int64]
        To which recording each belongs.
    count, mean_log, longest, squares : NDArray[np.float64]
        By recording; NaN in recordings without any, `count` 0.
    onset_cut, offset_cut : NDArray[np.bool_]
        Whether the onset and the offset of the burst was not seen, so that a duration
        in `values` is a lower bound; in the order of `values`, all False of pauses and
        excursions.
    within_log_variance : float
        Variance of the logs within a recording, pooled; 0.5 when it cannot be determined.
    """

    values: Array
    row: Ints
    onset_cut: Flags
    offset_cut: Flags
    count: Array
    mean_log: Array
    longest: Array
    squares: Array
    within_log_variance: float


@dataclass(frozen=True, kw_only=True)
class SideColumns:
    """One side's numbers by recording, shape (recordings,).

    Attributes
    ----------
    bursts : NDArray[np.float64]
        Bursts as logged, whole or in part; those of `durations` are put together first
        (`interrupted`).
    onsets, ends : NDArray[np.float64]
        Bursts whose onset, and whose offset, was seen.
    spasm_s : NDArray[np.float64]
        Seconds in bursts.
    free_min : NDArray[np.float64]
        Analysable minutes without a burst: the time in which one can begin.
    timed, over_1s : NDArray[np.float64]
        Bursts of which it is known whether they lasted longer than 1 s, and those
        that did; of bursts whose onset was seen.
    """

    bursts: Array
    onsets: Array
    ends: Array
    spasm_s: Array
    free_min: Array
    timed: Array
    over_1s: Array
    both_regions: Array
    brow_lifts: Array
    bilateral: Array
    with_region: Mapping[Region, Array]
    durations: Lengths
    pauses: Lengths
    excursions: Lengths


@dataclass(frozen=True, kw_only=True)
class Columns:
    """All recordings of one kind of task.

    Attributes
    ----------
    kind : TaskKind
        Which.
    recordings : tuple of LoggedRecording
        The rows.
    first_day : date
        Day 0.
    day, hour : NDArray[np.float64]
        Day of each row, and the time of day, 0 to 24.
    minutes, blinks, asymmetry : NDArray[np.float64]
        Analysable minutes, blinks, rest asymmetry.
    task : NDArray[np.int64]
        Number of the task within `tasks`.
    tasks : tuple of Task
        The tasks that occur, the most frequent first.
    device : NDArray[np.int64]
        Number of the device within all that were stated, 0 for the first and where none
        was stated.
    basis : NDArray[np.int64]
        1 where a person checked the bursts, 0 where they are as they were found.
    sides : Mapping[Side, SideColumns]
        Both sides.
    lead : Mapping[Side, float]
        Share of each side in the page's chance; sides that are not judged
        (`standing`) are left out.
    """

    kind: TaskKind
    recordings: tuple[LoggedRecording, ...]
    first_day: date
    day: Array
    hour: Array
    minutes: Array
    blinks: Array
    asymmetry: Array
    task: Ints
    tasks: tuple[Task, ...]
    device: Ints
    basis: Ints
    sides: Mapping[Side, SideColumns]
    lead: Mapping[Side, float] = field(
        default_factory=lambda: dict.fromkeys(SIDES, 1 / len(SIDES))
    )

    @property
    def judged(self) -> tuple[Side, ...]:
        """Sides of which anything is reported."""
        return tuple(side for side in SIDES if side in self.lead)

    def part(self, side: Side | None) -> float:
        """Part of the page's chance; what belongs to the face has both sides'."""
        years = float(self.day[-1]) / 365.25 if len(self.day) else 0.0
        lead = 1.0 if side is None else self.lead.get(side, 0.0)
        return part_of(self.kind, lead, years)

    def date_of(self, day: float) -> date:
        """Return the date of a day's number."""
        return self.first_day + timedelta(days=int(day))


def columns_of(
    kind: TaskKind, recordings: Sequence[LoggedRecording], first_day: date
) -> Columns:
    """Turn recordings of one kind, in order of time, into columns."""
    tasks = [r.task for r in recordings]
    seconds = np.array([r.analysable_s for r in recordings])
    order = sorted(set(tasks), key=lambda task: (-tasks.count(task), task.value))
    return Columns(
        kind=kind,
        recordings=tuple(recordings),
        first_day=first_day,
        day=np.array(
            [(r.started_at.date() - first_day).days for r in recordings], float
        ),
        hour=np.array([_hour(r.started_at) for r in recordings], float),
        minutes=seconds / 60,
        blinks=np.array([r.blinks for r in recordings], float),
        asymmetry=np.array([r.rest_asymmetry for r in recordings], float),
        task=np.array([order.index(task) for task in tasks]),
        tasks=tuple(order),
        device=_devices([r.device for r in recordings]),
        basis=np.array([r.basis is Basis.REVIEWED for r in recordings], np.int64),
        sides={s: _side([r.sides[s] for r in recordings], seconds) for s in SIDES},
    )


def _hour(at: datetime) -> float:
    """Return the hour of the person's own clock."""
    return at.hour + at.minute / 60


def _devices(names: list[str]) -> Ints:
    """Enumerate devices in order of their first recording."""
    order = list(dict.fromkeys(name for name in names if name))
    return np.array([order.index(n) if n else 0 for n in names], np.int64)


def _side(totals: list[SideTotals], analysable_s: Array) -> SideColumns:
    """Return columns of one side.

    Time in bursts is at most the analysable time: a burst counts whole although a part
    of it may not have been measurable.
    """
    n = len(totals)
    logged = _logged(totals)
    whole = put_together(logged, n)
    durations = _lengths(
        whole.durations, whole.row, n, whole.onset_cut, whole.offset_cut
    )
    some = logged.durations > 0
    busy_s = sums(logged.row[some], logged.durations[some], n)
    spasm_s = np.minimum(busy_s, analysable_s)
    row = durations.row
    over = ~durations.onset_cut & (durations.values > LONG_BURST_S)
    timed = ~durations.onset_cut & (over | ~durations.offset_cut)
    return SideColumns(
        bursts=np.bincount(logged.row[some], minlength=n).astype(float),
        onsets=sums(row, ~durations.onset_cut, n),
        ends=sums(row, ~durations.offset_cut, n),
        spasm_s=spasm_s,
        free_min=np.maximum(analysable_s - spasm_s, _LEAST_FREE_S) / 60,
        timed=sums(row, timed, n),
        over_1s=sums(row, over, n),
        both_regions=np.array([t.both_regions for t in totals], float),
        brow_lifts=np.array([t.brow_lifts for t in totals], float),
        bilateral=np.array([t.bilateral for t in totals], float),
        with_region={
            region: np.array([t.with_region.get(region, 0) for t in totals], float)
            for region in Region
        },
        durations=durations,
        pauses=_lengths(whole.pauses, whole.pause_row, n),
        excursions=_lengths(*_flat([t.excursions_mm for t in totals]), n),
    )


def _logged(totals: list[SideTotals]) -> BurstsAndPauses:
    """Return bursts and pauses of one side as they were logged."""
    durations, row = _flat([t.durations_s for t in totals])
    pauses, pause_row = _flat([t.pauses_s for t in totals])
    cut = [
        _joined([getattr(t, n) for t in totals]) for n in ("onset_cut", "offset_cut")
    ]
    return BurstsAndPauses(
        durations=durations,
        onset_cut=cut[0],
        offset_cut=cut[1],
        row=row,
        pauses=pauses,
        pause_row=pause_row,
    )


def _flat(parts: list[NDArray[np.float32]]) -> tuple[Array, Ints]:
    """Return all values in a row, and to which recording each belongs."""
    row = np.repeat(np.arange(len(parts)), [len(p) for p in parts])
    values = np.concatenate(parts).astype(float) if parts else np.empty(0)
    return values, row


def _lengths(
    values: Array,
    row: Ints,
    n: int,
    onset_cut: Flags | None = None,
    offset_cut: Flags | None = None,
) -> Lengths:
    """Summarise one number a burst by recording; NaN and what is not positive is out."""
    measured = values > 0
    none = np.zeros(len(values), bool)
    cut = [
        (none if flags is None else flags)[measured]
        for flags in (onset_cut, offset_cut)
    ]
    values, row = values[measured], row[measured]
    count = np.bincount(row, minlength=n).astype(float)
    logs = np.log(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_log = sums(row, logs, n) / count
    longest = np.full(n, np.nan)
    if len(values):
        first = np.searchsorted(row, np.flatnonzero(count))
        longest[count > 0] = np.maximum.reduceat(values, first)
    within = float(((logs - mean_log[row]) ** 2).sum())
    free = float(np.maximum(count - 1, 0).sum())
    return Lengths(
        values=values,
        row=row,
        onset_cut=cut[0],
        offset_cut=cut[1],
        count=count,
        mean_log=mean_log,
        longest=longest,
        squares=sums(row, values**2, n),
        # Four imagined degrees of freedom keep a handful of bursts sensible.
        within_log_variance=(within + 4 * 0.5) / (free + 4),
    )


def _joined(parts: list[Flags]) -> Flags:
    return np.concatenate(parts) if parts else np.empty(0, bool)


def grouped_median(
    values: Array, group: Ints, groups: int, design_effect: float = 1.0
) -> tuple[Array, Array, Array]:
    """Return the median of each group with its 95 % interval from order statistics.

    The interval takes the values of rank n/2 -+ 1.96 sqrt(n d) / 2 (Hollander and
    Wolfe 1999, section 3.6, normal approximation), where d is the design effect; it is
    NaN with fewer than six values, of which no pair of ranks covers 95 %.

    Parameters
    ----------
    values : NDArray[np.float64]
        Positive.
    group : NDArray[np.int64]
        To which group each belongs, 0 to `groups` - 1, not decreasing.
    groups : int
        How many groups there are.
    design_effect : float
        How many times larger the variance is than with independent values.

    Returns
    -------
    median, low, high : NDArray[np.float64]
        Shape (groups,); NaN in empty groups.
    """
    count = np.bincount(group, minlength=groups)
    half = 0.98 * np.sqrt(count * design_effect)
    ranks = np.stack(
        [
            (count - 1) // 2,
            count // 2,
            np.floor(count / 2 - half).astype(int) - 1,
            np.ceil(count / 2 + half).astype(int),
        ],
        axis=1,
    )
    ranks = np.clip(ranks, 0, np.maximum(count - 1, 0)[:, None])
    found = np.full((groups, 4), np.nan)
    parts = np.split(values, np.cumsum(count)[:-1])
    for place in np.flatnonzero(count):
        rank = ranks[place]
        found[place] = np.partition(parts[place], rank)[rank]
    few = (count < 6) | (count / 2 - half < 1)
    low, high = np.where(few[:, None], np.nan, found[:, 2:]).T
    return (found[:, 0] + found[:, 1]) / 2, low, high
