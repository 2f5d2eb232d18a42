"""Plans of films: the same by seed, one side, one burst after another."""

from __future__ import annotations

from itertools import pairwise

import pytest

from studies.truth.third.draw import LONG_S, draw_closures, draw_plan
from studies.truth.third.plan import AMOUNTS, Severity
from twitch_tracker.errors import BadParameter
from twitch_tracker.regions import Region, Side

PLANS = [
    draw_plan(seed=seed, name=name, seconds=32, long=long)
    for seed in range(4)
    for name in ("somebody", "another", "third")
    for long in (False, True)
]


def test_the_same_seed_gives_the_same_plan():
    one, same, other = (draw_plan(seed=s, name="a", seconds=32) for s in (1, 1, 3))
    assert one == same
    assert one != other
    assert one != draw_plan(seed=1, name="b", seconds=32)


@pytest.mark.parametrize("plan", PLANS)
def test_bursts_follow_each_other_within_the_film(plan):
    assert plan.bursts
    for one, following in pairwise(plan.bursts):
        assert following.onset_s - (one.onset_s + one.duration_s) > 1.0
    last = plan.bursts[-1]
    assert plan.bursts[0].onset_s > 1.5
    assert last.onset_s + last.duration_s <= plan.seconds - 1.0 + 1e-9


@pytest.mark.parametrize("plan", PLANS)
def test_all_bursts_are_on_one_side_and_move_something(plan):
    assert {burst.side for burst in plan.bursts} == {plan.side}
    for burst in plan.bursts:
        assert burst.regions
        assert (Region.EYELID in burst.regions) == (burst.lids > 0)
        assert (Region.MOUTH_CORNER in burst.regions) == (burst.corner_mm > 0)
        assert (Region.CHEEK in burst.regions) == (burst.cheek_mm > 0)
        assert (Region.BROW in burst.regions) == (burst.brow_mm != 0)


def test_seeds_show_both_sides_and_all_there_is():
    assert {plan.side for plan in PLANS} == set(Side)
    bursts = [burst for plan in PLANS for burst in plan.bursts]
    assert {burst.severity for burst in bursts} == set(Severity)
    assert {burst.platysma for burst in bursts} == {True, False}
    assert any(Region.EYELID not in burst.regions for burst in bursts)


def test_a_severe_burst_closes_the_eye_and_a_mild_one_narrows_it():
    for plan in PLANS:
        for burst in plan.bursts:
            least, most = AMOUNTS[burst.severity].lids
            assert burst.lids == 0 or least <= burst.lids <= most
    assert AMOUNTS[Severity.MILD].lids[1] < 0.5 < AMOUNTS[Severity.SEVERE].lids[0]


def test_long_films_hold_a_burst_of_twelve_seconds_or_more():
    long = [plan for plan in PLANS if plan.seconds >= LONG_S]
    assert len(long) == len(PLANS) / 2
    for plan in long:
        assert max(burst.duration_s for burst in plan.bursts) >= 12


def test_both_eyes_close_alike():
    plan = draw_closures(seed=2, name="somebody", seconds=24)
    assert not plan.bursts
    assert plan.closures
    for closure in plan.closures:
        assert min(closure.lids.values()) > 0.95
        assert max(map(abs, closure.late_s.values())) < 0.02


def test_a_seed_below_nought_is_refused():
    with pytest.raises(BadParameter):
        draw_plan(seed=-1, name="somebody", seconds=32)
