"""Recordings made elsewhere: announced, streamed to the disk, looked into, analysed."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.recording.receiving import take_file
from twitch_tracker.app.recording.room import check_room
from twitch_tracker.app.recording.steps import STEPS, task_name
from twitch_tracker.app.recording.when import refuse_future
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.errors import UploadRefused
from twitch_tracker.history import Task
from twitch_tracker.language import say

__all__ = ["NewFile", "SentFile", "router", "tasks_by_name"]

router = APIRouter(include_in_schema=False)


class SentFile(BaseModel):
    """What is about to be sent."""

    name: str = Field(max_length=300)
    size: int = Field(ge=0)
    media_type: str = Field(default="", max_length=100)
    task: Task
    mirrored: bool
    started_at: AwareDatetime
    time_told: bool = True


class NewFile(SentFile):
    """What is about to be sent, and whose it is."""

    patient_id: str = Field(max_length=80)


@router.get("/people/~{patient_id}/add")
def add_files(state: State, patient_id: str) -> Response:
    """Show the page for files that were recorded elsewhere."""
    with state.journal() as journal:
        patient = journal.patient(patient_id)
    limit_mb = state.settings.max_upload_bytes // 1_000_000
    facts = {
        "patient_id": patient.patient_id,
        "limit": state.settings.max_upload_bytes,
        "home": person_url(patient.patient_id),
    }
    return page(
        "add.html.j2",
        patient=patient,
        name=patient.patient_id,
        tasks=tasks_by_name(),
        limit_mb=limit_mb,
        facts=facts,
    )


def tasks_by_name() -> list[tuple[str, str]]:
    """Return what a person can have been asked to do, and its name."""
    tasks = (*(step.task for step in STEPS), Task.OTHER)
    return [(task.value, task_name(task)) for task in tasks]


@router.post("/api/files")
def announce(state: State, body: NewFile) -> dict[str, str]:
    """Say yes or no to a file before any of it is sent."""
    with state.journal() as journal:
        patient = journal.patient(body.patient_id)
    if body.size == 0:
        raise UploadRefused(say("This file is empty. Copy it again from the phone."))
    refuse_future(body.started_at)
    check_room(state.settings, body.size, state.store)
    clip = state.store.add(
        patient_id=patient.patient_id,
        task=body.task,
        started_at=body.started_at,
        time_told=body.time_told,
        mirrored=body.mirrored,
        sent_name=body.name,
        media_type=body.media_type,
        announced_bytes=body.size,
    )
    return {"clip_id": clip.clip_id}


@router.put("/api/clips/{clip_id}/file")
async def take(request: Request, state: State, clip_id: str) -> dict[str, str]:
    """Stream an announced file to the disk; what is no video is not kept."""
    with state.store.taking(clip_id) as clip:
        if not clip.announced_bytes:
            raise UploadRefused(say("This recording was not announced as a file."))
        try:
            await take_file(state.store, clip, request.stream(), state.settings)
        finally:
            _drop_if_empty(state, clip_id)
    await run_in_threadpool(state.analyses.submit, clip_id)
    return {"url": f"/clips/{clip_id}"}


def _drop_if_empty(state: AppState, clip_id: str) -> None:
    """Drop an announced file that did not arrive."""
    if state.store.clip(clip_id).state is ClipState.RECORDING:
        state.store.remove(clip_id)
