"""Errors as people read them: a page in words, or JSON with the same words.

Knows which error is which HTTP status. No traceback is shown. Unexpected errors are
answered by `security.Guard`, the outermost layer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from twitch_tracker.app.security import Refusal
from twitch_tracker.app.templating import page
from twitch_tracker.errors import (
    BadParameter,
    DiskFull,
    JournalUnavailable,
    LoggedForAnother,
    PhoneError,
    RecordingError,
    ReviewRefused,
    TwitchTrackerError,
    UnknownEntry,
    UnknownPatient,
    UploadRefused,
    UploadTooLarge,
)
from twitch_tracker.language import mark, say

__all__ = ["add_error_pages", "refuse"]

_STATUS_OF: Final[tuple[tuple[type[TwitchTrackerError], int], ...]] = (
    (UnknownPatient, 404),
    (UnknownEntry, 404),
    (LoggedForAnother, 409),
    (BadParameter, 400),
    (DiskFull, 507),
    (UploadTooLarge, 413),
    (UploadRefused, 409),
    (ReviewRefused, 409),
    (RecordingError, 415),
    (JournalUnavailable, 503),
    (PhoneError, 409),
    (TwitchTrackerError, 500),
)

_TITLES: Final = {
    400: mark("Check what you entered"),
    401: mark("Use the link"),
    403: mark("Refused"),
    404: mark("Not found"),
    405: mark("Not possible"),
    413: mark("Too large"),
    415: mark("Not a readable video"),
    421: mark("Wrong address"),
    429: mark("Too many attempts"),
    507: mark("The disk is full"),
}


def refuse(
    scope: Scope, refusal: Refusal, *, template: str = "error.html.j2"
) -> Response:
    """Answer a request that is refused.

    Parameters
    ----------
    scope : Scope
        The request.
    refusal : Refusal
        Status and words.
    template : str
        The page on which they are shown.

    Returns
    -------
    Response
        JSON below ``/api/``, else a page.
    """
    if scope["path"].startswith("/api/"):
        return JSONResponse({"error": refusal.words}, status_code=refusal.status)
    title = say(_TITLES.get(refusal.status, mark("Something went wrong")))
    inside = refusal.status != 401  # the navigation would be refused as well
    return page(
        template, refusal.status, title=title, words=refusal.words, inside=inside
    )


def add_error_pages(
    app: FastAPI, answer: Callable[[Scope, Refusal], Response] = refuse
) -> None:
    """Make an app answer every error with a message."""
    for kind, answer_to in (
        (TwitchTrackerError, _foreseen),
        (HTTPException, _by_status),
        (RequestValidationError, _not_understood),
    ):
        app.add_exception_handler(kind, partial(answer_to, answer))


_Answer = Callable[[Scope, Refusal], Response]


def _foreseen(answer: _Answer, request: Request, error: Exception) -> Response:
    status = next(code for kind, code in _STATUS_OF if isinstance(error, kind))
    words = error.message if isinstance(error, UnknownEntry) else str(error)
    if isinstance(error, UnknownPatient):
        words = say("Nobody here has this name.")
    return answer(request.scope, Refusal(status, words))


def _by_status(answer: _Answer, request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    words = {
        404: say("There is no such page here."),
        405: say("This cannot be done here."),
    }.get(error.status_code, str(error.detail))
    return answer(request.scope, Refusal(error.status_code, words))


def _not_understood(answer: _Answer, request: Request, _error: Exception) -> Response:
    words = say("The request was not understood. Go back and try again.")
    return answer(request.scope, Refusal(400, words))
