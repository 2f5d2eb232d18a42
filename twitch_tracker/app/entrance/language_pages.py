"""The language that a person chose, remembered by the browser.

Knows the languages that there are and one cookie. Note: what comes from outside is
looked up among the languages, and the way back is a page of this server or the first
one.
"""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from twitch_tracker.errors import UnknownEntry
from twitch_tracker.language import languages, say

__all__ = ["LANGUAGE_COOKIE", "router"]

LANGUAGE_COOKIE: Final = "twitch_tracker_language"

_REMEMBERED_S: Final = 400 * 24 * 3600
"""As long as browsers keep a cookie at most."""

router = APIRouter(include_in_schema=False)


@router.post("/language")
def choose(request: Request, code: Annotated[str, Form(max_length=20)]) -> Response:
    """Remember a language, and go back to where it was chosen."""
    if code not in languages():
        raise UnknownEntry(say("This language is not available."))
    answer = RedirectResponse(_way_back(request), status_code=303)
    answer.set_cookie(
        LANGUAGE_COOKIE,
        code,
        max_age=_REMEMBERED_S,
        httponly=True,
        samesite="lax",
        path="/",
    )
    return answer


def _way_back(request: Request) -> str:
    """Return the page that was asked from; the first one when that is not ours."""
    came = urlsplit(request.headers.get("referer", ""))
    here = came.netloc == request.headers.get("host")
    if not here or not came.path.startswith("/") or came.path.startswith("//"):
        return "/"
    return f"{came.path}?{came.query}" if came.query else came.path
