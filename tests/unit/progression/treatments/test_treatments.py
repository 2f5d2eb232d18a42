"""Injections, operations and the diary, on courses whose truth is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from twitch_tracker.history import (
    Basis,
    DiaryEntry,
    LoggedRecording,
    TaskKind,
    Treatment,
    TreatmentKind,
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
    OperationCourse,
    Sureness,
)
from twitch_tracker.progression.results.readings import Remark
from twitch_tracker.progression.standing import judged_columns
from twitch_tracker.progression.treatments.cycles import cycles_of
from twitch_tracker.regions import Side
from twitch_tracker.wording.associations import association_text
from twitch_tracker.wording.progression import reading_text, reading_texts
from twitch_tracker.wording.treatments import other_text

Make = Callable[..., Any]
FIRST = date(2024, 1, 1)


def injected(day: int, side: Side | None = Side.LEFT) -> Treatment:
    return Treatment(
        kind=TreatmentKind.BOTULINUM_TOXIN, on=FIRST + timedelta(days=day), side=side
    )


def operated(day: int) -> Treatment:
    return Treatment(
        kind=TreatmentKind.MICROVASCULAR_DECOMPRESSION,
        on=FIRST + timedelta(days=day),
        side=Side.LEFT,
    )


def course(
    recording: Make, days: range, rate: Callable[[int], float], seed: int = 0
) -> list[LoggedRecording]:
    """Recordings of three minutes with Poisson counts around a known rate."""
    rng = np.random.default_rng(seed)
    return [
        recording(d, rng.lognormal(-0.5, 0.5, rng.poisson(3 * rate(d)))) for d in days
    ]


def quarter_in_effect(day: int) -> float:
    """Four a minute; one while the injection of day 60 acts, days 65 to 155."""
    return 1.0 if 65 <= day < 155 else 4.0


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


def test_an_operation_has_marks_and_no_early_verdict(
    history: Make, recording: Make
) -> None:
    def rate(day: int) -> float:
        return 4.0 if day < 120 else 4 * max(0.1, 1 - (day - 120) / 100)

    rows = course(recording, range(0, 330, 3), rate)
    found = progress_of(history(*rows, treatments=(operated(120),)))
    (operation,) = found.operations
    assert [m.day for m in operation.marks] == [7, 30, 91, 183]
    last = operation.marks[-1]
    assert last.over_before.low < 0.1 < last.over_before.high < 1
    assert operation.is_early
    for series in found.series:
        if series.side is Side.LEFT:
            assert series.trend is None
    assert any(s.trend for s in found.series if s.side is Side.RIGHT)


def test_after_an_operation_the_trend_starts_anew(
    history: Make, recording: Make
) -> None:
    rows = course(recording, range(0, 700, 5), lambda d: 5.0 if d < 100 else 1.0)
    found = progress_of(history(*rows, treatments=(operated(100),)))
    rate = next(
        s
        for s in found.series
        if s.measure is Measure.EPISODES_PER_MIN and s.side is Side.LEFT
    )
    assert rate.trend is not None
    assert rate.trend.start == FIRST + timedelta(days=375)
    assert rate.trend.sureness is not Sureness.CLEAR
    assert rate.trend.after_operation
    assert not found.operations[0].is_early


def diary(values: dict[int, float]) -> tuple[DiaryEntry, ...]:
    return tuple(
        DiaryEntry(on=FIRST + timedelta(days=d), stress=v) for d, v in values.items()
    )


def test_what_goes_along_with_stress_is_found(history: Make, recording: Make) -> None:
    rng = np.random.default_rng(0)
    stress = {d: float(rng.integers(0, 11)) for d in range(0, 200, 2)}
    rows = course(recording, range(0, 200, 2), lambda d: 2 * 1.15 ** (stress[d] - 5))
    found = progress_of(history(*rows, diary=diary(stress)))
    (one,) = found.associations
    assert (one.factor, one.side, one.days) == ("stress", Side.LEFT, 100)
    assert one.rate_ratio.low < 1.15 < one.rate_ratio.high
    assert one.sureness is Sureness.CLEAR


def test_fatigue_that_only_goes_with_stress_is_not_told(
    history: Make, recording: Make
) -> None:
    """Bursts follow stress; tired days are days with stress. Alone it would be clear."""
    rng = np.random.default_rng(2)
    stress = {d: float(rng.integers(0, 11)) for d in range(0, 240, 2)}
    tired = {
        d: float(np.clip(v + rng.normal(0, 1.5), 0, 10)) for d, v in stress.items()
    }
    rows = course(recording, range(0, 240, 2), lambda d: 2 * 1.2 ** (stress[d] - 5))

    def sureness(*, both: bool) -> dict[str, Sureness]:
        days = tuple(
            DiaryEntry(
                on=FIRST + timedelta(days=d),
                fatigue=tired[d],
                stress=stress[d] if both else float("nan"),
            )
            for d in stress
        )
        found = progress_of(history(*rows, diary=days)).associations
        return {one.factor: one.sureness for one in found}

    assert sureness(both=False) == {"fatigue": Sureness.CLEAR}
    together = sureness(both=True)
    assert together["stress"] is Sureness.CLEAR
    assert together["fatigue"] is not Sureness.CLEAR


def test_two_numbers_that_go_together_are_told_together(
    history: Make, recording: Make
) -> None:
    """Bursts follow stress, and fatigue follows it so closely that nobody could say which."""
    rng = np.random.default_rng(3)
    days = range(0, 240, 2)
    stress = {d: float(rng.integers(0, 11)) for d in days}
    entries = tuple(
        DiaryEntry(
            on=FIRST + timedelta(days=d),
            stress=v,
            fatigue=float(np.clip(v + rng.normal(0, 0.7), 0, 10)),
            sleep_hours=float(rng.integers(5, 10)),
        )
        for d, v in stress.items()
    )
    rows = course(recording, days, lambda d: 1.5 * 1.13 ** (stress[d] - 5))
    found = progress_of(history(*rows, diary=entries))
    told = [one for one in found.associations if one.or_factor]
    assert [{one.factor, one.or_factor} for one in told] == [{"stress", "fatigue"}]
    assert all(one.sureness is not Sureness.CLEAR for one in found.associations)
    assert told[0] in found.readings
    said = association_text(told[0])
    assert "go along with" in said
    assert "stress" in said
    assert "fatigue" in said
    assert "cannot be said" in said


def test_stress_is_clear_beside_numbers_that_do_nothing(
    history: Make, recording: Make
) -> None:
    """What is noted beside it takes nothing off the chance of the one that matters."""
    rng = np.random.default_rng(4)
    days = range(0, 360, 2)
    stress = {d: float(rng.integers(0, 11)) for d in days}
    entries = tuple(
        DiaryEntry(
            on=FIRST + timedelta(days=d),
            stress=stress[d],
            fatigue=float(rng.integers(0, 11)),
            sleep_hours=float(rng.integers(5, 10)),
            caffeine_cups=float(rng.integers(0, 5)),
            screen_hours=float(rng.integers(0, 9)),
        )
        for d in days
    )
    rows = course(recording, days, lambda d: 0.8 * 1.06 ** (stress[d] - 5))
    found = progress_of(history(*rows, diary=entries)).associations
    clear = [one for one in found if one.sureness is Sureness.CLEAR]
    assert [one.factor for one in clear] == ["stress"]
    assert clear[0].days == 180


def test_two_things_that_drift_do_not_go_along(history: Make, recording: Make) -> None:
    """Stress rises through the year and so do bursts, but not day by day."""
    rng = np.random.default_rng(1)
    stress = {
        d: float(np.clip(d / 30 + rng.normal(0, 0.5), 0, 10)) for d in range(0, 240, 2)
    }
    rows = course(recording, range(0, 240, 2), lambda d: 2 * 3 ** (d / 240))
    (one,) = progress_of(history(*rows, diary=diary(stress))).associations
    assert one.sureness is not Sureness.CLEAR


def test_nine_days_are_too_few(history: Make, recording: Make) -> None:
    rows = course(recording, range(0, 60, 2), lambda _: 3.0)
    nine, ten = ({2 * d: float(d) for d in range(n)} for n in (9, 10))
    assert progress_of(history(*rows, diary=diary(nine))).associations == ()
    (one,) = progress_of(history(*rows, diary=diary(ten))).associations
    assert one.days == 10


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


def test_an_operation_that_helps_is_clear_and_one_that_does_not_is_not(
    history: Make, recording: Make
) -> None:
    """Three recordings a week; one burst in ten is left, or all of them."""

    def sureness(left: float) -> Sureness:
        rows = course(
            recording, range(0, 330, 3), lambda d: 3.0 if d < 120 else 3.0 * left
        )
        found = progress_of(history(*rows, treatments=(operated(120),)))
        return found.operations[0].marks[-1].sureness

    assert sureness(0.1) is Sureness.CLEAR
    assert sureness(1.0) is not Sureness.CLEAR


def drugged(day: int, product: str = "carbamazepine") -> Treatment:
    return Treatment(
        kind=TreatmentKind.OTHER, on=FIRST + timedelta(days=day), product=product
    )


def test_more_bursts_after_an_operation_are_as_clear_as_fewer(
    history: Make, recording: Make
) -> None:
    rows = course(recording, range(0, 540, 4), lambda d: 1.0 if d < 180 else 4.0)
    found = progress_of(history(*rows, treatments=(operated(180),)))
    (followed,) = found.operations
    assert followed.marks[-1].sureness is Sureness.CLEAR
    assert followed.marks[-1].over_before.low > 1
    assert found.readings[0] == followed
    assert "failed" not in reading_text(followed)


def test_late_relief_after_an_operation_is_clear(
    history: Make, recording: Make
) -> None:
    """Bursts end five months after it."""
    rows = course(recording, range(0, 545, 4), lambda d: 2.0 if d < 330 else 0.1)
    found = progress_of(history(*rows, treatments=(operated(180),)))
    (followed,) = found.operations
    assert followed.marks[-1].sureness is Sureness.CLEAR
    assert followed.marks[0].sureness is not Sureness.CLEAR
    assert found.readings[0] == followed


def test_relief_in_how_long_bursts_last_is_told(history: Make, recording: Make) -> None:
    """After an operation as many bursts begin, but they last 2 instead of 40 s."""
    rng = np.random.default_rng(0)
    rows = [
        recording(d, (40.0 if d < 180 else 2.0) * rng.lognormal(0, 0.3, 3))
        for d in range(0, 540, 4)
    ]
    found = progress_of(history(*rows, treatments=(operated(180),)))
    said = reading_texts(found)[0]
    assert "Clearly less time was spent in bursts: 3" in said
    assert isinstance(found.readings[0], OperationCourse)


def test_no_change_is_not_said_beside_a_clear_treatment(
    history: Make, recording: Make
) -> None:
    """A drug halves bursts; a second one does nothing; the injections before have long worn off."""
    rows = course(recording, range(0, 700, 3), lambda d: 3.0 if d < 200 else 1.2)
    other = Treatment(
        kind=TreatmentKind.OTHER, on=FIRST + timedelta(days=200), product="drug"
    )
    later = replace(other, on=FIRST + timedelta(days=520), product="acupuncture")
    found = progress_of(history(*rows, treatments=(other, later)))
    assert found.others[0].sureness is Sureness.CLEAR
    assert found.others[1].sureness is not Sureness.CLEAR
    assert found.others[0] in found.readings
    assert Remark.NOTHING_CLEAR not in found.readings


def test_operations_of_both_sides_are_told(history: Make, recording: Make) -> None:
    """The one that helped is not passed over because the other side was operated later."""
    rows = [
        recording(
            d,
            [0.5] * rng.poisson(9 if d < 100 else 1),
            right=[0.5] * rng.poisson(9 if d < 400 else 8),
        )
        for rng in [np.random.default_rng(3)]
        for d in range(0, 700, 4)
    ]
    right = replace(operated(400), side=Side.RIGHT)
    found = progress_of(history(*rows, treatments=(operated(100), right)))
    told = [r.side for r in found.readings if isinstance(r, OperationCourse)]
    assert told[0] is Side.LEFT
    assert set(told) == {Side.LEFT, Side.RIGHT}


def test_a_drug_that_halves_bursts_is_told(history: Make, recording: Make) -> None:
    rows = course(recording, range(0, 360, 2), lambda d: 4.0 if d < 180 else 2.0)
    found = progress_of(history(*rows, treatments=(drugged(180),)))
    (told,) = found.others
    assert told.side is Side.LEFT
    assert told.after_over_before.low < 0.5 < told.after_over_before.high
    assert told.before.low < 4.0 < told.before.high
    assert told.after.low < 2.0 < told.after.high
    assert (told.first_on, told.last_on) == (FIRST, FIRST + timedelta(days=358))
    assert told.sureness is Sureness.CLEAR
    assert told in found.readings
    assert "after 29 Jun 2024 (carbamazepine) to" in other_text(told)
    assert "That is about half" in other_text(told)


def test_a_drug_that_does_nothing_is_not_told(history: Make, recording: Make) -> None:
    rows = course(recording, range(0, 360, 2), lambda _: 3.0)
    found = progress_of(history(*rows, treatments=(drugged(180),)))
    (told,) = found.others
    assert told.sureness is not Sureness.CLEAR
    assert "not sure that this is more than chance" in other_text(told)


def test_a_drug_is_compared_up_to_the_next_treatment(
    history: Make, recording: Make
) -> None:
    """What a second drug or an operation did is not laid at the first one's door."""
    rows = course(recording, range(0, 360, 2), lambda d: 4.0 if d < 240 else 0.4)
    given = (drugged(180), drugged(240, "acupuncture"))
    first, second = progress_of(history(*rows, treatments=given)).others
    assert first.last_on < given[1].on
    assert first.after_over_before.low < 1 < first.after_over_before.high
    assert second.first_on >= given[0].on + timedelta(days=7)
    assert second.after_over_before.high < 0.3


def test_injections_are_no_part_of_what_a_drug_is_said_to_do(
    history: Make, recording: Make
) -> None:
    """A drug is begun four days before an injection that leaves a quarter for 90 days."""
    rate = quarter_in_effect
    rows = course(recording, range(0, 260, 2), rate)
    rows += course(recording, range(260, 500, 2), lambda d: rate(d - 260), seed=3)
    given = (injected(60), drugged(316), injected(320))
    (told,) = progress_of(history(*rows, treatments=given)).others
    assert told.injections_acted
    clear = replace(told, sureness=Sureness.CLEAR)
    assert "part of this may come from them" in other_text(clear)
    assert "taken out" not in other_text(clear)
    assert told.after_over_before.low < 1 < told.after_over_before.high
