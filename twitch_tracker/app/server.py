"""Build the app and run it on this computer's own address.

Knows how the parts find each other and how the server starts and ends. Note: `serve`
binds the socket first, because the allow-list of hosts needs the port.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.formparsers import MultiPartParser
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from twitch_tracker.app import people_pages
from twitch_tracker.app.connections import MOST_AT_ONCE, TimeoutProtocol
from twitch_tracker.app.corrections import person_pages, recording_pages
from twitch_tracker.app.course import (
    compare_pages,
    film_pages,
)
from twitch_tracker.app.course import (
    pages as course_pages,
)
from twitch_tracker.app.door import Door
from twitch_tracker.app.entrance import language_pages, link_pages
from twitch_tracker.app.entrance.address import own_name
from twitch_tracker.app.entrance.gate import Gate
from twitch_tracker.app.entrance.opening import lead_to, redirect_file
from twitch_tracker.app.exports import (
    pages as exports_pages,
)
from twitch_tracker.app.home import (
    pages as home_pages,
)
from twitch_tracker.app.inbox import (
    pages as inbox_pages,
)
from twitch_tracker.app.inbox.watching import InboxWatcher
from twitch_tracker.app.keeping.leftovers import tidy_up
from twitch_tracker.app.keeping.retention import remove_expired_films
from twitch_tracker.app.ledger import faces_known, log_result, may_show_faces
from twitch_tracker.app.locking import locked
from twitch_tracker.app.notes import (
    changes_pages,
    days_pages,
    diary_pages,
    treatment_pages,
)
from twitch_tracker.app.phone import (
    pages as phone_pages,
)
from twitch_tracker.app.phone.app import phone_app
from twitch_tracker.app.phone.listening import PhoneListener
from twitch_tracker.app.recording import (
    clip_pages,
    guided_pages,
    upload_pages,
)
from twitch_tracker.app.recording.analyses import Analyses, RunJob
from twitch_tracker.app.recording.live import (
    pages as live_pages,
)
from twitch_tracker.app.recording.store import LOCK, Store
from twitch_tracker.app.recording.whom import (
    pages as whom_pages,
)
from twitch_tracker.app.recording.whom.faces import FaceSearch, FindFaces
from twitch_tracker.app.refusing import add_error_pages, refuse
from twitch_tracker.app.request_limiter import RequestLimiter
from twitch_tracker.app.review import (
    acts as review_acts,
)
from twitch_tracker.app.review import (
    agreement_pages,
)
from twitch_tracker.app.review import (
    pages as review_pages,
)
from twitch_tracker.app.review.room import ReviewRoom
from twitch_tracker.app.security import TABLE_BYTES, Guard
from twitch_tracker.app.settings import ADDRESS, DEFAULT_PORT, AppSettings
from twitch_tracker.app.state import AppState, Sample
from twitch_tracker.app.visit import (
    pages as visit_pages,
)
from twitch_tracker.errors import BadParameter
from twitch_tracker.exchange.disk.durable import make_folder
from twitch_tracker.journal.cache import JournalCache
from twitch_tracker.journal.encrypting.opening import is_locked
from twitch_tracker.journal.open import make_private_again, open_journal
from twitch_tracker.language import say

__all__ = [
    "ROUTERS",
    "bind",
    "bind_some",
    "create_app",
    "serve",
    "server_config",
]

_STATIC = Path(__file__).parent / "static"
_REPORT_STYLES = Path(__file__).parents[1] / "report" / "templates"

_log = logging.getLogger(__name__)

_EVERY_S = 60.0
"""How often it is looked whether the time of a film is over."""

_FOLDERS_EVERY_S = 3.0
"""How often folders for videos are looked through."""

ROUTERS = (
    link_pages.router,
    language_pages.router,
    people_pages.router,
    home_pages.router,
    guided_pages.router,
    live_pages.router,
    phone_pages.router,
    inbox_pages.router,
    upload_pages.router,
    clip_pages.router,
    whom_pages.router,
    diary_pages.router,
    review_pages.router,
    review_acts.router,
    agreement_pages.router,
    course_pages.router,
    treatment_pages.router,
    changes_pages.router,
    recording_pages.router,
    person_pages.router,
    days_pages.router,
    compare_pages.router,
    film_pages.router,
    visit_pages.router,
    exports_pages.router,
)
"""Every group of pages; add yours here."""


def create_app(
    settings: AppSettings,
    *,
    work: RunJob | None = None,
    look: FindFaces | None = None,
    sample: Sample | None = None,
    door: Door | None = None,
) -> FastAPI:
    """Build the app.

    Parameters
    ----------
    settings : AppSettings
        How it runs; its port is the real one.
    work : RunJob, optional
        Who analyses; by default a process for every recording.
    look : FindFaces, optional
        Who looks for faces before; by default a process, too.
    sample : Sample, optional
        Writes a made-up person; without, none is offered.
    door : Door, optional
        Who came in already, by the page that asked for the passphrase.

    Returns
    -------
    FastAPI
        An ASGI app; ``app.state.parts.door.make_key()`` makes a link's key.
    """
    make_folder(settings.folder, mode=0o700)
    store = Store(settings.folder)
    door = door or Door()
    whom = FaceSearch(look)
    analyses = Analyses(
        store,
        partial(log_result, settings, store),
        work,
        partial(faces_known, settings, store),
        partial(may_show_faces, settings),
        whom,
    )
    app = FastAPI(
        lifespan=_lifespan, docs_url=None, redoc_url=None, openapi_url=None
    )  # fmt: skip
    app.state.parts = AppState(
        settings=settings,
        door=door,
        kept_open=JournalCache(settings.home, settings.journal_url),
        store=store,
        analyses=analyses,
        review=ReviewRoom(settings.folder),
        whom=whom,
        phone=_phone_door(settings),
        sample=sample,
    )
    add_error_pages(app)
    for router in ROUTERS:
        app.include_router(router)
    _add_styles(app)
    app.add_middleware(RequestLimiter)
    app.add_middleware(Guard, settings=settings, door=door, refuse=refuse)
    return app


MultiPartParser.spool_max_size = 2 * TABLE_BYTES
"""A table that is sent stays in memory, and is never a file of the system's."""


