"""What followed a drug or another treatment: the burst rate after it, against before.

Carbamazepine, acupuncture, anything that is neither an injection nor an operation. Half
a year on both sides is compared, up to the next such treatment or operation;
injections, tasks and devices are taken out as in trends. Note: it is what came after a
treatment, not what came of it; a first week is left out, in which doses are found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.history import Treatment, TreatmentKind
from twitch_tracker.progression.change.sure import sureness_of
from twitch_tracker.progression.change.time_around import TIME_PART, compare_time
from twitch_tracker.progression.change.trends import other_columns
from twitch_tracker.progression.change.windows import Window, compare, estimate_of
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.recordings.phases import (
    Acting,
    injection_days,
    operation_days,
    treatments_of,
)
from twitch_tracker.progression.results import OtherCourse
from twitch_tracker.progression.shares import other_share
from twitch_tracker.progression.statistics.evidence import Alternative, evidence_for
from twitch_tracker.progression.statistics.fit import Counts, Design, fit
from twitch_tracker.progression.statistics.noise import (
    noise_of_firm_statements,
    noise_of_logs,
)
from twitch_tracker.progression.statistics.sums import sums
from twitch_tracker.regions import Side

__all__ = ["OTHER_DAYS", "OTHER_ONSET_DAYS", "other_courses"]

Array = NDArray[np.float64]

OTHER_DAYS: Final = 182
"""Half a year before and after: long enough to even out better and worse months."""

OTHER_ONSET_DAYS: Final = 7
"""Days after the beginning that belong to neither stretch."""

_EFFECTS: Final = ((-0.7, 0.4, 0.8), (0.0, 0.7, 0.2))
"""Means and standard deviations of log ratios that are looked for, and their chances: about
a half, as is hoped of a drug that is kept, or any difference."""

_OF_TIME: Final = tuple((mean, sd) for mean, sd, _ in _EFFECTS)
"""The same of the odds of the time in bursts."""

_LEAST_DAYS: Final = 3
_EFFECT_SD: Final = 1.5


def other_courses(
    kinds: Sequence[Columns], treatments: Sequence[Treatment]
) -> tuple[OtherCourse, ...]:
    """Follow every other treatment on every side it may act on, in every kind of task.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.
    treatments : sequence of Treatment
        All of the person.

    Returns
    -------
    tuple of OtherCourse
        Those with recordings on three days before and after at least; in order of day.
    """
    found = [
        course
        for columns in kinds
        for side in columns.judged
        if columns.sides[side].onsets.sum() > 0
        for number, treatment in enumerate(
            treatments_of(treatments, TreatmentKind.OTHER, side)
        )
        if (course := _course(columns, side, treatment, number, treatments)) is not None
    ]
    return tuple(sorted(found, key=lambda course: course.treatment.on))


def _stretches(
    columns: Columns, side: Side, day: float, treatments: Sequence[Treatment]
) -> tuple[Window, Window]:
    """Return days before and after that are compared, without another treatment."""
    others = treatments_of(treatments, TreatmentKind.OTHER, side)
    marks = np.array([(t.on - columns.first_day).days for t in others], float)
    marks = np.append(marks, operation_days(treatments, columns, side))
    earlier, later = marks[marks < day], marks[marks > day]
    begin = max([day - OTHER_DAYS, *(earlier + OTHER_ONSET_DAYS)])
    end = min([day + OTHER_ONSET_DAYS + OTHER_DAYS, *later])
    return (begin, day), (day + OTHER_ONSET_DAYS, end)


def _course(
    columns: Columns,
    side: Side,
    treatment: Treatment,
    number: int,
    treatments: Sequence[Treatment],
) -> OtherCourse | None:
    """Follow one treatment, the `number`-th of its side from 0."""
    on = float((treatment.on - columns.first_day).days)
    before, after = _stretches(columns, side, on, treatments)
    early, late = (
        (columns.day >= begin) & (columns.day < end) for begin, end in (before, after)
    )
    rows = np.flatnonzero(early | late)
    own = columns.sides[side]
    days = [len(np.unique(columns.day[part])) for part in (early, late)]
    if min(days) < _LEAST_DAYS or not own.onsets[rows].sum() > 0:
        return None
    day, group = np.unique(columns.day[rows], return_inverse=True)
    per_day = np.bincount(group)
    injections = injection_days(treatments, columns, side)
    others = other_columns(columns, rows, Acting.on(columns.day[rows], injections))
    means = [sums(group, column, len(day)) / per_day for column in others.T]
    held = np.array(means).T.reshape(len(day), others.shape[1])
    held = held - held.mean(axis=0)
    family = Counts(
        count=sums(group, own.onsets[rows], len(day)),
        exposure=sums(group, own.free_min[rows], len(day)),
    )
    step = (day >= after[0]).astype(float)
    step -= step.mean()
    noise = noise_of_logs()
    design = Design.of(day, np.column_stack([step, held]), prior_sd=_EFFECT_SD)
    change = fit(family, design, noise).along(np.eye(design.columns.shape[1])[1])
    ways = [
        Alternative(column=step, means=(mean,), sds=(sd,), chance=chance)
        for mean, sd, chance in _EFFECTS
    ]
    null = Design.of(day, held, prior_sd=_EFFECT_SD)
    log_evidence = evidence_for(
        family, null, ways, noise_of_firm_statements()
    ).log_ratio
    share = other_share(columns.part(side), number)
    of_rate, of_time = (1 - TIME_PART) * share, TIME_PART * share
    time = compare_time(columns, side, before, after, _OF_TIME, injections=injections)
    levels = compare(columns, side, before, after, noise.without_the_unlikely(0.2))
    return OtherCourse(
        treatment=treatment,
        side=side,
        kind=columns.kind,
        first_on=columns.date_of(columns.day[rows[0]]),
        last_on=columns.date_of(columns.day[rows[-1]]),
        before=levels.first,
        after=levels.second,
        after_over_before=estimate_of(change),
        analysable_min=levels.minutes,
        injections_acted=bool((injections < after[1]).any())
        and bool((injections > before[0] - OTHER_DAYS).any()),
        sureness=sureness_of(log_evidence, of_rate, change.p_value),
        time=time.around(clear=time.is_clear(of_time)),
    )
