"""Movement of one side that neither the other side nor the head explains."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.motion.onesided import one_sided_evidence, unexplained_difference

FLOOR = 0.05
LEFT, RIGHT = 0, 1


@pytest.fixture
def time_s(clock):
    return clock.even(30, 30)


@pytest.fixture
def pose_deg(time_s):
    """A head in conversation: turns, nods and tilts that are not in step."""
    waves = [15 * np.sin(time_s), 8 * np.sin(1.7 * time_s), 6 * np.cos(0.6 * time_s)]
    return np.stack(waves, axis=1)


@pytest.fixture
def burst(time_s, shapes):
    """One closure of 0.5 s in half a minute."""
    return shapes.hold(time_s, 12.0, 12.5)


def positions(time_s, left=0.0, right=0.0, noise=0.02, seed=4):
    rng = np.random.default_rng(seed)
    quiet = noise * rng.normal(size=(len(time_s), 2))
    return quiet + np.stack(np.broadcast_arrays(left, right, time_s)[:2], axis=1)


def test_what_a_turned_head_explains_is_removed(time_s, pose_deg):
    """A tenth of a unit for every ten degrees of yaw, against noise of 0.02."""
    noise = np.random.default_rng(1).normal(0, 0.02, len(time_s))
    left_over = unexplained_difference(0.01 * pose_deg[:, 0] + noise, pose_deg)
    assert np.std(left_over) < 0.022


def test_a_burst_in_a_turning_head_is_left_whole(time_s, pose_deg, burst):
    left_over = unexplained_difference(0.01 * pose_deg[:, 0] + 0.6 * burst, pose_deg)
    assert left_over[burst == 1].mean() == pytest.approx(0.6, abs=0.03)
    assert np.abs(left_over[burst == 0]).max() < 0.02


def test_a_nod_alone_explains_nothing_one_sided(time_s):
    """Pitch changes both sides alike, so it may not explain a difference."""
    pitch = 10 * np.sin(time_s)
    pose = np.stack([0 * time_s, pitch, 0 * time_s], axis=1)
    difference = 0.02 * pitch
    left_over = unexplained_difference(difference, pose)
    assert np.ptp(left_over) > 0.9 * np.ptp(difference)


def test_missing_values_stay_missing_and_too_few_give_nothing(time_s, pose_deg):
    difference = 0.01 * pose_deg[:, 0]
    difference[100:110] = np.nan
    left_over = unexplained_difference(difference, pose_deg)
    np.testing.assert_array_equal(np.isnan(left_over), np.isnan(difference))
    difference[2:] = np.nan
    assert np.isnan(unexplained_difference(difference, pose_deg)).all()


def test_a_burst_on_one_side_is_evidence_for_that_side_only(time_s, pose_deg, burst):
    moved = positions(time_s, right=0.6 * burst)
    evidence = one_sided_evidence(moved, pose_deg, time_s, FLOOR)
    assert evidence[burst == 1, RIGHT].mean() > 0.8 * 0.6 / FLOOR
    assert evidence[burst == 1, LEFT].max() < 1.0
    assert np.nanmax(evidence[burst == 0]) < 3.0


def test_both_sides_alike_are_evidence_for_neither(time_s, pose_deg, burst):
    moved = positions(time_s, left=0.6 * burst, right=0.6 * burst)
    evidence = one_sided_evidence(moved, pose_deg, time_s, FLOOR)
    assert evidence.max() < 3.0


def test_an_eye_that_opens_wide_is_not_a_closure_of_the_other(time_s, pose_deg, burst):
    moved = positions(time_s, left=-0.6 * burst)
    evidence = one_sided_evidence(moved, pose_deg, time_s, FLOOR)
    assert evidence.max() < 3.0


def test_swapping_the_sides_swaps_the_result_exactly(time_s, pose_deg, burst):
    """What was left is right, and the head turns and tilts the other way."""
    moved = positions(time_s, right=0.6 * burst) + 0.005 * pose_deg[:, :1]
    evidence = one_sided_evidence(moved, pose_deg, time_s, FLOOR)
    swapped = one_sided_evidence(moved[:, ::-1], pose_deg * (-1, 1, -1), time_s, FLOOR)
    np.testing.assert_allclose(swapped[:, ::-1], evidence, atol=1e-9)


def test_a_still_face_makes_no_events_of_nothing(time_s, pose_deg):
    """Noise of a hundredth of the floor stays far below one deviation."""
    moved = positions(time_s, noise=0.01 * FLOOR)
    assert one_sided_evidence(moved, pose_deg, time_s, FLOOR).max() < 0.1


def test_a_noisy_face_needs_more_movement(time_s, pose_deg, burst):
    calm, noisy = (
        one_sided_evidence(
            positions(time_s, right=0.6 * burst, noise=n), pose_deg, time_s, FLOOR
        )
        for n in (0.02, 0.2)
    )
    assert noisy[burst == 1, RIGHT].mean() < 0.5 * calm[burst == 1, RIGHT].mean()


@pytest.fixture
def held(time_s, shapes):
    """A contraction that lasts for four fifths of the recording."""
    return shapes.hold(time_s, 6.0, 30.0)


@pytest.fixture
def turned_deg(time_s, held):
    """A head that turns by 12 degrees as the side contracts, and wavers."""
    yaw = 12 * held + 5 * np.sin(2.3 * time_s)
    return np.stack([yaw, 3 * np.sin(1.7 * time_s), 2 * np.cos(time_s)], axis=1)


def test_a_contraction_that_lasts_is_not_learned_as_what_the_head_does(
    held, turned_deg
):
    """Without rest weights the turn explains half of it away; with them hardly any."""
    difference = 0.004 * turned_deg[:, 0] + 0.6 * held
    at_rest = np.where(held > 0, 1e-4, 1.0)
    told = unexplained_difference(difference, turned_deg, at_rest)
    assert told[held == 1].mean() == pytest.approx(0.6, abs=0.05)
    assert np.abs(told[held == 0]).max() < 0.05
    alike = unexplained_difference(difference, turned_deg)
    assert alike[held == 1].mean() < 0.3


def test_equal_weights_are_no_weights(pose_deg, time_s, burst):
    difference = 0.01 * pose_deg[:, 0] + 0.6 * burst
    weighted = unexplained_difference(difference, pose_deg, np.ones(len(time_s)))
    np.testing.assert_array_equal(
        weighted, unexplained_difference(difference, pose_deg)
    )


@pytest.mark.parametrize("weight", [0.0, 1e-4])
def test_a_face_that_never_rested_is_measured_all_the_same(time_s, pose_deg, weight):
    difference = 0.3 + 0.01 * pose_deg[:, 0]
    told = unexplained_difference(difference, pose_deg, np.full(len(time_s), weight))
    assert np.isfinite(told).all()
    assert np.abs(np.median(told)) < 0.05
