"""Where the skin goes: pulls along muscle lines, none beyond the face.

Every pull is an elliptic bump, longer before its centre than behind it and
narrow across, on a coarse grid that is enlarged to the picture's. The inverse is
taken by one step of fixed-point iteration, which is exact enough for
displacements of a tenth of their width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from studies.truth.second.geometry import Face, Points
from studies.truth.second.style import SideStyle
from twitch_tracker.regions import Side
from twitch_tracker.simulate.picture.resampling import Field

__all__ = ["Block", "Force", "Pull", "block_of", "displacement", "pulls_of"]

_REACH: Final = 2.6
"""Half widths after which a pull is over."""
_CELL_IO: Final = 1 / 40
"""Size of a cell of the coarse grid."""
_EDGE_IO: Final = 0.07
"""Distance inside the face's outline over which the skin begins to move."""


@dataclass(frozen=True, kw_only=True)
class Force:
    """What one side does at one moment.

    Attributes
    ----------
    lids : float
        Closure of the eye, 0 to 1.
    mouth_mm, cheek_mm, brow_mm : float
        Displacements.
    """

    lids: float = 0.0
    mouth_mm: float = 0.0
    cheek_mm: float = 0.0
    brow_mm: float = 0.0

    @property
    def any(self) -> bool:
        """Whether anything moves visibly."""
        return max(self.lids, self.mouth_mm, self.cheek_mm, self.brow_mm) > 1e-3


@dataclass(frozen=True, kw_only=True, eq=False)
class Pull:
    """One bump of displacement; pixels.

    Attributes
    ----------
    centre, step, along : NDArray[np.float64]
        Where, how far, and the direction of the long axis, shape (2,).
    ahead, behind, across : float
        Half widths before, behind and beside the centre.
    """

    centre: Points
    step: Points
    along: Points
    ahead: float
    behind: float
    across: float


