"""Two days of one kind of task side by side, with a film of a burst of each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from twitch_tracker.app.course.choice import read_choice
from twitch_tracker.app.course.compare_view import (
    CompareRequest,
    compare_url,
    day_view,
    obstacle_words,
    side_tables,
)
from twitch_tracker.app.course.films import film_of
from twitch_tracker.app.course.view import basis_options, kind_options
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import page
from twitch_tracker.border.days import day_from
from twitch_tracker.history import LoggedRecording, PatientHistory, TaskKind
from twitch_tracker.language import say
from twitch_tracker.progression.comparing import (
    Day,
    common_tasks,
    day_of,
    days_recorded,
    nearest_days,
)
from twitch_tracker.units import day_text
from twitch_tracker.wording.terms import KINDS

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@dataclass(kw_only=True)
class _Draft:
    """A comparison while it is put together: two days, or what stands in the way."""

    asked: CompareRequest
    history: PatientHistory
    days: list[Day] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    near: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


@router.get("/people/~{patient_id}/compare")
def compare(  # as the form sends it
    state: State,
    patient_id: str,
    basis: str = "",
    kind: str = "",
    first: str = "",
    second: str = "",
    first_recording: str = "",
    second_recording: str = "",
) -> Response:
    """Show two days side by side; without a choice the first and the last one."""
    choice = read_choice(basis=basis, kind=kind, first="", last="", measures=())
    history = state.courses.history_of(state.journal, patient_id, choice.basis)
    recorded = tuple(k for k in KINDS if days_recorded(history, k))
    asked = CompareRequest(
        patient_id=patient_id,
        basis=choice.basis,
        kind=choice.kind or (recorded[0] if recorded else TaskKind.REST),
        first=first,
        second=second,
        first_recording=first_recording,
        second_recording=second_recording,
    )
    draft = _draft(asked, history)
    return page(
        "compare.html.j2",
        400 if draft.problems else 200,
        patient_id=patient_id,
        asked=draft.asked,
        bases=basis_options(choice),
        kinds=kind_options(replace(choice, kind=asked.kind), ())[:-1],
        problems=draft.problems,
        near=draft.near,
        recorded=bool(recorded),
        **_found(state, draft),
    )


def _draft(asked: CompareRequest, history: PatientHistory) -> _Draft:
    """Find both days; what was not asked for is the first and the last day."""
    days = days_recorded(history, asked.kind)
    if len(days) and not asked.first:
        earlier = [day for day in days if day.isoformat() != asked.second]
        asked = replace(asked, first=(earlier or days)[0].isoformat())
    if len(days) and not asked.second:
        asked = replace(asked, second=days[-1].isoformat())
    draft = _Draft(asked=asked, history=history)
    if not days:
        if any(days_recorded(history, kind) for kind in KINDS):
            draft.problems["kind"] = say("Nothing of this kind was recorded.")
        return draft
    for key in ("first", "second"):
        _add_day(draft, key, days)
    if len(draft.days) == 2:
        _in_order(draft)
    return draft


def _add_day(draft: _Draft, key: str, days: tuple[date, ...]) -> None:
    """Add the day that was asked for, or say why there is none."""
    text = getattr(draft.asked, key)
    on = day_from(text)
    if on is None:
        draft.problems[key] = say("Enter days like 2026-05-31.")
        return
    recording = getattr(draft.asked, f"{key}_recording")
    day = day_of(draft.history, draft.asked.kind, on, recording)
    if day is None and recording:
        # The chosen recording is of another day: show all of this day.
        draft.asked = _without_recording(draft.asked, key)
        day = day_of(draft.history, draft.asked.kind, on)
    if day is not None:
        draft.days.append(day)
        return
    draft.problems[key] = say(
        "On {day} nothing of this kind was recorded and could be measured.",
        day=day_text(on),
    )
    draft.near[key] = [
        (day_text(n), compare_url(draft.asked, **{key: n.isoformat()}))
        for n in nearest_days(days, on)
    ]


def _without_recording(asked: CompareRequest, key: str) -> CompareRequest:
    if key == "first":
        return replace(asked, first_recording="")
    return replace(asked, second_recording="")


def _in_order(draft: _Draft) -> None:
    """Put the earlier day first; refuse the same recordings twice."""
    first, second = draft.days
    if first.recordings == second.recordings:
        draft.problems["second"] = say("Choose two different days or recordings.")
        draft.days.clear()
    elif second.recordings[0].started_at < first.recordings[0].started_at:
        asked = draft.asked
        draft.days.reverse()
        draft.asked = replace(
            asked,
            first=asked.second,
            second=asked.first,
            first_recording=asked.second_recording,
            second_recording=asked.first_recording,
        )


def _found(state: AppState, draft: _Draft) -> dict[str, Any]:
    """Return what is shown of two days; nothing while one is missing."""
    if len(draft.days) != 2:
        return {"days": (), "tables": (), "obstacles": (), "only_common": False}
    whole = draft.days
    earlier, later = common_tasks(*whole)
    against = obstacle_words(earlier, later)
    numbers = state.courses.compared(draft.history, draft.asked.kind, earlier, later)
    views = [
        day_view(
            key,
            day,
            _there(draft, day),
            getattr(draft.asked, f"{key}_recording"),
            film_of(state, day.recordings),
        )
        for key, day in (("first", earlier), ("second", later))
    ]
    return {
        "days": views,
        "tables": side_tables(numbers, compared=not against),
        "obstacles": against,
        "only_common": [earlier, later] != whole,
    }


def _there(draft: _Draft, day: Day) -> tuple[LoggedRecording, ...]:
    """Return everything of a day, to choose from."""
    every = day_of(draft.history, draft.asked.kind, day.on)
    return () if every is None else (*every.recordings, *every.left_out)
