"""One half of a face in a picture: its places, its axes and its scale.

Lengths are shares of the distance of the outer canthi (io). Numbers of landmarks are
those of the face landmarker's canonical face.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.regions import Side
from twitch_tracker.simulate.picture.resampling import Field

__all__ = ["LINES", "MM", "POINTS", "Area", "Force", "Half", "area_of"]

MM: Final = 1 / 92.0
"""A millimetre in io: the outer canthi are 92 mm apart, as in adults (Farkas,
*Anthropometry of the Head and Face*, 1994: men 91, women 88)."""

_FACING: Final = 0.5
"""Width of half a face that looks at the camera, io."""
_FORESHORTENED: Final = (0.45, 1.3)
"""Least and largest share of that width that a turned half is drawn with."""
_MARGIN: Final = 0.3
"""Room around the places of a half in which anything moves, io."""
_LEAST_PX: Final = 20

_CANTHI: Final = {Side.RIGHT: 33, Side.LEFT: 263}
_NASION, _UPPER_LIP, _LOWER_LIP = 168, 0, 17
LINES: Final = {
    Side.RIGHT: {
        "upper": (33, 246, 161, 160, 159, 158, 157, 173, 133),
        "lower": (33, 7, 163, 144, 145, 153, 154, 155, 133),
        "brow_under": (46, 53, 52, 65, 55),
        "brow_over": (70, 63, 105, 66, 107),
    },
    Side.LEFT: {
        "upper": (263, 466, 388, 387, 386, 385, 384, 398, 362),
        "lower": (263, 249, 390, 373, 374, 380, 381, 382, 362),
        "brow_under": (276, 283, 282, 295, 285),
        "brow_over": (300, 293, 334, 296, 336),
    },
}
"""Lids from the outer to the inner canthus, brows from their outer to their inner end."""
POINTS: Final = {
    Side.RIGHT: {"corner": 61, "ala": 129, "cheek": 50, "jaw": 150},
    Side.LEFT: {"corner": 291, "ala": 358, "cheek": 280, "jaw": 379},
}


@dataclass(frozen=True, kw_only=True)
class Force:
    """What one half of a face does in one picture.

    Attributes
    ----------
    lids : float
        Share of its aperture by which the eye closes, 0 to 1.
    lower_lid : float
        Share of that which the lower lid does.
    squeeze : float
        How much the skin beside the closing eye wrinkles, 0 to 1.
    corner_mm, cheek_mm : float
        How far mouth corner and cheek go up, millimetres.
    platysma_mm : float
        How far the mouth corner goes down, millimetres.
    brow_mm : float
        How far the brow goes up, or below 0 down, millimetres.
    """

    lids: float = 0.0
    lower_lid: float = 0.22
    squeeze: float = 0.0
    corner_mm: float = 0.0
    cheek_mm: float = 0.0
    platysma_mm: float = 0.0
    brow_mm: float = 0.0

    @property
    def wrinkles(self) -> float:
        """How much the skin beside the eye is wrinkled, 0 to 1."""
        return self.squeeze * self.lids


class Half:
    """One half of a face.

    Parameters
    ----------
    landmarks : NDArray
        Of the whole face, shape (478, 2), pixels.
    side : Side
        Which half, the subject's own.
    """

    def __init__(self, landmarks: NDArray[np.floating[Any]], side: Side) -> None:
        self._landmarks = np.asarray(landmarks, dtype=np.float32)
        self._side = side
        right, left = (
            np.asarray(landmarks[_CANTHI[s]], dtype=np.float64)
            for s in (Side.RIGHT, Side.LEFT)
        )
        self.io_px = float(np.linalg.norm(left - right))
        across = (left - right) / max(self.io_px, 1e-6)
        self.outward = (across if side is Side.LEFT else -across).astype(np.float32)
        self.down = np.array([-across[1], across[0]], dtype=np.float32)
        beside = self.line("upper")[0] - self._landmarks[_NASION]
        width = abs(float(beside @ self.outward)) / max(self.io_px, 1e-6)
        self.narrow = float(np.clip(width / _FACING, *_FORESHORTENED))
        """How wide the half is seen, as a share of one that faces the camera."""

    def line(self, name: str) -> Field:
        """Return all points of a line, shape (k, 2)."""
        return np.asarray(self._landmarks[list(LINES[self._side][name])])

    def point(self, name: str) -> Field:
        """Return one place, shape (2,)."""
        return np.asarray(self._landmarks[POINTS[self._side][name]])

    def brow(self) -> Field:
        """Return the middle line of the brow, shape (5, 2)."""
        return np.asarray((self.line("brow_under") + self.line("brow_over")) / 2)

    def aperture_mm(self) -> float:
        """Return how far the eye is open in its middle, millimetres."""
        gap = self.line("upper")[4] - self.line("lower")[4]
        return float(np.linalg.norm(gap)) / max(self.io_px, 1e-6) / MM

    def reach(self) -> Field:
        """Return corners of what may move, shape (2, 2): least and largest x, y."""
        lips = self._landmarks[[_UPPER_LIP, _LOWER_LIP]]
        points = [self.point(name) for name in ("corner", "cheek", "jaw")]
        places = np.vstack([self.line("upper"), self.line("brow_over"), *points, lips])
        margin = _MARGIN * self.io_px
        return np.array([places.min(0) - margin, places.max(0) + margin])


@dataclass(frozen=True, eq=False)
class Area:
    """The part of a picture that one half of a face takes.

    Attributes
    ----------
    rows, columns : slice
        Where it is in the picture.
    place : NDArray[np.float32]
        Place of each of its pixels in the picture, shape (h, w, 2).
    inside : NDArray[np.float32]
        How far each pixel is from the edge, in pixels, shape (h, w).
    """

    rows: slice
    columns: slice
    place: Field
    inside: Field

    @property
    def cut(self) -> tuple[slice, slice]:
        """Index into the picture."""
        return self.rows, self.columns


def area_of(half: Half, shape: tuple[int, ...]) -> Area | None:
    """Find what may move of a picture; None where too little of it is seen.

    Parameters
    ----------
    half : Half
        Which half of a face.
    shape : tuple of int
        Of the picture: height, width, ...
    """
    (x0, y0), (x1, y1) = (
        (half.reach() + np.array([[0, 0], [1, 1]])).astype(int).tolist()
    )
    x0, y0 = max(x0, 0), max(y0, 0)
    x1, y1 = min(x1, shape[1]), min(y1, shape[0])
    if min(x1 - x0, y1 - y0) < _LEAST_PX:
        return None
    x = np.arange(x0, x1, dtype=np.float32)
    y = np.arange(y0, y1, dtype=np.float32)
    beside = np.minimum(x - x0, x1 - 1 - x)
    above = np.minimum(y - y0, y1 - 1 - y)
    return Area(
        rows=slice(y0, y1),
        columns=slice(x0, x1),
        place=np.stack(np.meshgrid(x, y), axis=-1),
        inside=np.minimum(beside[None], above[:, None]),
    )
