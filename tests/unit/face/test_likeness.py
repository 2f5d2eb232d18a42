"""Views of a face, the gallery of good ones, and cuts."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import one_face
import pytest

from twitch_tracker.face.identity.cuts import CutDetector
from twitch_tracker.face.identity.gallery import (
    ANCHORS,
    CONFIRMED_AFTER,
    MOST_VIEWS,
    Gallery,
)
from twitch_tracker.face.identity.subject import SAME_PERSON
from twitch_tracker.face.likeness import compute_likeness
from twitch_tracker.regions import Side


def view_of(tracker, image):
    (mesh,) = tracker.find_all(image)
    return one_face.view_of(image, mesh)


def test_likeness_of_a_view_to_itself_is_two(tracker, portrait):
    view = view_of(tracker, portrait)
    assert compute_likeness(view, view) == pytest.approx(2.0, abs=1e-6)


def test_size_tilt_and_a_closed_eye_are_the_same_person(
    tracker, portrait, mesh, close_eye
):
    view = view_of(tracker, portrait)
    large = cv2.resize(portrait, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    height, width = portrait.shape[:2]
    tilt = cv2.getRotationMatrix2D((width / 2, height / 2), 15.0, 1.0)
    tilted = cv2.warpAffine(portrait, tilt, (width, height))
    winking = close_eye(portrait, mesh, Side.RIGHT)
    darker = (portrait * 0.5).astype(np.uint8)
    for image in (large, tilted, winking, darker):
        assert compute_likeness(view, view_of(tracker, image)) > SAME_PERSON


def test_two_people_are_unlike(tracker, two_people):
    one, other = (view_of(tracker, image) for image in two_people)
    assert compute_likeness(one, other) < SAME_PERSON - 0.2


def test_a_gallery_keeps_its_first_views_and_forgets_the_oldest_others(
    tracker, portrait
):
    view = view_of(tracker, portrait)
    rng = np.random.default_rng(4)

    def unlike():
        fine = rng.normal(size=view.fine.shape).astype(np.float32)
        return replace(view, fine=fine, broad=rng.permutation(view.broad))

    views = [unlike() for _ in range(MOST_VIEWS + 3)]
    gallery = Gallery()
    for number, each in enumerate(views, 1):
        gallery.learn(each, gallery.match([each])[0][0])
        assert gallery.confirmed == (number >= CONFIRMED_AFTER)
    known = [likeness > 1.99 for likeness, _ in gallery.match(views)]
    assert all(known[:ANCHORS])
    assert not any(known[ANCHORS : ANCHORS + 3])
    assert all(known[ANCHORS + 3 :])


def test_a_cut_is_told_once_and_motion_is_not_one():
    rng = np.random.default_rng(2)
    scene, other = (
        cv2.resize(rng.integers(0, 255, (9, 16, 3), np.uint8), (640, 360))
        for _ in range(2)
    )
    detector = CutDetector()
    pans = [np.roll(scene, 2 * step, axis=1) for step in range(10)]
    assert not any(detector.is_cut(image) for image in pans)
    assert detector.is_cut(other)
    assert not detector.is_cut(other)
