"""Taking things out of the app."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from twitch_tracker.app.course_choice import read_choice
from twitch_tracker.app.course_view import basis_options
from twitch_tracker.app.handouts import FORMATS, Wanted, What, hand_out
from twitch_tracker.app.state import State
from twitch_tracker.app.taking_tables import download
from twitch_tracker.app.templating import page
from twitch_tracker.errors import BadParameter
from twitch_tracker.report.words import say

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/people/~{patient_id}/export")
def exports(state: State, patient_id: str, basis: str = "") -> Response:
    """What can be taken out, and whose bursts."""
    choice = read_choice(basis=basis, kind="", first="", last="", measures=())
    with state.journal() as journal:
        journal.patient(patient_id)
    return page(
        "export.html.j2",
        patient_id=patient_id,
        bases=basis_options(choice),
        formats=[
            (what.value, say(name), say(about))
            for what, (name, about) in FORMATS.items()
        ],
    )


@router.get("/people/~{patient_id}/export/file")
def file(
    state: State, patient_id: str, what: str = "", basis: str = "", notes: str = ""
) -> Response:
    """One file."""
    chosen = next((one for one in What if one.value == what), None)
    choice = read_choice(basis=basis, kind="", first="", last="", measures=())
    if chosen is None or choice.problem:
        raise BadParameter("what", ", ".join(What), what or basis)
    found = hand_out(
        state,
        Wanted(
            what=chosen,
            patient_id=patient_id,
            basis=choice.basis,
            notes=notes == "yes",
        ),
    )
    return download(found.content, found.name, found.media_type)
