"""The names of things as people read them: sides, regions, kinds of bursts.

No name is one of a disease: it is "one-sided bursts". "Left" and "right" are the
person's own.
"""

from __future__ import annotations

import math
from typing import Final

from twitch_tracker import units
from twitch_tracker.history import Basis, SideEffect, TaskKind, Treatment, TreatmentKind
from twitch_tracker.language import capitalised, mark, say, say_n
from twitch_tracker.records import EpisodeKind, Origin, ReviewState
from twitch_tracker.regions import Region, Side

__all__ = [
    "KINDS",
    "SIDE_ORDER",
    "basis_in_words",
    "confidence_in_words",
    "factor_hint",
    "factor_name",
    "kind_about",
    "kind_in_words",
    "kind_title",
    "origin_in_words",
    "period_in_words",
    "region_name",
    "review_in_words",
    "short_kind",
    "side_effect_name",
    "side_name",
    "side_title",
    "treatment_name",
]


_SIDES: Final = {Side.LEFT: mark("left"), Side.RIGHT: mark("right")}

_REGIONS: Final = {
    Region.EYELID: mark("eyelid"),
    Region.MOUTH_CORNER: mark("mouth corner"),
    Region.CHEEK: mark("cheek"),
    Region.BROW: mark("eyebrow"),
}

