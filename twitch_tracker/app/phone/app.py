"""The phone's pages put together: an app of its own beside that of this computer.

It shares the recordings and the journal with the app of this computer and none of its
routes. `guard.ALLOWED` lists what a phone may ask for.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from twitch_tracker.app.phone import routes
from twitch_tracker.app.phone.guard import PhoneGuard
from twitch_tracker.app.phone.pairing import PhonePairing
from twitch_tracker.app.refusing import add_error_pages, refuse
from twitch_tracker.app.state import AppState

__all__ = ["phone_app"]

_APP: Final = Path(__file__).parents[1]
_STYLE: Final = _APP.parent / "report" / "templates" / "report.css"


def phone_app(parts: AppState, pairing: PhonePairing, host: str, port: int) -> FastAPI:
    """Make the app that a phone sees.

    Parameters
    ----------
    parts : AppState
        Of the app of this computer.
    pairing : PhonePairing
        Knows the phone.
    host : str
        The only address that is served, with its port, as it stands in links.
    port : int
        The same port.

    Returns
    -------
    FastAPI
        Guarded.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.parts, app.state.pairing, app.state.port = parts, pairing, port
    answer = partial(refuse, template="phone/error.html.j2")
    add_error_pages(app, answer)
    app.include_router(routes.router)
    app.add_api_route("/static/report.css", _report_style, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_APP / "static"))
    app.add_middleware(
        PhoneGuard,
        settings=replace(parts.settings, port=port),
        refuse=answer,
        pairing=pairing,
        host=host,
        port=port,
    )
    return app


def _report_style() -> FileResponse:
    """Return the style sheet that the app shares with the reports."""
    return FileResponse(_STYLE, media_type="text/css")
