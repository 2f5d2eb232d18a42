"""Bursts, blinks, and what was refused or could not be measured."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from twitch_tracker.records.face import QualityReason
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

__all__ = [
    "Blink",
    "Episode",
    "EpisodeKind",
    "ExcludedSpan",
    "HardlyOpen",
    "NearMiss",
    "Origin",
    "ReviewState",
]


class EpisodeKind(StrEnum):
    """The shape of a burst in time."""

    CLONIC = "clonic"
    TONIC = "tonic"
    MIXED = "mixed"


class Origin(StrEnum):
    """Who says that an episode happened."""

    DETECTED = "detected"
    HUMAN = "human"
    SIMULATED = "simulated"


class ReviewState(StrEnum):
    """What a person said of a detection."""

    UNREVIEWED = "unreviewed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True)
class Episode:
    """One burst of involuntary-looking movement on one side of the face.

    Attributes
    ----------
    span : Interval
        Onset and offset.
    side : Side
        The subject's own side.
    regions : tuple of Region
        Regions that took part, in the order of `regions.REGIONS`.
    lead_region : Region
        The region that moved first.
    kind : EpisodeKind or None
        Clonic (separate contractions), tonic (one held one) or mixed; None where it
        could not be measured, for the reason in `reasons`.
    contractions : int or None
        Number of separate contractions, at least 1; None where they could not be
        counted.
    rate_hz : float
        Contractions per second within the burst; NaN for a single one.
    peak_score, mean_score : float
        One-sided evidence, in standard deviations of the quiet face.
    excursion_mm : float
        Largest displacement of any involved region; NaN without a scale.
    asymmetry : float
        (this side - other side) / (this side + other side) of the movement
        energy within the burst: 1 purely this side, 0 both alike.
    lag_s : float
        Onset at the mouth corner minus onset at the eyelid; NaN when only one
        of them took part.
    confidence : float
        0 to 1.
    reasons : tuple of str
        Why it was kept, as `records.reasons` writes it, or as a person wrote it.
    brow_lift : bool
        Whether the brow rose while the eye of the same side closed (the
        "other Babinski sign").
    onset_cut, offset_cut : bool
        Whether it was already going when it could first be measured, or still
        going when it could last be: at the first or last frame, or beside a
        stretch that was not measured. Its true onset or offset is not known
        then, and its duration is a lower bound (`episodes.description.cut_off`).
    bilateral : bool
        Whether a burst of the other side overlaps it in time
        (`episodes.description.bilateral`).
    origin : Origin
        Detected, human or simulated.
    review : ReviewState
        What a person said of it.
    """

    span: Interval
    side: Side
    regions: tuple[Region, ...]
    lead_region: Region
    kind: EpisodeKind | None
    contractions: int | None = 1
    rate_hz: float = float("nan")
    peak_score: float = float("nan")
    mean_score: float = float("nan")
    excursion_mm: float = float("nan")
    asymmetry: float = float("nan")
    lag_s: float = float("nan")
    confidence: float = float("nan")
    reasons: tuple[str, ...] = ()
    brow_lift: bool = False
    onset_cut: bool = False
    offset_cut: bool = False
    bilateral: bool = False
    origin: Origin = Origin.DETECTED
    review: ReviewState = ReviewState.UNREVIEWED

    @property
    def cut(self) -> bool:
        """Whether its onset or offset was not seen: its duration is a lower bound."""
        return self.onset_cut or self.offset_cut


@dataclass(frozen=True, kw_only=True)
class Blink:
    """Both eyes closing together.

    Attributes
    ----------
    span : Interval
        From the start of closing to the end of reopening.
    complete : bool
        Whether both lids closed fully.
    closure_left, closure_right : float
        Deepest closure of each eye as a fraction of its open aperture:
        0 untouched, 1 fully closed.
    """

    span: Interval
    complete: bool
    closure_left: float
    closure_right: float


@dataclass(frozen=True, kw_only=True)
class NearMiss:
    """A candidate burst that was refused.

    Attributes
    ----------
    span, side
        Where it would have been.
    peak_score : float
        How strong it was.
    reason : str
        Why it was not logged, as `records.reasons` writes it.
    """

    span: Interval
    side: Side
    peak_score: float
    reason: str


@dataclass(frozen=True, kw_only=True)
class ExcludedSpan:
    """A stretch of recording that could not be measured, and why."""

    span: Interval
    reasons: tuple[QualityReason, ...]


@dataclass(frozen=True, kw_only=True)
class HardlyOpen:
    """A stretch during which one eye was hardly ever open.

    What that eye looks like open could not be seen there, so that closures of it
    cannot be measured. It is a state with a duration and says nothing of the other
    side.

    Attributes
    ----------
    span : Interval
        From when to when.
    side : Side
        The subject's own side.
    """

    span: Interval
    side: Side
