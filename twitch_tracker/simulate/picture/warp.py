"""One picture and its face geometry -> the same picture doing an `Action`.

Two main mechanisms, both inverse maps sampled once from the original picture:
smooth pulls of compact support (mouth corner, cheek, brow, jaw), and lids that
slide over the eye; beside them a mouth that opens (`mouth`) and eyes that look
elsewhere (`gaze`). Closing an eye carries the upper-lid skin, from below the
brow to the lash line, down over the eyeball, which stays where it is and is
covered; the lower lid comes up by `LOWER_LID_SHARE` of the aperture. Where
nothing moves the picture's bytes are untouched.

Note: `at` holds (x, y) of the original picture for each output pixel, so a head
movement can be put underneath without sampling twice.

>>> closed = warp_face(
...     image, face, replace(Action.rest(), closure=np.array([0.0, 1.0]))
... )  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import BadShape
from twitch_tracker.regions import SIDES
from twitch_tracker.simulate.picture.gaze import EYEBALL_RADIUS_MM, turn_eye
from twitch_tracker.simulate.picture.geometry import PictureGeometry, Pull
from twitch_tracker.simulate.picture.lids import close_eye
from twitch_tracker.simulate.picture.mouth import open_mouth
from twitch_tracker.simulate.picture.resampling import Field, Image, resized, sample
from twitch_tracker.simulate.plan.action import Action

__all__ = ["pixel_grid", "warp_face"]

_INVERSION_STEPS: Final = 4
_COARSE: Final = 4
_STILL: Final = 1e-3


def warp_face(
    image: Image, face: PictureGeometry, action: Action, at: Field | None = None
) -> Image:
    """Make the face of a picture do `action`.

    Parameters
    ----------
    image : NDArray[np.uint8]
        RGB, shape (height, width, 3).
    face : PictureGeometry
        The face in `image`.
    action : Action
        What it shall do.
    at : NDArray[np.float32], optional
        Original (x, y) for each output pixel, shape (height, width, 2); the
        picture as it is by default.

    Returns
    -------
    NDArray[np.uint8]
        New picture of the shape of `at` (or of `image`).

    Raises
    ------
    BadShape
        If `image` or `at` has the wrong shape.
    """
    if image.ndim != 3 or image.shape[2] != 3:
        raise BadShape("image", "(height, width, 3)", image.shape)
    if at is not None and (at.ndim != 3 or at.shape[2] != 2):
        raise BadShape("at", "(height, width, 2)", at.shape)
    out = image.copy() if at is None else sample(image, at[..., 0], at[..., 1])
    if action.peak < _STILL:
        return out
    box = _active_box(face, at, out.shape[:2])
    if box is None:
        return out
    rows, columns = box
    grid = pixel_grid(rows, columns) if at is None else at[rows, columns]
    moved = grid - displacement_at(grid, _pulls(face, action))
    patch = _render(image, face, action, moved, grid, out[rows, columns])
    out[rows, columns] = patch
    return out


def _render(
    image: Image,
    face: PictureGeometry,
    action: Action,
    moved: Field,
    grid: Field,
    before: Image,
) -> Image:
    """Sample the pulled skin, then lay the lids over each closing eye."""
    mouth = None
    if action.mouth_open_mm > _STILL:
        mouth = open_mouth(face, action.mouth_open_mm, moved)
        moved = mouth.at
    still = np.abs(moved - grid).max(axis=2) < _STILL
    skin = sample(image, moved[..., 0], moved[..., 1]).astype(np.float32)
    skin[still] = before[still]
    if mouth is not None:
        skin += mouth.inside[..., None] * (mouth.colour - skin)
    shift_px = _gaze_px(face, action)
    for index, side in enumerate(SIDES):
        if np.abs(shift_px).max() > 0.02:
            eye = face.eyes[side]
            turn_eye(image, eye, face.mesh_px, side, shift_px, moved, skin)
        closure = float(np.clip(action.closure[index], 0.0, 1.0))
        if closure > _STILL:
            close_eye(image, face.eyes[side], closure, moved, skin)
    return np.asarray(np.clip(np.rint(skin), 0, 255), dtype=np.uint8)


def _gaze_px(face: PictureGeometry, action: Action) -> NDArray[np.float64]:
    """Return how far the irises move in the picture, shape (2,)."""
    left, up = face.axes
    lift = EYEBALL_RADIUS_MM * face.px_per_mm * np.sin(np.deg2rad(action.gaze_deg))
    return np.asarray(lift[0] * left[:2] + lift[1] * up[:2])


def pixel_grid(rows: slice, columns: slice) -> Field:
    """Return the coordinates (x, y) of a block of pixels, shape (rows, columns, 2)."""
    y, x = np.mgrid[rows, columns].astype(np.float32)
    return np.stack([x, y], axis=2)


def displacement_at(grid: Field, pulls: list[tuple[Pull, float]]) -> Field:
    """Invert the pulls: the displacement that arrived at each place.

    Solves ``q + D(q) = p`` by fixed-point steps, so that a landmark moves by
    what was commanded. Done on every fourth pixel: the pulls are tens of
    pixels wide.
    """
    rows, columns = grid.shape[:2]
    if not pulls:
        return np.zeros_like(grid)
    size = max(rows // _COARSE, 1), max(columns // _COARSE, 1)
    coarse = resized(grid, *size, cv2.INTER_AREA)
    total = np.zeros_like(coarse)
    for _ in range(_INVERSION_STEPS):
        origin = coarse - total
        total = np.zeros_like(coarse)
        for pull, amount_mm in pulls:
            total += _pull_field(origin, pull, amount_mm)
    return resized(total, rows, columns, cv2.INTER_LINEAR)


def _pull_field(at: Field, pull: Pull, amount_mm: float) -> Field:
    """Return the displacement of one pull: a bump (1 - r^2)^3, zero from r = 1 on."""
    offset = at - pull.centre_px.astype(np.float32)
    ax, ay = (float(v) for v in pull.along)
    first = (offset[..., 0] * ax + offset[..., 1] * ay) / float(pull.axes_px[0])
    second = (offset[..., 1] * ax - offset[..., 0] * ay) / float(pull.axes_px[1])
    bump = np.maximum(1.0 - first * first - second * second, 0.0) ** 3
    step = (amount_mm * pull.step_px_per_mm).astype(np.float32)
    return np.asarray(bump[..., None] * step, dtype=np.float32)


def _pulls(face: PictureGeometry, action: Action) -> list[tuple[Pull, float]]:
    """List the pulls that are active, with their amounts in millimetres."""
    return [item for item in _all_pulls(face, action) if abs(item[1]) > _STILL]


def _all_pulls(face: PictureGeometry, action: Action) -> Iterator[tuple[Pull, float]]:
    for index, side in enumerate(SIDES):
        yield face.mouth_corner[side], float(action.mouth_corner_mm[index])
        yield face.cheek[side], float(action.cheek_mm[index])
        yield face.brow[side], float(action.brow_mm[index])
    yield face.jaw, action.jaw_mm


def _active_box(
    face: PictureGeometry, at: Field | None, shape: tuple[int, ...]
) -> tuple[slice, slice] | None:
    """Return rows and columns of the output that can show any movement."""
    margin = 0.5 * face.interocular_px
    low = face.mesh_px[:, :2].min(axis=0) - margin
    high = face.mesh_px[:, :2].max(axis=0) + margin
    if at is None:
        x0, y0 = np.maximum(np.floor(low).astype(int), 0)
        x1, y1 = np.minimum(np.ceil(high).astype(int) + 1, shape[1::-1])
        empty = x1 <= x0 or y1 <= y0
        return None if empty else (slice(int(y0), int(y1)), slice(int(x0), int(x1)))
    inside = ((at >= low) & (at <= high)).all(axis=2)
    rows, columns = inside.any(axis=1).nonzero()[0], inside.any(axis=0).nonzero()[0]
    if len(rows) == 0:
        return None
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(
        int(columns[0]), int(columns[-1]) + 1
    )
