"""The subject's face in a frame, and whether it can be measured."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

from twitch_tracker.regions import Region

__all__ = [
    "FaceObservation",
    "Quality",
    "QualityReason",
    "SubjectEvent",
    "TrackerInfo",
]


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
    FROZEN = "frozen"
    TOO_FEW_PICTURES = "too_few_pictures"
    EYES_COVERED = "eyes_covered"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quality:
    """How measurable the face is in one frame.

    Attributes
    ----------
    reasons : tuple of QualityReason
        Everything that speaks against measuring; empty when usable.
    sharpness : float
        Gradient energy of the face relative to its contrast; NaN without a
        face. Larger is sharper.
    unseen : tuple of Region
        Regions that reach out of the picture and are not measured, though the
        frame is: a face so near that the mouth is cut off still shows its eyes.
    """

    reasons: tuple[QualityReason, ...] = ()
    sharpness: float = float("nan")
    unseen: tuple[Region, ...] = ()

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
        More of it, as `records.reasons` writes it: ``followed_among(3)``.
    """

    time_s: float
    kind: str
    detail: str
