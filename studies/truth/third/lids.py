"""Lids that are drawn over the eye.

The upper lid's skin between the brow and its margin is stretched down; the margin with
its lashes goes down whole. An open lid hides skin in its crease: what comes out of it
has the colour of the skin under the eye, a little darker, with grain. The lower lid
comes up by its share, the ball lies in the lid's shadow, and closed lids meet in a dark
line. Widths and shares are the choice of this family, by eye.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from studies.truth.third.geometry import Force, Half
from twitch_tracker.simulate.picture.resampling import Field, Image, blur, sample

__all__ = ["LidLayer", "close_lids", "window_of"]

_MARGIN_IO: Final = 0.022
"""Height of margin and lashes, which go down whole."""
_OVERLAP_IO: Final = 0.008
"""How far a closed upper lid goes beyond the lower one."""
_BROW_IO: Final = 0.10
"""Least distance of the brow from the open margin."""
_LOWER_REACH_IO: Final = 0.2
"""How far below the eye the skin comes up with the lower lid."""
_SHADOW: Final = 0.35
_SHADOW_IO: Final = 0.03
"""Darkness of the ball under the lid, and how far down it goes."""
_LINE: Final = 0.45
_LINE_FROM: Final = 0.85
"""Darkness of the line in which closed lids meet, and the closure from which it shows."""
_SKIN_IO: Final = 0.11
_SKIN_LIGHT: Final = 0.93
"""Where under the eye the hidden skin has its colour from, and how much darker it is."""
_HIDDEN: Final = 0.7
"""How much of the lid is hidden skin at most ..."""
_HIDDEN_IO: Final = 0.06
"""... which it is once the margin went down so far."""
_GRAIN: Final = 5.0
_GRAIN_SEED: Final = 7
"""Grain of skin in grey levels: the same in every picture, as skin is."""
_ROUND: Final = 0.07
"""How much lighter the middle of a lid is than its ends."""


class LidLayer(NamedTuple):
    """What lids show, and where: both of the window's height and width."""

    shown: Field
    drawn: Field


def window_of(half: Half, shape: tuple[int, ...], corner: Field) -> tuple[slice, slice]:
    """Return which part of an area holds an eye with its lids.

    Parameters
    ----------
    half : Half
        Which half of a face.
    shape : tuple of int
        Of the area: rows, columns, ...
    corner : NDArray
        Place of its first pixel in the picture, shape (2,).
    """
    both, io = np.vstack([half.line("upper"), half.line("lower")]), half.io_px
    low = np.floor(both.min(0) - np.array([0.12, 0.30]) * io) - corner
    high = np.ceil(both.max(0) + np.array([0.12, 0.32]) * io) - corner
    x0, y0 = np.clip(low, 0, shape[1::-1]).astype(int).tolist()
    x1, y1 = np.clip(high, 0, shape[1::-1]).astype(int).tolist()
    return slice(y0, y1), slice(x0, x1)


def close_lids(
    image: Image, base: Field, source: Field, half: Half, force: Force
) -> LidLayer:
    """Draw the lids of one eye over what is shown so far.

    Parameters
    ----------
    image : NDArray[np.uint8]
        The picture as filmed.
    base : NDArray[np.float32]
        What the window shows so far, shape (h, w, 3).
    source : NDArray[np.float32]
        Place in `image` of each of its pixels, shape (h, w, 2).
    half : Half
        Which half of a face.
    force : Force
        What it does.

    Returns
    -------
    LidLayer
        The window with lids, and which of its pixels they changed.
    """
    eye = _Eye(half, force, source)
    skin, upper_from = _upper_lid(image, eye)
    lower, lower_from = _lower_lid(image, eye)
    over_ball = _edge(eye.upper - eye.v, eye)
    over_lower = _edge(eye.v - eye.lower, eye) * (1 - over_ball)
    shadow = _shadow(eye, force) * (1 - over_ball)
    mixed = skin * over_ball[..., None] + lower * over_lower[..., None]
    ball = base * (1 - shadow)[..., None]
    mixed += ball * (1 - over_ball - over_lower)[..., None]
    below = (eye.open_lower + 0.25 * eye.io - eye.v) / (0.03 * eye.io)
    near = eye.near * np.clip(below, 0, 1)
    weight = near[..., None]
    shown = base * (1 - weight) + mixed * weight
    shown *= (1 - _closed_line(eye, force))[..., None]
    slid = (np.abs(upper_from - eye.v) > 0.003) | (np.abs(lower_from - eye.v) > 0.003)
    return LidLayer(shown, (near > 0) & (slid | (shadow > 0.001)))


