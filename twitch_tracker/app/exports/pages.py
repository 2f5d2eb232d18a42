"""Taking things out of the app: at once, or made in the background with progress.

The plain form works without a script and waits for the file. Where there are many
recordings, the page's script has the file made in the background instead.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from twitch_tracker.app.course.choice import read_choice
from twitch_tracker.app.course.view import basis_options
from twitch_tracker.app.exports.files import FORMATS, make_export
from twitch_tracker.app.exports.jobs import ExportJob, ExportState
from twitch_tracker.app.exports.request import EXPORT_KINDS, ExportRequest
from twitch_tracker.app.exports.tables import download
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.app.words import left_in_words
from twitch_tracker.errors import BadParameter, UnknownEntry
from twitch_tracker.language import say

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

MANY: Final = 300
"""From so many recordings on an export is made in the background: 508 recordings of a
few bursts each take up to 1.8 s, 3,650 with half a million bursts 20 s and more."""


@router.get("/people/~{patient_id}/export")
def exports(state: State, patient_id: str, basis: str = "") -> Response:
    """Show the page of exports: which files, and whose bursts."""
    choice = read_choice(basis=basis, kind="", first="", last="", measures=())
    with state.journal() as journal:
        many = len(journal.overview(patient_id)) >= MANY
    return page(
        "export.html.j2",
        patient_id=patient_id,
        bases=basis_options(choice),
        many=many,
        formats=[
            (what.value, say(name), say(about))
            for what, (name, about) in FORMATS.items()
        ],
    )


@router.get("/people/~{patient_id}/export/file")
def file(
    state: State, patient_id: str, what: str = "", basis: str = "", notes: str = ""
) -> Response:
    """Send one file, made while the browser waits."""
    found = make_export(state, _wanted(patient_id, what, basis, notes=notes == "yes"))
    return download(found.content, found.name, found.media_type)


def _wanted(patient_id: str, what: str, basis: str, *, notes: bool) -> ExportRequest:
    chosen = next((one for one in EXPORT_KINDS if one.value == what), None)
    choice = read_choice(basis=basis, kind="", first="", last="", measures=())
    if chosen is None or choice.problem:
        raise BadParameter("what", ", ".join(EXPORT_KINDS), what or basis)
    return ExportRequest(
        what=chosen, patient_id=patient_id, basis=choice.basis, notes=notes
    )


# --- in the background --------------------------------------------------------------


class ExportForm(BaseModel):
    """What the form would send."""

    what: str = Field(max_length=40)
    basis: str = Field(default="", max_length=40)
    notes: bool = False


@router.post("/api/people/~{patient_id}/exports")
def begin(state: State, patient_id: str, body: ExportForm) -> dict[str, str]:
    """Start making a file in the background; return the page that shows its progress."""
    wanted = _wanted(patient_id, body.what, body.basis, notes=body.notes)
    with state.journal() as journal:
        journal.patient(patient_id)
    made = state.exports.begin(
        wanted, lambda order, on_share: make_export(state, order, on_share)
    )
    return {"url": person_url(patient_id, "export", "making", made.name)}


def _look(state: AppState, patient_id: str, name: str) -> ExportJob:
    """Find an export among those of this person alone."""
    with state.journal() as journal:
        journal.patient(patient_id)
    made = state.exports.look(name)
    if made.wanted.patient_id != patient_id:
        raise UnknownEntry(say("This export is no longer available. Create it again."))
    return made


@router.get("/people/~{patient_id}/export/making/{name}")
def making(state: State, patient_id: str, name: str) -> Response:
    """Show how far an export is, then the file."""
    made = _look(state, patient_id, name)
    title, about = FORMATS[made.wanted.what]
    return page(
        "making.html.j2",
        patient_id=patient_id,
        title=say(title),
        about=say(about),
        now=_now(made),
        own=f"/api{person_url(patient_id, 'exports', name)}",
        file=person_url(patient_id, "export", "made", name),
    )


@router.get("/api/people/~{patient_id}/exports/{name}")
def how_far(state: State, patient_id: str, name: str) -> dict[str, Any]:
    """Return how far an export is, for the progress bar."""
    return _now(_look(state, patient_id, name))


def _now(made: ExportJob) -> dict[str, Any]:
    return {
        "state": made.state.value,
        "percent": round(100 * made.share),
        "left": left_in_words(made.left_s),
        "error": made.error,
    }


@router.post("/api/people/~{patient_id}/exports/{name}/cancel")
def cancel(state: State, patient_id: str, name: str) -> dict[str, Any]:
    """End an export."""
    _look(state, patient_id, name)
    state.exports.cancel(name)
    return _now(state.exports.look(name))


@router.get("/people/~{patient_id}/export/made/{name}")
def made(state: State, patient_id: str, name: str) -> Response:
    """Send the file of an export that is ready."""
    found = _look(state, patient_id, name)
    if found.state is not ExportState.READY or found.exported is None:
        raise UnknownEntry(say("This export is not ready."))
    exported = found.exported
    return download(exported.content, exported.name, exported.media_type)
