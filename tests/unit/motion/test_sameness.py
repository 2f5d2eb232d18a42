"""A picture is the same as the one before, or it is not."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.motion.sameness import SamePicture, UnchangedShare, repeated

SIZES = [(96, 128), (480, 640), (544, 960), (640, 360)]


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


# --- how much an encoder leaves as it was --------------------------------------


def _share(kept, fps=30.0, repeats=1, seconds=3.0):
    """Films of which this share of the face is left as it was, block by block."""
    rng = np.random.default_rng(7)
    height, width = 240, 320
    mesh = _mesh(height, width)
    unchanged, same = UnchangedShare(), SamePicture()
    image = rng.integers(0, 255, (height, width, 3)).astype(np.uint8)
    for index in range(int(fps * seconds)):
        if index % repeats == 0:
            anew = rng.random((height // 8, width // 8)) >= kept
            where = np.kron(anew, np.ones((8, 8))).astype(bool)
            fresh = rng.integers(0, 255, (height, width, 3)).astype(np.uint8)
            image = np.where(where[..., None], fresh, image)
        repeated = same.step(image, mesh)
        unchanged.step(index / fps, image, mesh, same=repeated)
    return unchanged.median


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.95])
@pytest.mark.parametrize(("fps", "repeats"), [(30.0, 1), (15.0, 1), (30.0, 2)])
def test_what_is_left_as_it_was_is_measured(kept, fps, repeats):
    assert _share(kept, fps, repeats) == pytest.approx(kept, abs=0.06)


def test_a_high_rate_is_not_taken_for_compression():
    """At 240 a second a thirtieth holds eight pictures, of which each changes a tenth."""
    assert _share(0.9, fps=240.0) == pytest.approx(0.9**8, abs=0.08)


def test_nothing_was_compared_without_a_face():
    unchanged = UnchangedShare()
    unchanged.step(0.0, np.zeros((9, 9, 3), np.uint8), None, same=False)
    assert np.isnan(unchanged.median)


# --- stored at twice its rate ---------------------------------------------------


@pytest.mark.parametrize("refined", [0.0, 0.1, 0.25])
@pytest.mark.parametrize("first", [0, 1])
def test_every_other_picture_that_hardly_changes_is_a_repetition(refined, first):
    rng = np.random.default_rng(5)
    change = rng.uniform(0.8, 1.6, 90).astype(np.float32)
    change[first::2] *= refined
    found = repeated(change)
    assert found[first + 10 : -10 : 2].all()
    assert not found[1 - first :: 2].any()


@pytest.mark.parametrize("seed", range(5))
def test_a_film_that_moves_by_itself_has_none(seed):
    """Movement comes and goes, and a key picture is written anew every second."""
    rng = np.random.default_rng(seed)
    change = rng.gamma(3.0, 0.3, 600).astype(np.float32)
    change[::30] *= 4
    assert repeated(change).mean() < 0.01


def test_only_the_doubled_part_of_a_film_is_marked():
    change = np.ones(120, np.float32)
    change[60::2] = 0.1
    found = repeated(change)
    assert not found[:52].any()
    assert found[70:110:2].all()
    assert not repeated(change[:16]).any()
