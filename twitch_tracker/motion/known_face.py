"""Use earlier recordings of a person for an eye that is hardly ever open here.

An eye that does not open long enough in a recording has no open aperture of its own
there (`reference`), and the other eye's stands for it. In a face that is not symmetric
that is wrong: of a narrower eye every opening looks like a partial closure. Earlier
recordings of the same person show how the two eyes compare.

Note: what is known is the *ratio* of the two eyes, never an aperture. The other eye of
this very recording is the measure, so that a camera from elsewhere, another distance or
a squint into the sun, which change both eyes alike, change nothing. A recording never
counts as its own past, one odd recording cannot move the ratio, and an eye that is seen
open here speaks for itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.motion.reference import OpenEyes, reference_parameters
from twitch_tracker.networks import EYE_CODE, EYE_LOOK
from twitch_tracker.records import (
    FaceSeen,
    KnownEye,
    KnownUse,
    MotionSignals,
    OpenEye,
    TrackerInfo,
)
from twitch_tracker.regions import SIDES

__all__ = [
    "VERSION",
    "comparable",
    "face_seen",
    "known_face_parameters",
    "lends",
    "measured_with",
    "ratios_used",
    "seen_eyes",
    "usual_pose",
    "with_known_face",
]

Floats = NDArray[np.float64]

VERSION: Final = 1
"""Raised whenever `seen_eyes` measures something else."""

TRUSTED_SHARE: Final = 0.05
"""An eye that looks open for less than this share of its time may never have opened
fully: pauses of a late disease are short, and the lid lags behind them."""

LENDER_OPEN_S: Final = 5.0
"""A recording says how wide the eyes open only where both looked open for this long,
about the time between two blinks."""

LENDER_SHARE: Final = 0.5
"""And for half of their time: an eye that is narrowed for most of a recording does not
show what it looks like open."""

LEAST_RECORDINGS: Final = 3
"""Of three recordings, one that is odd cannot be the median."""

AGREE: Final = 0.1
"""Ratios agree with their median within this: apertures of one open eye by the mesh
vary by about a twentieth from recording to recording."""

AGREEING_SHARE: Final = 0.66
"""So many of the recordings must agree, or none is believed."""

NARROWED: Final = 0.75
LOOKS_CLOSED: Final = 0.2
"""An eye whose own open aperture is under this share of the known one, and that looks
this much more closed at it than it does when open (the network's noise on an open
eye), was held half shut all along: that is not its open aperture."""

LIKE_BEFORE: Final = 1.35
"""The other eye may open this much more or less than before (a squint, the camera
above or below); beyond that it may not be open, or be somebody else's."""

POSE_APART_DEG: Final = 12.0
"""Recordings with the head turned this much more to one side do not compare: the mesh
sees the far eye worse."""


def known_face_parameters() -> dict[str, object]:
    """Return every constant of this module, for the log and its hash."""
    return {
        "known_face_version": VERSION,
        "known_face_trusted_share": TRUSTED_SHARE,
        "known_face_lender_open_s": LENDER_OPEN_S,
        "known_face_lender_share": LENDER_SHARE,
        "known_face_least_recordings": LEAST_RECORDINGS,
        "known_face_agree": AGREE,
        "known_face_agreeing_share": AGREEING_SHARE,
        "known_face_narrowed": NARROWED,
        "known_face_looks_closed": LOOKS_CLOSED,
        "known_face_like_before": LIKE_BEFORE,
        "known_face_pose_apart_deg": POSE_APART_DEG,
    }


def measured_with(tracker: TrackerInfo, networks: Path) -> str:
    """Hash all that the aperture of an open eye depends on besides the recording.

    Parameters
    ----------
    tracker : TrackerInfo
        Who found the landmarks.
    networks : Path
        Folder of the networks; only those that look at eyes count.

    Returns
    -------
    str
        SHA-256, hexadecimal.
    """
    digest = hashlib.sha256()
    hashed = [VERSION, tracker.name, tracker.weights_sha256, reference_parameters()]
    digest.update(json.dumps(hashed, sort_keys=True).encode())
    for name in (EYE_CODE, EYE_LOOK):
        digest.update((networks / name).read_bytes())
    return digest.hexdigest()