class _Eye:
    """The lines of one eye at every pixel of a window.

    `u` goes along the eye, from the outer canthus (0) to the inner (1); heights go down
    from the line through both, in pixels.
    """

    def __init__(self, half: Half, force: Force, source: Field) -> None:
        self._upper, self._lower = half.line("upper"), half.line("lower")
        self.io = np.float32(half.io_px)
        self.outer = self._upper[0]
        along = self._upper[-1] - self.outer
        self.width = np.float32(np.hypot(*along))
        self.along = along / self.width
        across = np.array([-self.along[1], self.along[0]], np.float32)
        self.down = across if across @ half.down > 0 else -across
        self.u, self.v = self._own(source)
        self.open_upper = self._curve(self._upper, 4, 0.12)
        self.open_lower = self._curve(self._lower, 4, 0.12)
        brow = self._curve(half.line("brow_under"), 2, 0.15)
        self.brow = np.minimum(brow, self.open_upper - _BROW_IO * self.io)
        ends = np.clip(self.u, 0, 1)
        self.taper = np.clip(np.minimum(ends, 1 - ends) / 0.06, 0, 1)
        gap = np.maximum(self.open_lower - self.open_upper, 0) * self.taper
        over = _OVERLAP_IO * self.io * _logistic((force.lids - 0.9) * 40)
        self.drop = gap * force.lids * (1 - force.lower_lid) + over * self.taper
        self.rise = gap * force.lids * force.lower_lid
        self.upper = self.open_upper + self.drop
        self.lower = self.open_lower - self.rise

    @property
    def near(self) -> Field:
        """1 along the eye, 0 beyond its canthi."""
        before = np.clip((self.u + 0.02) / 0.05, 0, 1)
        return np.asarray(before * np.clip((1.02 - self.u) / 0.05, 0, 1))

    def under(self) -> Field:
        """Return a place under the eye that shows bare skin, shape (2,)."""
        x, y = self._own(self._lower)
        deep = np.polyval(np.polyfit(x, y, 2), 0.5) + _SKIN_IO * self.io
        place = self.outer + 0.5 * self.width * self.along + deep * self.down
        return np.asarray(place, dtype=np.float32)

    def sampled(self, image: Image, height: Field) -> Field:
        """Look at other heights of the same columns."""
        along = (self.u * self.width)[..., None] * self.along
        at = (self.outer + along + height[..., None] * self.down).astype(np.float32)
        return sample(image, at[..., 0], at[..., 1]).astype(np.float32)

    def _own(self, places: Field) -> tuple[Field, Field]:
        """Turn places of the picture into the eye's own."""
        away = places - self.outer
        return np.asarray(away @ self.along / self.width), np.asarray(away @ self.down)

    def _curve(self, line: Field, degree: int, beyond: float) -> Field:
        """Return the height of a line at every pixel, constant `beyond` the canthi."""
        fitted = np.polyfit(*self._own(line), degree).astype(np.float32)
        at = np.clip(self.u, -beyond, 1 + beyond)
        return np.asarray(np.polyval(fitted, at), dtype=np.float32)


