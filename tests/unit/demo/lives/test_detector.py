"""What a fallible detector logs: cut, missed, invented, joined, interrupted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from twitch_tracker.demo.lives.curves import steady, stepping
from twitch_tracker.demo.lives.detector import SideBursts, Visibility, log_bursts
from twitch_tracker.demo.lives.person import Detector

Array = NDArray[np.float64]
PERFECT = Detector(
    found=steady(1.0),
    half_found_s=0.0,
    region_found=steady(1.0),
    false_per_min=steady(0.0),
    false_region=0.0,
    split_per_min=0.0,
    join_s=0.3,
    edge_sd_s=0.0,
)
WHOLE = np.array([[0.0, 60.0]])


def bursts(*spans: tuple[float, float], mouth: bool = True) -> SideBursts:
    n = len(spans)
    part = np.tile([True, mouth, False, False], (n, 1))
    return SideBursts(
        spans_s=np.array(spans, float).reshape(n, 2),
        excursion_mm=np.full(n, 2.0),
        part=part,
        cut=np.zeros((n, 2), bool),
    )


def log(
    true: SideBursts, stretches: Array = WHOLE, *, seed: int = 1, **changed: object
) -> SideBursts:
    detector = replace(PERFECT, **changed)  # type: ignore[arg-type]
    visibility = Visibility(
        detector=detector, day=0.0, false_per_min=detector.false_per_min.on(0)
    )
    return log_bursts(np.random.default_rng(seed), true, stretches, visibility)


def test_a_perfect_detector_logs_what_is_there() -> None:
    true = bursts((3, 4), (10, 25), (40, 40.5))
    logged = log(true)
    assert logged.spans_s == pytest.approx(true.spans_s)
    assert (logged.part == true.part).all()
    assert not logged.cut.any()


def test_bursts_are_cut_at_the_ends_of_the_recording() -> None:
    logged = log(bursts((-50, -20), (-5, 2), (58, 70), (80, 90)))
    assert logged.spans_s.tolist() == [[0, 2], [58, 60]]
    assert logged.cut.tolist() == [[True, False], [False, True]]


def test_a_burst_over_all_of_it_is_cut_twice() -> None:
    logged = log(bursts((-5, 200)))
    assert logged.spans_s.tolist() == [[0, 60]]
    assert logged.cut.tolist() == [[True, True]]


def test_what_was_not_measured_cuts_a_burst_in_two() -> None:
    logged = log(bursts((10, 30)), np.array([[0.0, 15.0], [22.0, 60.0]]))
    assert logged.spans_s.tolist() == [[10, 15], [22, 30]]
    assert logged.cut.tolist() == [[False, True], [True, False]]


def test_near_bursts_are_joined() -> None:
    assert log(bursts((3, 4), (4.2, 6), (7, 8))).spans_s.tolist() == [[3, 6], [7, 8]]


def test_misses_are_as_many_as_told_and_short_bursts_more() -> None:
    spans = [(2.0 * i, 2.0 * i + 0.2) for i in range(3000)]
    long = [(2.0 * i, 2.0 * i + 1.6) for i in range(3000)]
    hour = np.array([[0.0, 6000.0]])
    assert len(log(bursts(*long), hour, found=steady(0.6))) / 3000 == pytest.approx(
        0.6, abs=0.03
    )
    seen = log(bursts(*spans), hour, found=steady(0.6), half_found_s=0.2)
    assert len(seen) / 3000 == pytest.approx(0.3, abs=0.03)


def test_false_alarms_come_without_a_burst() -> None:
    seen = log(bursts(), np.array([[0.0, 60_000.0]]), false_per_min=steady(0.5))
    assert len(seen) == pytest.approx(500, rel=0.15)
    assert seen.part[:, 0].all()
    assert not seen.part[:, 1:].any()


def test_regions_are_overlooked_and_blamed() -> None:
    many = [(2.0 * i, 2.0 * i + 1) for i in range(2000)]
    hour = np.array([[0.0, 4000.0]])
    seen = log(bursts(*many), hour, region_found=steady(0.7), false_region=0.1)
    assert seen.part[:, 1].mean() == pytest.approx(0.7, abs=0.04)
    assert seen.part[:, 2].mean() == pytest.approx(0.1, abs=0.03)
    assert seen.part[:, 0].all()


def test_long_bursts_are_interrupted_and_keep_their_ends() -> None:
    true = bursts((-10, 4000))
    seen = log(true, np.array([[0.0, 3600.0]]), split_per_min=1.0)
    assert len(seen) == pytest.approx(60, rel=0.4)
    assert seen.spans_s[0, 0] == 0
    assert seen.spans_s[-1, 1] == 3600
    assert seen.cut.sum() == 2
    assert seen.cut[0, 0]
    assert seen.cut[-1, 1]
    assert (seen.spans_s[1:, 0] - seen.spans_s[:-1, 1] >= 0.3 - 1e-9).all()


def test_seen_edges_move_and_cut_ones_stay() -> None:
    many = [(4.0 * i, 4.0 * i + 2) for i in range(1, 500)]
    seen = log(bursts((-3, 2), *many), np.array([[0.0, 2000.0]]), edge_sd_s=0.05)
    moved = seen.spans_s[1:] - np.array(many)
    assert moved.std() == pytest.approx(0.05, rel=0.15)
    assert seen.spans_s[0, 0] == 0


def test_devices_and_curves_change_on_their_day() -> None:
    detector = Detector(devices=((0.0, "old"), (180.0, "new")))
    assert [detector.device_on(day) for day in (0, 179, 180)] == ["old", "old", "new"]
    assert stepping(0.1, 1.5, 180).at(np.array([0, 179, 180, 400])) == pytest.approx(
        [0.1, 0.1, 1.5, 1.5]
    )
