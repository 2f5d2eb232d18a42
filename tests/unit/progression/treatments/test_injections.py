"""Injections, on courses whose truth is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from treated_courses import FIRST, course, injected, operated, quarter_in_effect

from twitch_tracker.history import (
    Basis,
    TaskKind,
    Treatment,
)
from twitch_tracker.progression.change.trends import raw_trend
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.recordings.columns import columns_of
from twitch_tracker.progression.recordings.phases import (
    Acting,
    before_window,
    relief_columns,
)
from twitch_tracker.progression.results import (
    InjectionCourse,
    Measure,
    Sureness,
)
from twitch_tracker.progression.standing import judged_columns
from twitch_tracker.progression.treatments.cycles import cycles_of
from twitch_tracker.regions import Side

Make = Callable[..., Any]


def test_an_injection_is_followed(history: Make, recording: Make) -> None:
    rows = course(recording, range(0, 230, 2), quarter_in_effect)
    found = progress_of(history(*rows, treatments=(injected(60),)))
    (injection,) = found.injections
    assert injection.side is Side.LEFT
    ratio = injection.peak_over_before
    assert ratio.low < 0.25 < ratio.high < 1
    assert injection.before.low < 4 < injection.before.high
    assert injection.peak.low < 1 < injection.peak.high
    assert injection.wear_off_day is not None
    assert injection.wear_off_day.low < 95 < injection.wear_off_day.high
    assert injection.peak_over_last_peak is None


def cycled(depth: Callable[[int], float]) -> Callable[[int], float]:
    """Four a minute; each tenth week an injection that acts from day 4 to day 60."""

    def rate(day: int) -> float:
        number, after = divmod(day - 70, 91)
        return 4.0 * depth(number) if number >= 0 and 4 <= after < 60 else 4.0

    return rate


EVERY_13_WEEKS = tuple(range(70, 700, 91))


def test_when_half_is_gone_does_not_depend_much_on_doses_that_rise(
    history: Make, recording: Make
) -> None:
    """Injections do a tenth more each time, beside a disease that grows; half on day 86."""
    given = range(40, 730, 84)
    found = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        rows = []
        for day in range(0, 730, 3):
            logs = 0.25 * day / 365
            for number, on in enumerate(given):
                if day > on + 4:
                    logs -= 0.9 * 1.1**number / (1 + math.exp((day - on - 86) / 9))
            bursts = rng.poisson(9 * math.exp(logs) * rng.gamma(8, 1 / 8))
            rows.append(recording(day, [0.05] * bursts))
        kinds = [columns_of(TaskKind.REST, rows, FIRST)]
        (cycle,) = cycles_of(judged_columns(kinds), tuple(map(injected, given)))
        if cycle.half_way_day is not None:
            found.append(cycle.half_way_day.value)
    assert len(found) > 6
    assert np.mean(found) == pytest.approx(86, abs=10)


def test_all_injections_together_tell_more_than_one(
    history: Make, recording: Make
) -> None:
    """A third of the bursts for 60 days after each; a recording every eight days."""
    rows = course(recording, range(0, 700, 8), cycled(lambda _: 0.35))
    treatments = tuple(map(injected, EVERY_13_WEEKS))
    found = progress_of(history(*rows, treatments=treatments))
    (cycle,) = found.cycles
    assert cycle.is_clear
    assert cycle.injections == len(EVERY_13_WEEKS)
    assert cycle.half_way_day is not None
    assert cycle.half_way_day.low < 60 < cycle.half_way_day.high
    alone = [r for r in found.readings if isinstance(r, InjectionCourse)]
    assert alone, "the last injection is told, too"
    assert found.readings.index(cycle) < found.readings.index(alone[0])
    clear = [c.sureness is Sureness.CLEAR for c in found.injections]
    assert sum(clear) >= 3


@pytest.mark.parametrize("seed", [0, 1])
def test_an_effect_that_goes_slowly_is_half_gone_on_its_day(
    history: Make, recording: Make, seed: int
) -> None:
    """From day 40 to day 150, half on day 95; the next injection comes after 85 days."""
    rng = np.random.default_rng(seed)
    given = (60, 145, 230, 315, 400)
    rows = []
    for day in range(0, 520, 4):
        after = day - np.array([one for one in given if one <= day] or [np.inf])
        left = np.clip((after - 1) / 6, 0, 1) * np.clip((150 - after) / 110, 0, 1)
        rate = 9 * math.exp(-1.4 * left.max()) * rng.lognormal(-0.05, 0.3)
        rows.append(recording(day, rng.lognormal(0, 0.5, rng.poisson(rate))))
    treatments = tuple(injected(day) for day in given)
    (cycle,) = progress_of(history(*rows, treatments=treatments)).cycles
    assert cycle.half_way_day is not None
    assert cycle.half_way_day.low < 95 < cycle.half_way_day.high


def test_each_injection_is_counted_by_itself_too(
    history: Make, recording: Make
) -> None:
    """Every second one takes a tenth of the bursts away, the others nine tenths."""
    depths = (0.9, 0.1)
    rows = course(recording, range(0, 700, 4), cycled(lambda n: depths[n % 2]))
    treatments = tuple(map(injected, EVERY_13_WEEKS))
    (cycle,) = progress_of(history(*rows, treatments=treatments)).cycles
    assert [one.on for one in cycle.each] == [t.on for t in treatments]
    acting = []
    for one in cycle.each:
        assert list(one.days) == sorted(one.days)
        told = dict(zip(one.days, one.over_untreated, strict=True))
        acting.append((told[25] + told[40]) / 2)
        assert told.get(85, 1.0) > 0.4, "it no longer acts"
    assert max(acting[1::2]) < 0.3
    assert min(acting[::2]) > 0.6


def test_inert_injections_are_not_told_to_do_anything(
    history: Make, recording: Make
) -> None:
    rows = course(recording, range(0, 700, 8), lambda _: 4.0)
    treatments = tuple(map(injected, EVERY_13_WEEKS))
    found = progress_of(history(*rows, treatments=treatments))
    assert not found.cycles[0].is_clear
    assert all(c.sureness is not Sureness.CLEAR for c in found.injections)


@pytest.mark.parametrize(
    "depth",
    [lambda _: 0.3, lambda number: 0.15 * 1.35**number],
    ids=["alike", "waning"],
)
def test_injections_that_wane_are_no_growing_disease(
    history: Make, recording: Make, depth: Callable[[int], float]
) -> None:
    rows = course(recording, range(0, 700, 2), cycled(depth))
    treatments = tuple(map(injected, EVERY_13_WEEKS))
    found = progress_of(history(*rows, treatments=treatments))
    rate = next(
        s.trend
        for s in found.series
        if s.measure is Measure.EPISODES_PER_MIN and s.side is Side.LEFT
    )
    assert rate is not None
    assert rate.injections_acted
    assert rate.sureness is not Sureness.CLEAR
    assert rate.change.low < 1 < rate.change.high


def test_an_effect_that_ends_sooner_is_no_growing_disease(
    history: Make, recording: Make
) -> None:
    """Half of it is gone on day 80, all on day 100; the first injection comes on day 60."""
    given = [60, 160, 260, 365, 470, 580, 690]

    def rate(day: int) -> float:
        after = min((day - g for g in given if g <= day), default=400)
        depth = 0.8 * min(max((after - 1) / 6, 0), 1)
        return 2 * (1 - depth / (1 + np.exp((after - 86) / 8)))

    changes, inside = [], 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        rows, spell = [], 0.0
        for day in range(0, 720, 3):
            spell = 0.74 * spell + 0.67 * rng.normal()
            bursts = rng.poisson(3 * rate(day) * math.exp(0.3 * spell - 0.045))
            rows.append(recording(day, rng.lognormal(-0.5, 0.5, bursts)))
        found = progress_of(history(*rows, treatments=tuple(map(injected, given))))
        (trend,) = (
            s.trend
            for s in found.series
            if s.measure is Measure.EPISODES_PER_MIN and s.side is Side.LEFT
        )
        assert trend is not None
        changes.append(math.log(trend.change.value))
        inside += trend.change.low < 1 < trend.change.high
    assert inside >= 11
    assert float(np.median(changes)) < 0.35


def worn_off(days: np.ndarray, depths: np.ndarray, half_day: float) -> np.ndarray:
    """Logs of rates under injections every 91 days of which half is gone on a day."""
    after = days[:, None] - (91 + 91 * np.arange(len(depths)))
    left = np.where(after > 4, 1 / (1 + (np.maximum(after, 0) / half_day) ** 6), 0.0)
    return np.asarray((np.log(depths) * left).min(axis=1))


def test_a_rising_dose_does_not_hide_a_growing_disease(
    history: Make, recording: Make
) -> None:
    """A tenth more effect each time, and a disease that grows by 1.28 a year beneath.

    What is logged falls. That the disease grows can hardly be seen in it, but that it does
    not fall as much can: of twelve people the truth lies in all intervals but one at most,
    and in the middle the line is nearer to it than to none at all.
    """
    depths = 0.35 ** (1.1 ** np.arange(7))
    treatments = tuple(injected(91 + 91 * k) for k in range(7))
    true, inside, told = 1.28 ** (798 / 365.25), [], []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        days = np.arange(0, 800, 2)[rng.random(400) < 0.8]
        logs = np.log(1.0) + np.log(1.28) * days / 365.25
        logs += worn_off(days, depths, 85 + 5 * rng.normal())
        logs += rng.normal(0, 0.4, len(days))
        rows = [
            recording(int(day), [0.5] * rng.poisson(3 * np.exp(one)))
            for day, one in zip(days, logs, strict=True)
        ]
        columns = columns_of(TaskKind.REST, rows, FIRST)
        rate = raw_trend(columns, Side.LEFT, Measure.EPISODES_PER_MIN, treatments)
        assert rate is not None
        inside.append(rate.change.low <= true <= rate.change.high)
        told.append(rate.change.value)
    assert sum(inside) >= 11
    assert np.median(told) > true**0.5


def test_an_injection_does_not_look_like_a_trend(
    history: Make, recording: Make
) -> None:
    rows = course(recording, range(0, 120, 2), quarter_in_effect)

    def p_value(*treatments: Treatment) -> float:
        found = progress_of(history(*rows, treatments=treatments))
        rate = next(
            s
            for s in found.series
            if s.measure is Measure.EPISODES_PER_MIN and s.side is Side.LEFT
        )
        assert rate.trend is not None
        return rate.trend.p_value

    assert p_value() < 0.05
    assert p_value(injected(60)) > 0.2
    assert p_value(injected(60, Side.RIGHT)) == p_value()


def test_wear_off_that_was_not_seen_is_none(history: Make, recording: Make) -> None:
    rows = course(recording, range(0, 100, 2), quarter_in_effect)
    (injection,) = progress_of(history(*rows, treatments=(injected(60),))).injections
    assert injection.wear_off_day is None
    assert injection.peak_over_before.high < 1


def test_peaks_are_compared_with_peaks(history: Make, recording: Make) -> None:
    def rate(day: int) -> float:
        if 45 <= day < 120:
            return 0.8
        return 2.4 if 165 <= day < 240 else 6.0

    rows = course(recording, range(0, 240, 2), rate)
    treatments = (injected(40), injected(160))
    first, second = progress_of(history(*rows, treatments=treatments)).injections
    assert first.peak_over_last_peak is None
    assert second.peak_over_last_peak is not None
    assert second.peak_over_last_peak.low < 3 < second.peak_over_last_peak.high


@pytest.mark.parametrize("seed", range(4))
def test_relief_after_an_operation_is_none_of_an_injection_of_that_day(
    history: Make, recording: Make, seed: int
) -> None:
    rows = course(recording, range(0, 400, 5), lambda d: 2.0 if d < 180 else 0.3, seed)
    found = progress_of(history(*rows, treatments=(operated(180), injected(180))))
    assert list(found.injections) == []
    assert not any(cycle.is_clear for cycle in found.cycles)


@pytest.mark.parametrize("seed", range(4))
def test_relief_after_an_operation_is_none_of_an_injection_soon_after(
    history: Make, recording: Make, seed: int
) -> None:
    """The days before it that count are those after the operation."""
    rows = course(recording, range(0, 400, 4), lambda d: 2.0 if d < 180 else 0.2, seed)
    found = progress_of(history(*rows, treatments=(operated(180), injected(190))))
    (injection,) = found.injections
    assert injection.sureness is Sureness.UNCERTAIN
    assert injection.wear_off_day is None
    assert not injection.peak_over_before.high < 1


def test_peaks_are_not_compared_across_an_operation(
    history: Make, recording: Make
) -> None:
    rows = course(recording, range(0, 400, 4), lambda d: 2.0 if d < 180 else 0.5)
    given = (injected(60), operated(180), injected(300))
    first, second = progress_of(history(*rows, treatments=given)).injections
    assert first.peak_over_last_peak is None
    assert second.peak_over_last_peak is None


@pytest.mark.parametrize("turns", [False, True], ids=["from that day on", "in turns"])
def test_who_begins_to_check_bursts_does_no_more_than_an_injection(
    history: Make, recording: Make, turns: bool
) -> None:
    """Of eight bursts a person leaves two, from the day of an injection on or in turns."""
    rows = [
        recording(
            day,
            [0.5] * (2 if checked else 8),
            basis=Basis.REVIEWED if checked else Basis.DETECTED,
        )
        for day in range(0, 200, 3)
        for checked in [day % 2 == 1 if turns else day >= 120]
    ]
    found = progress_of(history(*rows, treatments=(injected(120),)))
    (injection,) = found.injections
    ratio = injection.peak_over_before
    if turns:
        assert ratio.low < 1 < ratio.high
        assert ratio.value == pytest.approx(1, abs=0.05)
    else:
        assert math.isnan(ratio.value)
    assert injection.sureness is Sureness.UNCERTAIN


def test_no_day_of_wear_off_of_an_effect_that_is_not_sure(
    history: Make, recording: Make
) -> None:
    def rate(day: int) -> float:
        return 1.2 if 65 <= day < 145 else 2.0

    for seed in range(12):
        rows = course(recording, range(0, 230, 3), rate, seed)
        found = progress_of(history(*rows, treatments=(injected(60),)))
        for injection in found.injections:
            if injection.sureness is not Sureness.CLEAR:
                assert injection.wear_off_day is None


def test_an_injection_without_recordings_before_tells_no_effect(
    history: Make, recording: Make
) -> None:
    rows = course(recording, range(70, 100, 3), quarter_in_effect)
    found = progress_of(history(*rows, treatments=(injected(60),)))
    (injection,) = found.injections
    assert np.isnan(injection.peak_over_before.value)
    assert np.isnan(injection.before.value)
    assert injection.peak.value > 0


def test_treatments_of_an_unknown_side_count_for_both(
    history: Make, recording: Make
) -> None:
    rows = [recording(d, [0.5] * 4, right=[0.5] * 4) for d in range(0, 120, 3)]
    found = progress_of(history(*rows, treatments=(injected(60, None),)))
    assert {c.side for c in found.injections} == set(Side)


def test_windows_and_curves() -> None:
    assert before_window(100, np.array([])) == (72, 100)
    assert before_window(100, np.array([0.0])) == (84, 100)
    assert before_window(100, np.array([30.0])) == (86, 100)
    curve = Acting.on(np.array([-1.0, 0, 7, 22, 90, 125]), np.array([0.0])).columns
    assert curve.sum(axis=1) == pytest.approx([0, 0, 1, 1, 1, 0])
    # What is left of the one before goes on until the next has come into its own.
    again = Acting.on(np.array([110.0, 112, 117]), np.array([0.0, 110])).columns
    assert again.sum(axis=1) == pytest.approx([15 / 23, 13 / 23, 1])
    assert again[2].argmax() == 0
    relief = relief_columns(np.array([0.0, 10, 50, 400]), np.array([5.0]))
    assert relief[0] == pytest.approx(0)
    assert relief[-1] == pytest.approx(1)
    assert relief_columns(np.array([0.0, 1]), np.array([50.0])).shape == (2, 0)
