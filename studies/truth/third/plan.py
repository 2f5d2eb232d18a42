"""What a film shows: its bursts, or both eyes closed, with all their amounts.

Nobody has published how much which severity moves; amounts are the choice of this
family: a mild burst narrows the eye by a third, a severe one closes it.

>>> AMOUNTS[Severity.SEVERE].corner_mm
5.0
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from studies.truth.third.kinetics import Shape
from twitch_tracker.regions import Region, Side

__all__ = ["AMOUNTS", "Amounts", "Burst", "Closure", "FilmPlan", "Severity"]

Range = tuple[float, float]


class Severity(StrEnum):
    """How strong a burst is."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """What a burst moves at its height.

    Attributes
    ----------
    lids : tuple of float
        Least and largest closure of an open eye, 0 to 1.
    corner_mm, cheek_mm, brow_mm : float
        Displacements in millimetres.
    squeeze : float
        How much the skin beside a closing eye wrinkles, 0 to 1.
    """

    lids: Range
    corner_mm: float
    cheek_mm: float
    brow_mm: float
    squeeze: float


AMOUNTS: Final = {
    Severity.MILD: Amounts(
        lids=(0.25, 0.40), corner_mm=1.5, cheek_mm=0.7, brow_mm=0.8, squeeze=0.35
    ),
    Severity.MODERATE: Amounts(
        lids=(0.55, 0.75), corner_mm=3.0, cheek_mm=1.7, brow_mm=1.6, squeeze=0.65
    ),
    Severity.SEVERE: Amounts(
        lids=(0.95, 1.0), corner_mm=5.0, cheek_mm=2.8, brow_mm=2.6, squeeze=1.0
    ),
}


@dataclass(frozen=True, kw_only=True)
class Burst:
    """One burst; `kinetics` draws how it runs.

    Attributes
    ----------
    onset_s, duration_s : float
        When, in seconds of the film.
    side : Side
        The subject's own side.
    shape : Shape
        How it runs.
    severity : Severity
        How strong it is.
    regions : tuple of Region
        Where it is seen, in the order of `regions.REGIONS`.
    platysma : bool
        Whether the mouth goes down rather than up.
    lids : float
        Closure of the eye at its height, 0 to 1; 0 without the lids.
    lower_lid : float
        Share of the closure that the lower lid does.
    squeeze : float
        See `Amounts`.
    corner_mm, cheek_mm, brow_mm : float
        Displacements at its height, millimetres; a brow below 0 is drawn down.
    """

    onset_s: float
    duration_s: float
    side: Side
    shape: Shape
    severity: Severity
    regions: tuple[Region, ...]
    platysma: bool = False
    lids: float = 0.0
    lower_lid: float = 0.0
    squeeze: float = 0.0
    corner_mm: float = 0.0
    cheek_mm: float = 0.0
    brow_mm: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Closure:
    """Both eyes closed for a while, as a person may close them: never a burst.

    Attributes
    ----------
    onset_s, duration_s : float
        When, in seconds of the film.
    lids : mapping of Side to float
        How far each eye closes; over 1 it is closed longer.
    late_s : mapping of Side to float
        How much later each eye moves, seconds.
    squeeze : mapping of Side to float
        See `Amounts`.
    fall_s : float
        How long it takes to open again, seconds.
    """

    onset_s: float
    duration_s: float
    lids: Mapping[Side, float]
    late_s: Mapping[Side, float]
    squeeze: Mapping[Side, float]
    fall_s: float


@dataclass(frozen=True, kw_only=True)
class FilmPlan:
    """What a film shows.

    Attributes
    ----------
    seconds : float
        Its length.
    seed : tuple of int
        Where the randomness of its courses comes from.
    side : Side
        On which all its bursts are.
    bursts : tuple of Burst
        In order of onset; they never overlap.
    closures : tuple of Closure
        Both eyes closed.
    """

    seconds: float
    seed: tuple[int, ...]
    side: Side
    bursts: tuple[Burst, ...] = ()
    closures: tuple[Closure, ...] = ()
