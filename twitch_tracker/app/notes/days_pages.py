"""Days of the diary: list, change, remove, tables in and out.

A day is entered and changed on the page of `diary_pages`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter, UploadFile
from starlette.responses import Response

from twitch_tracker.app.exports.tables import download, read_table
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import back_to, page, person_url
from twitch_tracker.errors import BadParameter, BadTable, UnknownEntry
from twitch_tracker.history import DIARY_FACTORS, DiaryEntry
from twitch_tracker.journal.files.tables import DIARY_COLUMNS, diary_text, read_diary
from twitch_tracker.journal.journal import Journal
from twitch_tracker.language import mark, say
from twitch_tracker.units import day_text, plainly
from twitch_tracker.wording.terms import factor_name

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_SHOWN: Final = 31

_SAID: Final = {
    "removed": mark("The day was removed. It stays in the list of changes."),
    "read": mark("The table was imported."),
}


@dataclass(frozen=True, kw_only=True)
class DayItem:
    """One day of the list."""

    on: str
    day: str
    numbers: str
    words: tuple[str, ...]


@router.get("/people/~{patient_id}/days")
def days(state: State, patient_id: str, older: int = 0, said: str = "") -> Response:
    """Show the newest days; older ones on further pages."""
    return _list_page(state, patient_id, older=older, said=_SAID.get(said, ""))


def _list_page(
    state: AppState,
    patient_id: str,
    *,
    status: int = 200,
    older: int = 0,
    said: str = "",
    problem: str = "",
) -> Response:
    with state.journal() as journal:
        journal.patient(patient_id)
        entries = journal.diary(patient_id)[::-1]
    at = min(max(older, 0), 100_000)
    start = at * _SHOWN
    return page(
        "days.html.j2",
        status,
        patient_id=patient_id,
        columns=", ".join(DIARY_COLUMNS),
        said=say(said),
        problems={"table": problem} if problem else {},
        items=[_item(entry) for entry in entries[start : start + _SHOWN]],
        total=len(entries),
        older=at + 1 if len(entries) > start + _SHOWN else 0,
        newer=at - 1 if at else None,
    )


def _item(entry: DiaryEntry) -> DayItem:
    numbers = (
        say("{name} {value}", name=factor_name(name), value=plainly(value))
        for name in DIARY_FACTORS
        if math.isfinite(value := getattr(entry, name))
    )
    return DayItem(
        on=entry.on.isoformat(),
        day=day_text(entry.on),
        numbers=", ".join(numbers),
        words=tuple(filter(None, (entry.medication, entry.notes))),
    )


def _found(journal: Journal, patient_id: str, text: str) -> DiaryEntry:
    """Look a day up in the diary of this person."""
    for entry in journal.diary(patient_id):
        if entry.on.isoformat() == text:
            return entry
    raise UnknownEntry(say("This day is not in the diary."))


@router.get("/people/~{patient_id}/days/{on}/remove")
def remove_question(state: State, patient_id: str, on: str) -> Response:
    """Ask before a day is removed."""
    with state.journal() as journal:
        item = _item(_found(journal, patient_id, on))
    return page(
        "remove.html.j2",
        about="",
        patient_id=patient_id,
        question=say("Remove this day from the diary?"),
        what=": ".join(filter(None, (item.day, item.numbers))),
        action=person_url(patient_id, "days", item.on, "remove"),
        back=person_url(patient_id, "days"),
        back_name=say("Diary days"),
    )


@router.post("/people/~{patient_id}/days/{on}/remove")
def remove(state: State, patient_id: str, on: str) -> Response:
    """Remove a day; it stays in the list of changes."""
    with state.journal() as journal:
        day: date = _found(journal, patient_id, on).on
        journal.remove_diary(patient_id, day)
    return back_to(patient_id, "days", "removed")


@router.post("/people/~{patient_id}/diary.csv")
def import_diary(state: State, patient_id: str, table: UploadFile) -> Response:
    """Read a table of days in, all of it or nothing; empty cells change nothing."""
    try:
        entries = read_table(table, "diary.csv", read_diary, state.settings.folder)
        with state.journal() as journal:
            journal.write_diary(patient_id, entries, merge=True)
    except (BadTable, BadParameter) as error:
        return _list_page(state, patient_id, status=400, problem=str(error))
    return back_to(patient_id, "days", "read")


@router.get("/people/~{patient_id}/diary.csv")
def export_diary(state: State, patient_id: str) -> Response:
    """Send all days as a table that can be imported again."""
    with state.journal() as journal:
        text = diary_text(journal.diary(patient_id))
    return download(text, f"{patient_id}_diary.csv", "text/csv; charset=utf-8")
