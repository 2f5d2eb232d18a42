"""Sentences on a recording: why something was not measured, and what to do.

"Now" is for the person in front of the camera: short, friendly, in the present tense.
"""

from __future__ import annotations

from typing import Final

from twitch_tracker.language import mark, say
from twitch_tracker.records import QualityReason

__all__ = ["advice_for", "advice_now", "event_in_words", "quality_in_words"]

_EVENTS: Final = {
    "chosen": mark("The person to follow was chosen"),
    "lost": mark("The person was lost from view"),
    "found": mark("The person was found again"),
    "cut": mark("The picture jumped (a cut)"),
}

_QUALITY: Final = {
    QualityReason.NO_FACE: (
        mark("No face was found"),
        mark("Keep the whole face in the picture during the recording."),
    ),
    QualityReason.OTHER_PERSON: (
        mark("Another person was in the picture"),
        mark("Record one person alone."),
    ),
    QualityReason.TOO_SMALL: (
        mark("The face was too small"),
        mark("Move the camera closer, until the face fills about half of the picture."),
    ),
    QualityReason.TURNED_AWAY: (
        mark("The face was turned away"),
        mark("Place the camera straight in front, at the height of the eyes."),
    ),
    QualityReason.BLURRED: (
        mark("The face was blurred"),
        mark("Put the camera on a firm support and wipe its lens."),
    ),
    QualityReason.TOO_DARK: (
        mark("The face was too dark"),
        mark("Sit facing a window or a lamp."),
    ),
    QualityReason.TOO_BRIGHT: (
        mark("The face was too bright"),
        mark("Avoid direct sunlight or a lamp close to the face."),
    ),
    QualityReason.COVERED: (
        mark("Part of the face was covered"),
        mark("Keep hands, hair and cups away from the face."),
    ),
    QualityReason.OUT_OF_FRAME: (
        mark("Part of the face was outside the picture"),
        mark(
            "Move back from the camera until the whole face, from forehead to chin, is "
            "in the picture."
        ),
    ),
    QualityReason.FAST_TURN: (
        mark("The head turned quickly"),
        mark("Rest the head and look straight at the camera."),
    ),
    QualityReason.NO_BASELINE: (
        mark("Just after a cut in the film, the resting face was not yet known"),
        mark("Film without cuts, in one piece."),
    ),
    QualityReason.MISSING_FRAMES: (
        mark("Pictures were missing from the recording"),
        mark("Close other apps while recording, and send the original file."),
    ),
    QualityReason.FROZEN: (
        mark("The picture stood still"),
        mark("Close other apps while recording, and do not film a screen or a call."),
    ),
    QualityReason.TOO_FEW_PICTURES: (
        mark("There were too few pictures a second"),
        mark("Film with 25 pictures a second or more, in more light."),
    ),
    QualityReason.EYES_COVERED: (
        mark("The eyes could not be seen behind dark glasses"),
        mark("Take dark glasses off."),
    ),
}

_NOW: Final = {
    QualityReason.NO_FACE: mark(
        "Your face is not found. Move back a little, and sit in the middle."
    ),
    QualityReason.OTHER_PERSON: mark("Somebody else is in the picture."),
    QualityReason.TOO_SMALL: mark("Please come closer."),
    QualityReason.TURNED_AWAY: mark("Please look at the camera."),
    QualityReason.BLURRED: mark("The picture is blurred. Please wipe the lens."),
    QualityReason.TOO_DARK: mark("More light from the front, please."),
    QualityReason.TOO_BRIGHT: mark("Too much light. Please move it further away."),
    QualityReason.COVERED: mark("Please keep hands and hair away from your face."),
    QualityReason.OUT_OF_FRAME: mark(
        "Part of your face is outside the picture. Please move back a little."
    ),
    QualityReason.FAST_TURN: mark("Please hold your head still."),
    QualityReason.NO_BASELINE: mark("One moment, please."),
    QualityReason.MISSING_FRAMES: mark(
        "The camera misses pictures. Close other programs."
    ),
    QualityReason.FROZEN: mark("The picture stands still. Close other programs."),
    QualityReason.TOO_FEW_PICTURES: mark(
        "The camera is too slow. More light helps, and fewer other programs."
    ),
    QualityReason.EYES_COVERED: mark("Please take the dark glasses off."),
}
_GOOD: Final = mark("Your face is well in the picture.")


def event_in_words(kind: str) -> str:
    """Return what happened to the subject's track; unknown kinds as they came."""
    return say(_EVENTS[kind]) if kind in _EVENTS else kind


def quality_in_words(reason: QualityReason) -> str:
    """Return why something could not be measured."""
    return say(_QUALITY[reason][0])


def advice_for(reason: QualityReason) -> str:
    """Return what to do better next time."""
    return say(_QUALITY[reason][1])


def advice_now(reason: QualityReason | None) -> str:
    """Return what to advise the person; None means that all is well."""
    return say(_GOOD if reason is None else _NOW[reason])
