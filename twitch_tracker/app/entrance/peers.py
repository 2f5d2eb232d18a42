"""Which user of this computer a request comes from, where the system says.

Linux knows which user holds a connection. So another user is refused whatever they
know: the link, the cookie, the name. macOS and Windows do not say it; there only the
secrets protect. The one connection is asked for (sock_diag(7)); only where that is not
available is the list of all connections read, which takes the kernel milliseconds.
Note: a connection that is not in that list (it came through a container's port, or from
Windows around this Linux) is not refused for that; one that is closed already is,
because nobody can say whose it was.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

__all__ = ["asked", "is_foreign_user"]

_LISTS: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_MAPPED: Final = "0000000000000000FFFF0000"
_ESTABLISHED: Final = 1
ROOT: Final = 0

_SOCK_DIAG: Final = 4
"""NETLINK_SOCK_DIAG: the part of Linux that knows connections."""

_BY_FAMILY: Final = 20
"""SOCK_DIAG_BY_FAMILY: what is asked, and how an answer that is no error is marked."""

_MESSAGE: Final = struct.Struct("=IHHII")
"""nlmsghdr: length, type, flags (1: a request), number, sender."""

_QUESTION: Final = struct.Struct("=BBBBI")
"""inet_diag_req_v2 without its address: family, protocol, -, -, states (all)."""

_USER_AT: Final = _MESSAGE.size + 64
"""Where inet_diag_msg holds the user; its second byte is the state."""

ConnectionEnds = tuple[tuple[str, int], tuple[str, int]]
"""Address and port of the end that is asked for, and of the other one."""


def is_foreign_user(
    client: tuple[str, int] | None,
    server: tuple[str, int] | None,
    lists: tuple[Path, ...] = _LISTS,
    ask: Callable[[ConnectionEnds], tuple[int, int] | None] | None = None,
) -> bool:
    """Return whether a request comes from another user of this computer.

    Parameters
    ----------
    client, server : tuple of (str, int) or None
        Address and port that it came from, and that it came to, as ASGI reports them;
        who has hung up before anybody looked has none.
    lists : tuple of Path
        Linux's lists of connections.
    ask : callable, optional
        Finds user and state of one connection; by default Linux is asked.

    Returns
    -------
    bool
        True only when the system says so. The administrator is nobody else: root can
        read every file anyway.
    """
    if sys.platform != "linux":
        return False
    are_known = any(path.exists() for path in lists)
    if client is None or server is None:
        return are_known
    ask = ask or asked
    holder = ask((client, server)) or _listed((client, server), lists)
    if holder is None:
        ours = ask((server, client)) or _listed((server, client), lists)
        return are_known and (ours is None or ours[1] != _ESTABLISHED)
    user, state = holder
    if user == ROOT:  # closed connections are listed as root's, whoever held them
        return state != _ESTABLISHED
    return user != os.geteuid()


def asked(ends: ConnectionEnds) -> tuple[int, int] | None:
    """Ask Linux who holds the first end of a connection, and in which state that is.

    Parameters
    ----------
    ends : ConnectionEnds
        The end that is asked for, and the other one; by IPv4, or by IPv6 that stands for it.

    Returns
    -------
    tuple of (int, int) or None
        User and state (1: established); None where Linux does not say.
    """
    try:
        which = b"".join(
            (
                struct.pack("!HH", *(port for _, port in ends)),
                *(socket.inet_aton(address) + bytes(12) for address, _ in ends),
                struct.pack("=III", 0, 0xFFFFFFFF, 0xFFFFFFFF),  # any device, no cookie
            )
        )
        question = _QUESTION.pack(socket.AF_INET, socket.IPPROTO_TCP, 0, 0, 0xFFFFFFFF)
        length = _MESSAGE.size + len(question) + len(which)
        head = _MESSAGE.pack(length, _BY_FAMILY, 1, 1, 0)
        with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _SOCK_DIAG) as kernel:
            kernel.settimeout(1)
            kernel.sendto(head + question + which, (0, 0))
            answer = kernel.recv(4096)
        if _MESSAGE.unpack_from(answer)[1] != _BY_FAMILY:
            return None
        ports = struct.unpack_from("!HH", answer, _MESSAGE.size + 4)
        if ports != tuple(port for _, port in ends):
            return None  # it is closed; this is the socket that listens there
        user = struct.unpack_from("=I", answer, _USER_AT)[0]
        return int(user), answer[_MESSAGE.size + 1]
    except (OSError, struct.error):
        return None


def _listed(ends: ConnectionEnds, lists: tuple[Path, ...]) -> tuple[int, int] | None:
    """Find in the lists who holds the first end, and in which state that is."""
    (address, own_port), (_, port) = ends
    theirs = {f"{one}:{own_port:04X}" for one in _as_listed(address)}
    for path in lists:
        try:
            lines = path.read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            cells = line.split()
            if cells[1] in theirs and cells[2].endswith(f":{port:04X}"):
                return int(cells[7]), int(cells[3], 16)
    return None


def _as_listed(address: str) -> tuple[str, ...]:
    """Write an address as Linux's lists do: in words of this computer's own order."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            packed = socket.inet_pton(family, address)
        except OSError:
            continue
        words = (packed[n : n + 4] for n in range(0, len(packed), 4))
        text = "".join(f"{int.from_bytes(word, sys.byteorder):08X}" for word in words)
        return (text,) if family == socket.AF_INET6 else (text, f"{_MAPPED}{text}")
    return ()
