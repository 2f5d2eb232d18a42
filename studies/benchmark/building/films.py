"""The same recording as a worse camera would have filmed it.

Knows three ways in which recordings made at home are bad: dim light, hard
compression, a face far from the camera. Each is applied to the finished pictures, so
that truth and bursts stay what they are in the plain recording and the two can be
compared burst by burst.

>>> Film("dim") is Film.DIM
True
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["CRF", "Film", "filmed"]

Pictures = Iterator[tuple[NDArray[np.uint8], float]]


class Film(StrEnum):
    """How a recording was filmed."""

    PLAIN = "plain"
    DIM = "dim"
    COMPRESSED = "compressed"
    SMALL = "small"


CRF: Final = {Film.PLAIN: 20, Film.DIM: 26, Film.COMPRESSED: 36, Film.SMALL: 23}
"""Quality of x264: 20 for a plain recording (hardly any loss), 26 as phones do in the
dark, 36 as messengers send films on (blocks are seen), 23 its own default."""

DIM_LIGHT: Final = 0.18
"""Share of the light that is left: two and a half stops less."""

GAMMA: Final = 2.2
"""Between light and picture values (about that of BT.709 and sRGB)."""

SHOT_NOISE: Final = 0.006
READ_NOISE: Final = 0.004
"""Noise of a small sensor with its gain up: standard deviation in shares of full light,
the first times the root of the light, the second everywhere."""

GAIN: Final = 2.0
"""A camera brightens a dim picture by so much, and its noise along."""

SMALL_APART_PX: Final = 44.0
"""Distance of the outer canthi in a small face: a person at arm's length and a half
before a webcam of 640 columns; the program measures from 30 on."""


def filmed(pictures: Pictures, film: Film, apart_px: float, seed: int) -> Pictures:
    """Show pictures as another camera would have filmed them.

    Parameters
    ----------
    pictures : iterator of tuple
        RGB pictures with their times in seconds.
    film : Film
        How.
    apart_px : float
        Distance of the outer canthi in them.
    seed : int
        Of the noise.

    Yields
    ------
    tuple
        RGB picture and time in seconds.
    """
    rng = np.random.default_rng(seed)
    for image, time_s in pictures:
        if film is Film.DIM:
            yield _dimmed(image, rng), time_s
        elif film is Film.SMALL:
            yield _shrunk(image, min(1.0, SMALL_APART_PX / apart_px)), time_s
        else:
            yield image, time_s


def _dimmed(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Take light away and let the camera's gain bring some of it back, with noise."""
    light = DIM_LIGHT * (image.astype(np.float32) / 255.0) ** GAMMA
    noise = rng.standard_normal(image.shape, np.float32)
    light += noise * np.sqrt(SHOT_NOISE**2 * light + READ_NOISE**2)
    seen = np.clip(GAIN * light, 0.0, 1.0) ** (1.0 / GAMMA)
    return np.asarray(np.round(255.0 * seen), np.uint8)


def _shrunk(image: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """Make a picture smaller; sides stay even, which the encoder asks for."""
    rows, columns = (max(2, 2 * round(side * share / 2)) for side in image.shape[:2])
    small = cv2.resize(image, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)
