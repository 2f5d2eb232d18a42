"""Collects, frame by frame, the little that motion needs.

Only about seventy mesh points and a few numbers are kept of each frame, so a
recording of any length costs about one kilobyte a frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.motion.cheekflow import CheekFlow
from twitch_tracker.records import FaceObservation, Frame, QualityReason
from twitch_tracker.regions import (
    BROW,
    CHEEK,
    EYE_CORNERS,
    IRIS,
    LOWER_LID,
    ORAL_COMMISSURE,
    RIGID_POINTS,
    SIDES,
    UPPER_LID,
)

__all__ = ["KEPT_POINTS", "MotionRecorder", "RawMotion"]


def _kept_points() -> tuple[int, ...]:
    sets = (UPPER_LID, LOWER_LID, EYE_CORNERS, ORAL_COMMISSURE, CHEEK, BROW, IRIS)
    wanted = set(RIGID_POINTS)
    for group in sets:
        for side in SIDES:
            wanted.update(group[side])
    return tuple(sorted(wanted))


KEPT_POINTS: Final = _kept_points()
"""The mesh points that are kept of every frame, in rising order."""


@dataclass(frozen=True, kw_only=True)
class RawMotion:
    """What was kept of every frame.

    Attributes
    ----------
    time_s : NDArray[np.float64]
        Shape (n,).
    points_px : NDArray[np.float32]
        `KEPT_POINTS` of the mesh, shape (n, points, 3); NaN without a face.
    cheek_step_io : NDArray[np.float32]
        From `CheekFlow.step`, shape (n, sides, 2).
    pose_deg : NDArray[np.float32]
        Yaw, pitch, roll, shape (n, 3).
    interocular_px, iris_px : NDArray[np.float32]
        Shape (n,).
    reasons : tuple of tuple of QualityReason
        Why a frame is not usable.
    cuts_s : tuple of float
        Times of the first frame after a cut.
    """

    time_s: NDArray[np.float64]
    points_px: NDArray[np.float32]
    cheek_step_io: NDArray[np.float32]
    pose_deg: NDArray[np.float32]
    interocular_px: NDArray[np.float32]
    iris_px: NDArray[np.float32]
    reasons: tuple[tuple[QualityReason, ...], ...]
    cuts_s: tuple[float, ...] = ()

    def __len__(self) -> int:
        """Number of frames."""
        return len(self.time_s)

    def points(
        self,
        mesh_points: tuple[int, ...],
        frames: NDArray[np.intp] | None = None,
    ) -> NDArray[np.float32]:
        """Return some of the kept points, shape (frames, len(mesh_points), 3)."""
        places = [KEPT_POINTS.index(p) for p in mesh_points]
        if frames is None:
            return self.points_px[:, places]
        return self.points_px[frames[:, None], places]


class MotionRecorder:
    """Takes observations one by one; `raw` gives everything so far."""

    def __init__(self) -> None:
        """Start empty."""
        self._cheeks = CheekFlow()
        self._time_s: list[float] = []
        self._points: list[NDArray[np.float32]] = []
        self._cheek_steps: list[NDArray[np.float32]] = []
        self._numbers: list[tuple[float, ...]] = []
        self._reasons: list[tuple[QualityReason, ...]] = []
        self._cuts_s: list[float] = []

    def __len__(self) -> int:
        """Number of frames taken so far."""
        return len(self._time_s)

    def cut(self, time_s: float) -> None:
        """Note that the frame at `time_s` shows another scene than the one before.

        To be called before that frame is pushed.
        """
        self._cuts_s.append(time_s)
        self._cheeks.forget()

    def push(self, frame: Frame, observation: FaceObservation) -> None:
        """Take one frame and what was seen in it."""
        mesh = observation.landmarks_px
        kept = (
            np.full((len(KEPT_POINTS), 3), np.nan, np.float32)
            if mesh is None
            else mesh[list(KEPT_POINTS)]
        )
        self._time_s.append(observation.time_s)
        self._points.append(kept)
        self._cheek_steps.append(self._cheeks.step(frame.image, mesh))
        self._numbers.append(
            (*observation.pose_deg, observation.interocular_px, observation.iris_px)
        )
        self._reasons.append(observation.quality.reasons)

    def raw(self) -> RawMotion:
        """Everything taken so far, as arrays."""
        n = len(self)
        numbers = np.array(self._numbers, np.float32).reshape(n, 5)
        return RawMotion(
            time_s=np.array(self._time_s, np.float64),
            points_px=np.array(self._points, np.float32).reshape(
                n, len(KEPT_POINTS), 3
            ),
            cheek_step_io=np.array(self._cheek_steps, np.float32).reshape(
                n, len(SIDES), 2
            ),
            pose_deg=numbers[:, :3],
            interocular_px=numbers[:, 3],
            iris_px=numbers[:, 4],
            reasons=tuple(self._reasons),
            cuts_s=tuple(self._cuts_s),
        )
