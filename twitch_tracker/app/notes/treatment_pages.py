"""Treatments: list, enter, change, remove, tables in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Final

from fastapi import APIRouter, Form, UploadFile
from starlette.responses import Response

from twitch_tracker.app.exports.tables import download, read_table, today
from twitch_tracker.app.notes.treatment_form import (
    TreatmentForm,
    kind_choices,
    side_choices,
    side_effect_choices,
    typed,
)
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import back_to, page, person_url
from twitch_tracker.errors import BadParameter, BadTable, UnknownEntry
from twitch_tracker.history import Treatment, TreatmentKind
from twitch_tracker.journal.files.tables import (
    muscles_to_text,
    read_treatments,
    treatments_text,
)
from twitch_tracker.journal.journal import Journal
from twitch_tracker.language import mark, say
from twitch_tracker.units import day_text
from twitch_tracker.wording.terms import treatment_name

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


SentTreatmentForm = Annotated[TreatmentForm, Form()]


@dataclass(frozen=True, kw_only=True)
class TreatmentItem:
    """One treatment of the list."""

    treatment_id: str
    day: str
    what: str
    muscles: str
    notes: str


# --- the list -------------------------------------------------------------------


@router.get("/people/~{patient_id}/treatments")
def treatments(state: State, patient_id: str, said: str = "") -> Response:
    """Show the list, and a form for another one."""
    return _list_page(state, patient_id, said=_SAID.get(said, ""))


_SAID: Final = {
    "added": mark("The treatment was entered."),
    "changed": mark("The treatment was changed."),
    "removed": mark("The treatment was removed. It stays in the list of changes."),
    "read": mark(
        "The table was imported. Entries that already existed were not duplicated."
    ),
}


def _list_page(
    state: AppState,
    patient_id: str,
    *,
    status: int = 200,
    said: str = "",
    form: TreatmentForm | None = None,
    problems: Mapping[str, str] | None = None,
) -> Response:
    with state.journal() as journal:
        journal.patient(patient_id)
        given = journal.treatments(patient_id)
    return page(
        "treatments.html.j2",
        status,
        patient_id=patient_id,
        said=say(said),
        items=[_item(one) for one in reversed(given)],
        form=form or TreatmentForm(kind=TreatmentKind.BOTULINUM_TOXIN.value),
        problems=problems or {},
        **_choices(),
    )


def _choices() -> dict[str, object]:
    return {
        "kinds": kind_choices(),
        "sides": side_choices(),
        "side_effects": side_effect_choices(),
        "today": today().isoformat(),
    }


def _item(given: Treatment) -> TreatmentItem:
    return TreatmentItem(
        treatment_id=given.treatment_id,
        day=day_text(given.on),
        what=treatment_name(given),
        muscles=muscles_to_text(given.muscles),
        notes=given.notes,
    )


def _found(journal: Journal, patient_id: str, treatment_id: str) -> Treatment:
    """Look a treatment up among those of this person alone."""
    for one in journal.treatments(patient_id):
        if one.treatment_id == treatment_id:
            return one
    raise UnknownEntry(say("This person has no such treatment."))


# --- entering, changing, removing -------------------------------------------------


@router.post("/people/~{patient_id}/treatments")
def add(state: State, patient_id: str, sent: SentTreatmentForm) -> Response:
    """Enter a treatment; what does not fit is said beside its field."""
    given, problems = sent.read(today())
    if given is not None:
        try:
            with state.journal() as journal:
                journal.add_treatments(patient_id, [given])
        except BadParameter as error:
            problems = {"all": str(error)}
        else:
            return back_to(patient_id, "treatments", "added")
    return _list_page(state, patient_id, status=400, form=sent, problems=problems)


@router.get("/people/~{patient_id}/treatments/{treatment_id}")
def change_form(state: State, patient_id: str, treatment_id: str) -> Response:
    """Show the form of a treatment that is there."""
    with state.journal() as journal:
        given = _found(journal, patient_id, treatment_id)
    return _change_page(patient_id, given, typed(given), {})


def _change_page(
    patient_id: str, given: Treatment, form: TreatmentForm, problems: Mapping[str, str]
) -> Response:
    return page(
        "treatment.html.j2",
        400 if problems else 200,
        patient_id=patient_id,
        item=_item(given),
        form=form,
        problems=problems,
        **_choices(),
    )


@router.post("/people/~{patient_id}/treatments/{treatment_id}")
def change(
    state: State, patient_id: str, treatment_id: str, sent: SentTreatmentForm
) -> Response:
    """Change a treatment; the old one stays in the list of changes."""
    with state.journal() as journal:
        old = _found(journal, patient_id, treatment_id)
        given, problems = sent.read(today())
        if given is not None:
            try:
                journal.change_treatment(replace(given, treatment_id=treatment_id))
            except BadParameter as error:
                problems = {"all": str(error)}
            else:
                return back_to(patient_id, "treatments", "changed")
    return _change_page(patient_id, old, sent, problems)


@router.get("/people/~{patient_id}/treatments/{treatment_id}/remove")
def remove_question(state: State, patient_id: str, treatment_id: str) -> Response:
    """Ask before a treatment is removed."""
    with state.journal() as journal:
        item = _item(_found(journal, patient_id, treatment_id))
    return page(
        "remove.html.j2",
        about="",
        patient_id=patient_id,
        question=say("Remove this treatment?"),
        what=f"{item.day}: {item.what}",
        action=person_url(patient_id, "treatments", treatment_id, "remove"),
        back=person_url(patient_id, "treatments"),
        back_name=say("Treatments"),
    )


@router.post("/people/~{patient_id}/treatments/{treatment_id}/remove")
def remove(state: State, patient_id: str, treatment_id: str) -> Response:
    """Remove a treatment; it stays in the list of changes."""
    with state.journal() as journal:
        _found(journal, patient_id, treatment_id)
        journal.remove_treatment(treatment_id)
    return back_to(patient_id, "treatments", "removed")


# --- tables -----------------------------------------------------------------------


@router.post("/people/~{patient_id}/treatments.csv")
def import_treatments(state: State, patient_id: str, table: UploadFile) -> Response:
    """Read a table of treatments in, all of it or nothing."""
    try:
        given = read_table(
            table, "treatments.csv", read_treatments, state.settings.folder
        )
        with state.journal() as journal:
            journal.add_treatments(patient_id, given)
    except (BadTable, BadParameter) as error:
        problems = {"table": str(error)}
        return _list_page(state, patient_id, status=400, problems=problems)
    return back_to(patient_id, "treatments", "read")


@router.get("/people/~{patient_id}/treatments.csv")
def export_treatments(state: State, patient_id: str) -> Response:
    """Send all treatments as a table that can be imported again."""
    with state.journal() as journal:
        text = treatments_text(journal.treatments(patient_id))
    return download(text, f"{patient_id}_treatments.csv", "text/csv; charset=utf-8")
