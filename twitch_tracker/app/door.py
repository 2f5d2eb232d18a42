"""Who may come in: the one-time key of the link, and the sessions it opens.

Knows keys and sessions, no HTTP. Sessions are kept as SHA-256 hashes in a file that
only the user can read, so that a browser which is in the middle of a recording may
come back after the server was restarted. The convention that bites: a key opens one
session and is used up.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

__all__ = ["SESSION_S", "Door"]

SESSION_S: Final = 12 * 3600
"""How long a browser may stay: a day in the clinic (choice of this app)."""


class Door:
    """Hands out one-time keys and remembers who came in with one.

    Parameters
    ----------
    path : Path
        Where sessions are kept; its folder must exist.
    now : callable
        Seconds since the epoch.
    """

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        """Read back the sessions that are still good."""
        self._path = path
        self._now = now
        self._lock = threading.Lock()
        self._keys: set[str] = set()
        self._until = self._read()

    def make_key(self) -> str:
        """Make a key that opens one session."""
        key = secrets.token_urlsafe(32)
        with self._lock:
            self._keys.add(_hash(key))
        return key

    def admit(self, key: str) -> str | None:
        """Use up a key.

        Parameters
        ----------
        key : str
            What came with the link.

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
            self._until[_hash(session)] = self._now() + SESSION_S
            self._write()
        return session

    def knows(self, session: str) -> bool:
        """Tell whether a session was opened here and is still good."""
        with self._lock:
            return self._until.get(_hash(session), 0.0) > self._now()

    def _read(self) -> dict[str, float]:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            return {
                str(name): float(until)
                for name, until in kept.items()
                if float(until) > self._now()
            }
        except (OSError, ValueError, AttributeError, TypeError):
            return {}

    def _write(self) -> None:
        part = self._path.with_suffix(".part")
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(self._until, file)
        part.replace(self._path)


def _hash(secret: str) -> str:
    """Hash a secret of 256 random bits; no salt is needed for those."""
    return hashlib.sha256(secret.encode()).hexdigest()
