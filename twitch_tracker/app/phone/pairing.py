"""Pairing with a phone: a code that is used once, and the phone that used it.

Knows codes, secrets and times, no HTTP. Note: one phone at a time, for one person;
everything is in memory only and ends with the program; two clocks are read, as in
`door`, so that neither a clock that is set back nor a computer that sleeps lengthens
anything; and wrong codes are counted, so that a short code is long enough.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from unicodedata import normalize

from twitch_tracker.errors import PairingRefused, UploadRefused
from twitch_tracker.language import say

__all__ = [
    "CODE_S",
    "IDLE_S",
    "MOST_FILMS",
    "MOST_S",
    "CodeEnded",
    "Offer",
    "Paired",
    "PhonePairing",
]

CODE_S: Final = 10 * 60.0
"""How long a code may be used: time to fetch the phone, not to forget the screen."""

IDLE_S: Final = 2 * 3600.0
"""A phone that asks for nothing for so long is disconnected."""

MOST_S: Final = 12 * 3600.0
"""How long a phone may stay at all: a day in the clinic, as a browser may."""

MOST_FILMS: Final = 300
"""Films that one phone may begin before it must be connected again; a session has nine."""

_SIGNS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are taken for each other."""

_SIGNS_A_CODE: Final = 10
"""50 bits; with ten tries nobody guesses it in any number of lives."""

_MOST_WRONG: Final = 10
"""Wrong codes after which the right one is withdrawn."""


