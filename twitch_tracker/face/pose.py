"""Head pose, interocular distance and iris diameter from one mesh.

Pure numpy. A symmetric reference head is laid over the mesh by a similarity
transform (turn, scale, shift) fitted to points that facial contractions hardly
move, robustly: a point which disagrees (a squeezed eye corner, a lifted brow)
loses its weight instead of turning the head.

The convention that bites: mesh axes are x right in the picture (the subject's
left), y down, z away from the camera. Yaw is positive when the subject turns to
their own left, pitch when they look up, roll when the head tilts to their own
left shoulder. Zero pitch is the median of people looking at a camera.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import BadShape
from twitch_tracker.face.median import median
from twitch_tracker.regions import (
    IRIS,
    LOWER_LID,
    MESH_POINTS,
    RIGID_POINTS,
    SIDES,
    UPPER_LID,
    Side,
)

__all__ = ["HeadPose", "fit_head_pose", "measure_iris_px"]

_MIDLINE: Final = {
    168: (0.0401, -0.1578),
    6: (0.1264, -0.2075),
    197: (0.2082, -0.2655),
    195: (0.2862, -0.3297),
    5: (0.3653, -0.3948),
    9: (-0.1434, -0.1729),
    8: (-0.0462, -0.1624),
    151: (-0.3473, -0.1363),
    10: (-0.5305, -0.0894),
}
"""y and z of the reference head's midline, in interocular distances."""

_PAIRS: Final = {
    (108, 337): (0.1861, -0.3492, -0.1196),
    (109, 338): (0.2127, -0.5225, -0.0724),
    (122, 351): (0.0650, 0.1452, -0.1817),
    (193, 417): (0.0859, 0.0479, -0.1111),
    (133, 362): (0.1947, 0.1066, 0.0287),
    (33, 263): (0.5000, 0.0953, 0.0883),
    (127, 356): (0.7799, 0.1638, 0.6377),
    (234, 454): (0.7773, 0.3335, 0.6883),
}
"""x, y, z of the reference head's paired points (right, left); x is the left one's.

Both tables were derived from attention meshes of 40 development videos:
generalised Procrustes analysis of the frames within 15 degrees of frontal,
median within each video, then over videos, mirrored and averaged, scaled to an
outer canthal distance of 1, tilted so that the median pitch of 18 videos of
resting or talking people is zero.
"""


def _reference() -> NDArray[np.float64]:
    """Lay out the reference head in the order of `RIGID_POINTS`, shape (n, 3)."""
    head = {point: (0.0, y, z) for point, (y, z) in _MIDLINE.items()}
    for (right, left), (x, y, z) in _PAIRS.items():
        head[right], head[left] = (-x, y, z), (x, y, z)
    return np.array([head[point] for point in RIGID_POINTS])


_POINTS: Final = np.array(RIGID_POINTS)
_REFERENCE: Final = _reference()

