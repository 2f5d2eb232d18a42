"""The phone's server in the network: started when somebody asks for it, and stopped.

Knows sockets, encryption and the server's life, no pages. Note: one address is bound,
never all of them; the server runs in the app's own event loop, so that both share what
belongs to that loop; and a server that nobody uses stops itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp

from twitch_tracker.app.connections import MOST_AT_ONCE, TimeoutProtocol
from twitch_tracker.app.phone.certificate import Identity, identity_for
from twitch_tracker.app.phone.connection_filter import ConnectionFilter
from twitch_tracker.app.phone.networks import Place, host_of, named_place, places
from twitch_tracker.app.phone.pairing import PhonePairing
from twitch_tracker.errors import NetworkUnusable
from twitch_tracker.language import say

__all__ = ["DEFAULT_PORT", "MakeApp", "OpenListener", "PhoneListener"]

_log = logging.getLogger(__name__)

DEFAULT_PORT: Final = 8738
"""Always the same when it is free, so that a phone that was filming finds the door
again after a restart, and what it kept meanwhile."""

_IDLE_S: Final = 15 * 60.0
"""A door that leads to nobody is shut after so long."""

_LOOK_EVERY_S: Final = 5.0

MakeApp = Callable[[PhonePairing, str, int], ASGIApp]
"""Makes the phone's pages, for a host as it stands in links, and a port."""


@dataclass(frozen=True, kw_only=True)
class OpenListener:
    """A server that listens for a phone.

    Attributes
    ----------
    place : Place
        At which address, and who may come.
    port : int
        The bound port.
    identity : Identity
        By what a phone knows it.
    """

    place: Place
    port: int
    identity: Identity

    @property
    def host(self) -> str:
        """Address and port as they stand in a link."""
        return host_of(self.place.address, self.port)

    @property
    def address(self) -> str:
        """What is typed on the phone."""
        return f"https://{self.host}"


class PhoneListener:
    """Start and stop listening for a phone; used by the app's event loop alone.

    Parameters
    ----------
    folder : Path
        Where key and certificate are kept.
    allowed : bool
        Whether it may be opened at all.
    port : int or None
        The port that somebody chose; None for the usual one, or any when that is taken.
    known_places : callable
        Gives the networks; other ones in tests.

    Attributes
    ----------
    idle_s : float
        After how long it shuts when it leads to nobody; infinite for never.
    """

    def __init__(
        self,
        folder: Path,
        *,
        allowed: bool = True,
        port: int | None = None,
        known_places: Callable[[], tuple[Place, ...]] = places,
    ) -> None:
        """Start without listening."""
        self.allowed = allowed
        self.pairing = PhonePairing()
        self.known_places = known_places
        self._folder = folder
        self._port = port
        self.idle_s = _IDLE_S
        self._open: OpenListener | None = None
        self._server: _PhoneServer | None = None
        self._running: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    @property
    def now(self) -> OpenListener | None:
        """The server that listens; None without one."""
        return self._open

    async def open(self, address: str, make_app: MakeApp) -> OpenListener:
        """Start to listen; a server at another address is stopped first.

        Parameters
        ----------
        address : str
            One of this computer's.
        make_app : callable
            See `MakeApp`.

        Returns
        -------
        OpenListener
            It answers already.

        Raises
        ------
        NetworkUnusable
            It may not be opened, there is no such address (any more), or no free port.
        OutputNotWritable
            Key and certificate cannot be kept.
        """
        async with self._turn:
            if not self.allowed:
                raise NetworkUnusable(
                    say(
                        "Phones are switched off: the program was started without them."
                    )
                )
            known = await run_in_threadpool(self.known_places)
            place = named_place(address, known)
            if place is None:
                raise NetworkUnusable(_no_such_address(address, known))
            if self._open is not None:
                if self._open.place == place:
                    return self._open
                await self._shut()
            identity = await run_in_threadpool(
                identity_for, self._folder, place.address
            )
            bound = _bind_some(place, self._port)
            try:
                self._open = await self._begin(place, bound, identity, make_app)
            except BaseException:
                bound.close()
                raise
            return self._open

    async def shut(self) -> None:
        """Disconnect the phone and stop listening."""
        async with self._turn:
            await self._shut()

    async def _shut(self) -> None:
        self.pairing.disconnect()
        server, running, self._open = self._server, self._running, None
        self._server = self._running = None
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None
        if server is not None and running is not None:
            server.should_exit = True
            await asyncio.wait({running})

    async def _begin(
        self,
        place: Place,
        bound: socket.socket,
        identity: Identity,
        make_app: MakeApp,
    ) -> OpenListener:
        port = int(bound.getsockname()[1])
        host = host_of(place.address, port)
        config = uvicorn.Config(
            make_app(self.pairing, host, port),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
            ws_max_size=2_000_000,
            http=TimeoutProtocol,
            backlog=MOST_AT_ONCE,
        )
        server = _PhoneServer(config, place, host, _context(identity))
        running = asyncio.create_task(server.serve(sockets=[bound]))
        while not server.started:
            if running.done():
                await running
                raise NetworkUnusable(
                    say("The page for the phone could not be opened.")
                )
            await asyncio.sleep(0.01)
        self._server, self._running = server, running
        self._watching = asyncio.create_task(self._watch())
        return OpenListener(place=place, port=port, identity=identity)

    async def _watch(self) -> None:
        """Stop listening when there is neither a phone nor a code."""
        loop = asyncio.get_running_loop()
        used_s = loop.time()
        while True:
            await asyncio.sleep(min(_LOOK_EVERY_S, self.idle_s))
            if not self.pairing.is_idle:
                used_s = loop.time()
            if loop.time() - used_s >= self.idle_s:
                self._watching = None
                await self.shut()
                return


