"""The attention mesh on a picture that stands on its head."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from twitch_tracker.errors import MissingDependency
from twitch_tracker.face.mesh import AttentionMeshTracker
from twitch_tracker.regions import EYE_CORNERS, Side


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
