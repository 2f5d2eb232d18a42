"""What became of a file, in words."""

from __future__ import annotations

from typing import Final

from twitch_tracker.app.inbox.kept import Fate
from twitch_tracker.language import mark, say

__all__ = ["fate_in_words"]

_FATES: Final = {
    Fate.WAITING: mark("new, or still being copied; it is checked again in a moment"),
    Fate.TAKEN: mark("copied into the journal's folder"),
    Fate.TWICE: mark("left out: the same film is already here"),
    Fate.UNREADABLE: mark("left out: not a readable video; put the original file here"),
    Fate.EMPTY: mark("left out: the file is empty; copy it again"),
    Fate.TOO_LARGE: mark(
        "left out: too large; record shorter videos or use a smaller picture size"
    ),
    Fate.NO_SPACE: mark("waiting: the disk is too full"),
    Fate.CLOSED: mark("waiting: no permission to read the file"),
}


def fate_in_words(fate: Fate) -> str:
    """Say what became of a file."""
    return say(_FATES[fate])
