"""The course of a person over months and years, and the recordings behind a mark.

Computing ten years takes seconds: the page comes at once without numbers, and asks
for them (``progress/body``) after its first paint. What is in memory already comes
with the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from twitch_tracker import units
from twitch_tracker.app.course.choice import Choice, read_choice
from twitch_tracker.app.course.view import (
    basis_options,
    build_course_view,
    kind_options,
    measure_options,
)
from twitch_tracker.app.recording.clips import Clip
from twitch_tracker.app.recording.steps import task_name
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import drawn, page, person_url
from twitch_tracker.app.words import moment
from twitch_tracker.history import TaskKind
from twitch_tracker.journal.entries import RecordingBrief, RecordingEntry
from twitch_tracker.language import say, uncapitalised
from twitch_tracker.units import period_text
from twitch_tracker.wording.terms import kind_title

__all__ = ["CourseChoice", "router"]

router = APIRouter(include_in_schema=False)

_MOST_ROWS = 200


def _choice(
    basis: str = "",
    kind: str = "",
    first: str = "",
    last: str = "",
    measure: Annotated[list[str] | None, Query()] = None,
) -> Choice:
    return read_choice(
        basis=basis, kind=kind, first=first, last=last, measures=measure or ()
    )


CourseChoice = Annotated[Choice, Depends(_choice)]
"""Write ``choice: Chosen`` in a route's parameters."""


@router.get("/people/~{patient_id}/progress")
def progress(
    state: State, patient_id: str, choice: CourseChoice, whole: bool = False
) -> Response:
    """Show the page; with its numbers when they are known already, or asked for."""
    with state.journal() as journal:
        patient = journal.patient(patient_id)
    ready = whole or state.courses.is_known(state.journal, patient_id, choice.basis)
    return page(
        "course.html.j2",
        patient_id=patient.patient_id,
        choice=choice,
        bases=basis_options(choice),
        kinds=kind_options(choice, ()),
        measures=measure_options(choice),
        body=_body(state, patient_id, choice) if ready else None,
    )


@router.get("/people/~{patient_id}/progress/body")
def body(state: State, patient_id: str, choice: CourseChoice) -> Response:
    """Show what takes long to compute, as a piece of the page."""
    return HTMLResponse(_body(state, patient_id, choice))


def _body(state: AppState, patient_id: str, choice: Choice) -> Markup:
    course = state.courses.of(state.journal, patient_id, choice.basis)

    def draw() -> str:
        return drawn(
            "course_body.html.j2",
            patient_id=patient_id,
            choice=choice,
            course=build_course_view(course, choice),
        )

    return Markup(course.drawn(choice, draw))  # noqa: S704 - escaped by the template


# --- the recordings behind a mark -------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class BehindRow:
    """One recording of a stretch of days; addresses are empty without a page."""

    when: str
    task: str
    length: str
    right: str
    left: str
    review: str
    result: str
    look: str
    compare: str


@router.get("/people/~{patient_id}/recordings")
def recordings(
    state: State, patient_id: str, kind: str = "", first: str = "", last: str = ""
) -> Response:
    """Show the recordings of a kind of task in a stretch of days."""
    choice = read_choice(basis="", kind=kind, first=first, last=last, measures=())
    with state.journal() as journal:
        found = [b for b in journal.overview(patient_id) if _is_chosen(b, choice)]
        names = [brief.recording_id for brief in found[:_MOST_ROWS]]
        entries = journal.recordings(patient_id, names)
    clips = state.store.by_recording()
    return page(
        "behind.html.j2",
        400 if choice.problem else 200,
        patient_id=patient_id,
        problem=choice.problem,
        title=_stretch(choice),
        rows=[_row(entry, clips.get(entry.recording_id)) for entry in entries],
        more=max(len(found) - _MOST_ROWS, 0),
    )


def _is_chosen(entry: RecordingBrief, choice: Choice) -> bool:
    """Return whether a recording is of the kind and days; days as progression has them."""
    day = entry.started_at.date()
    return (
        choice.kind in {None, entry.task.kind}
        and (choice.first is None or choice.first <= day)
        and (choice.last is None or day <= choice.last)
    )


def _stretch(choice: Choice) -> str:
    if choice.first is None or choice.last is None:
        return say("Recordings")
    days = period_text(choice.first, choice.last)
    if choice.kind is None:
        return say("Recordings of {days}", days=days)
    return say(
        "Recordings of {days}, {kind}",
        days=days,
        kind=uncapitalised(kind_title(choice.kind)),
    )


def _row(entry: RecordingEntry, clip: Clip | None) -> BehindRow:
    measured = entry.analysable_s > 0
    day, kind = entry.started_at.date().isoformat(), entry.task.kind
    return BehindRow(
        when=moment(entry.started_at),
        task=task_name(entry.task),
        length=units.duration(entry.recorded_s),
        right=str(entry.counted_right) if measured else units.not_measured(),
        left=str(entry.counted_left) if measured else units.not_measured(),
        review=say("reviewed") if entry.reviewed_by else say("not yet"),
        result=f"/clips/{clip.clip_id}" if clip is not None else "",
        look=f"/review/{entry.recording_id}",
        compare=_compare_url(entry.patient_id, kind, day),
    )


def _compare_url(patient_id: str, kind: TaskKind, day: str) -> str:
    return person_url(patient_id, "compare") + f"?kind={kind.value}&second={day}"
