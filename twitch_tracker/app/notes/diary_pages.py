"""The diary: how a day was, in under twenty seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict
from starlette.responses import RedirectResponse, Response

from twitch_tracker.app.exports.tables import today
from twitch_tracker.app.notes.diary_form import TypedDay, typed_day
from twitch_tracker.app.state import State
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.border.days import day_from
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import DIARY, DiaryEntry
from twitch_tracker.wording.terms import factor_hint, factor_name

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Question:
    """One number of the diary, as it is asked."""

    name: str
    title: str
    hint: str
    step: str
    most: str
    slider: bool


class AnswerForm(BaseModel):
    """The form as it is sent: every number of the diary may be there, as text."""

    model_config = ConfigDict(extra="allow")
    on: str = ""
    shown: str = ""
    medication: str = ""
    notes: str = ""

    @property
    def day(self) -> TypedDay:
        """What was typed of a day."""
        told = self.model_extra or {}
        numbers = {name: str(told[name]) for name in DIARY if name in told}
        return TypedDay(
            on=self.on, numbers=numbers, medication=self.medication, notes=self.notes
        )


def _questions() -> tuple[Question, ...]:
    """Ask for every number; those that are felt come first."""
    return tuple(
        Question(
            name=name,
            title=factor_name(name),
            hint=factor_hint(name),
            step=f"{one.step:g}",
            most=f"{one.high:g}",
            slider=one.felt,
        )
        for name, one in DIARY.items()
    )


@router.get("/people/~{patient_id}/diary")
def questions(state: State, patient_id: str, on: str = "") -> Response:
    """The form, with what the day's entry says already."""
    with state.journal() as journal:
        entries = journal.diary(patient_id)
    day = day_from(on) or today()
    found = next((e for e in entries if e.on == day), DiaryEntry(on=day))
    return _form(state, patient_id, typed_day(found), {}, day.isoformat())


@router.post("/people/~{patient_id}/diary")
def answer(
    state: State, patient_id: str, form: Annotated[AnswerForm, Form()]
) -> Response:
    """Write the day's entry; an unanswered question stays unanswered.

    `shown` is the day that the form came with. Of another day the person has not seen
    what is there already, so nothing of it is emptied.
    """
    sent, shown = form.day, form.shown
    entry, problems = sent.read(today())
    if entry is None:
        return _form(state, patient_id, sent, problems, shown)
    unseen = shown not in {"", entry.on.isoformat()}
    try:
        with state.journal() as journal:
            journal.write_diary(patient_id, [entry], merge=unseen)
    except BadParameter as error:
        return _form(state, patient_id, sent, {"all": str(error)}, shown)
    return RedirectResponse(f"{person_url(patient_id)}?saved=diary", status_code=303)


def _form(
    state: State,
    patient_id: str,
    form: TypedDay,
    problems: Mapping[str, str],
    shown: str,
) -> Response:
    with state.journal() as journal:
        patient = journal.patient(patient_id)
    return page(
        "diary.html.j2",
        400 if problems else 200,
        patient=patient,
        form=form,
        shown=shown,
        today=today().isoformat(),
        questions=_questions(),
        problems=problems,
    )
