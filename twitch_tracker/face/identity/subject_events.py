"""Events of the track of a face: chosen, lost, found, a cut.

Codes with values (`records.reasons`), in no language: they go into summaries and live
logs. `wording.reasons` has a sentence for each.
"""

from __future__ import annotations

from typing import Final

from twitch_tracker.records.reasons import Reason

__all__ = ["CUT", "FOUND_AGAIN", "JOINED", "chosen_among", "lost_among"]

CUT: Final = "picture_changed"
"""The whole picture changed abruptly."""

JOINED: Final = "another_recording"
"""Another recording begins, put behind the one before."""

FOUND_AGAIN: Final = "seen_again"
"""The subject is seen again."""


def chosen_among(faces: int, place: tuple[float, float]) -> str:
    """Say among how many faces the subject was chosen, and where in the picture it is.

    `place` is in shares of the picture's width and height, from its upper left corner.
    """
    where = (f"{place[0]:.2f}", f"{place[1]:.2f}") if faces > 1 else ()
    return str(Reason("followed_among", (str(faces), *where)))


def lost_among(strangers: int) -> str:
    """Say how many other faces were seen when the subject was lost."""
    return (
        str(Reason("only_others_seen", (str(strangers),))) if strangers else "no_face"
    )
