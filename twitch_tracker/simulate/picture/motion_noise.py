"""How a sitting person's head wanders: band-limited, seeded, at any times.

Each degree of freedom is a sum of sines between 0.03 and 0.8 Hz whose
amplitudes fall with frequency, plus breathing; the phases come from the seed.
A sum of sines can be evaluated at irregular times and never repeats within a
recording.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.simulate.plan.scenario import Scenario

__all__ = ["HeadPath", "head_path", "wander"]

_LOW_HZ: Final = 0.03
_HIGH_HZ: Final = 0.8
_WAVES: Final = 14


@dataclass(frozen=True, kw_only=True)
class HeadPath:
    """Pose of the head over time, relative to the still.

    Attributes
    ----------
    shift_px : NDArray[np.float64]
        Shape (n, 2), x to the right and y down.
    angles_deg : NDArray[np.float64]
        Yaw, pitch, roll, shape (n, 3); signs as in `FaceObservation.pose_deg`.
    exposure : NDArray[np.float64]
        Standardised drift of the exposure, shape (n,).
    """

    shift_px: NDArray[np.float64]
    angles_deg: NDArray[np.float64]
    exposure: NDArray[np.float64]

    def rotation(self, index: int) -> NDArray[np.float32]:
        """Return rotation matrix at one time, shape (3, 3); x right, y down, z away."""
        yaw, pitch, roll = np.deg2rad(self.angles_deg[index])
        cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
        cr, sr = np.cos(roll), np.sin(roll)
        # Turning to the subject's left moves the nose (z < 0) to the viewer's
        # right; looking up moves it up; tilting left turns clockwise.
        about_y = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
        about_x = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
        about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        return np.asarray(about_z @ about_x @ about_y, dtype=np.float32)


def wander(
    time_s: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return one standardised wandering coordinate, shape (n,), starting at 0."""
    edges = np.geomspace(_LOW_HZ, _HIGH_HZ, _WAVES + 1)
    frequency = rng.uniform(edges[:-1], edges[1:])
    phase = rng.uniform(0, 2 * np.pi, _WAVES)
    height = frequency**-0.7
    height *= np.sqrt(2 / np.sum(height**2))
    angle = 2 * np.pi * frequency * np.asarray(time_s)[:, None] + phase
    return np.asarray((height * (np.sin(angle) - np.sin(phase))).sum(axis=1))


def head_path(
    scenario: Scenario,
    time_s: NDArray[np.float64],
    px_per_mm: float,
    turn_deg: NDArray[np.float64],
) -> HeadPath:
    """Compute the head's path of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Its `head` and seed are used.
    time_s : NDArray[np.float64]
        Times, shape (n,).
    px_per_mm : float
        Scale of the picture.
    turn_deg : NDArray[np.float64]
        Commanded yaw and pitch, shape (n, 2), added to the wandering.
    """
    rng = np.random.default_rng([scenario.seed, 0])
    head = scenario.head
    x, y, yaw, pitch, roll, light = (wander(time_s, rng) for _ in range(6))
    breath = np.sin(2 * np.pi * np.asarray(time_s) / head.breath_s)
    shift_mm = np.stack(
        [head.shift_mm * x, 0.6 * head.shift_mm * y - head.breath_mm * breath], axis=1
    )
    angles = np.stack(
        [
            head.yaw_deg * yaw + turn_deg[:, 0],
            head.pitch_deg * pitch + 0.3 * head.breath_mm * breath + turn_deg[:, 1],
            head.roll_deg * roll,
        ],
        axis=1,
    )
    return HeadPath(shift_px=px_per_mm * shift_mm, angles_deg=angles, exposure=light)
