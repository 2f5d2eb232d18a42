"""What a person reads first: twelve simulated courses, with what is true of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from studies.coverage.table import case_of
from studies.coverage.truth import Level, level_on
from twitch_tracker.demo.lives.scenarios import LifeScenario, scenario_named
from twitch_tracker.progression.results import Progression

__all__ = ["TWELVE", "Course", "courses_of"]

TWELVE: Final = (
    "stable",
    "eyelid_only",
    "shorter",
    "new_lamp",
    "better_camera",
    "mirrored",
    "late",
    "growing",
    "sudden_end",
    "waning",
    "cycles",
    "stress",
)


@dataclass(frozen=True, kw_only=True)
class Course:
    """One simulated course.

    Attributes
    ----------
    scenario : LifeScenario
        Who.
    first, last : Level
        What is true on the first and the last day, injections taken away.
    found : Progression
        What the page says at the end.
    """

    scenario: LifeScenario
    first: Level
    last: Level
    found: Progression


def courses_of(names: tuple[str, ...], seed: int) -> Iterator[Course]:
    """Draw one person of each scenario and look at the page at the end.

    Parameters
    ----------
    names : tuple of str
        Names of scenarios.
    seed : int
        Source of chance.

    Yields
    ------
    Course
        In the order of the names.

    Raises
    ------
    BadParameter
        There is no such scenario.
    """
    for name in names:
        scenario = scenario_named(name)
        life = scenario.life
        yield Course(
            scenario=scenario,
            first=level_on(life, 0),
            last=level_on(life, life.days - 1),
            found=case_of(scenario, seed, ever=False).found,
        )
