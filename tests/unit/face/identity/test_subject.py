"""Who is followed, and that nobody else is."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest

from twitch_tracker.face.identity.subject import SubjectFollower
from twitch_tracker.records import QualityReason

SECOND = 30


def on_canvas(*placed, size=(480, 960)):
    """Put pictures on a grey canvas at (left, top)."""
    canvas = np.full((*size, 3), 90, np.uint8)
    for image, (left, top) in placed:
        height = min(image.shape[0], size[0] - top)
        width = min(image.shape[1], size[1] - left)
        canvas[top : top + height, left : left + width] = image[:height, :width]
    return canvas


@pytest.fixture
def watch(tracker, as_frame):
    """Follow a film given as (number of frames, picture) scenes."""

    def run(*scenes, place=None):
        follower = SubjectFollower(tracker, place=place)
        seen, index = [], 0
        for count, picture in scenes:
            for _ in range(count):
                seen.append(follower.observe(as_frame(picture, index)))
                index += 1
        return seen, follower.events

    return run


def kinds(events):
    return [event.kind for event in events]


def test_one_steady_face_is_chosen_once(watch, portrait, mesh):
    seen, events = watch((10, portrait))
    assert kinds(events) == ["chosen"]
    assert events[0].detail == "followed_among(1)"
    assert all(observation.quality.usable for observation in seen)
    assert np.abs(seen[-1].landmarks_px - mesh)[:, :2].max() < 2.5
    assert seen[3].time_s == pytest.approx(0.1)


def test_without_a_face_everything_is_nan(watch):
    (seen,), events = watch((1, np.full((240, 320, 3), 128, np.uint8)))
    assert seen.landmarks_px is None
    assert seen.quality.reasons == (QualityReason.NO_FACE,)
    numbers = (*seen.pose_deg, seen.interocular_px, seen.iris_px)
    assert all(math.isnan(number) for number in numbers)
    assert events == ()


def test_lost_and_found_again(watch, portrait):
    """Half a second seen, half a second gone, then back where it was."""
    empty = cv2.GaussianBlur(portrait, (0, 0), 60)
    seen, events = watch((15, portrait), (15, empty), (15, portrait))
    assert {"lost", "found"} <= set(kinds(events))
    assert kinds(events)[0] == "chosen"
    assert kinds(events).count("chosen") == 1
    assert not any(o.quality.usable for o in seen[15:30])
    assert all(o.quality.usable for o in seen[-10:])


def test_the_larger_face_is_followed_though_both_are_there(watch, two_people):
    large, other = two_people
    small = cv2.resize(other, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    seen, events = watch((10, on_canvas((small, (20, 40)), (large, (480, 40)))))
    assert events[0].detail.startswith("followed_among(2,0.7")
    assert all(o.landmarks_px[:, 0].min() > 480 for o in seen)


@pytest.mark.parametrize("place", [(0.25, None), (0.15, 0.45)])
def test_a_smaller_face_is_followed_where_a_person_says_so(watch, two_people, place):
    large, other = two_people
    small = cv2.resize(other, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    scene = on_canvas((small, (20, 40)), (large, (480, 40)))
    seen, events = watch((10, scene), place=place)
    assert events[0].detail.startswith("followed_among(2,0.1")
    assert all(o.landmarks_px[:, 0].max() < 480 for o in seen)


def test_nobody_is_followed_where_nobody_is(watch, two_people):
    scene = on_canvas((two_people[0], (480, 40)))
    seen, events = watch((5, scene), place=(0.1, 0.9))
    assert all(o.landmarks_px is None for o in seen)
    assert kinds(events) == []


def test_where_recordings_are_joined_there_is_a_cut(tracker, as_frame, portrait):
    follower = SubjectFollower(tracker)
    for index in range(6):
        frame = as_frame(portrait, index)
        follower.observe(replace(frame, joined=index == 4))
    cut = follower.events[1]
    assert (cut.kind, cut.detail) == ("cut", "another_recording")
    assert cut.time_s == pytest.approx(4 / 30)


def test_another_person_after_a_cut_is_not_measured(watch, two_people):
    """First one person alone, then somebody else at the same place, then both."""
    subject, other = two_people
    seen, events = watch(
        (15, on_canvas((subject, (280, 40)))),
        (15, on_canvas((other, (280, 40)))),
        (15, on_canvas((subject, (40, 40)), (other, (500, 40)))),
    )
    assert all(o.quality.usable for o in seen[:15])
    for observation in seen[15:30]:
        assert observation.landmarks_px is None
        assert observation.quality.reasons == (QualityReason.OTHER_PERSON,)
    assert all(o.landmarks_px[:, 0].max() < 480 for o in seen[-5:])
    assert kinds(events)[:2] == ["chosen", "cut"]
    assert kinds(events)[-1] == "found"
    assert "lost" in kinds(events)


def test_a_too_small_face_at_first_does_not_bind_the_choice(watch, two_people):
    """A distant passer-by first; the near face after the cut is the subject."""
    near, passer_by = two_people
    far = cv2.resize(passer_by, None, fx=0.17, fy=0.17, interpolation=cv2.INTER_AREA)
    scene = np.full((240, 320, 3), 200, np.uint8)
    scene[60 : 60 + far.shape[0], 120 : 120 + far.shape[1]] = far
    seen, _ = watch((10, scene), (20, on_canvas((near, (280, 40)))))
    assert not any(o.quality.usable for o in seen[:10])
    assert all(o.quality.usable for o in seen[-10:])
