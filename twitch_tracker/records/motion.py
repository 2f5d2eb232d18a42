"""Signals of a whole recording.

Array axes are ``(frames, regions, sides)`` in the order of `regions.REGIONS` and
`regions.SIDES`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twitch_tracker.errors import BadShape
from twitch_tracker.records.face import QualityReason
from twitch_tracker.records.known_face import KnownEye, OpenEye
from twitch_tracker.regions import REGIONS, SIDES, Region, Side

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "MotionSignals",
    "RegionScores",
]


@dataclass(frozen=True, kw_only=True, repr=False)
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

    def __repr__(self) -> str:
        """Name the signal and how long it is, on one line."""
        return f"<RegionScores {self.name} ({self.unit}), {len(self.time_s)} frames>"

    def of(self, region: Region, side: Side) -> NDArray[np.float32]:
        """Return the series of one region and side, shape (n,)."""
        return self.values[:, REGIONS.index(region), SIDES.index(side)]

    def of_both(self, region: Region) -> NDArray[np.float32]:
        """Return the series of one region on both sides, shape (n, sides)."""
        return self.values[:, REGIONS.index(region)]


@dataclass(frozen=True, kw_only=True, repr=False)
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
        Palpebral aperture of each eye as a fraction of its open aperture
        (`motion.reference`): about 1 open, about 0 closed. Shape (n, sides).
    aperture_mm : NDArray[np.float32]
        The same in millimetres, shape (n, sides); NaN without a scale.
    patch_closure : NDArray[np.float32]
        How far each eye is closed by its look (`motion.eyepatch`), 0 open to 1
        closed, shape (n, sides); NaN where not measured.
    look : NDArray[np.float32]
        How closed each eye looks to somebody who does not know the person, 0 to 1,
        shape (n, sides); NaN where not measured.
    rest_weight : NDArray[np.float32]
        How much each frame says about this face at rest, 0 to 1, shape (n,).
    own_open : tuple of bool
        Whether each eye was open long enough to show how it looks when open;
        where not, the other eye's level stands for it.
    beside_mouth_io : NDArray[np.float32]
        Displacement of the upper lip along the pull of the mouth corner, and of the
        wing of the nose upwards, from the face at rest, in interocular fractions,
        shape (n, 2, sides); NaN where not measured.
    mouth_open_io : NDArray[np.float32]
        Distance of the lips' inner edges, in interocular fractions, shape (n,).
    mm_per_interocular : float
        Millimetres in one interocular distance, from the iris; NaN when the
        iris was not measured.
    scores : Mapping[str, RegionScores]
        The signals by name. Always holds ``position_mm`` (displacement from
        the person's own quiet baseline along the direction of contraction),
        ``position_io`` (the same in interocular fractions), ``place_io`` (where
        each region is in the head, before any level is subtracted), ``skin_io`` (what the
        skin alone did in the last second; not of the eyelid), ``activity_mm_s``
        and ``one_sided`` (evidence of movement that the other side and the
        head do not explain, in standard deviations of the quiet face).
    open_eyes : tuple of OpenEye or None
        What this recording alone shows of both open eyes; None where that was not
        kept (signals that were read back).
    known_eyes : tuple of KnownEye or None
        What earlier recordings did for each eye's open aperture; None where none
        were asked.
    fresh_step_s : NDArray[np.float64] or None
        Usual time from one picture that shows something new to the next, around each
        frame, shape (n,); None where that was not kept (signals that were read back).
    unchanged_share : float
        How much of the face does not change from one picture to the next, as a rule, 0
        to 1: what an encoder leaves out. NaN where nobody looked.
    quantiser : float
        How coarsely the pictures were written, as a rule (`Frame.quantiser`).
    face_at : NDArray[np.float32] or None
        Where the person's face is, in shares of the picture's width and height from its
        upper left corner, shape (n, 2); NaN without the face, None where that was not
        kept. A second look at the recording finds the same face by it.
    joins_s : tuple of float
        Times at which another recording begins that was put behind the one before; empty
        of signals that were read back.
    commissure_down_io : NDArray[np.float32] or None
        Where each oral commissure is in the head, outward and down, in interocular
        fractions, shape (n, sides); NaN where not measured, None where that was not kept.
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
    look: NDArray[np.float32]
    rest_weight: NDArray[np.float32]
    own_open: tuple[bool, bool]
    beside_mouth_io: NDArray[np.float32]
    mouth_open_io: NDArray[np.float32]
    mm_per_interocular: float
    scores: Mapping[str, RegionScores]
    open_eyes: tuple[OpenEye, OpenEye] | None = None
    known_eyes: tuple[KnownEye, KnownEye] | None = None
    fresh_step_s: NDArray[np.float64] | None = None
    unchanged_share: float = float("nan")
    quantiser: float = float("nan")
    face_at: NDArray[np.float32] | None = None
    joins_s: tuple[float, ...] = ()
    commissure_down_io: NDArray[np.float32] | None = None

    def __repr__(self) -> str:
        """Say how long it is and which signals there are, on one line."""
        return (
            f"<MotionSignals {len(self.time_s)} frames, {self.analysable_s:.1f} of "
            f"{self.recorded_s:.1f} s measured: {', '.join(self.scores)}>"
        )

    def face_from(self, start_s: float) -> tuple[float, float] | None:
        """Return where the face is first seen from `start_s` on; None if unknown."""
        if self.face_at is None:
            return None
        for time_s, (across, down) in zip(self.time_s, self.face_at, strict=True):
            if time_s >= start_s and math.isfinite(across):
                return float(across), float(down)
        return None

    @property
    def analysable_s(self) -> float:
        """Seconds that could be measured: the denominator of every rate."""
        return float(self.frame_s[self.usable].sum())

    @property
    def lost_s(self) -> dict[str, float]:
        """Seconds that could not be measured, by reason; one second can have two."""
        seconds: dict[str, float] = {}
        for reasons, lasted_s in zip(self.reasons, self.frame_s, strict=True):
            for reason in reasons:
                seconds[reason] = seconds.get(reason, 0.0) + float(lasted_s)
        return seconds

    @property
    def recorded_s(self) -> float:
        """Seconds that were recorded, whether or not they could be measured."""
        return float(self.frame_s.sum())
