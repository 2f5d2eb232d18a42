"""The look of the eyes: cut out upright, side by side alike, and judged."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.motion.eyepatch import (
    CODE_LENGTH,
    PATCH_SHAPE,
    EyeCoder,
    cut_eyes,
    normalised,
    patch_closure,
)
from twitch_tracker.networks import shipped_folder
from twitch_tracker.regions import EYE_CORNERS, SIDES, Side

WIDTH, HEIGHT = 320, 240


@pytest.fixture
def picture():
    """Smooth structure without symmetry, so that every place looks different."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    grey = 120 + 60 * np.sin(x / 17.0 + y / 29.0) + 50 * np.cos(y / 11.0 - x / 41.0)
    return np.repeat(grey[:, :, None], 3, axis=2).clip(0, 255).astype(np.uint8)


def mesh_with_eyes(right=((110, 120), (140, 121)), left=((210, 124), (180, 123))):
    mesh = np.zeros((478, 3), np.float32)
    for side, places in ((Side.RIGHT, right), (Side.LEFT, left)):
        for point, place in zip(EYE_CORNERS[side], places, strict=True):
            mesh[point, :2] = place
    return mesh


def test_both_eyes_are_cut_out(picture):
    eyes = cut_eyes(picture, mesh_with_eyes())
    assert eyes.shape == (len(SIDES), *PATCH_SHAPE)
    assert eyes.dtype == np.uint8


def test_in_a_mirror_left_and_right_are_exchanged(picture):
    mesh = mesh_with_eyes()
    mirrored = np.ascontiguousarray(picture[:, ::-1])
    other = mesh.copy()
    for side in SIDES:
        for here, there in zip(EYE_CORNERS[side], EYE_CORNERS[side.other], strict=True):
            other[here, 0] = WIDTH - 1 - mesh[there, 0]
            other[here, 1] = mesh[there, 1]
    direct = cut_eyes(picture, mesh).astype(int)
    seen = cut_eyes(mirrored, other).astype(int)
    assert np.abs(seen[::-1] - direct)[:, 1:-1, 1:-1].mean() < 3


def test_a_tilted_head_gives_the_same_eyes(picture):
    """The picture turned by a right angle, the mesh with it."""
    mesh = mesh_with_eyes()
    turned = np.ascontiguousarray(np.rot90(picture))
    other = mesh.copy()
    other[:, 0], other[:, 1] = mesh[:, 1], WIDTH - 1 - mesh[:, 0]
    direct, seen = cut_eyes(picture, mesh), cut_eyes(turned, other)
    assert np.abs(direct.astype(int) - seen.astype(int)).mean() < 2


def test_a_picture_of_four_times_the_size_gives_the_same_eyes(picture):
    mesh = mesh_with_eyes()
    large = np.repeat(np.repeat(picture, 4, axis=0), 4, axis=1)
    bigger = mesh.copy()
    bigger[:, :2] = mesh[:, :2] * 4 + 1.5
    direct, seen = cut_eyes(picture, mesh), cut_eyes(large, bigger)
    assert np.abs(direct.astype(int) - seen.astype(int)).mean() < 3


def test_brightness_and_contrast_do_not_matter():
    rng = np.random.default_rng(2)
    eyes = rng.integers(60, 200, (2, *PATCH_SHAPE)).astype(np.uint8)
    dimmer = (eyes * 0.5 + 20).astype(np.uint8)
    np.testing.assert_allclose(normalised(eyes), normalised(dimmer), atol=0.16)


def test_no_face_gives_no_code():
    assert np.isnan(EyeCoder(shipped_folder()).code(None)).all()


def test_an_eye_that_always_looks_the_same_is_open_as_ever(picture):
    eyes = cut_eyes(picture, mesh_with_eyes())
    code = EyeCoder(shipped_folder()).code(eyes)
    codes = np.repeat(code[None], 30, axis=0)
    aperture = np.ones((30, 2), np.float32)
    usable = np.ones(30, bool)
    usable[:3] = False
    closed = patch_closure(codes, aperture, usable, shipped_folder())
    assert np.isnan(closed[:3]).all()
    assert (closed[3:] < 0.5).all()


def test_without_codes_nothing_is_said():
    codes = np.full((20, 2, CODE_LENGTH), np.nan, np.float16)
    aperture = np.ones((20, 2), np.float32)
    closed = patch_closure(codes, aperture, np.ones(20, bool), shipped_folder())
    assert np.isnan(closed).all()