class CodeEnded(StrEnum):
    """Why a code is no longer valid."""

    USED = "used"
    OVER = "over"
    WRONG = "wrong"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A code that one phone may use.

    Attributes
    ----------
    person : str
        Whose films that phone will make.
    code : str
        As it is typed.
    """

    person: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Paired:
    """The phone that is connected.

    Attributes
    ----------
    person : str
        Whose films it makes.
    number : str
        Four digits that both screens show.
    device : str
        What its browser says it is.
    address : str
        From where it came.
    since : datetime
        When it was connected; aware.
    films : frozenset of str
        Files that it announced, by their names in the store.
    begun : int
        How many films it has begun.
    """

    person: str
    number: str
    device: str
    address: str
    since: datetime
    films: frozenset[str] = field(default_factory=frozenset)
    begun: int = 0


@dataclass
class _Connection:
    """A phone with its secret, and when it came and last asked, by two clocks."""

    secret: str
    paired: Paired
    since: tuple[float, float]
    seen: tuple[float, float]


class PhonePairing:
    """Issue codes and remember the one phone that used one.

    Parameters
    ----------
    now : callable
        Seconds since the epoch; goes on while the computer sleeps.
    steady : callable
        Seconds by a clock that nobody can set.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start without anybody let in."""
        self._clocks = (now, steady)
        self._lock = threading.RLock()
        self._offer: Offer | None = None
        self._offered = (0.0, 0.0)
        self._wrong = 0
        self._code_ended: CodeEnded | None = None
        self._connection: _Connection | None = None

    # --- the code -----------------------------------------------------------

    def offer(self, person: str) -> Offer:
        """Make a code; the one before becomes invalid.

        Returns
        -------
        Offer
            Good once, for ten minutes.

        Raises
        ------
        PairingRefused
            A phone is connected already.
        """
        with self._lock:
            if self.paired is not None:
                raise PairingRefused(
                    say("A phone is already connected. Disconnect it first.")
                )
            code = "".join(secrets.choice(_SIGNS) for _ in range(_SIGNS_A_CODE))
            self._offer = Offer(person=person, code=code)
            self._offered, self._wrong, self._code_ended = self._times(), 0, None
            return self._offer

    @property
    def offered(self) -> Offer | None:
        """The code that can be used now."""
        with self._lock:
            if self._offer and self._since(self._offered) >= CODE_S:
                self._withdraw(CodeEnded.OVER)
            return self._offer

    @property
    def code_ended(self) -> CodeEnded | None:
        """Why the last code is no longer valid; None while one is."""
        with self._lock:
            return None if self.offered else self._code_ended

    def code_left_s(self) -> float:
        """Return how many seconds the code may be used yet; 0 without one."""
        with self._lock:
            return CODE_S - self._since(self._offered) if self.offered else 0.0

    def pair(self, code: str, *, device: str, address: str) -> str:
        """Pair with a code, which is then used up.

        Parameters
        ----------
        code : str
            As it came, typed or scanned.
        device, address : str
            What the phone says it is, and from where it came.

        Raises
        ------
        PairingRefused
            The code is wrong, over, or used.
        """
        with self._lock:
            offer = self.offered
            if offer is None or self.paired is not None:
                raise PairingRefused(_no_code(self._code_ended))
            if not hmac.compare_digest(_hash(_tidy(code)), _hash(offer.code)):
                self._wrong += 1
                if self._wrong >= _MOST_WRONG:
                    self._withdraw(CodeEnded.WRONG)
                raise PairingRefused(
                    say("This is not the code that the computer shows now.")
                )
            self._withdraw(CodeEnded.USED)
            secret = secrets.token_urlsafe(32)
            paired = Paired(
                person=offer.person,
                number=f"{secrets.randbelow(10_000):04d}",
                device=device,
                address=address,
                since=datetime.now().astimezone(),
            )
            times = self._times()
            self._connection = _Connection(_hash(secret), paired, times, times)
            return secret

    def withdraw(self) -> None:
        """Withdraw the code."""
        with self._lock:
            self._offer = self._code_ended = None

    # --- the phone ----------------------------------------------------------

    @property
    def paired(self) -> Paired | None:
        """The phone that is connected."""
        with self._lock:
            connection = self._connection
            if connection is not None and (
                self._since(connection.since) >= MOST_S
                or self._since(connection.seen) >= IDLE_S
            ):
                self._connection = None
            return self._connection.paired if self._connection else None

    def knows(self, secret: str) -> Paired | None:
        """Return the phone whose secret this is; that it asked is noted."""
        with self._lock:
            if self.paired is None or self._connection is None:
                return None
            if not hmac.compare_digest(self._connection.secret, _hash(secret)):
                return None
            self._connection.seen = self._times()
            return self._connection.paired

    def note_film(self, clip_id: str = "") -> None:
        """Note that the phone begins a film, by its name when it is a file.

        Raises
        ------
        UploadRefused
            It has begun too many.
        """
        with self._lock:
            if self.paired is None or self._connection is None:
                raise PairingRefused(no_phone())
            paired = self._connection.paired
            if clip_id:
                paired = replace(paired, films=paired.films | {clip_id})
            elif paired.begun >= MOST_FILMS:
                raise UploadRefused(
                    say(
                        "This phone has sent a large number of films. To continue, "
                        "connect it again on the computer."
                    )
                )
            else:
                paired = replace(paired, begun=paired.begun + 1)
            self._connection.paired = paired

    def disconnect(self) -> None:
        """Disconnect the phone and withdraw the code."""
        with self._lock:
            self._connection = None
            self.withdraw()

    def disconnect_person(self, person: str) -> None:
        """Disconnect when phone or code are for this person, who is removed or renamed."""
        with self._lock:
            theirs = {
                normalize("NFC", one.person)
                for one in (self.offered, self.paired)
                if one
            }
            if normalize("NFC", person) in theirs:
                self.disconnect()

    @property
    def is_idle(self) -> bool:
        """Whether there is neither a phone nor a code."""
        with self._lock:
            return self.paired is None and self.offered is None

    # --- inside -------------------------------------------------------------

    def _withdraw(self, ended: CodeEnded) -> None:
        self._offer, self._code_ended = None, ended

    def _times(self) -> tuple[float, float]:
        now, steady = self._clocks
        return now(), steady()

    def _since(self, then: tuple[float, float]) -> float:
        return max(a - b for a, b in zip(self._times(), then, strict=True))


def no_phone() -> str:
    """Say that a phone is not connected, and what to do."""
    return say(
        "This phone is not connected. On the computer, open the person's page, "
        "choose Film with a phone, and scan the new code."
    )


def _no_code(ended: CodeEnded | None) -> str:
    if ended is CodeEnded.USED:
        return say(
            "This code has already been used; it connects one phone, once. Create a "
            "new one on the computer."
        )
    if ended is CodeEnded.WRONG:
        return say(
            "Too many wrong codes were entered, so the code was cancelled. Create a "
            "new one on the computer."
        )
    return say("This code is no longer valid. Create a new one on the computer.")


def _tidy(code: str) -> str:
    """Take from a typed code what people put between signs."""
    return "".join(sign for sign in code.upper() if sign.isalnum())[:64]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
