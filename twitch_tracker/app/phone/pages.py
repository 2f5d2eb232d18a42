"""The page at the computer: pair a phone that films, show its code, disconnect it."""

from __future__ import annotations

import math
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from twitch_tracker.app.phone.app import phone_app
from twitch_tracker.app.phone.networks import Kind, Place, named_place
from twitch_tracker.app.phone.pairing import CodeEnded
from twitch_tracker.app.phone.said import (
    kind_in_words,
    spaced_code,
    spaced_fingerprint,
)
from twitch_tracker.app.recording.clips import Clip, ClipState
from twitch_tracker.app.state import AppState, State
from twitch_tracker.app.templating import page, person_url
from twitch_tracker.app.words import moment
from twitch_tracker.errors import OutputNotWritable, PhoneError
from twitch_tracker.language import mark, say

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_CODE_ENDED = {
    CodeEnded.OVER: mark("The code was not used within ten minutes."),
    CodeEnded.WRONG: mark(
        "Too many wrong codes were entered, so the code was cancelled."
    ),
    CodeEnded.USED: mark("The phone was disconnected."),
}


@router.get("/people/~{patient_id}/phone")
def phone_page(state: State, patient_id: str) -> Response:
    """Show whether a phone films, and what to do next."""
    return _page(state, patient_id)


@router.post("/people/~{patient_id}/phone/on")
async def switch_on(
    state: State, patient_id: str, address: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    """Start to listen in the chosen network, and show a code."""
    await run_in_threadpool(_check_person, state, patient_id)
    try:
        await state.phone.open(address, partial(phone_app, state))
        state.phone.pairing.offer(patient_id)
    except (PhoneError, OutputNotWritable) as error:
        return await run_in_threadpool(
            _page, state, patient_id, problem=str(error), status=409
        )
    return _back(patient_id)


@router.post("/people/~{patient_id}/phone/code")
def new_code(state: State, patient_id: str) -> Response:
    """Show another code; the one before becomes invalid."""
    _check_person(state, patient_id)
    if state.phone.now is not None:
        state.phone.pairing.offer(patient_id)
    return _back(patient_id)


@router.post("/people/~{patient_id}/phone/disconnect")
def disconnect(state: State, patient_id: str) -> Response:
    """Disconnect the phone; it can be paired again with another code."""
    state.phone.pairing.disconnect()
    return _back(patient_id)


@router.post("/people/~{patient_id}/phone/off")
async def switch_off(state: State, patient_id: str) -> Response:
    """Stop listening."""
    await state.phone.shut()
    return _back(patient_id)


@router.get("/api/phone")
def how_it_stands(state: State) -> dict[str, Any]:
    """Report the state, for the page that waits for the phone."""
    paired = state.phone.pairing.paired
    films = _received(state) if paired else ()
    return {
        "stands": _stands(state),
        "films": len(films),
        "words": _films_in_words(films),
    }


def _check_person(state: AppState, patient_id: str) -> None:
    with state.journal() as journal:
        journal.patient(patient_id)


def _back(patient_id: str) -> Response:
    return RedirectResponse(person_url(patient_id, "phone"), status_code=303)


def _stands(state: AppState) -> str:
    """Name the state; the page is loaded again when it changes."""
    if state.phone.now is None:
        return "off"
    pairing = state.phone.pairing
    if pairing.paired is not None:
        films = _received(state)
        newest = films[-1].session_id if films else ""
        return f"paired-{pairing.paired.number}-{newest}"
    offer = pairing.offered
    return f"code-{offer.code}" if offer else "idle"


def _page(
    state: AppState, patient_id: str, *, problem: str = "", status: int = 200
) -> Response:
    with state.journal() as journal:
        patient = journal.patient(patient_id)
    known = state.phone.known_places()
    here, pairing = state.phone.now, state.phone.pairing
    shown: dict[str, Any] = {}
    if here is not None:
        shown = {
            "address": here.address,
            "number": here.place.address,
            "fingerprint": spaced_fingerprint(here.identity.fingerprint),
            "until": moment(here.identity.until),
            "kind": kind_in_words(here.place),
            "gone": named_place(here.place.address, known) is None,
            "code": "",
        }
    offer, paired = pairing.offered, pairing.paired
    if here is not None and offer is not None:
        shown["code"] = spaced_code(offer.code)
        shown["picture"] = _picture(f"{here.address}/#{offer.code}")
        shown["minutes"] = math.ceil(pairing.code_left_s() / 60)
    films = _received(state) if paired else ()
    return page(
        "phone_here.html.j2",
        status,
        patient=patient,
        allowed=state.phone.allowed,
        choices=[_choice(place) for place in known],
        on=here is not None,
        shown=shown,
        why=say(_CODE_ENDED[pairing.code_ended]) if pairing.code_ended else "",
        paired=paired,
        other=next(
            (True for one in (offer, paired) if one and one.person != patient_id), False
        ),
        moment=moment,
        films=_films_in_words(films),
        session_id=films[-1].session_id if films else "",
        problem=problem,
        stands=_stands(state),
    )


def _choice(place: Place) -> dict[str, Any]:
    return {
        "address": place.address,
        "adapter": place.adapter,
        "kind": kind_in_words(place),
        "caution": place.kind is not Kind.HOME,
    }


def _received(state: AppState) -> tuple[Clip, ...]:
    """Return what the phone that is connected has filmed or sent."""
    paired = state.phone.pairing.paired
    if paired is None:
        return ()

    def is_its(clip: Clip) -> bool:
        session = state.store.session_or_none(clip.session_id)
        filmed = session is not None and session.by_phone
        return clip.clip_id in paired.films or (
            filmed and clip.started_at >= paired.since
        )

    return tuple(clip for clip in state.store.of_patient(paired.person) if is_its(clip))


def _films_in_words(films: tuple[Clip, ...]) -> str:
    if not films:
        return say("Nothing has arrived from the phone yet.")
    if films[-1].state is ClipState.RECORDING:
        return say("The phone is filming or sending.")
    return say("Films from the phone: {n}", n=len(films))


def _picture(link: str) -> str:
    """Draw a link as a QR code: dark on white, whatever the scheme of the page."""
    import segno

    drawn: str = segno.make(link, error="m", micro=False).svg_data_uri(
        scale=8, border=4, dark="#000", light="#fff", xmldecl=False, nl=False
    )
    return drawn
