"""How far the network sees, and that it treats the sides alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.episodes.network import burstnet
from twitch_tracker.episodes.network.burstnet import (
    REACH_S,
    Verdict,
    burst_verdict,
    quiet_moments,
)
from twitch_tracker.episodes.network.features import FEATURES, PACE_HZ
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.networks import BURST, Network, shipped_folder
from twitch_tracker.regions import Side
from twitch_tracker.timebase import Interval


@pytest.fixture(scope="module")
def network():
    return Network(shipped_folder() / BURST)


def test_the_network_sees_as_far_as_is_said_and_no_farther(network):
    """One moment changed: nothing else changes beyond, something well before that."""
    seen = np.random.default_rng(2).normal(0, 1, (1, FEATURES, 900)).astype("f4")
    other = seen.copy()
    other[:, :, 450] += 3.0
    changed = np.flatnonzero(np.abs(network(seen)[0] - network(other)[0]) > 1e-6)
    far_s = np.abs(changed - 450).max() / PACE_HZ
    assert 0.5 * REACH_S < far_s <= REACH_S


def test_how_eyes_look_in_themselves_is_no_evidence_of_movement(face, clock):
    """It belongs to the chance of a burst, and not to that of a movement."""
    motion = face.measure(clock.even(30, 12), noise_px=0.3)
    look = np.nan_to_num(motion.look) + np.array([0.5, 0.0])
    other = replace(motion, look=look.astype(np.float32))
    said, changed = (burst_verdict(m, shipped_folder()) for m in (motion, other))
    assert np.nanmax(np.abs(said.log_odds - changed.log_odds)) > 0.1
    np.testing.assert_array_equal(said.movement_log_odds, changed.movement_log_odds)


def test_what_was_not_measured_has_no_chance(face, clock):
    time_s = clock.even(30, 10)
    unseen = (time_s > 3) & (time_s < 5)
    motion = face.measure(time_s, unseen=unseen, noise_px=0.3)
    told = burst_verdict(motion, shipped_folder())
    np.testing.assert_array_equal(np.isnan(told.log_odds).any(axis=1), ~motion.usable)


def test_exchanging_the_sides_exchanges_the_chances(face, clock, shapes):
    time_s = clock.even(30, 12)
    raw = face.film(
        time_s,
        noise_px=0.2,
        closure={Side.RIGHT: 0.6 * shapes.hold(time_s, 5, 6)},
        yaw_deg=4 * np.sin(time_s),
    )
    straight, mirrored = (
        burst_verdict(measure_motion(r), shipped_folder())
        for r in (raw, face.mirrored(raw))
    )
    np.testing.assert_allclose(mirrored.log_odds[:, ::-1], straight.log_odds, atol=0.05)


def test_a_recording_asked_about_piece_by_piece_has_the_same_chances(
    face, clock, monkeypatch
):
    time_s = clock.even(30, 40)
    motion = face.measure(time_s, noise_px=0.3, yaw_deg=4 * np.sin(time_s))
    whole = burst_verdict(motion, shipped_folder())
    monkeypatch.setattr(burstnet, "PIECE", 170)
    pieces = burst_verdict(motion, shipped_folder())
    np.testing.assert_array_equal(pieces.log_odds, whole.log_odds)


def test_what_is_near_a_candidate_does_not_grow_with_the_recording():
    """Every candidate of hours was judged by looking at all of the hours."""
    time_s = np.arange(7200 * 30) / 30
    none = np.zeros((0, 2))
    verdict = Verdict(
        log_odds=none,
        movement_log_odds=none,
        seen=np.zeros((0, 2, 1), np.float32),
        seen_time_s=time_s,
        quiet=np.ones(len(time_s), bool),
    )
    near = time_s[verdict.near(Interval(start_s=3600.0, end_s=3601.0), 1.5)]
    assert near[0] <= 3598.5
    assert near[-1] >= 3602.5
    assert len(near) < 130


def test_where_nothing_was_measured_nothing_is_quiet():
    at_s = np.arange(30) / 30
    assert not quiet_moments(np.full((30, 2), np.nan), at_s, at_s).any()
