"""The page of a person's folder for videos: which one, and what became of each file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from twitch_tracker.app.inbox.kept import Inbox, SeenFile
from twitch_tracker.app.inbox.outcomes import outcome_in_words
from twitch_tracker.app.inbox.watching import ENDINGS
from twitch_tracker.app.recording.steps import task_name
from twitch_tracker.app.recording.upload_pages import tasks_by_name
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.app.words import state_in_words
from twitch_tracker.border.files import real_path
from twitch_tracker.errors import OutputNotWritable, UnknownEntry
from twitch_tracker.exchange.whole import file_name
from twitch_tracker.history import Task
from twitch_tracker.language import say

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_SHOWN: Final = 200
"""Files on the page, the newest first."""


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """One line of the list; without a link when nothing was made of it."""

    name: str
    outcome: str
    state: str
    link: str


@router.get("/people/~{patient_id}/inbox")
def inbox_page(state: State, patient_id: str) -> Response:
    """Show which folder is watched, or the form for one."""
    return _page(state, patient_id)


@router.get("/people/~{patient_id}/inbox/files")
def files(state: State, patient_id: str) -> Response:
    """Show what became of each file, as a piece of the page."""
    inbox = state.store.inboxes.of(patient_id)
    return page("inbox_files.html.j2", **_shown(state, inbox))


@router.post("/people/~{patient_id}/inbox")
def watch(
    state: State,
    patient_id: str,
    folder: Annotated[str, Form(max_length=1000)] = "",
    task: Annotated[str, Form(max_length=40)] = "",
    mirrored: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """Begin to watch a folder, or change what is stated about its videos."""
    problems = {}
    tasks = {one.value for one in Task}
    if task not in tasks:
        problems["task"] = say("Choose what the person was asked to do.")
    if mirrored not in {"yes", "no"}:
        problems["mirrored"] = say("Choose whether the videos are mirror images.")
    path = _typed_path(folder)
    trouble = _trouble_with(state, patient_id, path)
    if trouble:
        problems["folder"] = trouble
    if problems:
        typed = {"folder": folder, "task": task, "mirrored": mirrored}
        return _page(state, patient_id, status=400, typed=typed, problems=problems)
    with state.journal() as journal:
        patient = journal.patient(patient_id)
    before = state.store.inboxes.of(patient.patient_id)
    same = before is not None and before.folder == str(path)
    state.store.inboxes.keep(
        Inbox(
            patient_id=patient.patient_id,
            folder=str(path),
            task=Task(task),
            mirrored=mirrored == "yes",
            since=datetime.now().astimezone(),
            files=before.files if before and same else (),
        )
    )
    return RedirectResponse(person_url(patient_id, "inbox"), status_code=303)


@router.post("/people/~{patient_id}/inbox/stop")
def stop(state: State, patient_id: str) -> Response:
    """Stop watching the folder; its files stay where they are."""
    state.store.inboxes.drop(patient_id)
    return RedirectResponse(person_url(patient_id, "inbox"), status_code=303)


def _page(
    state: AppState,
    patient_id: str,
    *,
    status: int = 200,
    typed: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
) -> Response:
    with state.journal() as journal:
        patient = journal.patient(patient_id)
    inbox = state.store.inboxes.of(patient.patient_id)
    usual = {
        "folder": inbox.folder if inbox else str(_usual_folder(patient.patient_id)),
        "task": inbox.task.value if inbox else Task.REST.value,
        "mirrored": ("yes" if inbox.mirrored else "no") if inbox else "",
    }
    return page(
        "inbox.html.j2",
        status,
        patient=patient,
        inbox=inbox,
        typed=typed or usual,
        problems=problems or {},
        tasks=tasks_by_name(),
        task=task_name(inbox.task) if inbox else "",
        endings=", ".join(ending.lstrip(".").upper() for ending in ENDINGS),
        **_shown(state, inbox),
    )


def _shown(state: AppState, inbox: Inbox | None) -> dict[str, Any]:
    if inbox is None:
        return {"rows": [], "missing": False, "hidden": 0}
    newest = inbox.files[::-1]
    return {
        "rows": [_row(state, one) for one in newest[:_SHOWN]],
        "hidden": max(len(newest) - _SHOWN, 0),
        "missing": not Path(inbox.folder).is_dir(),
    }


def _row(state: AppState, seen: SeenFile) -> FileRow:
    became = link = ""
    if seen.clip_id:
        try:
            clip = state.store.clip(seen.clip_id)
        except UnknownEntry:
            became = say("removed here in the meantime")
        else:
            became, link = state_in_words(clip.state), f"/clips/{clip.clip_id}"
    return FileRow(
        name=seen.name, outcome=outcome_in_words(seen.outcome), state=became, link=link
    )


def _usual_folder(patient_id: str) -> Path:
    from platformdirs import user_videos_path

    return user_videos_path() / "twitch_tracker" / file_name(patient_id)


def _typed_path(text: str) -> Path:
    """Read a path that was typed; what cannot be one is a relative one, and refused."""
    if "\0" in text:
        return Path()
    try:
        return Path(text.strip()).expanduser()
    except RuntimeError:  # a user without a home
        return Path()


def _trouble_with(state: AppState, patient_id: str, path: Path) -> str:
    """Say why a folder will not do; make it when it is missing. Nothing: it will."""
    if not path.is_absolute() or path == Path(path.anchor):
        return say(
            "Enter the full path of a folder, for example {example}.",
            example=_usual_folder(patient_id),
        )
    home = real_path(state.settings.home)
    real = real_path(path)
    if real == home or home in real.parents or real in home.parents:
        return say(
            "The program keeps its own files in or below this folder. Choose another "
            "folder, for videos only."
        )
    for other in state.store.inboxes.all():
        if real_path(Path(other.folder)) == real and other.patient_id != patient_id:
            return say(
                "This folder is already used for another person. Choose one for each "
                "person, so that films are never mixed up."
            )
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with_files = path.is_dir()
        next(path.iterdir(), None)
    except (OSError, OutputNotWritable) as error:
        why = getattr(error, "strerror", None) or str(error)
        return say("This folder cannot be created or opened ({why}).", why=why)
    return "" if with_files else say("This is a file, not a folder.")
