from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from twitch_tracker.errors import BadParameter, BadShape
from twitch_tracker.regions import IRIS, ORAL_COMMISSURE, SIDES, Side
from twitch_tracker.simulate.picture.geometry import PictureGeometry, mm_per_interocular
from twitch_tracker.simulate.picture.resampling import sample
from twitch_tracker.simulate.picture.warp import (
    _pull_field,
    _pulls,
    pixel_grid,
    warp_face,
)
from twitch_tracker.simulate.plan.action import Action
from twitch_tracker.simulate.portrait import Portrait

FULL = {"closure": 1.0, "mouth_corner_mm": 8.0, "cheek_mm": 4.0, "brow_mm": 2.5}
both_sides = pytest.mark.parametrize("side", SIDES)


def one_sided(side: Side, **amounts: float) -> Action:
    """Return an action of one side only; the other stays as filmed."""
    here = np.array([float(s is side) for s in SIDES])
    return replace(Action.rest(), **{name: n * here for name, n in amounts.items()})


def displace(points_px, face, action):
    """Where the pulls take points of the skin (lids aside), shape (n, 2)."""
    shift = np.zeros((1, len(points_px), 2), dtype=np.float32)
    at = points_px[None].astype(np.float32)
    for pull, amount_mm in _pulls(face, action):
        shift += _pull_field(at, pull, amount_mm)
    return np.asarray(points_px + shift[0], dtype=np.float64)


def of_side(portrait: Portrait, side: Side) -> np.ndarray:
    """Mask of the pixels on the subject's own side of the face's midline."""
    top, chin = portrait.face.mesh_px[10, :2], portrait.face.mesh_px[152, :2]
    height, width = portrait.image.shape[:2]
    grid = pixel_grid(slice(0, height), slice(0, width))
    down = chin - top
    across = (grid[..., 0] - top[0]) * down[1] - (grid[..., 1] - top[1]) * down[0]
    return across > 0 if side is Side.LEFT else across < 0


def test_a_face_at_rest_keeps_every_byte(portrait: Portrait):
    still = warp_face(portrait.image, portrait.face, Action.rest())
    assert still is not portrait.image
    assert np.array_equal(still, portrait.image)


@both_sides
def test_nothing_moves_on_the_other_side_of_the_face(portrait: Portrait, side: Side):
    lid = one_sided(side, closure=1.0, cheek_mm=4.0)
    changed = (warp_face(portrait.image, portrait.face, lid) != portrait.image).any(2)
    assert changed[of_side(portrait, side)].mean() > 0.02
    assert not changed[of_side(portrait, side.other)].any()


def test_the_background_keeps_every_byte(portrait: Portrait):
    strong = warp_face(portrait.image, portrait.face, one_sided(Side.RIGHT, **FULL))
    margin = np.ones(portrait.image.shape[:2], dtype=bool)
    low, high = (
        portrait.face.mesh_px[:, :2].min(0) - 40,
        portrait.face.mesh_px[:, :2].max(0) + 40,
    )
    margin[int(low[1]) : int(high[1]), int(low[0]) : int(high[0])] = False
    assert np.array_equal(strong[margin], portrait.image[margin])


@both_sides
def test_a_closed_lid_covers_iris_and_white_with_skin(portrait: Portrait, side: Side):
    closed = warp_face(portrait.image, portrait.face, one_sided(side, closure=1.0))
    x, y = portrait.face.mesh_px[IRIS[side][0], :2].astype(int)
    block = np.s_[y - 2 : y + 2, x - 2 : x + 2]
    cheek = portrait.face.cheek[side].centre_px.astype(int)
    skin = portrait.image[cheek[1] - 3 : cheek[1] + 3, cheek[0] - 3 : cheek[0] + 3]
    colour = skin.reshape(-1, 3).mean(axis=0)
    before = np.abs(portrait.image[block].reshape(-1, 3).mean(0) - colour).mean()
    after = np.abs(closed[block].reshape(-1, 3).mean(0) - colour).mean()
    assert before > 60
    assert after < 40


