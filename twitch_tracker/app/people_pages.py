"""People: the list, a new one, and one person's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from twitch_tracker.app.recording.clips import Clip, ClipState
from twitch_tracker.app.recording.steps import task_name
from twitch_tracker.app.state import State
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.app.words import moment, state_in_words
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import Patient
from twitch_tracker.journal.entries import RecordingEntry
from twitch_tracker.language import say
from twitch_tracker.wording import units
from twitch_tracker.wording.units import day_text

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_SHOWN = 100
"""Recordings on a person's page at a time; older ones on further pages."""


@dataclass(frozen=True, kw_only=True)
class RecordingRow:
    """One line of the list of recordings; `link` is empty without a page."""

    when: str
    task: str
    length: str
    right: str
    left: str
    state: str
    link: str
    review: str = ""


@router.get("/")
def people(state: State) -> Response:
    """Everyone in the journal."""
    return _people_page(state)


@router.post("/people")
def add_person(
    state: State,
    pseudonym: Annotated[str, Form()] = "",
    notes: Annotated[str, Form()] = "",
) -> Response:
    """Enter a person and go to their page; what does not fit is said on the form."""
    name = pseudonym.strip()
    with state.journal() as journal:
        try:
            patient = journal.add_patient(name, notes.strip())
        except BadParameter:
            taken = any(p.patient_id == name for p in journal.patients())
            return _people_page(state, status=400, typed=pseudonym, taken=taken)
    return RedirectResponse(person_url(patient.patient_id), status_code=303)


def _people_page(
    state: State, *, status: int = 200, typed: str = "", taken: bool = False
) -> Response:
    with state.journal() as journal:
        found: tuple[Patient, ...] = journal.patients()
    problem = ""
    if status != 200:
        problem = (
            say("This pseudonym is taken. Choose another one.")
            if taken
            else say(
                "Please choose a pseudonym of 1 to 80 characters, without a slash."
            )
        )
    return page(
        "people.html.j2", status, people=found, typed=typed, problem=problem
    )  # fmt: skip


@router.get("/people/~{patient_id}")
def person(state: State, patient_id: str, older: int = 0, saved: str = "") -> Response:
    """One person: what can be done, and what there is."""
    with state.journal() as journal:
        patient = journal.patient(patient_id)
        names = [brief.recording_id for brief in journal.overview(patient_id)][::-1]
        start = min(max(older, 0), 10_000) * _SHOWN
        entries = journal.recordings(patient_id, names[start : start + _SHOWN])
        diary = journal.diary(patient_id)
    clips = state.store.of_patient(patient_id)
    links = {c.recording_id: f"/clips/{c.clip_id}" for c in clips if c.recording_id}
    return page(
        "person.html.j2",
        patient=patient,
        pending=[_pending_row(c) for c in clips if c.state is not ClipState.DONE],
        rows=[_row(entry, links) for entry in reversed(entries)],
        total=len(names),
        older=older + 1 if len(names) > start + _SHOWN else 0,
        newer=older - 1 if older else None,
        unfinished=state.store.open_sessions(patient_id),
        last_diary=day_text(diary[-1].on) if diary else "",
        moment=moment,
        said=say("The diary is saved. Thank you.") if saved == "diary" else "",
    )


def _pending_row(clip: Clip) -> RecordingRow:
    unfinished = clip.state is ClipState.RECORDING
    return RecordingRow(
        when=moment(clip.started_at),
        task=task_name(clip.task),
        length="",
        right="",
        left="",
        state=state_in_words(clip.state),
        link="" if unfinished else f"/clips/{clip.clip_id}",
    )


def _row(entry: RecordingEntry, links: dict[str, str]) -> RecordingRow:
    measured = entry.analysable_s > 0
    return RecordingRow(
        when=moment(entry.started_at),
        task=task_name(entry.task),
        length=units.duration(entry.recorded_s),
        right=str(entry.counted_right) if measured else units.not_measured(),
        left=str(entry.counted_left) if measured else units.not_measured(),
        state=say("reviewed") if entry.reviewed_by else "",
        link=links.get(entry.recording_id, ""),
        review=f"/review/{entry.recording_id}",
    )
