"""Figures and targets from recordings scored by hand."""

from __future__ import annotations

import math

import pytest

from twitch_tracker.benchmark.detectors import DETECTORS, OURS
from twitch_tracker.benchmark.faces import Tier
from twitch_tracker.benchmark.figures import DetectorFigures
from twitch_tracker.benchmark.plan import VersionKind
from twitch_tracker.benchmark.targets import TARGETS, judge_targets
from twitch_tracker.regions import Region, Side

LEFT = Side.LEFT


@pytest.fixture
def figures(made_up, burst) -> DetectorFigures:
    """Two faces at rest with two bursts each, one of four missed; three minutes
    untouched with one alarm that is excused; one closure, found."""
    lid, whole = (Region.EYELID,), (Region.EYELID, Region.MOUTH_CORNER)
    scored = []
    for face in "ab":
        first = burst(5, 6, LEFT, regions=lid)
        second = burst(9, 9.5, LEFT, regions=whole)
        logged = (first, second) if face == "a" else (second,)
        version = made_up.version(face=face)
        drawn = {5.0: "mild", 9.0: "severe"}
        scored.append(
            made_up.scored(version, (first, second), logged, severities=drawn)
        )
    for face in "abc":
        version = made_up.version(VersionKind.UNTOUCHED, face=face, variant=0)
        alarm = (burst(3, 4, LEFT),) if face == "a" else ()
        scored.append(made_up.scored(version, (), (), alarm, blinks=4))
    closure = (burst(2, 2.3, LEFT),)
    version = made_up.version(VersionKind.REOPENED, variant=0)
    scored.append(made_up.scored(version, closure, closure))
    return DetectorFigures(OURS, scored, draws=200)


def test_f1_counts_found_missed_and_false(figures: DetectorFigures):
    """3 found, 1 missed, none false: 6/7."""
    assert figures.of(figures.spasms, "f1", "rest").value == pytest.approx(6 / 7)
    assert math.isnan(figures.of(figures.spasms, "f1", "talk").value)


def test_no_alarm_at_all_still_has_an_upper_bound(figures: DetectorFigures):
    """None in three minutes: exact Poisson upper bound 3.689/3 a minute."""
    rate = figures.of(figures.untouched, "false_alarms_per_min", "rest")
    assert (rate.value, rate.low) == (0, 0)
    assert rate.high == pytest.approx(3.6889 / 3, rel=1e-3)


def test_excused_alarms_are_in_the_strict_figures(figures: DetectorFigures):
    strict = figures.of(figures.untouched_strict, "false_alarms_per_min", "rest")
    assert strict.value == pytest.approx(1 / 3)


def test_subsets_are_those_drawn(figures: DetectorFigures):
    assert figures.severity("mild", "rest").value == 0.5
    assert figures.severity("severe", "rest").value == 1.0
    assert figures.severity("moderate", "rest").n == 0
    assert (figures.eyelid_only().value, figures.with_lower_face().value) == (0.5, 1.0)


def test_targets_are_met_missed_or_not_measured(figures: DetectorFigures):
    rows = {row.target.key: row for row in judge_targets(figures)}
    assert rows["f1_rest"].met is False
    assert rows["false_alarms_rest"].met is True
    assert rows["false_alarms_rest"].sure is False
    assert rows["f1_talk"].met is None
    assert rows["real_closures"].met is True
    assert rows["blinks"].met is True
    assert rows["duration"].met is True
    assert rows["cost"].met is True


def test_a_rule_that_finds_spans_only_is_not_asked_for_contractions(
    figures: DetectorFigures,
):
    spans_only = next(d for d in DETECTORS if not d.attributes)
    rule = DetectorFigures(spans_only, figures.scored, draws=50)
    rows = {row.target.key: row for row in judge_targets(rule)}
    assert rows["contractions"].met is None
    assert rows["f1_rest"].met is False


def test_the_table_holds_every_target_of_the_project():
    assert len({target.key for target in TARGETS}) == len(TARGETS) == 18
    assert {tier.value for tier in Tier} == {
        target.key.removeprefix("f1_") for target in TARGETS if "f1_" in target.key
    }
    assert {target.key for target in TARGETS if target.must} == {
        *("f1_rest", "false_alarms_rest", "real_closures"),
        *("real_closures_false_alarms", "wrong_side"),
    }
