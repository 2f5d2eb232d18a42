"""The frozen values that flow from room to room.

Every type here is plain data: keyword-only, frozen, the unit in the name.
NaN means "not measured" and never zero. Times are seconds from the first shown
frame; spans are half-open; sides are the subject's own. Array axes are
``(frames, regions, sides)`` in the order of `regions.REGIONS` and
`regions.SIDES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import BadShape
from twitch_tracker.regions import REGIONS, SIDES, Region, Side
from twitch_tracker.timebase import Interval, Stamp

__all__ = [
    "Blink",
    "Damage",
    "Episode",
    "EpisodeKind",
    "ExcludedSpan",
    "FaceObservation",
    "Frame",
    "MotionSignals",
    "NearMiss",
    "Origin",
    "Progress",
    "Quality",
    "QualityReason",
    "RegionScores",
    "ReviewState",
    "Session",
    "SessionSummary",
    "SideSummary",
    "SubjectEvent",
    "TrackerInfo",
    "VideoInfo",
]


# --- frames -----------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class VideoInfo:
    """What is known of a recording before its frames are decoded.

    Attributes
    ----------
    name : str
        File name or camera name, without its folder.
    width_px, height_px : int
        Size of the picture as shown, after rotation.
    rotation_deg : int
        Clockwise turn that was applied, one of 0, 90, 180, 270.
    nominal_fps : float
        Frame rate the container claims; NaN when it claims none. For display
        only, never the input of an algorithm.
    duration_s : float
        Claimed or measured duration; NaN when unknown.
    codec : str
        Codec name, e.g. ``h264``.
    mirrored : bool
        True when the stored picture was a mirror image (it is turned back).
    sha256 : str
        Hash of the file's content; empty for a camera.
    time_base : Fraction
        Seconds per timestamp tick.
    """

    name: str
    width_px: int
    height_px: int
    rotation_deg: int
    nominal_fps: float
    duration_s: float
    codec: str
    mirrored: bool
    sha256: str
    time_base: Fraction


@dataclass(frozen=True, kw_only=True, slots=True)
class Damage:
    """What was wrong with the stream, counted while it was read."""

    frames_read: int = 0
    damaged_packets: int = 0
    duplicate_stamps: int = 0
    backward_stamps: int = 0
    missing_stamps: int = 0

    @property
    def any(self) -> bool:
        """Whether anything at all was wrong."""
        return bool(
            self.damaged_packets
            or self.duplicate_stamps
            or self.backward_stamps
            or self.missing_stamps
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """One shown picture.

    Attributes
    ----------
    index : int
        Running number of the shown frame, from 0. A label, not a time.
    stamp : Stamp
        Exact presentation time.
    image : NDArray[np.uint8]
        RGB, shape (height, width, 3), upright and not mirrored.
    """

    index: int
    stamp: Stamp
    image: NDArray[np.uint8]

    @property
    def time_s(self) -> float:
        """Seconds from the first shown frame."""
        return self.stamp.seconds


# --- the face ---------------------------------------------------------------


class QualityReason(StrEnum):
    """Why a frame, or a moment, cannot be measured."""

    NO_FACE = "no_face"
    OTHER_PERSON = "other_person"
    TOO_SMALL = "too_small"
    TURNED_AWAY = "turned_away"
    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    COVERED = "covered"
    OUT_OF_FRAME = "out_of_frame"
    FAST_TURN = "fast_turn"
    NO_BASELINE = "no_baseline"
    MISSING_FRAMES = "missing_frames"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quality:
    """How measurable the face is in one frame.

    Attributes
    ----------
    reasons : tuple of QualityReason
        Everything that speaks against measuring; empty when usable.
    brightness : float
        Mean luma over the face, 0 to 255; NaN without a face.
    sharpness : float
        Gradient energy of the face relative to its contrast; NaN without a
        face. Larger is sharper.
    """

    reasons: tuple[QualityReason, ...] = ()
    brightness: float = float("nan")
    sharpness: float = float("nan")

    @property
    def usable(self) -> bool:
        """Whether the frame may be measured."""
        return not self.reasons


@dataclass(frozen=True, kw_only=True, slots=True)
class FaceObservation:
    """The subject's face in one frame.

    Attributes
    ----------
    time_s : float
        Seconds from the first shown frame.
    landmarks_px : NDArray[np.float32] or None
        Mesh of shape (478, 3): x to the right and y down in picture pixels,
        z in the same scale and smaller towards the camera. None without a
        face. Present also for frames that are not usable, when a face of the
        subject was found.
    pose_deg : tuple of float
        Yaw, pitch, roll. Yaw is positive when the subject turns to their own
        left, pitch when the subject looks up, roll when the head tilts to the
        subject's own left shoulder. NaN without a face.
    interocular_px : float
        Distance between the outer canthi, corrected for yaw; NaN without one.
    iris_px : float
        Mean horizontal iris diameter; NaN when not measured.
    quality : Quality
        Whether and why not the frame can be measured.
    """

    time_s: float
    landmarks_px: NDArray[np.float32] | None
    pose_deg: tuple[float, float, float]
    interocular_px: float
    iris_px: float
    quality: Quality


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackerInfo:
    """Which landmark tracker was used.

    Attributes
    ----------
    name : str
        ``attention-mesh`` or ``face-landmarker``.
    version : str
        Version of the library that ran it.
    weights_sha256 : str
        Hash of the weights it ran with.
    """

    name: str
    version: str
    weights_sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SubjectEvent:
    """Something that happened to the subject's track.

    Attributes
    ----------
    time_s : float
        When.
    kind : str
        ``chosen``, ``lost``, ``found`` or ``cut``.
    detail : str
        Plain words, e.g. "3 faces; the largest, most central one is followed".
    """

    time_s: float
    kind: str
    detail: str


# --- movement ---------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RegionScores:
    """One kind of signal for every region and side over time.

    Attributes
    ----------
    name : str
        Which signal, e.g. ``position_mm``.
    unit : str
        Its unit, e.g. ``mm``.
    time_s : NDArray[np.float64]
        Shape (n,).
    values : NDArray[np.float32]
        Shape (n, regions, sides); NaN where not measured.
    history : tuple of str
        The steps that made it, oldest first, with their parameters.
    """

    name: str
    unit: str
    time_s: NDArray[np.float64]
    values: NDArray[np.float32]
    history: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that the axes agree."""
        expected = (len(self.time_s), len(REGIONS), len(SIDES))
        if self.values.shape != expected:
            raise BadShape(self.name, str(expected), self.values.shape)

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Mask of shape (n, regions, sides): where a value was measured."""
        return np.isfinite(self.values)

    def of(self, region: Region, side: Side) -> NDArray[np.float32]:
        """Return the series of one region and side, shape (n,)."""
        return self.values[:, REGIONS.index(region), SIDES.index(side)]

    def of_both(self, region: Region) -> NDArray[np.float32]:
        """Return the series of one region on both sides, shape (n, sides)."""
        return self.values[:, REGIONS.index(region)]


@dataclass(frozen=True, kw_only=True)
class MotionSignals:
    """Everything measured on one face over one recording.

    Attributes
    ----------
    time_s : NDArray[np.float64]
        Presentation time of every frame, shape (n,), increasing.
    usable : NDArray[np.bool_]
        Frames that may be measured, shape (n,). Only these count as
        analysable time.
    frame_s : NDArray[np.float64]
        Seconds of recording that each frame stands for, shape (n,); sums of
        it over a mask are durations. Gaps in the recording belong to nobody.
    reasons : tuple of tuple of QualityReason
        Why a frame is not usable; one (mostly empty) tuple a frame.
    pose_deg : NDArray[np.float32]
        Yaw, pitch, roll, shape (n, 3).
    interocular_px : NDArray[np.float32]
        Shape (n,).
    aperture : NDArray[np.float32]
        Palpebral aperture of each eye as a fraction of that eye's own open
        aperture in this recording: about 1 open, about 0 closed. Shape
        (n, sides).
    aperture_mm : NDArray[np.float32]
        The same in millimetres, shape (n, sides); NaN without a scale.
    patch_closure : NDArray[np.float32]
        How far each eye is closed by its look (`motion.eyepatch`), 0 open to 1
        closed, shape (n, sides); NaN where not measured.
    mm_per_interocular : float
        Millimetres in one interocular distance, from the iris; NaN when the
        iris was not measured.
    scores : Mapping[str, RegionScores]
        The signals by name. Always holds ``position_mm`` (displacement from
        the person's own quiet baseline along the direction of contraction),
        ``position_io`` (the same in interocular fractions), ``skin_io`` (what the
        skin alone did in the last second; not of the eyelid), ``activity_mm_s``
        and ``one_sided`` (evidence of movement that the other side and the
        head do not explain, in standard deviations of the quiet face).
    """

    time_s: NDArray[np.float64]
    usable: NDArray[np.bool_]
    frame_s: NDArray[np.float64]
    reasons: tuple[tuple[QualityReason, ...], ...]
    pose_deg: NDArray[np.float32]
    interocular_px: NDArray[np.float32]
    aperture: NDArray[np.float32]
    aperture_mm: NDArray[np.float32]
    patch_closure: NDArray[np.float32]
    mm_per_interocular: float
    scores: Mapping[str, RegionScores]

    @property
    def analysable_s(self) -> float:
        """Seconds that could be measured: the denominator of every rate."""
        return float(self.frame_s[self.usable].sum())

    @property
    def recorded_s(self) -> float:
        """Seconds that were recorded, whether or not they could be measured."""
        return float(self.frame_s.sum())


# --- episodes ---------------------------------------------------------------


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
    kind : EpisodeKind
        Clonic (separate contractions), tonic (one held one) or mixed.
    contractions : int
        Number of separate contractions, at least 1.
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
        Plain words for why it was kept.
    brow_lift : bool
        Whether the brow rose while the eye of the same side closed (the
        "other Babinski sign").
    origin : Origin
        Detected, human or simulated.
    review : ReviewState
        What a person said of it.
    """

    span: Interval
    side: Side
    regions: tuple[Region, ...]
    lead_region: Region
    kind: EpisodeKind
    contractions: int = 1
    rate_hz: float = float("nan")
    peak_score: float = float("nan")
    mean_score: float = float("nan")
    excursion_mm: float = float("nan")
    asymmetry: float = float("nan")
    lag_s: float = float("nan")
    confidence: float = float("nan")
    reasons: tuple[str, ...] = ()
    brow_lift: bool = False
    origin: Origin = Origin.DETECTED
    review: ReviewState = ReviewState.UNREVIEWED


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
        Plain words for why it was not logged.
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


# --- a whole recording ------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SideSummary:
    """Headline numbers of one side; every rate divides by analysable time.

    Attributes
    ----------
    episodes : int
        Number of bursts.
    episodes_per_min, episodes_per_min_low, episodes_per_min_high : float
        Rate with its exact 95 % Poisson interval.
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
    """

    recorded_s: float
    analysable_s: float
    sides: Mapping[Side, SideSummary]
    rest_asymmetry: float
    blinks: int
    complete_blinks: int
    blinks_per_min: float
    excluded_s: Mapping[QualityReason, float]


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """One step of long work, for whoever shows it.

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
