"""An address of its own for the app on this computer.

A browser sends the cookies of 127.0.0.1 to every program that listens on any port
there, also to that of another user. So the app is opened under a name that nobody else
knows, ``tt-<random>.localhost``: browsers take every name below ``localhost`` for this
computer, without a name server. Note: the name stays the same for a folder, because
what a browser stores of a recording belongs to the name.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import socket
import sys
from pathlib import Path
from typing import Final

from twitch_tracker.exchange.disk.private import make_private
from twitch_tracker.exchange.whole import write_whole

__all__ = ["own_name"]

_FILE: Final = "name.txt"
_NAME: Final = re.compile(r"tt-[0-9a-f]{20}\.localhost")


def own_name(folder: Path) -> str | None:
    """Return the name of the app of a folder; made when there is none.

    Parameters
    ----------
    folder : Path
        The app's own folder; must exist.

    Returns
    -------
    str or None
        None where browsers do not know such names: Safari asks the system, which
        knows them on some versions of macOS only.

    Raises
    ------
    OutputNotWritable
        It cannot be kept.
    """
    name = _kept(folder / _FILE)
    if sys.platform == "darwin" and not _known_here(name):
        return None
    return name


def _kept(path: Path) -> str:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        found = path.read_text(encoding="ascii").strip()
        if _NAME.fullmatch(found):
            make_private(path)
            return found
    name = f"tt-{secrets.token_hex(10)}.localhost"
    write_whole(path, f"{name}\n")
    make_private(path)
    return name


def _known_here(name: str) -> bool:
    """Return whether the system takes a name for this computer."""
    try:
        found = socket.getaddrinfo(name, None, socket.AF_INET)
    except OSError:
        return False
    return {str(place[4][0]) for place in found} == {"127.0.0.1"}