_BURST_KINDS: Final = {
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

KINDS: Final = (TaskKind.REST, TaskKind.PROVOKED, TaskKind.AFTER, TaskKind.OTHER)


SIDE_ORDER: Final = (Side.RIGHT, Side.LEFT, None)
"""In which order they are shown everywhere."""


_KINDS: Final = {
    TaskKind.REST: (mark("At rest"), mark("Sitting still and looking at the camera.")),
    TaskKind.PROVOKED: (
        mark("Triggering tasks"),
        mark(
            "Doing something that can trigger bursts, such as closing the eyes "
            "tightly, pursing the lips or speaking. Never counted together with rest."
        ),
    ),
    TaskKind.AFTER: (
        mark("At rest after the tasks"),
        mark("Sitting still right after the tasks."),
    ),
    TaskKind.OTHER: (
        mark("Other recordings"),
        mark(
            "Eyes gently closed, blinking on purpose, and recordings whose task was "
            "not stated."
        ),
    ),
}


_BASES: Final = {
    Basis.DETECTED: mark(
        "Bursts as the program found them, whether or not a person has checked them."
    ),
    Basis.REVIEWED: mark(
        "Only recordings that a person has finished checking, with the "
        "bursts that this person confirmed, corrected or added."
    ),
    Basis.BOTH: mark(
        "Bursts as a person checked them where that is finished, and as the "
        "program found them elsewhere. The two are not the same kind of count."
    ),
}


_TREATMENTS: Final = {
    TreatmentKind.BOTULINUM_TOXIN: mark("Botulinum toxin"),
    TreatmentKind.MICROVASCULAR_DECOMPRESSION: mark(
        "Operation (microvascular decompression)"
    ),
    TreatmentKind.OTHER: mark("Other treatment"),
}


_SIDE_EFFECTS: Final = {
    SideEffect.PTOSIS: mark("drooping upper lid"),
    SideEffect.DRY_EYE: mark("dry eye"),
    SideEffect.MOUTH_DROOP: mark("drooping corner of the mouth"),
}


_FACTORS: Final = {
    "stress": (mark("Stress"), mark("0 to 10"), mark("0 none, 10 worst")),
    "fatigue": (mark("Fatigue"), mark("0 to 10"), mark("0 none, 10 worst")),
    "sleep_hours": (mark("Sleep"), mark("hours"), mark("hours, last night")),
    "caffeine_cups": (mark("Caffeine"), mark("cups"), mark("cups of coffee or tea")),
    "screen_hours": (mark("Screen time"), mark("hours"), mark("hours")),
    "hfs7_total": (
        mark("HFS-7 total"),
        mark("0 to 28"),
        mark("0 to 28, if your clinic gave you the form"),
    ),
    "twitching": (mark("Twitching"), mark("0 to 4"), mark("0 not at all, 4 very bad")),
    "hfs8_total": (
        mark("HFS-8 total"),
        mark("0 to 32"),
        mark("0 to 32, if your clinic gave you the form"),
    ),
    "hfs30_total": (
        mark("HFS-30 total"),
        mark("0 to 120"),
        mark("0 to 120, if your clinic gave you the form"),
    ),
    "pain": (mark("Pain in the face"), mark("0 or 1"), mark("1 yes, 0 no")),
    "ear_noise": (mark("Noise in the ear"), mark("0 or 1"), mark("1 yes, 0 no")),
    "watering_eye": (mark("Watering eye"), mark("0 or 1"), mark("1 yes, 0 no")),
    "trouble_reading": (mark("Trouble reading"), mark("0 or 1"), mark("1 yes, 0 no")),
    "trouble_driving": (mark("Trouble driving"), mark("0 or 1"), mark("1 yes, 0 no")),
}
"""Name, unit, and what a form says of each number of the diary."""


_PERIODS: Final = {
    "recording": mark("Each mark is one recording."),
    "day": mark("Each mark is one day, all its recordings together."),
    "week": mark("Each mark is one week, all its recordings together."),
    "month": mark("Each mark is one month, all its recordings together."),
    "quarter": mark("Each mark is three months, all recordings together."),
}


def side_name(side: Side) -> str:
    """Return "left" or "right", the person's own."""
    return say(_SIDES[side])


def region_name(region: Region) -> str:
    """Return a region in plain words, lower case."""
    return say(_REGIONS[region])


def kind_in_words(kind: EpisodeKind | None, contractions: int | None = 2) -> str:
    """Return the shape of a burst in plain words, with the medical word."""
    if kind is None:
        return say("not known: too few pictures a second")
    if kind is EpisodeKind.CLONIC and contractions == 1:
        return say("one short contraction (clonic)")
    return say(_BURST_KINDS[kind])


def short_kind(kind: EpisodeKind | None, contractions: int | None = 2) -> str:
    """Return the shape of a burst in one or two words, for tables."""
    if kind is None:
        return say("kind not known")
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


def kind_title(kind: TaskKind) -> str:
    """Return the heading of a kind of task."""
    return say(_KINDS[kind][0])


def kind_about(kind: TaskKind) -> str:
    """Return in a sentence what a kind of task is."""
    return say(_KINDS[kind][1])


def side_title(side: Side | None) -> str:
    """Return ``Right``, ``Left`` or ``Both sides``."""
    return say("Both sides") if side is None else capitalised(side_name(side))


def basis_in_words(
    basis: Basis, *, reviewed: int | None = None, of: int | None = None
) -> str:
    """Return in a sentence whose bursts are counted.

    Parameters
    ----------
    basis : Basis
        Whose.
    reviewed, of : int, optional
        In how many recordings a finished review counts, and of how many; said when
        both kinds are counted.
    """
    if basis is not Basis.BOTH or reviewed is None or of is None:
        return say(_BASES[basis])
    return say_n(
        "{n} of {of} recordings is reviewed: there the bursts count that a person "
        "confirmed, corrected or added, elsewhere those that the program found. The "
        "two are not the same kind of count.",
        "{n} of {of} recordings are reviewed: there the bursts count that a person "
        "confirmed, corrected or added, elsewhere those that the program found. The "
        "two are not the same kind of count.",
        reviewed,
        of=of,
    )


def factor_hint(factor: str) -> str:
    """Say in which unit a number of the diary is asked for."""
    return say(_FACTORS[factor][2])


def factor_name(factor: str, *, unit: bool = False) -> str:
    """Return the name of a diary number, with its unit if wanted."""
    name, of, _ = _FACTORS.get(factor, (factor, "", ""))
    return say("{name} ({unit})", name=say(name), unit=say(of)) if unit else say(name)


def side_effect_name(effect: SideEffect) -> str:
    """Return what was noticed after a treatment."""
    return say(_SIDE_EFFECTS[effect])


def treatment_name(treatment: Treatment) -> str:
    """Return what was done, with product, dose and side as far as they were stated."""
    parts = [say(_TREATMENTS[treatment.kind])]
    if treatment.product:
        parts.append(treatment.product)
    if math.isfinite(treatment.units):
        parts.append(say("{units} units", units=units.plainly(treatment.units)))
    if treatment.side is not None:
        parts.append(say("{side} side", side=side_name(treatment.side)))
    return ", ".join(parts)


def period_in_words(period: str) -> str:
    """Return in a sentence what one mark of a chart stands for."""
    return say(_PERIODS.get(period, _PERIODS["recording"]))
