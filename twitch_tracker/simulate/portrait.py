"""A still portrait that moves like a sitting person's head.

The face has the depth of its mesh, the rest of the head that of the ears, and
both fade into the still background: small turns, nods, tilts, shifts and
breathing move every pixel by its depth, in one resampling together with the
expression. Band-limited and seeded: the same scenario gives the same arrays.

Meant for small motion (a few degrees, a few millimetres): a flat picture does
not show what a larger turn would uncover.

>>> portrait = Portrait.from_still(image, tracker)  # doctest: +SKIP
>>> for picture, time_s in animate(portrait, scenario):  # doctest: +SKIP
...     writer.write(picture, time_s)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator

from twitch_tracker.errors import BadParameter, NoAnalysableFace
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.simulate.activation import activate
from twitch_tracker.simulate.picture.filming import expose, frame_times_s
from twitch_tracker.simulate.picture.geometry import PictureGeometry
from twitch_tracker.simulate.picture.motion_noise import HeadPath, head_path
from twitch_tracker.simulate.picture.resampling import Field, Image, blur, resized
from twitch_tracker.simulate.picture.scene import apply_scene
from twitch_tracker.simulate.picture.skin import fill_from_surroundings
from twitch_tracker.simulate.picture.warp import pixel_grid, warp_face
from twitch_tracker.simulate.plan.scenario import Scenario

__all__ = ["Portrait", "animate", "crop_to_face", "planned_times_s"]

_FACE_POINTS: Final = 468  # without irises
_HEAD_HALF_WIDTH: Final = 0.8  # of the mesh's width: hair included
_HEAD_HALF_HEIGHT: Final = 0.85  # of the mesh's height
_HEAD_RISE: Final = 0.15  # of the mesh's height: the skull is above the mesh
_FADE: Final = 1.7  # where the head's motion has died out, in half axes


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """A still picture with its face, ready to be moved.

    Attributes
    ----------
    image : NDArray[np.uint8]
        RGB, shape (height, width, 3).
    face : PictureGeometry
        The face in it.
    depth_px : NDArray[np.float32]
        Depth of each pixel behind the pivot of the head, negative towards the
        camera, shape (height, width).
    weight : NDArray[np.float32]
        How much each pixel goes with the head, 0 to 1, shape (height, width).
    pivot_px : NDArray[np.float64]
        Where the head turns about, shape (2,).
    """

    image: Image
    face: PictureGeometry
    depth_px: Field
    weight: Field
    pivot_px: NDArray[np.float64]

    @classmethod
    def from_still(cls, image: Image, tracker: FaceTracker) -> Portrait:
        """Find the largest face of a picture and prepare it.

        Raises
        ------
        NoAnalysableFace
            If there is no face in the picture.
        """
        return cls.from_mesh(image, find_largest(image, tracker))

    @classmethod
    def from_mesh(cls, image: Image, mesh_px: NDArray[np.floating[Any]]) -> Portrait:
        """Prepare a picture whose mesh is known, shape (478, 3)."""
        face = PictureGeometry.from_mesh(mesh_px)
        ears = face.mesh_px[[234, 454]]
        chin = face.mesh_px[152]
        pivot = np.array([ears[:, 0].mean(), 0.5 * (ears[:, 1].mean() + chin[1])])
        return cls(
            image=image,
            face=face,
            depth_px=_depth(face, image.shape, float(ears[:, 2].mean())),
            weight=_head_weight(face, image.shape),
            pivot_px=pivot,
        )


def find_largest(image: Image, tracker: FaceTracker) -> NDArray[np.float32]:
    """Return the mesh of the largest face; raises `NoAnalysableFace`."""
    meshes = tracker.find_all(image)
    if not meshes:
        raise NoAnalysableFace(
            "No face was found in the still. Use a frontal portrait."
        )
    return max(meshes, key=lambda mesh: float(np.ptp(mesh[:, 0])))


def crop_to_face(
    image: Image,
    tracker: FaceTracker,
    *,
    size_px: int = 640,
    interocular_px: float = 150.0,
) -> Image:
    """Cut a square around the face and scale it (Lanczos when it grows).

    Parameters
    ----------
    image : NDArray[np.uint8]
        RGB.
    tracker : FaceTracker
        Finds the face.
    size_px : int
        Side of the result; smaller where the picture ends.
    interocular_px : float
        Distance of the outer canthi in the result.

    Raises
    ------
    NoAnalysableFace
        If there is no face in the picture.
    BadParameter
        If the square would reach beyond the picture.
    """
    mesh = find_largest(image, tracker)[:, :2]
    scale = interocular_px / float(np.linalg.norm(mesh[33] - mesh[263]))
    side = round(size_px / scale)
    centre = 0.5 * (mesh.min(axis=0) + mesh.max(axis=0))
    height, width = image.shape[:2]
    if side > min(height, width):
        raise BadParameter("interocular_px", "a larger one for this picture", side)
    left = int(np.clip(round(centre[0] - side / 2), 0, width - side))
    top = int(np.clip(round(centre[1] - side / 2), 0, height - side))
    piece = np.ascontiguousarray(image[top : top + side, left : left + side])
    method = cv2.INTER_LANCZOS4 if scale > 1 else cv2.INTER_AREA
    scaled = cv2.resize(piece, (size_px, size_px), interpolation=method)
    return np.asarray(scaled, dtype=np.uint8)


def planned_times_s(scenario: Scenario) -> NDArray[np.float64]:
    """Return the presentation times of a rendering from a still."""
    return frame_times_s(
        scenario.duration_s, scenario.fps, scenario.camera.jitter_s, scenario.seed
    )


def animate(
    portrait: Portrait,
    scenario: Scenario,
    time_s: NDArray[np.float64] | None = None,
) -> Iterator[tuple[Image, float]]:
    """Play a scenario on a portrait.

    Parameters
    ----------
    portrait : Portrait
        The face.
    scenario : Scenario
        What happens.
    time_s : NDArray[np.float64], optional
        Other frame times than the scenario's own, shape (n,).

    Yields
    ------
    tuple of NDArray[np.uint8] and float
        Picture (RGB, shape of the portrait) and its time in seconds.
    """
    times = planned_times_s(scenario) if time_s is None else time_s
    activation = activate(scenario, times)
    path = head_path(scenario, times, portrait.face.px_per_mm, activation.turn_deg)
    rows, columns = (slice(0, n) for n in portrait.image.shape[:2])
    grid = pixel_grid(rows, columns)
    for index, time in enumerate(times):
        at = _where_from(portrait, path, index, grid)
        clean = warp_face(portrait.image, portrait.face, activation.action(index), at)
        shown = apply_scene(clean, portrait.face.mesh_px, activation.scene(index))
        light = float(path.exposure[index])
        shown = expose(
            scenario.camera, shown, seed=scenario.seed, index=index, light=light
        )
        yield shown, float(time)


def _where_from(portrait: Portrait, path: HeadPath, index: int, grid: Field) -> Field:
    """Return the original place of every output pixel under the head's pose."""
    rotation = path.rotation(index)
    pivot = portrait.pivot_px.astype(np.float32)
    shift = path.shift_px[index].astype(np.float32)
    offset = grid - pivot - shift
    x, y, z = offset[..., 0], offset[..., 1], portrait.depth_px
    back_x = rotation[0, 0] * x + rotation[1, 0] * y + rotation[2, 0] * z
    back_y = rotation[0, 1] * x + rotation[1, 1] * y + rotation[2, 1] * z
    moved = np.stack([back_x, back_y], axis=2) + pivot - grid
    return np.asarray(grid + portrait.weight[..., None] * moved, dtype=np.float32)


