"""Who is measured in videos with several people, cuts, and nobody at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twitch_tracker.face.identity.subject import SubjectFollower
from twitch_tracker.video.files import open_video

VIDEOS = Path(__file__).parents[4] / "shared" / "faces" / "video"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not VIDEOS.is_dir(), reason="no development videos (../shared)"),
]


@pytest.fixture
def watch(tracker):
    """Follow the subject of a development video."""

    def run(name):
        follower = SubjectFollower(tracker)
        with open_video(VIDEOS / name) as video:
            seen = [follower.observe(frame) for frame in video]
        return seen, [event.kind for event in follower.events]

    return run


def usable(seen):
    return np.array([observation.quality.usable for observation in seen])


def test_only_the_singers_near_shot_is_measured(watch):
    """Far shot, a man in profile, the singer (frames 82 to 211), an audience."""
    seen, kinds = watch("stage_cuts.mp4")
    where = np.flatnonzero(usable(seen))
    assert where.min() >= 82
    assert where.max() <= 211
    assert len(where) > 0.8 * (211 - 82)
    assert kinds.count("cut") == 3


def test_one_of_three_people_is_followed_all_the_time(watch):
    seen, kinds = watch("three_people.mp4")
    assert usable(seen).all()
    middles = np.array([o.landmarks_px[:, :2].mean(axis=0) for o in seen])
    assert np.ptp(middles, axis=0).max() < 0.5 * seen[0].interocular_px
    assert kinds == ["chosen"]


@pytest.mark.parametrize("name", ["face_then_none.mov", "none_then_face.mov"])
def test_a_cartoon_is_no_face(watch, name):
    seen, kinds = watch(name)
    assert 0.38 < usable(seen).mean() < 0.5
    assert "lost" in kinds


def test_a_face_of_50_pixels_is_measured(watch):
    seen, _ = watch("small_face_full_body.mp4")
    assert usable(seen).mean() > 0.97


@pytest.mark.parametrize("name", ["rest_selfie.mp4", "talk_hill.mp4", "talk_child.mp4"])
def test_resting_and_talking_people_are_measured(watch, name):
    seen, kinds = watch(name)
    assert usable(seen).mean() >= 0.97
    assert kinds == ["chosen"]
