"""Movement of one side that the other side and the head do not explain.

Blinks, smiles and speech move both sides; a turned head shortens one of them.
Both are removed here: the difference between the sides is predicted from the
head's pose by a robust ridge regression on the recording itself, and what is
left is expressed in standard deviations of that person's quiet face. Swapping
the sides swaps the result and changes nothing else.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.motion.baseline import quiet_noise
from twitch_tracker.motion.smoothing import smooth

__all__ = ["SMOOTH_SD_S", "one_sided_evidence", "unexplained_difference"]

Floats = NDArray[np.float64]

SMOOTH_SD_S: Final = 0.03
"""About one frame at 30 fps: tames landmark noise, keeps a 100 ms contraction."""

CAUCHY: Final = 2.385
"""Tuning constant of the Cauchy weight, 95 % efficient on Gaussian noise
(Holland and Welsch 1977)."""

RIDGE: Final = 3e-3
"""Pull of the pose coefficients to zero, as a share of the frames: a head that
keeps still says nothing about its pose's effect."""

_LEVEL_RIDGE: Final = 1e-4
_PASSES: Final = 6
_POSE_UNIT_DEG: Final = 10.0
_RESTS: Final = 0.3
_FEWEST_RESTING: Final = 10


def unexplained_difference(
    difference: Floats, pose_deg: Floats, weight: Floats | None = None
) -> Floats:
    """Remove what the head's pose explains from a right-minus-left difference.

    Parameters
    ----------
    difference : Floats
        Right minus left of any signal, shape (n,); NaN where not measured.
    pose_deg : Floats
        Yaw, pitch, roll, shape (n, 3).
    weight : Floats, optional
        How much each frame says about the face at rest (`reference.rest_weight`),
        shape (n,): a contraction that lasts must not be learned as what the head
        does. All alike by default, and where none of them says anything.

    Returns
    -------
    Floats
        Shape (n,). Only terms that change sign with the mirrored face are
        used (yaw, roll, yaw times pitch), so that sides are treated alike.
    """
    known = np.isfinite(difference) & np.isfinite(pose_deg).all(axis=1)
    if known.sum() < 3:
        return np.full_like(difference, np.nan)
    if weight is None or not weight[known].any():
        weight = np.ones(len(difference))
    resting = known & (weight > _RESTS)
    resting = resting if resting.sum() >= _FEWEST_RESTING else known
    centred = (pose_deg - np.median(pose_deg[resting], axis=0)) / _POSE_UNIT_DEG
    yaw, pitch, roll = centred.T
    terms = np.column_stack([np.ones_like(yaw), yaw, roll, yaw * pitch])
    coefficients = _robust_ridge(terms[known], difference[known], weight[known])
    return np.asarray(difference - terms @ coefficients)


def _robust_ridge(terms: Floats, target: Floats, counts: Floats) -> Floats:
    """Fit a ridge regression reweighted with Cauchy weights, shape (terms,).

    The scale of the misfit is that of the frames that count most; the penalty is as
    for all frames, so that few frames at rest teach little about the pose.
    """
    level = _LEVEL_RIDGE * float(counts.sum())
    pose = RIDGE * len(target)
    penalty = np.diag([level, *[pose] * (terms.shape[1] - 1)])
    resting = counts > _RESTS
    resting = resting if resting.sum() >= _FEWEST_RESTING else np.ones_like(resting)
    coefficients = np.zeros(terms.shape[1])
    coefficients[0] = float(np.median(target[resting]))
    for _ in range(_PASSES):
        miss = target - terms @ coefficients
        at_rest = miss[resting]
        spread = 1.4826 * float(np.median(np.abs(at_rest - np.median(at_rest))))
        weights = counts / (1.0 + (miss / max(CAUCHY * spread, 1e-9)) ** 2)
        weighted = terms * weights[:, None]
        coefficients = np.linalg.solve(
            weighted.T @ terms + penalty, weighted.T @ target
        )
    return coefficients


def one_sided_evidence(
    positions: Floats,
    pose_deg: Floats,
    time_s: Floats,
    noise_floor: float,
    weight: Floats | None = None,
) -> Floats:
    """Return how far each side moved beyond what the other side and the head explain.

    Parameters
    ----------
    positions : Floats
        Displacement from the quiet level, contraction positive, left then
        right, shape (n, 2).
    pose_deg : Floats
        Shape (n, 3).
    time_s : Floats
        Shape (n,).
    noise_floor : float
        Smallest noise to believe in, in the unit of `positions`: a very still
        face does not make small asymmetries into events.
    weight : Floats, optional
        As for `unexplained_difference`.

    Returns
    -------
    Floats
        Shape (n, 2), in standard deviations of the quiet face. A side never
        has more evidence than it moved itself: an eye that opens wide is no
        closure of the other.
    """
    left, right = positions.T
    difference = unexplained_difference(right - left, pose_deg, weight)
    noise = quiet_noise(difference, time_s, SMOOTH_SD_S)
    scale = max(noise_floor, noise) if np.isfinite(noise) else noise_floor
    beyond_other = np.stack([-difference, difference], axis=1)
    evidence = np.minimum(
        smooth(beyond_other, time_s, SMOOTH_SD_S),
        smooth(positions, time_s, SMOOTH_SD_S),
    )
    return np.asarray(evidence / scale)
