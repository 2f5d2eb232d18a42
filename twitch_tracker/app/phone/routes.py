"""What the phone's pages show and ask for: films of one person, and nothing else.

Every name of a session or film that a phone brings is looked up among what phones made
of its own person; anything else is "not here", as if it were not there. Note: the
pairing decides whose films they are, never the phone.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, WebSocket
from pydantic import BaseModel, Field
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from twitch_tracker.app.phone.guard import phone_cookie
from twitch_tracker.app.phone.pairing import MOST_S, Paired, PhonePairing, no_phone
from twitch_tracker.app.phone.said import device_in_words
from twitch_tracker.app.recording import clip_pages, guided_pages, upload_pages
from twitch_tracker.app.recording.clips import Clip, ClipState, GuidedSession
from twitch_tracker.app.recording.guided_pages import NewClip, StepDuration
from twitch_tracker.app.recording.live import pages as live_pages
from twitch_tracker.app.recording.steps import Form, session_minutes, steps_for
from twitch_tracker.app.recording.upload_pages import NewFile, SentFile, tasks_by_name
from twitch_tracker.app.security import cookie_of
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import page
from twitch_tracker.app.words import moment
from twitch_tracker.errors import PairingRefused, UnknownEntry, UploadRefused
from twitch_tracker.language import say

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


# --- who asks -----------------------------------------------------------------


def _pairing(connection: HTTPConnection) -> PhonePairing:
    found: PhonePairing = connection.app.state.pairing
    return found


def _port(connection: HTTPConnection) -> int:
    return int(connection.app.state.port)


def _phone(connection: HTTPConnection) -> Paired:
    """Return the phone that asks; the guard has let in no other already."""
    name = phone_cookie(_port(connection))
    paired = _pairing(connection).knows(cookie_of(connection.headers, name))
    if paired is None:
        raise PairingRefused(no_phone())
    return paired


Phone = Annotated[Paired, Depends(_phone)]
CurrentPairing = Annotated[PhonePairing, Depends(_pairing)]
Port = Annotated[int, Depends(_port)]


def _session(state: AppState, paired: Paired, session_id: str) -> GuidedSession:
    """Return a session that a phone began for this person; no other is known here."""
    session = state.store.session_or_none(session_id)
    if session is None or not session.by_phone or session.patient_id != paired.person:
        raise UnknownEntry(say("This session is not available here."))
    return session


def _own_clip(state: AppState, paired: Paired, clip_id: str) -> Clip:
    """Return a film of such a session, or a file that this phone announced."""
    missing = UnknownEntry(say("This recording is not available here."))
    clip = state.store.clip(clip_id)
    if clip.patient_id != paired.person:
        raise missing
    if clip_id not in paired.films:
        if not clip.session_id:
            raise missing
        try:
            _session(state, paired, clip.session_id)
        except UnknownEntry as error:
            raise missing from error
    return clip


# --- coming and going ---------------------------------------------------------


class PairingCode(BaseModel):
    """The code that a person scanned or typed."""

    code: str = Field(max_length=100)


@router.get("/")
def first(
    request: Request, state: State, pairing: CurrentPairing, port: Port
) -> Response:
    """Show the phone's first page: connect it, or what it can do."""
    paired = pairing.knows(cookie_of(request.headers, phone_cookie(port)))
    if paired is None:
        return page("phone/pair.html.j2")
    return page(
        "phone/home.html.j2",
        paired=paired,
        moment=moment,
        unfinished=[
            session
            for session in state.store.open_sessions(paired.person)
            if session.by_phone
        ],
        minutes={each.value: session_minutes(each) for each in Form},
    )


@router.post("/api/pair")
def pair(
    request: Request, pairing: CurrentPairing, port: Port, body: PairingCode
) -> Response:
    """Use up a code; the answer brings the phone's secret as a cookie."""
    secret = pairing.pair(
        body.code,
        device=device_in_words(request.headers.get("user-agent", "")),
        address=request.client.host if request.client else "",
    )
    answer = JSONResponse({})
    answer.set_cookie(
        phone_cookie(port),
        secret,
        max_age=int(MOST_S),
        httponly=True,
        secure=True,
        samesite="strict",
        path="/",
    )
    return answer


@router.post("/leave")
def leave(_paired: Phone, pairing: CurrentPairing, port: Port) -> Response:
    """Disconnect this phone."""
    pairing.disconnect()
    answer = RedirectResponse("/", status_code=303)
    answer.delete_cookie(phone_cookie(port), secure=True, httponly=True)
    return answer


@router.get("/done")
def done(_paired: Phone) -> Response:
    """Show that the films are at the computer."""
    return page("phone/done.html.j2")


