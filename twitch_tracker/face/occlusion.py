"""Whether something covers a part of the face: a hand, a cup, hair.

A part is foreign when its fine pattern no longer agrees with a known view of
the same person in a like pose *and* its shading stands out once the light on
the whole face is accounted for. A change of light alone keeps the pattern, a
contraction keeps most of both. Eyes and lips are not looked at.

What covers the lower face from the first picture on has no known view to differ from.
There the lips decide: they have a colour of their own, and a dark line between them.
Where neither is seen, or the skin around the mouth has another colour than that of the
upper face, a mask hides them (`lips_hidden`). Dark glasses make the skin around both
eyes dark as well, which no shadow does alike above and below (`eyes_hidden`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.face.likeness import PARTS, View, correlate, stack_views
from twitch_tracker.face.median import median

SinglePrecision = NDArray[np.float32]

__all__ = [
    "eyes_hidden",
    "lips_hidden",
    "measure_foreignnesses",
]

LIKE_POSE_DEG: Final = 15.0
"""Views further apart than this in yaw or pitch are not compared."""

_LEAST_WEIGHT: Final = 4.0
"""Parts with fewer points facing the camera (summed cosines) are not judged."""

LIPS_COLOUR: Final = 1.2
"""Lips differ from the skin around them by at least this much in colour (distance in
CIELAB a, b): of 148 pictures of 50 development videos 144 do; the others are grey films
and dim ones. Behind a drawn mask of any of nine colours 9 in 10 do not."""

MASK_COLOUR: Final = 9.0
"""The skin around the mouth differs from that of the upper face by at most this much in
nearly all of them; drawn masks that are not skin-coloured by more."""

LIPS_LINE: Final = 3.0
"""Between lips it is darker than around them by more levels than this (least in colour
films: 5)."""

DARK_GLASSES: Final = 0.4
"""Behind dark glasses the lightest skin around the eyes is darker than this share of the
skin beside them. Of bare eyes and clear glasses the darkest has 0.52 (310 pictures of 99
development videos); glasses of four dark colours, drawn, stay below it."""

_LIPS_SCALE_PX: Final = 60.0
"""Interocular distance to which the face is brought for it."""

_UPPER_FACE: Final = (9, 8, 168, 6, 197, 151, 108, 337, 117, 346)
_AROUND_MOUTH: Final = (
    *(57, 287, 164, 18, 200, 43, 273, 106, 335),
    *(202, 422, 204, 424, 92, 322, 165, 391),
)
_ON_LIPS: Final = (0, 17, 37, 267, 40, 270, 91, 321, 84, 314, 39, 269, 181, 405)
_ACROSS_LIPS: Final = ((164, 18), (165, 43), (391, 273))
"""Points above and below the lips, at the middle and on both sides."""

_ABOVE_EYES: Final = ((27, 28, 29, 56, 30), (257, 258, 259, 286, 260))
_BELOW_EYES: Final = ((23, 24, 110, 230, 231), (253, 254, 339, 450, 451))
"""Skin within the glasses: the lid above each eye, and just below it."""

_FREE_SKIN: Final = (151, 108, 337, 69, 299, 205, 425, 36, 266)
"""Forehead and cheeks, which glasses leave free."""

_PART_NUMBERS: Final = np.arange(PARTS)[:, None]
_TINY: Final = 1e-6 * np.eye(2)
_TINIEST: Final = 1e-9


def measure_foreignnesses(
    views: Sequence[View], known: Sequence[View]
) -> NDArray[np.float64]:
    """Measure how foreign the most foreign part of each face looks.

    Six parts (brow, cheek, jaw on both sides) are compared with a known view:
    mean absolute residual of shading after a robust fit of gain and offset, in
    standard deviations of the known shading, minus the correlation of the fine
    pattern.

    Parameters
    ----------
    views, known : sequence of View
        Faces now, and a good view of the same person for each.

    Returns
    -------
    NDArray[np.float64]
        From -1 (same picture) to more than 1 (nothing in common), shape (pairs,); -1
        where the poses are too different to compare.
    """
    now, then = stack_views(views), stack_views(known)
    weight = np.minimum(now.facing, then.facing)
    residual = _shading_residual(now.broad, then.broad, weight)
    part = np.stack([view.part for view in views])
    inside = weight[:, None] * (part[:, None] == _PART_NUMBERS)
    total = inside.sum(axis=2)
    inside = inside / np.maximum(total, np.float32(_TINIEST))[:, :, None]
    alike = correlate(now.fine[:, None], then.fine[:, None], inside)
    shading = (inside @ residual[:, :, None])[:, :, 0]
    foreign = np.where(total >= _LEAST_WEIGHT, shading - alike, -1.0).max(axis=1)
    like = [_is_like_pose(*pair) for pair in zip(views, known, strict=True)]
    return np.where(like, foreign, -1.0)


def _is_like_pose(view: View, known: View) -> bool:
    return (
        abs(view.yaw_deg - known.yaw_deg) <= LIKE_POSE_DEG
        and abs(view.pitch_deg - known.pitch_deg) <= LIKE_POSE_DEG
    )


def _shading_residual(
    now: NDArray[np.float32], known: NDArray[np.float32], weight: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return absolute residual of ``now = gain * known + offset``, in known deviations.

    Three rounds of Cauchy-weighted least squares, so that a covered part does
    not bend the fit. Of every row by itself, shape (pairs, n).
    """
    design = np.stack([known, np.ones_like(known)], axis=2).astype(np.float64)
    across = design.transpose(0, 2, 1)
    trust = weight.astype(np.float64)
    for _ in range(3):
        normal = across @ (design * trust[:, :, None]) + _TINY
        fit = np.linalg.solve(normal, across @ (trust * now)[:, :, None])
        error = np.abs(now - (design @ fit)[:, :, 0])
        off = error / (1.5 * median(error) + 2.0)[:, None]
        trust = weight / (1.0 + off**2)
    spread = known - known.mean(axis=1, keepdims=True)
    deviation = np.sqrt(np.square(spread).mean(axis=1))
    residual: NDArray[np.float64] = (
        error / (np.abs(fit[:, 0, 0]) * deviation + 4.0)[:, None]
    )
    return residual


