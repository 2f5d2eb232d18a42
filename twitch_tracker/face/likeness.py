"""Measure how alike two views of a face are, to recognise the subject.

The picture is sampled where the mesh points are, so that a view is compared
point by point whatever the pose and expression; eyes and lips, which move, are
left out, and points turned away from the camera count less. No population is
stored: only views of this recording are compared with each other.

Note: a likeness is the sum of two correlations, fine pattern and broad shading, so 2 is
the same picture and 0 is nothing in common. It is made for one recording under one
light, not for recognising people across recordings, and nothing of it is ever written
to disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.face.pose import HeadPose
from twitch_tracker.face.trackers.region_of_interest import inside_picture, shrink

__all__ = [
    "PARTS",
    "StackedViews",
    "View",
    "compare_all",
    "compare_pairs",
    "compute_likeness",
    "compute_views",
    "correlate",
    "stack_views",
]

CHIP_INTEROCULAR_PX: Final = 40.0
"""Size to which every face is brought before it is compared."""

_CHIP_SIZE_PX: Final = (112, 128)
_CHIP_CENTRE_PX: Final = np.array([56.0, 56.0])
_FINE_PX: Final = 1.3
_BROAD_PX: Final = (21, 21)
"""Gaussian and (twice applied) box between which the fine pattern lies."""

_SKULL_CENTRE: Final = np.array([0.0, 0.3, 0.6])
"""A point inside the head, interocular distances; points look away from it."""

_PART_EDGES: Final = (-0.3, 0.22, 0.62, 1.2)
"""Top of the brow, below the eye, above the mouth, below the jaw (interocular)."""

PARTS: Final = 2 * (len(_PART_EDGES) - 1)
"""Parts of the face, see `View.part`."""

_MIDLINE_HALF_WIDTH: Final = 0.08

_MOVING: Final = (
    *(0, 7, 13, 14, 17, 33, 37, 39, 40, 61, 78, 80, 81, 82, 84, 87, 88, 91, 95, 133),
    *(144, 145, 146, 153, 154, 155, 157, 158, 159, 160, 161, 163, 173, 178, 181),
    *(185, 191, 246, 249, 263, 267, 269, 270, 291, 308, 310, 311, 312, 314, 317),
    *(318, 321, 324, 362, 373, 374, 375, 380, 381, 382, 384, 385, 386, 387, 388),
    *(390, 398, 402, 405, 409, 415, 466),
)
"""Mesh points on lid margins and lips (MediaPipe's own contours)."""

_POINTS: Final = np.setdiff1d(np.arange(468), np.array(_MOVING))


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What one face looked like in one picture.

    Attributes
    ----------
    fine : NDArray[np.float32]
        Fine pattern at each point, shape (n,), in units of its own contrast.
    broad : NDArray[np.float32]
        Lightness at each point, shape (n,).
    facing : NDArray[np.float32]
        How much each point faces the camera, 0 to 1, shape (n,); 0 outside the
        picture, where nothing was seen.
    part : NDArray[np.int8]
        Which of six parts each point belongs to, shape (n,): brow, cheek and
        jaw of the right side 0-2, of the left side 3-5, -1 for none.
    yaw_deg, pitch_deg : float
        Head pose of the view.
    """

    fine: NDArray[np.float32]
    broad: NDArray[np.float32]
    facing: NDArray[np.float32]
    part: NDArray[np.int8]
    yaw_deg: float
    pitch_deg: float


def compute_views(
    images: Sequence[NDArray[np.uint8]],
    landmarks_px: NDArray[np.float32],
    poses: Sequence[HeadPose],
) -> list[View]:
    """Describe several faces, each by itself; all at once costs less than one by one.

    Parameters
    ----------
    images : sequence of NDArray[np.uint8]
        RGB, shape (height, width, 3), one for each mesh.
    landmarks_px : NDArray[np.float32]
        Shape (meshes, 478, 3).
    poses : sequence of HeadPose
        The meshes' head poses.

    Returns
    -------
    list of View
        The same to the bit for a face, whatever the others are.
    """
    points = np.ascontiguousarray(landmarks_px[:, _POINTS])
    chips = _to_chips(poses)
    places = points[..., :2] @ chips.turn.transpose(0, 2, 1).astype(np.float32)
    places = (places + chips.shift[:, None]).astype(np.float32)
    pattern, broad = np.empty((2, *points.shape[:2]), np.float32)
    for at, image in enumerate(images):
        chip = _warp(image, chips.matrix(at), float(chips.scale[at]))
        pattern[at], broad[at] = _read_chip(chip, places[at])
    rotation = np.stack([pose.rotation for pose in poses])
    head = points - np.stack([pose.shift_px for pose in poses])[:, None]
    head = head @ rotation / np.array([pose.scale_px for pose in poses])[:, None, None]
    within = np.stack(
        [
            inside_picture(one, image.shape)
            for one, image in zip(points, images, strict=True)
        ]
    )
    contrast = np.add.reduce(np.abs(pattern), axis=1) / np.float32(pattern.shape[1])
    fine = pattern / (contrast[:, None] + np.float32(3.0))
    facing = _facing_camera(head, rotation) * within
    part = _split_into_parts(head)
    return [
        View(
            fine=fine[at],
            broad=broad[at],
            facing=facing[at],
            part=part[at],
            yaw_deg=pose.yaw_deg,
            pitch_deg=pose.pitch_deg,
        )
        for at, pose in enumerate(poses)
    ]


def compute_likeness(one: View, other: View) -> float:
    """Compare two views: 2 for the same picture, about 0 for unlike ones."""
    return float(compare_pairs([one], [other])[0])


def compare_pairs(ones: Sequence[View], others: Sequence[View]) -> NDArray[np.float64]:
    """Compare views pair by pair, shape (pairs,).

    Each likeness is the sum of two Pearson correlations over the mesh points,
    of the fine pattern and of the broad shading; a point weighs as much as it
    faces the camera in the view where it does so less.
    """
    return _compare(stack_views(ones), stack_views(others))


def compare_all(views: Sequence[View], known: StackedViews) -> NDArray[np.float64]:
    """Compare each view with each known one, shape (views, known); see above."""
    return _compare(stack_views(views).spread(), known)


@dataclass(frozen=True, kw_only=True, slots=True)
class StackedViews:
    """What is compared of several views, shape (views, n) each; see `View`."""

    fine: NDArray[np.float32]
    broad: NDArray[np.float32]
    facing: NDArray[np.float32]

    def spread(self) -> StackedViews:
        """Add an axis, so that each view is compared with each of others."""
        return StackedViews(
            fine=self.fine[:, None],
            broad=self.broad[:, None],
            facing=self.facing[:, None],
        )


def stack_views(views: Sequence[View]) -> StackedViews:
    """Put views side by side."""
    return StackedViews(
        fine=np.stack([view.fine for view in views]),
        broad=np.stack([view.broad for view in views]),
        facing=np.stack([view.facing for view in views]),
    )


def _compare(ones: StackedViews, others: StackedViews) -> NDArray[np.float64]:
    weight = np.minimum(others.facing, ones.facing).astype(np.float64)
    weight /= np.maximum(weight.sum(axis=-1, keepdims=True), 1e-9)
    alike = correlate(others.fine, ones.fine, weight)
    return alike + correlate(others.broad, ones.broad, weight)


@dataclass(frozen=True, kw_only=True, slots=True)
class _ToChips:
    """How pictures are laid onto chips: place in chip = turn @ place + shift."""

    scale: NDArray[np.float64]
    turn: NDArray[np.float64]
    shift: NDArray[np.float64]

    def matrix(self, at: int) -> NDArray[np.float64]:
        return np.column_stack([self.turn[at], self.shift[at]])


def _to_chips(poses: Sequence[HeadPose]) -> _ToChips:
    """Bring every face upright to one size."""
    angle = np.radians([pose.roll_deg for pose in poses])
    scale = CHIP_INTEROCULAR_PX / np.array([pose.scale_px for pose in poses])
    cosine, sine = scale * np.cos(angle), scale * np.sin(angle)
    turn = np.stack([cosine, sine, -sine, cosine], axis=1).reshape(-1, 2, 2)
    centre = np.stack([pose.shift_px[:2] for pose in poses])
    shift = _CHIP_CENTRE_PX - (turn @ centre[:, :, None])[:, :, 0]
    return _ToChips(scale=scale, turn=turn, shift=shift)


def _read_chip(
    chip: NDArray[np.uint8], places: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Read fine pattern and lightness at the points of a chip."""
    light = chip.astype(np.float32)
    fine = cv2.GaussianBlur(light, (0, 0), _FINE_PX)
    broad = cv2.blur(cv2.blur(light, _BROAD_PX), _BROAD_PX)
    pattern = _sample(np.asarray(cv2.subtract(fine, broad), np.float32), places)
    return pattern, _sample(np.asarray(fine, np.float32), places)


def _warp(
    image: NDArray[np.uint8], matrix: NDArray[np.float64], scale: float
) -> NDArray[np.uint8]:
    """Warp to a grey chip; a much larger face is averaged first, against aliasing.

    Grey before it is averaged: a third of the work.
    """
    if scale < 0.67:
        corners = np.array([[0, 0], [1, 0], [0, 1], [1, 1]]) * np.array(_CHIP_SIZE_PX)
        back = np.linalg.inv(matrix[:, :2])
        seen = (corners - matrix[:, 2]) @ back.T
        left, top = np.maximum(np.floor(seen.min(axis=0)).astype(int) - 2, 0)
        right, bottom = np.ceil(seen.max(axis=0)).astype(int) + 2
        piece = image[top : max(bottom, top + 1), left : max(right, left + 1)]
        if piece.size:
            image, reached = shrink(_grey(piece), scale)
            shift = matrix[:, 2] + matrix[:, :2] @ np.array([left, top])
            matrix = np.column_stack([matrix[:, :2] / reached, shift])
    chip = cv2.warpAffine(image, matrix, _CHIP_SIZE_PX, borderMode=cv2.BORDER_REPLICATE)
    return _grey(np.asarray(chip, np.uint8))


def _grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture in grey, itself when it is already."""
    if image.ndim == 2:
        return image
    return np.asarray(
        cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2GRAY), np.uint8
    )


def _sample(
    layer: NDArray[np.float32], points: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Read a layer at points by linear interpolation, shape (n,)."""
    across = np.ascontiguousarray(points[:, 0:1])
    down = np.ascontiguousarray(points[:, 1:2])
    read = cv2.remap(
        layer, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(read, np.float32)[:, 0]


def _facing_camera(
    head: NDArray[np.float64], rotation: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return the cosine of camera and each point's outward direction, at least 0."""
    outward = head - _SKULL_CENTRE
    outward /= np.sqrt((outward**2).sum(axis=2, keepdims=True)) + 1e-9
    toward: NDArray[np.float64] = -(outward @ rotation[:, 2, :, None])[:, :, 0]
    return np.clip(toward, 0.0, 1.0).astype(np.float32)


def _split_into_parts(head: NDArray[np.float64]) -> NDArray[np.int8]:
    """Return in which part of the face each point lies; -1 is none of them.

    Points are in the head's frame.
    """
    height = np.digitize(head[..., 1], _PART_EDGES) - 1
    part = height + 3 * (head[..., 0] > 0)
    inside = (height >= 0) & (height < 3) & (np.abs(head[..., 0]) > _MIDLINE_HALF_WIDTH)
    return np.where(inside, part, -1).astype(np.int8)


def correlate(
    one: NDArray[np.float32],
    other: NDArray[np.float32],
    weight: NDArray[np.floating[Any]],
) -> NDArray[np.float64]:
    """Return weighted Pearson correlation along the last axis; 0 where either is flat.

    Weights sum to 1 along that axis.
    """
    one = one - (weight * one).sum(axis=-1, keepdims=True)
    other = other - (weight * other).sum(axis=-1, keepdims=True)
    both = (weight * one * other).sum(axis=-1)
    spread = (weight * one**2).sum(axis=-1) * (weight * other**2).sum(axis=-1)
    result: NDArray[np.float64] = np.where(
        spread > 1e-12, both / np.sqrt(np.maximum(spread, 1e-12)), 0.0
    )
    return result
