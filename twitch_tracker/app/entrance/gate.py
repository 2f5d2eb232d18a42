"""The page that asks for the passphrase, in front of an app whose journal is encrypted.

Nothing of the journal is read before: neither database nor recordings nor who is in it.
When the passphrase is right the app is built behind the same `Door`, and from then on
every request goes there. Note: only a browser that came by the link may ask; and one
that was recording is answered "not now", so that it keeps what it filmed and sends it
when the app is open.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import FastAPI, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from twitch_tracker.app.door import Door
from twitch_tracker.app.entrance import link_pages
from twitch_tracker.app.refusing import add_error_pages, refuse
from twitch_tracker.app.security import Guard, Refusal
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.app.templating import page
from twitch_tracker.errors import TwitchTrackerError, WrongPassphrase
from twitch_tracker.journal.encrypting.opening import unlock
from twitch_tracker.language import say

__all__ = ["Gate"]

UNLOCK: Final = "/unlock"
_MOST_LETTERS: Final = 1_000


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """What the entrance needs of an app, as of `state.AppState`."""

    settings: AppSettings
    door: Door


class Gate:
    """An ASGI app that asks for the passphrase, then passes requests to the app.

    Parameters
    ----------
    settings : AppSettings
        How it runs.
    door : Door
        Who may come in; the app has the same.
    build : callable
        Puts the app together once the journal is unlocked.
    add_styles : callable
        Adds styles and scripts, which are no secret.
    """

    def __init__(
        self,
        settings: AppSettings,
        door: Door,
        build: Callable[[], FastAPI],
        add_styles: Callable[[FastAPI], None],
    ) -> None:
        """Ask, and open nothing yet."""
        self._settings = settings
        self._build = build
        self._opening = asyncio.Lock()
        self._running = contextlib.AsyncExitStack()
        self._app: ASGIApp | None = None
        self._asking = self._make(door, add_styles)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request to the app, or to the page that asks."""
        own = self._app is None or scope["type"] == "lifespan"
        await (self._asking if own else self._app)(scope, receive, send)  # type: ignore[misc]

    def _make(self, door: Door, add_styles: Callable[[FastAPI], None]) -> FastAPI:
        app = FastAPI(
            lifespan=self._live, docs_url=None, redoc_url=None, openapi_url=None
        )
        app.state.parts = _Parts(settings=self._settings, door=door)
        add_error_pages(app)
        app.include_router(link_pages.router)
        app.add_api_route(UNLOCK, self._unlock, methods=["POST"], name="unlock")
        add_styles(app)
        app.add_api_route("/", _ask, name="ask")
        app.add_api_route(
            "/{path:path}",
            _anything_else,
            methods=["GET", "POST", "PUT", "DELETE"],
            name="anything",
        )
        app.add_middleware(Guard, settings=self._settings, door=door, refuse=refuse)
        return app

    @contextlib.asynccontextmanager
    async def _live(self, _app: FastAPI) -> AsyncIterator[None]:
        """End the app that is opened later with the server."""
        async with self._running:
            yield

    async def _unlock(
        self,
        passphrase: Annotated[str, Form(max_length=_MOST_LETTERS)] = "",
    ) -> Response:
        """Open the journal and the app."""
        async with self._opening:
            if self._app is None:
                try:
                    await run_in_threadpool(unlock, self._settings.home, passphrase)
                except WrongPassphrase as error:
                    return _page(403, str(error))
                try:
                    app = await run_in_threadpool(self._build)
                except TwitchTrackerError as error:
                    return _page(503, str(error))
                await self._running.enter_async_context(
                    app.router.lifespan_context(app)
                )
                self._app = app
        return RedirectResponse("/", status_code=303)


def _page(status: int, problem: str = "") -> Response:
    return page(
        "unlock.html.j2", status, problems={"passphrase": problem} if problem else {}
    )


def _ask() -> Response:
    """Return the page that asks."""
    return _page(200)


def _anything_else(request: Request, path: str) -> Response:
    """Redirect to the page that asks; answer scripts "not now"."""
    words = say("The journal is encrypted. Enter its passphrase on the first page.")
    if request.method != "GET" or path.startswith("api/"):
        return refuse(request.scope, Refusal(503, words))
    return RedirectResponse("/", status_code=303)