@dataclass(frozen=True)
class Block:
    """Part of the picture that is worked on: first and past-the-end pixels."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def cut(self) -> tuple[slice, slice]:
        """Index into the picture."""
        return slice(self.y0, self.y1), slice(self.x0, self.x1)


def pulls_of(face: Face, side: Side, style: SideStyle, force: Force) -> list[Pull]:
    """List what pulls at one side's skin, without the lids' own sliding."""
    io = face.io_px
    found: list[Pull] = []

    def add(
        at: Points,
        deg: float,
        size_px: float,
        widths: tuple[float, float, float],
        axis_deg: float | None = None,
    ) -> None:
        if abs(size_px) < 1e-3:
            return
        axis = face.turned(side, deg if axis_deg is None else axis_deg)
        step = size_px * face.turned(side, deg)
        along = axis / max(float(np.hypot(*axis)), 1e-6)
        ahead, behind, across = (io * width for width in widths)
        found.append(
            Pull(
                centre=at,
                step=step,
                along=along,
                ahead=ahead,
                behind=behind,
                across=across,
            )
        )

    mm, mouth = face.px_per_mm, force.mouth_mm * face.px_per_mm
    add(
        face.point(side, "corner"),
        style.pull_deg,
        mouth,
        (style.ahead, style.behind, style.across),
    )
    add(face.point(side, "lip"), 75, style.lip * mouth, (0.12, 0.12, 0.1), 0)
    add(face.point(side, "ala"), 60, style.ala * mouth, (0.1, 0.08, 0.09), 90)
    add(face.philtrum, 10, style.philtrum * mouth, (0.14, 0.14, 0.12), 0)
    add(face.nose_tip, 5, 0.25 * style.philtrum * mouth, (0.14, 0.14, 0.12), 90)
    malar = face.point(side, "malar")
    add(malar, style.cheek_deg, force.cheek_mm * mm, (0.24, 0.2, 0.15), 20)
    brow = face.point(side, "brow_line")
    add(brow, 90 * style.brow_up, force.brow_mm * mm, (0.28, 0.24, 0.12), 0)
    outer, inner = face.line(side, "canthi")
    width = float(np.hypot(*(inner - outer)))
    squeeze = force.lids * style.canthus * width
    add(outer, 180, squeeze, (0.13, 0.22, 0.1), 180)
    below = face.line(side, "lower").mean(axis=0) - 0.3 * width * face.up
    add(below, 95, 0.9 * squeeze, (0.16, 0.2, 0.07), 0)
    return found


def block_of(
    face: Face,
    pulls: Sequence[Pull],
    others: Sequence[Points],
    shape: tuple[int, ...],
) -> Block | None:
    """Find the part of a picture that pulls and further points reach."""
    outline = face.outline
    corners = list(others)
    for pull in pulls:
        aside = np.array([-pull.along[1], pull.along[0]]) * pull.across
        for way in (pull.ahead * pull.along, -pull.behind * pull.along):
            for end in (way + aside, way - aside):
                place = pull.centre + _REACH * end
                corners.append(np.clip(place, outline.min(0), outline.max(0)))
    if not corners:
        return None
    low = np.maximum(np.floor(np.min(corners, axis=0)), 0).astype(int)
    high = np.minimum(np.ceil(np.max(corners, axis=0)) + 1, shape[1::-1]).astype(int)
    if (high - low < 8).any():
        return None
    return Block(int(low[0]), int(low[1]), int(high[0]), int(high[1]))


def displacement(face: Face, pulls: Sequence[Pull], block: Block) -> Field:
    """Return how far the skin shown at each pixel has come, shape (h, w, 2)."""
    cell = max(2.0, _CELL_IO * face.io_px)
    columns = int(np.ceil((block.x1 - block.x0) / cell)) + 1
    rows = int(np.ceil((block.y1 - block.y0) / cell)) + 1
    xs = block.x0 + (np.arange(columns, dtype=np.float32) + 0.5) * cell - 0.5
    ys = block.y0 + (np.arange(rows, dtype=np.float32) + 0.5) * cell - 0.5
    x, y = np.meshgrid(xs, ys)
    inside = _inside(face, block, cell, (rows, columns))
    first = _sum(pulls, x, y) * inside
    field = _sum(pulls, x - first[..., 0], y - first[..., 1]) * inside
    width, height = block.x1 - block.x0, block.y1 - block.y0
    size = (round(columns * cell), round(rows * cell))
    large = cv2.resize(field, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(large[:height, :width], dtype=np.float32)


def _sum(pulls: Sequence[Pull], x: Field, y: Field) -> Field:
    """Return displacement at places, shape (rows, columns, 2)."""
    out = np.zeros((*x.shape, 2), dtype=np.float32)
    floor = np.float32(np.exp(-0.5 * _REACH**2))
    for pull in pulls:
        dx, dy = x - np.float32(pull.centre[0]), y - np.float32(pull.centre[1])
        e = pull.along.astype(np.float32)
        along, across = dx * e[0] + dy * e[1], dx * e[1] - dy * e[0]
        width = np.where(along > 0, np.float32(pull.ahead), np.float32(pull.behind))
        far = (along / width) ** 2 + (across / np.float32(pull.across)) ** 2
        bump = np.maximum(np.exp(-0.5 * far) - floor, 0) / (1 - floor)
        out += bump[..., None] * pull.step.astype(np.float32)
    return out


def _inside(face: Face, block: Block, cell: float, shape: tuple[int, int]) -> Field:
    """Return 1 in the face's outline, falling to 0 at it, shape (rows, columns, 1)."""
    mask = np.zeros(shape, dtype=np.uint8)
    places = (face.outline - [block.x0, block.y0] + 0.5) / cell - 0.5
    cv2.fillConvexPoly(mask, np.rint(places).astype(np.int32), (1,))
    bordered = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    depth = cv2.distanceTransform(bordered, cv2.DIST_L2, 3)[1:-1, 1:-1]
    share = np.clip((depth - 0.5) * cell / (_EDGE_IO * face.io_px), 0.0, 1.0)
    return np.asarray(share * share * (3 - 2 * share), np.float32)[..., None]
