"""How many connections may wait, and for how long: half-open ones must not block others.

Whoever opens a connection and never finishes the header of a request holds one of the few
file handles of a process; with a thousand of them nobody else gets in. Note: a request
that is being answered (an upload, a film) is never closed here.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["HEAD_WITHIN_S", "MOST_AT_ONCE", "MOST_WAITING", "TimeoutProtocol"]

MOST_AT_ONCE: Final = 32
"""Connections that are taken before the loop goes on, as that is when those given up are
closed. asyncio takes as many as its backlog; when there are no more files to be had, it
says so for each. A process on macOS has 256."""

MOST_WAITING: Final = 100
"""Connections without a request. A browser opens six."""

HEAD_WITHIN_S: Final = 10.0
"""How long the header of the first request may take; on one computer it comes at once."""


class TimeoutProtocol(H11Protocol):
    """One connection, which is closed when it only waits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._giving_up: asyncio.TimerHandle | None = None
        self._opened_s = 0.0

    @property
    def is_waiting(self) -> bool:
        """Whether nothing is being answered."""
        cycle: Any = self.cycle  # None before the first request
        return cycle is None or bool(cycle.response_complete)

    @property
    def can_be_given_up(self) -> bool:
        """Whether it only waits, and is not being closed.

        What was aborted is still in the list until the loop comes around; counted
        again, it would stand for all others that came in the same turn.
        """
        return self.is_waiting and not self.transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Accept a connection; when there are many, the one that waited longest is closed."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._opened_s = self.loop.time()
        self._giving_up = self.loop.call_later(HEAD_WITHIN_S, self._give_up)
        waiting = [
            one
            for one in self.connections
            if isinstance(one, TimeoutProtocol) and one.can_be_given_up
        ]
        if len(waiting) > MOST_WAITING:
            min(waiting, key=lambda one: one._opened_s)._give_up()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer."""
        self._stop_timer()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Handle received bytes; complete headers end the waiting."""
        super().handle_events()
        if self.cycle is not None:
            self._stop_timer()

    def handle_websocket_upgrade(self, event: Any) -> None:
        """Give up the connection to the WebSocket; it no longer waits here."""
        self._stop_timer()
        super().handle_websocket_upgrade(event)

    def _stop_timer(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None

    def _give_up(self) -> None:
        if self.can_be_given_up:
            self.transport.abort()
