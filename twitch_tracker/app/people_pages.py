"""People: the list, and a new one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from twitch_tracker.app.state import State
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import Patient
from twitch_tracker.language import say

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


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
