"""From points to millimetres: what moved, by how much, on which side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.motion.signals import NOISE_FLOOR, measure_motion
from twitch_tracker.records import QualityReason
from twitch_tracker.regions import REGIONS, SIDES, Region, Side

LEFT, RIGHT = SIDES.index(Side.LEFT), SIDES.index(Side.RIGHT)
NAMES = {
    "position_mm": "mm",
    "position_io": "interocular",
    "place_io": "interocular",
    "skin_io": "interocular",
    "activity_mm_s": "mm/s",
    "one_sided": "sd",
}


@pytest.fixture
def time_s(clock):
    return clock.even(30, 20)


@pytest.fixture
def late(time_s, shapes):
    """A movement that is held from second 10 to second 12."""
    return shapes.hold(time_s, 10.0, 12.0)


def position(motion, region, side):
    return motion.scores["position_mm"].of(region, side)


def test_every_promised_signal_is_there_with_its_unit_and_history(face, time_s):
    motion = face.measure(time_s)
    assert {n: s.unit for n, s in motion.scores.items()} == NAMES
    for name, scores in motion.scores.items():
        assert scores.name == name
        assert scores.history
        assert scores.values.shape == (len(time_s), len(REGIONS), len(SIDES))


def test_the_iris_gives_the_millimetres(face, time_s):
    assert face.measure(time_s).mm_per_interocular == pytest.approx(
        face.MM_PER_IO, rel=1e-4
    )


def test_the_scale_is_read_while_the_face_is_frontal(face, time_s):
    """While the head is turned by 25 degrees the iris is misread by half."""
    turned = time_s > 8
    raw = face.film(time_s, yaw_deg=np.where(turned, 25.0, 0.0))
    iris_px = np.where(turned, 1.5 * raw.iris_px, raw.iris_px).astype(np.float32)
    motion = measure_motion(replace(raw, iris_px=iris_px))
    assert motion.mm_per_interocular == pytest.approx(face.MM_PER_IO, rel=1e-4)


def test_without_an_iris_there_are_fractions_but_no_millimetres(face, time_s, late):
    raw = face.film(time_s, closure={Side.RIGHT: 0.5 * late})
    motion = measure_motion(replace(raw, iris_px=np.full_like(raw.iris_px, np.nan)))
    assert np.isnan(motion.mm_per_interocular)
    assert np.isnan(motion.aperture_mm).all()
    assert np.isnan(motion.scores["position_mm"].values).all()
    assert motion.aperture[late == 1, RIGHT] == pytest.approx(0.5, abs=1e-3)
    assert np.isfinite(motion.scores["one_sided"].values).all()


def test_half_closing_the_right_eye_is_5_mm_there_and_nothing_elsewhere(
    face, time_s, late
):
    motion = face.measure(time_s, closure={Side.RIGHT: 0.5 * late})
    closed = position(motion, Region.EYELID, Side.RIGHT)
    np.testing.assert_allclose(closed, 5.0 * late, atol=0.02)
    np.testing.assert_allclose(motion.aperture[:, RIGHT], 1 - 0.5 * late, atol=2e-3)
    np.testing.assert_allclose(motion.aperture_mm[:, RIGHT], 10 - 5 * late, atol=0.02)
    np.testing.assert_allclose(motion.aperture_mm[:, LEFT], 10.0, atol=0.02)
    others = motion.scores["position_mm"].values.copy()
    others[:, REGIONS.index(Region.EYELID), RIGHT] = 0.0
    assert np.abs(others).max() < 0.02


def test_each_eye_is_a_fraction_of_its_own_opening(face, time_s, late):
    """A right eye that is narrower by 2 mm of 9 is still wide open for itself."""
    motion = face.measure(
        time_s,
        open_mm={Side.LEFT: 9.0, Side.RIGHT: 7.0},
        closure={Side.RIGHT: late},
    )
    rest = late == 0
    assert motion.own_open == (True, True)
    np.testing.assert_allclose(motion.aperture[rest], 1.0, atol=2e-3)
    np.testing.assert_allclose(motion.aperture_mm[rest, RIGHT], 7.0, atol=0.02)


def test_an_eye_far_narrower_than_the_other_is_never_wide_open(face, time_s):
    """A lid that is down all the time is down, whatever the recording mostly shows."""
    motion = face.measure(time_s, open_mm={Side.LEFT: 10.0, Side.RIGHT: 2.0})
    np.testing.assert_allclose(motion.aperture[:, LEFT], 1.0, atol=2e-3)
    assert (motion.aperture[:, RIGHT] < 0.7).all()
    assert motion.own_open == (True, False)


def test_an_eye_held_closed_for_most_of_the_time_is_closed_then(face, time_s, shapes):
    """A spasm of eye and mouth for 17 of 20 s is the burst, not the face at rest."""
    held = shapes.hold(time_s, 0.5, 17.5)
    motion = face.measure(
        time_s, closure={Side.RIGHT: 0.9 * held}, pull_mm={Side.RIGHT: 4.0 * held}
    )
    np.testing.assert_allclose(motion.aperture[held == 1, RIGHT], 0.1, atol=0.01)
    pulled = position(motion, Region.MOUTH_CORNER, Side.RIGHT)
    np.testing.assert_allclose(pulled, 4.0 * held, atol=0.05)
    still = position(motion, Region.MOUTH_CORNER, Side.LEFT)
    np.testing.assert_allclose(still, 0.0, atol=0.05)
    evidence = motion.scores["one_sided"].of(Region.EYELID, Side.RIGHT)
    assert evidence[held == 1].min() > 10.0
    assert np.abs(evidence[held == 0]).max() < 3.0


def test_where_a_region_is_in_the_head_is_told_without_any_level(face, time_s, late):
    """The aperture itself, and a mouth corner that hangs by 3 mm all along."""
    motion = face.measure(
        time_s, closure={Side.RIGHT: late}, pull_mm={Side.RIGHT: -3.0}
    )
    place = motion.scores["place_io"]
    open_io = face.OPEN_MM / face.MM_PER_IO
    lid = -place.of(Region.EYELID, Side.RIGHT)
    np.testing.assert_allclose(lid, open_io * (1 - late), atol=1e-3)
    mouth = place.of_both(Region.MOUTH_CORNER)
    lower = (mouth[:, LEFT] - mouth[:, RIGHT]) * face.MM_PER_IO
    np.testing.assert_allclose(lower, 3.0, atol=0.05)


@pytest.mark.parametrize(
    ("region", "how"),
    [(Region.MOUTH_CORNER, "pull_mm"), (Region.BROW, "brow_mm")],
)
@pytest.mark.parametrize("side", SIDES)
def test_mouth_corner_and_brow_are_read_in_millimetres(
    face, time_s, late, region, how, side
):
    motion = face.measure(time_s, **{how: {side: 4.0 * late}})
    np.testing.assert_allclose(position(motion, region, side), 4.0 * late, atol=0.02)
    still = position(motion, region, side.other)
    np.testing.assert_allclose(still, 0.0, atol=0.02)


def test_the_cheek_rises_with_the_flow_and_is_held_by_the_mesh(face, time_s, late):
    motion = face.measure(time_s, cheek_mm={Side.LEFT: 3.0 * late})
    lift = position(motion, Region.CHEEK, Side.LEFT)
    np.testing.assert_allclose(lift, 3.0 * late, atol=0.1)
    assert np.abs(position(motion, Region.CHEEK, Side.RIGHT)).max() < 0.02


def test_a_twitch_that_the_mesh_misses_is_read_from_the_flow(face, time_s, shapes):
    twitch = shapes.bump(time_s, 10.0, 0.3)
    seen, unseen = (
        face.film(time_s, cheek_mm={Side.RIGHT: 3 * twitch}),
        face.film(time_s),
    )
    motion = measure_motion(replace(seen, points_px=unseen.points_px))
    lift = position(motion, Region.CHEEK, Side.RIGHT)
    assert lift.max() == pytest.approx(3.0, abs=0.4)
    assert np.abs(lift[time_s > 15]).max() < 0.05


def test_drift_of_the_flow_is_forgotten_within_seconds(face, time_s):
    """A flow that errs upwards by 0.02 mm a frame ends 0.6 mm high, not 12 mm."""
    raw = face.film(time_s)
    drift = np.full_like(raw.skin_step_io, 0.02 / face.MM_PER_IO)
    motion = measure_motion(replace(raw, skin_step_io=drift))
    lift = position(motion, Region.CHEEK, Side.RIGHT)
    assert lift.max() == pytest.approx(0.6, abs=0.05)


def test_activity_is_speed_and_is_nothing_at_rest(face, time_s):
    """A mouth corner pulled at 10 mm/s from second 10 to 10.5."""
    pull_mm = np.clip((time_s - 10) * 10, 0, 5)
    motion = face.measure(time_s, pull_mm={Side.RIGHT: pull_mm})
    activity = motion.scores["activity_mm_s"].of(Region.MOUTH_CORNER, Side.RIGHT)
    assert activity.max() == pytest.approx(10.0, rel=0.12)
    assert time_s[np.argmax(activity)] == pytest.approx(10.25, abs=0.07)
    assert activity[(time_s < 9) | (time_s > 11.5)].max() < 0.02


def test_evidence_counts_in_deviations_of_the_noise_floor(face, time_s, late):
    """A noiseless half closure is half an aperture over the floor."""
    motion = face.measure(time_s, closure={Side.RIGHT: 0.5 * late})
    evidence = motion.scores["one_sided"].of(Region.EYELID, Side.RIGHT)
    middle = (time_s > 10.5) & (time_s < 11.5)
    expected = 0.5 / NOISE_FLOOR[Region.EYELID]
    assert evidence[middle] == pytest.approx(expected, rel=0.03)


def test_frames_that_are_not_usable_are_nan_everywhere_and_have_a_reason(face, time_s):
    unseen = (time_s > 5) & (time_s < 7)
    raw = face.film(time_s, unseen=unseen, noise_px=0.3)
    blurred = time_s > 18
    why = (QualityReason.BLURRED,)
    reasons = tuple(why if b else r for b, r in zip(blurred, raw.reasons, strict=True))
    motion = measure_motion(replace(raw, reasons=reasons))
    bad = unseen | blurred
    np.testing.assert_array_equal(motion.usable, ~bad)
    assert all(bool(r) == b for r, b in zip(motion.reasons, bad, strict=True))
    for scores in motion.scores.values():
        assert np.isnan(scores.values[bad]).all()
    assert np.isnan(motion.aperture[bad]).all()
    assert np.isnan(motion.aperture_mm[bad]).all()
    assert np.isfinite(motion.scores["position_mm"].values[~bad]).all()


def test_exactly_even_times_give_no_activity_in_frames_that_are_not_usable(face):
    """In a lost single frame at 32 fps nothing was measured, so nothing is said."""
    time_s = np.arange(320) / 32
    unseen = np.zeros(320, bool)
    unseen[100] = True
    motion = face.measure(time_s, unseen=unseen)
    assert np.isnan(motion.scores["activity_mm_s"].values[100]).all()


@pytest.mark.parametrize("n", [0, 1, 30])
def test_a_recording_without_any_face_measures_nothing(face, clock, n):
    time_s = clock.even(30, 1)[:n]
    motion = face.measure(time_s, unseen=np.ones(n, bool))
    assert not motion.usable.any()
    assert motion.analysable_s == 0.0
    assert np.isnan(motion.mm_per_interocular)
    for scores in motion.scores.values():
        assert np.isnan(scores.values).all()


def test_a_mirrored_recording_swaps_the_sides_of_every_signal(face, time_s, late):
    raw = face.film(
        time_s,
        noise_px=0.4,
        yaw_deg=6 * np.sin(time_s),
        roll_deg=4 * np.cos(time_s),
        closure={Side.RIGHT: 0.6 * late, Side.LEFT: 0.1 * late},
        pull_mm={Side.RIGHT: 4 * late},
        cheek_mm={Side.RIGHT: 2 * late},
    )
    straight, mirrored = measure_motion(raw), measure_motion(face.mirrored(raw))
    for name, scores in straight.scores.items():
        swapped = mirrored.scores[name].values[:, :, ::-1]
        np.testing.assert_allclose(swapped, scores.values, atol=2e-3)
    np.testing.assert_allclose(mirrored.aperture[:, ::-1], straight.aperture, atol=1e-4)
    np.testing.assert_allclose(mirrored.rest_weight, straight.rest_weight, atol=1e-3)
    assert mirrored.own_open == straight.own_open[::-1]
    beside = mirrored.beside_mouth_io[:, :, ::-1]
    np.testing.assert_allclose(beside, straight.beside_mouth_io, atol=2e-3)
    np.testing.assert_allclose(
        mirrored.mouth_open_io, straight.mouth_open_io, atol=2e-3
    )


def test_head_motion_alone_moves_nothing(face, time_s):
    """Turns, nods, tilts and coming near: below a tenth of a millimetre."""
    motion = face.measure(
        time_s,
        yaw_deg=15 * np.sin(time_s),
        pitch_deg=10 * np.cos(0.8 * time_s),
        roll_deg=10 * np.sin(0.5 * time_s),
        scale_px=150 + 30 * np.sin(0.4 * time_s),
        shift_px=(320 + 50 * np.sin(time_s), 180.0),
    )
    assert motion.usable.all()
    assert np.abs(motion.scores["position_mm"].values).max() < 0.1


@pytest.mark.parametrize("kind", ["12 fps", "60 fps", "irregular"])
def test_frame_rate_does_not_change_what_was_measured(face, clock, shapes, kind):
    """A closure of one second, filmed at different frame times."""

    def measured(time_s):
        drive = shapes.hold(time_s, 4.0, 5.0, rise_s=0.3)
        motion = face.measure(time_s, closure={Side.RIGHT: 0.6 * drive})
        return position(motion, Region.EYELID, Side.RIGHT)

    fine, other = clock.even(120, 8), clock.of(kind, 8)
    expected = np.interp(other, fine, measured(fine))
    np.testing.assert_allclose(measured(other), expected, atol=0.02)


def test_a_mouth_outside_the_picture_is_not_measured_and_the_eyes_are(
    face, time_s, late
):
    raw = face.film(
        time_s, closure={Side.LEFT: 0.6 * late}, pull_mm={Side.LEFT: 5 * late}
    )
    outside = np.zeros((len(time_s), len(REGIONS)), bool)
    gone = (time_s > 9) & (time_s < 13)
    outside[gone, REGIONS.index(Region.MOUTH_CORNER)] = True
    motion = measure_motion(replace(raw, unseen=outside))
    whole = measure_motion(raw)
    mouth = motion.scores["position_io"].of_both(Region.MOUTH_CORNER)
    assert motion.usable.all()
    assert np.isnan(mouth[gone]).all()
    assert np.isfinite(mouth[~gone]).all()
    assert np.isnan(motion.beside_mouth_io[gone]).all()
    assert np.isnan(motion.mouth_open_io[gone]).all()
    assert np.array_equal(motion.aperture, whole.aperture)
