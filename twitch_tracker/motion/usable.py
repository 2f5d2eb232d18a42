"""Which frames may be measured: the frame's own quality, and the head's haste.

While the head turns fast the mesh lags behind it on the far side, which looks
exactly like a one-sided movement. Those moments are not judged and not counted
as analysable.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.motion.recorder import RawMotion
from twitch_tracker.records import QualityReason

__all__ = ["usable_reasons"]

TURN_DEG: Final = 15.0
TURN_WITHIN_S: Final = 0.25
"""A turn or nod of more than 15 degrees within a quarter of a second is not judged:
at such speeds (60 degrees a second) the mesh trails behind the face."""


def usable_reasons(raw: RawMotion) -> tuple[tuple[QualityReason, ...], ...]:
    """Add what only neighbouring frames can tell to each frame's reasons.

    Parameters
    ----------
    raw : RawMotion
        What was recorded.

    Returns
    -------
    tuple of tuple of QualityReason
        One a frame; empty for a usable frame. A frame without a mesh always
        has a reason.
    """
    hasty = _fast_turn(raw.pose_deg, raw.time_s)
    unseen = ~np.isfinite(raw.points_px[:, 0, 0])
    unsaid = unseen & np.array([not r for r in raw.reasons], bool)
    return tuple(
        _with(
            _with(reasons, QualityReason.FAST_TURN, turning), QualityReason.NO_FACE, no
        )
        for reasons, turning, no in zip(raw.reasons, hasty, unsaid, strict=True)
    )


def _with(
    reasons: tuple[QualityReason, ...], reason: QualityReason, applies: bool
) -> tuple[QualityReason, ...]:
    return (*reasons, reason) if applies and reason not in reasons else reasons


def _fast_turn(
    pose_deg: NDArray[np.float32], time_s: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Mark every frame within a window whose yaw or pitch spans too much."""
    hasty = np.zeros(len(time_s), bool)
    ends = np.searchsorted(time_s, time_s + TURN_WITHIN_S, side="right")
    for first, end in enumerate(ends):
        window = pose_deg[first:end, :2]
        window = window[np.isfinite(window).all(axis=1)]
        if len(window) and np.ptp(window, axis=0).max() > TURN_DEG:
            hasty[first:end] = True
    return hasty
