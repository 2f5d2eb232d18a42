"""What is said after treatments, of parts of the face, and of questionnaires."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from twitch_tracker.history import DiaryEntry, TaskKind, Treatment, TreatmentKind
from twitch_tracker.language import speaking
from twitch_tracker.progression.clinic.questionnaire import questionnaire_change
from twitch_tracker.progression.results import (
    Estimate,
    Measure,
    OtherCourse,
    RegionReached,
    Sureness,
)
from twitch_tracker.regions import Region, Side
from twitch_tracker.wording.clinic.signs import questionnaire_text
from twitch_tracker.wording.journal.listing import diary_line, treatment_line
from twitch_tracker.wording.measures import measure_name, tick_text
from twitch_tracker.wording.progression import reading_text
from twitch_tracker.wording.terms import treatment_name
from twitch_tracker.wording.treatments import other_text

DRUG = Treatment(
    kind=TreatmentKind.OTHER, on=date(2024, 4, 4), product="carbamazepine stopped"
)


def course_of(low: float, value: float, high: float) -> OtherCourse:
    return OtherCourse(
        treatment=DRUG,
        side=Side.LEFT,
        kind=TaskKind.REST,
        first_on=date(2024, 4, 12),
        last_on=date(2024, 9, 30),
        before=Estimate(value=0.5, low=0.3, high=0.8),
        after=Estimate(value=0.5 * value, low=0.5 * low, high=0.5 * high),
        after_over_before=Estimate(value=value, low=low, high=high),
        analysable_min=90.0,
        sureness=Sureness.POSSIBLE,
    )


@pytest.mark.parametrize(("low", "value", "high"), [(12, 20, 35), (0.03, 0.05, 0.1)])
def test_what_stands_out_by_itself_is_not_called_chance(
    low: float, value: float, high: float
) -> None:
    told = other_text(course_of(low, value, high))
    assert "By itself that stands out (" in told
    assert "does not call this clear yet" in told
    assert "chance" not in told


@pytest.mark.parametrize(("low", "value", "high"), [(1.2, 2, 3.5), (0.3, 0.5, 0.9)])
def test_an_interval_near_no_change_may_be_chance(
    low: float, value: float, high: float
) -> None:
    told = other_text(course_of(low, value, high))
    assert "chance alone gives such an answer now and then" in told
    assert "stands out" not in told


def test_what_was_done_stands_in_brackets_behind_its_day() -> None:
    """People write "stopped", which is no thing that is "of" a day."""
    told = other_text(course_of(1.2, 2.0, 3.5))
    assert "one week after 4 Apr 2024 (carbamazepine stopped) to 30 Sep 2024" in told
    unnamed = replace(course_of(1.2, 2.0, 3.5), treatment=replace(DRUG, product=""))
    assert "one week after 4 Apr 2024 (the treatment) to" in other_text(unnamed)


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.0, "sure since 8 Aug 2023, lately in no burst."),
        (0.3, "sure since 8 Aug 2023, lately in 30 % of the bursts."),
        (float("nan"), "sure since 8 Aug 2023."),
    ],
)
def test_a_part_that_lately_took_part_in_nothing_is_told_so(
    share: float, told: str
) -> None:
    reached = RegionReached(
        region=Region.MOUTH_CORNER,
        side=Side.LEFT,
        kind=TaskKind.REST,
        first_on=date(2023, 8, 8),
        latest_share=Estimate(value=share, low=share, high=share),
    )
    assert reading_text(reached).endswith(told)


@pytest.mark.parametrize(
    ("last", "told"),
    [(27.0, "That is worse, by at"), (17.0, "That is better, by at"), (23.0, "less")],
)
def test_a_total_that_changed_enough_is_told_as_better_or_worse(
    last: float, told: str
) -> None:
    days = (date(2024, 1, 1), 22.0), (date(2024, 6, 1), last)
    diary = [DiaryEntry(on=on, hfs7_total=total) for on, total in days]
    found = questionnaire_change("hfs7_total", diary, ())
    assert found is not None
    assert told in questionnaire_text(found)


@pytest.mark.parametrize("language", ["de", "es"])
def test_a_language_has_one_decimal_sign(language: str) -> None:
    given = Treatment(
        kind=TreatmentKind.BOTULINUM_TOXIN,
        on=date(2024, 4, 4),
        units=12.5,
        muscles={"zygomaticus": 2.5},
    )
    day = DiaryEntry(on=date(2024, 4, 4), sleep_hours=6.5)
    with speaking(language):
        told = (
            treatment_name(given),
            treatment_line(given),
            diary_line(day),
            tick_text(Measure.EPISODES_PER_MIN, 0.5),
            tick_text(Measure.MEDIAN_DURATION_S, 0.5),
        )
    for text in told:
        assert "," in text
        assert ".5" not in text


def test_a_german_median_does_not_read_as_a_mean() -> None:
    with speaking("de"):
        names = [
            measure_name(Measure.MEDIAN_DURATION_S),
            measure_name(Measure.MEDIAN_PAUSE_S),
        ]
    assert names == ["Typische Länge (Median)", "Typische Pause (Median)"]
