"""Dark glasses hide the eyes; clear ones, closed eyes, dark skin and shade do not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from twitch_tracker.face.occlusion import eyes_hidden

LENSES = {
    "black": (12, 12, 14),
    "brown": (45, 28, 18),
    "green": (16, 30, 22),
    "blue": (18, 22, 46),
}
RIGHT, LEFT = (33, 133, 27, 230), (362, 263, 257, 450)
"""Corners of each eye, and points above and below it."""


def worn(image, mesh, colour, *, opacity=1.0, eyes=(RIGHT, LEFT), shine=False):
    """The same face behind glasses of a colour."""
    lenses = np.zeros(image.shape[:2], np.uint8)
    for points in eyes:
        around = mesh[list(points), :2]
        middle = around.mean(axis=0)
        half = 0.75 * np.ptp(around[:, 0]), 0.62 * np.ptp(around[:, 0])
        centre = tuple(int(v) for v in middle)
        cv2.ellipse(lenses, centre, tuple(int(v) for v in half), 0, 0, 360, 255, -1)
    share = opacity * cv2.GaussianBlur(lenses, (5, 5), 0)[..., None] / 255
    glass = np.full(image.shape, colour, float)
    if shine:  # a lamp that is mirrored in each lens
        for points in eyes:
            x, y = mesh[list(points), :2].mean(axis=0).astype(int)
            cv2.circle(glass, (int(x) - 6, int(y) - 6), 4, (235, 240, 245), -1)
    return np.clip(image * (1 - share) + glass * share, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("colour", LENSES.values(), ids=LENSES)
@pytest.mark.parametrize("shine", [False, True])
@pytest.mark.parametrize("size", [1.0, 0.5])
def test_dark_glasses_hide_the_eyes(portrait, mesh, colour, shine, size):
    image = worn(portrait, mesh, colour, shine=shine)
    image = cv2.resize(image, None, fx=size, fy=size, interpolation=cv2.INTER_AREA)
    assert eyes_hidden(image, mesh * np.float32(size))


@pytest.mark.parametrize("fade", [0.45, 0.7, 1.3])
def test_so_they_do_in_other_light(portrait, mesh, fade):
    image = np.clip(worn(portrait, mesh, LENSES["black"]) * fade, 0, 255)
    assert eyes_hidden(image.astype(np.uint8), mesh)


@pytest.mark.parametrize("fade", [0.25, 0.6, 1.0, 1.4])
def test_bare_eyes_are_seen_in_any_light(portrait, mesh, fade):
    other = np.clip(portrait * fade, 0, 255).astype(np.uint8)
    assert not eyes_hidden(other, mesh)


@pytest.mark.parametrize("opacity", [0.15, 0.3])
def test_eyes_behind_clear_glasses_are_seen(portrait, mesh, opacity):
    assert not eyes_hidden(worn(portrait, mesh, (60, 60, 60), opacity=opacity), mesh)


@pytest.mark.parametrize("side", [0, 1])
def test_half_of_a_face_in_the_shade_is_no_glasses(portrait, mesh, side):
    shade = np.ones(portrait.shape[1])
    middle = int(mesh[168, 0])
    shade[middle:] = 0.3
    image = portrait * (shade if side else 2 * 0.65 - shade)[None, :, None]
    assert not eyes_hidden(image.astype(np.uint8), mesh)


def test_one_eye_behind_a_patch_is_not_both(portrait, mesh):
    assert not eyes_hidden(worn(portrait, mesh, LENSES["black"], eyes=(LEFT,)), mesh)


def test_closed_eyes_are_seen(portrait, mesh):
    """Lids have the colour of skin."""
    skin = np.median(portrait[mesh[205, 1].astype(int)][mesh[205, 0].astype(int)])
    assert not eyes_hidden(worn(portrait, mesh, (skin, skin, skin)), mesh)


def test_a_face_outside_the_picture_is_no_fault(portrait, mesh):
    assert not eyes_hidden(portrait, mesh + np.float32([5000, 0, 0]))
