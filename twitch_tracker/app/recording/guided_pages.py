"""The guided session: its page, and what its script talks to while recording."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from twitch_tracker.app.keeping.forgetting import forgotten_sessions
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.recording.receiving import (
    finish_recording,
    put_chunk,
    stored_chunks,
)
from twitch_tracker.app.recording.room import check_room
from twitch_tracker.app.recording.steps import Form, session_minutes, steps_for
from twitch_tracker.app.recording.trouble.filming import film_note
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.errors import UnknownEntry, UploadRefused
from twitch_tracker.history import Task
from twitch_tracker.language import say

__all__ = ["begin_for", "finish_all", "router"]

router = APIRouter(include_in_schema=False)

_A_MINUTE_BYTES = 80_000_000
"""Twice this must be free before a step may start: as chunks, and put together."""


class NewSession(BaseModel):
    """Whose session is begun."""

    patient_id: str = Field(max_length=80)


class NewClip(BaseModel):
    """What is about to be recorded."""

    task: Task
    media_type: str = Field(max_length=100)
    device: str = Field(default="", max_length=200)


class StepDuration(BaseModel):
    """How long a step was recorded, by the clock of its page."""

    ran_s: float = Field(ge=0, le=86_400, allow_inf_nan=False)


@router.get("/people/~{patient_id}/record")
def record(
    state: State, patient_id: str, session: str = "", form: Form = Form.FULL
) -> Response:
    """Show the guided session; `session` goes on with an unfinished one."""
    with state.journal() as journal:
        patient = journal.patient(patient_id)
    if session and state.store.session(session).patient_id != patient_id:
        raise UnknownEntry(say("This session belongs to another person."))
    facts = {
        "patient_id": patient.patient_id,
        "session_id": session,
        "steps": steps_for(state.settings.step_s, form),
        "home": person_url(patient.patient_id),
    }
    return page(
        "record.html.j2",
        patient=patient,
        facts=facts,
        form=form.value,
        going_on=bool(session),
        minutes={each.value: session_minutes(each) for each in Form},
        add_url=person_url(patient.patient_id, "add"),
        phone_url=person_url(patient.patient_id, "phone"),
        name=patient.patient_id,
    )


@router.post("/api/guided")
def begin(state: State, body: NewSession) -> dict[str, str]:
    """Begin a session."""
    return begin_for(state, body.patient_id)


def begin_for(
    state: AppState, patient_id: str, *, by_phone: bool = False
) -> dict[str, str]:
    """Begin a session of somebody, filmed here or by the phone that is connected."""
    with state.journal() as journal:
        patient = journal.patient(patient_id)
    session = state.store.start_session(patient.patient_id, _now(), by_phone=by_phone)
    return {"session_id": session.session_id}


@router.get("/api/forgotten")
def forgotten(state: State) -> dict[str, tuple[str, ...]]:
    """Return forgotten sessions, for a browser that still holds seconds of them."""
    return {"sessions": forgotten_sessions(state.store)}


@router.get("/api/guided/{session_id}")
def session_state(state: State, session_id: str) -> dict[str, Any]:
    """Return what of a session is there, for a page that was loaded again."""
    session = state.store.session(session_id)
    clips = [
        {
            "clip_id": clip.clip_id,
            "task": clip.task.value,
            "state": clip.state.value,
            "next": stored_chunks(state.store, clip),
        }
        for clip in state.store.of_session(session_id)
    ]
    return {"finished": session.finished, "clips": clips}


@router.post("/api/guided/{session_id}/clips")
def begin_clip(state: State, session_id: str, body: NewClip) -> dict[str, str]:
    """Begin to record one step."""
    session = state.store.session(session_id)
    if session.finished:
        raise UploadRefused(say("This session is already finished."))
    check_room(state.settings, 2 * _A_MINUTE_BYTES, state.store)
    clip = state.store.add(
        patient_id=session.patient_id,
        task=body.task,
        started_at=_now(),
        session_id=session_id,
        media_type=body.media_type,
        device=body.device,
    )
    return {"clip_id": clip.clip_id}


@router.put("/api/clips/{clip_id}/chunks/{index}")
async def chunk(
    request: Request,
    state: State,
    clip_id: str,
    index: int,
    x_chunk_sha256: Annotated[str, Header(max_length=64)],
) -> dict[str, int]:
    """Take one second of a recording."""
    clip = state.store.clip(clip_id)
    data = await request.body()
    count = await run_in_threadpool(
        put_chunk, state.store, clip, index, data, x_chunk_sha256, state.settings
    )
    return {"next": count}


@router.post("/api/clips/{clip_id}/finish")
def finish_clip(
    state: State, clip_id: str, ended: StepDuration | None = None
) -> dict[str, str]:
    """End one step with what has arrived; report when less than the step is on film."""
    ran_s = ended.ran_s if ended else None
    clip = finish_recording(state.store, state.store.clip(clip_id), ran_s)
    return {"state": clip.state.value, "note": film_note(clip)}


@router.post("/api/guided/{session_id}/finish")
def finish(state: State, session_id: str) -> dict[str, str]:
    """End a session: put together what is there and let it be analysed."""
    state.store.session(session_id)
    finish_all(state, session_id)
    return {"url": f"/guided/{session_id}"}


@router.post("/guided/{session_id}/finish")
def finish_here(state: State, session_id: str) -> Response:
    """End an interrupted session from the person's page, without a camera."""
    state.store.session(session_id)
    finish_all(state, session_id)
    return RedirectResponse(f"/guided/{session_id}", status_code=303)


def finish_all(state: AppState, session_id: str) -> None:
    """Finish every recording of a session and queue it; none is lost on the way."""
    for clip in state.store.of_session(session_id):
        if clip.state is ClipState.RECORDING:
            with contextlib.suppress(UploadRefused, UnknownEntry):
                finish_recording(state.store, clip)
    state.store.finish_session(session_id)
    for clip in state.store.of_session(session_id):
        if clip.state is ClipState.STORED:
            state.analyses.submit(clip.clip_id)


def _now() -> datetime:
    return datetime.now().astimezone()
