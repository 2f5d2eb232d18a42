"""Seconds so far, and what to advise the person about the picture.

Causal counterparts of what the analysis knows afterwards: which frames may be
measured (`motion.usable`), how much time they stand for (`motion.timing`), and how
far each eye is open. What they say is shown while recording; what is logged is
computed on the whole recording.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.face.trackers.region_of_interest import inside_picture
from twitch_tracker.motion.timing import GAP_FACTOR, GAP_FLOOR_S
from twitch_tracker.motion.usable import SETTLE_S, TURN_DEG, TURN_WITHIN_S
from twitch_tracker.records import FaceObservation, QualityReason
from twitch_tracker.regions import LOWER_LID, SIDES, UPPER_LID

__all__ = ["EyeKeeper", "QualityKeeper", "TimeKeeper", "is_chin_outside"]

ADVISE_AFTER_S: Final = 0.7
"""A reason is shown when it has held this long: a hand that passes is no news."""

FINE_AFTER_S: Final = 1.0
"""... and taken back when the face was well seen this long."""

USUAL_STEPS: Final = 301
EYE_WINDOW_S: Final = 30.0
EYE_EVERY_S: Final = 0.5
EYE_LEAST_S: Final = 2.0
EYE_QUANTILE: Final = 0.9
"""What is shown as fully open: only for the live picture, no burst depends on it."""


CHIN: Final = (148, 152, 377)
"""Lowest points of the face's outline in the mesh. Nothing is measured there, but a face
whose chin is outside is about to lose its mouth."""


class TimeKeeper:
    """Adds up recorded and analysable seconds, frame by frame."""

    def __init__(self) -> None:
        """Start at zero."""
        self._steps: deque[float] = deque(maxlen=USUAL_STEPS)
        self._recent: deque[tuple[float, float, float, float, bool]] = deque()
        self._last_s: float | None = None
        self._cut_s = -np.inf
        self._settled_s = 0.0
        self.recorded_s = 0.0

    @property
    def analysable_s(self) -> float:
        """Seconds that could be measured so far."""
        return self._settled_s + sum(
            step for _, step, _, _, fine in self._recent if fine
        )

    def cut(self, time_s: float) -> None:
        """Note that the frame at `time_s` is the first after a cut."""
        self._cut_s = time_s

    def add(self, seen: FaceObservation) -> tuple[QualityReason, ...]:
        """Take one frame into account.

        Returns
        -------
        tuple of QualityReason
            Its own reasons, and those that only the frames before it show.
        """
        step_s = self._step(seen.time_s)
        yaw, pitch, _ = seen.pose_deg
        while self._recent and self._recent[0][0] < seen.time_s - TURN_WITHIN_S:
            _, step, _, _, fine = self._recent.popleft()
            self._settled_s += step if fine else 0.0
        self._recent.append((seen.time_s, step_s, yaw, pitch, False))
        reasons = list(seen.quality.reasons)
        if self._turned_fast():
            self._recent = deque((*frame[:4], False) for frame in self._recent)
            reasons.append(QualityReason.FAST_TURN)
        if seen.time_s < self._cut_s + SETTLE_S:
            reasons.append(QualityReason.NO_BASELINE)
        self._recent[-1] = (*self._recent[-1][:4], not reasons)
        return tuple(reasons)

    def _step(self, time_s: float) -> float:
        """Return seconds since the last frame; a pause of the stream does not count."""
        if self._last_s is None:
            self._last_s = time_s
            return 0.0
        step_s, self._last_s = time_s - self._last_s, time_s
        usual_s = float(np.median(self._steps)) if self._steps else step_s
        self._steps.append(step_s)
        if step_s > max(GAP_FLOOR_S, GAP_FACTOR * usual_s):
            step_s = usual_s
        self.recorded_s += step_s
        return step_s

    def _turned_fast(self) -> bool:
        poses = np.array([frame[2:4] for frame in self._recent])
        poses = poses[np.isfinite(poses).all(axis=1)]
        return bool(len(poses) and np.ptp(poses, axis=0).max() > TURN_DEG)


class QualityKeeper:
    """Decides which reason is worth showing, without flicker."""

    def __init__(self) -> None:
        """Start with nothing to show."""
        self.advice: QualityReason | None = None
        self._wanted: QualityReason | None = None
        self._since_s = 0.0

    def add(self, time_s: float, reasons: tuple[QualityReason, ...]) -> bool:
        """Take one frame into account; return whether the advice has changed.

        Parameters
        ----------
        time_s : float
            When.
        reasons : tuple of QualityReason
            What is not well, the frame's own first.
        """
        wanted = self._choose(reasons)
        if wanted != self._wanted:
            self._wanted, self._since_s = wanted, time_s
        held_s = time_s - self._since_s
        enough_s = FINE_AFTER_S if wanted is None else ADVISE_AFTER_S
        if wanted == self.advice or held_s < enough_s:
            return False
        self.advice = wanted
        return True

    def _choose(self, reasons: tuple[QualityReason, ...]) -> QualityReason | None:
        """Keep the present reason while it holds; else take the first."""
        if self._wanted in reasons:
            return self._wanted
        return reasons[0] if reasons else None


class EyeKeeper:
    """Measures how far each eye is open, as a share of its usual opening."""

    def __init__(self) -> None:
        """Start without a usual opening."""
        self._gaps: deque[tuple[float, float, float]] = deque()
        self._usual = np.full(len(SIDES), np.nan)
        self._asked_s = -np.inf

    def add(self, seen: FaceObservation, *, usable: bool) -> tuple[float, float]:
        """Return the opening of both eyes, left and right; NaN when not measured."""
        if not usable or seen.landmarks_px is None:
            return float("nan"), float("nan")
        left, right = (_lid_gap(seen, place) for place in range(len(SIDES)))
        self._gaps.append((seen.time_s, left, right))
        while self._gaps[0][0] < seen.time_s - EYE_WINDOW_S:
            self._gaps.popleft()
        if seen.time_s - self._asked_s >= EYE_EVERY_S:
            self._asked_s = seen.time_s
            self._usual = self._usual_gaps()
        return float(left / self._usual[0]), float(right / self._usual[1])

    def _usual_gaps(self) -> NDArray[np.float64]:
        table = np.array(self._gaps)
        if table[-1, 0] - table[0, 0] < EYE_LEAST_S:
            return np.full(len(SIDES), np.nan)
        usual = np.quantile(table[:, 1:], EYE_QUANTILE, axis=0)
        return np.asarray(np.where(usual > 0, usual, np.nan))


def is_chin_outside(seen: FaceObservation, shape: tuple[int, ...]) -> bool:
    """Return whether the chin is outside the picture; the mouth may still be inside."""
    if seen.landmarks_px is None:
        return False
    return not inside_picture(seen.landmarks_px[list(CHIN)], shape).all()


def _lid_gap(seen: FaceObservation, place: int) -> float:
    """Return the distance of the lids of one eye in interocular distances."""
    mesh, side = seen.landmarks_px, SIDES[place]
    if mesh is None:
        return float("nan")
    apart = mesh[list(UPPER_LID[side]), :2] - mesh[list(LOWER_LID[side]), :2]
    return float(np.linalg.norm(apart, axis=1).mean() / seen.interocular_px)
