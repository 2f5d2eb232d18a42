"""What became of a file, in words."""

from __future__ import annotations

from typing import Final

from twitch_tracker.app.inbox.kept import Fate
from twitch_tracker.language import mark, say

__all__ = ["fate_in_words"]

_FATES: Final = {
    Fate.WAITING: mark("new, or still being copied; looked at again in a moment"),
    Fate.TAKEN: mark("copied into the journal's folder"),
    Fate.TWICE: mark("left out: the same film is here already"),
    Fate.UNREADABLE: mark(
        "left out: not a video that can be read; put the original file here"
    ),
    Fate.EMPTY: mark("left out: the file is empty; copy it again"),
    Fate.TOO_LARGE: mark(
        "left out: too large; film in shorter pieces or with a smaller picture size"
    ),
    Fate.NO_SPACE: mark("waits: the disk is too full"),
    Fate.CLOSED: mark("waits: the system does not let it be read"),
}


def fate_in_words(fate: Fate) -> str:
    """Say what became of a file."""
    return say(_FATES[fate])
