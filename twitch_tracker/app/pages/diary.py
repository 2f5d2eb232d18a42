"""The diary: how a day was, in under twenty seconds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from twitch_tracker.app.state import State
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import DIARY_FACTORS, DiaryEntry
from twitch_tracker.report.words import mark, say

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Question:
    """One number of the diary, and how it is asked; words are catalogue keys."""

    name: str
    words: str
    unit: str
    step: float
    most: float
    slider: bool


_QUESTIONS: Final = (
    Question("stress", mark("Stress"), mark("0 none, 10 worst"), 1, 10, True),
    Question("fatigue", mark("Tiredness"), mark("0 none, 10 worst"), 1, 10, True),
    Question("sleep_hours", mark("Sleep last night"), mark("hours"), 0.5, 24, False),
    Question("caffeine_cups", mark("Coffee or tea"), mark("cups"), 0.5, 40, False),
    Question("screen_hours", mark("Screen time"), mark("hours"), 0.5, 24, False),
    Question(
        "hfs7_total",
        mark("HFS-7 total, if you filled it in"),
        mark("0 to 28"), 1, 28, False,
    ),
)  # fmt: skip
"""In the order of the form; the two that are felt come first."""


@router.get("/people/~{patient_id}/diary")
def questions(state: State, patient_id: str, on: str = "") -> Response:
    """The form, with what the day's entry says already."""
    day = _day(on) or _today()
    return _form(state, patient_id, _entry_of(state, patient_id, day))


@router.post("/people/~{patient_id}/diary")
def answer(  # one parameter a question, as the form sends them
    state: State,
    patient_id: str,
    on: Annotated[str, Form()] = "",
    stress: Annotated[str, Form()] = "",
    fatigue: Annotated[str, Form()] = "",
    sleep_hours: Annotated[str, Form()] = "",
    caffeine_cups: Annotated[str, Form()] = "",
    screen_hours: Annotated[str, Form()] = "",
    hfs7_total: Annotated[str, Form()] = "",
    medication: Annotated[str, Form()] = "",
    notes: Annotated[str, Form()] = "",
) -> Response:
    """Write the day's entry; an unanswered question stays unanswered."""
    typed = {
        "stress": stress,
        "fatigue": fatigue,
        "sleep_hours": sleep_hours,
        "caffeine_cups": caffeine_cups,
        "screen_hours": screen_hours,
        "hfs7_total": hfs7_total,
    }
    day = _day(on)
    numbers = {name: _number(text) for name, text in typed.items()}
    if day is None or None in numbers.values():
        empty = DiaryEntry(on=day or _today(), medication=medication, notes=notes)
        return _form(state, patient_id, empty, problem=_not_understood())
    told = {name: value for name, value in numbers.items() if value is not None}
    entry = DiaryEntry(
        on=day, medication=medication.strip(), notes=notes.strip(), **told
    )  # fmt: skip
    try:
        with state.journal() as journal:
            journal.write_diary(patient_id, [entry])
    except BadParameter:
        return _form(state, patient_id, entry, problem=_not_understood())
    return RedirectResponse(f"{person_url(patient_id)}?saved=diary", status_code=303)


def _form(
    state: State, patient_id: str, entry: DiaryEntry, problem: str = ""
) -> Response:
    with state.journal() as journal:
        patient = journal.patient(patient_id)
    values = {name: _shown(getattr(entry, name)) for name in DIARY_FACTORS}
    return page(
        "diary.html.j2",
        400 if problem else 200,
        patient=patient,
        entry=entry,
        today=_today().isoformat(),
        questions=_QUESTIONS,
        values=values,
        problem=problem,
    )


def _entry_of(state: State, patient_id: str, day: date) -> DiaryEntry:
    with state.journal() as journal:
        entries = journal.diary(patient_id)
    return next((e for e in entries if e.on == day), DiaryEntry(on=day))


def _not_understood() -> str:
    return say(
        "Some answer does not fit: please check the day (not in the future) and the "
        "numbers."
    )


def _number(text: str) -> float | None:
    """Read an answer: NaN when it is empty, None when it is no number."""
    if not text.strip():
        return math.nan
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _shown(value: float) -> str:
    return f"{value:g}" if math.isfinite(value) else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _today() -> date:
    """Return the day on this computer, which is the person's own."""
    return date.today()  # noqa: DTZ011
