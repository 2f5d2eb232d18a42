"""Whether something covers a part of the face: a hand, a cup, hair.

A part is foreign when its fine pattern no longer agrees with a known view of
the same person in a like pose *and* its shading stands out once the light on
the whole face is accounted for. A change of light alone keeps the pattern, a
contraction keeps most of both. Eyes and lips are not looked at.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.face.likeness import PARTS, View, correlate
from twitch_tracker.face.median import median

__all__ = ["measure_foreignness"]

LIKE_POSE_DEG: Final = 15.0
"""Views further apart than this in yaw or pitch are not compared."""

_LEAST_WEIGHT: Final = 4.0
"""Parts with fewer points facing the camera (summed cosines) are not judged."""

_PART_NUMBERS: Final = np.arange(PARTS)[:, None]
_TINY: Final = 1e-6 * np.eye(2)


def measure_foreignness(view: View, known: View) -> float:
    """Measure how foreign the most foreign part of a face looks.

    Six parts (brow, cheek, jaw on both sides) are compared with a known view:
    mean absolute residual of shading after a robust fit of gain and offset, in
    standard deviations of the known shading, minus the correlation of the fine
    pattern.

    Parameters
    ----------
    view, known : View
        The face now and a good view of the same person.

    Returns
    -------
    float
        From -1 (same picture) to more than 1 (nothing in common); -1 when the
        poses are too different to compare.
    """
    if not _is_like_pose(view, known):
        return -1.0
    weight = np.minimum(view.facing, known.facing)
    residual = _shading_residual(view.broad, known.broad, weight)
    inside = weight * (view.part == _PART_NUMBERS)
    total = inside.sum(axis=1)
    judged = total >= _LEAST_WEIGHT
    inside = inside[judged] / total[judged, None]
    pattern = correlate(view.fine, known.fine, inside)
    shading = (float(part @ residual) for part in inside)
    foreign = (off - float(alike) for off, alike in zip(shading, pattern, strict=True))
    return max(foreign, default=-1.0)


def _is_like_pose(view: View, known: View) -> bool:
    return (
        abs(view.yaw_deg - known.yaw_deg) <= LIKE_POSE_DEG
        and abs(view.pitch_deg - known.pitch_deg) <= LIKE_POSE_DEG
    )


def _shading_residual(
    now: NDArray[np.float32], known: NDArray[np.float32], weight: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Absolute residual of ``now = gain * known + offset``, in known deviations.

    Three rounds of Cauchy-weighted least squares, so that a covered part does
    not bend the fit.
    """
    design = np.column_stack([known, np.ones_like(known)]).astype(np.float64)
    trust = weight.astype(np.float64)
    for _ in range(3):
        normal = design.T @ (design * trust[:, None]) + _TINY
        gain, offset = np.linalg.solve(normal, design.T @ (trust * now))
        error = np.abs(now - (gain * known + offset))
        trust = weight / (1.0 + (error / (1.5 * median(error) + 2.0)) ** 2)
    residual: NDArray[np.float64] = error / (abs(gain) * float(known.std()) + 4.0)
    return residual