def lips_hidden(image: NDArray[np.uint8], mesh: NDArray[np.float32]) -> bool:
    """Return whether something opaque covers mouth and lower cheeks.

    Parameters
    ----------
    image : NDArray[np.uint8]
        RGB, shape (height, width, 3).
    mesh : NDArray[np.float32]
        The face's mesh, shape (478, 3).

    Returns
    -------
    bool
        Of one picture; false where less than the mouth is covered.
    """
    small, points = _brought_to_scale(image, mesh)
    if small is None:
        return False
    blurred = np.asarray(cv2.blur(small, (5, 5)), np.uint8)
    lips, skin, upper = (
        np.median(_colours(blurred, points[list(where)]), axis=0)
        for where in (_ON_LIPS, _AROUND_MOUTH, _UPPER_FACE)
    )
    if np.linalg.norm(lips - skin) >= LIPS_COLOUR:
        return False
    if np.linalg.norm(skin - upper) > MASK_COLOUR:
        return True
    return _line_between_lips(small, points) < LIPS_LINE


def eyes_hidden(image: NDArray[np.uint8], mesh: NDArray[np.float32]) -> bool:
    """Return whether dark glasses hide both eyes.

    Parameters
    ----------
    image : NDArray[np.uint8]
        RGB, shape (height, width, 3).
    mesh : NDArray[np.float32]
        The face's mesh, shape (478, 3).

    Returns
    -------
    bool
        Of one picture; false where only one eye is hidden.
    """
    small, points = _brought_to_scale(image, mesh)
    if small is None:
        return False
    light = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.float32)
    light = np.asarray(cv2.blur(light, (5, 5)), np.float32)[..., None]
    free = float(np.median(_at(light, points[list(_FREE_SKIN)])))
    within = [
        float(np.median(_at(light, points[list(skin)])))
        for skin in (*_ABOVE_EYES, *_BELOW_EYES)
    ]
    return max(within) < DARK_GLASSES * free


def _brought_to_scale(
    image: NDArray[np.uint8], mesh: NDArray[np.float32]
) -> tuple[NDArray[np.uint8] | None, NDArray[np.float32]]:
    """Cut the face out at one size; its points there, shape (478, 2)."""
    low = np.maximum(np.floor(mesh[:, :2].min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(mesh[:, :2].max(axis=0)).astype(int), image.shape[1::-1])
    across = float(np.linalg.norm(mesh[33, :2] - mesh[263, :2]))
    if (high - low < 8).any() or across < 1:
        return None, mesh[:, :2]
    piece = image[low[1] : high[1], low[0] : high[0]]
    size = np.maximum(np.rint((high - low) * _LIPS_SCALE_PX / across), 8).astype(int)
    small = cv2.resize(
        piece, (int(size[0]), int(size[1])), interpolation=cv2.INTER_AREA
    )
    points = (mesh[:, :2] - low) * (size / (high - low))
    return np.asarray(small, np.uint8), points.astype(np.float32)


def _colours(image: NDArray[np.uint8], points: NDArray[np.float32]) -> SinglePrecision:
    """Return CIELAB a and b at the nearest pixels, shape (n, 2)."""
    rgb = _at(image.astype(np.float32) / 255, points)
    lab = cv2.cvtColor(rgb[:, None], cv2.COLOR_RGB2LAB)
    return np.asarray(lab[:, 0, 1:], np.float32)


def _at(layer: SinglePrecision, points: SinglePrecision) -> SinglePrecision:
    """Read a layer at the nearest pixels, shape (n, channels)."""
    place = np.rint(points).astype(int)
    height, width = layer.shape[:2]
    across, down = place[:, 0].clip(0, width - 1), place[:, 1].clip(0, height - 1)
    return np.asarray(layer[down, across])


def _line_between_lips(small: NDArray[np.uint8], points: NDArray[np.float32]) -> float:
    """Return how much darker the darkest line between nose and chin is, in levels."""
    light = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (0, 0), 1.0)
    share = np.linspace(0, 1, 33, dtype=np.float32)[:, None]
    depths = []
    for above, below in _ACROSS_LIPS:
        way = points[above] * (1 - share) + points[below] * share
        line = _at(np.asarray(light, np.float32)[..., None], way)[:, 0]
        depths.append(float(np.median(line[[2, 3, 4, 28, 29, 30]]) - line[8:25].min()))
    return float(np.median(depths))
