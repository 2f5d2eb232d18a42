"""Which pictures need no mesh of their own, because nothing in them moved.

At rest most pictures of a face show nothing that the ones around them do not. Three
pictures between two that were looked at may be passed over, 0.14 s apart at the most,
if each of them shows just what lies between those two: eyes, mouth corners, cheeks and
brows, compared as pixels. Their meshes are then those between the two. A movement that
comes and goes within the span is seen by its pixels; one that goes on for longer shows
at the ends as well. After anything has moved, and where the subject was looked for, every
picture is looked at for a while.

>>> first, last = np.zeros((478, 3), np.float32), np.ones((478, 3), np.float32)
>>> [mesh[0, 0].item() for mesh in meshes_between(first, last, [0.25, 0.5])]
[0.25, 0.5]
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.face.upright import CROP_PX, crop_transform, grey_crop
from twitch_tracker.regions import (
    BROW,
    CHEEK,
    EYE_CORNERS,
    LOWER_LID,
    ORAL_COMMISSURE,
    SIDES,
    UPPER_LID,
)

__all__ = [
    "MOST_APART_S",
    "MOST_PASSED",
    "FaceNow",
    "Passing",
    "are_between",
    "meshes_between",
]

Mesh = NDArray[np.float32]

MOST_PASSED: Final = 3
"""Pictures in a row that may be passed over."""

MOST_APART_S: Final = 0.14
"""Two pictures that are looked at are never further apart: four at 30 pictures a second,
three at 25, two at 15. A jerk of a tenth of a second is longer than what is passed over
between them, and is seen by its pixels."""

STILL_PX: Final = 0.4
"""A part of the face is where it is expected if it differs by less than a movement of so
many pixels of the crop would make (0.6 mm of a face), root mean square over the part. In 24
development videos no lid or mouth corner of a picture below it is further from the
middle of its neighbours than where these lie apart by their own jitter (at most 0.017
interocular distances; blinks 0.04 and more). At 0.7 it is 0.031."""

_LEAST_GRADIENT: Final = 1.0
"""Levels a pixel added to every part's own gradient, so that noise on bare skin is no
movement."""

_SMOOTHED_PX: Final = (3, 3)

FIRST_WAIT_S: Final = 1.0
"""Every picture is looked at for so long after the subject was looked for: until then
they are not surely known (`gallery.CONFIRMED_AFTER`)."""

SHORTEST_WAIT_S: Final = 0.25
"""... and for so long after something moved; twice as long each time it still moves..."""

LONGEST_WAIT_S: Final = 2.0
"""... up to this: in talk hardly anything can be passed over, and each try costs a mesh."""


def _boxes() -> tuple[tuple[tuple[int, ...], int], ...]:
    """List the parts: points of the mesh, and how far around them is looked (px)."""
    eyes = [(*EYE_CORNERS[s], *UPPER_LID[s], *LOWER_LID[s]) for s in SIDES]
    around: Mapping[int, Sequence[tuple[int, ...]]] = {
        4: [*eyes, *(BROW[s] for s in SIDES)],
        7: [ORAL_COMMISSURE[s] for s in SIDES],
        9: [CHEEK[s] for s in SIDES],
    }
    return tuple((points, reach) for reach, all_ in around.items() for points in all_)


_PARTS: Final = _boxes()
_MIDDLE: Final = (slice(20, 90), slice(16, 96))
"""Of the crop: what a change of light is measured in."""


@dataclass(frozen=True, kw_only=True)
class FaceNow:
    """A face in a picture: the picture (RGB) and the mesh (478, 3) in it."""

    image: NDArray[np.uint8]
    mesh: Mesh

    @cached_property
    def upright(self) -> NDArray[np.float32]:
        """The upright crop of it, grey and a little smoothed."""
        crop = grey_crop(self.image, crop_transform(self.mesh))
        return np.asarray(cv2.blur(crop.astype(np.float32), _SMOOTHED_PX), np.float32)


class Passing:
    """When passing over is worth a try."""

    def __init__(self) -> None:
        """Start with every picture looked at, until `start` says from when."""
        self._from_s = math.inf
        self._wait_s = SHORTEST_WAIT_S

    def start(self, time_s: float) -> None:
        """Note that the subject was looked for at this time."""
        self._wait_s = SHORTEST_WAIT_S
        self._from_s = time_s + FIRST_WAIT_S

    def is_due(self, time_s: float) -> bool:
        """Return whether pictures after the one of this time may be passed over."""
        return time_s >= self._from_s

    def went(self, time_s: float, *, well: bool) -> None:
        """Note whether those up to this time could be passed over."""
        if well:
            self._wait_s = SHORTEST_WAIT_S
            return
        self._from_s = time_s + self._wait_s
        self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)


def meshes_between(first: Mesh, last: Mesh, shares: Sequence[float]) -> list[Mesh]:
    """Return the meshes at these shares of the way from one to the other."""
    return [first + np.float32(share) * (last - first) for share in shares]


def are_between(
    first: FaceNow, last: FaceNow, passed: Sequence[FaceNow], shares: Sequence[float]
) -> bool:
    """Return whether faces show just what lies between those before and after them.

    Parameters
    ----------
    first, last : FaceNow
        The pictures that were looked at.
    passed : sequence of FaceNow
        The pictures in between, each with the mesh that it is to have.
    shares : sequence of float
        Where each of them lies in time, 0 at the first and 1 at the last.

    Returns
    -------
    bool
        False as soon as one part of one picture is somewhere else: root mean square of
        the difference to what is expected there, over that of the gradient, is the
        movement in pixels that would make such a difference (Lucas and Kanade 1981,
        to first order).
    """
    begin, end = first.upright, last.upright
    parts = _places(first.mesh)
    slopes = _slopes(begin, parts)
    for face, share in zip(passed, shares, strict=True):
        expected = cv2.addWeighted(begin, 1.0 - share, end, share, 0.0)
        off = face.upright - np.asarray(expected, np.float32)
        off -= np.float32(cv2.mean(off[_MIDDLE])[0])
        for place, slope in zip(parts, slopes, strict=True):
            if _root_mean_square(off[place]) >= STILL_PX * slope:
                return False
    return True


def _places(mesh: Mesh) -> list[tuple[slice, slice]]:
    """Return where the parts of a face lie in its crop, rows and columns."""
    to_crop = crop_transform(mesh)
    points = mesh[:, :2] @ to_crop[:, :2].T + to_crop[:, 2]
    places = []
    for of_part, reach_px in _PARTS:
        corners = points[list(of_part)]
        low = np.rint(corners.min(axis=0) - reach_px).clip(0, CROP_PX - 2)
        high = np.rint(corners.max(axis=0) + reach_px).clip(low + 2, CROP_PX)
        (left, top), (right, bottom) = low.astype(int), high.astype(int)
        places.append((slice(top, bottom), slice(left, right)))
    return places


def _slopes(
    crop: NDArray[np.float32], places: Sequence[tuple[slice, slice]]
) -> list[float]:
    """Return how steep each part is, levels a pixel, root mean square."""
    across = cv2.Sobel(crop, cv2.CV_32F, 1, 0, scale=0.125)
    down = cv2.Sobel(crop, cv2.CV_32F, 0, 1, scale=0.125)
    energy = across * across + down * down
    return [
        float(np.sqrt(cv2.mean(energy[place])[0])) + _LEAST_GRADIENT for place in places
    ]


def _root_mean_square(values: NDArray[np.float32]) -> float:
    return float(cv2.norm(values) / np.sqrt(values.size))
