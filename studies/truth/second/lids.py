"""Lids that roll over the eye.

The skin from the brow to the upper margin is one elastic band: the lashes' strip
goes down whole, the rest gives less and less up to the brow. What then lies on
the eye is mostly skin that an open lid hides in its crease; its colour is mixed
from the skin above the crease and below the eye, rounded by light as on a ball,
with grain from the band. The lashes' own darkness is turned over to hang from the
margin. The lower lid comes up by its own share. Everything is in the eye's frame
(`geometry.LidLines`): u from the lateral to the medial canthus, v down, eye
widths.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from studies.truth.second.geometry import COLUMNS, SPAN, LidLines, Points
from studies.truth.second.style import SideStyle
from studies.truth.second.worn import without_worn
from twitch_tracker.simulate.picture.resampling import (
    Field,
    Image,
    blur,
    sample,
    sample_field,
    smoothstep,
)

__all__ = ["Band", "close_lids"]

_STRIP: Final = 0.1  # height of the lashes' strip, in distances to the brow
_LEAST_BAND: Final = 0.25  # distance from lid to brow taken at least, eye widths
_OVER: Final = 0.02  # how far the closed upper lid covers the lower, eye widths
_LOWER_REACH: Final = 0.5  # how far down the lower lid's skin gives, eye widths
_FROM, _FULL = 0.1, 0.45  # closures between which the hidden skin comes out
_OPEN: Final = 0.16  # aperture of an eye that is open for sure, eye widths
_LASHES: Final = 0.13  # how far lashes are seen, eye widths
_LINE: Final = 0.02  # half width of the closed lash line, eye widths
_DARK: Final = 0.62  # darkness of that line
_SHADE: Final = 0.3  # darkness of the eyeball just under the lid
_COVER: Final = 0.2  # height above the open margin that open lashes take, eye widths
_WING: Final = 0.32  # over which the hidden skin ends past the lateral canthus, where
# lashes reach furthest
_ENDS: Final = 0.14  # and past the medial one, eye widths
_DROPS: Final = 48
_HEIGHTS: Final = 192
_MOST_DROP, _MOST_HEIGHT = 1.6, 2.4  # of the table, in distances to the brow


class Band:
    """The elastic band between margin and brow, inverted once.

    Parameters
    ----------
    end : float
        Where the pull ends, in distances from lid to brow.
    """

    def __init__(self, end: float) -> None:
        self._end = end
        height = np.linspace(0.0, _MOST_HEIGHT + _MOST_DROP, 800)
        share = np.clip((height - _STRIP) / (end - _STRIP), 0.0, 1.0)
        give = 1 - share * share * (3 - 2 * share)
        shown = np.linspace(-_MOST_DROP, _MOST_HEIGHT, _HEIGHTS)
        drops = np.linspace(0.0, _MOST_DROP, _DROPS)
        self._table = np.array(
            [
                np.interp(shown + drop, height - drop * give + drop, height)
                for drop in drops
            ],
            dtype=np.float32,
        )

    def source(self, shown: Field, drop: Field) -> Field:
        """Open height of the skin that is shown at a height after a drop.

        Both heights are above the open margin; all in distances to the brow.
        """
        step = (_MOST_HEIGHT + _MOST_DROP) / (_HEIGHTS - 1)
        column = (shown + np.float32(_MOST_DROP)) / np.float32(step)
        row = drop * np.float32((_DROPS - 1) / _MOST_DROP)
        found = cv2.remap(
            self._table, column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        # Far above the brow, and beyond the table, nothing moves.
        beyond = shown > self._end
        return np.asarray(np.where(beyond, shown, found), dtype=np.float32)


def close_lids(
    image: Image,
    canvas: Field,
    at: Field,
    eye: LidLines,
    closure: float,
    style: SideStyle,
    band: Band,
) -> None:
    """Lay one eye's lids over a canvas, in place.

    Parameters
    ----------
    image : NDArray[np.uint8]
        The picture as filmed.
    canvas : NDArray[np.float32]
        What is shown so far, shape (h, w, 3).
    at : NDArray[np.float32]
        Place in `image` that each pixel of `canvas` shows, shape (h, w, 2).
    eye : LidLines
        The eye.
    closure : float
        0 to 1 of the open aperture.
    style : SideStyle
        Habits of the side.
    band : Band
        Made for the style's `band`.
    """
    image, eye, at = _surroundings(image, eye, at)
    skin, worn = without_worn(image, eye)
    lid = _Lid(eye, closure, style, at)
    upper = lid.upper_skin(skin, band)
    out = canvas * lid.shadow[..., None]
    out += lid.over_lower[..., None] * (lid.lower_skin(skin) - out)
    if lid.closing > 0:
        hidden = lid.hidden_skin(skin)
        upper += lid.hidden[..., None] * (hidden - upper)
    out += lid.over_upper[..., None] * (upper - out)
    if lid.closing > 0:
        out *= lid.lashes(image, hidden)[..., None]
    stays = sample_field(worn, at[..., 0], at[..., 1])
    canvas += (lid.near * (1 - np.clip(stays, 0, 1)))[..., None] * (out - canvas)


def _surroundings(
    image: Image, eye: LidLines, at: Field
) -> tuple[Image, LidLines, Field]:
    """Cut out what the lids can show; places move along."""
    margin = 0.6 * eye.width_px
    low = np.maximum(np.floor(at.min(axis=(0, 1)) - margin), 0).astype(int)
    high = np.ceil(at.max(axis=(0, 1)) + margin).astype(int) + 1
    low = np.minimum(low, np.array(image.shape[1::-1]) - 1)
    part = np.ascontiguousarray(image[low[1] : high[1], low[0] : high[0]])
    moved = replace(eye, origin=eye.origin - low)
    return part, moved, at - low.astype(np.float32)


class _Lid:
    """Margins and layers over one block of pixels."""

    def __init__(
        self, eye: LidLines, closure: float, style: SideStyle, at: Field
    ) -> None:
        self.eye, self.closure = eye, closure
        width = eye.width_px
        offset = at - eye.origin.astype(np.float32)
        self.u = offset @ (eye.along / width**2).astype(np.float32)
        self.v = offset @ (eye.down / width**2).astype(np.float32)
        self._px = 1.0 / width
        u = np.linspace(*SPAN, COLUMNS)
        aperture = eye.lower - eye.upper
        own = closure ** np.clip(1 - style.zip_ * (0.5 - u), 0.6, 1.6)
        over = _OVER * np.clip(aperture / 0.1, 0, 1) * closure**3
        drop = own * (1 - style.lower_lid) * aperture + over
        rise = own * style.lower_lid * aperture
        far = _smoothed(drop, 0.12)
        room = _smoothed(_room(eye), 0.06)
        first = self._along(eye.upper, eye.lower, room, aperture)
        self.open_upper, self.open_lower, self.room, aperture_here = first
        self.drop, self.far, self.rise = self._along(drop, far, rise)
        self.upper = self.open_upper + self.drop
        self.lower = self.open_lower - self.rise
        self.thick = np.clip(aperture_here / 0.08, 0.0, 1.0)
        # An eye that a blink has closed shows its lid already.
        opened = float(smoothstep(float(aperture.max()) / _OPEN))
        self.closing = opened * float(smoothstep((closure - _FROM) / (_FULL - _FROM)))
        self._past = np.maximum(-self.u, self.u - 1.0)

    @property
    def near(self) -> Field:
        """1 around the eye, 0 where the block ends."""
        side = smoothstep((0.55 - self._past) / 0.15)
        return side * smoothstep((self.v - self.open_upper + 1.5) / 0.2)

    @property
    def over_upper(self) -> Field:
        """Opacity of the upper lid."""
        return smoothstep(0.5 + (self.upper - self.v) / (1.6 * self._px))

    @property
    def over_lower(self) -> Field:
        """Opacity of the lower lid."""
        return smoothstep(0.5 + (self.v - self.lower) / (1.6 * self._px))

    @property
    def shadow(self) -> Field:
        """Brightness of the eyeball under the lowered lid."""
        deep = np.maximum(self.v - self.upper, 0.0) / 0.1
        dark = _SHADE * min(1.0, 2.5 * self.closure) * self.thick
        return np.asarray(1 - dark * np.exp(-deep), dtype=np.float32)

    @property
    def hidden(self) -> Field:
        """How much of the upper lid is skin that came out of the crease."""
        height = (self.upper - self.v) / np.minimum(
            self.drop + _COVER, 0.8 * self.room + self.drop
        )
        end = np.where(self.u < 0.5, np.float32(_WING), np.float32(_ENDS))
        ends = smoothstep((end - self._past) / end)
        return self.closing * ends * smoothstep((1.2 - height) / 0.45)

    def upper_skin(self, image: Image, band: Band) -> Field:
        """Return skin of the band, slid down."""
        shown = (self.open_upper - self.v) / self.room
        high = np.clip(shown, 0.0, 1.0)
        drop = (self.drop + high * (self.far - self.drop)) / self.room
        height = band.source(shown, np.clip(drop, 0.0, _MOST_DROP))
        return self._sample(image, self.u, self.open_upper - height * self.room)

    def lower_skin(self, image: Image) -> Field:
        """Return skin below the eye, slid up."""
        deep = np.clip((self.v - self.lower) / (_LOWER_REACH + self.rise), 0.0, 1.0)
        give = (1 - deep) * (1 - deep) * (1 + 2 * deep)
        return self._sample(image, self.u, self.v + self.rise * give)

    def hidden_skin(self, image: Image) -> Field:
        """Return skin that an open lid hides."""
        above, below = _tones(image, self.eye)
        down = np.clip((self.v - self.upper) / 0.5 + 1.0, 0.0, 1.0)
        mix = (0.25 + 0.3 * down)[..., None]
        tone = [_looked_up(row, self.u) for row in (above, below)]
        skin = tone[0] + mix * (tone[1] - tone[0])
        return np.asarray(
            skin * self._round()[..., None] + self._grain(image), dtype=np.float32
        )

    def _round(self) -> Field:
        """Return light on a lid over a ball: bright in the middle, dark at the ends."""
        height = np.clip((self.upper - self.v) / (self.drop + 0.12), 0.0, 1.4)
        ball = 1 - ((self.u - 0.48) / 0.62) ** 2 - 0.8 * (height - 0.45) ** 2
        crease = np.exp(-0.5 * ((height - 1.0) / 0.13) ** 2)
        shade = 0.95 + 0.09 * np.clip(ball, -0.6, 1.0) - 0.07 * crease * self.thick
        return np.asarray(shade, dtype=np.float32)

    def _grain(self, image: Image) -> Field:
        """Return fine structure of the skin below the eye, without its lines."""
        away = np.clip(np.abs(self.upper - self.v), 0.0, 0.5)
        seen = self._sample(image, self.u, self.open_lower + 0.22 + away)
        grain = seen - blur(seen, max(0.03 / self._px, 1.0))
        some = np.abs(grain[::4, ::4])
        most = min(2.5 * float(np.median(some)) + 0.3, 5.0)
        return np.asarray(np.clip(grain, -most, most), dtype=np.float32)

    def lashes(self, image: Image, skin: Field) -> Field:
        """Return brightness under the lash line and the lashes that hang from it."""
        hang = self.v - self.upper
        standing = self._sample(image, self.u, self.open_upper - 1.2 * hang)
        bright = standing.mean(axis=2) / np.maximum(skin.mean(axis=2), 8.0)
        dark = np.clip(0.95 - bright, 0.0, 0.7)
        dark *= smoothstep(hang / 0.02) * smoothstep((_LASHES - hang) / _LASHES)
        width = np.where(hang < 0, np.float32(0.6 * _LINE), np.float32(_LINE))
        line = _DARK * np.exp(-0.5 * (hang / width) ** 2)
        ends = smoothstep((self.u + 0.08) / 0.2) * smoothstep((1.0 - self.u) / 0.3)
        dark = np.maximum(0.8 * dark, line) * ends * np.float32(self.closing)
        return np.asarray(1 - dark, dtype=np.float32)

    def _along(self, *lines: Points) -> list[Field]:
        """Return values of up to four lines at every pixel."""
        row = np.stack(lines, axis=-1).astype(np.float32)[None]
        found = _looked_up(row, self.u)
        return [np.ascontiguousarray(found[..., k]) for k in range(len(lines))]

    def _sample(self, image: Image, u: Field, v: Field) -> Field:
        return _sampled(image, self.eye, u, v)


def _looked_up(row: Field, u: Field) -> Field:
    """Return values of a row over `SPAN` along the eye, shape (1, COLUMNS, k)."""
    place = (u - np.float32(SPAN[0])) * np.float32((COLUMNS - 1) / (SPAN[1] - SPAN[0]))
    return np.asarray(
        cv2.remap(
            row,
            place,
            np.zeros_like(place),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.float32,
    )


def _sampled(image: Image, eye: LidLines, u: Field, v: Field) -> Field:
    """Look at places of the eye's frame."""
    x = np.float32(eye.origin[0]) + u * np.float32(eye.along[0])
    y = np.float32(eye.origin[1]) + u * np.float32(eye.along[1])
    x = x + v * np.float32(eye.down[0])
    y = y + v * np.float32(eye.down[1])
    return sample(image, x, y).astype(np.float32)


