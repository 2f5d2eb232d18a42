"""Access to the app: the one-time key of the link, and the sessions it opens.

Knows keys and sessions, no HTTP. Note: a key opens one session and is used up; sessions
are in memory only and end with the process, so that nothing that was stored opens
the app again. A browser that was recording continues by the new link. Two clocks are
read, so that neither a clock that is set back nor a computer that sleeps lengthens a
session.
"""

from __future__ import annotations

import hashlib
import secrets
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

__all__ = ["SESSION_S", "Door", "steady_s"]

SESSION_S: Final = 12 * 3600
"""How long a browser may stay: a day in the clinic (choice of this app)."""


class Door:
    """Issue one-time keys and remember the sessions that they opened.

    Parameters
    ----------
    now : callable
        Seconds since the epoch; goes on while the computer sleeps.
    steady : callable
        Seconds by a clock that nobody can set; by default `steady_s`.

    Attributes
    ----------
    on_used : callable
        Called after a key was used up, by whoever came in with it.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.time,
        steady: Callable[[], float] | None = None,
    ) -> None:
        """Start without anybody let in."""
        self.on_used: Callable[[], None] = _nothing
        self._now = now
        self._steady = steady or steady_s
        self._lock = threading.Lock()
        self._keys: set[str] = set()
        self._since: dict[str, tuple[float, float]] = {}

    def make_key(self) -> str:
        """Make a key that opens one session."""
        key = secrets.token_urlsafe(32)
        with self._lock:
            self._keys.add(_hash(key))
        return key

    def admit(self, key: str) -> str | None:
        """Use up a key.

        Returns
        -------
        str or None
            The secret of a new session; None when the key is wrong or used up.
        """
        with self._lock:
            if _hash(key) not in self._keys:
                return None
            self._keys.discard(_hash(key))
            session = secrets.token_urlsafe(32)
            self._since[_hash(session)] = (self._now(), self._steady())
        self.on_used()
        return session

    def knows(self, session: str) -> bool:
        """Return whether a session was opened here and is still good."""
        with self._lock:
            since = self._since.get(_hash(session))
        if since is None:
            return False
        return max(self._now() - since[0], self._steady() - since[1]) < SESSION_S


def steady_s() -> float:
    """Return seconds of a clock that cannot be set; on Linux it counts sleep (time(7))."""
    if sys.platform != "linux":
        return time.monotonic()
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _nothing() -> None:
    """Do nothing."""


def _hash(secret: str) -> str:
    """Hash a secret of 256 random bits; no salt is needed for those."""
    return hashlib.sha256(secret.encode()).hexdigest()
