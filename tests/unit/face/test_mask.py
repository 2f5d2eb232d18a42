"""A mask that is worn from the first picture on hides the lips; a bare face does not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from twitch_tracker.face.occlusion import lips_hidden

COLOURS = {
    "surgical": (159, 197, 216),
    "white": (228, 228, 230),
    "black": (38, 38, 40),
    "navy": (40, 50, 90),
    "green": (120, 170, 140),
}
JAW = (234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365)
JAW = (*JAW, 397, 288, 361, 323, 454, 280, 197, 50)


def _boxed(image, mesh, colour):
    """The same with an opaque box from below the nose to below the chin."""
    covered = image.copy()
    left, right = mesh[234, 0], mesh[454, 0]
    top, bottom = mesh[2, 1], mesh[152, 1] + 10
    covered[int(top) : int(bottom), int(left) : int(right)] = colour
    return covered


def _worn(image, mesh, colour):
    """The same with a mask that follows the jaw, with two folds and some noise."""
    outline = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(outline, [mesh[list(JAW), :2].astype(np.int32)], 255)
    cloth = np.full(image.shape, colour, float)
    for share in (0.35, 0.65):
        fold = int(mesh[1, 1] + share * (mesh[152, 1] - mesh[1, 1]))
        cloth[fold : fold + 3] *= 0.85
    cloth += np.random.default_rng(1).normal(0, 2, cloth.shape)
    inside = outline[..., None] > 0
    return np.where(inside, np.clip(cloth, 0, 255), image).astype(np.uint8)


def test_a_bare_face_shows_its_lips(portrait, mesh):
    assert not lips_hidden(portrait, mesh)


@pytest.mark.parametrize("fade", [0.35, 0.6, 1.3])
def test_so_it_does_in_other_light(portrait, mesh, fade):
    other = np.clip(portrait * fade, 0, 255).astype(np.uint8)
    assert not lips_hidden(other, mesh)


def test_so_it_does_in_grey_and_in_a_small_picture(portrait, mesh):
    grey = np.repeat(cv2.cvtColor(portrait, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    assert not lips_hidden(grey, mesh)
    half = cv2.resize(portrait, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert not lips_hidden(half, mesh / 2)


@pytest.mark.parametrize("colour", COLOURS.values(), ids=COLOURS)
@pytest.mark.parametrize("cover", [_boxed, _worn])
@pytest.mark.parametrize("size", [1.0, 0.5])
def test_a_mask_hides_them(portrait, mesh, colour, cover, size):
    image = cover(portrait, mesh, colour)
    image = cv2.resize(image, None, fx=size, fy=size, interpolation=cv2.INTER_AREA)
    assert lips_hidden(image, mesh * np.float32(size))


def test_a_hand_on_one_cheek_does_not(portrait, mesh):
    covered = portrait.copy()
    middle = mesh[[50, 187], :2].mean(axis=0).astype(int)
    cv2.circle(covered, tuple(int(v) for v in middle), 25, (200, 150, 130), -1)
    assert not lips_hidden(covered, mesh)


def test_a_face_outside_the_picture_is_no_fault(portrait, mesh):
    outside = mesh + np.float32([5000, 0, 0])
    assert not lips_hidden(portrait, outside)
