"""What a recording shows of a person's open eyes, and what was known of them before.

Pairs are in the order of `regions.SIDES`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["FaceSeen", "KnownEye", "KnownUse", "OpenEye"]


class KnownUse(StrEnum):
    """What became of an eye's known opening.

    `NOT_NEEDED`: this recording shows the open eye itself. `USED`: it stands for
    the open eye. The others say why it does not: too few earlier recordings that can
    be compared; these disagree; the other eye was hardly open here either, so that
    nothing links this recording to them; the other eye opens far more or less than it
    did there.
    """

    NOT_NEEDED = "not_needed"
    USED = "used"
    TOO_FEW = "too_few"
    DISAGREE = "disagree"
    OTHER_EYE_UNSEEN = "other_eye_unseen"
    OTHER_EYE_UNLIKE = "other_eye_unlike"


@dataclass(frozen=True, kw_only=True)
class OpenEye:
    """What one recording alone shows of one open eye.

    Attributes
    ----------
    aperture_io : float
        Open palpebral aperture in interocular fractions: the eye's own, or, where
        `own` is false, what stood for it; NaN when nothing did.
    look : float
        Median look while it was open, 0 open to 1 closed; NaN when it never was.
    open_s, measured_s : float
        Seconds during which it looked open, and in which it was measured.
    own : bool
        Whether the aperture is the eye's own.
    """

    aperture_io: float
    look: float
    open_s: float
    measured_s: float
    own: bool


@dataclass(frozen=True, kw_only=True)
class FaceSeen:
    """What one recording shows of a person's open eyes.

    Attributes
    ----------
    version : int
        How it was measured (`motion.known_face.VERSION`).
    measured_with : str
        Hash of tracker, networks and constants; only the same compares.
    eyes : tuple of OpenEye
        Of both sides.
    yaw_deg, pitch_deg : float
        Median pose of the head to the camera; NaN when not measured.
    recording_id : str
        Its name in the journal; empty before it has one.
    content_sha256 : str
        Hash of the recording's content.
    """

    version: int
    measured_with: str
    eyes: tuple[OpenEye, OpenEye]
    yaw_deg: float
    pitch_deg: float
    recording_id: str = ""
    content_sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class KnownEye:
    """How an eye's open aperture was helped by earlier recordings.

    Attributes
    ----------
    use : KnownUse
        Whether, or why not.
    ratio : float
        Its open aperture over the other eye's, as known; NaN unless it was used.
    look : float
        How closed it looks when open, as known, 0 to 1; NaN unless it was used.
    recordings : tuple of str
        Names in the journal of the recordings that say so; empty unless used.
    """

    use: KnownUse
    ratio: float = float("nan")
    look: float = float("nan")
    recordings: tuple[str, ...] = ()
