"""What a phone may ask for: a list, and nothing else.

One ASGI layer around the phone's pages. Knows the list, the one address under which
they are served, and the phone that is connected. Note: the list alone decides what is
served; a route that is missing here does not exist for a phone.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Scope

from twitch_tracker.app.phone.pairing import PhonePairing, no_phone
from twitch_tracker.app.security import (
    FORM_BYTES,
    AnyGuard,
    Refusal,
    cookie_of,
)
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.language import say

__all__ = ["ALLOWED", "MOST_A_MINUTE", "Allowed", "PhoneGuard", "phone_cookie"]

_ID: Final = "[0-9a-f]{32}"
_FILES: Final = (
    *("report.css", "app.css", "home.css", "phone.css", "icon.svg"),
    *(
        f"js/{name}.js"
        for name in (
            *("camera", "live", "outbox", "pace", "page", "phone_pair"),
            *("record", "upload", "voice"),
        )
    ),
)


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """One thing that a phone may ask for.

    Attributes
    ----------
    method : str
        Of HTTP; ``SOCKET`` for a WebSocket.
    path : str
        A regular expression for the whole path.
    to_all : bool
        Whether a phone may that is not connected yet.
    size : {"form", "chunk", "file"}
        How much it may send.
    """

    method: str
    path: str
    to_all: bool = False
    size: str = "form"


ALLOWED: Final = (
    Allowed(method="GET", path="/", to_all=True),
    Allowed(
        method="GET",
        path=f"/static/(?:{'|'.join(map(re.escape, _FILES))})",
        to_all=True,
    ),
    Allowed(method="POST", path="/api/pair", to_all=True),
    Allowed(method="POST", path="/leave"),
    Allowed(method="GET", path="/record"),
    Allowed(method="GET", path="/add"),
    Allowed(method="GET", path="/done"),
    Allowed(method="POST", path="/api/guided"),
    Allowed(method="GET", path=f"/api/guided/{_ID}"),
    Allowed(method="POST", path=f"/api/guided/{_ID}/clips"),
    Allowed(method="POST", path=f"/api/guided/{_ID}/finish"),
    Allowed(method="PUT", path=rf"/api/clips/{_ID}/chunks/\d{{1,6}}", size="chunk"),
    Allowed(method="POST", path=f"/api/clips/{_ID}/finish"),
    Allowed(method="DELETE", path=f"/api/clips/{_ID}"),
    Allowed(method="POST", path="/api/files"),
    Allowed(method="PUT", path=f"/api/clips/{_ID}/file", size="file"),
    Allowed(method="SOCKET", path="/live"),
)
"""All that is served to a phone."""

MOST_A_MINUTE: Final = 120
"""Requests of one address that is not connected; opening the page takes ten."""

_MOST_KNOWN: Final = 1000
"""Addresses that are counted; with more of them, all begin again."""


def phone_cookie(port: int) -> str:
    """Return the cookie's name; its beginning ties it to this host and to encryption."""
    return f"__Host-twitch_tracker_phone_{port}"


class PhoneGuard(AnyGuard):
    """Lets in only the phone that is connected, for what is in the list.

    Parameters
    ----------
    app, settings, refuse
        As `AnyGuard`.
    pairing : PhonePairing
        Knows the phone.
    host : str
        Address and port, as they stand in a link: the only one that is served.
    port : int
        The same port.
    """

    scheme = "https"
    socket = "wss"
    link_path = "/"

    def __init__(
        self,
        app: ASGIApp,
        *,
        settings: AppSettings,
        refuse: Callable[[Scope, Refusal], Response],
        pairing: PhonePairing,
        host: str,
        port: int,
    ) -> None:
        """Remember what to ask."""
        super().__init__(app, settings=settings, refuse=refuse)
        self._pairing = pairing
        self._host = host
        self._cookie = phone_cookie(port)
        self._asked: dict[str, tuple[float, int]] = {}

    @property
    def hosts(self) -> tuple[str, ...]:
        """The only name under which this server answers."""
        return (self._host,)

    @property
    def address(self) -> str:
        """The address that a phone opens."""
        return f"https://{self._host}"

    def _not_admitted(self, scope: Scope, headers: Headers) -> Refusal | None:
        """Refuse what is not in the list, and everybody but the phone."""
        allowed = _allowed(scope)
        paired = self._pairing.knows(cookie_of(headers, self._cookie))
        if paired is None and self._asks_too_often(scope):
            return Refusal(
                429, say("This phone has asked too often. Please wait a minute.")
            )
        if allowed is None:
            return Refusal(404, say("There is no such page here."))
        if paired is None and not allowed.to_all:
            return Refusal(401, no_phone())
        return None

    def _limit(self, scope: Scope) -> int:
        allowed = _allowed(scope)
        sizes = {
            "chunk": self._settings.max_chunk_bytes,
            "file": self._settings.max_upload_bytes,
        }
        return sizes.get(allowed.size if allowed else "", FORM_BYTES)

    def _asks_too_often(self, scope: Scope) -> bool:
        """Count what somebody asks who is not connected, a minute at a time."""
        address = str((scope.get("client") or ("",))[0])
        now = time.monotonic()
        since, count = self._asked.get(address, (now, 0))
        if now - since >= 60:
            since, count = now, 0
        if len(self._asked) >= _MOST_KNOWN and address not in self._asked:
            self._asked.clear()
        self._asked[address] = (since, count + 1)
        return count >= MOST_A_MINUTE


def _allowed(scope: Scope) -> Allowed | None:
    """Find a request in the list."""
    method = "SOCKET" if scope["type"] == "websocket" else scope["method"]
    for one in ALLOWED:
        if one.method == method and re.fullmatch(one.path, scope["path"], re.ASCII):
            return one
    return None