_ITERATIONS: Final = 6
_CAUCHY_WIDTH: Final = 1.5
"""Half-weight distance of the robust fit, in median residuals.

Cauchy weights 1 / (1 + (r / c)^2); c near 1.5 median absolute residuals keeps
about 90 % efficiency for Gaussian errors (Holland & Welsch 1977).
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadPose:
    """How the head stands in one picture.

    Attributes
    ----------
    yaw_deg, pitch_deg, roll_deg : float
        Signs as in `records.FaceObservation.pose_deg`.
    rotation : NDArray[np.float64]
        Matrix, shape (3, 3), which turns the reference head into the picture.
    scale_px : float
        Interocular distance in pixels as seen frontally: the outer canthal
        distance of the reference head, laid over this one. Two to three times
        steadier from frame to frame than the distance between the two canthi
        themselves, and not changed when an eye is squeezed.
    shift_px : NDArray[np.float64]
        Shape (3,): where the reference head's origin is in the picture.
    misfit : float
        Median distance of the fitted points from the reference head, in
        interocular distances.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    rotation: NDArray[np.float64]
    scale_px: float
    shift_px: NDArray[np.float64]
    misfit: float

    def to_head(self, points_px: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Turn points of the picture, shape (..., 3), into the head's own frame.

        The result is frontal and in interocular distances of the reference.
        """
        centred = np.asarray(points_px, np.float64) - self.shift_px
        head: NDArray[np.float64] = centred @ self.rotation / self.scale_px
        return head


def fit_head_pose(landmarks_px: NDArray[np.floating[Any]]) -> HeadPose:
    """Fit the reference head to a mesh.

    Iteratively reweighted least squares around the closed-form similarity of
    Umeyama (1991, IEEE TPAMI 13:376).

    Parameters
    ----------
    landmarks_px : NDArray
        Shape (478, 3).

    Returns
    -------
    HeadPose
        The pose.

    Raises
    ------
    BadShape
        If the mesh has another shape.
    """
    _check(landmarks_px)
    seen = np.asarray(landmarks_px, np.float64)[_POINTS]
    weight = np.ones(len(seen))
    for _ in range(_ITERATIONS):
        scale, rotation, shift = _similarity(_REFERENCE, seen, weight)
        off = seen - (scale * _REFERENCE @ rotation.T + shift)
        residual = np.sqrt(np.add.reduce(off**2, axis=1))
        middle = float(median(residual))
        width = _CAUCHY_WIDTH * middle + 1e-9
        weight = 1.0 / (1.0 + (residual / width) ** 2)
    yaw, pitch, roll = _angles_deg(rotation)
    return HeadPose(
        yaw_deg=yaw,
        pitch_deg=pitch,
        roll_deg=roll,
        rotation=rotation,
        scale_px=scale,
        shift_px=shift,
        misfit=middle / scale,
    )


def _similarity(
    source: NDArray[np.float64],
    target: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Weighted similarity: scale, rotation, shift with target = s R source + t."""
    share = weight / np.add.reduce(weight)
    from_mid, to_mid = share @ source, share @ target
    from_, to = source - from_mid, target - to_mid
    left, stretch, right = np.linalg.svd((to * share[:, None]).T @ from_)
    flip = np.array([1.0, 1.0, _handedness(left @ right)])
    rotation = (left * flip) @ right
    spread = float(share @ np.add.reduce(from_**2, axis=1))
    scale = max(float(np.add.reduce(stretch * flip)) / spread, 1e-9)
    return scale, rotation, to_mid - scale * rotation @ from_mid


def _handedness(turn: NDArray[np.float64]) -> float:
    """Return the determinant of an orthogonal matrix: 1, or -1 if it mirrors."""
    (a, b, c), (d, e, f), (g, h, i) = turn.tolist()
    return math.copysign(
        1.0, a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    )


def _angles_deg(rotation: NDArray[np.float64]) -> tuple[float, float, float]:
    """Split a rotation into yaw, pitch and roll (applied in the order roll first).

    The face looks along -z of its own frame; `ahead` is that direction in the
    picture. Roll is what is left after undoing yaw and pitch.
    """
    ahead = -rotation[:, 2]
    yaw = math.atan2(ahead[0], -ahead[2])
    pitch = math.asin(min(max(-ahead[1], -1.0), 1.0))
    across = np.array([math.cos(yaw), 0.0, math.sin(yaw)])
    down = np.cross(-ahead, across)
    left = rotation[:, 0]
    roll = math.atan2(float(left @ down), float(left @ across))
    return math.degrees(yaw), math.degrees(pitch), math.degrees(roll)


OPEN_ENOUGH: Final = 0.4
"""Lid opening over iris diameter below which the iris is guessed, not seen.

A palpebral aperture is about 10 mm and the iris 11.7 mm wide, so a relaxed open
eye is at 0.7-0.9.
"""


def measure_iris_px(landmarks_px: NDArray[np.floating[Any]]) -> float:
    """Measure the mean horizontal iris diameter of the open eyes.

    An iris faces the camera when the subject looks at it, so no yaw correction
    is applied.

    Parameters
    ----------
    landmarks_px : NDArray
        Shape (478, 3).

    Returns
    -------
    float
        Pixels; NaN when neither eye is open enough to show its iris.
    """
    _check(landmarks_px)
    mesh = np.asarray(landmarks_px, np.float64)
    seen = [width for side in SIDES if (width := _iris_px(mesh, side)) is not None]
    return float(np.mean(seen)) if seen else float("nan")


def _iris_px(mesh: NDArray[np.float64], side: Side) -> float | None:
    """Horizontal diameter of one iris; None when the lids cover it."""
    rim = mesh[list(IRIS[side][1:]), :2]
    width = float(np.linalg.norm(rim[0] - rim[2]))
    gap = mesh[list(UPPER_LID[side]), :2] - mesh[list(LOWER_LID[side]), :2]
    opening = float(np.linalg.norm(gap, axis=1).max())
    return width if width > 0 and opening >= OPEN_ENOUGH * width else None


def _check(landmarks_px: NDArray[np.floating[Any]]) -> None:
    """Refuse anything but a whole mesh."""
    if landmarks_px.shape != (MESH_POINTS, 3):
        raise BadShape("landmarks_px", f"({MESH_POINTS}, 3)", landmarks_px.shape)
