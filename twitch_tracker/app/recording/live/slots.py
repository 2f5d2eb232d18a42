"""Which tabs get live analysis, and the one picture that waits for it.

Live analysis takes most of a processor core, and must never slow down the recording
itself. So one tab a person gets it, and few at once; others record without. Note: a tab
that connects again (a page loaded again, a camera changed) takes over its own slot,
because the server may notice late that the old socket is closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from twitch_tracker.errors import LiveRefused
from twitch_tracker.language import say

__all__ = ["MOST_SLOTS", "LiveSlot", "LiveSlots", "PictureSlot"]

MOST_SLOTS: Final = 2
"""Live analyses at once, of whatever people: each takes most of a core."""


@dataclass(frozen=True, eq=False)
class LiveSlot:
    """Permission to send pictures.

    Attributes
    ----------
    person, tab : str
        Whose face, and in which tab of the browser.
    lost : callable
        Called when the same tab comes again and takes over.
    """

    person: str
    tab: str
    lost: Callable[[], None]


class LiveSlots:
    """All slots of one server; used by its event loop alone."""

    def __init__(self) -> None:
        """Start with all of them free."""
        self._taken: list[LiveSlot] = []

    def take(self, person: str, tab: str, lost: Callable[[], None]) -> LiveSlot:
        """Take a slot.

        Parameters
        ----------
        person, tab, lost
            See `LiveSlot`.

        Returns
        -------
        LiveSlot
            To be given back to `leave`.

        Raises
        ------
        LiveRefused
            Another tab has live advice for this person, or too many tabs have it.
        """
        mine = [
            slot for slot in self._taken if (slot.person, slot.tab) == (person, tab)
        ]
        others = [slot for slot in self._taken if slot not in mine]
        if any(slot.person == person for slot in others):
            raise LiveRefused(
                say(
                    "Live advice and counts are shown in the other tab of this "
                    "person. Recording still works here."
                )
            )
        if len(others) >= MOST_SLOTS:
            raise LiveRefused(
                say(
                    "Live advice and counts are already shown in {n} other tabs; "
                    "more would slow the recordings down. Recording still works here.",
                    n=MOST_SLOTS,
                )
            )
        for slot in mine:
            slot.lost()
        taken = LiveSlot(person, tab, lost)
        self._taken = [*others, taken]
        return taken

    def leave(self, slot: LiveSlot) -> None:
        """Release a slot; harmless when another tab has taken it over."""
        self._taken = [other for other in self._taken if other is not slot]


class PictureSlot:
    """Holds at most one picture; a newer one takes the place of one that waits.

    Attributes
    ----------
    dropped : int
        Pictures that were replaced before they were analysed.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.dropped = 0
        self._something = asyncio.Event()
        self._picture: bytes | None = None
        self._restart = self._closed = False

    def put(self, picture: bytes) -> None:
        """Put a picture in."""
        self.dropped += self._picture is not None
        self._picture = picture
        self._something.set()

    def put_restart(self) -> None:
        """Ask for a new stretch that begins with the picture that waits or the next."""
        self._restart = True
        self._something.set()

    def close(self) -> None:
        """Stop: no more pictures come, and what waits is dropped."""
        self._closed = True
        self._something.set()

    async def take(self) -> tuple[bool, bytes | None] | None:
        """Wait for something.

        Returns
        -------
        tuple of bool, bytes or None
            Whether a new stretch begins, and a picture; None when closed.
        """
        await self._something.wait()
        if self._closed:
            return None
        self._something.clear()
        taken = self._restart, self._picture
        self._restart, self._picture = False, None
        return taken
