"""One recording corrected or removed: date, task, device, which way round it is."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse, Response

from twitch_tracker.app.corrections.details import (
    Details,
    read_details,
    refuse_in_use,
    store_details,
    typed_moment,
)
from twitch_tracker.app.keeping.forgetting import places_of_recording
from twitch_tracker.app.notes.changes_words import ChangeRow, change_rows, is_shown
from twitch_tracker.app.recording.clips import Clip
from twitch_tracker.app.recording.steps import STEPS, task_name
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.app.words import moment
from twitch_tracker.errors import RecordingError, UnknownEntry
from twitch_tracker.history import Task
from twitch_tracker.journal.entries import RecordingEntry
from twitch_tracker.language import say
from twitch_tracker.video.files import open_video

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_PREVIEW_SIDE_PX: Final = 480
_PREVIEW_AT_S: Final = 1.0


class RecordingForm(BaseModel):
    """What the form sends, as it was typed."""

    model_config = ConfigDict(frozen=True)

    when: str = ""
    task: str = ""
    device: str = Field("", max_length=200)
    note: str = Field("", max_length=2000)
    mirrored: str = ""


SentRecordingForm = Annotated[RecordingForm, Form()]


@dataclass(frozen=True, kw_only=True)
class CorrectedRecording:
    """What is corrected: a recording of the journal, a video of the app, or both."""

    patient_id: str
    details: Details
    url: str
    entry: RecordingEntry | None
    clip: Clip | None

    @property
    def title(self) -> str:
        """What it is called: task and moment."""
        return say(
            "{task}, {when}",
            task=task_name(self.details.task),
            when=moment(self.details.started_at),
        )

    @property
    def back(self) -> str:
        """Where it is looked at."""
        if self.clip is not None:
            return f"/clips/{self.clip.clip_id}"
        return person_url(self.patient_id, "all")


def _of_journal(state: AppState, recording_id: str) -> CorrectedRecording:
    with state.journal() as journal:
        entry = journal.recording(recording_id)
    clip = state.store.of_recording(recording_id)
    details = Details(
        started_at=entry.started_at,
        task=entry.task,
        device=entry.device,
        note=entry.note,
        mirrored=entry.mirrored if clip is None else clip.mirrored,
    )
    return CorrectedRecording(
        patient_id=entry.patient_id,
        details=details,
        url=f"/recordings/{recording_id}",
        entry=entry,
        clip=clip,
    )


def _of_app(state: AppState, clip_id: str) -> CorrectedRecording:
    clip = state.store.clip(clip_id)
    if clip.recording_id:
        return _of_journal(state, clip.recording_id)
    details = Details(
        started_at=clip.started_at,
        task=clip.task,
        device=clip.device,
        note="",
        mirrored=clip.mirrored,
    )
    return CorrectedRecording(
        patient_id=clip.patient_id,
        details=details,
        url=f"/clips/{clip_id}",
        entry=None,
        clip=clip,
    )


# --- the form ---------------------------------------------------------------------


@router.get("/recordings/{recording_id}/change")
def change_form(state: State, recording_id: str) -> Response:
    """Show the form of a recording of the journal."""
    return _form(state, _of_journal(state, recording_id), None, {})


@router.post("/recordings/{recording_id}/change")
def change(state: State, recording_id: str, sent: SentRecordingForm) -> Response:
    """Store what was corrected."""
    return _change(state, _of_journal(state, recording_id), sent)


@router.get("/clips/{clip_id}/change")
def change_form_of_clip(state: State, clip_id: str) -> Response:
    """Show the form of a video that is in no journal yet."""
    return _form(state, _of_app(state, clip_id), None, {})


@router.post("/clips/{clip_id}/change")
def change_clip(state: State, clip_id: str, sent: SentRecordingForm) -> Response:
    """Store what was corrected, of a video that is in no journal yet."""
    return _change(state, _of_app(state, clip_id), sent)


def _form(
    state: AppState,
    target: CorrectedRecording,
    sent: RecordingForm | None,
    problems: dict[str, str],
) -> Response:
    details = target.details
    shown = sent or RecordingForm(
        when=typed_moment(details.started_at),
        task=details.task.value,
        device=details.device,
        note=details.note,
        mirrored="yes" if details.mirrored else "no",
    )
    video = target.clip is not None and state.store.video(target.clip).is_file()
    return page(
        "change_recording.html.j2",
        400 if problems else 200,
        patient_id=target.patient_id,
        target=target,
        form=shown,
        problems=problems,
        tasks=[(task.value, task_name(task)) for task in _tasks()],
        picture=f"/clips/{target.clip.clip_id}/picture"
        if video and target.clip
        else "",
        history=_history(state, target),
        latest=typed_moment(details.started_at.now().astimezone()),
    )


def _tasks() -> tuple[Task, ...]:
    return (*dict.fromkeys(step.task for step in STEPS), Task.OTHER)


def _change(
    state: AppState, target: CorrectedRecording, sent: RecordingForm
) -> Response:
    details, problems = read_details(
        target.details,
        when=sent.when,
        task=sent.task,
        device=sent.device,
        note=sent.note,
        mirrored=sent.mirrored if target.clip is not None else "",
    )
    if details is None:
        return _form(state, target, sent, problems)
    recording_id = "" if target.entry is None else target.entry.recording_id
    measured_again = store_details(
        state, details, recording_id=recording_id, clip=target.clip
    )
    if measured_again:
        return RedirectResponse(target.back, status_code=303)
    return RedirectResponse(f"{target.url}/change?said=1", status_code=303)


def _history(state: AppState, target: CorrectedRecording) -> tuple[ChangeRow, ...]:
    """Say what was corrected before, newest first."""
    if target.entry is None:
        return ()
    name = target.entry.recording_id
    with state.journal() as journal:
        found = journal.changes(target.patient_id, kinds=frozenset({"recording"}))
    return change_rows([one for one in found if one.name == name and is_shown(one)])


@router.get("/clips/{clip_id}/picture/{turned}")
def picture(state: State, clip_id: str, turned: int) -> Response:
    """Send a picture of a video as it is stored (0) or turned round (1)."""
    from PIL import Image

    clip = state.store.clip(clip_id)
    video = state.store.video(clip)
    if not video.is_file():
        raise UnknownEntry(say("The video of this recording is not available."))
    found = None
    for start_s in (_PREVIEW_AT_S, 0.0):
        with open_video(
            video,
            mirrored=bool(turned),
            start_s=start_s,
            max_side_px=_PREVIEW_SIDE_PX,
        ) as source:
            found = next(iter(source), None)
        if found is not None:
            break
    if found is None:
        raise RecordingError(say("There is no picture in this video."))
    buffer = io.BytesIO()
    Image.fromarray(found.image).save(buffer, "JPEG", quality=85)
    return Response(buffer.getvalue(), media_type="image/jpeg")


# --- removing ---------------------------------------------------------------------


@router.get("/recordings/{recording_id}/remove")
def remove_question(state: State, recording_id: str) -> Response:
    """Ask before a recording is removed."""
    target = _of_journal(state, recording_id)
    return page(
        "remove.html.j2",
        patient_id=target.patient_id,
        question=say("Remove this recording permanently?"),
        what=target.title,
        about=say(
            "Its numbers, reviews and signals are deleted, and its video if the app "
            "keeps it. The list of changes still shows that it existed. Only a "
            "backup can restore it."
        ),
        action=f"{target.url}/remove",
        back=f"{target.url}/change",
        back_name=say("Correct"),
    )


@router.post("/recordings/{recording_id}/remove")
def remove(state: State, recording_id: str) -> Response:
    """Remove a recording with its video."""
    target = _of_journal(state, recording_id)
    refuse_in_use(state, target.clip)
    with state.journal() as journal:
        entry = journal.recording(recording_id)
        places = places_of_recording(journal, state.store, entry)
        journal.remove_recording(recording_id, also=places)
    if target.clip is not None:
        state.store.remove(target.clip.clip_id)
    state.drop_person(target.patient_id)
    return RedirectResponse(person_url(target.patient_id, "all"), status_code=303)