# --- the guided session -------------------------------------------------------


@router.get("/record")
def record(
    state: State, paired: Phone, session: str = "", form: Form = Form.FULL
) -> Response:
    """Show the page of the guided session."""
    if session:
        _session(state, paired, session)
    facts = {
        "patient_id": "phone",
        "session_id": session,
        "steps": steps_for(state.settings.step_s, form),
        "home": "/",
    }
    return page(
        "phone/record.html.j2",
        facts=facts,
        form=form.value,
        going_on=bool(session),
        minutes={each.value: session_minutes(each) for each in Form},
        add_url="/add",
        name=paired.person,
    )


@router.post("/api/guided")
def begin(state: State, paired: Phone, pairing: CurrentPairing) -> dict[str, str]:
    """Begin a session of the person for whom the phone is connected."""
    pairing.note_film()
    return guided_pages.begin_for(state, paired.person, by_phone=True)


@router.get("/api/guided/{session_id}")
def session_state(state: State, paired: Phone, session_id: str) -> dict[str, Any]:
    """Return what of a session is there, for a page that was loaded again."""
    return guided_pages.session_state(
        state, _session(state, paired, session_id).session_id
    )


@router.post("/api/guided/{session_id}/clips")
def begin_clip(
    state: State, paired: Phone, pairing: CurrentPairing, session_id: str, body: NewClip
) -> dict[str, str]:
    """Begin to record one step."""
    session = _session(state, paired, session_id)
    pairing.note_film()
    return guided_pages.begin_clip(state, session.session_id, body)


@router.put("/api/clips/{clip_id}/chunks/{index}")
async def chunk(
    request: Request,
    state: State,
    paired: Phone,
    clip_id: str,
    index: int,
    x_chunk_sha256: Annotated[str, Header(max_length=64)],
) -> dict[str, int]:
    """Take one second of a recording."""
    clip = _own_clip(state, paired, clip_id)
    return await guided_pages.chunk(request, state, clip.clip_id, index, x_chunk_sha256)


@router.post("/api/clips/{clip_id}/finish")
def finish_clip(
    state: State, paired: Phone, clip_id: str, ended: StepDuration | None = None
) -> dict[str, str]:
    """End one step with what has arrived."""
    clip = _own_clip(state, paired, clip_id)
    return guided_pages.finish_clip(state, clip.clip_id, ended)


@router.delete("/api/clips/{clip_id}")
def remove(state: State, paired: Phone, clip_id: str) -> dict[str, str]:
    """Remove a step that is done again, while its session is not over."""
    clip = _own_clip(state, paired, clip_id)
    if not clip.session_id or _session(state, paired, clip.session_id).finished:
        raise UploadRefused(say("This recording is in use and cannot be removed."))
    clip_pages.remove(state, clip.clip_id)
    return {"url": "/"}


@router.post("/api/guided/{session_id}/finish")
def finish(state: State, paired: Phone, session_id: str) -> dict[str, str]:
    """End a session and let it be analysed at the computer."""
    session = _session(state, paired, session_id)
    guided_pages.finish_all(state, session.session_id)
    return {"url": "/done"}


@router.websocket("/live")
async def live(socket: WebSocket, state: State, paired: Phone, tab: str = "") -> None:
    """Answer pictures with advice and counts."""
    await live_pages.live(socket, state, paired.person, tab[:80])


# --- films that the phone has already -------------------------------------------


@router.get("/add")
def add_files(state: State, paired: Phone) -> Response:
    """Show the page for films that the phone made by itself."""
    limit = state.settings.max_upload_bytes
    return page(
        "phone/add.html.j2",
        name=paired.person,
        tasks=tasks_by_name(),
        limit_mb=limit // 1_000_000,
        facts={"patient_id": "", "limit": limit, "home": "/done"},
    )


@router.post("/api/files")
def announce(
    state: State, paired: Phone, pairing: CurrentPairing, body: SentFile
) -> dict[str, str]:
    """Say yes or no to a file before any of it is sent; whose it is, the pairing says."""
    pairing.note_film()
    file = NewFile(patient_id=paired.person, **body.model_dump())
    answer = upload_pages.announce(state, file)
    pairing.note_film(answer["clip_id"])
    return answer


@router.put("/api/clips/{clip_id}/file")
async def take(
    request: Request, state: State, paired: Phone, clip_id: str
) -> dict[str, str]:
    """Stream an announced file to the computer's disk."""
    clip = _own_clip(state, paired, clip_id)
    if clip.state is not ClipState.RECORDING:
        raise UploadRefused(say("This file is already there."))
    await upload_pages.take(request, state, clip.clip_id)
    return {"url": "/done"}
