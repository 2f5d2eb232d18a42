"""A mouth that opens wide: lips that part over a dark inside.

The lower lip, chin and the skin around go down, carried rigidly at the lip and
compressed below the chin; the corners follow halfway, so that the lips stay
joined there. In the mouth's own rotated frame: x along the line through the
corners from its middle, y down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from twitch_tracker.simulate.picture.geometry import CHIN, PictureGeometry
from twitch_tracker.simulate.picture.lids import slide
from twitch_tracker.simulate.picture.resampling import Field, smoothstep

__all__ = ["MouthOpening", "open_mouth"]

_INNER_UPPER: Final = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
_INNER_LOWER: Final = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
_SUBNASAL: Final = 2
_BELOW_CHIN: Final = 0.45  # where nothing moves any more, interocular distances
_WIDE: Final = 0.62  # half width of the skin that goes along, interocular distances
_CORNER: Final = 0.45  # how far the corners go down with the jaw
_UPPER: Final = 0.08  # how far the upper lip rises, as a share of the opening
_DARK: Final = (46.0, 20.0, 20.0)  # RGB deep inside
_TONGUE: Final = (118.0, 58.0, 56.0)  # RGB above the lower lip


@dataclass(frozen=True, kw_only=True)
class MouthOpening:
    """What a picture shows once the mouth is open.

    Attributes
    ----------
    at : NDArray[np.float32]
        Original place of every pixel, shape (h, w, 2).
    inside : NDArray[np.float32]
        How much of a pixel is the inside of the mouth, shape (h, w).
    colour : NDArray[np.float32]
        Colour of the inside, shape (h, w, 3).
    """

    at: Field
    inside: Field
    colour: Field


def open_mouth(face: PictureGeometry, opening_mm: float, at: Field) -> MouthOpening:
    """Part the lips of a face.

    Parameters
    ----------
    face : PictureGeometry
        The face in the original picture.
    opening_mm : float
        Distance of the lips' middle from how they were filmed.
    at : NDArray[np.float32]
        Original (x, y) of every pixel with the lips as filmed.
    """
    frame = _MouthFrame(face)
    x, y = frame.coordinates(at)
    opening = opening_mm * face.px_per_mm
    top, bottom = (
        np.interp(x, frame.x_px, c).astype(np.float32)
        for c in (frame.upper, frame.lower)
    )
    inner = np.clip(1 - (x / frame.half) ** 2, 0.0, 1.0) ** 0.55
    wide = np.clip(1 - (x / (_WIDE * face.interocular_px)) ** 2, 0.0, 1.0) ** 2
    jaw = opening * wide * (_CORNER + (1 - _CORNER) * inner)
    lip = opening * wide * (_CORNER * (1 - inner) - _UPPER * inner)
    new_top, new_bottom = top + lip, bottom + jaw
    below = -slide(
        -y, np.full_like(y, -frame.end, dtype=np.float32), -new_bottom, -bottom
    )
    above = slide(y, np.full_like(y, frame.start, dtype=np.float32), new_top, top)
    inside = np.minimum(y - new_top, new_bottom - y)
    source = np.where(y - new_top < new_bottom - y, above, below)
    # What was filmed between the lips is spread out, and fades into the dark.
    gap, new_gap = bottom - top, np.maximum(new_bottom - new_top, 1e-3)
    between = top + (y - new_top) * gap / new_gap
    source = np.where(inside > 0, between, source)
    depth = (y - new_top) / np.maximum(new_gap, 1.0)
    tongue = smoothstep((depth - 0.45) / 0.5).astype(np.float32)[..., None]
    dark, red = (np.array(rgb, dtype=np.float32) for rgb in (_DARK, _TONGUE))
    colour = dark + tongue * (red - dark)
    parted = smoothstep((new_gap - gap) / np.maximum(3.0, 0.8 * gap))
    moved = at + (source - y)[..., None].astype(np.float32) * frame.down
    return MouthOpening(
        at=np.asarray(moved, dtype=np.float32),
        inside=np.asarray(smoothstep(inside / 1.5) * parted, dtype=np.float32),
        colour=np.asarray(colour, dtype=np.float32),
    )


class _MouthFrame:
    """The mouth's own frame."""

    def __init__(self, face: PictureGeometry) -> None:
        mesh = face.mesh_px
        right, left = mesh[78, :2], mesh[308, :2]
        along = left - right
        width = max(float(np.hypot(*along)), 2.0)
        along = along / width
        self.along = along.astype(np.float32)
        self.down = np.array([-along[1], along[0]], dtype=np.float32)
        self.middle = (0.5 * (left + right)).astype(np.float32)
        self.half = 0.5 * width
        self.x_px = np.linspace(-self.half, self.half, 65)
        self.upper = self._curve(mesh, _INNER_UPPER)
        self.lower = np.maximum(self._curve(mesh, _INNER_LOWER), self.upper)
        chin = float((mesh[CHIN, :2] - self.middle) @ self.down)
        self.end = chin + _BELOW_CHIN * face.interocular_px
        self.start = float((mesh[_SUBNASAL, :2] - self.middle) @ self.down)

    def coordinates(self, at: Field) -> tuple[Field, Field]:
        """Return places in this frame."""
        offset = at - self.middle
        return offset @ self.along, offset @ self.down

    def _curve(
        self, mesh: NDArray[np.float64], points: tuple[int, ...]
    ) -> NDArray[np.float64]:
        """Return y of one inner lip over `x_px`."""
        x, y = self.coordinates(mesh[list(points), :2].astype(np.float32))
        order = np.argsort(x)
        x, y = x[order], y[order]
        keep = np.concatenate([[True], np.diff(x) > 1e-3])
        x, y = x[keep], y[keep]
        return np.asarray(PchipInterpolator(x, y)(np.clip(self.x_px, x[0], x[-1])))
