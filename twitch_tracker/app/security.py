"""Which requests reach the app, and what every answer forbids the browser.

One ASGI layer around everything. Knows Host, Origin, Sec-Fetch-Site, the session
cookie, sizes of bodies and the answer's headers; knows no page. Note: a cookie on
127.0.0.1 is sent to all ports of this computer, so the app is opened under a name of
its own (`entrance.address`); the cookie's name holds the port, and a page of another
port counts as "same-site": only "same-origin" passes.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Final
from unicodedata import normalize

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twitch_tracker.app.door import Door
from twitch_tracker.app.entrance.language_pages import LANGUAGE_COOKIE
from twitch_tracker.app.entrance.peers import is_foreign_user
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.app.words import is_for_a_clinic
from twitch_tracker.language import choose_language, say, speaking

__all__ = [
    "FORM_BYTES",
    "TABLE_BYTES",
    "AnyGuard",
    "Guard",
    "Refusal",
    "content_policy",
    "cookie_name",
    "cookie_of",
    "session_of",
]

_log = logging.getLogger(__name__)

OPEN_PATH: Final = "/open"
STATIC_PATH: Final = "/static/"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
_CHANGING_METHODS: Final = frozenset({"POST", "PUT", "DELETE"})
FORM_BYTES: Final = 200_000
"""Forms and small messages; far more than the longest diary entry."""

_CHUNK: Final = re.compile(r"/api/clips/[0-9a-f]{32}/chunks/\d{1,6}")
_TABLE: Final = re.compile(r"/people/~[^/]+/(treatments|diary)\.csv")
TABLE_BYTES: Final = 5_000_000
"""Twenty years of diary with long notes."""

_FILE: Final = re.compile(r"/api/(clips/[0-9a-f]{32}/file|review/\d{1,9}/video)")


@dataclass(frozen=True)
class Refusal:
    """A request that is not let in.

    Attributes
    ----------
    status : int
        HTTP status.
    words : str
        Why, and what to do.
    """

    status: int
    words: str


def cookie_name(settings: AppSettings) -> str:
    """Return the name of the session cookie of this server alone."""
    return f"twitch_tracker_{settings.port}"


def content_policy(host: str, socket: str = "ws") -> str:
    """Return the Content-Security-Policy of our own pages.

    Parameters
    ----------
    host : str
        The host that was asked, already found in the allow-list.
    socket : {"ws", "wss"}
        How pages of this server open a WebSocket.

    Returns
    -------
    str
        Scripts and styles from files of this server only; nothing from elsewhere.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob: data:",
            "media-src 'self' blob:",
            f"connect-src 'self' {socket}://{host}",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-src 'self'",
            "frame-ancestors 'none'",
        )
    )


def session_of(headers: Headers, settings: AppSettings) -> str:
    """Return the session that a request names; empty when it names none."""
    return cookie_of(headers, cookie_name(settings))


def cookie_of(headers: Headers, name: str) -> str:
    """Return a cookie of a request; empty when it has none of that name."""
    try:
        jar = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    morsel = jar.get(name)
    return morsel.value if morsel else ""


