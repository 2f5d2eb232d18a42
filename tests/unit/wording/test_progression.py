"""What is said of a course: whole sentences, days that nobody mistakes, no causes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from twitch_tracker.history import DiaryEntry, Method, Treatment, TreatmentKind
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import (
    Estimate,
    Measure,
    Progression,
    Series,
    Sureness,
)
from twitch_tracker.wording.associations import association_text
from twitch_tracker.wording.progression import closest_text, reading_texts
from twitch_tracker.wording.treatments import injection_text, mark_name, operation_text
from twitch_tracker.wording.trends import trend_text

Make = Callable[..., Any]
FIRST = date(2024, 1, 1)


def series_of(found: Progression, measure: Measure) -> Series:
    return next(s for s in found.series if s.measure is measure)


def test_nothing_recorded_is_said_so(history: Make) -> None:
    (said,) = reading_texts(progress_of(history()))
    assert said == "No recording counts yet: there is nothing to report."


def test_one_recording_cannot_tell_a_change(history: Make, recording: Make) -> None:
    (said,) = reading_texts(progress_of(history(recording(0, [0.5, 1.5, 2.5] * 4))))
    assert said.startswith("Left side, at rest: no change can be seen yet. A trend")


def test_no_burst_at_all_is_said_so(history: Make, recording: Make) -> None:
    found = progress_of(history(*(recording(d) for d in range(0, 60, 5))))
    rate = series_of(found, Measure.EPISODES_PER_MIN)
    assert trend_text(rate).startswith("No burst in 12 recordings (36 min")
    assert all("clearly" not in line for line in reading_texts(found))


def test_a_clear_change_is_told_with_its_numbers(
    history: Make, recording: Make
) -> None:
    """Bursts double each half year and last three times as long in the end."""
    rng = np.random.default_rng(0)
    rows = [
        recording(
            day,
            rng.lognormal(
                np.log(0.6 * 3 ** (day / 365)), 0.5, rng.poisson(6 * 4 ** (day / 365))
            ),
        )
        for day in range(0, 365, 3)
    ]
    found = progress_of(history(*rows))
    rate = trend_text(series_of(found, Measure.EPISODES_PER_MIN))
    length = trend_text(series_of(found, Measure.MEDIAN_DURATION_S))
    assert rate.startswith("Bursts come more often, clearly: 2.")
    assert length.startswith("Bursts last longer, clearly: median 0.59 s")
    assert " in 12 months (" in length
    assert reading_texts(found)[0].startswith(
        "Left side, at rest: more time is spent in bursts, clearly"
    )


def test_what_would_tell_a_small_change_is_said(history: Make, recording: Make) -> None:
    rows = [recording(d, [0.5] * (36 + d % 2), minutes=9.0) for d in range(0, 300, 15)]
    rate = series_of(progress_of(history(*rows)), Measure.EPISODES_PER_MIN)
    assert "No change can be seen yet. Record about" in trend_text(rate)
    said = re.search(
        r"only if it reached (\S+) times the first value within a year, or fell to "
        r"(\d+) % of it\.",
        trend_text(rate),
    )
    assert said is not None
    assert 2 <= float(said[1]) < 3
    assert int(said[2]) == pytest.approx(100 / float(said[1]), abs=1), "a share"


def injected(recording: Make, history: Make, days: range) -> Progression:
    """Four bursts a minute, one while an injection of day 60 acts."""
    rng = np.random.default_rng(0)
    rows = [
        recording(d, [0.6] * rng.poisson(3.0 if 65 <= d < 155 else 12.0)) for d in days
    ]
    treatment = Treatment(
        kind=TreatmentKind.BOTULINUM_TOXIN, on=FIRST + timedelta(days=60)
    )
    return progress_of(history(*rows, treatments=(treatment,)))


def test_what_was_seen_of_an_injection(history: Make, recording: Make) -> None:
    course = injected(recording, history, range(0, 230, 2)).injections[0]
    assert "Half of the effect was gone about" in injection_text(course)
    course = injected(recording, history, range(70, 100, 3)).injections[0]
    assert "is not known" in injection_text(course)


def test_why_it_is_not_sure_is_said_beside_an_interval_without_one(
    history: Make, recording: Make
) -> None:
    """All questions of a page share 5 %: an interval alone would be sure too soon."""
    course = injected(recording, history, range(0, 230, 2)).injections[0]
    beyond = replace(
        course,
        sureness=Sureness.POSSIBLE,
        peak_over_before=Estimate(value=0.24, low=0.10, high=0.72),
        peak_over_last_peak=Estimate(value=3.0, low=1.2, high=7.0),
    )
    said = injection_text(beyond)
    assert "By itself that would be more than chance (0.24 times;" in said
    assert "It is not sure that this is more than chance" not in said
    assert "A difference from the same days after the previous injection is not" in said
    assert said.count("this page asks many questions at once") == 2
    within = replace(
        beyond,
        peak_over_before=Estimate(value=0.45, low=0.15, high=1.39),
        peak_over_last_peak=Estimate(value=0.67, low=0.19, high=2.38),
    )
    assert "It is not sure that this is more than chance (0.45" in injection_text(
        within
    )
    assert "No clear difference" in injection_text(within)


def test_an_operation_is_not_judged_early(history: Make, recording: Make) -> None:
    treatment = Treatment(
        kind=TreatmentKind.MICROVASCULAR_DECOMPRESSION, on=FIRST + timedelta(days=100)
    )

    def after(last: int) -> Progression:
        rows = [recording(d, [0.6] * (9 if d < 100 else 2)) for d in range(0, last, 5)]
        return progress_of(history(*rows, treatments=(treatment,)))

    early, late = after(300), after(700)
    assert "judged at six to nine months" in operation_text(early.operations[0])
    assert "judged" not in operation_text(late.operations[0])
    names = [mark_name(mark) for mark in early.operations[0].marks]
    assert names == ["1 week", "1 month", "3 months", "6 months"]
    said = " ".join((*reading_texts(early), *reading_texts(late)))
    assert "fail" not in said.lower()
    rate = series_of(late, Measure.EPISODES_PER_MIN)
    assert "nine months after the operation" in trend_text(rate)


def test_what_goes_along_is_told_without_causes(history: Make, recording: Make) -> None:
    rng = np.random.default_rng(0)
    stress = {d: float(rng.integers(0, 11)) for d in range(0, 200, 2)}
    rows = [
        recording(d, [0.6] * rng.poisson(6 * 1.15 ** (stress[d] - 5))) for d in stress
    ]
    diary = tuple(
        DiaryEntry(on=FIRST + timedelta(days=d), stress=v) for d, v in stress.items()
    )
    (one,) = progress_of(history(*rows, diary=diary)).associations
    said = association_text(one)
    assert "on days with more stress there were more bursts, clearly" in said
    assert not any(word in said for word in ("because", "due to", "leads to"))


def test_what_another_method_differs_in_is_said(
    history: Make, recording: Make, method: Method
) -> None:
    other = replace(method, tracker="older", detector="geometric")
    found = progress_of(history(recording(0, method=other), recording(1)))
    said = reading_texts(found)[-1]
    assert (
        "1 recording not counted. Measured with another face tracker and another"
        in said
    )
    assert "burst detector (older, geometric, version 1)" in said


def test_scales_are_only_closest_to_with_their_rule(
    history: Make, recording: Make
) -> None:
    short = progress_of(history(recording(0, [0.3] * 12)))
    long = progress_of(history(recording(0, [3.0] * 12, mouth=9)))
    said = [closest_text(level) for level in (*short.closest, *long.closest)]
    levels = ("frequency 2.", "I.", "frequency 3.", "II.")
    for text, level in zip(said, levels, strict=True):
        assert f": closest to {level} Rule: " in text
        assert "not a rating" in text
        assert "n the latest three months at rest" in text


def test_readings_name_no_day_in_figures_and_nest_no_brackets(
    history: Make, recording: Make
) -> None:
    rows = [recording(d, [0.5 + d / 60] * 6) for d in range(0, 360, 5)]
    treatments = (
        Treatment(kind=TreatmentKind.BOTULINUM_TOXIN, on=rows[20].started_at.date()),
    )
    found = progress_of(history(*rows, treatments=treatments))
    told = [trend_text(s) for s in found.series]
    told += [*reading_texts(found), *map(injection_text, found.injections)]
    for text in told:
        assert not re.search(r"\d{4}-\d\d-\d\d", text)
        assert not re.search(r"\([^)]*\(", text)
    assert sum("more minutes" in line for line in reading_texts(found)) <= 1
