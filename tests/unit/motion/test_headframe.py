"""The head's own motion is taken out; what the face does stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.motion.geometry import measure_geometry
from twitch_tracker.motion.headframe import fit_template, template_frames, to_head_frame
from twitch_tracker.motion.recorder import KEPT_POINTS
from twitch_tracker.regions import (
    EYE_CORNERS,
    RIGID_PAIRS,
    RIGID_POINTS,
    SIDES,
    Side,
)

LEFT, RIGHT = SIDES.index(Side.LEFT), SIDES.index(Side.RIGHT)
OUTER = [RIGID_POINTS.index(EYE_CORNERS[s][0]) for s in SIDES]
MIRROR = np.array([-1.0, 1.0, 1.0])


@pytest.fixture
def time_s(clock) -> np.ndarray:
    return clock.even(30, 4)


@pytest.fixture
def moving(face, time_s):
    """A head that turns, nods, tilts, comes near and wanders; a quiet face."""
    return face.film(
        time_s,
        yaw_deg=20 * np.sin(time_s),
        pitch_deg=12 * np.cos(1.3 * time_s),
        roll_deg=15 * np.sin(0.7 * time_s),
        scale_px=150 + 40 * np.sin(0.5 * time_s),
        shift_px=(320 + 60 * np.sin(2 * time_s), 180 + 30 * np.cos(time_s)),
    )


def geometry_of(raw):
    return measure_geometry(
        raw, fit_template(raw.points(RIGID_POINTS)), np.ones(len(raw), bool)
    )


def in_head(raw):
    rigid = raw.points(RIGID_POINTS)
    return to_head_frame(raw.points_px, rigid, fit_template(rigid))


def test_a_moving_head_with_a_quiet_face_moves_nothing_in_the_head_frame(moving):
    points, _, misfit = in_head(moving)
    assert np.ptp(points, axis=0).max() < 1e-4
    assert misfit.max() < 1e-4


def test_the_rotation_is_the_one_that_the_head_was_given(face, time_s):
    yaw_deg = 20 * np.sin(time_s)
    _, rotation, _ = in_head(face.film(time_s, yaw_deg=yaw_deg))
    # From the picture to the head: a vector out of the face, seen in the picture.
    out_of_face = rotation.transpose(0, 2, 1) @ np.array([0.0, 0.0, 1.0])
    seen_deg = np.degrees(np.arctan2(out_of_face[:, 0], out_of_face[:, 2]))
    np.testing.assert_allclose(seen_deg - seen_deg[0], yaw_deg - yaw_deg[0], atol=0.05)


def test_the_template_has_canthi_one_unit_apart_and_mirrors_at_x_0(moving):
    template = fit_template(moving.points(RIGID_POINTS))
    across = template[OUTER[LEFT]] - template[OUTER[RIGHT]]
    assert np.linalg.norm(across) == pytest.approx(1.0, abs=1e-6)
    assert across[0] > 0.999, "x points to the subject's left"
    np.testing.assert_allclose(
        template[list(RIGID_PAIRS)] * MIRROR, template, atol=1e-4
    )
    nose, forehead = RIGID_POINTS.index(5), RIGID_POINTS.index(10)
    assert template[forehead, 1] > template[nose, 1], "y points up"
    assert template[nose, 2] > template[OUTER[LEFT], 2], "z points out of the face"


@pytest.mark.parametrize("count", [1, 399, 400, 799, 800, 1199, 1200, 216_000])
def test_a_template_of_the_chosen_frames_is_that_of_all(count):
    frames = np.arange(count)
    chosen = frames[template_frames(count)]
    assert min(count, 400) <= len(chosen) < 800
    np.testing.assert_array_equal(chosen[template_frames(len(chosen))], chosen)


def test_a_minority_of_bad_frames_does_not_bend_the_template(moving):
    rigid = moving.points(RIGID_POINTS).copy()
    good = fit_template(rigid)
    rigid[::5] += np.random.default_rng(3).normal(0, 25, rigid[::5].shape)
    np.testing.assert_allclose(fit_template(rigid), good, atol=0.01)


def test_one_wild_rigid_point_does_not_turn_the_head(face, time_s):
    """A squeezed outer canthus, 10 px off, moves the mouth by 0.3 px at most."""
    raw = face.film(time_s, noise_px=0.3)
    calm = geometry_of(raw)
    wild = raw.points_px.copy()
    wild[100:, KEPT_POINTS.index(EYE_CORNERS[Side.RIGHT][0]), :2] += (8, 5)
    moved = geometry_of(replace(raw, points_px=wild))
    shift = (moved.commissure_io - calm.commissure_io)[100:]
    assert np.abs(np.median(shift, axis=0)).max() < 0.002


def test_closing_one_eye_lowers_that_aperture_and_nothing_else(face, time_s):
    shut = np.where(time_s > 2, 1.0, 0.0)
    geometry = geometry_of(face.film(time_s, closure={Side.RIGHT: shut}))
    open_io = face.OPEN_MM / face.MM_PER_IO
    aperture = geometry.aperture_io
    np.testing.assert_allclose(aperture[:, LEFT], open_io, atol=1e-4)
    np.testing.assert_allclose(aperture[time_s <= 2, RIGHT], open_io, atol=1e-4)
    np.testing.assert_allclose(aperture[time_s > 2, RIGHT], 0.0, atol=1e-4)
    for other in (geometry.commissure_io, geometry.cheek_io, geometry.brow_io):
        assert np.ptp(other, axis=0).max() < 1e-4


def test_pulling_one_mouth_corner_moves_it_outward_and_up_alone(face, time_s):
    pull_mm = np.where(time_s > 2, 5.0, 0.0)
    geometry = geometry_of(face.film(time_s, pull_mm={Side.LEFT: pull_mm}))
    shift = geometry.commissure_io[-1] - geometry.commissure_io[0]
    moved_io = 5.0 / face.MM_PER_IO * np.array([0.8, 0.6])
    np.testing.assert_allclose(shift[LEFT], moved_io, atol=1e-4)
    np.testing.assert_allclose(shift[RIGHT], 0.0, atol=1e-4)
    for other in (geometry.aperture_io, geometry.cheek_io, geometry.brow_io):
        assert np.ptp(other, axis=0).max() < 1e-4


def test_a_mirrored_recording_gives_exactly_the_mirrored_measures(face, time_s):
    raw = face.film(
        time_s,
        noise_px=0.5,
        yaw_deg=10 * np.sin(time_s),
        roll_deg=5 * np.cos(time_s),
        closure={Side.RIGHT: 0.5, Side.LEFT: 0.1},
        pull_mm={Side.RIGHT: 3 * np.sin(time_s)},
    )
    straight, mirrored = geometry_of(raw), geometry_of(face.mirrored(raw))
    for name in ("aperture_io", "commissure_io", "cheek_io", "brow_io"):
        flipped = getattr(mirrored, name)[:, ::-1]
        np.testing.assert_allclose(flipped, getattr(straight, name), atol=1e-5)


def test_frames_without_a_face_are_nan_and_leave_the_others_alone(face, time_s):
    unseen = (time_s > 1) & (time_s < 2)
    raw = face.film(time_s, unseen=unseen)
    whole = face.film(time_s)
    template = fit_template(whole.points(RIGID_POINTS))
    with_gap, without = (
        measure_geometry(raw, template, np.ones(len(raw), bool)),
        measure_geometry(whole, template, np.ones(len(whole), bool)),
    )
    assert np.isnan(with_gap.aperture_io[unseen]).all()
    np.testing.assert_array_equal(
        with_gap.aperture_io[~unseen], without.aperture_io[~unseen]
    )


def test_a_long_recording_is_measured_in_pieces_that_fit_together(
    face, clock, shapes, monkeypatch
):
    """Pieces of seven frames give what one piece gives."""
    time_s = clock.even(30, 2)
    raw = face.film(time_s, yaw_deg=10 * shapes.bump(time_s, 1.0, 1.5))
    template = fit_template(raw.points(RIGID_POINTS))
    usable = time_s != time_s[11]
    whole = measure_geometry(raw, template, usable)
    monkeypatch.setattr("twitch_tracker.motion.geometry.CHUNK_FRAMES", 7)
    pieces = measure_geometry(raw, template, usable)
    for name, values in vars(whole).items():
        np.testing.assert_array_equal(getattr(pieces, name), values)
    assert np.isnan(whole.aperture_io[11]).all()
    assert np.isfinite(np.delete(whole.aperture_io, 11, axis=0)).all()
