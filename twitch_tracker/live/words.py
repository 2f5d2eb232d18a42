"""What the person in front of the camera is told, now.

Short, friendly, in the present tense; `report.words` has the words for afterwards.
The English text is the key of the catalogue, as everywhere.
"""

from __future__ import annotations

from typing import Final

from twitch_tracker.records import QualityReason
from twitch_tracker.report.words import mark, say

__all__ = ["advice_now"]

_NOW: Final = {
    QualityReason.NO_FACE: mark("Your face is not in the picture."),
    QualityReason.OTHER_PERSON: mark("Somebody else is in the picture."),
    QualityReason.TOO_SMALL: mark("Please come closer."),
    QualityReason.TURNED_AWAY: mark("Please look at the camera."),
    QualityReason.BLURRED: mark("The picture is blurred. Please wipe the lens."),
    QualityReason.TOO_DARK: mark("More light from the front, please."),
    QualityReason.TOO_BRIGHT: mark("Too much light. Please move it further away."),
    QualityReason.COVERED: mark("Please keep hands and hair away from your face."),
    QualityReason.OUT_OF_FRAME: mark("Part of your face is outside the picture."),
    QualityReason.FAST_TURN: mark("Please hold your head still."),
    QualityReason.NO_BASELINE: mark("One moment, please."),
    QualityReason.MISSING_FRAMES: mark(
        "The camera misses pictures. Close other programs."
    ),
}
_GOOD: Final = mark("Your face is well in the picture.")


def advice_now(reason: QualityReason | None) -> str:
    """Return what to tell the person; None means that all is well."""
    return say(_GOOD if reason is None else _NOW[reason])
