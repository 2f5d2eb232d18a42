"""The frozen values that flow from room to room.

Every type here is plain data: keyword-only, frozen, the unit in the name.
NaN means "not measured" and never zero. Times are seconds from the first shown
frame; spans are half-open; sides are the subject's own. Array axes are
``(frames, regions, sides)`` in the order of `regions.REGIONS` and
`regions.SIDES`.

Each room's types have a file of their own; all of them can be imported from here.
"""

from __future__ import annotations

from twitch_tracker.records.episodes import (
    Blink,
    Episode,
    EpisodeKind,
    ExcludedSpan,
    HardlyOpen,
    NearMiss,
    Origin,
    ReviewState,
)
from twitch_tracker.records.face import (
    FaceObservation,
    Quality,
    QualityReason,
    SubjectEvent,
    TrackerInfo,
)
from twitch_tracker.records.face_numbers import (
    FACE_NUMBERS,
    FaceNumbers,
    face_numbers_from,
)
from twitch_tracker.records.known_face import (
    FaceSeen,
    KnownEye,
    KnownUse,
    OpenEye,
)
from twitch_tracker.records.motion import (
    MotionSignals,
    RegionScores,
)
from twitch_tracker.records.session import (
    OnProgress,
    Progress,
    Session,
    SessionSummary,
    SideSummary,
)
from twitch_tracker.records.video import (
    Damage,
    Frame,
    ReadOptions,
    VideoInfo,
)

__all__ = [
    "FACE_NUMBERS",
    "Blink",
    "Damage",
    "Episode",
    "EpisodeKind",
    "ExcludedSpan",
    "FaceNumbers",
    "FaceObservation",
    "FaceSeen",
    "Frame",
    "HardlyOpen",
    "KnownEye",
    "KnownUse",
    "MotionSignals",
    "NearMiss",
    "OnProgress",
    "OpenEye",
    "Origin",
    "Progress",
    "Quality",
    "QualityReason",
    "ReadOptions",
    "RegionScores",
    "ReviewState",
    "Session",
    "SessionSummary",
    "SideSummary",
    "SubjectEvent",
    "TrackerInfo",
    "VideoInfo",
    "face_numbers_from",
]