class _PhoneServer(uvicorn.Server):
    """A server whose connections a `ConnectionFilter` takes; signals are the app's business."""

    def __init__(
        self, config: uvicorn.Config, place: Place, host: str, identity: ssl.SSLContext
    ) -> None:
        super().__init__(config)
        self._place = place
        self._host = host
        self._identity = identity

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        await self.lifespan.startup()
        doors = [
            ConnectionFilter(
                one, self._place, self._host, self._identity, self._protocol
            )
            for one in sockets or ()
        ]
        for door in doors:
            door.start()
        self.servers = doors  # type: ignore[assignment]
        self.started = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End every connection: what only waits at once, the others after a while.

        An encrypted one would else wait for the phone to say goodbye, too.
        """
        for one in list(self.server_state.connections):
            if getattr(one, "is_waiting", False):
                _abort(one)
        await super().shutdown(sockets)
        for one in list(self.server_state.connections):
            _abort(one)
        await asyncio.sleep(0)

    def _protocol(self) -> asyncio.Protocol:
        return TimeoutProtocol(
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )


def _abort(connection: object) -> None:
    transport = getattr(connection, "transport", None)
    if transport is not None:
        transport.abort()


def _context(identity: Identity) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(identity.path)
    return context


def _bind_some(place: Place, port: int | None) -> socket.socket:
    """Bind the chosen port; without a choice the usual one, or any."""
    if port is not None:
        return _bind(place, port)
    try:
        return _bind(place, DEFAULT_PORT)
    except _PortTaken:
        return _bind(place, 0)


class _PortTaken(NetworkUnusable):
    """The port is taken."""


def _bind(place: Place, port: int) -> socket.socket:
    family = socket.AF_INET6 if place.is_six else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform == "win32":
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        if place.is_six:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind((place.address, port))
    except OSError as error:
        bound.close()
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            raise _PortTaken(
                say(
                    "Port {port} of {address} is taken ({why}). Start the program with "
                    "another port for phones, or with 0 for any.",
                    port=port,
                    address=place.address,
                    why=error.strerror,
                )
            ) from error
        raise NetworkUnusable(
            say(
                "This computer cannot be reached at {address} any more ({why}). Load "
                "the page again to see in which networks it is now.",
                address=place.address,
                why=error.strerror,
            )
        ) from error
    return bound


def _no_such_address(address: str, known: tuple[Place, ...]) -> str:
    if not known:
        return say(
            "This computer is not connected to a network. Connect it to the same "
            "home network as the phone, and try again."
        )
    return say(
        "{address} is not an address at which a phone can reach this computer. Its "
        "addresses: {known}.",
        address=address or "?",
        known=", ".join(place.address for place in known),
    )
