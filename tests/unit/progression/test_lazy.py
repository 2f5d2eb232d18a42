"""Parts of a progression that are made when they are looked at."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from twitch_tracker.history import TaskKind, Treatment, TreatmentKind
from twitch_tracker.progression.lazy import LazyCourses
from twitch_tracker.progression.results import Estimate, InjectionCourse
from twitch_tracker.regions import Side

RATIO = Estimate(value=0.5, low=0.4, high=0.6)


def course(number: int) -> InjectionCourse:
    """A course of an injection on the day of that number."""
    treatment = Treatment(
        treatment_id=str(number),
        kind=TreatmentKind.BOTULINUM_TOXIN,
        on=date(2026, 1, 1) + timedelta(days=number),
        units=25.0,
    )
    return InjectionCourse(
        treatment=treatment,
        side=Side.LEFT,
        kind=TaskKind.REST,
        before=RATIO,
        peak=RATIO,
        peak_over_before=RATIO,
        peak_over_last_peak=None,
        wear_off_day=None,
    )


@pytest.fixture
def made() -> list[int]:
    """Numbers of the courses in the order in which they were made."""
    return []


@pytest.fixture
def courses(made: list[int]) -> LazyCourses:
    """Five of them."""

    def maker(number: int) -> Callable[[], InjectionCourse]:
        def make() -> InjectionCourse:
            made.append(number)
            return course(number)

        return make

    return LazyCourses(maker(number) for number in range(5))


def test_a_course_is_made_once_and_only_when_looked_at(
    courses: LazyCourses, made: list[int]
) -> None:
    assert len(courses) == 5
    assert not made
    assert next(reversed(courses)).treatment.treatment_id == "4"
    assert courses[-1] is courses[4]
    assert made == [4]


def test_it_equals_the_tuple_of_the_same_courses(courses: LazyCourses) -> None:
    whole = tuple(course(number) for number in range(5))
    assert courses == whole
    assert courses[1:3] == whole[1:3]
    assert courses != whole[:4]


def test_copied_and_pickled_it_is_that_tuple(courses: LazyCourses) -> None:
    for again in (copy.deepcopy(courses), pickle.loads(pickle.dumps(courses))):
        assert isinstance(again, tuple)
        assert again == tuple(courses)
