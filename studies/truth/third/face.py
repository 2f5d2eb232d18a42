"""One picture of a face in which one half contracts.

>>> image = np.zeros((100, 100, 3), np.uint8)
>>> shown(image, np.zeros((478, 2)), Side.LEFT, Force()) is image
True
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from studies.truth.third.folds import light_of
from studies.truth.third.geometry import Area, Force, Half, area_of
from studies.truth.third.lids import close_lids, window_of
from studies.truth.third.skin import displacement
from twitch_tracker.regions import Side
from twitch_tracker.simulate.picture.resampling import Field, Image, sample

__all__ = ["shown"]

_LEAST_PX: Final = 0.003
_LEAST_LIGHT: Final = 0.002
"""Pixels that change by less stay exactly as filmed."""
_LEAST_LIDS: Final = 0.003


def shown(
    image: Image, landmarks: NDArray[np.floating[Any]], side: Side, force: Force
) -> Image:
    """Let one half of a face contract.

    Parameters
    ----------
    image : NDArray[np.uint8]
        The picture as filmed, RGB, shape (height, width, 3); never changed.
    landmarks : NDArray
        Of the face in it, shape (478, 2), pixels; NaN without a face.
    side : Side
        Which half, the subject's own.
    force : Force
        What it does.

    Returns
    -------
    NDArray[np.uint8]
        A new picture, or `image` itself where nothing can be seen.
    """
    if not np.isfinite(landmarks).all():
        return image
    half = Half(landmarks, side)
    area = area_of(half, image.shape)
    if area is None:
        return image
    out = image.copy()
    _contract(image, out[area.cut], half, force, area)
    return out


def _contract(image: Image, out: Image, half: Half, force: Force, area: Area) -> None:
    """Draw one half over its own area, in place."""
    moved = displacement(half, force, area)
    source = area.place - moved
    base: Field = sample(image, source[..., 0], source[..., 1]).astype(np.float32)
    drawn = np.abs(moved).max(-1) > _LEAST_PX
    if force.lids > _LEAST_LIDS:
        cut = window_of(half, base.shape, area.place[0, 0])
        if base[cut].size:
            layer = close_lids(image, base[cut], source[cut], half, force)
            base[cut] = layer.shown
            drawn[cut] |= layer.drawn
    light = light_of(half, force, area)
    drawn |= np.abs(light - 1) > _LEAST_LIGHT
    bright = base * light[..., None] + 0.5
    out[drawn] = np.clip(bright[drawn], 0, 255).astype(np.uint8)
