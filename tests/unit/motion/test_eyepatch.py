"""The look of the eyes: cut out upright, side by side alike, and judged."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from twitch_tracker.motion.eyepatch import (
    CODE_LENGTH,
    PATCH_SHAPE,
    EyeCoder,
    cut_eyes,
    looks_closed,
    normalised,
    patch_closure,
)
from twitch_tracker.motion.reference import OpenEyes
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


def opened(frames, own=(True, True)):
    """Both eyes open in these frames, shape (n, sides)."""
    return OpenEyes(level_io=np.ones(frames.shape), frames=frames, own=own)


def codes_of(picture, n):
    """The same picture's codes n times, shape (n, sides, length)."""
    eyes = cut_eyes(picture, mesh_with_eyes())
    code = EyeCoder(shipped_folder()).code(eyes)
    return np.repeat(code[None], n, axis=0)


def closures(codes, eyes, usable=None):
    n = len(codes)
    usable = np.ones(n, bool) if usable is None else usable
    return patch_closure(codes, np.ones((n, 2)), eyes, usable, shipped_folder())


def drawn_eyes():
    """Two open eyes: skin, sclera, iris and pupil, a lid's crease above."""
    picture = np.full((HEIGHT, WIDTH, 3), 175, np.uint8)
    for middle in ((125, 121), (195, 124)):
        cv2.ellipse(
            picture, (middle[0], middle[1] - 8), (17, 7), 0, 180, 360, (120,) * 3, 2
        )
        cv2.ellipse(picture, middle, (15, 6), 0, 0, 360, (235,) * 3, -1)
        cv2.circle(picture, middle, 6, (90,) * 3, -1)
        cv2.circle(picture, middle, 2, (20,) * 3, -1)
    return cv2.GaussianBlur(picture, (0, 0), 0.8)


def test_an_eye_that_always_looks_the_same_is_open_as_ever():
    """The network knows eyes and nothing else: a pattern that is none says nothing."""
    usable = np.arange(30) >= 3
    open_all_along = opened(np.ones((30, 2), bool))
    closed = closures(codes_of(drawn_eyes(), 30), open_all_along, usable)
    assert np.isnan(closed[:3]).all()
    assert (closed[3:] < 0.5).all()


def test_without_codes_nothing_is_said():
    codes = np.full((20, 2, CODE_LENGTH), np.nan, np.float16)
    assert np.isnan(closures(codes, opened(np.ones((20, 2), bool)))).all()
    assert np.isnan(looks_closed(codes, np.ones(20, bool), shipped_folder())).all()


def random_codes(n, seed=3):
    """Codes of the size that real eyes have, each frame another."""
    return np.random.default_rng(seed).normal(0, 1, (n, 2, CODE_LENGTH)).astype("f2")


def test_an_eye_is_compared_with_itself_in_the_frames_in_which_it_is_open(picture):
    """What it looks like when it is not open does not matter, however often that is."""
    codes = codes_of(picture, 40)
    other = random_codes(40)
    other[:8] = codes[:8]
    open_first = np.repeat(np.arange(40)[:, None] < 8, 2, axis=1)
    told = closures(other, opened(open_first))
    another = random_codes(40, seed=4)
    another[:8] = codes[:8]
    another[8] = other[8]
    np.testing.assert_allclose(closures(another, opened(open_first))[:9], told[:9])


def test_an_eye_that_is_never_open_is_compared_with_the_other_one(picture):
    """The left one's picture is mirrored: where both look alike both are as closed."""
    codes = codes_of(picture, 30)
    codes[:, 1] = codes[:, 0]
    codes[20:] = random_codes(10)[:, :1]
    frames = np.ones((30, 2), bool)
    frames[20:] = False
    both = closures(codes, opened(frames))
    frames[:, 1] = False
    borrowed = closures(codes, opened(frames, own=(True, False)))
    np.testing.assert_array_equal(borrowed[:, 0], both[:, 0])
    np.testing.assert_array_equal(borrowed[:, 1], borrowed[:, 0])


def test_where_neither_eye_was_ever_open_nothing_is_said(picture):
    never = opened(np.zeros((30, 2), bool), own=(False, False))
    assert np.isnan(closures(codes_of(picture, 30), never)).all()


def test_too_few_open_frames_are_no_reference(picture):
    few = opened(np.repeat(np.arange(30)[:, None] < 4, 2, axis=1))
    assert np.isnan(closures(codes_of(picture, 30), few)).all()


def test_how_closed_an_eye_looks_is_a_share_of_every_measured_frame_alone():
    """Another frame, the other eye or what was not usable changes nothing."""
    codes = random_codes(50)
    codes[10, 0] = np.nan
    usable = np.arange(50) >= 5
    look = looks_closed(codes, usable, shipped_folder())
    assert look.shape == (50, 2)
    assert np.isnan(look[:5]).all()
    assert np.isnan(look[10, 0])
    assert np.isfinite(look[10, 1])
    assert ((look[11:] >= 0) & (look[11:] <= 1)).all()
    alone = looks_closed(codes[20:21], np.ones(1, bool), shipped_folder())
    np.testing.assert_allclose(alone[0], look[20], atol=1e-6)


def test_how_closed_eyes_look_is_exchanged_with_the_sides():
    codes, usable = random_codes(30), np.ones(30, bool)
    look = looks_closed(codes, usable, shipped_folder())
    swapped = looks_closed(codes[:, ::-1], usable, shipped_folder())
    np.testing.assert_allclose(swapped[:, ::-1], look, atol=1e-6)


@pytest.mark.parametrize("n", [0, 1])
def test_hardly_a_frame_is_looked_at_like_any(n):
    codes, usable = random_codes(n), np.ones(n, bool)
    assert looks_closed(codes, usable, shipped_folder()).shape == (n, 2)
    never = opened(np.zeros((n, 2), bool), own=(False, False))
    assert closures(codes, never).shape == (n, 2)


def test_eyes_of_several_frames_are_coded_as_each_alone(picture):
    coder = EyeCoder(shipped_folder())
    eyes = [cut_eyes(np.roll(picture, 9 * by, 1), mesh_with_eyes()) for by in range(5)]
    frames = [*eyes[:2], None, *eyes[2:]]
    alone = np.stack([coder.code(pair) for pair in frames])
    np.testing.assert_array_equal(coder.codes(frames), alone)
    assert np.isnan(alone[2]).all()
    assert np.isfinite(alone[[0, 1, 3, 4, 5]]).all()
