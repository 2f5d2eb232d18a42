"""Eyelids that slide over the eye.

Layers at every place of an eye, from below: the eyeball as filmed, shaded by
the lid above it; the lower lid, raised; the upper lid, let down; the lash
line. Each lid carries its margin rigidly and unfolds the skin behind it, which
is what a real lid does. An open eye's lashes point up and would be drawn out to
streaks, so that from a tenth of a closure on they give way to bare lid skin
(`bare_skin`) and to a lash line that points down. All in the eye's own rotated
frame: x from the viewer's left canthus, y down.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.simulate.picture.geometry import EyeGeometry
from twitch_tracker.simulate.picture.resampling import Field, Image, smoothstep
from twitch_tracker.simulate.picture.skin import bare_skin

__all__ = ["LOWER_LID_SHARE", "close_eye", "slide"]

LOWER_LID_SHARE: Final = 0.15
"""Part of the aperture that the lower lid closes (FINDINGS of this project:
looks right and is what trackers answer to)."""

_UNFOLDS: Final = 1.25  # height of the skin that slides, in heights of the lashes
_BELOW: Final = 0.55  # reach of the lower lid's skin, in eye widths
_OVERLAP: Final = 0.02  # how far the closed upper lid passes the lower, eye widths
_LASHES: Final = 0.34  # height of the open eye's lashes above the margin, eye widths
_WING: Final = 0.3  # how far the lashes reach past the outer canthus, eye widths
_INNER: Final = 0.1  # how far past the inner canthus the lid's skin is bare
_CREASE: Final = 0.1  # height of the lid crease above the open margin, eye widths
_FOLD: Final = 0.36  # brightness of the closed fold against lid skin, at most
_FEATHER_PX: Final = 0.8


def close_eye(
    image: Image,
    eye: EyeGeometry,
    closure: float,
    at: Field,
    canvas: Field,
) -> None:
    """Lay the lids of one eye over `canvas`, in place.

    Parameters
    ----------
    image : NDArray[np.uint8]
        The original picture, shape (height, width, 3).
    eye : EyeGeometry
        The eye in `image`.
    closure : float
        0 (as filmed) to 1 (closed).
    at : NDArray[np.float32]
        Original (x, y) that each pixel of `canvas` shows, shape (h, w, 2).
    canvas : NDArray[np.float32]
        What is there so far, shape (h, w, 3); changed where the lids are.
    """
    box = _box(eye, at)
    if box is None:
        return
    part = at[box] - eye.origin_px.astype(np.float32)
    x = part @ eye.along.astype(np.float32)
    y = part @ eye.down.astype(np.float32)
    lid = _Lid(eye, closure, x)
    inside = ((lid.outer(x) > -_WING) & (lid.outer(x) < 1 + _INNER))[..., None]
    mixed = canvas[box] * lid.shadow(y)[..., None]
    lower = eye.sample(image, x, lid.source_of_lower(y))
    mixed += lid.over_lower(y)[..., None] * (lower - mixed)
    mixed += lid.over_upper(y)[..., None] * (_upper_lid(image, lid, x, y) - mixed)
    darker = np.minimum(mixed, _lash_colour(image, eye))
    mixed += lid.lash_line(x, y)[..., None] * (darker - mixed)
    canvas[box] = np.where(inside, mixed, canvas[box])


def _upper_lid(image: Image, lid: _Lid, x: Field, y: Field) -> Field:
    """Return upper-lid skin over the whole block, lashes replaced by bare skin."""
    source = lid.source_of_upper(y)
    skin = lid.eye.sample(image, x, source)
    bare = bare_skin(image, lid.eye, lid.lashes, x, y) * lid.curve(y)[..., None]
    return skin + lid.bare(x, source)[..., None] * (bare - skin)


def _lash_colour(image: Image, eye: EyeGeometry) -> Field:
    """Colour of the closed lash line.

    That of the darkest places along the open upper margin, and never brighter
    than `_FOLD` of the lid skin: light lashes still leave a line of shadow.
    """
    x = np.linspace(0.2, 0.8, 25, dtype=np.float32)[None] * np.float32(eye.width_px)
    margin = _look_up(eye, eye.upper_px, x)
    over = np.linspace(-0.08, 0.02, 6)[:, None].astype(np.float32) * eye.width_px
    lashes = eye.sample(image, np.repeat(x, 6, axis=0), margin + np.float32(over))
    darkest = lashes.mean(axis=2).argmin(axis=0)
    colours = lashes[darkest, np.arange(lashes.shape[1])]
    above = eye.sample(image, x, margin - np.float32(0.3 * eye.width_px))[0]
    shadow = _FOLD * np.median(above, axis=0)
    return np.asarray(np.minimum(np.median(colours, axis=0), shadow), dtype=np.float32)


class _Lid:
    """Lid margins over a block of pixels at one closure."""

    def __init__(self, eye: EyeGeometry, closure: float, x: Field) -> None:
        self.eye = eye
        self.width = eye.width_px
        self.closure = closure
        self.closing = float(smoothstep((closure - 0.1) / 0.35))
        self.open_upper = _look_up(eye, eye.upper_px, x)
        self.open_lower = _look_up(eye, eye.lower_px, x)
        room = float(np.median(eye.upper_px - eye.brow_px))
        self.lashes = min(_LASHES * eye.width_px, 0.75 * room)
        aperture = np.maximum(self.open_lower - self.open_upper, 0.0)
        self.taper = np.clip(aperture / (0.1 * eye.width_px), 0.0, 1.0)
        past = _OVERLAP * eye.width_px * self.taper
        self.upper = self.open_upper + closure * (
            (1 - LOWER_LID_SHARE) * aperture + past
        )
        self.lower = self.open_lower - closure * LOWER_LID_SHARE * aperture
        self.top = self.open_upper - _UNFOLDS * self.lashes
        self.bottom = self.open_lower + _BELOW * eye.width_px

    def source_of_upper(self, y: Field) -> Field:
        """Return where the upper-lid skin shown at `y` was, in the eye's frame."""
        return slide(y, self.top, self.upper, self.open_upper)

    def source_of_lower(self, y: Field) -> Field:
        """Return where the lower-lid skin shown at `y` was."""
        return -slide(-y, -self.bottom, -self.lower, -self.open_lower)

    def bare(self, x: Field, source: Field) -> Field:
        """Return how much of the lid shows bare skin in place of the open lashes."""
        outer = self.outer(x)
        ends = np.minimum(outer + _WING, 1 + _INNER - outer) / 0.28
        lashes = (source - self.open_upper) / self.lashes + 1.15
        return smoothstep(ends) * smoothstep(lashes / 0.45) * np.float32(self.closing)

    def curve(self, y: Field) -> Field:
        """Return brightness of the lid's skin: a soft crease, darker at the margin."""
        down = np.clip(1 - (self.upper - y) / (0.4 * self.width), 0.0, 1.0)
        crease = (y - self.open_upper) / self.width + _CREASE
        fold = np.exp(-0.5 * (crease / np.where(crease < 0, 0.1, 0.16)) ** 2)
        dark = 0.07 * down**2 + 0.05 * fold * self.taper
        return np.asarray(1 - self.closing * dark, np.float32)

    def outer(self, x: Field) -> Field:
        """Place along the eye in eye widths: 0 outer canthus, 1 inner canthus."""
        first = x / np.float32(self.width)
        return first if self.eye.outer_first else 1 - first

    def over_upper(self, y: Field) -> Field:
        """Return the opacity of the upper lid."""
        return smoothstep(0.5 + 0.5 * (self.upper - y) / _FEATHER_PX)

    def over_lower(self, y: Field) -> Field:
        """Return the opacity of the lower lid."""
        return smoothstep(0.5 + 0.5 * (y - self.lower) / _FEATHER_PX)

    def shadow(self, y: Field) -> Field:
        """Return the brightness of the eyeball under the shadow of the upper lid."""
        depth = (y - self.upper) / (0.08 * self.width)
        dark = 0.45 * min(1.0, 2 * self.closure)
        fall = np.exp(-np.maximum(depth, 0.0)) * self.taper
        return np.asarray(1 - dark * fall, np.float32)

    def lash_line(self, x: Field, y: Field) -> Field:
        """Return the opacity of the lash line and of the lashes hanging from it."""
        outer = self.outer(x)
        along = smoothstep((1 - outer) / 0.45) * smoothstep((outer + 0.1) / 0.2)
        depth = (y - self.upper) / self.width
        line = np.exp(-0.5 * (depth / np.where(depth < 0, 0.02, 0.045)) ** 2)
        return np.asarray(0.85 * self.closing * along * line, np.float32)


