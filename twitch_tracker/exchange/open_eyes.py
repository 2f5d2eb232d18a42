"""What a recording shows of the open eyes, in ``summary.json``, out and in.

Knows the keys ``open_eyes`` (what this recording alone shows) and ``known_face`` (what
earlier ones did for it). A summary of an older version has neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twitch_tracker.border.plain import measured, number, plain
from twitch_tracker.records import (
    FaceSeen,
    MotionSignals,
    OpenEye,
)
from twitch_tracker.regions import SIDES

__all__ = ["known_face_document", "open_eyes_document", "read_face"]

_POSE = ("yaw_deg", "pitch_deg")


def open_eyes_document(face: FaceSeen | None) -> dict[str, Any] | None:
    """Describe what a recording alone shows of the open eyes.

    Returns
    -------
    dict or None
        JSON-ready; the recording's content and name stand elsewhere.
    """
    if face is None:
        return None
    return {
        "version": face.version,
        "measured_with": face.measured_with,
        **{name: number(getattr(face, name)) for name in _POSE},
        **{side.value: plain(eye) for side, eye in zip(SIDES, face.eyes, strict=True)},
    }


def known_face_document(motion: MotionSignals) -> dict[str, Any] | None:
    """Describe what earlier recordings did for each eye; None when none were asked."""
    if motion.known_eyes is None:
        return None
    return {
        side.value: plain(known)
        for side, known in zip(SIDES, motion.known_eyes, strict=True)
    }


def read_face(document: Mapping[str, Any], recording_id: str = "") -> FaceSeen | None:
    """Read back what a recording alone shows of the open eyes.

    Parameters
    ----------
    document : Mapping
        Of `exchange.summary.read_summary`, or as the journal kept it.
    recording_id : str
        The recording's name in the journal.

    Returns
    -------
    FaceSeen or None
        None where the document does not say it, or not in words this version knows.
    """
    stored = document.get("open_eyes")
    try:
        return (
            None if stored is None else _face(stored, document["video"], recording_id)
        )
    except (KeyError, TypeError, ValueError):
        return None


def _face(
    stored: Mapping[str, Any], video: Mapping[str, Any], recording_id: str
) -> FaceSeen:
    left, right = (_eye(stored[side.value]) for side in SIDES)
    yaw_deg, pitch_deg = (measured(stored[name]) for name in _POSE)
    return FaceSeen(
        version=int(stored["version"]),
        measured_with=str(stored["measured_with"]),
        eyes=(left, right),
        yaw_deg=yaw_deg,
        pitch_deg=pitch_deg,
        recording_id=recording_id,
        content_sha256=str(video["sha256"]),
    )


def _eye(stored: Mapping[str, Any]) -> OpenEye:
    return OpenEye(
        aperture_io=measured(stored["aperture_io"]),
        look=measured(stored["look"]),
        open_s=measured(stored["open_s"]),
        measured_s=measured(stored["measured_s"]),
        own=bool(stored["own"]),
    )
