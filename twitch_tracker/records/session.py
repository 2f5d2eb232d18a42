"""The analysis of one recording, and its progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from twitch_tracker.records.episodes import (
    Blink,
    Episode,
    ExcludedSpan,
    HardlyOpen,
    NearMiss,
)
from twitch_tracker.records.face import QualityReason, SubjectEvent, TrackerInfo
from twitch_tracker.records.face_numbers import FaceNumbers
from twitch_tracker.records.known_face import FaceSeen
from twitch_tracker.records.motion import MotionSignals
from twitch_tracker.records.video import Damage, VideoInfo
from twitch_tracker.regions import Region, Side

__all__ = [
    "OnProgress",
    "Progress",
    "Session",
    "SessionSummary",
    "SideSummary",
]


@dataclass(frozen=True, kw_only=True)
class SideSummary:
    """Headline numbers of one side; every rate divides by analysable time.

    Attributes
    ----------
    episodes : int
        Number of bursts.
    onsets_per_free_min, onsets_per_free_min_low, onsets_per_free_min_high : float
        New bursts: those that were seen to begin, over the burst-free analysable
        minutes, with its exact 95 % Poisson interval. Neither long bursts nor short
        recordings change it. NaN when the whole recording is burst, or of a summary
        that is older.
    onsets : int
        Bursts that were seen to begin.
    free_s : float
        Analysable seconds without a burst.
    episodes_per_min, episodes_per_min_low, episodes_per_min_high : float
        All bursts, whole or in part, over all analysable minutes, likewise.
    spasm_fraction : float
        Share of the analysable time spent in bursts.
    spasm_s : float
        Seconds spent in bursts.
    median_duration_s, longest_duration_s : float
        NaN without bursts.
    median_pause_s : float
        Median time from the offset of a burst to the next onset, over pauses
        without an unmeasured gap in them; NaN with fewer than two bursts.
    share_over_1s : float
        Share of bursts longer than one second; NaN without bursts.
    regions : tuple of Region
        Regions reached by any burst.
    cut_off : int
        Bursts whose onset or offset was not seen: their durations are lower bounds.
    bilateral : int
        Bursts that a burst of the other side overlaps.
    hardly_open_s : float
        Seconds during which the eye was hardly ever open; NaN when not looked for.
    """

    episodes: int
    episodes_per_min: float
    episodes_per_min_low: float
    episodes_per_min_high: float
    spasm_fraction: float
    spasm_s: float
    median_duration_s: float
    longest_duration_s: float
    median_pause_s: float
    share_over_1s: float
    regions: tuple[Region, ...]
    cut_off: int = 0
    bilateral: int = 0
    hardly_open_s: float = 0.0
    onsets: int = 0
    free_s: float = float("nan")
    onsets_per_free_min: float = float("nan")
    onsets_per_free_min_low: float = float("nan")
    onsets_per_free_min_high: float = float("nan")


@dataclass(frozen=True, kw_only=True)
class SessionSummary:
    """The numbers of one recording.

    Attributes
    ----------
    recorded_s, analysable_s : float
        Length of the recording and of its measurable part.
    sides : Mapping[Side, SideSummary]
        Per side.
    rest_asymmetry : float
        Difference of the palpebral apertures at rest, outside bursts and
        blinks, (right - left) / mean of the two, in the head's own frame:
        negative when the right eye is narrower. NaN when not measured.
    blinks, complete_blinks : int
        Bilateral blinks.
    blinks_per_min : float
        Per analysable minute; NaN without analysable time.
    excluded_s : Mapping[QualityReason, float]
        Seconds not analysable, by reason; one second can have two reasons.
    regions_unseen_s : Mapping[Region, float]
        Analysable seconds during which a region reached out of the picture, so that
        only the others were measured. Regions always seen are left out.
    pictures_hz : float
        Pictures a second that show something new, as a rule, where it could be measured;
        NaN when that is not known. What is reported of a burst depends on it
        (`episodes.description.claims`).
    unchanged_share : float
        `MotionSignals.unchanged_share`: how much of the face an encoder left as it was.
    quantiser : float
        `MotionSignals.quantiser`: how coarsely the pictures were written, on the
        scale of H.264.
    face : FaceNumbers
        What the face did apart from bursts.
    """

    recorded_s: float
    analysable_s: float
    sides: Mapping[Side, SideSummary]
    rest_asymmetry: float
    blinks: int
    complete_blinks: int
    blinks_per_min: float
    excluded_s: Mapping[QualityReason, float]
    regions_unseen_s: Mapping[Region, float] = field(default_factory=dict)
    pictures_hz: float = float("nan")
    unchanged_share: float = float("nan")
    quantiser: float = float("nan")
    face: FaceNumbers = field(default_factory=FaceNumbers)


@dataclass(frozen=True, kw_only=True, repr=False)
class Session:
    """The analysis of one recording.

    Attributes
    ----------
    video : VideoInfo
        The recording.
    damage : Damage
        What was wrong with the file.
    tracker : TrackerInfo
        Who found the landmarks.
    motion : MotionSignals
        The signals.
    episodes : tuple of Episode
        Bursts in order of onset.
    blinks : tuple of Blink
        Bilateral blinks in order of onset.
    near_misses : tuple of NearMiss
        Candidates that were refused.
    excluded : tuple of ExcludedSpan
        What could not be measured.
    subject_events : tuple of SubjectEvent
        When the subject was chosen, lost, found again; cuts.
    summary : SessionSummary
        The numbers.
    parameters : Mapping[str, object]
        Every parameter of the analysis.
    parameters_sha256 : str
        Hash of `parameters`.
    software_version : str
        Version of this package.
    hardly_open : tuple of HardlyOpen
        Stretches during which an eye was hardly ever open, in order of time.
    face_seen : FaceSeen or None
        What the recording shows of the open eyes, for later ones of the same person.
    """

    video: VideoInfo
    damage: Damage
    tracker: TrackerInfo
    motion: MotionSignals
    episodes: tuple[Episode, ...]
    blinks: tuple[Blink, ...]
    near_misses: tuple[NearMiss, ...]
    excluded: tuple[ExcludedSpan, ...]
    subject_events: tuple[SubjectEvent, ...]
    summary: SessionSummary
    parameters: Mapping[str, object]
    parameters_sha256: str
    software_version: str
    hardly_open: tuple[HardlyOpen, ...] = ()
    face_seen: FaceSeen | None = None

    def __repr__(self) -> str:
        """Say which recording it is and how much was found, on one line."""
        counts = ", ".join(
            f"{sum(e.side is side for e in self.episodes)} {side}" for side in Side
        )
        return (
            f"<{type(self).__name__} {self.video.name!r}: "
            f"{self.summary.analysable_s:.1f} of {self.summary.recorded_s:.1f} s "
            f"measured, bursts {counts}, {len(self.blinks)} blinks>"
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """One step of long work, for a progress display.

    Attributes
    ----------
    stage : str
        What is being done, e.g. ``reading``, ``finding bursts``, ``pictures``.
    done, total : float
        Amount in `unit`; `total` is NaN when it is not known.
    unit : str
        ``s`` of recording or ``steps``.
    """

    stage: str
    done: float
    total: float
    unit: str = field(default="s")


OnProgress = Callable[[Progress], None]
"""What long work calls now and then."""
