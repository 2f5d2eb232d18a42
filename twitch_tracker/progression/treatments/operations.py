"""What followed an operation: the burst rate at fixed times, against before.

Relief may come late: it may begin at any of these times, nothing is called final before
nine months, and "failed" is never said. More bursts than before are shown as fewer are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from twitch_tracker.history import Treatment, TreatmentKind
from twitch_tracker.progression.change.sure import sureness_of
from twitch_tracker.progression.change.time_around import TIME_PART, compare_time
from twitch_tracker.progression.change.windows import compare
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.recordings.phases import (
    OPERATION_MARKS,
    OPERATION_SETTLED_DAYS,
    treatments_of,
)
from twitch_tracker.progression.results import (
    OperationCourse,
    OperationMark,
    Sureness,
)
from twitch_tracker.progression.shares import is_clear, operation_share
from twitch_tracker.progression.statistics.noise import NoiseGrid
from twitch_tracker.progression.treatments.injections import NoiseOf
from twitch_tracker.regions import Side

__all__ = ["OPERATION_BEFORE_DAYS", "operation_courses"]

OPERATION_BEFORE_DAYS: Final = 91
"""Three months: one round of injections, so that "before" is how it was treated."""

_EFFECTS: Final = ((-2.0, 1.0), (0.0, 0.7))
"""Log ratios that are looked for: to a seventh and less, as in the nine of ten who are
relieved (89 % of 1341 patients, 10.1007/s00701-019-04032-x), or any difference."""


def operation_courses(
    kinds: Sequence[Columns],
    treatments: Sequence[Treatment],
    noise_of: NoiseOf,
    today: date | None,
) -> tuple[OperationCourse, ...]:
    """Follow every operation on every side it may act on, in every kind of task.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.
    treatments : sequence of Treatment
        All of the person.
    noise_of : callable
        Variability of a kind and side.
    today : date or None
        How far the course has come.

    Returns
    -------
    tuple of OperationCourse
        Marks that lie before the last recording or `today`; in order of day.
    """
    found = [
        _course(columns, side, treatment, noise_of(columns.kind, side), today, number)
        for columns in kinds
        for side in columns.judged
        for number, treatment in enumerate(
            treatments_of(treatments, TreatmentKind.MICROVASCULAR_DECOMPRESSION, side)
        )
        if columns.sides[side].bursts.sum() > 0
    ]
    return tuple(sorted(found, key=lambda course: course.treatment.on))


def _course(
    columns: Columns,
    side: Side,
    treatment: Treatment,
    noise: NoiseGrid,
    today: date | None,
    number: int,
) -> OperationCourse:
    """Follow one operation, the `number`-th of its side from 0."""
    day = float((treatment.on - columns.first_day).days)
    before = (day - OPERATION_BEFORE_DAYS, day)
    marks = []
    first = compare(columns, side, before, (day, day), noise).first
    # All marks together are weighed once; those that differ by themselves are then clear.
    share = operation_share(columns.part(side), number)
    of_rate, of_time = (1 - TIME_PART) * share, TIME_PART * share
    whole = (day + OPERATION_MARKS[0][1], day + OPERATION_MARKS[-1][2] + 1)
    later = tuple(day + begin for _, begin, _ in OPERATION_MARKS[1:])
    together = compare(columns, side, before, whole, noise, _EFFECTS, later)
    differs = is_clear(together.log_evidence, of_rate)
    time = compare_time(columns, side, before, whole, _EFFECTS, later)
    time_differs = time.is_clear(of_time)
    for on, begin, end in OPERATION_MARKS:
        if today is None or treatment.on + timedelta(days=begin) > today:
            continue
        after = (day + begin, day + end + 1)
        found = compare(columns, side, before, after, noise)
        marks.append(
            OperationMark(
                day=on,
                rate=found.second,
                over_before=found.ratio,
                analysable_min=found.minutes,
                sureness=Sureness.CLEAR
                if differs and (found.ratio.high < 1 or found.ratio.low > 1)
                else sureness_of(0.0, of_rate, found.p_value),
                time=compare_time(columns, side, before, after, _EFFECTS).around(
                    clear=time_differs
                ),
            )
        )
    passed = (today - treatment.on).days if today is not None else None
    return OperationCourse(
        treatment=treatment,
        side=side,
        kind=columns.kind,
        before=first,
        marks=tuple(marks),
        is_early=passed is not None and passed < OPERATION_SETTLED_DAYS,
    )
