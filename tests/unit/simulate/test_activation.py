from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.errors import BadParameter
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import SIDES, Region, Side
from twitch_tracker.simulate.activation import activate, event_generator
from twitch_tracker.simulate.plan.events import (
    BilateralBlink,
    HeadTurn,
    Smile,
    Spasm,
    SpeechLike,
)
from twitch_tracker.simulate.plan.kinematics import blink_curve, plan_burst, pulse
from twitch_tracker.simulate.plan.scenario import Scenario

LEFT, RIGHT = (SIDES.index(side) for side in (Side.LEFT, Side.RIGHT))
FINE = np.arange(0, 10, 0.001)
TRAIN = Spasm(onset_s=2, offset_s=5, side=Side.RIGHT, rate_hz=4, lag_s=0.008)


def plan(*events, seed: int = 1) -> Scenario:
    return Scenario(duration_s=10, seed=seed, events=events)


def test_a_contraction_rises_faster_than_it_falls():
    curve = pulse(FINE, 1.0, 0.1)
    peak = FINE[curve.argmax()]
    assert peak == pytest.approx(1.04, abs=0.002)
    assert curve.max() == pytest.approx(1.0)
    assert not curve[(FINE < 1.0) | (FINE > 1.1)].any()


@pytest.mark.parametrize("rate_hz", [1, 2, 5, 10])
def test_a_clonic_train_fills_its_span_at_its_rate(rate_hz: float):
    spasm = replace(TRAIN, rate_hz=rate_hz, contraction_s=0.06)
    burst = plan_burst(spasm, np.random.default_rng(3))
    ends = burst.starts_s + burst.lengths_s
    assert burst.starts_s[0] == pytest.approx(2.0)
    assert ends[-1] == pytest.approx(5.0)
    assert (burst.starts_s[1:] > ends[:-1]).all(), "contractions never overlap"
    assert len(ends) == pytest.approx(1 + 3 * rate_hz, abs=1)
    assert ((burst.lengths_s >= 0.045) & (burst.lengths_s <= 0.075)).all()


def test_contractions_are_irregular():
    burst = plan_burst(replace(TRAIN, rate_hz=5), np.random.default_rng(3))
    intervals = np.diff(burst.starts_s)
    assert 0.1 < intervals.std() / intervals.mean() < 0.8


def test_a_tonic_spasm_holds_with_a_ripple():
    spasm = replace(TRAIN, kind=EpisodeKind.TONIC, closure=1.0, lag_s=0)
    closure = activate(plan(spasm), FINE).closure[:, RIGHT]
    held = closure[(FINE > 2.3) & (FINE < 4.7)]
    assert held.min() > 0.85
    assert 0.01 < held.std() < 0.05


def test_a_mixed_spasm_never_lets_go_between_contractions():
    spasm = replace(TRAIN, kind=EpisodeKind.MIXED, closure=1.0)
    closure = activate(plan(spasm), FINE).closure[:, RIGHT]
    held = closure[(FINE > 2.3) & (FINE < 4.7)]
    assert held.min() > 0.4
    assert held.max() > 0.85


def test_a_spasm_moves_its_own_side_only():
    moves = activate(plan(TRAIN), FINE)
    for values in (moves.closure, moves.mouth_corner_mm, moves.cheek_mm):
        assert values[:, RIGHT].max() > 0
        assert not values[:, LEFT].any()
    assert not moves.brow_mm.any(), "the brow was not asked for"


def test_the_peaks_are_those_commanded():
    moves = activate(plan(replace(TRAIN, closure=0.7, excursion_mm=5)), FINE)
    assert moves.closure.max() == pytest.approx(0.7, abs=0.001)
    assert moves.mouth_corner_mm.max() == pytest.approx(5, abs=0.001)


def test_eye_and_mouth_move_within_ten_milliseconds():
    moves = activate(plan(TRAIN), FINE)
    lid, mouth = moves.closure[:, RIGHT], moves.mouth_corner_mm[:, RIGHT]
    late = np.correlate(mouth, lid, "full").argmax() - (len(FINE) - 1)
    assert late == 8


def test_the_mouth_leads_when_it_is_named_first():
    regions = (Region.MOUTH_CORNER, Region.EYELID)
    moves = activate(plan(replace(TRAIN, regions=regions)), FINE)
    lid, mouth = moves.closure[:, RIGHT], moves.mouth_corner_mm[:, RIGHT]
    assert np.flatnonzero(mouth)[0] < np.flatnonzero(lid)[0]


def test_a_blink_closes_in_75_ms_and_reopens_slower():
    curve = blink_curve(FINE, BilateralBlink(onset_s=1, duration_s=0.3))
    shut = FINE[curve > 0.999]
    assert curve.max() == pytest.approx(1.0)
    assert 0.06 < shut[0] - 1 < 0.08
    assert 1.3 - shut[-1] > 0.15
    assert not curve[(FINE < 1) | (FINE > 1.3)].any()


def test_a_blink_closes_both_eyes_nearly_alike():
    blink = BilateralBlink(onset_s=1, depth=0.8, inequality=0.1)
    closure = activate(plan(blink), FINE).closure.max(axis=0)
    assert closure[LEFT] == pytest.approx(0.8, abs=0.01)
    left, right = closure[LEFT], closure[RIGHT]
    assert (left - right) / (left + right) == pytest.approx(0.1, abs=0.01)


def test_a_smile_lifts_both_corners_and_narrows_the_eyes_a_little():
    moves = activate(plan(Smile(onset_s=1, offset_s=4, amount_mm=4)), FINE)
    assert moves.mouth_corner_mm.max(axis=0) == pytest.approx([4, 4])
    assert (moves.closure.max(axis=0) < 0.25).all()


def test_speech_and_turns_do_not_touch_the_eyes():
    events = (
        SpeechLike(onset_s=1, offset_s=4),
        HeadTurn(onset_s=5, offset_s=7, yaw_deg=6),
    )
    moves = activate(plan(*events), FINE)
    assert not moves.closure.any()
    assert moves.jaw_mm.max() > 1
    assert moves.turn_deg.max(axis=0) == pytest.approx([6, 0])


def test_the_same_seed_gives_the_same_curves_and_another_does_not():
    first, again = (activate(plan(TRAIN, seed=9), FINE).closure for _ in range(2))
    other = activate(plan(TRAIN, seed=10), FINE).closure
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_values_depend_on_the_time_and_not_on_the_other_times():
    irregular = np.sort(np.random.default_rng(0).uniform(0, 10, 200))
    whole = activate(plan(TRAIN), irregular).closure
    single = [
        activate(plan(TRAIN), irregular[i : i + 1]).closure[0] for i in range(200)
    ]
    assert np.array_equal(whole, np.array(single))


def test_adding_an_event_leaves_the_others_alone():
    alone = activate(plan(TRAIN), FINE).mouth_corner_mm
    more = activate(plan(TRAIN, BilateralBlink(onset_s=8)), FINE).mouth_corner_mm
    assert np.array_equal(alone, more)
    assert event_generator(plan(TRAIN), 0).random() == (
        event_generator(plan(TRAIN, TRAIN), 0).random()
    )


def test_nonsense_times_are_refused():
    with pytest.raises(BadParameter, match="time_s"):
        activate(plan(TRAIN), np.array([[0.0]]))
    with pytest.raises(BadParameter, match="time_s"):
        activate(plan(TRAIN), np.array([np.nan]))
