"""The latest numbers, the dots made late, and the order of the readings."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from twitch_tracker.demo.course import demo_patient, demo_plan
from twitch_tracker.history import Basis, TaskKind, Treatment, TreatmentKind
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.readings import by_chance
from twitch_tracker.progression.results import (
    InjectionCourse,
    Measure,
    Progression,
    Series,
    Sureness,
)
from twitch_tracker.progression.results.readings import Remark
from twitch_tracker.progression.statistics.intervals import poisson_intervals
from twitch_tracker.regions import Side
from twitch_tracker.wording.progression import reading_texts

Make = Callable[..., Any]


def series_of(found: Progression, measure: Measure) -> Series:
    place = (measure, Side.LEFT, TaskKind.REST)
    return next(s for s in found.series if (s.measure, s.side, s.kind) == place)


def rate_of(found: Progression) -> Series:
    return series_of(found, Measure.EPISODES_PER_MIN)


def test_the_latest_is_all_of_the_last_28_days_pooled(
    history: Make, recording: Make
) -> None:
    """Day 72 is 28 days before day 100: no longer within the latest 28 days."""
    days = (0, 30, 72, 73, 80, 90, 100)
    found = progress_of(history(*(recording(d, [0.5] * (d // 10)) for d in days)))
    latest = rate_of(found).latest
    assert latest is not None
    assert len(latest.recordings) == 4
    assert (latest.end - latest.start).days == 27
    assert latest.bursts == 7 + 8 + 9 + 10
    free_min = latest.analysable_min - 34 * 0.5 / 60
    assert latest.estimate.value == pytest.approx(34 / free_min)
    narrow = poisson_intervals(np.array([34.0]), np.array([free_min]), dispersion=1.0)
    assert latest.estimate.low <= narrow[0][0]
    assert latest.estimate.high >= narrow[1][0]


def test_with_fewer_than_three_in_28_days_the_last_three_are_the_latest(
    history: Make, recording: Make
) -> None:
    days = (0, 40, 80, 120, 160)
    found = progress_of(history(*(recording(d, [0.5]) for d in days)))
    latest = rate_of(found).latest
    assert latest is not None
    assert (len(latest.recordings), (latest.end - latest.start).days) == (3, 80)
    (dot,) = rate_of(progress_of(history(recording(0, [0.5])))).recordings
    assert rate_of(progress_of(history(recording(0, [0.5])))).latest == dot


def test_the_upper_end_of_the_rate_knows_that_long_bursts_may_be_missed(
    history: Make, recording: Make
) -> None:
    """Bursts of 100 s with 20 s between; seven of a hundred are missed whole."""
    rows = [
        recording(day, [100.0] * (4 if day < 7 else 5), minutes=10) for day in range(20)
    ]
    latest = rate_of(progress_of(history(*rows))).latest
    assert latest is not None
    assert latest.estimate.value < 2.2
    assert latest.estimate.high > 3.0
    short = [recording(day, [0.5] * 10, minutes=10) for day in range(20)]
    seldom = rate_of(progress_of(history(*short))).latest
    assert seldom is not None
    assert seldom.estimate.high < 1.3 * seldom.estimate.value


def test_an_older_length_is_never_the_latest(history: Make, recording: Make) -> None:
    """Bursts two months ago, none in the latest four weeks: a rate of 0, no length."""
    rows = [recording(d, [0.5, 0.7]) for d in range(0, 20, 2)]
    rows += [recording(d, []) for d in range(70, 90, 2)]
    found = progress_of(history(*rows))
    latest = rate_of(found).latest
    assert latest is not None
    assert latest.estimate.value == 0.0
    assert latest.estimate.high > 0
    assert series_of(found, Measure.MEDIAN_DURATION_S).latest is None


def test_dots_of_recordings_are_a_tuple_to_everybody(
    history: Make, recording: Make
) -> None:
    """With many recordings they are made late, and still equal, pickle and slice."""
    rows = [recording(d, [0.5] * (1 + d % 3)) for d in range(40)]
    series = rate_of(progress_of(history(*rows)))
    assert series.period != "recording"
    assert len(series.recordings) == 40
    assert series.recordings == tuple(series.recordings)
    assert series.recordings[-2:] == tuple(series.recordings)[-2:]
    assert pickle.loads(pickle.dumps(series)) == series


def test_what_cannot_be_told_from_chance_comes_after_what_can(
    history: Make, recording: Make
) -> None:
    """Bursts grow longer, clearly; an injection changed nothing: it is told last."""
    rows = [recording(d, [0.5 * 1.008**d] * 6) for d in range(0, 240, 3)]
    treatments = (
        Treatment(kind=TreatmentKind.BOTULINUM_TOXIN, on=rows[40].started_at.date()),
    )
    readings = progress_of(history(*rows, treatments=treatments)).readings
    first, last = readings[0], readings[-1]
    assert isinstance(first, Series)
    assert first.trend is not None
    assert first.trend.sureness is Sureness.CLEAR
    assert isinstance(last, InjectionCourse)
    assert last.sureness is not Sureness.CLEAR


@pytest.mark.parametrize("seed", [4, 5, 6, 7])
def test_changes_that_are_only_possible_are_counted_and_never_told_first(
    seed: int,
) -> None:
    """Their number stands beside how many trends would look so if nothing changed."""
    found = progress_of(demo_patient(demo_plan(years=0.15), seed).history)
    trends = [s.trend.sureness for s in found.series if s.trend is not None]
    counted = by_chance(found)
    assert counted.possible == trends.count(Sureness.POSSIBLE)
    assert counted.trends == len(trends)
    if Sureness.POSSIBLE in trends and Sureness.CLEAR not in trends:
        assert found.readings[0] is Remark.NOTHING_CLEAR
    assert "possib" not in " ".join(reading_texts(found))
    for reading in found.readings:
        if isinstance(reading, Series):
            assert reading.trend is not None
            assert reading.trend.sureness is not Sureness.POSSIBLE


def test_the_latest_never_mixes_days_before_and_after_a_treatment(
    history: Make, recording: Make
) -> None:
    """Eight a minute until an injection on day 100, two from then on."""
    rows = [recording(d, [0.2] * (24 if d <= 100 else 6)) for d in range(0, 113, 4)]
    on = rows[25].started_at.date()
    given = (Treatment(kind=TreatmentKind.BOTULINUM_TOXIN, on=on),)
    latest = rate_of(progress_of(history(*rows, treatments=given))).latest
    assert latest is not None
    assert (latest.start - on).days == 4
    assert len(latest.recordings) == 3
    assert latest.estimate.value == pytest.approx(18 / (9 - 18 * 0.2 / 60))
    just = rate_of(progress_of(history(*rows[:27], treatments=given))).latest
    assert just is not None
    assert len(just.recordings) == 1
    before = rate_of(progress_of(history(*rows[:26], treatments=given))).latest
    assert before is not None
    assert before.end == on


def test_the_latest_never_mixes_devices(history: Make, recording: Make) -> None:
    """A new camera that finds more: its numbers are not those of the old one."""
    rows = [
        replace(recording(d, [0.2] * n), device=device)
        for d, n, device in [
            *((d, 6, "old") for d in range(0, 40, 4)),
            *((d, 12, "new") for d in range(40, 50, 4)),
        ]
    ]
    latest = rate_of(progress_of(history(*rows))).latest
    assert latest is not None
    assert len(latest.recordings) == 3
    assert latest.bursts == 36


def sorts(letters: str) -> list[Basis]:
    """Return D for what was detected, R for what was reviewed."""
    return [Basis.REVIEWED if one == "R" else Basis.DETECTED for one in letters]


@pytest.mark.parametrize(
    ("letters", "bursts", "recordings"),
    [
        ("DDDDDDDDDRRR", 3 * 2, 3),
        ("DRDRDRDRDRDR", 4 * 2, 4),
        ("RRRRRRRRRRRD", 7 * 2, 7),
        ("DDDDDDDDDDDR", 7 * 10, 7),
    ],
    ids=["from a day on", "in turns", "the last one not yet", "the first one"],
)
def test_the_latest_never_mixes_checked_bursts_with_those_that_were_found(
    history: Make, recording: Make, letters: str, bursts: int, recordings: int
) -> None:
    """Ten are found, of which a person leaves two."""
    rows = [
        recording(4 * n, [0.2] * (2 if basis is Basis.REVIEWED else 10), basis=basis)
        for n, basis in enumerate(sorts(letters))
    ]
    latest = rate_of(progress_of(history(*rows))).latest
    assert latest is not None
    assert (latest.bursts, len(latest.recordings)) == (bursts, recordings)


def test_what_was_checked_long_ago_is_not_the_latest(
    history: Make, recording: Make
) -> None:
    rows = [
        recording(30 * n, [0.2] * (2 if basis is Basis.REVIEWED else 10), basis=basis)
        for n, basis in enumerate(sorts("RRRRRRDDDDR"))
    ]
    latest = rate_of(progress_of(history(*rows))).latest
    assert latest is not None
    assert len(latest.recordings) == 1


@pytest.mark.parametrize(
    "seed", [2, 3, *(pytest.param(n, marks=pytest.mark.slow) for n in range(4, 8))]
)
def test_both_ends_of_a_line_agree_with_the_marks_that_are_seen(seed: int) -> None:
    """The ends of a rate's line lie within the intervals of the marks around them.

    Where injections act, the line is that without them, and its beginning is compared with
    the days before the first.
    """
    found = progress_of(demo_patient(demo_plan(years=1.0), seed).history)
    rate = rate_of(found)
    assert rate.trend is not None
    assert rate.trend.without_injections
    marks = [m for m in rate.recordings if m.start < found.treatments[0].on]
    early = marks[: len(marks) // 2]
    bursts = sum(mark.bursts for mark in early)
    free_min = sum(mark.bursts / mark.estimate.value for mark in early if mark.bursts)
    free_min += sum(mark.analysable_min for mark in early if not mark.bursts)
    # Days differ by about a half: their mean by that over the root of their number.
    spread = 1.96 * np.sqrt(1 / bursts + 0.5**2 / len(early))
    assert abs(np.log(rate.trend.fitted_start * free_min / bursts)) < spread + 0.1


def test_a_trend_begins_and_ends_among_the_marks_that_the_eye_sees() -> None:
    """`demo-patient --years 1 --seed 2`: a line below all early marks was told once."""
    plan = demo_plan(years=1.0, patient_id="x")
    found = progress_of(demo_patient(plan, 2).history)
    trends = [
        (series, series.trend)
        for series in found.series
        if series.measure is Measure.EPISODES_PER_MIN
        and series.kind is TaskKind.REST
        and series.trend is not None
    ]
    assert trends
    for series, trend in trends:
        first = [p for p in series.periods if (p.start - trend.start).days < 35]
        last = [p for p in series.periods if (trend.end - p.end).days < 35]
        for value, marks in ((trend.fitted_start, first), (trend.fitted_end, last)):
            assert min(p.estimate.low for p in marks) <= value
            assert value <= max(p.estimate.high for p in marks)
