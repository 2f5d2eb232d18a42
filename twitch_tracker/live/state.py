"""The state of a live session after every frame, as frozen value types.

Note: counts and evidence come from a window of the last seconds and are good enough to
look at; what is logged in the end is decided again on the whole recording. The engine
gives reasons, never words: words are made by whoever shows them
(`wording.recording.advice_now`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.records import (
    Blink,
    Episode,
    FaceObservation,
    QualityReason,
    SubjectEvent,
)
from twitch_tracker.regions import SIDES, Side

__all__ = ["LiveCounts", "LiveEvidence", "LiveState", "News", "NewsKind"]


@dataclass(frozen=True, kw_only=True)
class LiveCounts:
    """What was counted so far.

    Attributes
    ----------
    bursts : Mapping[Side, int]
        Bursts that have ended, by side.
    blinks : int
        Blinks of both eyes.
    full_closures : Mapping[Side, int]
        In how many of these blinks the eye of each side closed fully.
    """

    bursts: Mapping[Side, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))
    blinks: int = 0
    full_closures: Mapping[Side, int] = field(
        default_factory=lambda: dict.fromkeys(SIDES, 0)
    )


@dataclass(frozen=True, kw_only=True)
class LiveEvidence:
    """One-sided evidence of the last seconds, as of the newest decision.

    Attributes
    ----------
    time_s : NDArray[np.float64]
        Shape (n,).
    values : NDArray[np.float64]
        Standard deviations of the quiet face, shape (n, sides); NaN where not
        measured.
    """

    time_s: NDArray[np.float64]
    values: NDArray[np.float64]

    @classmethod
    def none(cls) -> LiveEvidence:
        """Return that of a recording of which nothing was decided yet."""
        return cls(time_s=np.empty(0), values=np.empty((0, len(SIDES))))


class NewsKind(StrEnum):
    """What can happen."""

    BURST = "burst"
    BLINK = "blink"
    QUALITY = "quality"
    SUBJECT = "subject"


@dataclass(frozen=True, kw_only=True)
class News:
    """Something that became known.

    Attributes
    ----------
    kind : NewsKind
        What; says which of the fields below is filled.
    time_s : float
        When it became known, seconds from the first frame.
    burst, blink, subject
        The burst, blink or event of the subject's track.
    reason : QualityReason or None
        Of a change of quality: why nothing is measured now; None when the face is
        well seen again.
    """

    kind: NewsKind
    time_s: float
    burst: Episode | None = None
    blink: Blink | None = None
    subject: SubjectEvent | None = None
    reason: QualityReason | None = None


@dataclass(frozen=True, kw_only=True)
class LiveState:
    """How things are after one frame.

    Attributes
    ----------
    time_s : float
        Of the frame, seconds from the first one.
    observation : FaceObservation
        Mesh, pose and quality of this frame, in pixels of the analysed picture.
    reasons : tuple of QualityReason
        Why this frame cannot be measured; empty when it can.
    advice : QualityReason or None
        The reason that has held long enough to be shown to the person.
    openness : tuple of float
        Opening of each eye as a share of its own usual opening in the last half
        minute, left and right; NaN when not measured.
    counts : LiveCounts
        Bursts and blinks so far.
    under_way : frozenset of Side
        Sides on which a burst was under way at the newest decision.
    evidence : LiveEvidence
        One-sided evidence of the last seconds.
    decided_until_s : float
        Bursts that ended before this time are counted.
    recorded_s, analysable_s : float
        Seconds recorded, and of them measurable, so far.
    news : tuple of News
        What became known with this frame.
    """

    time_s: float
    observation: FaceObservation
    reasons: tuple[QualityReason, ...]
    advice: QualityReason | None
    openness: tuple[float, float]
    counts: LiveCounts
    under_way: frozenset[Side]
    evidence: LiveEvidence
    decided_until_s: float
    recorded_s: float
    analysable_s: float
    news: tuple[News, ...] = ()