def _add_styles(app: FastAPI) -> None:
    """Add styles and scripts, which are the same for everybody."""
    for name, style in (("report", _report_style), ("progress", _progress_style)):
        app.add_api_route(f"/static/{name}.css", style, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_STATIC))


def _phone_door(settings: AppSettings) -> PhoneListener:
    """Make the door for phones; one that was asked for at the start stays open."""
    door = PhoneListener(
        settings.folder / "phone",
        allowed=settings.phone_allowed,
        port=settings.phone_port,
    )
    if settings.phone_address:
        door.idle_s = math.inf
    return door


def _report_style() -> FileResponse:
    """Return the style sheet that the app shares with the reports."""
    return FileResponse(_REPORT_STYLES / "report.css", media_type="text/css")


def _progress_style() -> FileResponse:
    """Return the style sheet of charts, shared with the progression page."""
    return FileResponse(_REPORT_STYLES / "progress.css", media_type="text/css")


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Remove expired films while the server runs; stop what runs when it ends."""
    parts: AppState = app.state.parts
    beside = (
        asyncio.create_task(_remove_films_now_and_then(parts)),
        asyncio.create_task(_look_into_folders(parts)),
    )
    if parts.settings.phone_address:
        await parts.phone.open(parts.settings.phone_address, partial(phone_app, parts))
    try:
        yield
    finally:
        for task in beside:
            task.cancel()
        await parts.phone.shut()
        app.state.parts.review.close()
        app.state.parts.exports.close()
        app.state.parts.analyses.close()
        app.state.parts.kept_open.close()


async def _remove_films_now_and_then(parts: AppState) -> None:
    """Remove films whose time is over, now and then."""
    while True:
        try:
            await run_in_threadpool(_look_once, parts)
        except Exception:  # noqa: BLE001 - it is looked again
            _log.warning("films could not be looked through", exc_info=True)
        await asyncio.sleep(_EVERY_S)


async def _look_into_folders(parts: AppState) -> None:
    """Check the watched folders again and again."""
    watcher = InboxWatcher(parts.settings, parts.store, parts.analyses, parts.journal)
    while True:
        await asyncio.sleep(_FOLDERS_EVERY_S)
        try:
            await watcher.look()
        except Exception:  # noqa: BLE001 - it is looked again
            _log.warning("folders could not be looked through", exc_info=True)


def _look_once(parts: AppState) -> None:
    with parts.journal() as journal:
        remove_expired_films(journal, parts.store)
        parts.drop_all_but(one.patient_id for one in journal.patients())


def bind(host: str, port: int) -> socket.socket:
    """Bind the socket of the server.

    Parameters
    ----------
    host : str
        Must be this computer's own address.
    port : int
        0 for any free one.

    Returns
    -------
    socket.socket
        Bound, not yet listening.

    Raises
    ------
    BadParameter
        Another address than loopback, or the port is taken.
    """
    if host not in {ADDRESS, "localhost"}:
        raise BadParameter(
            "--host",
            say("{address} (this computer only)", address=ADDRESS),
            host,
            say(
                "The app shows faces and is made for this computer only; it never "
                "serves a network."
            ),
        )
    # The protocol is given, because only then asyncio sends small answers at once
    # (TCP_NODELAY); else each page waits 40 ms for the browser to acknowledge its header.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform == "win32":
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((ADDRESS, port))
    except OSError as error:
        bound.close()
        raise BadParameter(
            "--port",
            say("a free port"),
            port,
            say("({why}) Use --port 0 for any.", why=error.strerror),
        ) from error
    return bound


def bind_some(host: str, port: int | None) -> socket.socket:
    """Bind the given port; without one the usual port, or any when it is taken."""
    if port is not None:
        return bind(host, port)
    try:
        return bind(host, DEFAULT_PORT)
    except BadParameter:
        return bind(host, 0)


def serve(
    settings: AppSettings,
    bound: socket.socket,
    announce: Callable[[str, str, Path | None, tuple[str, str] | None], None],
    sample: Sample | None = None,
) -> None:
    """Serve until somebody stops it.

    Parameters
    ----------
    settings : AppSettings
        How it runs.
    bound : socket.socket
        From `bind`.
        announce : callable
        Given, once the server answers: the one-time link, the same by number for a
        browser that does not know the name in it, a private file that leads there, and
        where a phone finds the app with the fingerprint of its certificate, if it does.
    sample : Sample, optional
        See `create_app`.

    Raises
    ------
    OutputNotWritable
        Another server already works on this folder.
    JournalError
        The journal cannot be opened.
    """
    make_folder(settings.folder, mode=0o700)
    with _one_server(settings.folder), contextlib.ExitStack() as kept:
        settings = replace(settings, name=own_name(settings.folder) or ADDRESS)
        door = Door()
        build = partial(_opened, settings, kept, sample, door)
        # Without a passphrase to be asked for, opening fails here, with a message.
        app = (
            Gate(settings, door, build, _add_styles)
            if is_locked(settings.home)
            else build()
        )
        config = server_config(app)
        path = f"/open?key={door.make_key()}"
        link = settings.address + path
        by_number = f"http://{ADDRESS}:{settings.port}{path}"
        with redirect_file(settings.folder, link) as file:
            if file is not None:
                door.on_used = partial(_renew_key, file, settings, door)

            def ready() -> None:
                announce(link, by_number, file, _phone_of(app))

            _Server(config, ready).run(sockets=[bound])


def _phone_of(app: FastAPI | Gate) -> tuple[str, str] | None:
    """Return where a phone finds the app, and the fingerprint of its certificate."""
    here = None if isinstance(app, Gate) else app.state.parts.phone.now
    return (here.address, here.identity.fingerprint) if here else None


def _renew_key(file: Path, settings: AppSettings, door: Door) -> None:
    """Put a new key into the private file, for opening the app again."""
    with contextlib.suppress(OSError):
        lead_to(file, f"{settings.address}/open?key={door.make_key()}")


def _opened(
    settings: AppSettings, kept: contextlib.ExitStack, sample: Sample | None, door: Door
) -> FastAPI:
    """Open the journal, tidy up, and put the app together.

    The journal stays open, so that SQLite's own files are there when the disk is full
    and a page is asked for.
    """
    journal = kept.enter_context(
        open_journal(home=settings.home, url=settings.journal_url)
    )
    tidy_up(journal, settings.home)
    make_private_again(settings.home)
    (settings.folder / "sessions.json").unlink(missing_ok=True)  # of older versions
    return create_app(settings, sample=sample, door=door)


def server_config(app: FastAPI | Gate) -> uvicorn.Config:
    """Say how the app is served; who asks says the connection, and no header."""
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
        ws_max_size=2_000_000,
        http=TimeoutProtocol,
        backlog=MOST_AT_ONCE,
    )


class _Server(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then announce the address."""
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()


@contextlib.contextmanager
def _one_server(folder: Path) -> Iterator[None]:
    with locked(folder / LOCK):
        yield