@both_sides
def test_trackers_see_one_eye_close_and_the_other_stay(
    portrait: Portrait, tracker, eye_aspect_ratio, side: Side
):
    open_mesh = tracker.find_all(portrait.image)[0]
    action = one_sided(side, closure=1.0, mouth_corner_mm=3.0)
    shown = warp_face(portrait.image, portrait.face, action)
    mesh = tracker.follow(shown, open_mesh)
    assert eye_aspect_ratio(mesh, side) < 0.4 * eye_aspect_ratio(open_mesh, side)
    other = side.other
    drift = eye_aspect_ratio(mesh, other) - eye_aspect_ratio(open_mesh, other)
    assert abs(drift) < 0.02


def test_closure_grows_steadily_with_the_command(
    portrait: Portrait, tracker, eye_aspect_ratio
):
    mesh = tracker.find_all(portrait.image)[0]
    ratios = []
    for closure in (0.0, 0.25, 0.5, 0.75):
        action = one_sided(Side.RIGHT, closure=closure)
        shown = warp_face(portrait.image, portrait.face, action)
        ratios.append(eye_aspect_ratio(tracker.follow(shown, mesh), Side.RIGHT))
    assert (np.diff(ratios) < -0.02).all()


@both_sides
def test_the_commissure_moves_by_what_was_commanded(portrait: Portrait, side: Side):
    corner = portrait.face.mesh_px[ORAL_COMMISSURE[side][0], :2]
    action = one_sided(side, mouth_corner_mm=4.0)
    moved = displace(corner[None], portrait.face, action)[0]
    expected = 4.0 * portrait.face.mouth_corner[side].step_px_per_mm
    assert moved - corner == pytest.approx(expected, abs=1e-3)
    outward = moved[0] - corner[0]
    assert (outward > 0) == (side is Side.LEFT), "outward, on the subject's own side"
    assert moved[1] < corner[1], "and up"


def test_the_picture_shows_each_skin_point_where_it_was_sent(portrait: Portrait):
    action = one_sided(Side.LEFT, mouth_corner_mm=5.0, cheek_mm=2.5, brow_mm=1.5)
    points = portrait.face.mesh_px[[291, 287, 410, 425, 280, 432, 300, 334], :2]
    points = np.concatenate([points + np.array([dx, 0]) for dx in range(-6, 7)])
    there = displace(points, portrait.face, action).astype(np.float32)
    shown = warp_face(portrait.image, portrait.face, action)
    seen = sample(shown, there[None, :, 0], there[None, :, 1]).astype(float)
    points = points.astype(np.float32)
    sent = sample(portrait.image, points[None, :, 0], points[None, :, 1]).astype(float)
    assert np.abs(seen - sent).mean() < 2.5


def test_the_skin_never_folds_over_even_at_the_largest_excursion(portrait: Portrait):
    height, width = portrait.image.shape[:2]
    grid = pixel_grid(slice(0, height), slice(0, width)).reshape(-1, 2)
    where = displace(grid.astype(float), portrait.face, one_sided(Side.LEFT, **FULL))
    field = where.reshape(height, width, 2)
    dx, dy = np.gradient(field, axis=1), np.gradient(field, axis=0)
    area = dx[..., 0] * dy[..., 1] - dx[..., 1] * dy[..., 0]
    assert area.min() > 0.1


def test_a_mirrored_picture_swaps_sides_and_changes_nothing_else(portrait: Portrait):
    """Within rounding: the interpolation grid is not exactly symmetric."""
    width = portrait.image.shape[1]
    flipped = np.ascontiguousarray(portrait.image[:, ::-1])
    mesh = portrait.face.mesh_px.copy()
    mesh[:, 0] = width - 1 - mesh[:, 0]
    swap = mirror_pairs(portrait)
    face = PictureGeometry.from_mesh(mesh[swap])
    right = warp_face(flipped, face, one_sided(Side.RIGHT, **FULL))
    left = warp_face(portrait.image, portrait.face, one_sided(Side.LEFT, **FULL))
    difference = np.abs(right[:, ::-1].astype(int) - left.astype(int))
    assert difference.mean() < 0.05
    assert np.percentile(difference, 99.9) <= 12


