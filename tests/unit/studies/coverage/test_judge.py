"""Firm sentences are judged by what is true of the person, not by what was logged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_lives import NOTHING, drawn, on, progression, series

from studies.coverage.judge import (
    true_effect,
    true_value,
    verdicts,
)
from twitch_tracker.history import TaskKind
from twitch_tracker.progression.results import (
    Association,
    Cycle,
    Estimate,
    InjectionCourse,
    Measure,
    RegionReached,
    Scale,
    Step,
    Sureness,
)
from twitch_tracker.progression.results.readings import Reading, Remark, TimeBeside
from twitch_tracker.regions import Region, Side


def told(name: str, *readings: Reading) -> list[bool]:
    found = replace(progression(name), readings=readings)
    return [verdict.is_true for verdict in verdicts(drawn(name), found)]


RATE, TIME = Measure.EPISODES_PER_MIN, Measure.SPASM_FRACTION


def test_any_clear_change_of_a_stable_person_is_not_so() -> None:
    for measure in Measure:
        assert told("stable", series("stable", measure, 2.0)) == [False]
        assert told("stable", series("stable", measure, 0.5)) == [False]


def test_what_is_not_firm_is_not_judged() -> None:
    possible = series("stable", RATE, 2.0, sureness=Sureness.POSSIBLE)
    assert told("stable", possible, Remark.NOTHING_CLEAR) == []


def test_late_disease_is_judged_by_burst_free_time() -> None:
    """Fewer bursts a minute, but only because long ones leave no room."""
    assert told("late", series("late", RATE, 0.5)) == [False]
    assert told("late", series("late", RATE, 2.0)) == [True]
    assert told("late", series("late", TIME, 8.0)) == [True]
    difference = series("late", TIME, 0.7, scale=Scale.DIFFERENCE)
    assert told("late", difference) == [True]
    assert told("late", series("late", Measure.MEDIAN_PAUSE_S, 0.4)) == [True]
    assert told("late", series("late", Measure.MEDIAN_PAUSE_S, 2.0)) == [False]


def test_the_other_side_and_the_face_never_change() -> None:
    other = series("late", TIME, 3.0, side=Side.RIGHT)
    blinks = series("late", Measure.BLINKS_PER_MIN, 2.0, side=None)
    assert told("late", other, blinks) == [False, False]


def test_the_effect_of_an_injection_that_does_nothing_is_not_so() -> None:
    def course(
        name: str, ratio: float, sureness: Sureness = Sureness.CLEAR
    ) -> InjectionCourse:
        treatment = drawn(name).history.treatments[1]
        narrow = Estimate(value=ratio, low=0.95 * ratio, high=1.05 * ratio)
        return InjectionCourse(
            treatment=treatment,
            side=Side.LEFT,
            kind=TaskKind.REST,
            before=NOTHING,
            peak=NOTHING,
            peak_over_before=narrow,
            peak_over_last_peak=None,
            wear_off_day=None,
            sureness=sureness,
        )

    assert told("whole_page", course("whole_page", 0.5)) == [False]
    assert told("waning", course("waning", 0.5), course("waning", 2.0)) == [True, False]
    assert told("waning", course("waning", 0.5, Sureness.POSSIBLE)) == []


def test_all_injections_together_act_or_do_not() -> None:
    def cycle(side: Side, *, is_clear: bool = True) -> Cycle:
        return Cycle(
            side=side,
            kind=TaskKind.REST,
            injections=3,
            is_clear=is_clear,
            half_way_day=NOTHING,
        )

    assert told("whole_page", cycle(Side.LEFT)) == [False]
    assert told("waning", cycle(Side.LEFT), cycle(Side.RIGHT)) == [True, False]
    assert told("waning", cycle(Side.LEFT, is_clear=False)) == []


def test_the_effect_is_that_of_the_days() -> None:
    """The first injection takes a rate to a fifth, the last one to less and less."""
    person = drawn("waning")
    effects = [true_effect(person, day) for day in person.life.injections.days]
    assert effects[0] == pytest.approx(0.2, abs=0.02)
    assert effects[-1] > 1.5 * effects[0]


@pytest.mark.parametrize(
    ("factor", "ratio", "so"),
    [("stress", 1.2, True), ("stress", 0.8, False), ("fatigue", 1.2, False)],
)
def test_only_stress_drives_bursts(factor: str, ratio: float, so: bool) -> None:
    association = Association(
        factor=factor,
        side=Side.LEFT,
        kind=TaskKind.REST,
        days=50,
        rate_ratio=Estimate(value=ratio, low=ratio, high=ratio),
        p_value=0.0,
        sureness=Sureness.CLEAR,
    )
    assert told("stress", association) == [so]
    if factor == "stress":
        assert told("stable", association) == [False]


def test_regions_take_part_on_their_side_and_from_their_day() -> None:
    def reached(name: str, day: int, side: Side = Side.LEFT) -> RegionReached:
        return RegionReached(
            region=Region.MOUTH_CORNER,
            side=side,
            kind=TaskKind.REST,
            first_on=on(name, day),
            latest_share=NOTHING,
        )

    assert told("eyelid_only", reached("eyelid_only", 14)) == [False]
    assert told("spreading", reached("spreading", 14), reached("spreading", 200)) == [
        False,
        True,
    ]
    assert told("stable", reached("stable", 14, Side.RIGHT)) == [False]


def test_true_values_leave_injections_out() -> None:
    person = drawn("waning")
    values = [true_value(person, RATE, day) for day in (0, 100, 700)]
    assert values == pytest.approx([values[0]] * 3)


def test_a_step_is_judged_by_its_own_change() -> None:
    made = series("sudden_end", RATE, 1.2)
    assert made.trend is not None
    step = Step(
        day=on("sudden_end", 95),
        earliest=on("sudden_end", 80),
        latest=on("sudden_end", 99),
        before=1.7,
        after=0.1,
        change=Estimate(value=0.06, low=0.03, high=0.1),
    )
    stepped = replace(made, trend=replace(made.trend, step=step))
    assert told("sudden_end", made, stepped) == [False, True]


def test_time_set_beside_a_change_claims_nothing() -> None:
    beside = TimeBeside(series=series("late", TIME, 1.1))
    assert told("stable", beside) == [True]