# --- what a recording shows ---------------------------------------------------


def seen_eyes(
    aperture_io: Floats, look: Floats, opened: OpenEyes, frame_s: Floats
) -> tuple[OpenEye, OpenEye]:
    """Sum up what a recording alone shows of both open eyes.

    Parameters
    ----------
    aperture_io : Floats
        Palpebral aperture in interocular fractions, shape (n, sides).
    look : Floats
        How closed each eye looks, shape (n, sides).
    opened : OpenEyes
        From `reference.open_eyes`.
    frame_s : Floats
        Seconds that each frame stands for, shape (n,).

    Returns
    -------
    tuple of OpenEye
        In the order of `regions.SIDES`.
    """
    left, right = (
        OpenEye(
            aperture_io=_median(opened.level_io[:, place]),
            look=_median(look[opened.frames[:, place], place]),
            open_s=float(frame_s[opened.frames[:, place]].sum()),
            measured_s=float(frame_s[np.isfinite(aperture_io[:, place])].sum()),
            own=opened.own[place],
        )
        for place in range(len(SIDES))
    )
    return left, right


def usual_pose(
    pose_deg: NDArray[np.float32], usable: NDArray[np.bool_]
) -> tuple[float, float]:
    """Return the median yaw and pitch of the usable frames; NaN without any."""
    yaw, pitch = (_median(pose_deg[usable, axis].astype(np.float64)) for axis in (0, 1))
    return yaw, pitch


def face_seen(
    motion: MotionSignals, with_: str, content_sha256: str
) -> FaceSeen | None:
    """Say what a recording shows, for later ones of the same person.

    Parameters
    ----------
    motion : MotionSignals
        The recording.
    with_ : str
        From `measured_with`.
    content_sha256 : str
        Hash of its content.

    Returns
    -------
    FaceSeen or None
        None where it was not kept.
    """
    if motion.open_eyes is None:
        return None
    yaw_deg, pitch_deg = usual_pose(motion.pose_deg, motion.usable)
    return FaceSeen(
        version=VERSION,
        measured_with=with_,
        eyes=motion.open_eyes,
        yaw_deg=yaw_deg,
        pitch_deg=pitch_deg,
        content_sha256=content_sha256,
    )


def ratios_used(motion: MotionSignals) -> dict[str, object]:
    """List every ratio that stood for an open eye, by side, with its sources.

    Parameters
    ----------
    motion : MotionSignals
        The recording.

    Returns
    -------
    dict
        For the log; empty when the recording speaks for itself.
    """
    return {
        side.value: {"ratio": known.ratio, "recordings": list(known.recordings)}
        for side, known in zip(SIDES, motion.known_eyes or (), strict=False)
        if known.use is KnownUse.USED
    }


