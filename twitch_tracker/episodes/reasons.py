"""What is written down of why a burst was kept or refused.

Codes with values (`records.reasons`), in no language: they go into tables, summaries
and the journal. `wording.reasons` has a sentence for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from twitch_tracker.records.reasons import Reason
from twitch_tracker.regions import Region, Side

__all__ = [
    "ALREADY_THERE",
    "BROW_ROSE",
    "MIRRORED",
    "SLOW",
    "TOO_SLOW_FOR",
    "UNEQUAL_BLINK",
    "contractions_counted",
    "evidence_found",
    "moved",
    "not_sure_enough",
    "too_slow",
    "too_weak",
    "unmeasured",
]

BROW_ROSE: Final = "brow_rose"
"""The brow rose while the eye closed."""

SLOW: Final = "slow"
"""It came on slowly, as a posture or an expression does."""

ALREADY_THERE: Final = "already_there"
"""Nobody saw whether it came on abruptly."""

UNEQUAL_BLINK: Final = "unequal_blink"
"""Both eyes closed together, one a little more."""

MIRRORED: Final = "mirrored"
"""The other eye closed along with every contraction."""


TOO_SLOW_FOR: Final = "too_slow_for_"
"""Beginning of the codes that say why something about a burst is left out."""


def moved(regions: Sequence[Region], side: Side) -> str:
    """Say which regions took part."""
    return str(Reason("moved", (side.value, *(region.value for region in regions))))


def evidence_found(evidence: float) -> str:
    """Say how strong the evidence was at its peak."""
    return str(Reason("evidence", (f"{evidence:.1f}",)))


def contractions_counted(n: int) -> str:
    """Say how often it contracted; for two or more."""
    return str(Reason("contractions", (str(n),)))


def unmeasured(share: float) -> str:
    """Say which share of it could not be measured."""
    return str(Reason("unmeasured", (f"{share:.2f}",)))


def not_sure_enough(confidence: float, needed: float) -> str:
    """Say that the confidence was too low."""
    return str(Reason("not_sure_enough", (f"{confidence:.2f}", f"{needed:.2f}")))


def too_slow(what: str, pictures_hz: float, needed_hz: float) -> str:
    """Write that pictures come too slowly for something: kind or contractions."""
    values = (f"{pictures_hz:.1f}", f"{needed_hz:g}")
    return str(Reason(f"{TOO_SLOW_FOR}{what}", values))


def too_weak(evidence: float, needed: float) -> str:
    """Say that the evidence was too low."""
    return str(Reason("too_weak", (f"{evidence:.1f}", f"{needed:.1f}")))
