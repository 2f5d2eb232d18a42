"""What is written down of why a burst was kept or refused.

These sentences go into tables, summaries and the journal, so they are stored in English
whatever language is spoken, and are put into the reader's language when they are shown
(`report.retelling`). The convention that bites: a sentence is one of `SAYINGS` with its
fields filled in, or nobody can retell it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from twitch_tracker.language import mark
from twitch_tracker.regions import Region, Side

__all__ = [
    "ALREADY_THERE",
    "BROW_ROSE",
    "MIRRORED",
    "SAYINGS",
    "SLOW",
    "UNEQUAL_BLINK",
    "contractions_counted",
    "evidence_found",
    "moved",
    "not_sure_enough",
    "too_weak",
    "unmeasured",
]

BROW_ROSE: Final = mark("the brow rose while the eye closed")
SLOW: Final = mark("it came on slowly, as a posture or an expression does")
ALREADY_THERE: Final = mark(
    "it was already there when measuring began, so nobody saw whether it came on "
    "abruptly"
)
UNEQUAL_BLINK: Final = mark(
    "both eyes closed together, one a little more: an unequal blink"
)
MIRRORED: Final = mark(
    "the other eye closed along with every contraction: blinks of which one eye "
    "shows less"
)
_MOVED: Final = mark(
    "{regions} of the {side} side moved beyond the other side and the head"
)
_EVIDENCE: Final = mark("evidence {evidence} times the unrest of the quiet face")
_CONTRACTIONS: Final = mark("{n} separate contractions")
_UNMEASURED: Final = mark("{percent} % of it could not be measured")
_UNSURE: Final = mark(
    "not sure enough: confidence {confidence}, a burst needs {needed}"
)
_WEAK: Final = mark("too weak: evidence {evidence}, a burst needs {needed}")

SAYINGS: Final = (
    *(_MOVED, _EVIDENCE, _CONTRACTIONS, BROW_ROSE, _UNMEASURED),
    *(_WEAK, _UNSURE, UNEQUAL_BLINK, MIRRORED, SLOW, ALREADY_THERE),
)
"""All of them, with their fields."""

_REGIONS: Final = {
    Region.EYELID: mark("eyelid"),
    Region.MOUTH_CORNER: mark("mouth corner"),
    Region.CHEEK: mark("cheek"),
    Region.BROW: mark("brow"),
}


def moved(regions: Sequence[Region], side: Side) -> str:
    """Say which regions took part."""
    words = [_REGIONS[region] for region in regions]
    where = " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
    return _MOVED.format(regions=where, side=side)


def evidence_found(evidence: float) -> str:
    """Say how strong the evidence was at its peak."""
    return _EVIDENCE.format(evidence=f"{evidence:.1f}")


def contractions_counted(n: int) -> str:
    """Say how often it contracted; for two or more."""
    return _CONTRACTIONS.format(n=n)


def unmeasured(share: float) -> str:
    """Say which share of it could not be measured."""
    return _UNMEASURED.format(percent=f"{share:.0%}".removesuffix("%"))


def not_sure_enough(confidence: float, needed: float) -> str:
    """Say that the confidence was too low."""
    return _UNSURE.format(confidence=f"{confidence:.2f}", needed=f"{needed:.2f}")


def too_weak(evidence: float, needed: float) -> str:
    """Say that the evidence was too low."""
    return _WEAK.format(evidence=f"{evidence:.1f}", needed=f"{needed:.1f}")
