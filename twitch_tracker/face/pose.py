"""Head pose, interocular distance and iris diameter from one mesh.

Pure numpy. A symmetric reference head is laid over the mesh by a similarity
transform (turn, scale, shift) fitted to points that facial contractions hardly
move, robustly: a point which disagrees (a squeezed eye corner, a lifted brow)
loses its weight instead of turning the head.

Note: mesh axes are x right in the picture (the subject's left), y down, z away from the
camera. Yaw is positive when the subject turns to their own left, pitch when they look
up, roll when the head tilts to their own left shoulder. Zero pitch is the median of
people looking at a camera.
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
)

__all__ = [
    "HeadPose",
    "fit_head_pose",
    "fit_head_poses",
    "measure_irises_px",
]

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
    """Fit the reference head to a mesh; see `fit_head_poses`.

    Parameters
    ----------
    landmarks_px : NDArray
        Shape (478, 3).

    Raises
    ------
    BadShape
        If the mesh has another shape.
    """
    _check(landmarks_px)
    return fit_head_poses(landmarks_px[None])[0]


def fit_head_poses(landmarks_px: NDArray[np.floating[Any]]) -> list[HeadPose]:
    """Fit the reference head to several meshes, each by itself.

    Iteratively reweighted least squares around the closed-form similarity of
    Umeyama (1991, IEEE TPAMI 13:376). All at once costs little more than one.

    Parameters
    ----------
    landmarks_px : NDArray
        Shape (meshes, 478, 3).

    Returns
    -------
    list of HeadPose
        The same to the bit for a mesh, whatever the others are.
    """
    seen = np.ascontiguousarray(landmarks_px[:, _POINTS], np.float64)
    weight = np.ones(seen.shape[:2])
    for _ in range(_ITERATIONS):
        scale, rotation, shift = _similarities(_REFERENCE, seen, weight)
        head = scale[:, None, None] * (_REFERENCE @ rotation.transpose(0, 2, 1))
        residual = np.sqrt(np.add.reduce((seen - (head + shift)) ** 2, axis=2))
        middle = median(residual)
        width = _CAUCHY_WIDTH * middle[:, None] + 1e-9
        weight = 1.0 / (1.0 + (residual / width) ** 2)
    return [
        _as_pose(*found)
        for found in zip(rotation, scale.tolist(), shift, middle.tolist(), strict=True)
    ]


def _as_pose(
    rotation: NDArray[np.float64],
    scale: float,
    shift: NDArray[np.float64],
    residual: float,
) -> HeadPose:
    """Describe one fit; `shift` has shape (1, 3)."""
    yaw, pitch, roll = _angles_deg(rotation)
    return HeadPose(
        yaw_deg=yaw,
        pitch_deg=pitch,
        roll_deg=roll,
        rotation=rotation,
        scale_px=scale,
        shift_px=shift[0],
        misfit=residual / scale,
    )


def _similarities(
    source: NDArray[np.float64],
    target: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Fit weighted similarities: scale, rotation, shift with target = s R source + t.

    Shapes (k,), (k, 3, 3) and (k, 1, 3) for one `source` of shape (n, 3), `target` of
    (k, n, 3) and `weight` of (k, n). Sums are plain, not products with a vector: those
    of BLAS depend, on some processors, on where in memory a target lies, and so on how
    many there are.
    """
    share = (weight / np.add.reduce(weight, axis=1, keepdims=True))[:, :, None]
    from_mid = np.add.reduce(share * source, axis=1, keepdims=True)
    to_mid = np.add.reduce(share * target, axis=1, keepdims=True)
    from_, to = source - from_mid, target - to_mid
    weighted = share * to
    spread = np.add.reduce(np.add.reduce(share * from_**2, axis=2), axis=1)
    mixed = weighted.transpose(0, 2, 1) @ from_
    left, stretch, right = np.linalg.svd(mixed)
    flip = np.ones_like(stretch)
    flip[:, 2] = _handedness(left @ right)
    rotation = (left * flip[:, None]) @ right
    scale = np.maximum(np.add.reduce(stretch * flip, axis=1) / spread, 1e-9)
    turned = np.add.reduce(rotation * from_mid, axis=2)[:, None]
    shift = to_mid - scale[:, None, None] * turned
    return scale, rotation, shift


def _handedness(turn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the determinants of orthogonal matrices: 1, or -1 where one mirrors."""
    a, b, c, d, e, f, g, h, i = turn.reshape(-1, 9).T
    det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    return np.asarray(np.copysign(1.0, det), np.float64)


def _angles_deg(rotation: NDArray[np.float64]) -> tuple[float, float, float]:
    """Split a rotation into yaw, pitch and roll (applied in the order roll first).

    The face looks along -z of its own frame; that direction in the picture is the
    negative of the last column. Roll is what is left after undoing yaw and pitch.
    """
    (x0, _, z0), (x1, _, z1), (x2, _, z2) = rotation.tolist()
    yaw = math.atan2(-z0, z2)
    pitch = math.asin(min(max(z1, -1.0), 1.0))
    across = (math.cos(yaw), math.sin(yaw))
    down = (z1 * across[1], z2 * across[0] - z0 * across[1], -z1 * across[0])
    roll = math.atan2(
        x0 * down[0] + x1 * down[1] + x2 * down[2], x0 * across[0] + x2 * across[1]
    )
    return math.degrees(yaw), math.degrees(pitch), math.degrees(roll)


OPEN_ENOUGH: Final = 0.4
"""Lid opening over iris diameter below which the iris is guessed, not seen.

A palpebral aperture is about 10 mm and the iris 11.7 mm wide, so a relaxed open
eye is at 0.7-0.9.
"""


def _iris_and_lids() -> NDArray[np.intp]:
    """List pairs of points: both ends of the iris, then of each line across the lids.

    Shape (2, sides, pairs).
    """
    pairs = [
        [
            (IRIS[side][1], IRIS[side][3]),
            *zip(UPPER_LID[side], LOWER_LID[side], strict=True),
        ]
        for side in SIDES
    ]
    return np.moveaxis(np.array(pairs), 2, 0)


_IRIS_AND_LIDS: Final = _iris_and_lids()


def measure_irises_px(landmarks_px: NDArray[np.floating[Any]]) -> list[float]:
    """Measure the mean horizontal iris diameter of the open eyes.

    An iris faces the camera when the subject looks at it, so no yaw correction
    is applied.

    Parameters
    ----------
    landmarks_px : NDArray
        Shape (meshes, 478, 3).

    Returns
    -------
    list of float
        Pixels for every mesh; NaN when neither eye is open enough to show its iris.
    """
    apart = np.asarray(
        landmarks_px[:, _IRIS_AND_LIDS[0], :2] - landmarks_px[:, _IRIS_AND_LIDS[1], :2],
        np.float64,
    )
    long = np.sqrt(np.add.reduce(apart**2, axis=3))
    width, opening = long[..., 0], long[..., 1:].max(axis=2)
    seen = (width > 0) & (opening >= OPEN_ENOUGH * width)
    return [
        sum(widths) / len(widths) if (widths := eyes[shown].tolist()) else math.nan
        for eyes, shown in zip(width, seen, strict=True)
    ]


def _check(landmarks_px: NDArray[np.floating[Any]]) -> None:
    """Refuse anything but a whole mesh."""
    if landmarks_px.shape != (MESH_POINTS, 3):
        raise BadShape("landmarks_px", f"({MESH_POINTS}, 3)", landmarks_px.shape)
