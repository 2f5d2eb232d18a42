"""Only pictures in which nothing moves are passed over."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from twitch_tracker.face.passing import (
    FIRST_WAIT_S,
    SHORTEST_WAIT_S,
    FaceNow,
    Passing,
    are_between,
    meshes_between,
)
from twitch_tracker.motion.recorder import KEPT_POINTS
from twitch_tracker.regions import (
    CHEEK,
    EYE_CORNERS,
    MESH_POINTS,
    ORAL_COMMISSURE,
    Side,
)

SHARES = (0.25, 0.5, 0.75)
NOISE = 2.0
"""Levels: that of a webcam in daylight."""


@pytest.fixture
def mesh(face) -> np.ndarray:
    """A frontal face, 128 px wide, in a picture of 320 x 240."""
    raw = face.film(np.zeros(1), scale_px=128.0, shift_px=(160.0, 90.0))
    landmarks = np.zeros((MESH_POINTS, 3), np.float32)
    landmarks[list(KEPT_POINTS)] = raw.points_px[0]
    return landmarks


@pytest.fixture
def skin() -> np.ndarray:
    """A picture with texture a few pixels coarse."""
    grey = cv2.GaussianBlur(
        np.random.default_rng(8).normal(0, 1, (240, 320)), (0, 0), 4.0
    )
    return 128 + 45 * grey / grey.std()


def picture(grey: np.ndarray, seed: int) -> np.ndarray:
    noisy = grey + np.random.default_rng(seed).normal(0, NOISE, grey.shape)
    return np.repeat(np.clip(noisy, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def moved(grey, mesh, points, by_px):
    """Draw the skin around some points to the right, less and less further away."""
    x0, y0 = mesh[list(points), :2].mean(axis=0)
    y, x = np.mgrid[: grey.shape[0], : grey.shape[1]].astype(np.float32)
    near = np.exp(-((x - x0) ** 2 + (y - y0) ** 2) / (2 * 14.0**2))
    return cv2.remap(grey.astype(np.float32), x - by_px * near, y, cv2.INTER_LINEAR)


def are(pictures, first_mesh, last_mesh) -> bool:
    """Ask of five pictures whether the inner ones are between the outer ones."""
    between = meshes_between(first_mesh, last_mesh, SHARES)
    meshes = [first_mesh, *between, last_mesh]
    first, *passed, last = (
        FaceNow(image=picture(grey, seed), mesh=mesh)
        for seed, (grey, mesh) in enumerate(zip(pictures, meshes, strict=True))
    )
    return are_between(first, last, passed, SHARES)


def test_a_still_face_is_passed_over(mesh, skin):
    assert are([skin] * 5, mesh, mesh)


@pytest.mark.parametrize("region", [CHEEK, ORAL_COMMISSURE, EYE_CORNERS])
@pytest.mark.parametrize("side", list(Side)[:2])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_movement_of_one_picture_is_not(mesh, skin, region, side, at):
    """By 3 pixels of 128: two millimetres of a face."""
    pictures = [skin] * 5
    pictures[at] = moved(skin, mesh, region[side], 3.0)
    assert not are(pictures, mesh, mesh)


def test_a_jerk_that_is_over_before_the_next_look_is_seen(mesh, skin):
    pull = [moved(skin, mesh, ORAL_COMMISSURE[Side.LEFT], by) for by in (1.5, 3, 1.5)]
    assert not are([skin, *pull, skin], mesh, mesh)


def test_a_head_that_moves_evenly_is_passed_over(mesh, skin):
    steps_px = np.arange(5.0)
    pictures = [np.roll(skin, int(px), axis=1) for px in steps_px]
    there = mesh + np.array([4, 0, 0], np.float32)
    assert are(pictures, mesh, there)


def test_a_head_that_jumps_is_not(mesh, skin):
    pictures = [np.roll(skin, px, axis=1) for px in (0, 0, 0, 0, 4)]
    there = mesh + np.array([4, 0, 0], np.float32)
    assert not are(pictures, mesh, there)


def test_another_light_is_no_movement(mesh, skin):
    assert are([skin, skin + 6, skin - 5, skin + 3, skin], mesh, mesh)


def test_nothing_is_passed_over_until_the_subject_is_known():
    passing = Passing()
    passing.start(2.0)
    assert not passing.is_due(2.0 + FIRST_WAIT_S - 0.01)
    assert passing.is_due(2.0 + FIRST_WAIT_S)


def test_where_things_keep_moving_it_is_tried_more_and_more_seldom():
    passing, waits_s, now_s = Passing(), [], 10.0
    for _ in range(5):
        passing.went(now_s, well=False)
        waited_s = next(t for t in np.arange(0, 3, 0.01) if passing.is_due(now_s + t))
        waits_s.append(waited_s)
        now_s += waited_s
    np.testing.assert_allclose(waits_s, [0.25, 0.5, 1.0, 2.0, 2.0], atol=0.011)
    passing.went(now_s, well=True)
    passing.went(now_s, well=False)
    assert passing.is_due(now_s + SHORTEST_WAIT_S)
