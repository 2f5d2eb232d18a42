"""What the page of a course shows: the report's own view, drawn as it was chosen.

Note: drawings, tables and words are those of `report.progress`; this module only decides
which of them are shown, and where a mark leads to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from twitch_tracker.app.course.choice import (
    EVERY_KIND,
    Choice,
    chosen_axis,
    chosen_part,
)
from twitch_tracker.app.course.cycle_view import CycleView, cycle_view
from twitch_tracker.app.course.kept import KeptCourse
from twitch_tracker.app.templating import person_url
from twitch_tracker.history import Basis, TaskKind
from twitch_tracker.language import mark, say
from twitch_tracker.progression.results import Measure, Progression
from twitch_tracker.report.progress.charts import Chart, Group, TimeAxis, build_groups
from twitch_tracker.report.progress.diary import DiaryRow, diary_rows
from twitch_tracker.report.progress.opening import basis_text, what_to_do_first
from twitch_tracker.report.progress.svg import draw_chart, draw_ground
from twitch_tracker.report.progress.view import KindView, ProgressView, kind_view
from twitch_tracker.wording.measures import measure_name
from twitch_tracker.wording.terms import basis_in_words, kind_about, kind_title

__all__ = [
    "CourseView",
    "Option",
    "basis_options",
    "build_course_view",
    "kind_options",
    "measure_options",
    "recordings_url",
]

_READINGS = 3
"""Readings below the first one; the others unfold."""

BASIS_NAMES = {
    Basis.DETECTED: mark("As the program found them"),
    Basis.REVIEWED: mark("Only recordings whose review is finished"),
    Basis.BOTH: mark("As reviewed, else as found"),
}
"""Short names of `history.Basis`; catalogue keys."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice of a form."""

    value: str
    name: str
    about: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class CourseView:
    """What is shown: the report's view, and where its marks lead to.

    Attributes
    ----------
    whole : ProgressView
        With the chosen charts alone.
    links : Mapping[str, tuple of str]
        By chart, an address for each row of its table.
    basis, basis_words : str
        Whose bursts were asked for, in short and in a sentence.
    empty : str
        Why nothing is drawn; empty when something is.
    cycle : CycleView or None
        The average cycle of injections, where one is clear.
    """

    whole: ProgressView
    links: Mapping[str, tuple[str, ...]]
    basis: str
    basis_words: str
    empty: str
    cycle: CycleView | None = None


def recordings_url(patient_id: str, kind: TaskKind, first: str, last: str) -> str:
    """Return the address of a list of recordings of a stretch of days."""
    query = {"kind": kind.value, "first": first, "last": last}
    return person_url(patient_id, "recordings") + "?" + urlencode(query)


def build_course_view(course: KeptCourse, choice: Choice) -> CourseView:
    """Draw a course as it was chosen.

    Parameters
    ----------
    course : KeptCourse
        Whole.
    choice : Choice
        What to draw.

    Returns
    -------
    CourseView
        Plain text, nothing escaped.
    """
    progression, whole = course.progression, course.view
    if not progression.recordings:
        whole = replace(whole, first_steps=_first_steps(progression))
        return _view(progression, choice, whole, {}, "")
    axis = chosen_axis(progression, choice)
    groups = build_groups(chosen_part(progression, choice))
    cards = {kind.key: kind for kind in whole.kinds}
    whole = replace(
        whole,
        kinds=tuple(_kind(group, axis, cards) for group in groups),
        ground=draw_ground(progression, axis),
        diary=_diary(progression, axis),
    )
    links = {
        f"{chart.kind.value}-{chart.measure.value}": _links(progression, chart)
        for group in groups
        for chart in group.charts
    }
    empty = "" if groups else say("Nothing of this kind was recorded in this time.")
    return _view(progression, choice, whole, links, empty)


def _view(
    progression: Progression,
    choice: Choice,
    whole: ProgressView,
    links: Mapping[str, tuple[str, ...]],
    empty: str,
) -> CourseView:
    readings = (*whole.readings, *whole.more_readings)
    return CourseView(
        whole=replace(
            whole, readings=readings[:_READINGS], more_readings=readings[_READINGS:]
        ),
        links=links,
        basis=say(BASIS_NAMES[choice.basis]),
        basis_words=basis_text(progression),
        empty=empty,
        cycle=cycle_view(progression, datetime.now().astimezone().date()),
    )


def _kind(group: Group, axis: TimeAxis, cards: Mapping[str, KindView]) -> KindView:
    charts = tuple(map(partial(draw_chart, axis=axis), group.charts))
    latest = cards.get(group.kind.value)
    return kind_view(group.kind, charts, () if latest is None else latest.cards)


def _diary(progression: Progression, axis: TimeAxis) -> tuple[DiaryRow, ...]:
    """Return what was noted in the drawn time."""
    noted = (e for e in progression.diary if 0 <= axis.share(e.on.toordinal()) < 1)
    return diary_rows(tuple(noted), axis)


def _links(progression: Progression, chart: Chart) -> tuple[str, ...]:
    """Return an address for every row, in the order of the chart's table."""
    patient_id = progression.patient.patient_id
    dots = [dot for line in chart.lines for dot in line.dots]
    dots.sort(key=lambda dot: dot.x)
    return tuple(
        recordings_url(
            patient_id,
            chart.kind,
            dot.point.start.isoformat(),
            dot.point.end.isoformat(),
        )
        for dot in dots
    )


def _first_steps(progression: Progression) -> str:
    """Say what somebody without any counted recording should do, in the app."""
    if progression.left_out:
        return what_to_do_first(progression)
    if progression.basis is Basis.REVIEWED:
        return say(
            "No recording has been checked by a person yet. Finish a review, or count "
            "the bursts as the program found them."
        )
    return say(
        "Record the face for about three minutes at rest. After some weeks of "
        "recordings this page can show the course over time."
    )


# --- the form -------------------------------------------------------------------


def basis_options(choice: Choice) -> tuple[Option, ...]:
    """Return the ways to count."""
    return tuple(
        Option(
            value=basis.value,
            name=say(BASIS_NAMES[basis]),
            about=basis_in_words(basis),
            chosen=basis is choice.basis,
        )
        for basis in Basis
    )


def kind_options(choice: Choice, kinds: tuple[TaskKind, ...]) -> tuple[Option, ...]:
    """Return the kinds of task of which there are recordings, and all of them."""
    known = kinds or tuple(TaskKind)
    chosen = choice.kind if choice.kind in known else known[0]
    options = [
        Option(
            value=kind.value,
            name=kind_title(kind),
            about=kind_about(kind),
            chosen=not choice.every_kind and kind is chosen,
        )
        for kind in known
    ]
    every = say("All kinds, one below the other")
    return (
        *options,
        Option(value=EVERY_KIND, name=every, about="", chosen=choice.every_kind),
    )


def measure_options(choice: Choice) -> tuple[Option, ...]:
    """Return everything that can be drawn."""
    return tuple(
        Option(
            value=measure.value,
            name=measure_name(measure),
            about="",
            chosen=not choice.measures or measure in choice.measures,
        )
        for measure in Measure
    )