def _depth(face: PictureGeometry, shape: tuple[int, ...], ear_z: float) -> Field:
    """Return the depth of the mesh over the picture, that of the ears around it."""
    points = face.mesh_px[:_FACE_POINTS]
    coarse = 4
    rows, columns = -(-shape[0] // coarse), -(-shape[1] // coarse)
    y, x = np.mgrid[0:rows, 0:columns] * float(coarse)
    surface = LinearNDInterpolator(points[:, :2], points[:, 2])(x, y)
    known = np.isfinite(surface)
    far = _head_weight(face, shape)[::coarse, ::coarse] < 0.5
    depth = np.where(known, np.nan_to_num(surface), ear_z).astype(np.float32)
    filled = fill_from_surroundings(
        np.repeat(depth[..., None], 3, axis=2), (known | far).astype(np.float32)
    )[..., 0]
    smooth = blur(filled, 0.04 * face.interocular_px)
    full = resized(smooth, rows * coarse, columns * coarse, cv2.INTER_CUBIC)
    return np.asarray(full[: shape[0], : shape[1]] - ear_z, dtype=np.float32)


def _head_weight(face: PictureGeometry, shape: tuple[int, ...]) -> Field:
    """Return 1 on the head, fading to 0 on body and background."""
    points = face.mesh_px[:_FACE_POINTS, :2]
    extent = np.ptp(points, axis=0)
    centre = 0.5 * (points.min(axis=0) + points.max(axis=0))
    centre = centre - [0.0, _HEAD_RISE * extent[1]]
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    radius = np.hypot(
        (x - centre[0]) / (_HEAD_HALF_WIDTH * extent[0]),
        (y - centre[1]) / (_HEAD_HALF_HEIGHT * extent[1]),
    )
    fade = np.clip((_FADE - radius) / (_FADE - 1.0), 0.0, 1.0)
    return np.asarray(fade * fade * (3 - 2 * fade), dtype=np.float32)