def slide(y: Field, fixed: Field, margin: Field, open_margin: Field) -> Field:
    """Unfold skin between a fixed line and a margin that moved.

    A cubic through (fixed, fixed) and (margin, open_margin) with slope 1 at
    both ends: the skin at the fixed line and the margin are carried rigidly,
    what lies between is stretched. Monotone up to a threefold stretch
    (Fritsch and Carlson 1980); past the margin it goes on rigidly.
    """
    length = np.maximum(margin - fixed, 1e-3)
    mean = np.maximum((open_margin - fixed) / length, 1 / 3)
    t = np.clip((y - fixed) / length, 0.0, 1.0)
    bend = (1 - mean) * t * (1 - t) * (1 - 2 * t)
    inner = fixed + length * (mean * t + bend)
    inner = np.where(y > margin, open_margin + (y - margin), inner)
    return np.asarray(np.where(y < fixed, y, inner), dtype=np.float32)


def _look_up(eye: EyeGeometry, curve: NDArray[np.float64], x: Field) -> Field:
    return np.interp(x, eye.x_px, curve).astype(np.float32)


def _box(eye: EyeGeometry, at: Field) -> tuple[slice, slice] | None:
    """Return rows and columns of `at` that show the eye or its lids."""
    centre = eye.origin_px + 0.5 * eye.width_px * eye.along
    reach = np.float32(1.1 * eye.width_px)
    near = (np.abs(at - centre.astype(np.float32)) < reach).all(axis=2)
    rows, columns = near.any(axis=1).nonzero()[0], near.any(axis=0).nonzero()[0]
    if len(rows) == 0:
        return None
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(
        int(columns[0]), int(columns[-1]) + 1
    )
