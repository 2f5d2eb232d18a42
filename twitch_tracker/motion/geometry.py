"""From points in the head's frame to one number per region and side.

All lengths are fractions of the interocular distance (outer canthi). "Outward"
is away from the midline on either side, so that both sides read alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.motion.headframe import to_head_frame
from twitch_tracker.motion.recorder import KEPT_POINTS, RawMotion
from twitch_tracker.regions import (
    ALA_NASI,
    BROW,
    CHEEK,
    EYE_CORNERS,
    LIPS,
    LOWER_LID,
    ORAL_COMMISSURE,
    RIGID_POINTS,
    SIDES,
    UPPER_LID,
    UPPER_LIP,
    Side,
)

__all__ = ["FaceGeometry", "measure_geometry"]

Floats = NDArray[np.float64]

_OUTWARD: Final = {Side.LEFT: 1.0, Side.RIGHT: -1.0}
"""Sign of x that points away from the midline."""


@dataclass(frozen=True, kw_only=True)
class FaceGeometry:
    """Where each region is, in the head's own frame.

    Attributes
    ----------
    aperture_io : Floats
        Palpebral aperture: mean height between the lid margins over four
        places of each eye, shape (n, sides).
    commissure_io : Floats
        Oral commissure, outward and up, shape (n, sides, 2).
    cheek_io : Floats
        Malar cheek, outward and up, shape (n, sides, 2). Mesh only, hence
        coarse.
    brow_io : Floats
        Height of the brow above its own canthi, shape (n, sides).
    upper_lip_io : Floats
        Upper lip beside the philtrum, outward and up, shape (n, sides, 2).
    ala_io : Floats
        Height of the wing of the nose, shape (n, sides).
    mouth_open_io : Floats
        Distance of the lips' inner edges in the midline, shape (n,).
    """

    aperture_io: Floats
    commissure_io: Floats
    cheek_io: Floats
    brow_io: Floats
    upper_lip_io: Floats
    ala_io: Floats
    mouth_open_io: Floats


CHUNK_FRAMES: Final = 2000
"""Frames measured at a time: what is needed between costs ten times what is kept."""


def measure_geometry(
    raw: RawMotion, template: Floats, usable: NDArray[np.bool_]
) -> FaceGeometry:
    """Measure every region of every usable frame.

    Parameters
    ----------
    raw : RawMotion
        What was recorded; frames without a face give NaN.
    template : Floats
        The person's rigid template, from `headframe.fit_template`.
    usable : NDArray[np.bool_]
        Frames to measure, shape (n,); the others give NaN.

    Returns
    -------
    FaceGeometry
        One entry a frame.
    """
    seen = np.flatnonzero(usable & np.isfinite(raw.points_px[:, 0, 0]))
    whole: dict[str, Floats] = {}
    for first in range(0, max(len(seen), 1), CHUNK_FRAMES):
        frames = seen[first : first + CHUNK_FRAMES]
        for name, values in _measure_frames(raw, frames, template).items():
            if name not in whole:
                whole[name] = np.full((len(raw), *values.shape[1:]), np.nan)
            whole[name][frames] = values
    return FaceGeometry(**whole)


def _measure_frames(
    raw: RawMotion, frames: NDArray[np.intp], template: Floats
) -> dict[str, Floats]:
    """Measure some frames at once; see `FaceGeometry` for the names."""
    points, _, _ = to_head_frame(
        raw.points_px[frames], raw.points(RIGID_POINTS, frames), template
    )
    view = _HeadPoints(points)
    return {
        "aperture_io": view.per_side(view.aperture),
        "commissure_io": view.per_side(
            lambda s: view.outward_up(ORAL_COMMISSURE[s], s)
        ),
        "cheek_io": view.per_side(lambda s: view.outward_up(CHEEK[s], s)),
        "brow_io": view.per_side(view.brow_height),
        "upper_lip_io": view.per_side(lambda s: view.outward_up(UPPER_LIP[s], s)),
        "ala_io": view.per_side(lambda s: view.mean(ALA_NASI[s])[:, 1]),
        "mouth_open_io": view.mouth_open(),
    }


class _HeadPoints:
    """Kept points in the head's frame, shape (n, points, 3), asked by name."""

    def __init__(self, points: Floats) -> None:
        self._points = points

    def mean(self, mesh_points: tuple[int, ...]) -> Floats:
        """Return the centre of some mesh points, shape (n, 3)."""
        places = [KEPT_POINTS.index(p) for p in mesh_points]
        return np.asarray(self._points[:, places].mean(axis=1))

    def per_side(self, of: Callable[[Side], Floats]) -> Floats:
        """Stack a measurement of both sides on axis 1."""
        return np.stack([of(side) for side in SIDES], axis=1)

    def aperture(self, side: Side) -> Floats:
        """Return the height between the lid margins, shape (n,)."""
        return self.mean(UPPER_LID[side])[:, 1] - self.mean(LOWER_LID[side])[:, 1]

    def outward_up(self, mesh_points: tuple[int, ...], side: Side) -> Floats:
        """Return the place of some points, outward and up, shape (n, 2)."""
        return self.mean(mesh_points)[:, :2] * (_OUTWARD[side], 1.0)

    def mouth_open(self) -> Floats:
        """Return the distance of the lips' inner edges, shape (n,)."""
        _, upper, lower, _ = LIPS
        apart = self.mean((upper,)) - self.mean((lower,))
        return np.asarray(np.linalg.norm(apart[:, :2], axis=1))

    def brow_height(self, side: Side) -> Floats:
        """Return the height of the brow above the line of its canthi, shape (n,)."""
        return self.mean(BROW[side])[:, 1] - self.mean(EYE_CORNERS[side])[:, 1]
