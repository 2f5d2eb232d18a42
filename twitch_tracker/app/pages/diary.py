"""The diary: how a day was, in under twenty seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from twitch_tracker.app.diary_form import TypedDay, typed_day
from twitch_tracker.app.state import State
from twitch_tracker.app.taking_tables import today
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import DiaryEntry
from twitch_tracker.language import mark
from twitch_tracker.wording.terms import factor_name

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Question:
    """One number of the diary, and how it is asked; `unit` is a catalogue key."""

    name: str
    unit: str
    step: float
    most: float
    slider: bool

    @property
    def title(self) -> str:
        """Its name, the same as in every report."""
        return factor_name(self.name)


_QUESTIONS: Final = (
    Question("stress", mark("0 none, 10 worst"), 1, 10, True),
    Question("fatigue", mark("0 none, 10 worst"), 1, 10, True),
    Question("sleep_hours", mark("hours, last night"), 0.5, 24, False),
    Question("caffeine_cups", mark("cups of coffee or tea"), 0.5, 40, False),
    Question("screen_hours", mark("hours"), 0.5, 24, False),
    Question("hfs7_total", mark("0 to 28, if you filled it in"), 1, 28, False),
)
"""In the order of the form; the two that are felt come first."""


@router.get("/people/~{patient_id}/diary")
def questions(state: State, patient_id: str, on: str = "") -> Response:
    """The form, with what the day's entry says already."""
    with state.journal() as journal:
        entries = journal.diary(patient_id)
    try:
        day = date.fromisoformat(on)
    except ValueError:
        day = today()
    found = next((e for e in entries if e.on == day), DiaryEntry(on=day))
    return _form(state, patient_id, typed_day(found), {}, day.isoformat())


@router.post("/people/~{patient_id}/diary")
def answer(  # one parameter a question, as the form sends them
    state: State,
    patient_id: str,
    on: Annotated[str, Form()] = "",
    shown: Annotated[str, Form()] = "",
    stress: Annotated[str, Form()] = "",
    fatigue: Annotated[str, Form()] = "",
    sleep_hours: Annotated[str, Form()] = "",
    caffeine_cups: Annotated[str, Form()] = "",
    screen_hours: Annotated[str, Form()] = "",
    hfs7_total: Annotated[str, Form()] = "",
    medication: Annotated[str, Form()] = "",
    notes: Annotated[str, Form()] = "",
) -> Response:
    """Write the day's entry; an unanswered question stays unanswered.

    `shown` is the day that the form came with. Of another day the person has not seen
    what is there already, so nothing of it is emptied.
    """
    numbers = {
        "stress": stress,
        "fatigue": fatigue,
        "sleep_hours": sleep_hours,
        "caffeine_cups": caffeine_cups,
        "screen_hours": screen_hours,
        "hfs7_total": hfs7_total,
    }
    sent = TypedDay(on=on, numbers=numbers, medication=medication, notes=notes)
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
        questions=_QUESTIONS,
        problems=problems,
    )
