"""How many contractions, how fast, and whether one was held."""

from __future__ import annotations

import math

import numpy as np
import pytest

from twitch_tracker.episodes.description.beyond import LIGHT_SD_S
from twitch_tracker.episodes.description.shape import shape_of
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.motion.smoothing import smooth
from twitch_tracker.records import EpisodeKind

PARAMS = EpisodeParams()


def shape(drive, time_s):
    return shape_of(10 * np.asarray(drive), time_s, PARAMS)


@pytest.mark.parametrize("fps", [30, 60])
@pytest.mark.parametrize("rate_hz", [1.5, 3.0, 5.0, 8.0])
@pytest.mark.parametrize("count", [2, 5])
def test_contractions_are_counted_with_their_rate(clock, shapes, fps, rate_hz, count):
    width_s = min(0.2, 1 / rate_hz)
    time_s = clock.even(fps, 0.1 + (count - 1) / rate_hz + width_s)
    found = shape(shapes.train(time_s, 0.05, count, rate_hz, width_s), time_s)
    assert found.contractions == count
    assert found.kind is EpisodeKind.CLONIC
    # The time from the first to the last peak is right to one frame.
    tolerance = 1.2 * rate_hz**2 / (count - 1) / fps
    assert found.rate_hz == pytest.approx(rate_hz, abs=tolerance)


def test_a_single_jerk_is_one_contraction_without_a_rate(clock, shapes):
    time_s = clock.even(30, 0.3)
    found = shape(shapes.bump(time_s, 0.15, 0.2), time_s)
    assert found.contractions == 1
    assert found.kind is EpisodeKind.CLONIC
    assert math.isnan(found.rate_hz)


def test_one_held_contraction_is_tonic(clock, shapes):
    time_s = clock.even(30, 2)
    found = shape(shapes.hold(time_s, 0.1, 1.9), time_s)
    assert found.kind is EpisodeKind.TONIC
    assert found.contractions == 1


@pytest.mark.parametrize(
    ("lasts_s", "kind"), [(0.3, EpisodeKind.CLONIC), (0.55, EpisodeKind.TONIC)]
)
def test_a_single_contraction_is_held_sooner_than_a_train(clock, shapes, lasts_s, kind):
    """A jerk of a train lasts 0.4 s at most; what stays up longer alone is held."""
    time_s = clock.even(30, lasts_s + 0.2)
    found = shape(shapes.hold(time_s, 0.1, 0.1 + lasts_s), time_s)
    assert (found.kind, found.contractions) == (kind, 1)


def test_a_ripple_on_a_held_contraction_is_still_one(clock, shapes):
    time_s = clock.even(30, 2)
    ripple = 1 + 0.1 * np.sin(2 * np.pi * 5 * time_s)
    found = shape(shapes.hold(time_s, 0.1, 1.9) * ripple, time_s)
    assert (found.kind, found.contractions) == (EpisodeKind.TONIC, 1)


def test_jerks_and_then_a_hold_are_mixed(clock, shapes):
    time_s = clock.even(30, 3)
    drive = shapes.train(time_s, 0.1, 3, 4.0) + shapes.hold(time_s, 1.2, 2.8)
    found = shape(drive, time_s)
    assert found.kind is EpisodeKind.MIXED
    assert found.contractions == 4


def test_a_contraction_cut_off_by_the_edge_of_the_burst_counts(clock, shapes):
    time_s = clock.even(30, 1)
    found = shape(shapes.bump(time_s, 0.0, 0.2) + shapes.bump(time_s, 0.5, 0.2), time_s)
    assert found.contractions == 2


@pytest.mark.parametrize("n", [1, 2])
def test_bursts_of_a_frame_or_two_have_one_contraction(n):
    found = shape(np.ones(n), np.arange(n) / 30)
    assert (found.kind, found.contractions) == (EpisodeKind.CLONIC, 1)


# --- frame rates, noise, gaps -----------------------------------------------


@pytest.mark.parametrize(
    ("fps", "rate_hz", "width_s"),
    [(12, 2.0, 0.3), (25, 6.0, 0.12), (30, 8.0, 0.09), (60, 9.0, 0.08)],
)
@pytest.mark.parametrize("late", [0.0, 0.3, 0.6])
def test_fast_short_contractions_are_counted_wherever_the_frames_fall(
    clock, shapes, fps, rate_hz, width_s, late
):
    """A third of a period between contractions, a frame of it seen at least."""
    time_s = clock.even(fps, 0.1 + 6 / rate_hz + width_s)
    drive = shapes.train(time_s, 0.05 + late / fps, 6, rate_hz, width_s)
    assert abs(shape(drive, time_s).contractions - 6) <= (1 if fps < 30 else 0)


@pytest.mark.parametrize("fps", [12, 25, 30, 60])
def test_noise_of_a_tenth_of_the_strength_adds_no_contractions(clock, shapes, fps):
    """Twenty noises, smoothed as bursts are: within one in nine of ten at least."""
    time_s = clock.even(fps, 2.6)
    train = shapes.train(time_s, 0.05, 5, 2.0, 0.25)
    right = 0
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(0, 0.1, len(time_s))
        seen = smooth(train + noise, time_s, LIGHT_SD_S)
        found = shape(np.clip(seen, 0, None), time_s)
        right += abs(found.contractions - 5) <= 1
    assert right >= 18


@pytest.mark.parametrize("gap", range(3, 24, 4))
def test_one_lost_frame_does_not_change_the_count_by_more_than_one(clock, shapes, gap):
    time_s = clock.even(30, 1.2)
    keep = np.arange(len(time_s)) != gap
    drive = shapes.train(time_s, 0.05, 5, 4.5, 0.14)
    assert abs(shape(drive[keep], time_s[keep]).contractions - 5) <= 1


@pytest.mark.parametrize("fps", [25, 30, 60])
def test_noise_on_a_held_contraction_does_not_make_it_mixed(clock, shapes, fps):
    time_s = clock.even(fps, 2.2)
    held = shapes.hold(time_s, 0.1, 2.1)
    kinds = []
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(0, 0.1, len(time_s))
        kinds.append(shape(np.clip(held + noise, 0, None), time_s).kind)
    assert kinds.count(EpisodeKind.TONIC) >= 18


def test_contractions_on_top_of_a_hold_are_mixed_and_counted(clock, shapes):
    time_s = clock.even(30, 2.4)
    train = shapes.train(time_s, 0.3, 6, 3.0, 0.15)
    drive = 0.5 * shapes.hold(time_s, 0.1, 2.3) + 0.5 * train
    found = shape(drive, time_s)
    assert found.kind is EpisodeKind.MIXED
    assert abs(found.contractions - 6) <= 1


def test_the_count_does_not_depend_on_how_strong_the_burst_is(clock, shapes):
    time_s = clock.even(30, 1.5)
    train = shapes.train(time_s, 0.1, 4, 3.0)
    counts = {shape(size * train, time_s).contractions for size in (0.02, 0.3, 30)}
    assert counts == {4}
