"""A person's home, and the list of all their recordings.

The page comes at once; what has to be computed (``now``) is asked for after its first
paint, unless it is known already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from twitch_tracker import units
from twitch_tracker.app.home.view import build_now
from twitch_tracker.app.recording.clips import Clip, ClipState
from twitch_tracker.app.recording.steps import task_name
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.app.words import moment, state_in_words
from twitch_tracker.history import USUAL_BASIS, DiaryEntry, Patient
from twitch_tracker.journal.entries import RecordingEntry
from twitch_tracker.language import say, say_n
from twitch_tracker.units import day_text

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_NEWEST = 3
"""Recordings on a person's home."""

_SHOWN = 100
"""Recordings on one page of the list; older ones on further pages."""

_LOOKED_AT = 1
"""Recordings that wait for somebody on a person's home; the others unfold."""

_DAYS_COUNTED = 30
"""Longer ago, a date says more than a number of days."""


@dataclass(frozen=True, kw_only=True)
class RecordingRow:
    """One line of the list of recordings; `link` is empty without a page."""

    when: str
    task: str
    length: str
    right: str
    left: str
    state: str
    link: str
    review: str = ""
    change: str = ""


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What can be done, and why just now."""

    url: str
    name: str
    about: str


@router.get("/people/~{patient_id}")
def home(
    state: State, patient_id: str, whole: bool = False, saved: str = ""
) -> Response:
    """Show one person: how it is, and the next step."""
    with state.journal() as journal:
        patient = journal.patient(patient_id)
        names = [brief.recording_id for brief in journal.overview(patient_id)][::-1]
        entries = journal.recordings(patient_id, names[:_NEWEST])
        diary = journal.diary(patient_id)
    ready = whole or state.courses.is_known(state.journal, patient_id, USUAL_BASIS)
    first, *others = _steps(patient, entries, diary)
    fields = _now(state, patient_id) if ready and names else {"now": None}
    unfinished = state.store.open_sessions(patient_id)
    begun = {session.session_id for session in unfinished}
    return page(
        "person.html.j2",
        patient=patient,
        patient_id=patient_id,
        rows=_rows(state, patient_id, entries),
        total=len(names),
        unfinished=unfinished,
        first=first,
        others=others,
        moment=moment,
        said=say("The diary is saved. Thank you.") if saved == "diary" else "",
        **_in_short(state, patient_id, begun),
        **fields,
    )


@router.get("/people/~{patient_id}/now")
def now(state: State, patient_id: str) -> Response:
    """Show what takes long to compute, as a piece of the page."""
    return page("home_now.html.j2", patient_id=patient_id, **_now(state, patient_id))


def _now(state: AppState, patient_id: str) -> dict[str, Any]:
    course = state.courses.of(state.journal, patient_id, USUAL_BASIS)
    return {"now": build_now(state, patient_id, course)}


@router.get("/people/~{patient_id}/all")
def every_recording(state: State, patient_id: str, older: int = 0) -> Response:
    """Show all recordings, newest first, a hundred at a time."""
    with state.journal() as journal:
        patient = journal.patient(patient_id)
        names = [brief.recording_id for brief in journal.overview(patient_id)][::-1]
        start = min(max(older, 0), 10_000) * _SHOWN
        entries = journal.recordings(patient_id, names[start : start + _SHOWN])
    return page(
        "all_recordings.html.j2",
        patient=patient,
        pending=_pending(state, patient_id),
        rows=_rows(state, patient_id, entries),
        total=len(names),
        older=older + 1 if len(names) > start + _SHOWN else 0,
        newer=older - 1 if older else None,
    )


# --- the next step ----------------------------------------------------------------


def _steps(
    patient: Patient,
    entries: tuple[RecordingEntry, ...],
    diary: tuple[DiaryEntry, ...],
) -> list[NextStep]:
    """Return what to do, the most useful thing first."""
    today = datetime.now().astimezone().date()
    record = NextStep(
        url=person_url(patient.patient_id, "record"),
        name=say("Record now"),
        about=_since(entries, today)
        if entries
        else say("With the camera of this computer; three minutes are enough"),
    )
    day = NextStep(
        url=person_url(patient.patient_id, "diary"),
        name=say("How was today?"),
        about=_last_day(diary),
    )
    recorded_today = bool(entries) and entries[-1].started_at.date() == today
    noted_today = bool(diary) and diary[-1].on == today
    if recorded_today and not noted_today:
        return [day, record]
    return [record, day]


def _since(entries: tuple[RecordingEntry, ...], today: date) -> str:
    """Say when was last recorded; days, as people count them."""
    last = entries[-1].started_at.astimezone().date()
    days = (today - last).days
    if days <= 0:
        return say("There is already a recording today")
    if days > _DAYS_COUNTED:
        return say("Last recording: {day}", day=day_text(last))
    return say_n(
        "The last recording was {n} day ago",
        "The last recording was {n} days ago",
        days,
    )


def _last_day(diary: tuple[DiaryEntry, ...]) -> str:
    if not diary:
        return say("Half a minute, in a few clicks")
    return say("Last entry: {day}", day=day_text(diary[-1].on))


# --- lists ------------------------------------------------------------------------


def _pending(state: AppState, patient_id: str) -> list[RecordingRow]:
    clips = state.store.of_patient(patient_id)
    return [_pending_row(c) for c in clips if c.state is not ClipState.DONE]


def _in_short(
    state: AppState, patient_id: str, open_sessions: set[str]
) -> dict[str, Any]:
    """Divide what is not counted yet by who has to do something: a person, or nobody.

    Steps of a session that is not finished are neither: the page says that it is not.
    """
    clips = [
        clip
        for clip in state.store.of_patient(patient_id)
        if clip.state is not ClipState.DONE and clip.session_id not in open_sessions
    ]
    at_work = {ClipState.WAITING, ClipState.ANALYSING}
    mine = [clip for clip in clips if clip.state not in at_work][::-1]
    others = mine[_LOOKED_AT:] + [clip for clip in clips if clip.state in at_work]
    return {
        "to_look_at": [_pending_row(clip) for clip in mine[:_LOOKED_AT]],
        "waiting": [_pending_row(clip) for clip in others],
    }


def _pending_row(clip: Clip) -> RecordingRow:
    unfinished = clip.state is ClipState.RECORDING
    return RecordingRow(
        when=moment(clip.started_at),
        task=task_name(clip.task),
        length="",
        right="",
        left="",
        state=state_in_words(clip.state),
        link="" if unfinished else f"/clips/{clip.clip_id}",
    )


def _rows(
    state: AppState, patient_id: str, entries: tuple[RecordingEntry, ...]
) -> list[RecordingRow]:
    clips = state.store.of_patient(patient_id)
    links = {c.recording_id: f"/clips/{c.clip_id}" for c in clips if c.recording_id}
    return [_row(entry, links) for entry in reversed(entries)]


def _row(entry: RecordingEntry, links: dict[str, str]) -> RecordingRow:
    measured = entry.analysable_s > 0
    return RecordingRow(
        when=moment(entry.started_at),
        task=task_name(entry.task),
        length=units.duration(entry.recorded_s),
        right=str(entry.counted_right) if measured else units.not_measured(),
        left=str(entry.counted_left) if measured else units.not_measured(),
        state=say("reviewed") if entry.reviewed_by else "",
        link=links.get(entry.recording_id, ""),
        review=f"/review/{entry.recording_id}",
        change=f"/recordings/{entry.recording_id}/change",
    )
