"""Light and shadow of contracted skin: crow's feet, folds, a bulging cheek.

Lines are drawn where the contracted skin is and softened to shadows with a bright
rim beside them. Everything multiplies the picture, so that dark skin gets dark
folds and a dim room stays dim.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from studies.truth.second.field import Block, Force
from studies.truth.second.geometry import Face, Points
from studies.truth.second.style import SideStyle
from twitch_tracker.regions import Side
from twitch_tracker.simulate.picture.resampling import Field, Image, blur

__all__ = ["shade"]

_FULL_MM: Final = 5.0
"""Excursion of the mouth corner at which folds are as deep as they get."""
_FOOT_IO: Final = 0.008  # softness of crow's feet
_FOLD_IO: Final = 0.022  # softness of the nasolabial fold
_SHIFT: Final = 4  # OpenCV's fractional bits of places


def shade(
    face: Face, side: Side, style: SideStyle, force: Force, block: Block, moved: Field
) -> Field | None:
    """Return brightness of one side's contracted skin, shape (h, w), or None.

    Parameters
    ----------
    face, side, style, force
        Who contracts, where and how strongly.
    block : Block
        The part of the picture.
    moved : NDArray[np.float32]
        How far the skin at each of its pixels has come, shape (h, w, 2).
    """
    lids = force.lids**1.5
    lower = min(1.0, max(force.mouth_mm, force.cheek_mm) / _FULL_MM)
    light = np.ones(moved.shape[:2], dtype=np.float32)
    if lids > 0.02:
        _feet(light, face, side, style, lids, block, moved)
    if lower > 0.02:
        _fold(light, face, side, style, lower, block, moved)
        malar = face.point(side, "malar")
        _spot(light, face, malar, (0.13, 0.09), style.bulge * lower, block, moved)
        hollow = malar - 0.19 * face.io_px * face.up
        _spot(
            light, face, hollow, (0.15, 0.06), -0.6 * style.bulge * lower, block, moved
        )
    return None if lids <= 0.02 and lower <= 0.02 else light


def _feet(
    light: Field,
    face: Face,
    side: Side,
    style: SideStyle,
    strength: float,
    block: Block,
    moved: Field,
) -> None:
    """Return crow's feet beside the lateral canthus and a fold under the lower lid."""
    outer, inner = face.line(side, "canthi")
    width = float(np.hypot(*(inner - outer)))
    lines = []
    for angle, length in style.lines:
        way = face.turned(side, angle)
        bend = face.turned(side, angle - 90)
        far = np.linspace(0.0, 1.0, 7)[:, None]
        start = outer + width * (0.14 * way + 0.05 * face.turned(side, 2 * angle))
        lines.append(start + width * length * (far * way + 0.12 * far**2 * bend))
    lower = face.line(side, "lower")
    lines.append((lower - 0.2 * width * face.up)[:6])
    _stroke(light, face, lines, _FOOT_IO, style.wrinkles * strength, block, moved)


def _fold(
    light: Field,
    face: Face,
    side: Side,
    style: SideStyle,
    strength: float,
    block: Block,
    moved: Field,
) -> None:
    """Draw the fold from the wing of the nose to beside the mouth."""
    points = face.line(side, "fold")[:4]
    _stroke(light, face, [points], _FOLD_IO, style.fold * strength, block, moved)


def _stroke(
    light: Field,
    face: Face,
    lines: list[Points],
    soft_io: float,
    depth: float,
    block: Block,
    moved: Field,
) -> None:
    """Darken along lines that fade at both ends, with a bright rim above."""
    sigma = max(soft_io * face.io_px, 0.7)
    placed = [_carried(line, block, moved) for line in lines]
    every = np.vstack(placed)
    low = np.maximum(np.floor(every.min(axis=0) - 6 * sigma), 0).astype(int)
    high = np.ceil(every.max(axis=0) + 6 * sigma).astype(int) + 1
    cut = np.s_[low[1] : high[1], low[0] : high[0]]
    part = light[cut]
    if min(part.shape) < 3:
        return
    ink = np.zeros(part.shape, dtype=np.uint8)
    for line in placed:
        _draw(ink, line - low)
    # A hair line of one pixel loses height when it is softened.
    dark = blur(ink.astype(np.float32) / 255, sigma) * np.float32(2.5 * sigma)
    rim = np.array([[1, 0, 0.8 * sigma * face.up[0]], [0, 1, 1.6 * sigma * face.up[1]]])
    bright = cv2.warpAffine(dark, rim, part.shape[::-1])
    part *= 1 - np.float32(depth) * (dark - 0.45 * np.asarray(bright, np.float32))


def _draw(ink: Image, line: Points) -> None:
    """Draw a thin line, faint at its ends."""
    fine = np.linspace(0, len(line) - 1, 13)
    x, y = (np.interp(fine, np.arange(len(line)), line[:, k]) for k in (0, 1))
    places = np.rint(np.column_stack([x, y]) * (1 << _SHIFT)).astype(np.int32)
    for k in range(12):
        tone = 255 * np.sin(np.pi * (k + 0.8) / 12.6) ** 0.8
        cv2.line(
            ink,
            places[k].tolist(),
            places[k + 1].tolist(),
            (float(tone),),
            1,
            cv2.LINE_AA,
            _SHIFT,
        )


def _spot(
    light: Field,
    face: Face,
    centre: Points,
    size_io: tuple[float, float],
    gain: float,
    block: Block,
    moved: Field,
) -> None:
    """Brighten or darken an oval that lies across the face."""
    place = _carried(centre[None], block, moved)[0]
    reach = 2.5 * max(size_io) * face.io_px
    low = np.maximum(np.floor(place - reach), 0).astype(int)
    high = np.ceil(place + reach).astype(int) + 1
    part = light[low[1] : high[1], low[0] : high[0]]
    if part.size == 0:
        return
    y, x = np.ogrid[: part.shape[0], : part.shape[1]]
    dx = (x + low[0] - place[0]).astype(np.float32)
    dy = (y + low[1] - place[1]).astype(np.float32)
    up = face.up / max(float(np.hypot(*face.up)), 1e-6)
    rise, across = dx * up[0] + dy * up[1], dx * up[1] - dy * up[0]
    far = (across / (size_io[0] * face.io_px)) ** 2
    far = far + (rise / (size_io[1] * face.io_px)) ** 2
    floor = np.exp(-3.1)
    bump = np.maximum(np.exp(-0.5 * far) - floor, 0) / (1 - floor)
    part *= (1 + gain * bump).astype(np.float32)


def _carried(points: Points, block: Block, moved: Field) -> Points:
    """Return places of skin in the block after it moved."""
    local = points - [block.x0, block.y0]
    column = np.clip(np.rint(local[:, 0]), 0, moved.shape[1] - 1).astype(int)
    row = np.clip(np.rint(local[:, 1]), 0, moved.shape[0] - 1).astype(int)
    return np.asarray(local + moved[row, column])
