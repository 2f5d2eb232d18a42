"""What every `FaceTracker` promises, checked on all of them."""

from __future__ import annotations

import inspect
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from twitch_tracker.errors import MissingDependency
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.regions import LOWER_LID, UPPER_LID, Side

WEIGHTS = Path(__file__).parents[3] / "shared" / "models" / "face_landmarker.task"


def new_tracker(name):
    if name == "face-landmarker" and not WEIGHTS.is_file():
        pytest.skip("no face landmarker weights beside the repository (../shared)")
    try:
        return open_tracker(name, WEIGHTS if name == "face-landmarker" else None)
    except MissingDependency as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module", params=["attention-mesh", "face-landmarker"])
def tracker(request):
    with new_tracker(request.param) as opened:
        yield opened


@pytest.fixture(scope="module")
def portrait():
    """Head and shoulders of a woman, enlarged twice: 440 x 400 pixels."""
    return np.ascontiguousarray(
        cv2.resize(data.astronaut()[0:220, 120:320], None, fx=2, fy=2)
    )


@pytest.fixture(scope="module")
def mesh(tracker, portrait):
    (found,) = tracker.find_all(portrait)
    return found


def aperture(mesh, side):
    gap = mesh[list(UPPER_LID[side]), :2] - mesh[list(LOWER_LID[side]), :2]
    return float(np.linalg.norm(gap, axis=1).mean())


def test_has_every_member_of_the_protocol(tracker):
    for name, member in inspect.getmembers(FaceTracker):
        if not name.startswith("_") or name in {"__enter__", "__exit__"}:
            assert hasattr(tracker, name), member


def test_info_names_tracker_version_and_weights(tracker):
    assert tracker.info.name in {"attention-mesh", "face-landmarker"}
    assert tracker.info.version[0].isdigit()
    assert len(bytes.fromhex(tracker.info.weights_sha256)) == 32


def test_a_mesh_is_478_points_in_picture_pixels(mesh, portrait):
    assert mesh.shape == (478, 3)
    assert mesh.dtype == np.float32
    assert (mesh[:, :2] > 0).all()
    assert (mesh[:, :2] < portrait.shape[1::-1]).all()


def test_depth_has_the_scale_of_x_and_the_nose_is_nearer_than_the_ears(mesh):
    nose, ears = mesh[1, 2], mesh[[234, 454], 2].mean()
    width = np.ptp(mesh[:, 0])
    assert 0.3 * width < ears - nose < 1.2 * width


def test_the_subjects_right_eye_is_on_the_viewers_left(mesh):
    assert mesh[33, 0] < mesh[133, 0] < mesh[362, 0] < mesh[263, 0]


def test_nothing_is_found_where_nobody_is(tracker):
    for blank in (
        np.full((240, 320, 3), 128, np.uint8),
        np.random.default_rng(1).integers(0, 255, (240, 320, 3), np.uint8),
    ):
        assert tracker.find_all(blank) == []
        assert tracker.follow(blank, None) is None


def test_a_face_that_is_gone_is_not_followed(tracker, portrait, mesh):
    gone = np.full_like(portrait, 128)
    assert tracker.follow(gone, mesh) is None
    assert tracker.follow(portrait, mesh + np.float32(5000)) is None


def test_two_faces_are_both_found(tracker, portrait):
    both = np.hstack([portrait, portrait[:, ::-1]])
    meshes = tracker.find_all(np.ascontiguousarray(both))
    assert len(meshes) == 2
    middles = sorted(float(m[:, 0].mean()) for m in meshes)
    assert middles[0] < portrait.shape[1] < middles[1]


def test_following_stays_on_its_face_beside_another(tracker, portrait):
    both = np.ascontiguousarray(np.hstack([portrait, portrait[:, ::-1]]))
    for start in tracker.find_all(both):
        seen = start
        for _ in range(5):
            seen = tracker.follow(both, seen)
        assert np.abs(seen - start)[:, 0].mean() < 4


def test_a_small_face_in_a_large_picture_is_found(tracker, portrait):
    """About 50 pixels between the eyes, in HD."""
    small = cv2.resize(portrait, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    picture = np.full((720, 1280, 3), 100, np.uint8)
    picture[400 : 400 + small.shape[0], 800 : 800 + small.shape[1]] = small
    (found,) = tracker.find_all(picture)
    assert 800 < found[:, 0].mean() < 800 + small.shape[1]


@pytest.mark.parametrize("side", list(Side))
def test_a_movement_of_one_frame_keeps_its_height(
    tracker, portrait, mesh, close_eye, side
):
    """Open and closed alternate; every frame must be as if it stood alone."""
    shut = close_eye(portrait, mesh, side)
    alone = {
        name: tracker.follow(image, mesh)
        for name, image in (("open", portrait), ("shut", shut))
    }
    fall = aperture(alone["open"], side) - aperture(alone["shut"], side)
    assert fall > 0.3 * aperture(alone["open"], side)
    last = mesh
    for frame in range(10):
        name, image = ("shut", shut) if frame % 2 else ("open", portrait)
        last = tracker.follow(image, last)
        expected = aperture(alone[name], side)
        assert aperture(last, side) == pytest.approx(expected, abs=0.25 * fall)


def test_the_same_picture_gives_the_same_mesh(tracker, portrait, mesh):
    one, again = (tracker.follow(portrait, mesh) for _ in range(2))
    assert np.array_equal(one, again)


def test_the_picture_is_left_as_it_was(tracker, portrait):
    kept = portrait.copy()
    mesh = tracker.follow(portrait, None)
    tracker.follow(portrait, mesh)
    assert np.array_equal(kept, portrait)


def test_nothing_is_printed(tracker, portrait, capfd):
    with new_tracker(tracker.info.name) as another:
        another.find_all(portrait)
    said = capfd.readouterr()
    assert said.out + said.err == ""


def test_closing_twice_is_harmless(tracker):
    another = new_tracker(tracker.info.name)
    another.close()
    another.close()
