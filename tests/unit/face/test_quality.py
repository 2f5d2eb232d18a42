"""Reasons why a frame cannot be measured, made one at a time."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from one_face import foreignness, quality_of, view_of

from twitch_tracker.face.pose import fit_head_pose
from twitch_tracker.face.quality import QualityLimits
from twitch_tracker.records import QualityReason
from twitch_tracker.regions import Region, Side


@pytest.fixture
def judge(tracker):
    """Find the one face of a picture and judge it."""

    def run(image, known=None):
        mesh = tracker.follow(image, None)
        assert mesh is not None
        return quality_of(image, mesh, known)

    return run


def test_an_enlarged_portrait_is_measurable(judge, portrait):
    """Soft because it was small, not because it is out of focus."""
    large = cv2.resize(portrait, None, fx=2.5, fy=2.5, interpolation=cv2.INTER_CUBIC)
    for image in (portrait, large):
        quality = judge(image)
        assert quality.reasons == ()
        assert quality.usable
        assert quality.sharpness > QualityLimits().min_sharpness


def test_defocus_and_motion_blur_are_blurred(judge, portrait):
    out_of_focus = cv2.GaussianBlur(portrait, (0, 0), 8)
    shaken = cv2.blur(portrait, (27, 1))
    for image in (out_of_focus, shaken):
        assert judge(image).reasons == (QualityReason.BLURRED,)


def test_a_little_blur_is_measurable(judge, portrait):
    assert judge(cv2.GaussianBlur(portrait, (0, 0), 2)).usable


def test_a_small_face_is_too_small(judge, portrait):
    small = cv2.resize(portrait, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    assert QualityReason.TOO_SMALL in judge(small).reasons


def test_night_is_too_dark_and_glare_too_bright(judge, portrait):
    night = (portrait * 0.06).astype(np.uint8)
    glare = np.clip(portrait.astype(float) * 2.0 + 90, 0, 255).astype(np.uint8)
    assert QualityReason.TOO_DARK in judge(night).reasons
    assert QualityReason.TOO_BRIGHT in judge(glare).reasons
    assert judge((portrait * 0.4).astype(np.uint8)).usable


def test_a_mouth_below_the_picture_leaves_the_eyes_measurable(tracker, portrait, mesh):
    """The face is known from the frame before; the picture ends at the mouth."""
    cut = np.ascontiguousarray(portrait[: int(mesh[61, 1]) - 4])
    seen = tracker.follow(cut, mesh)
    quality = quality_of(cut, seen)
    assert quality.usable
    assert Region.MOUTH_CORNER in quality.unseen
    assert Region.BROW not in quality.unseen


def test_eyes_above_the_picture_are_out_of_frame(tracker, portrait, mesh):
    top = int(mesh[159, 1]) + 4
    cut = np.ascontiguousarray(portrait[top:])
    seen = mesh - np.array([0, top, 0], np.float32)
    quality = quality_of(cut, seen)
    assert QualityReason.OUT_OF_FRAME in quality.reasons


def test_a_face_turned_by_45_degrees_is_turned_away(portrait, mesh):
    half = np.radians(45)
    turn = np.array(
        [[np.cos(half), 0, -np.sin(half)], [0, 1, 0], [np.sin(half), 0, np.cos(half)]]
    )
    seen = ((mesh - mesh.mean(0)) @ turn.T + mesh.mean(0)).astype(np.float32)
    quality = quality_of(portrait, seen)
    assert QualityReason.TURNED_AWAY in quality.reasons


def test_a_hand_over_the_cheek_is_covered(judge, portrait, mesh):
    """A skin-coloured striped patch over one cheek and the mouth corner."""
    known = view_of(portrait, mesh)
    size = fit_head_pose(mesh).scale_px
    y, x = np.mgrid[: portrait.shape[0], : portrait.shape[1]]
    centre = mesh[205, :2]
    skin = portrait[int(mesh[151, 1]), int(mesh[151, 0])].astype(float)
    stripes = 0.85 + 0.15 * np.sin((x + 0.6 * y) / (0.05 * size))
    inside = (
        np.hypot((x - centre[0]) / (0.3 * size), (y - centre[1]) / (0.3 * size)) < 1
    )
    hand = np.where(inside[..., None], skin * stripes[..., None], portrait)
    assert judge(hand.astype(np.uint8), known).reasons == (QualityReason.COVERED,)
    assert judge(portrait, known).usable


def test_a_closed_eye_or_other_light_does_not_cover(judge, portrait, mesh, close_eye):
    """What is to be measured must not be thrown away."""
    known = view_of(portrait, mesh)
    assert judge(close_eye(portrait, mesh, Side.LEFT), known).usable
    ramp = np.linspace(0.6, 1.1, portrait.shape[1])[None, :, None]
    assert judge(np.clip(portrait * ramp, 0, 255).astype(np.uint8), known).usable


def test_views_in_different_poses_are_not_compared(portrait, mesh):
    import dataclasses

    known = view_of(portrait, mesh)
    elsewhere = dataclasses.replace(known, yaw_deg=known.yaw_deg + 30, fine=-known.fine)
    assert foreignness(known, elsewhere) == -1.0
    upside = dataclasses.replace(known, fine=-known.fine)
    assert foreignness(known, upside) > 0.5


def test_what_was_outside_the_picture_before_is_not_foreign(portrait, mesh):
    """The head sinks back into the picture: its chin was never seen, and is no hand."""
    cut = np.ascontiguousarray(portrait[: int(mesh[61, 1]) - 4])
    known, now = (view_of(image, mesh) for image in (cut, portrait))
    assert foreignness(now, known) < QualityLimits().max_foreignness
    assert foreignness(known, now) < QualityLimits().max_foreignness
