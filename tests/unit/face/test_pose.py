"""Head pose: signs, and what must not move it."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from twitch_tracker.errors import BadShape
from twitch_tracker.face.pose import (
    fit_head_pose,
    fit_head_poses,
    measure_irises_px,
)
from twitch_tracker.regions import (
    EYE_CORNERS,
    IRIS,
    LOWER_LID,
    ORAL_COMMISSURE,
    UPPER_LID,
    Side,
)


def turned(mesh, axis, degrees):
    """Turn a mesh about a picture axis (x right, y down, z away), right-handed."""
    vector = np.zeros(3)
    vector["xyz".index(axis)] = math.radians(degrees)
    matrix, _ = cv2.Rodrigues(vector)
    middle = mesh.mean(axis=0)
    return ((mesh - middle) @ matrix.T + middle).astype(np.float32)


def angles(mesh):
    pose = fit_head_pose(mesh)
    return np.array([pose.yaw_deg, pose.pitch_deg, pose.roll_deg])


def upright(mesh):
    """Turn a real mesh frontal, so that single turns are pure."""
    pose = fit_head_pose(mesh)
    return pose.to_head(mesh) * 100 + (320, 180, 0)


def test_nose_moving_to_the_subjects_left_is_positive_yaw(mesh):
    """The subject's left is the picture's right: the nose tip moves to larger x."""
    front = upright(mesh)
    for degrees in (12.0, -12.0):
        seen = turned(front, "y", -degrees)
        assert np.sign(seen[1, 0] - front[1, 0]) == np.sign(degrees)
        assert angles(seen) == pytest.approx([degrees, 0, 0], abs=0.2)


def test_nose_moving_up_is_positive_pitch(mesh):
    front = upright(mesh)
    for degrees in (10.0, -10.0):
        seen = turned(front, "x", -degrees)
        assert np.sign(front[1, 1] - seen[1, 1]) == np.sign(degrees)
        assert angles(seen) == pytest.approx([0, degrees, 0], abs=0.2)


def test_crown_tipping_to_the_subjects_left_is_positive_roll(mesh):
    front = upright(mesh)
    for degrees in (15.0, -15.0):
        seen = turned(front, "z", degrees)
        assert np.sign(seen[10, 0] - front[10, 0]) == np.sign(degrees)
        assert angles(seen) == pytest.approx([0, 0, degrees], abs=0.2)


def test_mirrored_picture_turns_yaw_and_roll_but_not_pitch(tracker, portrait):
    (seen,) = tracker.find_all(portrait)
    (mirrored,) = tracker.find_all(np.ascontiguousarray(portrait[:, ::-1]))
    expected = angles(seen) * (-1, 1, -1)
    assert abs(angles(seen)[2]) > 3  # the portrait's head is tilted
    assert angles(mirrored) == pytest.approx(expected, abs=2.5)


def test_rotated_picture_is_roll(tracker, portrait, mesh):
    height, width = portrait.shape[:2]
    clockwise = cv2.getRotationMatrix2D((width / 2, height / 2), -20.0, 1.0)
    picture = cv2.warpAffine(portrait, clockwise, (width, height))
    (seen,) = tracker.find_all(picture)
    assert angles(seen)[2] - angles(mesh)[2] == pytest.approx(20, abs=1.5)


def test_closed_eye_and_pulled_mouth_corner_do_not_move_the_head(mesh):
    """Lids, the squeezed outer canthus and the mouth corner move by up to 0.15."""
    before = fit_head_pose(mesh)
    twitch = mesh.copy()
    down = (0, 0.06 * before.scale_px, 0)
    twitch[list(UPPER_LID[Side.LEFT])] += np.float32(down)
    twitch[EYE_CORNERS[Side.LEFT][0]] += np.float32((-0.04 * before.scale_px, 0, 0))
    pull = (0.1 * before.scale_px, -0.1 * before.scale_px, 0)
    twitch[list(ORAL_COMMISSURE[Side.LEFT])] += np.float32(pull)
    after = fit_head_pose(twitch)
    assert angles(twitch) == pytest.approx(angles(mesh), abs=0.3)
    assert after.scale_px == pytest.approx(before.scale_px, rel=0.005)


def test_interocular_distance_is_kept_when_the_head_turns(mesh):
    """Foreshortening at 30 degrees of yaw would take 13 % away."""
    front = upright(mesh)
    straight = fit_head_pose(front).scale_px
    assert fit_head_pose(turned(front, "y", 30)).scale_px == pytest.approx(
        straight, rel=0.01
    )


def test_interocular_distance_grows_with_the_picture(mesh):
    ratio = fit_head_pose(mesh * 2.5).scale_px / fit_head_pose(mesh).scale_px
    assert ratio == pytest.approx(2.5, rel=1e-4)


def iris_px(mesh):
    return measure_irises_px(mesh[None])[0]


def test_iris_is_a_seventh_of_the_interocular_distance(mesh):
    """11.7 mm in about 88 mm: within what adults differ."""
    share = iris_px(mesh) / fit_head_pose(mesh).scale_px
    assert 0.11 < share < 0.16


def test_closed_eyes_show_no_iris(mesh):
    one, both = mesh.copy(), mesh.copy()
    for lids in (one, both):
        lids[list(UPPER_LID[Side.LEFT])] = lids[list(LOWER_LID[Side.LEFT])]
    both[list(UPPER_LID[Side.RIGHT])] = both[list(LOWER_LID[Side.RIGHT])]
    rim = mesh[list(IRIS[Side.RIGHT][1:]), :2]
    assert iris_px(one) == pytest.approx(np.linalg.norm(rim[0] - rim[2]))
    assert math.isnan(iris_px(both))


def test_half_a_mesh_is_refused():
    with pytest.raises(BadShape, match=r"478, 3"):
        fit_head_pose(np.zeros((468, 3), np.float32))


def test_a_pose_is_the_same_to_the_bit_whatever_is_fitted_with_it(mesh):
    meshes = np.stack([turned(mesh, "y", degrees) for degrees in range(-30, 31, 5)])
    for seen, pose in zip(meshes, fit_head_poses(meshes), strict=True):
        alone = fit_head_pose(seen)
        assert (alone.scale_px, alone.misfit) == (pose.scale_px, pose.misfit)
        np.testing.assert_array_equal(alone.rotation, pose.rotation)
        np.testing.assert_array_equal(alone.shift_px, pose.shift_px)
    irises = [iris_px(seen) for seen in meshes]
    np.testing.assert_array_equal(irises, measure_irises_px(meshes))
