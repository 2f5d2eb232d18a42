"""Progression keeps its word on simulated patients (docs/progression.md)."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from studies.coverage.stable_and_changing import (
    Check,
    Tally,
    check_changing,
    check_stable,
    draw_plan,
    tallies,
)
from twitch_tracker.cli.app import app


def test_tallies_count_and_bound() -> None:
    checks = [Check(name="a", hit=i > 0, few=i < 4) for i in range(10)]
    every, few = tallies(checks)
    assert (every.name, every.hits, every.checks) == ("a", 9, 10)
    assert (every.low, every.high) == pytest.approx((0.5550, 0.9975), abs=1e-4)
    assert (few.name, few.hits, few.checks) == ("a, fewer than 30 recordings", 3, 4)


def test_patients_differ_in_everything_that_matters() -> None:
    plans = [draw_plan(seed) for seed in range(60)]
    assert min(p.days for p in plans) < 60
    assert max(p.days for p in plans) > 800
    assert any(p.operation_day for p in plans)
    assert any(p.injections and not p.operation_day for p in plans)
    assert any(not p.injections for p in plans)
    assert draw_plan(7) == draw_plan(7)


def test_the_command_counts() -> None:
    done = CliRunner().invoke(app, ["demo-patient", "--coverage", "2"])
    assert done.exit_code == 0, done.output
    assert "slope of the burst rate" in done.output
    assert "stable: any change shown as clear" in done.output


@pytest.fixture(scope="module")
def study() -> dict[str, Tally]:
    """100 patients who change and 120 who do not, always the same ones."""
    checks = [c for seed in range(2000, 2100) for c in check_changing(seed)]
    checks += [c for seed in range(2000, 2120) for c in check_stable(seed)]
    return {tally.name: tally for tally in tallies(checks)}


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["slope of the burst rate", "slope of durations", "effect of an injection"]
)
def test_truth_lies_inside_the_intervals(study: dict[str, Tally], name: str) -> None:
    """95 % cannot be excluded, and it is not because intervals say nothing."""
    tally = study[name]
    assert tally.low <= 0.95 <= tally.high
    assert tally.checks >= 20


@pytest.mark.slow
def test_stable_patients_are_left_in_peace(study: dict[str, Tally]) -> None:
    """At most 5 % get any clear change, at most 20 % of trends are shown as possible."""
    assert study["stable: any change shown as clear"].low <= 0.05
    assert study["stable: any change shown as clear"].share <= 0.05
    assert study["stable: a trend shown as possible or clear"].share <= 0.20