def mirror_pairs(portrait: Portrait) -> np.ndarray:
    """Point of the mesh that lies at the mirrored place, by nearness in the mesh."""
    from scipy.optimize import linear_sum_assignment

    mesh = portrait.face.mesh_px
    left = mesh[263] - mesh[33]
    left = left / np.linalg.norm(left)
    middle = mesh[[10, 152, 168, 1]].mean(axis=0)
    beyond = mesh - 2 * ((mesh - middle) @ left)[:, None] * left
    distance = np.linalg.norm(beyond[:, None] - mesh[None], axis=2)
    _, pairs = linear_sum_assignment(distance)
    return pairs


def test_a_noisy_picture_keeps_its_noise_where_nothing_moves(portrait: Portrait):
    rng = np.random.default_rng(0)
    noise = rng.integers(-20, 20, portrait.image.shape)
    noisy = np.clip(portrait.image + noise, 0, 255).astype(np.uint8)
    shown = warp_face(noisy, portrait.face, one_sided(Side.LEFT, closure=0.7))
    same = (shown == noisy).all(axis=2)
    assert same.mean() > 0.95


def test_half_closed_lids_leave_the_lower_half_of_the_eye(portrait: Portrait):
    eye = portrait.face.eyes[Side.RIGHT]
    shown = warp_face(portrait.image, portrait.face, one_sided(Side.RIGHT, closure=0.4))
    middle = len(eye.x_px) // 2
    x = np.array([[eye.x_px[middle]]], dtype=np.float32)
    y = np.array([[0.75 * eye.lower_px[middle] + 0.25 * eye.upper_px[middle]]])
    y = y.astype(np.float32)
    now, before = (eye.sample(picture, x, y) for picture in (shown, portrait.image))
    assert np.abs(now - before).mean() < 40


def test_wrong_shapes_and_degenerate_meshes_are_refused(portrait: Portrait):
    with pytest.raises(BadShape, match="image"):
        warp_face(portrait.image[..., 0], portrait.face, Action.rest())
    with pytest.raises(BadShape, match="at"):
        warp_face(portrait.image, portrait.face, Action.rest(), np.zeros((4, 4)))
    with pytest.raises(BadShape, match="mesh_px"):
        PictureGeometry.from_mesh(np.zeros((468, 3)))
    with pytest.raises(BadParameter, match="mesh_px"):
        PictureGeometry.from_mesh(np.zeros((478, 3)))


def test_millimetres_come_from_the_iris(portrait: Portrait):
    mesh = portrait.face.mesh_px[None]
    assert 70 < mm_per_interocular(mesh) < 100
    assert mm_per_interocular(3 * mesh) == pytest.approx(mm_per_interocular(mesh))


def test_a_face_partly_outside_the_picture_can_be_warped(portrait: Portrait):
    x = int(portrait.face.mesh_px[168, 0])
    half = np.ascontiguousarray(portrait.image[:, x:])
    mesh = portrait.face.mesh_px - [x, 0, 0]
    action = one_sided(Side.RIGHT, **FULL)
    shown = warp_face(half, PictureGeometry.from_mesh(mesh), action)
    assert shown.shape == half.shape


def test_a_head_movement_underneath_is_followed(portrait: Portrait):
    height, width = portrait.image.shape[:2]
    at = pixel_grid(slice(0, height), slice(0, width)) - np.float32([10, 0])
    action = one_sided(Side.LEFT, closure=0.8, mouth_corner_mm=3.0)
    shifted = warp_face(portrait.image, portrait.face, action, at)
    plain = warp_face(portrait.image, portrait.face, action)
    difference = cv2.absdiff(shifted[:, 10:], plain[:, :-10])
    assert difference.mean() < 0.1