class AnyGuard:
    """Lets in only what comes from our own pages; who is known, each server says.

    Parameters
    ----------
    app : ASGIApp
        What is guarded.
    settings : AppSettings
        Names and limits.
    refuse : callable
        Makes an answer from a request's scope and a `Refusal`.

    Attributes
    ----------
    scheme, socket : str
        How pages and WebSockets of this server are opened.
    link_path : str
        The one page that may be opened from elsewhere.
    """

    scheme = "http"
    socket = "ws"
    link_path = OPEN_PATH

    def __init__(
        self,
        app: ASGIApp,
        *,
        settings: AppSettings,
        refuse: Callable[[Scope, Refusal], Response],
    ) -> None:
        """Remember what to ask."""
        self._app = app
        self._settings = settings
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge one request, in the language that was chosen or its browser asks for."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        # A pseudonym is the same however the letters of the path are composed.
        scope = {**scope, "path": normalize("NFC", scope["path"])}
        headers = Headers(scope=scope)
        language = choose_language(
            headers.get("accept-language", ""), cookie_of(headers, LANGUAGE_COOKIE)
        )
        with speaking(language, at_home=not is_for_a_clinic(scope["path"])):
            await self._let_in(scope, headers, receive, send)

    async def _let_in(
        self, scope: Scope, headers: Headers, receive: Receive, send: Send
    ) -> None:
        refusal = self._judge(scope, headers)
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send, refusal)
            return
        host = headers.get("host", "")
        known = host in self.hosts
        policy = content_policy(host, self.socket) if known else "default-src 'none'"
        armed = _with_security_headers(send, policy)
        if refusal is not None:
            await self._refuse(scope, refusal)(scope, receive, armed)
            return
        limit = self._limit(scope)
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await armed(message)

        try:
            await self._app(scope, _limited(receive, limit), watched)
        except Exception:
            _log.exception("unforeseen error at %s", scope["path"])
            if started:
                raise
            await self._refuse(scope, _unforeseen())(scope, receive, armed)

    async def _socket(
        self, scope: Scope, receive: Receive, send: Send, refusal: Refusal | None
    ) -> None:
        """Refuse a WebSocket before it is accepted, or let it in."""
        if refusal is None:
            await self._app(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": 1008})

    def _judge(self, scope: Scope, headers: Headers) -> Refusal | None:
        """Find the first reason not to let a request in."""
        return (
            self._wrong_user(scope)
            or self._wrong_host(headers)
            or self._wrong_origin(scope, headers)
            or self._not_admitted(scope, headers)
            or self._too_large(scope, headers)
        )

    @property
    def hosts(self) -> tuple[str, ...]:
        """The only names under which this server answers."""
        raise NotImplementedError

    @property
    def address(self) -> str:
        """The address that a person opens."""
        raise NotImplementedError

    def _wrong_user(self, scope: Scope) -> Refusal | None:
        """Refuse other users of this computer, where the system says who asks."""
        if not is_foreign_user(scope.get("client"), scope.get("server")):
            return None
        return Refusal(
            403,
            say("This app belongs to another user. Start your own: twitch-tracker app"),
        )

    def _wrong_host(self, headers: Headers) -> Refusal | None:
        """Refuse other names for this computer (DNS rebinding)."""
        if headers.getlist("host") and headers["host"] in self.hosts:
            return None
        return Refusal(
            421,
            say("This address is not served. Open {address}.", address=self.address),
        )

    def _wrong_origin(self, scope: Scope, headers: Headers) -> Refusal | None:
        """Refuse what another site, or another port, asks for."""
        fetched_by = headers.get("sec-fetch-site")
        origin = headers.get("origin")
        own = f"{self.scheme}://{headers['host']}"
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS
        if scope["type"] == "http" and not _known_method(scope["method"]):
            return Refusal(405, say("This cannot be done here."))
        if _is_link_visit(scope, headers, self.link_path):
            return None
        foreign = (
            (origin is not None and origin != own)
            or (fetched_by is not None and fetched_by not in {"same-origin", "none"})
            or (changes and origin is None and fetched_by != "same-origin")
        )
        if not foreign:
            return None
        return Refusal(
            403,
            say(
                "This request came from another page and was refused. "
                "Go back to the app and try again there."
            ),
        )

    def _not_admitted(self, scope: Scope, headers: Headers) -> Refusal | None:
        """Refuse whoever this server does not know."""
        raise NotImplementedError

    def _too_large(self, scope: Scope, headers: Headers) -> Refusal | None:
        """Refuse a body that says itself that it is too large."""
        said = headers.get("content-length", "0")
        limit = self._limit(scope)
        if not said.isascii() or not said.isdigit():
            return Refusal(400, say("The request was not understood."))
        return _too_large(limit) if int(said) > limit else None

    def _limit(self, scope: Scope) -> int:
        """Return how many bytes a request may send."""
        raise NotImplementedError


class Guard(AnyGuard):
    """Lets in only what comes from our own pages in an admitted browser.

    Parameters
    ----------
    app, settings, refuse
        As `AnyGuard`.
    door : Door
        Knows the sessions.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        settings: AppSettings,
        door: Door,
        refuse: Callable[[Scope, Refusal], Response],
    ) -> None:
        """Remember what to ask."""
        super().__init__(app, settings=settings, refuse=refuse)
        self._door = door

    @property
    def hosts(self) -> tuple[str, ...]:
        """The only names under which this server answers."""
        return self._settings.hosts

    @property
    def address(self) -> str:
        """The address that a person opens."""
        return self._settings.address

    def _not_admitted(self, scope: Scope, headers: Headers) -> Refusal | None:
        """Refuse browsers that did not come by the link."""
        path = scope["path"]
        if scope["type"] == "http" and (
            path == OPEN_PATH or path.startswith(STATIC_PATH)
        ):
            return None
        if self._door.knows(session_of(headers, self._settings)):
            return None
        return Refusal(
            401,
            say(
                "Open the link that the program showed when it was started. If it "
                "was used already, or is from yesterday, open the app with: "
                "twitch-tracker app"
            ),
        )

    def _limit(self, scope: Scope) -> int:
        """Return how many bytes a request may send."""
        path = scope["path"]
        if _FILE.fullmatch(path):
            return self._settings.max_upload_bytes
        if _TABLE.fullmatch(path):
            return TABLE_BYTES
        return self._settings.max_chunk_bytes if _CHUNK.fullmatch(path) else FORM_BYTES


def _is_link_visit(scope: Scope, headers: Headers, path: str) -> bool:
    """Recognise the one visit that may come from elsewhere: by the link.

    It opens a page and nothing else, and shows nothing without the key.
    """
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and scope["path"] == path
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
        and headers.get("origin", "null") == "null"
    )


def _unforeseen() -> Refusal:
    return Refusal(
        500,
        say(
            "An unexpected error occurred. What was stored before is safe. Try "
            "again; the window in which the program runs shows details."
        ),
    )


def _known_method(method: str) -> bool:
    return method in _SAFE_METHODS or method in _CHANGING_METHODS


def _too_large(limit: int) -> Refusal:
    return Refusal(
        413,
        say(
            "This is too large: the limit is {limit} MB. Record shorter videos or "
            "use a smaller picture size.",
            limit=limit // 1_000_000,
        ),
    )


def _limited(receive: Receive, limit: int) -> Receive:
    """Count what comes in, whatever the request said about itself."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            refusal = _too_large(limit)
            raise HTTPException(refusal.status, refusal.words)
        return message

    return counted


_ALWAYS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


def _with_security_headers(send: Send, policy: str) -> Send:
    """Add to every answer what it forbids the browser; its own headers stay."""

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _ALWAYS.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", policy)
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return with_headers
