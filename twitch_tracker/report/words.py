"""Every sentence and name that a report shows, in one place and one voice.

Sentences go through `say` (and `say_n` for counts) of `twitch_tracker.language`, which
are offered here too. The report never names a disease: it says "one-sided bursts".
"Left" and "right" are the person's own.
"""

from __future__ import annotations

from typing import Final

from twitch_tracker.language import mark, say, say_n
from twitch_tracker.records import EpisodeKind, Origin, QualityReason, ReviewState
from twitch_tracker.regions import Region, Side

__all__ = [
    "advice_for",
    "confidence_in_words",
    "event_in_words",
    "kind_in_words",
    "mark",
    "origin_in_words",
    "quality_in_words",
    "region_name",
    "review_in_words",
    "say",
    "say_n",
    "short_kind",
    "side_name",
]


_SIDES: Final = {Side.LEFT: mark("left"), Side.RIGHT: mark("right")}

_REGIONS: Final = {
    Region.EYELID: mark("eyelid"),
    Region.MOUTH_CORNER: mark("mouth corner"),
    Region.CHEEK: mark("cheek"),
    Region.BROW: mark("eyebrow"),
}

_KINDS: Final = {
    EpisodeKind.CLONIC: mark("repeated short contractions (clonic)"),
    EpisodeKind.TONIC: mark("one held contraction (tonic)"),
    EpisodeKind.MIXED: mark("held and repeated contractions (mixed)"),
}

_SHORT_KINDS: Final = {
    EpisodeKind.CLONIC: mark("repeated (clonic)"),
    EpisodeKind.TONIC: mark("held (tonic)"),
    EpisodeKind.MIXED: mark("mixed"),
}

_ORIGINS: Final = {
    Origin.DETECTED: mark("found by the program"),
    Origin.HUMAN: mark("marked by a person"),
    Origin.SIMULATED: mark("simulated"),
}

_REVIEWS: Final = {
    ReviewState.UNREVIEWED: mark("not yet checked by a person"),
    ReviewState.CONFIRMED: mark("confirmed by a person"),
    ReviewState.REJECTED: mark("rejected by a person"),
}

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
        mark("Keep the whole face, from forehead to chin, in the picture."),
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
}


def side_name(side: Side) -> str:
    """Return "left" or "right", the person's own."""
    return say(_SIDES[side])


def region_name(region: Region) -> str:
    """Return a region in plain words, lower case."""
    return say(_REGIONS[region])


def kind_in_words(kind: EpisodeKind, contractions: int = 2) -> str:
    """Return the shape of a burst in plain words, with the medical word."""
    if kind is EpisodeKind.CLONIC and contractions == 1:
        return say("one short contraction (clonic)")
    return say(_KINDS[kind])


def short_kind(kind: EpisodeKind, contractions: int = 2) -> str:
    """Return the shape of a burst in one or two words, for tables."""
    if kind is EpisodeKind.CLONIC and contractions == 1:
        return say("single (clonic)")
    return say(_SHORT_KINDS[kind])


def origin_in_words(origin: Origin) -> str:
    """Return who says that a burst happened."""
    return say(_ORIGINS[origin])


def review_in_words(review: ReviewState) -> str:
    """Return what a person said of a burst."""
    return say(_REVIEWS[review])


def event_in_words(kind: str) -> str:
    """Return what happened to the subject's track; unknown kinds as they came."""
    return say(_EVENTS[kind]) if kind in _EVENTS else kind


def quality_in_words(reason: QualityReason) -> str:
    """Return why something could not be measured."""
    return say(_QUALITY[reason][0])


def advice_for(reason: QualityReason) -> str:
    """Return what to do better next time."""
    return say(_QUALITY[reason][1])


def confidence_in_words(confidence: float) -> str:
    """Return a confidence from 0 to 1 as high, moderate or low.

    The limits 0.8 and 0.6 are display choices of this report, not a calibration.
    """
    if confidence >= 0.8:
        return say("high")
    return say("moderate") if confidence >= 0.6 else say("low")
