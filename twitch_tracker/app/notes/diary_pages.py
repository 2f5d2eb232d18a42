"""The diary: how a day was, in under twenty seconds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Annotated, Final

from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict
from starlette.responses import RedirectResponse, Response

from twitch_tracker.app.exports.tables import download, today
from twitch_tracker.app.notes.diary_form import TypedDay, typed_day
from twitch_tracker.app.notes.reminder import daily_reminder
from twitch_tracker.app.state import State
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.border.days import day_from
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import DIARY, DIARY_SYMPTOMS, DiaryEntry
from twitch_tracker.language import mark, say
from twitch_tracker.units import day_text
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
    none_of_these: str = ""

    @property
    def day(self) -> TypedDay:
        """What was typed of a day.

        A symptom that was not ticked is "no" only where another one, or "none of
        these", was: nothing is made up of a question that nobody answered.
        """
        fields = self.model_extra or {}
        numbers = {name: str(fields[name]) for name in DIARY if name in fields}
        if self.none_of_these or any(numbers.get(name) for name in DIARY_SYMPTOMS):
            numbers |= {name: numbers.get(name) or "0" for name in DIARY_SYMPTOMS}
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
        if name != "twitching" and not one.symptom
    )


_HOW_BAD: Final = (
    ("0", mark("Not at all")),
    ("1", mark("A little")),
    ("2", mark("Moderately")),
    ("3", mark("Badly")),
    ("4", mark("Very badly")),
)
"""The first question of the day, as five large buttons."""

_MOST_MEDICINES: Final = 8
_LOOKED_BACK: Final = 60
_BETWEEN: Final = re.compile("[,;\uff0c\uff1b\u3001]")
"""What people write between medicines; the last three are those of Chinese, `diary.js`."""


@router.get("/people/~{patient_id}/diary")
def questions(
    state: State, patient_id: str, on: str = "", like: bool = False
) -> Response:
    """Show the form, filled from the day's entry or that of the day before it.

    `like` only fills the form in: nothing is written until somebody saves it.
    """
    with state.journal() as journal:
        entries = journal.diary(patient_id)
    day = day_from(on) or today()
    found = next((e for e in entries if e.on == day), DiaryEntry(on=day))
    before = [e for e in entries if e.on < day]
    if like and before:
        found = replace(before[-1], on=day, notes=found.notes)
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
        entries = journal.diary(patient_id)
    before = [entry for entry in entries if entry.on.isoformat() < form.on]
    symptoms = [form.numbers.get(name, "") for name in DIARY_SYMPTOMS]
    return page(
        "diary.html.j2",
        400 if problems else 200,
        patient=patient,
        form=form,
        shown=shown,
        today=today().isoformat(),
        questions=_questions(),
        how_bad=[(value, say(words)) for value, words in _HOW_BAD],
        symptoms=[
            (name, factor_name(name), form.numbers.get(name) == "1")
            for name in DIARY_SYMPTOMS
        ],
        none_ticked=bool(symptoms) and all(value == "0" for value in symptoms),
        like=day_text(before[-1].on) if before else "",
        medicines=_medicines(entries),
        problems=problems,
    )


def _medicines(entries: Sequence[DiaryEntry]) -> tuple[str, ...]:
    """List what was taken lately, each once, the latest first."""
    found: dict[str, None] = {}
    for entry in entries[: -_LOOKED_BACK - 1 : -1]:
        for name in _BETWEEN.split(entry.medication):
            if name.strip():
                found.setdefault(name.strip())
    return tuple(found)[:_MOST_MEDICINES]


@router.get("/people/~{patient_id}/diary/reminder.ics")
def reminder(state: State, patient_id: str, at: str = "20:00") -> Response:
    """Send a daily reminder for the calendar of a phone; it names nobody."""
    with state.journal() as journal:
        journal.patient(patient_id)
    try:
        moment_ = time.fromisoformat(at)
    except ValueError as error:
        raise BadParameter("at", say("a time such as 20:00"), at) from error
    text = daily_reminder(say("How was today?"), moment_, datetime.now(UTC))
    return download(text, "reminder.ics", "text/calendar; charset=utf-8")
