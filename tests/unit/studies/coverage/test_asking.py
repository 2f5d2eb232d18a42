"""Questions about a page, answered of pages made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_lives import NOTHING, drawn, on, progression, series

from studies.coverage import asking
from studies.coverage.asking import Case
from twitch_tracker.demo.lives.drawn import draw_life
from twitch_tracker.demo.lives.person import Habit, Life, Variability
from twitch_tracker.demo.lives.scenarios import scenario_named
from twitch_tracker.history import TaskKind
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import (
    Break,
    Broken,
    Measure,
    RegionReached,
    Step,
)
from twitch_tracker.progression.results.readings import Reading, TimeBeside
from twitch_tracker.regions import Region, Side

RATE, TIME = Measure.EPISODES_PER_MIN, Measure.SPASM_FRACTION


def case(name: str, *readings: Reading) -> Case:
    """A page that begins with these."""
    person = drawn(name)
    found = replace(progression(name), readings=readings)
    return Case(drawn=person, found=found, looks=(found,), seed=1)


def test_what_a_page_opens_with() -> None:
    less, more = series("late", RATE, 0.5), series("late", TIME, 9.0)
    assert asking.opens_with_less(case("late", less, more))
    assert asking.less_often(case("late", less, more))
    assert not asking.opens_with_time(case("late", less, more))
    assert asking.opens_with_time(case("late", more, less))
    assert not asking.opens_with_less(case("late", more, less))
    assert not asking.opens_with_less(case("late"))


def test_shorter_pauses_are_not_less() -> None:
    shorter = series("late", Measure.MEDIAN_PAUSE_S, 0.5)
    assert not asking.opens_with_less(case("late", shorter))


def test_wrong_is_anything_firm_that_is_not_so() -> None:
    right, wrong = series("late", TIME, 9.0), series("late", TIME, 0.2)
    assert not asking.wrong(case("late", right))
    assert asking.wrong(case("late", right, wrong))
    assert asking.wrong_trend(case("late", wrong))
    both = case("late", right)
    looked = replace(both, looks=(case("late", wrong).found, both.found))
    assert asking.wrong_ever(looked)
    assert not asking.wrong_ever(both)


def test_an_end_is_told_by_fewer_bursts_or_less_time() -> None:
    assert asking.end_shown(case("sudden_end", series("sudden_end", RATE, 0.1)))
    assert asking.end_shown(case("sudden_end", series("sudden_end", TIME, 0.1)))
    longest = series("sudden_end", Measure.LONGEST_DURATION_S, 0.1)
    assert not asking.end_shown(case("sudden_end", longest))


def with_trend(name: str, measure: Measure, change: float) -> Case:
    """A page whose trend of a measure is this, told or not."""
    page = case(name)
    made = series(name, measure, change)
    return replace(page, found=replace(page.found, series=(made,)))


def test_a_slope_is_compared_with_the_true_one() -> None:
    """Half as many again every year makes 2.25 times in two."""
    true = 1.5 ** (729 / 365.25)
    wide = series("growing", RATE, true)
    assert wide.trend is not None
    page = case("growing")
    near = replace(wide.trend.change, low=true / 1.1, high=true * 1.1)
    trend = replace(wide.trend, change=near)
    found = replace(page.found, series=(replace(wide, trend=trend),))
    assert asking.slope_inside(RATE)(replace(page, found=found))
    assert not asking.slope_inside(RATE)(with_trend("growing", RATE, 1.2))
    half = asking.slope_share(with_trend("growing", RATE, true**0.5))
    assert half == pytest.approx(0.5, abs=0.02)


def test_a_line_may_pass_all_of_the_time() -> None:
    assert asking.time_past_all(with_trend("late", TIME, 1.06))
    assert not asking.time_past_all(with_trend("late", TIME, 0.94))


def test_chance_alone_is_the_p_value_of_the_rate() -> None:
    made = series("eight_weeks", RATE, 0.8)
    assert made.trend is not None
    for p_value, under in ((0.04, True), (0.06, False)):
        page = case("eight_weeks")
        trend = replace(made.trend, p_value=p_value)
        found = replace(page.found, series=(replace(made, trend=trend),))
        assert asking.at_five_percent(replace(page, found=found)) is under


def test_shuffled_days_find_what_is_there_and_not_more_than_they_may() -> None:
    """Bursts that end half-way are found; of stable people about one in twenty is."""
    ended = draw_life(scenario_named("sudden_end").life, 1)
    assert asking.permuted(replace(case("eight_weeks"), drawn=ended))
    life = Life(
        days=56, variability=Variability(spell_ratio=1.0), habit=Habit(turned_away=0.0)
    )
    page = case("eight_weeks")
    people = [
        replace(page, drawn=draw_life(life, seed), seed=seed) for seed in range(60)
    ]
    assert sum(bool(asking.permuted(one)) for one in people) <= 8


def test_a_warning_is_of_one_kind() -> None:
    page = case("mirrored")
    told = (Break(on=on("mirrored", 181), what=Broken.SIDE),)
    warned = replace(page, found=replace(page.found, breaks=told))
    silent = replace(page, found=replace(page.found, breaks=()))
    assert asking.warned(Broken.SIDE)(warned)
    assert not asking.warned(Broken.LENGTH)(warned)
    assert not asking.warned(Broken.SIDE)(silent)
    assert asking.warned_of_anything(warned)
    assert not asking.warned_of_anything(silent)


def test_a_promise_that_is_never_made_is_not_asked_about() -> None:
    assert asking.promise_kept(case("promise")) is None


def test_time_in_bursts_leads_also_where_it_only_stands_beside() -> None:
    beside = TimeBeside(series=series("late", TIME, 1.1))
    less = series("late", RATE, 0.5)
    assert not asking.opens_with_less(case("late", beside, less))
    assert asking.opens_with_time(case("late", beside, less))


@pytest.mark.parametrize(("day", "near"), [(85, True), (130, False)])
def test_the_day_of_an_end_is_told_within_two_weeks(day: int, near: bool) -> None:
    made = series("sudden_end", RATE, 0.1)
    assert made.trend is not None
    step = Step(
        day=on("sudden_end", day),
        earliest=on("sudden_end", day - 9),
        latest=on("sudden_end", day + 9),
        before=1.7,
        after=0.1,
        change=made.trend.change,
    )
    page = case("sudden_end")
    stepped = replace(made, trend=replace(made.trend, step=step))
    found = replace(page.found, series=(stepped,))
    assert asking.end_dated(replace(page, found=found)) is near
    assert asking.end_dated(with_trend("sudden_end", RATE, 0.1)) is None


@pytest.mark.parametrize(("day", "right"), [(150, False), (200, True), (300, False)])
def test_a_region_is_told_soon_after_it_joined_and_not_before(
    day: int, right: bool
) -> None:
    """It joins on day 180."""
    page = case("spreading")
    reached = RegionReached(
        region=Region.MOUTH_CORNER,
        side=Side.LEFT,
        kind=TaskKind.REST,
        first_on=on("spreading", day),
        latest_share=NOTHING,
    )
    told = replace(page, found=replace(page.found, regions=(reached,)))
    assert asking.joined_on(told) is right
    assert not asking.joined_on(replace(page, found=replace(page.found, regions=())))


def test_a_promise_is_followed_until_nearly_everybody_has_one() -> None:
    """Only those whom luck chose are promised anything within a year."""
    scenario = scenario_named("promise")
    person = draw_life(scenario.life, 1)
    page = progress_of(person.history)
    made = Case(drawn=person, found=page, looks=(page,), seed=1)
    assert asking.promise_made(made)
    assert asking.promise_kept(made)
    assert not asking.promise_made(case("promise"))
    assert scenario.looks[-1] > person.life.days - 28
