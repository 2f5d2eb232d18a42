"""What a person chose to see of a course: basis, kind of task, time, measures.

Note: a choice only decides what is drawn. Trends, readings and latest numbers always
rest on every counted recording, so that nobody finds a trend by trying stretches until
one shows it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import urlencode

from twitch_tracker.border.days import day_from
from twitch_tracker.history import USUAL_BASIS, Basis, TaskKind
from twitch_tracker.language import say
from twitch_tracker.progression.results import (
    ChartPoint,
    Measure,
    Progression,
    Series,
)
from twitch_tracker.report.progress.charts import TimeAxis, time_axis
from twitch_tracker.wording.terms import KINDS

__all__ = ["Choice", "chosen_axis", "chosen_part", "read_choice", "shown_kinds"]

EVERY_KIND: Final = "every"
_FINEST: Final = 60
"""Up to this many recordings in the chosen time are drawn one by one."""

_Name = TypeVar("_Name", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is to be drawn.

    Attributes
    ----------
    basis : Basis
        Whose bursts count.
    kind : TaskKind or None
        Which kind of task; None for the first that was recorded.
    every_kind : bool
        All kinds, one below the other.
    first, last : date or None
        Drawn time; None for as far as there is.
    measures : tuple of Measure
        Empty for all of them.
    problem : str
        What of the request was not understood, in words; empty when all was.
    """

    basis: Basis = USUAL_BASIS
    kind: TaskKind | None = None
    every_kind: bool = False
    first: date | None = None
    last: date | None = None
    measures: tuple[Measure, ...] = ()
    problem: str = ""

    @property
    def is_special(self) -> bool:
        """Whether anything but the usual was chosen, or was not understood."""
        return self != Choice()

    @property
    def query(self) -> str:
        """The choice as the end of an address."""
        query: list[tuple[str, str]] = [("basis", self.basis.value)]
        kind = EVERY_KIND if self.every_kind else self.kind and self.kind.value
        query += [("kind", kind)] if kind else []
        query += [("first", self.first.isoformat())] if self.first else []
        query += [("last", self.last.isoformat())] if self.last else []
        query += [("measure", measure.value) for measure in self.measures]
        return urlencode(query)


def read_choice(
    *, basis: str, kind: str, first: str, last: str, measures: Sequence[str]
) -> Choice:
    """Parse a choice; invalid parts are left out and reported.

    Parameters
    ----------
    basis, kind, first, last : str
        As sent; empty for the usual.
    measures : sequence of str
        Names of measures; empty for all.

    Returns
    -------
    Choice
        Never fails.
    """
    problems = []
    found = Choice(
        basis=_named(Basis, basis) or USUAL_BASIS,
        kind=_named(TaskKind, kind),
        every_kind=kind == EVERY_KIND,
        first=day_from(first),
        last=day_from(last),
        measures=tuple(m for m in Measure if m.value in measures),
    )
    if basis and _named(Basis, basis) is None:
        problems.append(say("This way of counting does not exist."))
    if kind not in {"", EVERY_KIND} and found.kind is None:
        problems.append(say("This kind of task does not exist."))
    if (first and found.first is None) or (last and found.last is None):
        problems.append(say("Enter days like 2026-05-31."))
    if found.first and found.last and found.first > found.last:
        problems.append(say("The first day is after the last day; all time is shown."))
        found = replace(found, first=None, last=None)
    if len(found.measures) == len(Measure):
        found = replace(found, measures=())
    return replace(found, problem=" ".join(problems))


def _named(kind: type[_Name], text: str) -> _Name | None:
    return next((one for one in kind if one.value == text), None)


# --- what of a progression is drawn ---------------------------------------------


def shown_kinds(progression: Progression, choice: Choice) -> tuple[TaskKind, ...]:
    """Return the kinds of task to draw, of those that were recorded."""
    there = {series.kind for series in progression.series if series.periods}
    recorded = tuple(kind for kind in KINDS if kind in there)
    if choice.every_kind:
        return recorded
    if choice.kind is not None:
        return (choice.kind,) if choice.kind in there else ()
    return recorded[:1]


def chosen_axis(progression: Progression, choice: Choice) -> TimeAxis:
    """Return the drawn time.

    Parameters
    ----------
    progression : Progression
        With at least one counted recording.
    choice : Choice
        First and last day.

    Returns
    -------
    TimeAxis
        At least one day wide.
    """
    if choice.first is None and choice.last is None:
        return time_axis(progression)
    first = choice.first or progression.first_on
    last = choice.last or progression.last_on
    assert first is not None  # noqa: S101 - there is a recording
    assert last is not None  # noqa: S101 - there is a recording
    within = replace(
        progression, first_on=min(first, last), last_on=max(first, last), treatments=()
    )
    return time_axis(within)


def chosen_part(progression: Progression, choice: Choice) -> Progression:
    """Return a progression with only what is to be drawn of its series.

    Parameters
    ----------
    progression : Progression
        Whole.
    choice : Choice
        Kinds, measures, time.

    Returns
    -------
    Progression
        For drawing alone; trends are those of the whole.
    """
    kinds = shown_kinds(progression, choice)
    return replace(
        progression,
        series=tuple(
            _within(series, choice)
            for series in progression.series
            if series.kind in kinds
            and (not choice.measures or series.measure in choice.measures)
        ),
    )


def _within(series: Series, choice: Choice) -> Series:
    """Return the marks of the chosen time; few recordings are marks of their own."""
    if choice.first is None and choice.last is None:
        return series
    each = _inside(series.recordings, choice)
    if len(each) <= _FINEST:
        return replace(series, recordings=each, periods=each, period="recording")
    return replace(
        series,
        recordings=each,
        periods=_inside(series.periods, choice),
    )


def _inside(points: Sequence[ChartPoint], choice: Choice) -> tuple[ChartPoint, ...]:
    """Return the marks of the chosen days; marks are in order of time."""
    first, last = choice.first or date.min, choice.last or date.max
    start = bisect_left(points, first, key=_day_of)
    end = bisect_right(points, last, key=_day_of)
    return tuple(points[start:end])


def _day_of(point: ChartPoint) -> date:
    return point.at.date()
