"""A face as the second injector sees it: from the face landmarker's mesh.

Lengths are interocular distances (io), the three-dimensional distance between
the lateral canthi, so that a turned head shortens only what it should. `lateral`
and `up` are the face's own axes of one side as they appear in the picture.
Numbers of landmarks follow the canonical face model (see `regions`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from twitch_tracker.errors import BadParameter, BadShape
from twitch_tracker.regions import MESH_POINTS, Side

__all__ = ["COLUMNS", "Face", "LidLines", "Points"]

Points = NDArray[np.float64]

COLUMNS: Final = 161
"""Places along an eye at which its lines are known."""
SPAN: Final = (-0.6, 1.4)
"""First and last of them, in eye widths from the lateral to the medial canthus."""

_IRIS_MM: Final = 11.7  # horizontal diameter in adults
_LIKELY_MM: Final = (70.0, 115.0)  # between the lateral canthi, children to large men
_USUAL_MM: Final = 90.0

_MARK: Final = {
    Side.RIGHT: {
        "canthi": (33, 133),
        "upper": (246, 161, 160, 159, 158, 157, 173),
        "lower": (7, 163, 144, 145, 153, 154, 155),
        "brow": (46, 53, 52, 65, 55),
        "brow_line": (63, 105, 66),
        "corner": (61, 78),
        "lip": (40, 39),
        "ala": (129, 102),
        "malar": (50, 101, 118),
        "fold": (129, 203, 206, 216, 212),
        "iris": (469, 471),
    },
    Side.LEFT: {
        "canthi": (263, 362),
        "upper": (466, 388, 387, 386, 385, 384, 398),
        "lower": (249, 390, 373, 374, 380, 381, 382),
        "brow": (276, 283, 282, 295, 285),
        "brow_line": (293, 334, 296),
        "corner": (291, 308),
        "lip": (270, 269),
        "ala": (358, 331),
        "malar": (280, 330, 347),
        "fold": (358, 423, 426, 436, 432),
        "iris": (474, 476),
    },
}
_PHILTRUM: Final = (164, 0, 2)
_NOSE_TIP: Final = (1, 4)
_FOREHEAD, _CHIN = 10, 152


@dataclass(frozen=True, kw_only=True, eq=False)
class LidLines:
    """One eye's lines, in its own frame and in eye widths.

    Attributes
    ----------
    origin : NDArray[np.float64]
        Lateral canthus in the picture, shape (2,).
    along, down : NDArray[np.float64]
        One eye width towards the medial canthus and down the face, in pixels.
    upper, lower, brow : NDArray[np.float64]
        Height of the margins and of the brow's lower edge below the line through
        the canthi, at `COLUMNS` places over `SPAN`.
    """

    origin: Points
    along: Points
    down: Points
    upper: Points
    lower: Points
    brow: Points

    @property
    def width_px(self) -> float:
        """Distance between the canthi in the picture."""
        return float(np.hypot(*self.along))


class Face:
    """A mesh with names.

    Parameters
    ----------
    mesh : NDArray
        Shape (478, 3), pixels.
    mm_per_io : float or None
        Millimetres between the lateral canthi; from the irises by default.

    Raises
    ------
    BadShape
        If the mesh has another shape.
    BadParameter
        If the eyes lie on one spot.
    """

    def __init__(self, mesh: NDArray[np.floating[Any]], mm_per_io: float | None):
        if mesh.shape != (MESH_POINTS, 3):
            raise BadShape("mesh", f"({MESH_POINTS}, 3)", mesh.shape)
        self.mesh = np.asarray(mesh, dtype=np.float64)
        left, right = (self._at(side, "canthi")[0] for side in (Side.LEFT, Side.RIGHT))
        self.io_px = float(np.linalg.norm(left - right))
        if not self.io_px > 8.0:
            raise BadParameter("mesh", "eyes more than 8 px apart", self.io_px)
        self.px_per_mm = self.io_px / (mm_per_io or self._mm_per_io())
        across = (left - right) / self.io_px
        rise = self.mesh[_FOREHEAD] - self.mesh[_CHIN]
        rise -= across * float(across @ rise)
        self._across, self._rise = across, rise / max(float(np.linalg.norm(rise)), 1e-9)

    def lateral(self, side: Side) -> Points:
        """Return outward on one side, as seen in the picture, shape (2,)."""
        return np.asarray(self._across[:2] * (1.0 if side is Side.LEFT else -1.0))

    @property
    def up(self) -> Points:
        """Up the face, as seen in the picture, shape (2,)."""
        return np.asarray(self._rise[:2])

    def turned(self, side: Side, angle_deg: float) -> Points:
        """Return direction at an angle above `lateral`, shape (2,)."""
        angle = np.radians(angle_deg)
        return np.asarray(np.cos(angle) * self.lateral(side) + np.sin(angle) * self.up)

    def point(self, side: Side, name: str) -> Points:
        """Return middle of a named place, shape (2,)."""
        return np.asarray(self._at(side, name)[:, :2].mean(axis=0))

    def line(self, side: Side, name: str) -> Points:
        """Return all points of a named line, shape (k, 2)."""
        return np.asarray(self._at(side, name)[:, :2])

    @property
    def philtrum(self) -> Points:
        """Middle of the upper lip."""
        return np.asarray(self.mesh[list(_PHILTRUM), :2].mean(axis=0))

    @property
    def nose_tip(self) -> Points:
        """Tip of the nose."""
        return np.asarray(self.mesh[list(_NOSE_TIP), :2].mean(axis=0))

    @property
    def outline(self) -> NDArray[np.int32]:
        """Convex outline of the face, shape (k, 2)."""
        hull = cv2.convexHull(self.mesh[:468, :2].astype(np.float32))
        return np.asarray(hull[:, 0], dtype=np.int32)

    def lids(self, side: Side) -> LidLines | None:
        """Measure the lines of one eye; None where it is seen from its edge."""
        outer, inner = self.line(side, "canthi")
        along = inner - outer
        width = float(np.hypot(*along))
        if width < 0.1 * self.io_px or width < 4.0:
            return None
        down = np.array([-along[1], along[0]])
        if down @ self.up > 0:
            down = -down
        frame = np.column_stack([along, down]) / width**2

        def line(points: Points) -> Points:
            return _over_columns((points - outer) @ frame)

        margins = [
            np.vstack([outer, self.line(side, name), inner])
            for name in ("upper", "lower")
        ]
        upper, lower = line(margins[0]), line(margins[1])
        return LidLines(
            origin=outer,
            along=along,
            down=down,
            upper=upper,
            lower=np.maximum(lower, upper),
            brow=line(self.line(side, "brow")),
        )

    def _at(self, side: Side, name: str) -> Points:
        return np.asarray(self.mesh[list(_MARK[side][name])])

    def _mm_per_io(self) -> float:
        """Take the scale from the wider iris (the other may be turned or hidden)."""
        wide = 0.0
        for side in Side:
            east, west = self._at(side, "iris")
            wide = max(wide, float(np.linalg.norm(east - west)))
        mm = _IRIS_MM * self.io_px / max(wide, 1e-6)
        return mm if _LIKELY_MM[0] < mm < _LIKELY_MM[1] else _USUAL_MM


def _over_columns(points: Points) -> Points:
    """Smooth line through points, constant beyond its ends."""
    points = points[np.argsort(points[:, 0])]
    keep = np.concatenate([[True], np.diff(points[:, 0]) > 1e-3])
    u, v = points[keep].T
    at = np.clip(np.linspace(*SPAN, COLUMNS), u[0], u[-1])
    if len(u) < 2:
        return np.full(COLUMNS, v[0])
    return np.asarray(PchipInterpolator(u, v)(at))
