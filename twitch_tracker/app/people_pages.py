"""People: the list with what matters of each, and a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.errors import BadParameter, UnknownEntry
from twitch_tracker.history import USUAL_BASIS, Patient
from twitch_tracker.journal.entries import RecordingBrief
from twitch_tracker.language import say
from twitch_tracker.units import day_text
from twitch_tracker.wording.now.glance import glance_sentence

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_SHOWN: Final = 50
"""People on one page; a search finds the others."""


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """One line of the list; empty words where there is nothing to say.

    Attributes
    ----------
    name, url : str
        Who, and their home.
    last : str
        Day of the last recording.
    reviewed, recordings : int
        How many recordings have a finished review, of how many.
    open_url : str
        The newest recording that nobody has reviewed.
    glance_url : str
        Where the change is asked for.
    """

    name: str
    url: str
    last: str
    reviewed: int
    recordings: int
    open_url: str
    glance_url: str


@router.get("/")
def people(state: State, q: str = "") -> Response:
    """Show everyone in the journal, or whose name holds what is looked for."""
    return _people_page(state, wanted=q)


@router.get("/people/~{patient_id}/glance")
def glance(state: State, patient_id: str) -> dict[str, str]:
    """Show how a person is now, in one sentence, for the list."""
    found = state.courses.glance(state.journal, patient_id, USUAL_BASIS)
    today = datetime.now().astimezone().date()
    return {"words": glance_sentence(found, today)}


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


@router.post("/sample")
def add_sample(state: State) -> Response:
    """Enter a made-up person, to see what the pages look like."""
    if state.sample is None:
        raise UnknownEntry(say("The example person is not available here."))
    with state.journal() as journal:
        name = state.sample(journal)
    return RedirectResponse(person_url(name), status_code=303)


@router.get("/help")
def help_(state: State) -> Response:
    """Show what the pages and their words mean."""
    return page("help.html.j2", can_sample=state.sample is not None)


def _people_page(
    state: AppState,
    *,
    status: int = 200,
    typed: str = "",
    taken: bool = False,
    wanted: str = "",
) -> Response:
    with state.journal() as journal:
        everyone = journal.patients()
        found = [p for p in everyone if wanted.strip().casefold() in _folded(p)]
        dated = [(journal.overview(p.patient_id), p) for p in found[: 4 * _SHOWN]]
    dated.sort(key=_newest_first)
    problem = ""
    if status != 200:
        problem = (
            say("This name is taken. Choose another one.")
            if taken
            else say("Choose a name of 1 to 80 characters, without a slash.")
        )
    return page(
        "people.html.j2",
        status,
        rows=[_row(p, briefs) for briefs, p in dated[:_SHOWN]],
        total=len(everyone),
        hidden=max(len(found) - _SHOWN, 0),
        wanted=wanted,
        typed=typed,
        problem=problem,
        can_sample=state.sample is not None,
    )


def _folded(patient: Patient) -> str:
    return f"{patient.patient_id} {patient.notes}".casefold()


def _newest_first(one: tuple[tuple[RecordingBrief, ...], Patient]) -> tuple[float, str]:
    briefs, patient = one
    last = briefs[-1].started_at.timestamp() if briefs else 0.0
    return -last, patient.patient_id.casefold()


def _row(patient: Patient, briefs: tuple[RecordingBrief, ...]) -> PersonRow:
    name = patient.patient_id
    unreviewed = [brief for brief in briefs if not brief.reviewed_by]
    return PersonRow(
        name=name,
        url=person_url(name),
        last=_day(briefs[-1].started_at) if briefs else "",
        reviewed=len(briefs) - len(unreviewed),
        recordings=len(briefs),
        open_url=f"/review/{unreviewed[-1].recording_id}" if unreviewed else "",
        glance_url=person_url(name, "glance") if briefs else "",
    )


def _day(at: datetime) -> str:
    return day_text(at.astimezone().date())
