"""The attention mesh on a picture that stands on its head."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from twitch_tracker.errors import MissingDependency
from twitch_tracker.face.trackers.mesh import AttentionMeshTracker
from twitch_tracker.face.trackers.mesh_graph import read_coordinates
from twitch_tracker.regions import EYE_CORNERS, MESH_POINTS, Side


@pytest.fixture(scope="module")
def tracker():
    try:
        opened = AttentionMeshTracker()
    except MissingDependency as missing:
        pytest.skip(str(missing))
    with opened:
        yield opened


@pytest.fixture(scope="module")
def portrait():
    return cv2.resize(data.astronaut()[0:220, 120:320], None, fx=2, fy=2)


@pytest.mark.parametrize("follow", [False, True])
def test_an_upside_down_face_keeps_its_sides(tracker, portrait, follow):
    """Turned over, her right eye is on the viewer's right and lower down."""
    turned = np.ascontiguousarray(portrait[::-1, ::-1])
    (upright,) = tracker.find_all(portrait)
    (mesh,) = tracker.find_all(turned)
    if follow:
        mesh = tracker.follow(turned, mesh)
    height, width = portrait.shape[:2]
    corner = EYE_CORNERS[Side.RIGHT][0]
    expected = (width - 1 - upright[corner, 0], height - 1 - upright[corner, 1])
    np.testing.assert_allclose(mesh[corner, :2], expected, atol=4.0)


@pytest.mark.parametrize("more", [{}, {"visibility": 0.5}, {"presence": 1.0}])
def test_the_networks_numbers_are_read_whatever_else_a_landmark_carries(more):
    """Quickly from their bytes, or one by one where the message has other fields."""
    landmark_pb2 = pytest.importorskip("mediapipe.framework.formats.landmark_pb2")
    numbers = np.random.default_rng(3).normal(size=(MESH_POINTS, 3)).astype(np.float32)
    numbers[7] = 0.0
    found = landmark_pb2.NormalizedLandmarkList()
    for x, y, z in numbers.tolist():
        found.landmark.add(x=x, y=y, z=z, **more)
    np.testing.assert_array_equal(read_coordinates(found.SerializeToString()), numbers)


def test_a_landmark_without_a_number_is_read_as_mediapipe_does():
    landmark_pb2 = pytest.importorskip("mediapipe.framework.formats.landmark_pb2")
    found = landmark_pb2.NormalizedLandmarkList()
    for _ in range(MESH_POINTS):
        found.landmark.add(y=2.0)
    np.testing.assert_array_equal(
        read_coordinates(found.SerializeToString())[9], (0, 2, 0)
    )
