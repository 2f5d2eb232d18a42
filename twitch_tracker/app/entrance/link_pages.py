"""The page behind the link with the one-time key."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from twitch_tracker.app.door import SESSION_S
from twitch_tracker.app.entrance.opening import page_that_leads_to
from twitch_tracker.app.refusing import refuse
from twitch_tracker.app.security import OPEN_PATH, Refusal, cookie_name, session_of
from twitch_tracker.app.state import State
from twitch_tracker.language import say

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get(OPEN_PATH)
def come_in(request: Request, state: State, key: str = "") -> Response:
    """Use up the key of a link and open a session; a preview of it does not count."""
    home = _home(request)
    if state.door.knows(session_of(request.headers, state.settings)):
        return home
    preview = "prefetch" in request.headers.get("sec-purpose", "")
    session = None if preview else state.door.admit(key)
    if session is None:
        return refuse(request.scope, Refusal(401, _used_up()))
    home.set_cookie(
        cookie_name(state.settings),
        session,
        max_age=SESSION_S,
        httponly=True,
        samesite="strict",
        path="/",
    )
    return home


def _home(request: Request) -> Response:
    """Redirect to the first page so that the new cookie is sent with it.

    A browser that came from a file of this computer carries that on through a redirect,
    and leaves the cookie out; a page that leads on by itself is one of ours.
    """
    if request.headers.get("sec-fetch-site", "none") in {"none", "same-origin"}:
        return RedirectResponse("/", status_code=303)
    return HTMLResponse(page_that_leads_to("/"))


def _used_up() -> str:
    return say(
        "This link has already been used; it opens the app only once. Use the window "
        "that it opened, or open another one with: twitch-tracker app"
    )
