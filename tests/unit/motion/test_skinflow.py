"""Skin movement from pixels: sign, size, and nothing where nothing was seen."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from twitch_tracker.motion.recorder import KEPT_POINTS
from twitch_tracker.motion.skinflow import SKIN_PLACES, SkinFlow
from twitch_tracker.regions import (
    CHEEK,
    EYE_CORNERS,
    MESH_POINTS,
    SIDES,
    Region,
    Side,
)

LEFT, RIGHT = SIDES.index(Side.LEFT), SIDES.index(Side.RIGHT)
INTEROCULAR_PX = 128.0
CHEEKS = SKIN_PLACES.index(Region.CHEEK)
CENTRE_PX = (160.0, 90.0)
STEP_PX = 2.0
"""Movement in the picture: 1/64 interocular."""


@pytest.fixture
def mesh(face) -> np.ndarray:
    """A frontal face, 128 px wide, in a picture of 320 x 240."""
    raw = face.film(np.zeros(1), scale_px=INTEROCULAR_PX, shift_px=CENTRE_PX)
    landmarks = np.zeros((MESH_POINTS, 3), np.float32)
    landmarks[list(KEPT_POINTS)] = raw.points_px[0]
    return landmarks


@pytest.fixture
def skin() -> np.ndarray:
    """A picture with texture a few pixels coarse, like skin."""
    rng = np.random.default_rng(8)
    grey = cv2.GaussianBlur(rng.normal(0, 1, (240, 320)), (0, 0), 3.0)
    grey = 128 + 45 * grey / grey.std()
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def moved(image, mesh, side, dx_px, dy_px):
    """Move the skin around one cheek, less and less towards its edge."""
    x0, y0 = mesh[list(CHEEK[side]), :2].mean(axis=0)
    y, x = np.mgrid[: image.shape[0], : image.shape[1]].astype(np.float32)
    weight = np.exp(-((((x - x0) ** 2 + (y - y0) ** 2) / (2 * 30.0**2)) ** 2))
    source_x, source_y = x - dx_px * weight, y - dy_px * weight
    return cv2.remap(
        image,
        source_x.astype(np.float32),
        source_y.astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )


def steps(frames):
    """Give every (image, mesh) to a fresh meter; return the cheeks' answers."""
    return [step[:, CHEEKS] for step in all_steps(frames)]


def all_steps(frames):
    """The same for every place, shape (sides, places, 2) each."""
    flow = SkinFlow()
    return [flow.step(image, mesh) for image, mesh in frames]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("dx_px", "dy_px", "axis", "sign"),
    [
        (STEP_PX, 0, 0, 1),  # to the right of the picture: the subject's left
        (-STEP_PX, 0, 0, -1),
        (0, -STEP_PX, 1, 1),  # picture y is down: this is up
        (0, STEP_PX, 1, -1),
    ],
    ids=["left", "right", "up", "down"],
)
def test_a_moving_cheek_is_read_with_sign_and_size(
    skin, mesh, side, dx_px, dy_px, axis, sign
):
    """The flow is held back by the still skin around: 60 % or more is read."""
    after = moved(skin, mesh, side, dx_px, dy_px)
    _, step = steps([(skin, mesh), (after, mesh)])
    own, other = SIDES.index(side), SIDES.index(side.other)
    share = step * INTEROCULAR_PX / STEP_PX
    assert 0.6 < sign * share[own, axis] < 1.05
    assert abs(share[own, 1 - axis]) < 0.2
    assert np.abs(share[other]).max() < 0.25


def test_a_face_that_moves_as_a_whole_has_still_cheeks(skin, mesh):
    shift = np.float32([[1, 0, 7], [0, 1, -4]])
    after = cv2.warpAffine(skin, shift, (320, 240), borderMode=cv2.BORDER_REFLECT)
    carried = mesh + np.float32([7, -4, 0])
    _, step = steps([(skin, mesh), (after, carried)])
    np.testing.assert_allclose(step, 0, atol=0.003)


def test_jitter_of_the_mesh_is_not_movement_of_the_cheeks(skin, mesh):
    """The mesh jumps by 2 px, the picture does not: skin over the nose tells."""
    _, step = steps([(skin, mesh), (skin, mesh + np.float32([2, 0, 0]))])
    np.testing.assert_allclose(step, 0, atol=0.003)