def _median(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


# --- which recordings say something ---------------------------------------------


def lends(face: FaceSeen) -> bool:
    """Return whether a recording shows how its person's eyes compare when open."""
    return all(
        eye.own
        and eye.aperture_io > 0
        and eye.open_s >= LENDER_OPEN_S
        and eye.open_s >= LENDER_SHARE * eye.measured_s
        for eye in face.eyes
    )


def comparable(
    faces: Sequence[FaceSeen] | None, with_: str, content_sha256: str
) -> tuple[FaceSeen, ...] | None:
    """Choose the recordings that may say something about another one.

    Parameters
    ----------
    faces : sequence of FaceSeen or None
        What earlier recordings show; None when none are asked.
    with_ : str
        With what the other one is measured (`measured_with`).
    content_sha256 : str
        Its content: nothing is known from itself.

    Returns
    -------
    tuple of FaceSeen or None
        Measured alike, both eyes long open; None when none are asked.
    """
    if faces is None:
        return None
    return tuple(
        face
        for face in faces
        if face.version == VERSION
        and face.measured_with == with_
        and face.content_sha256 != content_sha256
        and lends(face)
    )


# --- what is made of it -----------------------------------------------------------


def with_known_face(
    opened: OpenEyes,
    eyes: tuple[OpenEye, OpenEye],
    pose_deg: tuple[float, float],
    faces: Sequence[FaceSeen],
) -> tuple[OpenEyes, tuple[KnownEye, KnownEye]]:
    """Take the width of an eye that was hardly open here from earlier recordings.

    Parameters
    ----------
    opened : OpenEyes
        From `reference.open_eyes`.
    eyes : tuple of OpenEye
        From `seen_eyes`.
    pose_deg : tuple of float
        From `usual_pose`.
    faces : sequence of FaceSeen
        From `comparable`.

    Returns
    -------
    OpenEyes
        With the level of such an eye changed; one that was held half shut all along
        counts as never open.
    tuple of KnownEye
        What was done for each eye.
    """
    alike = [face for face in faces if _filmed_alike(face, pose_deg)]
    left, right = (_known_eye(place, eyes, alike) for place in range(len(SIDES)))
    level_io, frames, own = opened.level_io.copy(), opened.frames.copy(), [*opened.own]
    for place, known in enumerate((left, right)):
        if known.use is not KnownUse.USED:
            continue
        level_io[:, place] = known.ratio * opened.level_io[:, 1 - place]
        if _never_open(place, eyes, known):
            frames[:, place], own[place] = False, False
        elif own[place]:
            # It opened for moments, and at least so far.
            widest = np.fmax(level_io[:, place], opened.level_io[:, place])
            level_io[:, place] = widest
    found = OpenEyes(level_io=level_io, frames=frames, own=(own[0], own[1]))
    return found, (left, right)


def _filmed_alike(face: FaceSeen, pose_deg: tuple[float, float]) -> bool:
    """Return whether the head was turned to the camera about as it is now."""
    yaw_deg, pitch_deg = pose_deg
    apart_deg = (abs(face.yaw_deg - yaw_deg), abs(face.pitch_deg - pitch_deg))
    return all(apart <= POSE_APART_DEG for apart in apart_deg)


def _trusted(eye: OpenEye) -> bool:
    """Return whether a recording shows an open eye for long enough."""
    return eye.own and eye.open_s >= TRUSTED_SHARE * eye.measured_s


def _never_open(place: int, eyes: tuple[OpenEye, OpenEye], known: KnownEye) -> bool:
    """Return whether the supposed open eye was closed, by mesh and by look."""
    eye, expected_io = eyes[place], known.ratio * eyes[1 - place].aperture_io
    narrowed = eye.aperture_io < NARROWED * expected_io
    return narrowed and eye.look > known.look + LOOKS_CLOSED


def _known_eye(
    place: int, eyes: tuple[OpenEye, OpenEye], faces: Sequence[FaceSeen]
) -> KnownEye:
    """Decide whether one eye's open aperture comes from earlier recordings."""
    known = _from_others(place, eyes, faces)
    used = known.use is KnownUse.USED
    if _trusted(eyes[place]) and not (used and _never_open(place, eyes, known)):
        return KnownEye(use=KnownUse.NOT_NEEDED)
    return known


def _from_others(
    place: int, eyes: tuple[OpenEye, OpenEye], faces: Sequence[FaceSeen]
) -> KnownEye:
    """Compute one eye from earlier recordings, or say why that is not possible."""
    other = eyes[1 - place]
    if not _trusted(other):
        return KnownEye(use=KnownUse.OTHER_EYE_UNSEEN)
    if len(faces) < LEAST_RECORDINGS:
        return KnownEye(use=KnownUse.TOO_FEW)
    ratios = np.array(
        [f.eyes[place].aperture_io / f.eyes[1 - place].aperture_io for f in faces]
    )
    agree = np.abs(ratios / np.median(ratios) - 1.0) <= AGREE
    if agree.mean() < AGREEING_SHARE:
        return KnownEye(use=KnownUse.DISAGREE)
    agreeing = [face for face, agrees in zip(faces, agree, strict=True) if agrees]
    before_io = np.median([face.eyes[1 - place].aperture_io for face in agreeing])
    if not 1 / LIKE_BEFORE <= other.aperture_io / before_io <= LIKE_BEFORE:
        return KnownEye(use=KnownUse.OTHER_EYE_UNLIKE)
    return KnownEye(
        use=KnownUse.USED,
        ratio=float(np.median(ratios[agree])),
        look=float(np.median([face.eyes[place].look for face in agreeing])),
        recordings=tuple(face.recording_id for face in agreeing),
    )
