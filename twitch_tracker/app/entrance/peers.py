"""Which user of this computer a request comes from, where the system says.

Linux lists every connection with the user who holds it. So another user is turned
away whatever they know: the link, the cookie, the name. macOS and Windows do not say;
there the secrets alone protect. The convention that bites: who is not in the list
(a connection that came from elsewhere through a container's door) is not known, and
not turned away for that.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Final

__all__ = ["is_foreign_user"]

_LISTS: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_MAPPED: Final = "0000000000000000FFFF0000"
_ESTABLISHED: Final = "01"
_ROOT: Final = 0


def is_foreign_user(
    client: tuple[str, int] | None, port: int, lists: tuple[Path, ...] = _LISTS
) -> bool:
    """Return whether a request comes from another user of this computer.

    Parameters
    ----------
    client : tuple of (str, int) or None
        Address and port that it came from, as ASGI reports them.
    port : int
        Where this server listens.
    lists : tuple of Path
        Linux's lists of connections.

    Returns
    -------
    bool
        True only when the system says so. The administrator is nobody else: root can
        read every file anyway.
    """
    if sys.platform != "linux" or client is None:
        return False
    holder = _holder(client, port, lists)
    if holder is None:
        return False
    user, state = holder
    if user == os.geteuid():
        return False
    # A connection that was let go of is listed as root's.
    return user != _ROOT or state != _ESTABLISHED


def _holder(
    client: tuple[str, int], port: int, lists: tuple[Path, ...]
) -> tuple[int, str] | None:
    """Find who holds the other end, and in which state that is."""
    theirs = {f"{one}:{client[1]:04X}" for one in _as_listed(client[0])}
    for path in lists:
        try:
            lines = path.read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            cells = line.split()
            if cells[1] in theirs and cells[2].endswith(f":{port:04X}"):
                return int(cells[7]), cells[3]
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
