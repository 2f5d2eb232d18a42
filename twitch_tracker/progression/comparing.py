"""Two days of one kind of task side by side: what may be compared, and the numbers.

Pure: knows recordings and statistics, no page. Note: the earlier day comes first
whatever was asked; different methods, different ways to count and different tasks are
never put into one ratio, and the reason is said; a ratio is later over earlier.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from twitch_tracker.history import (
    Basis,
    LoggedRecording,
    PatientHistory,
    TaskKind,
    Treatment,
)
from twitch_tracker.progression.change.windows import NOTHING, compare, daily_noise
from twitch_tracker.progression.recordings.columns import Columns, columns_of
from twitch_tracker.progression.results import (
    MEASURES_OF_BOTH_SIDES,
    ChartPoint,
    Estimate,
    Measure,
)
from twitch_tracker.progression.series import dots, grouping
from twitch_tracker.regions import SIDES, Side

__all__ = [
    "Day",
    "NumberRow",
    "Obstacle",
    "SideBySide",
    "common_tasks",
    "day_of",
    "days_recorded",
    "nearest_days",
    "obstacles",
    "side_by_side",
]


@dataclass(frozen=True, kw_only=True)
class Day:
    """The recordings of one day that are compared.

    Attributes
    ----------
    on : date
        The day.
    recordings : tuple of LoggedRecording
        Of one kind of task and one method, in order of time.
    left_out : tuple of LoggedRecording
        Others of this kind: of another method.
    """

    on: date
    recordings: tuple[LoggedRecording, ...]
    left_out: tuple[LoggedRecording, ...] = ()

    @property
    def bases(self) -> frozenset[Basis]:
        """Whose bursts these are."""
        return frozenset(r.basis for r in self.recordings)


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """Why two days cannot be put into one ratio: ``method``, ``basis`` or ``task``."""

    key: str


@dataclass(frozen=True, kw_only=True)
class NumberRow:
    """One measure of one side on both days; None where it has no value."""

    measure: Measure
    side: Side | None
    earlier: ChartPoint | None
    later: ChartPoint | None


@dataclass(frozen=True, kw_only=True)
class SideBySide:
    """All numbers of two days.

    Attributes
    ----------
    rows : tuple of NumberRow
        Right, left, then the whole face; measures without any value left out.
    ratios : dict of Side to Estimate
        Burst rate, later over earlier, the usual ups and downs of this person counted
        in; NaN where there is an obstacle or nothing to compare.
    """

    rows: tuple[NumberRow, ...]
    ratios: dict[Side, Estimate]


# --- choosing -------------------------------------------------------------------


def _of_kind(history: PatientHistory, kind: TaskKind) -> list[LoggedRecording]:
    found = [
        r for r in history.recordings if r.task.kind is kind and r.analysable_s > 0
    ]
    return sorted(found, key=lambda r: (r.started_at, r.recording_id))


def days_recorded(history: PatientHistory, kind: TaskKind) -> tuple[date, ...]:
    """Return the days with a measurable recording of a kind, in order."""
    return tuple(sorted({r.started_at.date() for r in _of_kind(history, kind)}))


def nearest_days(days: Sequence[date], wanted: date) -> tuple[date, ...]:
    """Return the last day before and the first day after, as far as there are any."""
    before = [day for day in days if day < wanted][-1:]
    after = [day for day in days if day > wanted][:1]
    return (*before, *after)


def day_of(
    history: PatientHistory, kind: TaskKind, on: date, recording_id: str = ""
) -> Day | None:
    """Collect what is compared of a day.

    Parameters
    ----------
    history : PatientHistory
        Of whom.
    kind : TaskKind
        Of which kind of task.
    on : date
        The day.
    recording_id : str
        Only this recording; all of the day by default.

    Returns
    -------
    Day or None
        Recordings of the method of the day's last one; None without any.
    """
    there = [r for r in _of_kind(history, kind) if r.started_at.date() == on]
    chosen = [r for r in there if recording_id in {"", r.recording_id}]
    if not chosen:
        return None
    key = chosen[-1].method.key
    return Day(
        on=on,
        recordings=tuple(r for r in chosen if r.method.key == key),
        left_out=tuple(r for r in chosen if r.method.key != key),
    )


def common_tasks(earlier: Day, later: Day) -> tuple[Day, Day]:
    """Keep only the tasks that were done on both days; both days when there are none."""
    common = {r.task for r in earlier.recordings} & {r.task for r in later.recordings}
    if not common:
        return earlier, later
    kept = [
        replace(day, recordings=tuple(r for r in day.recordings if r.task in common))
        for day in (earlier, later)
    ]
    return kept[0], kept[1]


def obstacles(earlier: Day, later: Day) -> tuple[Obstacle, ...]:
    """Say what stands against one ratio of two days."""
    found = []
    if earlier.recordings[-1].method.key != later.recordings[-1].method.key:
        found.append(Obstacle(key="method"))
    if len(earlier.bases | later.bases) > 1:
        found.append(Obstacle(key="basis"))
    if {r.task for r in earlier.recordings}.isdisjoint(
        r.task for r in later.recordings
    ):
        found.append(Obstacle(key="task"))
    return tuple(found)


# --- numbers --------------------------------------------------------------------


def side_by_side(
    history: PatientHistory, kind: TaskKind, earlier: Day, later: Day
) -> SideBySide:
    """Compute the numbers of both days, and the ratio of the burst rates.

    Parameters
    ----------
    history : PatientHistory
        All recordings: they show how much this person varies from day to day.
    kind : TaskKind
        Of both days.
    earlier, later : Day
        Not the same recordings.

    Returns
    -------
    SideBySide
        Rates as everywhere in progression; ratios from `windows.compare`.
    """
    points = (_points(kind, earlier), _points(kind, later))
    rows = tuple(
        NumberRow(
            measure=measure,
            side=side,
            earlier=points[0].get((measure, side)),
            later=points[1].get((measure, side)),
        )
        for side in (Side.RIGHT, Side.LEFT, None)
        for measure in Measure
        if (side is None) == (measure in MEASURES_OF_BOTH_SIDES)
        and any((measure, side) in of_day for of_day in points)
    )
    ratios = dict.fromkeys(SIDES, NOTHING)
    if not obstacles(earlier, later):
        ratios = _ratios(history, kind, earlier, later)
    return SideBySide(rows=rows, ratios=ratios)


def _points(kind: TaskKind, day: Day) -> dict[tuple[Measure, Side | None], ChartPoint]:
    """Compute every measure of one day from its own recordings alone."""
    columns = columns_of(kind, day.recordings, day.on)
    period = "recording" if len(day.recordings) == 1 else "day"
    groups = grouping(period, np.zeros(len(day.recordings), np.int64), columns)
    found = {}
    for measure in Measure:
        for side in (None,) if measure in MEASURES_OF_BOTH_SIDES else SIDES:
            for point in dots(columns, side, measure, groups):
                found[measure, side] = point
    return found


def _ratios(
    history: PatientHistory, kind: TaskKind, earlier: Day, later: Day
) -> dict[Side, Estimate]:
    """Compare the burst rates of both days with how much this person varies."""
    key = earlier.recordings[-1].method.key
    alike = [r for r in _of_kind(history, kind) if r.method.key == key]
    first_day = alike[0].started_at.date()
    columns = columns_of(kind, alike, first_day)
    two, places = _two_days(kind, earlier, later, first_day)
    return {
        side: _ratio(columns, two, side, places, history.treatments) for side in SIDES
    }


def _two_days(
    kind: TaskKind, earlier: Day, later: Day, first_day: date
) -> tuple[Columns, tuple[float, float]]:
    """Return both days alone; two recordings of one day count as half a day apart."""
    columns = columns_of(kind, (*earlier.recordings, *later.recordings), first_day)
    is_later = np.arange(len(columns.day)) >= len(earlier.recordings)
    if earlier.on == later.on:
        columns = replace(columns, day=columns.day + 0.5 * is_later)
    day = columns.day
    return columns, (float(day[0]), float(day[-1]))


def _ratio(
    columns: Columns,
    two: Columns,
    side: Side,
    places: tuple[float, float],
    treatments: Sequence[Treatment],
) -> Estimate:
    if not two.sides[side].bursts.sum() > 0:
        return NOTHING
    noise = daily_noise(columns, side, treatments)
    early, late = places
    found = compare(two, side, (early, early + 0.25), (late, late + 0.25), noise)
    return found.ratio if math.isfinite(found.ratio.value) else NOTHING
