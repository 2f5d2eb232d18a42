"""Sides are the subject's own, and both sides are measured by the same points."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.face.pose import fit_head_pose
from twitch_tracker.regions import (
    BROW,
    CHEEK,
    EYE_CORNERS,
    IRIS,
    LOWER_LID,
    MESH_POINTS,
    ORAL_COMMISSURE,
    REGIONS,
    RIGID_PAIRS,
    RIGID_POINTS,
    SIDES,
    UPPER_LID,
    Region,
    Side,
    unmirror,
)

TABLES = {
    "eye corners": EYE_CORNERS,
    "upper lid": UPPER_LID,
    "lower lid": LOWER_LID,
    "commissure": ORAL_COMMISSURE,
    "cheek": CHEEK,
    "brow": BROW,
    "iris": IRIS,
}


def test_every_region_and_side_has_its_place_on_the_axes():
    assert set(SIDES) == set(Side)
    assert set(REGIONS) == set(Region)


def test_the_other_side_of_the_other_side_is_the_side():
    for side in Side:
        assert side.other is not side
        assert side.other.other is side


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_both_sides_have_the_same_number_of_different_points(table):
    left, right = table[Side.LEFT], table[Side.RIGHT]
    assert len(left) == len(right) == len(set(left)) == len(set(right))
    assert not set(left) & set(right)
    assert all(0 <= point < MESH_POINTS for point in left + right)


def test_lid_margins_face_each_other_point_by_point():
    for side in SIDES:
        assert len(UPPER_LID[side]) == len(LOWER_LID[side])
        assert not set(UPPER_LID[side]) & set(LOWER_LID[side])


def test_the_outer_corner_of_the_subjects_right_eye_is_33():
    assert EYE_CORNERS[Side.RIGHT][0] == 33


def test_rigid_points_are_their_own_mirror_image():
    """Pairing twice leads back; only midline points are their own partner."""
    pairs = np.array(RIGID_PAIRS)
    np.testing.assert_array_equal(pairs[pairs], np.arange(len(RIGID_POINTS)))
    midline = {RIGID_POINTS[i] for i in np.flatnonzero(pairs == np.arange(len(pairs)))}
    assert midline == {168, 6, 197, 195, 5, 9, 8, 151, 10}
    outer = [RIGID_POINTS.index(EYE_CORNERS[s][0]) for s in SIDES]
    assert pairs[outer[0]] == outer[1]


def test_no_moving_point_is_among_the_rigid_ones():
    for table in (UPPER_LID, LOWER_LID, ORAL_COMMISSURE, CHEEK, BROW):
        for side in SIDES:
            assert not set(table[side]) & set(RIGID_POINTS)


def test_in_an_unmirrored_picture_the_subjects_right_is_on_the_viewers_left(face):
    """The head pose of a frontal face is frontal only with this convention."""
    raw = face.film(np.zeros(1), yaw_deg=20.0)
    right, left = (raw.points((EYE_CORNERS[s][0],))[0, 0, 0] for s in reversed(SIDES))
    assert right < left
    mesh = np.zeros((MESH_POINTS, 3), np.float32)
    mesh[list(RIGID_POINTS)] = raw.points(RIGID_POINTS)[0]
    assert fit_head_pose(mesh).yaw_deg == pytest.approx(20.0, abs=5.0)


def test_unmirroring_flips_left_and_right_and_nothing_else():
    image = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    turned = unmirror(image)
    np.testing.assert_array_equal(turned[:, 0], image[:, 2])
    np.testing.assert_array_equal(turned[:, 1], image[:, 1])
    np.testing.assert_array_equal(unmirror(turned), image)
    assert turned.flags.c_contiguous
    assert not np.shares_memory(turned, image)
