"""The outcome of a file, in words."""

from __future__ import annotations

from typing import Final

from twitch_tracker.app.inbox.kept import FileOutcome
from twitch_tracker.language import mark, say

__all__ = ["outcome_in_words"]

_OUTCOMES: Final = {
    FileOutcome.WAITING: mark(
        "new, or still being copied; it is checked again in a moment"
    ),
    FileOutcome.TAKEN: mark("copied into the journal's folder"),
    FileOutcome.TWICE: mark("left out: the same film is already here"),
    FileOutcome.UNREADABLE: mark(
        "left out: not a readable video; put the original file here"
    ),
    FileOutcome.EMPTY: mark("left out: the file is empty; copy it again"),
    FileOutcome.TOO_LARGE: mark(
        "left out: too large; record shorter videos or use a smaller picture size"
    ),
    FileOutcome.NO_SPACE: mark("waiting: the disk is too full"),
    FileOutcome.CLOSED: mark("waiting: no permission to read the file"),
}


def outcome_in_words(outcome: FileOutcome) -> str:
    """Say the outcome of a file."""
    return say(_OUTCOMES[outcome])
