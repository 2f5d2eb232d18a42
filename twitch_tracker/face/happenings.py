"""What is written down of the track of a face: chosen, lost, found, a cut.

These sentences go into summaries and live logs in English and are put into the reader's
language when they are shown (`report.retelling`), so each is one of `SAYINGS`.
"""

from __future__ import annotations

from typing import Final

from twitch_tracker.language import mark

__all__ = ["CUT", "FOUND_AGAIN", "SAYINGS", "chosen_among", "lost_among"]

CUT: Final = mark("the whole picture changed abruptly")
FOUND_AGAIN: Final = mark("the subject is seen again")
_ALONE: Final = mark("1 face; it is followed")
_CHOSEN: Final = mark("{faces} faces; the largest, most central one is followed")
_NOBODY: Final = mark("no face is seen")
_STRANGERS: Final = mark("{faces} face(s) seen, none looks like the subject")

SAYINGS: Final = (CUT, FOUND_AGAIN, _ALONE, _CHOSEN, _NOBODY, _STRANGERS)
"""All of them, with their fields."""


def chosen_among(faces: int) -> str:
    """Say among how many faces the subject was chosen."""
    return _ALONE if faces == 1 else _CHOSEN.format(faces=faces)


def lost_among(strangers: int) -> str:
    """Say how many other faces were seen when the subject was lost."""
    return _STRANGERS.format(faces=strangers) if strangers else _NOBODY
