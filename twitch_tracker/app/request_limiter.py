"""Limit how many answers are made at once; others wait in order.

Python computes in one thread at a time. Of fifty pages made at once all are done at the
end, each with a connection to the journal and a thread that competes for the
interpreter; one after the other, half of them are done in half the time, and all of
them sooner. Note: only reading (GET) waits, since a change may have to wait for another
program; and a request that takes longer than `LONG_S` gives its place to the next and
continues beside it, so that long ones (a course to be computed, a film to be sent)
block nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["LONG_S", "MOST_AT_ONCE", "RequestLimiter"]

MOST_AT_ONCE: Final = 4
"""One computes while others wait for the disk; fewer than connections to the journal
that stay open (`Database`)."""

LONG_S: Final = 1.0
"""A page takes a hundredth of it."""


class RequestLimiter:
    """Limit how many requests are answered at once.

    Parameters
    ----------
    app : ASGIApp
        Who answers them.
    most : int
        How many it answers at once.
    long_s : float
        After so many seconds an answer does not count any more.
    """

    def __init__(
        self, app: ASGIApp, *, most: int = MOST_AT_ONCE, long_s: float = LONG_S
    ) -> None:
        """Start with no requests waiting."""
        self._app = app
        self._long_s = long_s
        self._places = asyncio.Semaphore(most)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request when it is its turn; what changes something, at once."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        await self._places.acquire()
        with contextlib.ExitStack() as place:
            place.callback(self._places.release)  # once: at the end or after `LONG_S`
            loop = asyncio.get_running_loop()
            place.callback(loop.call_later(self._long_s, place.close).cancel)

            async def until_it_begins(message: Message) -> None:
                place.close()
                await send(message)

            await self._app(scope, receive, until_it_begins)
