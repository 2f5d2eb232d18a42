"""The names of things as people read them: sides, regions, kinds of bursts.

No name is one of a disease: it is "one-sided bursts". "Left" and "right" are the
person's own.
"""

from __future__ import annotations

from typing import Final

from twitch_tracker.language import mark, say
from twitch_tracker.records import EpisodeKind, Origin, ReviewState
from twitch_tracker.regions import Region, Side

__all__ = [
    "confidence_in_words",
    "kind_in_words",
    "origin_in_words",
    "region_name",
    "review_in_words",
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


def confidence_in_words(confidence: float) -> str:
    """Return a confidence from 0 to 1 as high, moderate or low.

    The limits 0.8 and 0.6 are display choices of this report, not a calibration.
    """
    if confidence >= 0.8:
        return say("high")
    return say("moderate") if confidence >= 0.6 else say("low")
