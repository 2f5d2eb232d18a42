"""Curves of the second injector: in time, in proportion and at no cost of length."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studies.truth.second.kinematics import TAIL_S, draw_curve
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.simulate.plan.events import Spasm

BURST = Spasm(onset_s=2.0, offset_s=5.0, side=Side.LEFT, lag_s=0.01)


def curve_of(spasm: Spasm, seed: int = 1):
    return draw_curve(spasm, np.random.default_rng(seed))


@pytest.mark.parametrize("kind", EpisodeKind)
@pytest.mark.parametrize("length_s", [0.3, 1.0, 12.0, 180.0])
@pytest.mark.parametrize("seed", range(3))
def test_a_burst_peaks_at_one_and_stays_within_its_span(kind, length_s, seed):
    burst = replace(BURST, kind=kind, offset_s=2.0 + length_s)
    curve = curve_of(burst, seed)
    size = curve.course(Region.EYELID)
    assert size.max() == pytest.approx(1.0)
    assert size.min() >= 0.0
    assert size[0] == pytest.approx(0.0, abs=0.02)
    strong = curve.times_s[size > 0.15]
    assert burst.onset_s <= strong[0] < burst.onset_s + 0.3
    assert strong[-1] < burst.offset_s + 0.15
    assert curve.at(burst.onset_s - 0.001, Region.EYELID) == 0.0
    assert curve.at(burst.offset_s + TAIL_S + 0.02, Region.EYELID) == 0.0


@pytest.mark.parametrize("seed", range(8))
def test_a_held_burst_holds(seed):
    burst = replace(BURST, kind=EpisodeKind.TONIC, offset_s=22.0)
    size = curve_of(burst, seed).course(Region.EYELID)
    middle = size[round(1.0 / 0.002) : round(18.0 / 0.002)]
    assert middle.min() > 0.25


def test_jerks_come_at_the_commanded_rate():
    burst = replace(BURST, kind=EpisodeKind.CLONIC, offset_s=42.0, rate_hz=2.0)
    counts = [len(curve_of(burst, seed).peaks_s) for seed in range(6)]
    assert 60 < np.mean(counts) < 110
    assert np.std(np.diff(curve_of(burst).peaks_s)) > 0.05


def test_the_other_regions_follow_the_first():
    curve = curve_of(replace(BURST, kind=EpisodeKind.TONIC))
    lid, mouth = (
        curve.times_s[np.argmax(curve.course(region) > 0.05)]
        for region in (Region.EYELID, Region.MOUTH_CORNER)
    )
    assert 0.0 <= mouth - lid < 0.05
    assert curve.at(3.0, Region.BROW) == 0.0


def test_the_same_seed_gives_the_same_curve():
    assert np.array_equal(curve_of(BURST).drive, curve_of(BURST).drive)
    assert not np.array_equal(curve_of(BURST).drive, curve_of(BURST, 2).drive)


@pytest.mark.parametrize("kind", EpisodeKind)
def test_reading_a_time_is_reading_the_course(kind):
    curve = curve_of(replace(BURST, kind=kind))
    course = curve.course(Region.CHEEK)
    for place in (40, 400, 1200):
        shown = curve.at(float(curve.times_s[place]), Region.CHEEK)
        assert shown == pytest.approx(course[place], abs=1e-6)
