"""Shapes of contraction: within their span, between nothing and all."""

from __future__ import annotations

import numpy as np
import pytest

from studies.truth.third.kinetics import Pulse, Shape, contract, pulse

TIMES = np.arange(0, 12, 0.01)


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("duration_s", [0.6, 2.0, 7.0])
def test_a_burst_stays_within_its_span(shape: Shape, duration_s: float):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        course = contract(shape, TIMES, 2.0, duration_s, rng)
        assert course.strength.min() >= 0
        assert 0.3 < course.strength.max() <= 1
        end_s = 2.0 + duration_s + 0.25
        outside = (TIMES < 2.0) | (end_s < TIMES)
        assert course.strength[outside].max() == 0


def test_a_train_jerks_several_times_a_second():
    rng = np.random.default_rng(3)
    course = contract(Shape.TRAIN, TIMES, 1.0, 6.0, rng)
    assert 2.5 < course.contractions / 6.0 < 9
    assert 3 <= course.rate_hz <= 8


def test_a_held_burst_hardly_gives_way_in_its_middle():
    rng = np.random.default_rng(3)
    course = contract(Shape.HELD, TIMES, 1.0, 8.0, rng)
    middle = course.strength[(TIMES > 2.5) & (TIMES < 7)]
    assert middle.min() > 0.6
    assert course.contractions == 1


def test_a_pulse_rises_stays_and_falls():
    shown = pulse(np.array([0.9, 1.05, 1.1, 1.3, 1.5, 1.6]), Pulse(1, 0.1, 0.3, 0.2))
    assert shown == pytest.approx([0, 0.5, 1, 1, 0.5, 0], abs=1e-9)
