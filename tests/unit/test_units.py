"""Numbers keep their meaning on the way to the page."""

from __future__ import annotations

import math

import pytest

from twitch_tracker import units
from twitch_tracker.language import say, say_n
from twitch_tracker.wording.terms import confidence_in_words


@pytest.mark.parametrize(
    "show",
    [
        units.clock,
        units.decimal,
        units.days_text,
        units.duration,
        units.millimetres,
        units.milliseconds,
        units.percent,
        units.points,
        units.rate,
        units.ratio,
        units.times,
    ],
)
def test_nan_is_not_measured(show: object) -> None:
    assert callable(show)
    assert show(math.nan) == "not measured"


@pytest.mark.parametrize(
    ("time_s", "expected"),
    [(0.0, "0:00.0"), (59.96, "1:00.0"), (83.46, "1:23.5"), (3661.2, "1:01:01.2")],
)
def test_moments(time_s: float, expected: str) -> None:
    assert units.clock(time_s) == expected


@pytest.mark.parametrize(
    ("duration_s", "expected"),
    [
        (0.0, "0 s"),
        (0.874, "0.87 s"),
        (6.5, "6.50 s"),
        (9.996, "10.0 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min"),
        (65.0, "1 min 5 s"),
        (250.0, "4 min 10 s"),
        (3599.7, "1 h"),
        (7325.0, "2 h 2 min"),
        (7170.0, "2 h"),
        (90_061.0, "25 h 1 min"),
    ],
)
def test_lengths(duration_s: float, expected: str) -> None:
    assert units.duration(duration_s) == expected


def test_a_tiny_share_is_not_shown_as_nothing() -> None:
    assert units.percent(0.0004) == "0.04 %"
    assert units.percent(0.00001) == "<0.01 %"
    assert units.percent(0.0) == "0 %"
    assert units.points(-0.0004) == "-0.04 points"
    assert units.percent(-0.0, signed=True) == "+0 %"


def test_a_share_is_no_finer_than_people_read_it() -> None:
    assert units.percent(0.5416) == "54 %"
    assert units.percent(1.0) == "100 %"
    assert units.percent(0.072) == "7.2 %"
    assert units.percent(0.0999) == "10 %"


def test_nearly_all_is_not_shown_as_all() -> None:
    assert units.percent(0.9961) == "99.6 %"
    assert units.percent(0.99999) == ">99.9 %"
    assert units.percent(1.204) == "120 %"


def test_who_judges_a_log_reads_tenths() -> None:
    assert units.percent_to_a_tenth(0.5416) == "54.2 %"
    assert units.percent_to_a_tenth(0.0) == "0.0 %"


def test_a_rare_rate_keeps_its_decimals() -> None:
    assert units.rate(0.04) == "0.04"
    assert units.rate(0.0021) == "0.002"
    assert units.rate(0.0001) == "<0.001"
    assert units.rate(12.34) == "12.3"


def test_a_ratio_is_never_in_powers_of_ten() -> None:
    shown = [units.times(value) for value in (0.0001, 0.004, 0.17, 1.08, 12.3, 1e7)]
    assert shown == ["<0.001", "0.004", "0.17", "1.08", "12", ">10,000"]


def test_values_with_braces_are_only_values() -> None:
    assert say("{what}", what="{danger}") == "{danger}"
    assert say_n("{n} burst", "{n} bursts", 0) == "0 bursts"
    assert say_n("{n} burst", "{n} bursts", 1) == "1 burst"


def test_confidence_words_rise() -> None:
    assert [confidence_in_words(value) for value in (0.3, 0.6, 0.95)] == [
        "low",
        "moderate",
        "high",
    ]
