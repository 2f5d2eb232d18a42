"""Which connections the phone's server accepts, decided before any encryption.

A connection is checked as soon as it is made: one from outside the chosen network, or
one too many, is closed at once. A client that speaks without encryption is redirected
to the right address and gets nothing else. Note: connections are counted by their
sockets, as they go from one protocol to another.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import Callable
from typing import Final

from twitch_tracker.app.phone.networks import Place, admits

__all__ = ["MOST_CONNECTIONS", "MOST_OF_ONE", "ConnectionFilter"]

_log = logging.getLogger(__name__)

MOST_CONNECTIONS: Final = 64
"""At once, of everybody. A browser opens six, and one for live advice."""

MOST_OF_ONE: Final = 24
"""At once, of one address."""

FIRST_WORD_S: Final = 10.0
"""How long somebody may be silent at first, and how long encryption may take."""

_LOOK_EVERY_S: Final = 0.05
_HELLO: Final = 0x16
"""How a conversation that is to be encrypted begins (TLS: handshake)."""


class ConnectionFilter:
    """Accept connections for a server, and refuse some.

    Parameters
    ----------
    listening : socket.socket
        Bound, not yet listening.
    place : Place
        Who may come.
    host : str
        Address and port, as they stand in a link.
    identity : ssl.SSLContext
        The server's.
    make_protocol : callable
        Makes what speaks with one that is let in.
    """

    def __init__(
        self,
        listening: socket.socket,
        place: Place,
        host: str,
        identity: ssl.SSLContext,
        make_protocol: Callable[[], asyncio.Protocol],
    ) -> None:
        """Start without connections."""
        self._listening = listening
        self._place = place
        self._host = host
        self._identity = identity
        self._make_protocol = make_protocol
        self._there: list[tuple[str, socket.socket]] = []
        self._greeting: set[asyncio.Task[None]] = set()
        self._taking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to take connections."""
        self._listening.setblocking(False)
        self._listening.listen(32)
        self._taking = asyncio.get_running_loop().create_task(self._take())

    def close(self) -> None:
        """Accept no more connections; the server closes those that are open."""
        for task in (self._taking, *self._greeting):
            if task is not None:
                task.cancel()
        self._listening.close()

    async def wait_closed(self) -> None:
        """Wait until no first byte is being waited for."""
        tasks = [task for task in (self._taking, *self._greeting) if task is not None]
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _take(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                came, peer = await loop.sock_accept(self._listening)
            except OSError as error:  # too many open files, or the client is gone
                _log.warning("a connection could not be taken: %s", error)
                await asyncio.sleep(0.5)
                continue
            address = str(peer[0])
            if not admits(self._place, address) or self._is_full(address):
                came.close()
                continue
            came.setblocking(False)
            self._there.append((address, came))
            task = loop.create_task(self._greet(came))
            self._greeting.add(task)
            task.add_done_callback(self._greeting.discard)

    def _is_full(self, address: str) -> bool:
        self._there = [(of, one) for of, one in self._there if one.fileno() != -1]
        theirs = sum(of == address for of, _ in self._there)
        return len(self._there) >= MOST_CONNECTIONS or theirs >= MOST_OF_ONE

    async def _greet(self, came: socket.socket) -> None:
        """Read the first byte, then hand the connection over or close it."""
        try:
            first = await asyncio.wait_for(_first_byte(came), FIRST_WORD_S)
            if first == _HELLO:
                await asyncio.get_running_loop().connect_accepted_socket(
                    self._make_protocol,
                    sock=came,
                    ssl=self._identity,
                    ssl_handshake_timeout=FIRST_WORD_S,
                )
                return
            if first is not None:
                await asyncio.wait_for(self._send_on(came), FIRST_WORD_S)
        except (OSError, TimeoutError, ssl.SSLError):
            pass  # no valid request, or the client is gone
        except asyncio.CancelledError:
            came.close()
            raise
        came.close()

    async def _send_on(self, came: socket.socket) -> None:
        """Send a browser that came without encryption where to go."""
        loop = asyncio.get_running_loop()
        await loop.sock_recv(came, 65_536)
        answer = (
            "HTTP/1.1 307 Temporary Redirect\r\n"
            f"Location: https://{self._host}/\r\n"
            "Content-Length: 0\r\nConnection: close\r\n\r\n"
        )
        await loop.sock_sendall(came, answer.encode())
        with contextlib.suppress(OSError):
            came.shutdown(socket.SHUT_WR)
        await loop.sock_recv(came, 65_536)


async def _first_byte(came: socket.socket) -> int | None:
    """Look at the first byte without taking it; None when there will be none."""
    while True:
        try:
            seen = came.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            await asyncio.sleep(_LOOK_EVERY_S)
        else:
            return seen[0] if seen else None
