"""People of the second generator with few recordings, and trends made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from twitch_tracker.demo.lives.drawn import Drawn, draw_life
from twitch_tracker.demo.lives.person import Habit
from twitch_tracker.demo.lives.scenarios import scenario_named
from twitch_tracker.history import TaskKind
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import (
    Estimate,
    Measure,
    Progression,
    Scale,
    Series,
    Sureness,
    Trend,
)
from twitch_tracker.regions import Side

NOTHING = Estimate(value=1.0, low=0.5, high=2.0)


@cache
def drawn(name: str) -> Drawn:
    """A person of a scenario with a few recordings."""
    life = scenario_named(name).life
    return draw_life(replace(life, habit=Habit(per_week=0.5)), 1)


@cache
def progression(name: str) -> Progression:
    """What is said of that person."""
    return progress_of(drawn(name).history)


def on(name: str, day: int) -> date:
    return drawn(name).life.start + timedelta(days=day)


def series(
    name: str,
    measure: Measure,
    change: float,
    *,
    side: Side | None = Side.LEFT,
    sureness: Sureness = Sureness.CLEAR,
    scale: Scale = Scale.RATIO,
) -> Series:
    """A trend over the whole course of a scenario."""
    value = Estimate(value=change, low=change, high=change)
    trend = Trend(
        start=on(name, 0),
        end=on(name, drawn(name).life.days - 1),
        scale=scale,
        fitted_start=1.0,
        fitted_end=change,
        change=value,
        per_year=value,
        p_value=0.0,
        sureness=sureness,
        recordings=10,
        analysable_min=30.0,
        minutes_needed=0.0,
    )
    return Series(
        measure=measure,
        side=side,
        kind=TaskKind.REST,
        recordings=(),
        periods=(),
        period="recording",
        trend=trend,
    )
