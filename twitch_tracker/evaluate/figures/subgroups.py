"""Sensitivity for kinds of true bursts: by size, by extent, by kind.

Only sensitivity: a false alarm has no true size. Sizes come from the true
excursion, in which a lid that closes counts with the millimetres it moves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from twitch_tracker.evaluate.figures.estimates import Scores, Share, estimate
from twitch_tracker.evaluate.recordings import RecordingScore
from twitch_tracker.exchange.coding.coded import noted
from twitch_tracker.records import Episode
from twitch_tracker.records.estimates import Estimate
from twitch_tracker.regions import Region

__all__ = ["SEVERITY_MM", "Subgroup", "subgroups"]

SEVERITY_MM: Final = (2.0, 5.0)
"""Below the first a burst is mild, from the second on severe. A convention of this
project, not a clinical scale: an open adult eye measures about 10 mm, so these are
a fifth and a half of a full closure."""

_LOWER_FACE: Final = {Region.MOUTH_CORNER, Region.CHEEK}


@dataclass(frozen=True, kw_only=True)
class Subgroup:
    """Sensitivity for some of the true bursts.

    Attributes
    ----------
    group, name : str
        E.g. ``severity`` and ``mild``.
    n : int
        True bursts in it.
    sensitivity : Estimate
        Share of them that was found.
    """

    group: str
    name: str
    n: int
    sensitivity: Estimate


def _severity(burst: Episode) -> str:
    if not math.isfinite(burst.excursion_mm):
        return "not known"
    mild, severe = SEVERITY_MM
    if burst.excursion_mm < mild:
        return "mild"
    return "severe" if burst.excursion_mm >= severe else "moderate"


def _extent(burst: Episode) -> str:
    regions = {*burst.regions}
    if not noted(burst, "regions"):
        return "not known"
    if regions == {Region.EYELID}:
        return "eyelid only"
    return "with lower face" if regions & _LOWER_FACE else "other"


def _kind(burst: Episode) -> str:
    return burst.kind.value if burst.kind and noted(burst, "kind") else "not known"


_GROUPS: Final[dict[str, tuple[Callable[[Episode], str], tuple[str, ...]]]] = {
    "severity": (_severity, ("mild", "moderate", "severe", "not known")),
    "extent": (_extent, ("eyelid only", "with lower face", "other", "not known")),
    "kind": (_kind, ("clonic", "tonic", "mixed", "not known")),
}


def subgroups(
    scores: Scores, *, seed: int = 0, draws: int = 2000
) -> tuple[Subgroup, ...]:
    """Compute the sensitivity of every subgroup that occurs.

    Returns
    -------
    tuple of Subgroup
        Every true burst is once in each group.
    """
    made = [
        _subgroup(scores, group, name, of, seed, draws)
        for group, (of, names) in _GROUPS.items()
        for name in names
    ]
    return tuple(subgroup for subgroup in made if subgroup.n)


def _subgroup(
    scores: Scores,
    group: str,
    name: str,
    of: Callable[[Episode], str],
    seed: int,
    draws: int,
) -> Subgroup:
    def found(score: RecordingScore) -> float:
        return sum(of(match.truth) == name for match in score.matching.found)

    def true(score: RecordingScore) -> float:
        return found(score) + sum(of(burst) == name for burst in score.matching.missed)

    share = Share(found, true)
    return Subgroup(
        group=group,
        name=name,
        n=share.n(scores),
        sensitivity=estimate(share, scores, seed=seed, draws=draws),
    )
