"""Folds that a contraction shades into the skin.

Three crow's feet and a fold under a squeezed eye, the nasolabial fold beside a raised
mouth corner, and lines on the forehead over a raised brow. Each is a dark Gaussian line
with a lighter one beside it, in widths of io, by eye; contrasts are those of soft light.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from studies.truth.third.geometry import Area, Force, Half
from twitch_tracker.simulate.picture.resampling import Field

__all__ = ["light_of"]

_CROWS_FEET: Final = ((-0.45, 0.8), (0.0, 1.0), (0.45, 0.9))
"""Angle below straight outward in radians, and depth as a share of the middle one's."""
_FOREHEAD_IO: Final = (-0.04, 0.0, 0.04)
"""Where lines lie, around a tenth of io above the brow."""


def light_of(half: Half, force: Force, area: Area) -> Field:
    """Return by how much folds lighten or darken each pixel, 1 where nothing is.

    Parameters
    ----------
    half : Half
        Which half of a face.
    force : Force
        What it does.
    area : Area
        Where.
    """
    light = np.ones(area.place.shape[:2], np.float32)
    if force.wrinkles > 0.02:
        light += force.wrinkles * _around_eye(half, area)
    raised_mm = force.corner_mm + 0.4 * force.cheek_mm
    if raised_mm > 0.1:
        light += min(raised_mm / 5, 1.2) * _nasolabial(half, area)
    if force.brow_mm > 0.3:
        light += min(force.brow_mm / 3, 1.0) * _forehead(half, area)
    return light


def _around_eye(half: Half, area: Area) -> Field:
    """Crow's feet, and the fold under the eye."""
    io, light = half.io_px, np.zeros(area.place.shape[:2], np.float32)
    away = area.place - (half.line("upper")[0] + 0.05 * io * half.outward)
    for angle, depth in _CROWS_FEET:
        along = np.cos(angle) * half.outward + np.sin(angle) * half.down
        across = np.cos(angle) * half.down - np.sin(angle) * half.outward
        out, aside = away @ along / (io * half.narrow), away @ across / io
        length = np.clip(out / 0.03, 0, 1) * np.clip((0.2 - out) / 0.12, 0, 1)
        dark = 0.13 * _bell(aside / 0.012) - 0.05 * _bell((aside - 0.025) / 0.012)
        light -= depth * length * dark
    under = area.place - (half.line("lower")[4] + 0.09 * io * half.down)
    out = under @ half.outward / (io * half.narrow)
    low = under @ half.down / io + 0.6 * out * out
    dark = 0.14 * _bell(low / 0.009) - 0.05 * _bell((low - 0.025) / 0.012)
    return np.asarray(light - _bell(out / 0.1) * dark)


def _nasolabial(half: Half, area: Area) -> Field:
    """Return the fold from the wing of the nose past the mouth corner."""
    io, outward = half.io_px, half.outward
    first = half.point("ala") + 0.06 * io * half.narrow * outward
    last = half.point("corner") + 0.09 * io * outward + 0.01 * io * half.down
    length = max(float(np.hypot(*(last - first))), 1e-6)
    along = (last - first) / length
    across = np.array([-along[1], along[0]], np.float32)
    across = across if across @ outward > 0 else -across
    away = area.place - first
    share = away @ along / length
    aside = away @ across / io - 0.025 * np.sin(np.pi * np.clip(share, 0, 1))
    part = np.clip((share + 0.1) / 0.3, 0, 1) * np.clip((1.15 - share) / 0.3, 0, 1)
    soft = np.minimum(aside, 0.6 * aside) / 0.018
    return np.asarray(part * (0.07 * _bell((aside - 0.05) / 0.03) - 0.13 * _bell(soft)))


def _forehead(half: Half, area: Area) -> Field:
    """Lines over the middle of the brow."""
    io = half.io_px
    away = area.place - (half.line("brow_over")[2] - 0.1 * io * half.down)
    beside = _bell(away @ half.outward / (0.13 * io * half.narrow))
    high = away @ half.down / io
    lines = sum(_bell((high - at) / 0.008) for at in _FOREHEAD_IO)
    return np.asarray(-0.08 * beside * lines)


def _bell(value: Field) -> Field:
    return np.asarray(np.exp(-0.5 * value * value), dtype=np.float32)
