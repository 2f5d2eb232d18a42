"""The mesh of a review is of the face that was measured, not of the largest one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twitch_tracker.app.review import meshes as module
from twitch_tracker.app.review.meshes import AT_ONCE, UNSEEN, MeasuredFace, Meshes
from twitch_tracker.regions import MESH_POINTS
from twitch_tracker.video.writer import VideoWriter

WIDTH, HEIGHT = 320, 200
LEFT, RIGHT = (0.25, 0.5), (0.7, 0.5)


def face(at, width_px):
    """A mesh spread over a square around a place in the picture."""
    spread = np.random.default_rng(3).uniform(-0.5, 0.5, (MESH_POINTS, 3))
    spread -= spread.mean(axis=0)
    middle = (at[0] * WIDTH, at[1] * HEIGHT, 0)
    return (spread * width_px + middle).astype(np.float32)


class TwoFaces:
    """Sees a large face on the right of the picture and a smaller one on the left.

    When it follows a face it takes the larger one now and then, as trackers do where two
    are near each other.
    """

    def __init__(self, slips: bool = False) -> None:
        self.slips = slips

    def find_all(self, image):
        return [face(RIGHT, 100), face(LEFT, 70)]

    def follow(self, image, last):
        return face(RIGHT, 100) if self.slips else last

    def close(self):
        pass


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "copy.mp4"
    image = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    with VideoWriter(path, width_px=WIDTH, height_px=HEIGHT) as writer:
        for index in range(AT_ONCE + 6):
            writer.write(image, index / 30)
    return path


def places(packed: bytes) -> np.ndarray:
    """Middle of each mesh in shares of the picture; NaN where none was seen."""
    found = np.frombuffer(packed, "<u2").reshape(-1, MESH_POINTS, 2).astype(float)
    found[(found == UNSEEN).all(axis=(1, 2))] = np.nan
    return found.mean(axis=1) / (UNSEEN - 1)


@pytest.mark.parametrize("slips", [False, True])
@pytest.mark.parametrize("at", [LEFT, RIGHT])
def test_the_face_that_was_measured_is_shown(film, monkeypatch, at, slips):
    monkeypatch.setattr(module, "open_tracker", lambda _: TwoFaces(slips))
    time_s = np.arange(AT_ONCE + 6) / 30
    face_at = np.tile(np.float32(at), (len(time_s), 1))
    shown = places(Meshes().stretch(film, time_s, 1, MeasuredFace(face_at=face_at)))
    assert len(shown) == 6
    np.testing.assert_allclose(shown, np.tile(at, (6, 1)), atol=0.01)


def test_where_the_person_was_not_seen_no_stranger_gets_a_mesh(film, monkeypatch):
    """Somebody leaves, and somebody else comes in."""
    monkeypatch.setattr(module, "open_tracker", lambda _: TwoFaces())
    time_s = np.arange(AT_ONCE) / 30
    face_at = np.tile(np.float32(LEFT), (AT_ONCE, 1))
    face_at[5:10] = np.nan
    face_at[15:] = (0.5, 0.1)  # nobody is there
    shown = places(Meshes().stretch(film, time_s, 0, MeasuredFace(face_at=face_at)))
    seen = np.isfinite(shown[:, 0])
    expected = [True] * 5 + [False] * 5 + [True] * 5 + [False] * (AT_ONCE - 15)
    np.testing.assert_array_equal(seen, expected)
    np.testing.assert_allclose(shown[seen], np.tile(LEFT, (10, 1)), atol=0.01)
