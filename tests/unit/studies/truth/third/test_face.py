"""One picture: what moves, and that nothing else does."""

from __future__ import annotations

import numpy as np
import pytest

from studies.truth.third.face import shown
from studies.truth.third.geometry import Force, Half
from twitch_tracker.regions import Side

SEVERE = Force(
    lids=1.0, lower_lid=0.25, squeeze=1.0, corner_mm=5, cheek_mm=2.8, brow_mm=2.6
)
MOUTH = Force(platysma_mm=4.0)


def changed_columns(before, after) -> np.ndarray:
    return np.nonzero((before != after).any(axis=-1))[1]


@pytest.mark.parametrize("side", Side)
def test_the_eye_of_the_side_closes_and_the_other_stays_open(face, side: Side):
    after = shown(face.image, face.landmarks, side, SEVERE)
    assert face.image[face.eyes[side]].mean() > 240
    assert after[face.eyes[side]].mean() < 150
    other = face.eyes[side.other]
    assert np.array_equal(after[other], face.image[other])


def test_the_right_eye_of_the_subject_is_on_the_left_of_the_picture(face):
    after = shown(face.image, face.landmarks, Side.RIGHT, SEVERE)
    assert np.median(changed_columns(face.image, after)) < face.image.shape[1] / 2


@pytest.mark.parametrize("force", [SEVERE, MOUTH, Force(lids=0.3)])
@pytest.mark.parametrize("side", Side)
def test_only_the_half_that_contracts_changes(face, side: Side, force: Force):
    """Lips go along a little; beyond a third of the eyes' distance nothing does."""
    after = shown(face.image, face.landmarks, side, force)
    away = changed_columns(face.image, after) - face.landmarks[168, 0]
    away *= 1 if side is Side.LEFT else -1
    assert away.size > 100
    assert away.min() > -0.32 * Half(face.landmarks, side).io_px
    assert np.mean(away > -2) > 0.9


def test_the_mouth_alone_leaves_the_eyes(face):
    after = shown(face.image, face.landmarks, Side.LEFT, MOUTH)
    for eye in face.eyes.values():
        assert np.array_equal(after[eye], face.image[eye])


def test_a_picture_is_never_changed_itself_and_without_a_face_stays(face):
    kept = face.image.copy()
    shown(face.image, face.landmarks, Side.LEFT, SEVERE)
    assert np.array_equal(face.image, kept)
    nowhere = np.full((478, 2), np.nan)
    assert shown(face.image, nowhere, Side.LEFT, SEVERE) is face.image


def test_without_force_nothing_changes(face):
    after = shown(face.image, face.landmarks, Side.LEFT, Force())
    assert np.array_equal(after, face.image)


@pytest.mark.parametrize("shift", [(130, 0), (-130, 0), (0, 150), (0, -150), (900, 0)])
def test_a_face_at_the_edge_of_the_picture_is_no_trouble(face, shift):
    for side in Side:
        after = shown(face.image, face.landmarks + shift, side, SEVERE)
        assert after.shape == face.image.shape


def test_an_open_eye_is_measured_in_millimetres(face):
    assert Half(face.landmarks, Side.LEFT).aperture_mm() == pytest.approx(12.9, abs=0.2)