def _upper_lid(image: Image, eye: _Eye) -> tuple[Field, Field]:
    """Return the upper lid at every pixel, and the height its skin comes from."""
    margin = _MARGIN_IO * eye.io
    room = np.maximum(eye.open_upper - margin - eye.brow, 1e-3)
    stretched = np.maximum(eye.upper - margin - eye.brow, 1e-3)
    share = np.clip((eye.v - eye.brow) / stretched, 0, 1)
    given = 0.45 * (1 - (1 - share) ** (stretched / room)) + 0.55 * share
    on_margin = eye.v >= eye.upper - margin
    height = np.where(on_margin, eye.v - eye.drop, eye.brow + room * given)
    height = np.where(eye.v < eye.brow, eye.v, height)
    skin = _with_hidden(image, eye, eye.sampled(image, height), share)
    down = np.clip((eye.v - eye.open_upper) / np.maximum(eye.drop, 1e-3), 0, 1)
    deep = np.clip(eye.drop / (0.05 * eye.io), 0, 1) * (eye.drop > 1)
    light = 1 + _ROUND * np.sin(np.pi * down) * deep
    return np.asarray(skin * light[..., None]), np.asarray(height)


def _with_hidden(image: Image, eye: _Eye, lid: Field, share: Field) -> Field:
    """Mix skin into the upper lid that lay in its crease."""
    tone = _tone(image, eye)
    if tone is None:
        return lid
    around = blur(lid, max(2.0, 0.05 * float(eye.io)))
    own = around * (tone / np.maximum(around.mean((0, 1)), 1))
    noise = np.random.default_rng(_GRAIN_SEED).normal(0, _GRAIN, lid.shape[:2])
    grain = blur(noise.astype(np.float32), 1.0)[..., None]
    bell = np.clip((share - 0.12) / 0.3, 0, 1) * np.clip((1 - share) / 0.1, 0, 1)
    much = _HIDDEN * np.clip(eye.drop / (_HIDDEN_IO * eye.io), 0, 1) * bell
    hidden = 0.35 * own + 0.65 * tone + grain
    return np.asarray(lid + much[..., None] * (hidden - lid))


def _tone(image: Image, eye: _Eye) -> Field | None:
    """Return the colour of hidden skin, shape (3,); None outside the picture."""
    x, y = (int(value) for value in eye.under())
    reach = max(3, int(0.035 * eye.io))
    rows = slice(max(y - reach, 0), max(y + reach, 0))
    columns = slice(max(x - 2 * reach, 0), max(x + 2 * reach, 0))
    patch = image[rows, columns].reshape(-1, 3)
    if not patch.size:
        return None
    return np.asarray(_SKIN_LIGHT * np.median(patch, axis=0), dtype=np.float32)


def _lower_lid(image: Image, eye: _Eye) -> tuple[Field, Field]:
    """Return the lower lid at every pixel, and the height its skin comes from."""
    deep = (eye.v - eye.lower) / (_LOWER_REACH_IO * eye.io)
    height = eye.v + eye.rise * np.clip(1 - np.maximum(deep, 0), 0, 1) ** 1.3
    return eye.sampled(image, height), np.asarray(height)


def _shadow(eye: _Eye, force: Force) -> Field:
    """Return how dark the ball is under the lid."""
    deep = np.maximum(eye.v - eye.upper, 0) / (_SHADOW_IO * eye.io)
    dark = _SHADOW * min(2 * force.lids, 1.0) * (eye.drop + eye.rise > 0.02)
    return np.asarray(dark * np.exp(-deep), dtype=np.float32)


def _closed_line(eye: _Eye, force: Force) -> Field:
    """Return how dark the line is in which the lids meet."""
    much = max(force.lids - _LINE_FROM, 0.0) / (1 - _LINE_FROM)
    away = (eye.v - (eye.upper + eye.lower) / 2) / (0.008 * eye.io + 0.4)
    dark = _LINE * much * np.exp(-0.5 * away**2) * eye.taper * eye.near
    return np.asarray(dark, dtype=np.float32)


def _edge(deep_px: Field, eye: _Eye) -> Field:
    """Return opacity of a lid by how far inside it a pixel lies, soft at its edge."""
    return _logistic(deep_px / (0.5 * max(0.7, 0.006 * float(eye.io))))


def _logistic(value: Field | float) -> Field:
    return np.asarray(1 / (1 + np.exp(-np.clip(value, -30, 30))), dtype=np.float32)
