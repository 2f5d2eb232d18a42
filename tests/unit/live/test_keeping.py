"""Seconds and advice while recording."""

from __future__ import annotations

import math

import numpy as np
import pytest

from twitch_tracker.live.keeping import QualityKeeper, TimeKeeper
from twitch_tracker.motion.timing import frame_durations
from twitch_tracker.records import FaceObservation, Quality, QualityReason

DARK, SMALL = QualityReason.TOO_DARK, QualityReason.TOO_SMALL


def seen(time_s: float, *reasons: QualityReason, yaw: float = 0.0) -> FaceObservation:
    return FaceObservation(
        time_s=time_s,
        landmarks_px=None,
        pose_deg=(yaw, 0.0, 0.0),
        interocular_px=100.0,
        iris_px=13.0,
        quality=Quality(reasons=reasons),
    )


def test_recorded_seconds_are_those_of_the_log_with_gaps_left_out():
    times = np.concatenate([np.arange(0, 3, 1 / 30), np.arange(5, 8, 1 / 30)])
    keeper = TimeKeeper()
    for time_s in times:
        keeper.add(seen(float(time_s)))
    assert keeper.recorded_s == pytest.approx(frame_durations(times).sum(), abs=0.04)
    assert keeper.analysable_s == pytest.approx(keeper.recorded_s)


def test_only_measurable_frames_are_analysable_time():
    keeper = TimeKeeper()
    for n in range(300):
        keeper.add(seen(n / 30, *([DARK] if n % 3 == 0 else [])))
    assert keeper.analysable_s == pytest.approx(10 * 2 / 3, abs=0.05)


def test_a_fast_turn_takes_back_the_moment_before_it():
    """As in the analysis, the whole quarter of a second is not judged."""
    keeper = TimeKeeper()
    reasons = [keeper.add(seen(n / 30, yaw=20.0 * (n >= 30))) for n in range(60)]
    turned = [n for n, why in enumerate(reasons) if QualityReason.FAST_TURN in why]
    assert turned == list(range(30, 37)) or turned == list(range(30, 38))
    lost_s = keeper.recorded_s - keeper.analysable_s
    assert lost_s == pytest.approx(0.5, abs=0.05)


def test_the_moment_after_a_cut_is_not_measured():
    keeper = TimeKeeper()
    for n in range(60):
        if n == 30:
            keeper.cut(1.0)
        keeper.add(seen(n / 30))
    assert keeper.recorded_s - keeper.analysable_s == pytest.approx(0.5, abs=0.04)


def told_at(*spans: tuple[float, float, tuple[QualityReason, ...]]):
    """Advice over time when these reasons hold in these spans."""
    keeper, changes = QualityKeeper(), []
    for time_s in np.arange(0, 10, 1 / 30):
        holds = [why for start, end, why in spans if start <= time_s < end]
        if keeper.add(float(time_s), holds[0] if holds else ()):
            changes.append((float(time_s), keeper.advice))
    return changes


def test_a_moment_is_no_news():
    assert told_at((2, 2.5, (DARK,)), (4, 4.5, (DARK,))) == []


def test_what_lasts_is_told_and_taken_back():
    (begin, why), (end, nothing) = told_at((2, 6, (DARK,)))
    assert (why, nothing) == (DARK, None)
    assert begin == pytest.approx(2.7, abs=0.05)
    assert end == pytest.approx(7.0, abs=0.05)


def test_what_is_told_stays_while_it_holds_whatever_else_is_wrong():
    changes = told_at((1, 3, (DARK,)), (3, 6, (SMALL, DARK)), (6, 9, (SMALL,)))
    assert [why for _, why in changes] == [DARK, SMALL]
    assert math.isclose(changes[1][0], 6.7, abs_tol=0.05)
