"""Every sentence and name that a report shows, in one place and one voice.

Sentences go through `say` (and `say_n` for counts), which is where a gettext
catalogue takes over later: the English text is the key, and values are filled in
by name after translation. The report never names a disease: it says "one-sided
bursts". "Left" and "right" are the person's own.

>>> say("Burst {number}", number=3)
'Burst 3'
>>> say_n("{n} burst", "{n} bursts", 2)
'2 bursts'
"""

from __future__ import annotations

from typing import Final

from twitch_tracker.records import EpisodeKind, Origin, QualityReason, ReviewState
from twitch_tracker.regions import Region, Side

__all__ = [
    "advice_for",
    "confidence_in_words",
    "event_in_words",
    "kind_in_words",
    "origin_in_words",
    "quality_in_words",
    "region_name",
    "review_in_words",
    "say",
    "say_n",
    "short_kind",
    "side_name",
]


def say(message: str, /, **values: object) -> str:
    """Return a sentence in the reader's language with its values filled in.

    Parameters
    ----------
    message : str
        English text with named fields, e.g. ``"Burst {number}"``.
    **values : object
        What the fields stand for; may be untrusted text, nothing is escaped here.

    Returns
    -------
    str
        The sentence as plain text.
    """
    return message.format(**values) if values else message


def say_n(one: str, many: str, n: int, /, **values: object) -> str:
    """Return the singular or plural sentence for a count, which is field ``n``.

    Parameters
    ----------
    one, many : str
        English texts for exactly one and for any other number.
    n : int
        The count.
    **values : object
        Further fields.

    Returns
    -------
    str
        The sentence as plain text.
    """
    return say(one if n == 1 else many, n=n, **values)


_SIDES: Final = {Side.LEFT: "left", Side.RIGHT: "right"}

_REGIONS: Final = {
    Region.EYELID: "eyelid",
    Region.MOUTH_CORNER: "mouth corner",
    Region.CHEEK: "cheek",
    Region.BROW: "eyebrow",
}

_KINDS: Final = {
    EpisodeKind.CLONIC: "repeated short contractions (clonic)",
    EpisodeKind.TONIC: "one held contraction (tonic)",
    EpisodeKind.MIXED: "held and repeated contractions (mixed)",
}

_SHORT_KINDS: Final = {
    EpisodeKind.CLONIC: "repeated (clonic)",
    EpisodeKind.TONIC: "held (tonic)",
    EpisodeKind.MIXED: "mixed",
}

_ORIGINS: Final = {
    Origin.DETECTED: "found by the program",
    Origin.HUMAN: "marked by a person",
    Origin.SIMULATED: "simulated",
}

_REVIEWS: Final = {
    ReviewState.UNREVIEWED: "not yet checked by a person",
    ReviewState.CONFIRMED: "confirmed by a person",
    ReviewState.REJECTED: "rejected by a person",
}

_EVENTS: Final = {
    "chosen": "The person to follow was chosen",
    "lost": "The person was lost from view",
    "found": "The person was found again",
    "cut": "The picture jumped (a cut)",
}

_QUALITY: Final = {
    QualityReason.NO_FACE: (
        "No face was found",
        "Keep the whole face in the picture during the recording.",
    ),
    QualityReason.OTHER_PERSON: (
        "Another person was in the picture",
        "Record one person alone.",
    ),
    QualityReason.TOO_SMALL: (
        "The face was too small",
        "Move the camera closer, until the face fills about half of the picture.",
    ),
    QualityReason.TURNED_AWAY: (
        "The face was turned away",
        "Place the camera straight in front, at the height of the eyes.",
    ),
    QualityReason.BLURRED: (
        "The face was blurred",
        "Put the camera on a firm support and wipe its lens.",
    ),
    QualityReason.TOO_DARK: (
        "The face was too dark",
        "Sit facing a window or a lamp.",
    ),
    QualityReason.TOO_BRIGHT: (
        "The face was too bright",
        "Avoid direct sunlight or a lamp close to the face.",
    ),
    QualityReason.COVERED: (
        "Part of the face was covered",
        "Keep hands, hair and cups away from the face.",
    ),
    QualityReason.OUT_OF_FRAME: (
        "Part of the face was outside the picture",
        "Keep the whole face, from forehead to chin, in the picture.",
    ),
    QualityReason.FAST_TURN: (
        "The head turned quickly",
        "Rest the head and look straight at the camera.",
    ),
    QualityReason.NO_BASELINE: (
        "Just after a cut in the film, the resting face was not yet known",
        "Film without cuts, in one piece.",
    ),
    QualityReason.MISSING_FRAMES: (
        "Pictures were missing from the recording",
        "Close other apps while recording, and send the original file.",
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
