"""Random plans: what is drawn stays within what was promised."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from twitch_tracker.errors import BadParameter
from twitch_tracker.records import EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.simulate.plan.draw import (
    CLOSURE,
    CONTRACTION_S,
    EXCURSION_MM,
    LAG_S,
    LENGTH_S,
    RATE_HZ,
    SEVERITIES,
    draw_scenario,
    severity_of,
)
from twitch_tracker.simulate.plan.events import BilateralBlink, Spasm
from twitch_tracker.simulate.plan.scenario import Scenario
from twitch_tracker.simulate.truth import truth as truth_of
from twitch_tracker.simulate.truth import truth_csv

PLANS = [draw_scenario(duration_s=20, seed=seed, side="left") for seed in range(150)]
BURSTS = [e for plan in PLANS for e in plan.events if isinstance(e, Spasm)]


def within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] - 1e-3 <= value <= bounds[1] + 1e-3


def test_the_same_seed_gives_the_same_plan_and_another_does_not():
    again = draw_scenario(duration_s=20, seed=7, side=Side.LEFT)
    assert again == PLANS[7]
    assert truth_csv(truth_of(again)) == truth_csv(truth_of(PLANS[7]))
    assert again.events != PLANS[8].events


def test_another_side_changes_nothing_but_the_side():
    right = draw_scenario(duration_s=20, seed=7, side="right")
    assert [replace(e, side=Side.LEFT) for e in right.events] == list(PLANS[7].events)


def test_every_burst_is_within_its_ranges():
    for burst in BURSTS:
        assert burst.side is Side.LEFT
        assert within(burst.offset_s - burst.onset_s, LENGTH_S[burst.kind])
        assert within(burst.rate_hz, RATE_HZ)
        assert within(burst.contraction_s, CONTRACTION_S)
        assert within(burst.lag_s, LAG_S)
        assert burst.lead_region is Region.EYELID
        fits = [
            s
            for s in SEVERITIES
            if within(burst.closure, CLOSURE[s])
            and within(burst.excursion_mm, EXCURSION_MM[s])
        ]
        assert fits, f"closure and excursion of one severity: {burst}"


def test_kinds_severities_and_regions_come_in_their_shares():
    """About 620 bursts: five standard errors are 0.1."""
    count = len(BURSTS)
    kinds = Counter(b.kind for b in BURSTS)
    shares = {EpisodeKind.CLONIC: 0.55, EpisodeKind.TONIC: 0.25, EpisodeKind.MIXED: 0.2}
    for kind, share in shares.items():
        assert kinds[kind] / count == pytest.approx(share, abs=0.1)
    severities = Counter(severity_of(b) for b in BURSTS)
    for severity, share in zip(SEVERITIES, (0.3, 0.4, 0.3), strict=True):
        assert severities[severity] / count == pytest.approx(share, abs=0.1)
    sizes = Counter(len(b.regions) for b in BURSTS)
    for size, share in ((1, 0.25), (3, 0.6), (4, 0.15)):
        assert sizes[size] / count == pytest.approx(share, abs=0.1)


def test_bursts_keep_their_distance_from_each_other_and_from_the_ends():
    for plan in PLANS:
        events = plan.events
        assert 1.0 <= events[0].onset_s <= 2.5
        assert events[-1].offset_s <= 20 - 0.4 + 1e-6
        for one, other in pairwise(events):
            assert 1.5 - 1e-3 <= other.onset_s - one.offset_s <= 5 + 1e-3


def test_gentle_plans_hold_mild_bursts_only():
    plan = draw_scenario(duration_s=120, seed=1, side="right", gentle=True)
    assert {severity_of(event) for event in plan.events} == {"mild"}


@pytest.mark.parametrize(
    ("change", "severity"),
    [
        ({"excursion_mm": 1.9}, "mild"),
        ({"excursion_mm": 2.1}, "moderate"),
        ({"excursion_mm": 4.1}, "severe"),
        ({"regions": ("eyelid",), "closure": 0.3}, "mild"),
        ({"regions": ("eyelid",), "closure": 0.6}, "moderate"),
        ({"regions": ("eyelid",), "closure": 0.9}, "severe"),
    ],
)
def test_severity_goes_by_the_mouth_corner_or_else_by_the_lid(change, severity):
    assert severity_of(replace(BURSTS[0], **({"regions": tuple(Region)} | change))) == (
        severity
    )


def test_other_events_come_after_the_bursts_and_leave_them_alone():
    blink = BilateralBlink(onset_s=0.5)
    plan = draw_scenario(duration_s=20, seed=7, side="left", others=(blink,))
    assert plan.events == (*PLANS[7].events, blink)


def test_a_recording_too_short_for_a_burst_has_none():
    assert draw_scenario(duration_s=1.2, seed=0, side="left").events == ()


def test_a_drawn_plan_survives_its_file():
    assert Scenario.from_json(PLANS[3].to_json()) == PLANS[3]


@pytest.mark.parametrize(
    "wrong", [{"seed": -1}, {"seed": 0.5}, {"side": "top"}, {"duration_s": 0}]
)
def test_nonsense_is_refused_by_name(wrong: dict):
    values = {"duration_s": 20.0, "seed": 0, "side": "left"} | wrong
    (name,) = wrong
    with pytest.raises(BadParameter, match=f"^{name}: expected"):
        draw_scenario(**values)
