"""Simulated lives: their recordings are windows of their days."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.demo.lives.curves import from_to, steady
from twitch_tracker.demo.lives.drawn import draw_life
from twitch_tracker.demo.lives.person import (
    Bursting,
    Detector,
    Diary,
    Habit,
    Injections,
    Life,
    Variability,
)
from twitch_tracker.demo.lives.scenarios import SCENARIOS, scenario_named
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import DIARY_FACTORS, Task
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.regions import SIDES, Side
from twitch_tracker.wording.progression import reading_texts

SEEN_WELL = Detector(
    found=steady(1.0),
    half_found_s=0.0,
    false_per_min=steady(0.0),
    split_per_min=0.0,
    edge_sd_s=0.0,
)


def test_a_seed_is_a_person() -> None:
    life = Life(days=40)
    assert repr(draw_life(life, 3)) == repr(draw_life(life, 3))
    assert repr(draw_life(life, 3).films) != repr(draw_life(life, 4).films)


def test_what_is_logged_is_cut_out_of_what_happened() -> None:
    """A perfect detector logs the true bursts, clipped to what was measured."""
    life = Life(days=60, detector=SEEN_WELL, habit=Habit(turned_away=0.0))
    for film in draw_life(life, 1).films:
        totals = film.logged.sides[life.side]
        clipped = np.clip(film.true.spans_s, 0, film.logged.recorded_s)
        assert totals.spasm_s == pytest.approx(np.diff(clipped).sum(), abs=0.2)
        begun = (film.true.spans_s[:, 0] > 0.06).sum()
        assert (~totals.onset_cut).sum() == pytest.approx(begun, abs=1)
        assert film.logged.sides[life.side.other].episodes == 0


def test_pauses_over_what_was_not_measured_are_not_counted() -> None:
    life = Life(days=200, habit=Habit(turned_away=1.0), detector=SEEN_WELL)
    films = draw_life(life, 1).films
    assert all(len(film.excluded) == 1 for film in films)
    assert all(film.logged.analysable_s < film.logged.recorded_s for film in films)
    pauses = sum(len(film.logged.sides[life.side].pauses_s) for film in films)
    bursts = sum(film.logged.sides[life.side].episodes for film in films)
    assert pauses < bursts - len(films)


def test_recordings_shorten_and_are_drawn_to_bad_days() -> None:
    life = Life(days=365, habit=Habit(per_week=7, minutes=from_to(6.0, 1.0, 365)))
    lengths = [film.logged.recorded_s for film in draw_life(life, 1).films]
    assert np.median(lengths[:20]) > 4 * np.median(lengths[-20:])
    drawn = draw_life(replace(life, habit=Habit(per_week=2, pull=1.5)), 1)
    chosen = drawn.days.factor[[film.day for film in drawn.films]]
    assert chosen.mean() > 1.2 * drawn.days.factor.mean()


def test_a_mirror_swaps_the_sides_and_nothing_else() -> None:
    life = Life(days=120, detector=replace(SEEN_WELL, mirrored_from=60.0))
    for film in draw_life(life, 2).films:
        side = Side.RIGHT if film.day >= 60 else Side.LEFT
        assert film.mirrored is (film.day >= 60)
        assert film.logged.sides[side.other].episodes == 0
    drawn = draw_life(life, 2)
    late = [f.logged.rest_asymmetry for f in drawn.films if f.mirrored]
    early = [f.logged.rest_asymmetry for f in drawn.films if not f.mirrored]
    assert np.mean(late) < 0 < np.mean(early)


def test_days_have_factors_of_mean_one_and_spells() -> None:
    life = Life(days=6000, variability=Variability(day_shape=4.0, spell_ratio=3.0))
    factor = draw_life(replace(life, habit=Habit(per_week=0.01)), 1).days.factor
    assert factor.mean() == pytest.approx(1.0, abs=0.06)
    smooth = np.convolve(factor, np.ones(5) / 5, "valid")
    assert np.corrcoef(smooth[:-5], smooth[5:])[0, 1] > 0.2


def test_injections_lose_and_gain_effect_and_dose() -> None:
    given = Injections(
        days=(50.0, 150.0), depth=0.25, each=0.5, dose_each=1.5, half_sd=0
    )
    life = Life(days=250, injections=given, habit=Habit(per_week=0.1))
    drawn = draw_life(life, 1)
    logs = np.log(drawn.days.effect)
    assert logs[:50] == pytest.approx(0)
    assert logs[70] == pytest.approx(np.log(0.25), rel=0.02)
    assert logs[170] == pytest.approx(0.5 * 1.5 * np.log(0.25), rel=0.02)
    assert logs[135] == pytest.approx(np.log(0.25) / 2, rel=0.02)
    units = [treatment.units for treatment in drawn.history.treatments]
    assert units == [20.0, 30.0]
    assert sum(drawn.history.treatments[1].muscles.values()) == pytest.approx(30.0)


def test_stress_drives_bursts_and_fatigue_goes_along() -> None:
    diary = Diary(share=1.0, stress_ratio=1.2, fatigue_by_stress=0.7)
    drawn = draw_life(Life(days=2000, diary=diary, habit=Habit(per_week=0.1)), 1)
    assert np.corrcoef(drawn.days.stress, drawn.days.fatigue)[0, 1] > 0.5
    bad, good = drawn.days.stress >= 7, drawn.days.stress <= 1
    ratio = drawn.days.factor[bad].mean() / drawn.days.factor[good].mean()
    assert 2 < ratio < 6
    for entry in drawn.history.diary:
        for factor, (low, high) in DIARY_FACTORS.items():
            value = getattr(entry, factor)
            assert np.isnan(value) or low <= value <= high


def test_provoked_tasks_have_more_bursts() -> None:
    life = Life(
        days=365,
        bursting=Bursting(train=1.0),
        habit=Habit(per_week=7, provoked_share=1, minutes=steady(1), minutes_sd=0),
    )
    films = draw_life(life, 1).films
    count = dict.fromkeys((Task.REST, Task.PURSING), 0)
    for film in films:
        count[film.logged.task] += film.logged.sides[life.side].episodes
    assert count[Task.PURSING] > 1.4 * count[Task.REST]


@pytest.mark.parametrize("name", SCENARIOS)
def test_nothing_lasts_longer_than_what_was_measured(name: str) -> None:
    life = scenario_named(name).life
    drawn = draw_life(replace(life, habit=replace(life.habit, per_week=0.3)), 1)
    assert len(drawn.films) >= 2
    for film in drawn.films:
        for side in SIDES:
            totals = film.logged.sides[side]
            assert totals.spasm_s <= film.logged.analysable_s + 0.01
            assert len(totals.onset_cut) == totals.episodes


@pytest.mark.parametrize(("days", "per_week"), [(1, 1.0), (2, 7.0), (3650, 1.0)])
def test_any_course_has_a_page(days: int, per_week: float) -> None:
    """One recording, two, and ten years of them."""
    drawn = draw_life(Life(days=days, habit=Habit(per_week=per_week)), 1)
    found = progress_of(drawn.history)
    assert found.recordings == len(drawn.films)
    assert reading_texts(found)


def test_an_unknown_scenario_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadParameter, match="sudden_end"):
        scenario_named("nothing")


def test_lives_that_cannot_be_are_refused() -> None:
    with pytest.raises(BadParameter, match="days"):
        Life(days=0)
    with pytest.raises(BadParameter, match="train"):
        Bursting(train=0.5)
    with pytest.raises(BadParameter, match="knots"):
        from_to(-1.0, 2.0, 10.0)
