"""Turned squares around faces, and the piece of picture they need.

Knows geometry only. Coordinates are picture pixels, x to the right and y down;
an angle is positive when the line from the subject's right eye to the left
one (left to right in the picture) points downwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Crop",
    "SquareRoi",
    "cut_out",
    "inside_picture",
    "overlap",
    "place_in_picture",
    "roi_from_eyes",
    "roi_from_mesh",
    "shrink",
    "tiles",
]

MESH_MARGIN = 1.5
"""Side of the square over the longer side of the mesh.

MediaPipe's own graph (`face_landmark_landmarks_to_roi`) uses 1.5, and the mesh
network was trained with it.
"""

TILE_OVERLAP = 0.5
"""Neighbouring tiles share this much, so that a face is whole in one of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SquareRoi:
    """A turned square.

    Attributes
    ----------
    x_px, y_px : float
        Centre.
    side_px : float
        Length of a side.
    angle_rad : float
        Turn against the picture's x axis, clockwise as seen.
    """

    x_px: float
    y_px: float
    side_px: float
    angle_rad: float

    def grown(self, factor: float) -> SquareRoi:
        """Return the same square with its side times `factor`."""
        return replace(self, side_px=self.side_px * factor)

    def enlarged(self, factor: float) -> SquareRoi:
        """Return where the square is in a picture `factor` times as large."""
        return replace(
            self,
            x_px=self.x_px * factor,
            y_px=self.y_px * factor,
            side_px=self.side_px * factor,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Crop:
    """A piece of a picture, perhaps made smaller.

    Attributes
    ----------
    image : NDArray[np.uint8]
        RGB, contiguous, shape (height, width, 3).
    left_px, top_px : int
        Its upper left corner in the whole picture.
    scale : float
        Pixels of the piece per pixel of the picture, at most 1.
    """

    image: NDArray[np.uint8]
    left_px: int
    top_px: int
    scale: float

    def to_picture(self, mesh: NDArray[np.float32]) -> NDArray[np.float32]:
        """Turn points of the piece, shape (n, 3), into points of the picture."""
        offset = np.array([self.left_px, self.top_px, 0], np.float32)
        moved: NDArray[np.float32] = (mesh / np.float32(self.scale) + offset).astype(
            np.float32
        )
        return moved


def roi_from_mesh(mesh: NDArray[np.float32]) -> SquareRoi:
    """Return the square the mesh network wants around a known mesh.

    Upright along the line of the outer canthi (points 33 and 263), as large as
    the mesh's box times `MESH_MARGIN`: the rule of MediaPipe's own graph, so
    that results agree with it.
    """
    across = mesh[263, :2] - mesh[33, :2]
    low, high = mesh[:, :2].min(axis=0), mesh[:, :2].max(axis=0)
    centre = (low + high) / 2
    return SquareRoi(
        x_px=float(centre[0]),
        y_px=float(centre[1]),
        side_px=float((high - low).max()) * MESH_MARGIN,
        angle_rad=math.atan2(float(across[1]), float(across[0])),
    )


def roi_from_eyes(
    box: tuple[float, float, float, float],
    right_eye: tuple[float, float],
    left_eye: tuple[float, float],
) -> SquareRoi:
    """Return a first square for a face known only by its box and eyes.

    Parameters
    ----------
    box : tuple of float
        Left, top, width, height in pixels.
    right_eye, left_eye : tuple of float
        Eye centres, the subject's own sides.
    """
    left, top, width, height = box
    return SquareRoi(
        x_px=left + width / 2,
        y_px=top + height / 2,
        side_px=max(width, height) * MESH_MARGIN,
        angle_rad=math.atan2(left_eye[1] - right_eye[1], left_eye[0] - right_eye[0]),
    )


def cut_out(image: NDArray[np.uint8], roi: SquareRoi, *, about_px: int) -> Crop:
    """Cut out what the square needs, so that a large picture is not copied whole.

    Parameters
    ----------
    image : NDArray[np.uint8]
        The picture.
    roi : SquareRoi
        What must be inside (as far as the picture reaches).
    about_px : int
        A larger square is made smaller, to within a half of this many pixels a side
        (`shrink`): sampling a large face sparsely would alias.

    Returns
    -------
    Crop
        Empty (zero-sized image) when the square is outside the picture.
    """
    reach = (
        roi.side_px
        * 0.5
        * (abs(math.cos(roi.angle_rad)) + abs(math.sin(roi.angle_rad)))
    )
    reach += 2.0
    height, width = image.shape[:2]
    left = min(max(math.floor(roi.x_px - reach), 0), width)
    right = min(max(math.ceil(roi.x_px + reach), 0), width)
    top = min(max(math.floor(roi.y_px - reach), 0), height)
    bottom = min(max(math.ceil(roi.y_px + reach), 0), height)
    piece, scale = shrink(image[top:bottom, left:right], about_px / roi.side_px)
    return Crop(
        image=np.ascontiguousarray(piece), left_px=left, top_px=top, scale=scale
    )


def shrink(image: NDArray[np.uint8], scale: float) -> tuple[NDArray[np.uint8], float]:
    """Make a picture about so much smaller, by averaging whole blocks of its pixels.

    OpenCV averages other sizes much more slowly, and the network samples what it is
    given anyway.

    Parameters
    ----------
    image : NDArray[np.uint8]
        Shape (height, width) or (height, width, 3); rows and columns beyond the last
        whole block are left out.
    scale : float
        The scale wanted; above 1 nothing is done.

    Returns
    -------
    tuple
        The smaller picture, and the scale that was reached: 1 over the side of a block.
    """
    height, width = image.shape[:2]
    block = min(max(round(1 / scale), 1), max(min(height, width), 1))
    if block == 1:
        return image, 1.0
    size = (width // block, height // block)
    whole = image[: size[1] * block, : size[0] * block]
    small = cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), 1 / block


def overlap(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return intersection over union of the boxes around two meshes."""
    low = np.maximum(one[:, :2].min(axis=0), other[:, :2].min(axis=0))
    high = np.minimum(one[:, :2].max(axis=0), other[:, :2].max(axis=0))
    shared = float(np.prod(np.maximum(high - low, 0.0)))
    areas = float(
        np.prod(np.ptp(one[:, :2], axis=0)) + np.prod(np.ptp(other[:, :2], axis=0))
    )
    return shared / max(areas - shared, 1e-9)


def place_in_picture(
    mesh: NDArray[np.float32], shape: tuple[int, ...]
) -> tuple[float, float]:
    """Return where a face is: the middle of its mesh.

    Parameters
    ----------
    mesh : NDArray[np.float32]
        Shape (points, 2 or more), in pixels.
    shape : tuple of int
        Of the picture: height, width, and possibly more.

    Returns
    -------
    tuple of float
        Shares of the picture's width and height, from its upper left corner.
    """
    across, down = mesh[:, :2].mean(axis=0)
    return float(across) / shape[1], float(down) / shape[0]


def tiles(
    image: NDArray[np.uint8],
) -> Iterator[tuple[NDArray[np.uint8], int, int]]:
    """Cut square tiles of half the longer side, overlapping, with their corners."""
    height, width = image.shape[:2]
    side = max(height, width) // 2
    step = max(int(side * (1 - TILE_OVERLAP)), 1)
    for top in _starts(height, side, step):
        for left in _starts(width, side, step):
            yield image[top : top + side, left : left + side], left, top


def _starts(length: int, side: int, step: int) -> list[int]:
    """Start positions which cover the whole length."""
    last = max(length - side, 0)
    count = -(-last // step) + 1
    return [round(last * i / max(count - 1, 1)) for i in range(count)]


def inside_picture(
    points_px: NDArray[np.floating[Any]], shape: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Return which points lie inside a picture, shape (n,).

    Parameters
    ----------
    points_px : NDArray
        x, y and possibly more, shape (n, 2 or more).
    shape : tuple of int
        Of the picture: height, width, and possibly more.
    """
    x, y = points_px[:, 0], points_px[:, 1]
    within = (x >= 0) & (y >= 0) & (x <= shape[1] - 1) & (y <= shape[0] - 1)
    return np.asarray(within)