def test_a_canthus_that_slips_in_the_mesh_moves_no_skin(skin, mesh):
    """A closing eye pulls its canthus down: the crop turns, the picture does not."""
    slipped = mesh.copy()
    slipped[EYE_CORNERS[Side.RIGHT][0], 1] += 3.0
    _, step = all_steps([(skin, mesh), (skin, slipped)])
    np.testing.assert_allclose(step, 0, atol=0.006)


def test_every_place_is_read_at_its_own_side(skin, mesh):
    after = moved(skin, mesh, Side.LEFT, 0, -STEP_PX)
    _, step = all_steps([(skin, mesh), (after, mesh)])
    assert step.shape == (len(SIDES), len(SKIN_PLACES), 2)
    share = step[:, :, 1] * INTEROCULAR_PX / STEP_PX
    assert (share[LEFT] > share[RIGHT] - 0.05).all()
    assert share[LEFT].argmax() == CHEEKS


def test_a_tilted_head_reads_up_along_its_own_face(skin, mesh):
    """Head tilted by a quarter turn: the face's up is the picture's left or right."""
    turn = cv2.getRotationMatrix2D((160.0, 120.0), 90, 1.0)
    size = (320, 320)

    def tilted(image):
        return cv2.warpAffine(image, turn, size, borderMode=cv2.BORDER_REFLECT)

    sideways = mesh.copy()
    sideways[:, :2] = mesh[:, :2] @ turn[:, :2].T + turn[:, 2]
    after = moved(skin, mesh, Side.RIGHT, 0, -STEP_PX)
    _, step = steps([(tilted(skin), sideways), (tilted(after), sideways)])
    share = step[RIGHT] * INTEROCULAR_PX / STEP_PX
    assert 0.6 < share[1] < 1.05
    assert abs(share[0]) < 0.2


def test_nothing_is_said_without_a_mesh_now_and_before(skin, mesh):
    first, second, lost, back, again = steps(
        [(skin, mesh), (skin, mesh), (skin, None), (skin, mesh), (skin, mesh)]
    )
    assert np.isnan(first).all()
    assert np.isfinite(second).all()
    assert np.isnan(lost).all()
    assert np.isnan(back).all()
    assert np.isfinite(again).all()


@pytest.mark.parametrize("away_px", [(0, -400), (0, 400), (-400, 0), (400, 0)])
def test_a_cheek_outside_the_crop_is_nan(skin, mesh, away_px):
    far = mesh.copy()
    far[list(CHEEK[Side.RIGHT]), :2] += away_px
    _, step = steps([(skin, far), (skin, far)])
    assert np.isnan(step[RIGHT]).all()
    assert np.isfinite(step[LEFT]).all()


def test_places_outside_the_crop_are_missing_and_the_others_are_not(skin, mesh):
    """A point that the mesh puts far away takes only its own place along."""
    mesh[list(CHEEK[Side.LEFT]), :2] = 10_000.0
    flow = SkinFlow()
    flow.step(skin, mesh)
    step = flow.step(skin, mesh)
    lost = np.isnan(step).any(axis=2)
    assert lost[LEFT, CHEEKS]
    assert lost.sum() == 1


@pytest.mark.parametrize("left_px", [0.0, 150.0])
def test_several_pictures_at_once_give_what_each_gives_alone(mesh, skin, left_px):
    """Also after one without a face, and where a patch reaches out of the crop."""
    mesh[list(CHEEK[Side.LEFT]), 0] += left_px
    faces = [
        (moved(skin, mesh, Side.LEFT, step, -step), None if step == 3 else mesh)
        for step in range(7)
    ]
    one_by_one, together = SkinFlow(), SkinFlow()
    expected = np.stack([one_by_one.step(*face) for face in faces])
    np.testing.assert_array_equal(together.steps(faces[:2]), expected[:2])
    np.testing.assert_array_equal(together.steps(faces[2:]), expected[2:])
    assert np.isnan(expected[[0, 3, 4], :, CHEEKS]).all()
