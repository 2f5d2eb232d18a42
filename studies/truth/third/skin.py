"""Skin that is pulled along: bumps of displacement around places of the face.

Each bump is a Gaussian along the face's own axes, with its two widths in io; a half
that is turned away is narrower. Directions: the zygomatic muscle draws the mouth corner
up and outward, the platysma down and outward, the orbicular muscle the skin around the
eye towards it. Widths and shares are the choice of this family.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from studies.truth.third.geometry import MM, Area, Force, Half
from twitch_tracker.simulate.picture.resampling import Field

__all__ = ["displacement"]

_EDGE_IO: Final = 0.12
"""Over which all movement ends at the edge of what may move."""

_Bump = tuple[Field, Field, float, float]
"""Where (pixels), how far (io), widths outward and down (io)."""


def displacement(half: Half, force: Force, area: Area) -> Field:
    """Return how far the skin that each pixel shows has come, shape (h, w, 2), pixels.

    Parameters
    ----------
    half : Half
        Which half of a face.
    force : Force
        What it does.
    area : Area
        Where.
    """
    moved = np.zeros_like(area.place)
    io = half.io_px
    bumps = (*_mouth(half, force), *_brow(half, force), *_beside_eye(half, force))
    for centre, step, wide, high in bumps:
        away = area.place - centre
        u = (away @ half.outward) / np.float32(wide * io * half.narrow)
        v = (away @ half.down) / np.float32(high * io)
        moved += np.exp(-0.5 * (u * u + v * v))[..., None] * np.float32(io) * step
    still = np.clip(area.inside / np.float32(_EDGE_IO * io), 0, 1)
    return np.asarray(moved * still[..., None], dtype=np.float32)


def _mouth(half: Half, force: Force) -> Iterator[_Bump]:
    """Mouth corner, wing of the nose, cheek and jaw."""
    outward, down = half.outward, half.down
    corner, cheek = half.point("corner"), half.point("cheek")
    if force.corner_mm:
        up = force.corner_mm * MM
        pull = (0.62 * half.narrow * outward - 0.78 * down) * up
        yield corner, pull, 0.15, 0.12
        ala = half.point("ala") + 0.04 * half.io_px * outward
        yield ala, (0.35 * outward - 0.9 * down) * 0.35 * up, 0.09, 0.12
        yield cheek, (0.2 * outward - 0.9 * down) * 0.35 * up, 0.17, 0.15
    if force.platysma_mm:
        low = force.platysma_mm * MM
        pull = (0.5 * half.narrow * outward + 0.87 * down) * low
        yield corner, pull, 0.13, 0.13
        along = (0.3 * outward + 0.6 * down) * 0.4 * low
        yield half.point("jaw"), along, 0.15, 0.18
    if force.cheek_mm:
        lift = (0.1 * outward - 0.95 * down) * force.cheek_mm * MM
        yield cheek - 0.02 * half.io_px * down, lift, 0.2, 0.15


def _brow(half: Half, force: Force) -> Iterator[_Bump]:
    """Both ends of the brow."""
    if force.brow_mm:
        line = half.brow()
        for end in (1, 3):
            yield line[end], -0.55 * force.brow_mm * MM * half.down, 0.13, 0.11


def _beside_eye(half: Half, force: Force) -> Iterator[_Bump]:
    """Skin beside and below a closing eye, drawn towards it."""
    if force.lids > 0.01:
        beside = half.line("upper")[0] + 0.1 * half.io_px * half.outward
        inward = -1.44 * MM * force.wrinkles * half.narrow * half.outward
        yield beside, inward, 0.09, 0.11
        below = half.line("lower")[4] + 0.13 * half.io_px * half.down
        yield below, -1.08 * MM * force.lids * half.down, 0.15, 0.07
