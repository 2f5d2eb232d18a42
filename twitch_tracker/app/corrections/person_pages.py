"""A person's name, notes and settings corrected, and a person removed."""

from __future__ import annotations

from typing import Annotated, Final
from unicodedata import normalize

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from twitch_tracker.app.corrections.details import refuse_in_use
from twitch_tracker.app.keeping.forgetting import films_of, note_forgotten
from twitch_tracker.app.keeping.leftover_words import unknown_films_text
from twitch_tracker.app.keeping.renaming import rename_everywhere
from twitch_tracker.app.keeping.retention import remove_expired_films
from twitch_tracker.app.notes.changes_words import change_rows, is_shown
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import back_to, page
from twitch_tracker.errors import BadParameter, JournalUnavailable
from twitch_tracker.language import mark, say

__all__ = ["router"]

MOST_DAYS: Final = 9_999
"""What the form takes; nearly thirty years."""

router = APIRouter(include_in_schema=False)

_SAID: Final = {
    "renamed": mark("The name was changed."),
    "notes": mark("The notes were changed."),
    "face": mark("The setting was changed."),
    "films": mark("The time for which films are kept was changed."),
}


@router.get("/people/~{patient_id}/settings")
def settings(state: State, patient_id: str, said: str = "") -> Response:
    """Name, notes, what is asked of earlier recordings, and removal."""
    return _page(state, patient_id, said=say(_SAID.get(said, "")))


def _page(
    state: AppState,
    patient_id: str,
    *,
    status: int = 200,
    said: str = "",
    typed: str | None = None,
    typed_days: str | None = None,
    problems: dict[str, str] | None = None,
) -> Response:
    with state.journal() as journal:
        patient = journal.patient(patient_id)
        count = len(journal.overview(patient_id))
        found = journal.changes(patient_id, kinds=frozenset({"patient"}))
    return page(
        "settings.html.j2",
        status,
        patient=patient,
        count=count,
        said=said,
        typed=patient.patient_id if typed is None else typed,
        days=_days(patient.films_kept_days) if typed_days is None else typed_days,
        kept=_kept(patient.films_kept_days) if typed_days is None else "days",
        problems=problems or {},
        history=change_rows([one for one in found if is_shown(one)]),
    )


def _kept(days: int | None) -> str:
    """Name what is chosen in the form."""
    return "kept" if days is None else "days" if days else "never"


def _days(days: int | None) -> str:
    return str(days or "")


@router.post("/people/~{patient_id}/settings/name")
def rename(
    state: State, patient_id: str, name: Annotated[str, Form()] = ""
) -> Response:
    """Rename a person; the old name stays in the list of changes."""
    new = name.strip()
    if new == patient_id:
        return back_to(patient_id, "settings", "renamed")
    _refuse_any_in_use(state, patient_id)
    state.phone.pairing.disconnect_person(patient_id)
    try:
        with state.journal() as journal:
            new = rename_everywhere(journal, state.store, patient_id, new)
        state.drop_person(patient_id)
    except BadParameter:
        problem = say(
            "Choose a name of 1 to 80 characters, without a slash, that nobody here "
            "has."
        )
        return _page(
            state, patient_id, status=400, typed=name, problems={"name": problem}
        )
    return back_to(new, "settings", "renamed")


@router.post("/people/~{patient_id}/settings/notes")
def notes(
    state: State, patient_id: str, notes: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Replace the notes; the old ones stay in the list of changes."""
    with state.journal() as journal:
        journal.change_patient(patient_id, notes=notes.strip())
    return back_to(patient_id, "settings", "notes")


@router.post("/people/~{patient_id}/settings/face")
def known_face(
    state: State, patient_id: str, known: Annotated[str, Form()] = ""
) -> Response:
    """Choose whether earlier recordings are asked how wide the eyes open."""
    if known not in {"yes", "no"}:
        raise BadParameter("known", say("yes or no"), known)
    with state.journal() as journal:
        journal.refuse_known_face(patient_id, known == "no")
    return back_to(patient_id, "settings", "face")


@router.post("/people/~{patient_id}/settings/films")
def films(
    state: State,
    patient_id: str,
    kept: Annotated[str, Form()] = "",
    days: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Choose for how long films are kept; those whose time is over go at once."""
    kept_days = {"kept": None, "never": 0}.get(kept, -1)
    if kept == "days":
        kept_days = int(days) if days.isascii() and days.isdecimal() else -1
    if kept_days == -1 or (kept == "days" and not 0 < int(days) <= MOST_DAYS):
        problem = say("Enter a number of days from 1 to {most}.", most=MOST_DAYS)
        return _page(
            state, patient_id, status=400, typed_days=days, problems={"days": problem}
        )
    with state.journal() as journal:
        journal.keep_films(patient_id, kept_days)
        remove_expired_films(journal, state.store)
    return back_to(patient_id, "settings", "films")


@router.post("/people/~{patient_id}/settings/remove")
def remove(
    state: State, patient_id: str, name: Annotated[str, Form()] = ""
) -> Response:
    """Remove a person with everything, when the name was typed.

    What is still there, because nobody knows whose it is, is no success.
    """
    if normalize("NFC", name.strip()) != normalize("NFC", patient_id):
        problem = say(
            "Nothing was removed. Type the name exactly as it is written above."
        )
        return _page(state, patient_id, status=400, problems={"remove": problem})
    _refuse_any_in_use(state, patient_id)
    state.phone.pairing.disconnect_person(patient_id)
    try:
        with state.store.forgetting(patient_id), state.journal() as journal:
            films = films_of(journal, state.store, patient_id)
            note_forgotten(state.store, patient_id)
            journal.forget_patient(patient_id, also=films.places)
    finally:
        state.drop_person(patient_id)
    if films.unknown:
        raise JournalUnavailable(unknown_films_text(len(films.unknown)))
    return RedirectResponse("/", status_code=303)


def _refuse_any_in_use(state: AppState, patient_id: str) -> None:
    for clip in state.store.of_patient(patient_id):
        refuse_in_use(state, clip)
