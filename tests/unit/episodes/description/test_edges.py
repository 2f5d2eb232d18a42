"""Where a burst begins and ends, read from the lid."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.episodes.description.edges import INWARD_S, STRAY_S, sharpened
from twitch_tracker.timebase import Interval


@pytest.mark.parametrize("fps", [12, 25, 30, 60])
@pytest.mark.parametrize("off_s", [-0.06, 0.0, 0.06])
def test_edges_are_right_to_a_frame_wherever_the_detector_put_them(
    clock, shapes, fps, off_s
):
    time_s = clock.even(fps, 4)
    closure = 0.7 * shapes.hold(time_s, 1.017, 2.213)
    found = sharpened(
        Interval(start_s=1.017 + off_s, end_s=2.213 + off_s), time_s, closure
    )
    assert found.start_s == pytest.approx(1.017 + 0.15 * 0.1, abs=0.6 / fps)
    assert found.end_s == pytest.approx(2.213 - 0.15 * 0.1, abs=0.6 / fps)


def test_edges_are_read_between_frames(clock, shapes):
    """At 30 fps, eleven onsets within one frame: told to a fifth of a frame."""
    time_s = clock.even(30, 4)
    missed = []
    for onset_s in np.linspace(1.0, 1.0 + 1 / 30, 11):
        closure = shapes.hold(time_s, onset_s, 2.0)
        found = sharpened(Interval(start_s=1.05, end_s=2.0), time_s, closure)
        missed.append(found.start_s - (onset_s + 0.015))
    assert np.abs(missed).max() < 0.2 / 30


def test_noise_moves_the_edges_by_less_than_a_frame_and_a_half(clock, shapes):
    time_s = clock.even(30, 4)
    missed = []
    for seed in range(20):
        noise = np.random.default_rng(seed).normal(0, 0.05, len(time_s))
        closure = 0.6 * shapes.hold(time_s, 1.0, 2.0) + noise
        missed.append(
            sharpened(Interval(start_s=1.05, end_s=1.9), time_s, closure).start_s
            - 1.015
        )
    assert np.median(np.abs(missed)) < 1.5 / 30


def test_an_edge_never_strays_far(clock, shapes):
    """The lid was closing for half a second before; the burst does not eat that."""
    time_s = clock.even(30, 4)
    closure = shapes.hold(time_s, 1.0, 3.0, rise_s=0.6)
    found = sharpened(Interval(start_s=1.5, end_s=2.5), time_s, closure)
    assert found.start_s >= 1.5 - STRAY_S
    assert found.end_s <= 2.5 + STRAY_S


@pytest.mark.parametrize("backwards", [False, True])
def test_a_lid_that_is_read_as_open_does_not_cut_seconds_off(clock, shapes, backwards):
    """Of a hold of 15 s the lid shows eight: the detector, which sees more, is right."""
    time_s = clock.even(15, 20)
    closure = shapes.hold(time_s, 2.0, 10.0)
    span = Interval(start_s=2.0, end_s=17.0)
    if backwards:
        closure, span = closure[::-1], Interval(start_s=3.0, end_s=18.0)
    found = sharpened(span, time_s, closure)
    assert found.start_s - span.start_s <= INWARD_S
    assert span.end_s - found.end_s <= INWARD_S


def test_a_closing_eye_around_the_burst_does_not_move_its_level(clock, shapes):
    """A squint of a quarter is where this burst starts from and comes back to."""
    time_s = clock.even(30, 4)
    closure = 0.2 + 0.7 * shapes.hold(time_s, 1.0, 2.0)
    found = sharpened(Interval(start_s=1.0, end_s=2.0), time_s, closure)
    assert found.start_s == pytest.approx(1.015, abs=0.02)


@pytest.mark.parametrize("value", [np.nan, 0.0])
def test_without_a_closure_the_detector_is_believed(clock, value):
    time_s = clock.even(30, 4)
    span = Interval(start_s=1.0, end_s=2.0)
    assert sharpened(span, time_s, np.full(len(time_s), value)) == span


def test_a_burst_of_one_frame_is_left_alone():
    span = Interval(start_s=1.0, end_s=1.03)
    assert sharpened(span, np.array([1.0]), np.array([0.5])) == span


def test_a_strong_contraction_does_not_cut_off_a_weak_one_of_the_same_burst(
    clock, shapes
):
    """A held closure, and 0.6 s later small contractions: both are in the burst."""
    time_s = clock.even(30, 7)
    held = 0.9 * shapes.hold(time_s, 2.5, 3.4)
    small = 0.35 * shapes.train(time_s, 4.0, 4, 4.0, width_s=0.12)
    found = sharpened(Interval(start_s=2.45, end_s=5.2), time_s, held + small)
    assert found.start_s == pytest.approx(2.515, abs=0.05)
    assert 4.75 < found.end_s < 5.2
    turned = sharpened(
        Interval(start_s=1.8, end_s=4.55), time_s, (held + small)[::-1].copy()
    )
    assert 7 - found.end_s == pytest.approx(turned.start_s, abs=0.1)
