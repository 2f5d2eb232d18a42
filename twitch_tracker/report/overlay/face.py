"""The mesh drawn on the face: faint everywhere, coloured where it is measured.

Points of the person's right side are blue, of the left side orange (the report's
colours). A region that is in a burst gets a ring around it: the mark does not rest
on colour alone and does not hide what it points at.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay, QhullError

from twitch_tracker.regions import (
    BROW,
    CHEEK,
    LOWER_LID,
    ORAL_COMMISSURE,
    REGIONS,
    SIDES,
    UPPER_LID,
    Region,
    Side,
)

__all__ = ["RGB", "draw_face", "mesh_edges", "region_points"]

RGB: Final = {Side.RIGHT: (64, 160, 224), Side.LEFT: (242, 140, 40)}
"""Brighter than in the report, to stand out on skin and on a dark panel."""

_MESH_RGB: Final = (225, 235, 240)
_MESH_ALPHA: Final = 0.3
_FIRST_IRIS_POINT: Final = 468
_SHIFT: Final = 4
"""Fractional bits of OpenCV's drawing coordinates: 1/16 pixel."""


def region_points(region: Region, side: Side) -> tuple[int, ...]:
    """Return the mesh points of one region and side."""
    if region is Region.EYELID:
        return (*UPPER_LID[side], *LOWER_LID[side])
    if region is Region.MOUTH_CORNER:
        return ORAL_COMMISSURE[side]
    return CHEEK[side] if region is Region.CHEEK else BROW[side]


def mesh_edges(mesh_px: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the edges of a triangulation of one (best frontal) mesh.

    Parameters
    ----------
    mesh_px : NDArray[np.float32]
        Shape (478, 3).

    Returns
    -------
    NDArray[np.intp]
        Shape (edges, 2); Delaunay triangulation of the points without the irises,
        empty when the points lie on a line.
    """
    try:
        triangles = Delaunay(mesh_px[:_FIRST_IRIS_POINT, :2]).simplices
    except (QhullError, ValueError):
        return np.empty((0, 2), dtype=np.intp)
    pairs = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])  # fmt: skip
    edges = np.unique(np.sort(pairs, axis=1), axis=0).astype(np.intp)
    return cast("NDArray[np.intp]", edges)


def draw_face(
    image: NDArray[np.uint8],
    mesh_px: NDArray[np.float32],
    edges: NDArray[np.intp],
    active: Collection[tuple[Region, Side]],
) -> NDArray[np.uint8]:
    """Return the picture with the mesh on it.

    Parameters
    ----------
    image : NDArray[np.uint8]
        RGB, shape (height, width, 3); left as it is.
    mesh_px : NDArray[np.float32]
        Shape (478, 3) in pixels of `image`; not drawn when any point is NaN.
    edges : NDArray[np.intp]
        Edges from `mesh_edges`.
    active : collection of (Region, Side)
        Regions that are in a burst.

    Returns
    -------
    NDArray[np.uint8]
        A new picture.
    """
    drawn = image.copy()
    if not np.isfinite(mesh_px[:, :2]).all():
        return drawn
    limit = 8 * max(image.shape)
    points = np.clip(mesh_px[:, :2], -limit, limit)
    face_px = float(np.ptp(points[:, 0]))
    _draw_mesh(drawn, points, edges, face_px)
    for region in REGIONS:
        for side in SIDES:
            _draw_region(
                drawn, points[list(region_points(region, side))], side, face_px
            )
    for region, side in active:
        _draw_ring(drawn, points[list(region_points(region, side))], side, face_px)
    return drawn


def _draw_mesh(
    image: NDArray[np.uint8],
    points: NDArray[np.float32],
    edges: NDArray[np.intp],
    face_px: float,
) -> None:
    """Blend the mesh in, fainter on small faces, which it would hide."""
    lined = image.copy()
    lines = list(np.rint(points * (1 << _SHIFT)).astype(np.int32)[edges])
    width = max(round(face_px / 700), 1)
    cv2.polylines(lined, lines, False, _MESH_RGB, width, cv2.LINE_AA, _SHIFT)
    alpha = float(np.clip(face_px / 1000, 0.1, _MESH_ALPHA))
    cv2.addWeighted(lined, alpha, image, 1 - alpha, 0, dst=image)


def _draw_region(
    image: NDArray[np.uint8], points: NDArray[np.float32], side: Side, face_px: float
) -> None:
    radius = round(max(face_px / 180, 1.2) * (1 << _SHIFT))
    for x, y in np.rint(points * (1 << _SHIFT)).astype(int):
        centre = (int(x), int(y))
        cv2.circle(image, centre, radius, RGB[side], -1, cv2.LINE_AA, _SHIFT)


def _draw_ring(
    image: NDArray[np.uint8], points: NDArray[np.float32], side: Side, face_px: float
) -> None:
    """Ring a region in its side's colour between two white lines."""
    low, high = points.min(axis=0), points.max(axis=0)
    centre = np.rint((low + high) / 2 * (1 << _SHIFT)).astype(int)
    axes = (high - low) / 2 * 1.25 + 0.06 * face_px
    sizes = np.rint(axes * (1 << _SHIFT)).astype(int)
    place, size = (int(centre[0]), int(centre[1])), (int(sizes[0]), int(sizes[1]))
    width = max(round(face_px / 110), 2)
    for colour, thick in (((255, 255, 255), 2 * width), (RGB[side], width)):
        cv2.ellipse(
            image, place, size, 0, 0, 360, colour, thick, cv2.LINE_AA, _SHIFT
        )  # fmt: skip
