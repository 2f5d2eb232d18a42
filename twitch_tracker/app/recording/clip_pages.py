"""One recording: how far its analysis is, and its result in plain words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from twitch_tracker.app.recording.bursts_view import ListedBurst, films_of_bursts
from twitch_tracker.app.recording.clips import UNDER_WAY, Clip, ClipState
from twitch_tracker.app.recording.results import ResultView, read_result
from twitch_tracker.app.recording.sending import send_file
from twitch_tracker.app.recording.session_view import (
    SessionCard,
    build_card,
    how_far_in_all,
)
from twitch_tracker.app.recording.steps import task_name
from twitch_tracker.app.recording.trouble.failures import failure_in_words
from twitch_tracker.app.recording.trouble.filming import film_note
from twitch_tracker.app.recording.when import shown_when
from twitch_tracker.app.recording.whom.pages import Choices, choices_of
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.app.words import moment, state_in_words
from twitch_tracker.errors import UnknownEntry, UploadRefused
from twitch_tracker.history import USUAL_BASIS
from twitch_tracker.language import say
from twitch_tracker.wording.journal.findings import time_known_in_words

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_REPORT_POLICY = (
    "sandbox allow-scripts allow-modals; default-src 'none'; "
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "frame-ancestors 'self'"
)
"""A report runs apart from the app (sandbox without allow-same-origin: no cookie, no
request); which of its scripts may run its own policy says by their hashes."""


@dataclass(frozen=True, kw_only=True)
class ClipView:
    """What a page shows of one recording."""

    clip_id: str
    title: str
    when: str
    when_known: str
    device: str
    sent_name: str
    mirrored: bool
    state: str
    state_words: str
    under_way: bool
    percent: int
    step: str
    error: str
    film_note: str
    result: ResultView | None
    recording_id: str
    bursts: tuple[ListedBurst, ...] = ()
    whom: Choices | None = None
    may_choose: bool = False


@router.get("/clips/{clip_id}")
def clip_page(state: State, clip_id: str) -> Response:
    """Show one recording."""
    clip = state.store.clip(clip_id)
    view = _view(state, clip)
    return page(
        "clip.html.j2",
        view=view,
        title=say("{task}, {when}", task=view.title, when=view.when),
        patient_id=clip.patient_id,
        session_id=clip.session_id,
    )


@router.get("/guided/{session_id}")
def session_page(state: State, session_id: str) -> Response:
    """Show every recording of a guided session."""
    session = state.store.session(session_id)
    clips = state.store.of_session(session_id)
    views = _numbered([_view(state, clip) for clip in clips])
    under_way = any(view.under_way for view in views)
    names = [view.recording_id for view in views if view.recording_id]
    return page(
        "session.html.j2",
        views=views,
        title=say("Session of {when}", when=moment(session.started_at)),
        patient_id=session.patient_id,
        session_id=session_id,
        under_way=under_way,
        whole=_whole(state, clips),
        card=None
        if under_way or not names
        else _card(state, session.patient_id, names),
    )


def _card(state: AppState, patient_id: str, names: Sequence[str]) -> SessionCard | None:
    history = state.courses.history_of(state.journal, patient_id, USUAL_BASIS)
    return build_card(history, names, state.courses.compared)


def _whole(state: AppState, clips: Sequence[Clip]) -> dict[str, Any]:
    """Return how far all of a session is, as its one progress bar shows it."""
    shares = [state.analyses.how_far(clip.clip_id).fraction for clip in clips]
    found = how_far_in_all(clips, shares)
    return {
        "percent": math.floor(100 * found.share),
        "words": say(
            "{over} of {of} parts are analysed.", over=found.over, of=found.of
        ),
        "under_way": found.over < found.of,
    }


@router.get("/api/guided/{session_id}/progress")
def session_progress(state: State, session_id: str) -> dict[str, Any]:
    """Return how far a session is, for its progress bar."""
    state.store.session(session_id)
    return _whole(state, state.store.of_session(session_id))


@router.get("/api/clips/{clip_id}")
def progress(state: State, clip_id: str) -> dict[str, Any]:
    """Return how far a recording is, for the progress bar."""
    clip = state.store.clip(clip_id)
    how_far = state.analyses.how_far(clip_id)
    return {
        "state": clip.state.value,
        "words": state_in_words(clip.state),
        "under_way": clip.state in UNDER_WAY,
        "percent": round(100 * how_far.fraction),
        "step": say(how_far.words),
    }


@router.post("/api/clips/{clip_id}/cancel")
def cancel(state: State, clip_id: str) -> dict[str, str]:
    """Cancel the analysis; the recording stays."""
    state.store.clip(clip_id)
    state.analyses.cancel(clip_id)
    return {}


@router.post("/api/clips/{clip_id}/analyse")
def analyse(state: State, clip_id: str) -> dict[str, str]:
    """Analyse a stored recording, again if need be."""
    clip = state.store.clip(clip_id)
    if clip.state is ClipState.RECORDING:
        raise UploadRefused(say("This recording is not finished yet."))
    if clip.film_removed:
        raise UploadRefused(
            say(
                "The film was removed, as chosen in the settings; its analysis is kept."
            )
        )
    state.analyses.submit(clip_id)
    return {}


@router.delete("/api/clips/{clip_id}")
def remove(state: State, clip_id: str) -> dict[str, str]:
    """Remove a recording that is not in the journal, e.g. a step done again."""
    clip = state.store.clip(clip_id)
    coming = state.store.is_taking(clip_id)
    if coming or clip.state in UNDER_WAY or clip.recording_id:
        raise UploadRefused(say("This recording is in use and cannot be removed."))
    state.store.remove(clip_id)
    return {"url": person_url(clip.patient_id)}


@router.get("/clips/{clip_id}/report")
def report_page(state: State, clip_id: str) -> Response:
    """Show the full report within the app, with the way back."""
    clip = state.store.clip(clip_id)
    if not (state.store.result(clip) / "report.html").is_file():
        raise UnknownEntry(say("There is no report of this recording yet."))
    return page(
        "report_frame.html.j2",
        title=say(
            "{task}, {when}", task=task_name(clip.task), when=moment(clip.started_at)
        ),
        patient_id=clip.patient_id,
        clip_id=clip_id,
        session_id=clip.session_id,
    )


@router.get("/clips/{clip_id}/report.html")
def report(state: State, clip_id: str) -> Response:
    """Send the full report, sandboxed."""
    path = state.store.result(state.store.clip(clip_id)) / "report.html"
    if not path.is_file():
        raise UnknownEntry(say("There is no report of this recording yet."))
    return send_file(
        path,
        media_type="text/html; charset=utf-8",
        headers={
            "Content-Security-Policy": _REPORT_POLICY,
            "X-Frame-Options": "SAMEORIGIN",
        },
    )


def _numbered(views: list[ClipView]) -> list[ClipView]:
    """Enumerate the recordings of a paused step, so that names are unique."""
    names = [view.title for view in views]
    return [
        replace(view, title=say("{task}, part {n}", task=view.title, n=number))
        if names.count(view.title) > 1
        else view
        for view, number in zip(
            views, (names[: k + 1].count(n) for k, n in enumerate(names)), strict=True
        )
    ]


def _view(state: AppState, clip: Clip) -> ClipView:
    how_far = state.analyses.how_far(clip.clip_id)
    done = clip.state is ClipState.DONE
    at, known = shown_when(state, clip)
    return ClipView(
        clip_id=clip.clip_id,
        title=task_name(clip.task),
        when=moment(at),
        when_known=time_known_in_words(known),
        device=clip.device,
        sent_name=clip.sent_name,
        mirrored=clip.mirrored,
        state=clip.state.value,
        state_words=state_in_words(clip.state),
        under_way=clip.state in UNDER_WAY,
        percent=round(100 * how_far.fraction),
        step=say(how_far.words),
        error=failure_in_words(clip.error, clip.sent_name),
        film_note=_note(clip),
        result=read_result(state.store.result(clip)) if done else None,
        recording_id=clip.recording_id,
        bursts=films_of_bursts(state, clip.recording_id)
        if done and clip.recording_id
        else (),
        whom=choices_of(state, clip) if clip.asks_whom else None,
        may_choose=not clip.film_removed and state.store.video(clip).is_file(),
    )


def _note(clip: Clip) -> str:
    """Say what is to be known of a film: that it is gone, or what is not on it."""
    if clip.film_removed:
        return say(
            "The film was removed, as chosen in the settings; its analysis is kept."
        )
    return film_note(clip, analysed=clip.state is ClipState.DONE)