def _tones(image: Image, eye: LidLines) -> tuple[Field, Field]:
    """Colour of the skin above the crease and below the eye, along the eye."""
    u = np.linspace(*SPAN, COLUMNS, dtype=np.float32)[None]
    room = _room(eye)
    found = []
    for start, heights in (
        (eye.upper, -room * np.linspace(0.38, 0.78, 9)[:, None]),
        (eye.lower, np.linspace(0.14, 0.34, 9)[:, None] + 0 * room),
    ):
        v = (start + heights).astype(np.float32)
        seen = _sampled(image, eye, np.repeat(u, len(v), axis=0), v)
        order = np.argsort(seen.mean(axis=2), axis=0)
        # The brighter half without the brightest: neither hair nor reflexes.
        kept = np.take_along_axis(seen, order[..., None], axis=0)[4:8]
        tone = kept.mean(axis=0)[None]
        tone = _looked_up(tone, np.clip(u, 0.0, 1.0))
        sigma = 0.1 * COLUMNS / (SPAN[1] - SPAN[0])
        found.append(np.asarray(cv2.GaussianBlur(tone, (0, 0), sigma, sigmaY=0.1)))
    return found[0].astype(np.float32), found[1].astype(np.float32)


def _room(eye: LidLines) -> Points:
    """Return distance from the upper margin to the brow, eye widths."""
    return np.maximum(eye.upper - eye.brow, _LEAST_BAND)


def _smoothed(values: Points, sigma: float) -> Points:
    """Blur along the eye; `sigma` in eye widths."""
    sigma *= (COLUMNS - 1) / (SPAN[1] - SPAN[0])
    row = cv2.GaussianBlur(values[None], (0, 0), sigma, sigmaY=0.1)
    return np.asarray(row[0], dtype=np.float64)
