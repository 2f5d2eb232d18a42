"""A picture is the same as the one before, or it is not."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.motion.sameness import SamePicture

SIZES = [(96, 128), (480, 640), (1080, 1920), (640, 360)]


def _scene(rng, height, width):
    coarse = rng.integers(40, 210, (height // 16 + 1, width // 16 + 1, 3))
    return np.kron(coarse, np.ones((16, 16, 1)))[:height, :width].astype(np.uint8)


def _mesh(height, width):
    """A face over a fifth of the picture's width."""
    corners = np.array([[0.4, 0.4, 0], [0.6, 0.4, 0], [0.5, 0.7, 0]])
    return (corners * (width, height, 1)).astype(np.float32)


def _verdict(first, second, mesh):
    same = SamePicture()
    assert not same.step(first, mesh)
    return same.step(second, mesh)


@pytest.mark.parametrize("size", SIZES)
def test_a_repeated_picture_is_the_same(size):
    rng = np.random.default_rng(1)
    image = _scene(rng, *size)
    assert _verdict(image, image.copy(), _mesh(*size))
    assert _verdict(image, image.copy(), None)


@pytest.mark.parametrize("size", SIZES)
def test_what_an_encoder_refines_is_the_same(size):
    rng = np.random.default_rng(2)
    image = _scene(rng, *size)
    touched = rng.random(size) < 0.01
    refined = image + touched[..., None].astype(np.uint8)
    assert _verdict(image, refined, _mesh(*size))


@pytest.mark.parametrize("size", SIZES)
def test_the_noise_of_a_camera_alone_makes_another_picture(size):
    rng = np.random.default_rng(3)
    image = _scene(rng, *size).astype(float)
    first, second = (
        np.clip(image + rng.normal(0, 1.2, image.shape), 0, 255).astype(np.uint8)
        for _ in range(2)
    )
    assert not _verdict(first, second, _mesh(*size))


@pytest.mark.parametrize("size", SIZES[1:])
def test_an_eyelid_that_moves_before_a_still_wall_is_another_picture(size):
    height, width = size
    image = _scene(np.random.default_rng(4), height, width)
    moved = image.copy()
    top, left = int(0.45 * height), int(0.42 * width)
    lid = moved[top : top + height // 60 + 2, left : left + width // 30]
    lid[:] = np.clip(lid.astype(int) - 30, 0, 255)
    assert not _verdict(image, moved, _mesh(height, width))


def test_another_size_or_a_face_outside_the_picture_is_no_fault():
    rng = np.random.default_rng(5)
    same = SamePicture()
    image = _scene(rng, 96, 128)
    outside = np.full((3, 3), 500, np.float32)
    assert not same.step(image, outside)
    assert same.step(image.copy(), outside)
    assert not same.step(_scene(rng, 64, 128), None)
