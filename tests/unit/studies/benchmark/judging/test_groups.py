"""The same for every face: who is in which group, and when the rule is broken."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from studies.benchmark.building.films import Film
from studies.benchmark.building.plan import VersionKind
from studies.benchmark.judging.detectors import OURS
from studies.benchmark.judging.figures import DetectorFigures
from studies.benchmark.judging.groups import (
    NOT_CODED,
    Dimension,
    compare_films,
    compare_groups,
    eye_size,
)
from twitch_tracker.regions import Side

LIGHT = ("skin:light", "age:20-40", "light:studio", "camera:fixed")
DARK = ("skin:dark", "age:60+", "light:poor", "camera:webcam", "glasses", "stubble")


@pytest.fixture
def compared(made_up, burst) -> Callable[..., dict[str, Dimension]]:
    """Compare two faces of each kind and one of which no traits are told.

    Each has a minute of untouched video, with `alarms` in those of the dark faces and
    `light` in those of the light ones, and one burst, `found` in the dark faces.
    """

    def make(alarms: int, found: bool = True, light: int = 1) -> dict[str, Dimension]:
        scored = []
        for face, traits, number, hit in (
            *(("ab"[k], LIGHT, light, True) for k in range(2)),
            *(("cd"[k], DARK, alarms, found) for k in range(2)),
            ("e", (), 9, False),
        ):
            apart_px = 60.0 if traits == DARK else 120.0
            quiet = made_up.version(
                VersionKind.UNTOUCHED, face=face, variant=0, traits=traits
            )
            logged = tuple(burst(3 * k, 3 * k + 1, Side.LEFT) for k in range(number))
            scored.append(made_up.scored(quiet, (), logged, interocular_px=apart_px))
            true = (burst(5, 6, Side.LEFT),)
            version = made_up.version(face=face, traits=traits)
            log = true if hit else ()
            scored.append(made_up.scored(version, true, log, interocular_px=apart_px))
        figures = DetectorFigures(OURS, scored, draws=100)
        return {item.name: item for item in compare_groups(figures)}

    return make


def test_every_face_is_in_one_group_of_every_dimension(compared):
    dimensions = compared(1)
    names = {key: [g.name for g in item.groups] for key, item in dimensions.items()}
    assert names["skin"] == ["light", "dark", NOT_CODED]
    assert names["glasses"] == ["glasses", "none", NOT_CODED]
    assert names["beard"] == ["stubble", "none", NOT_CODED]
    assert names["generated"] == ["none", NOT_CODED]
    assert names["eyes apart"] == ["below 70 px", "from 110 px"]
    for item in dimensions.values():
        assert sum(group.faces for group in item.groups) == 5
        assert sum(group.minutes for group in item.groups) == 5


def test_the_rule_holds_where_groups_are_alike(compared):
    assert compared(2)["skin"].met is True
    light, dark, _ = compared(2)["skin"].groups
    assert (dark.alarms.value, light.alarms.value) == (2.0, 1.0)


def test_more_than_twice_the_alarms_break_it_for_that_group_alone(compared):
    light, dark, _ = compared(3)["skin"].groups
    assert dark.alarms_met is False
    assert light.alarms_met is True
    assert compared(3)["light"].met is False


def test_a_tenth_fewer_found_break_it(compared):
    light, dark, _ = compared(1, found=False)["skin"].groups
    assert (dark.found_met, light.found_met) == (False, True)


def test_who_is_not_coded_is_compared_with_nobody(compared):
    """Face e has nine alarms a minute and nothing found, and no traits."""
    unknown = compared(1)["skin"].groups[-1]
    assert unknown.name == NOT_CODED
    assert (unknown.alarms_met, unknown.found_met) == (None, None)
    assert compared(1)["generated"].met is None


def test_eye_sizes_are_bands_without_gaps():
    bands = [eye_size(float(px)) for px in (10, 69.9, 70, 109.9, 110, 300)]
    assert [a == b for a, b in pairwise(bands)] == [True, False, True, False, True]
    assert eye_size(float("nan")) == NOT_CODED


def test_worse_films_are_held_against_the_same_recordings_filmed_plainly(
    made_up, burst
):
    true = (burst(5, 6, Side.LEFT),)
    made = [("a", Film.PLAIN, true), ("a", Film.DIM, ())]
    made += [("b", Film.PLAIN, true), ("b", Film.DIM, true)]
    made += [("c", Film.PLAIN, ())]  # nobody filmed that one worse
    scored = [
        made_up.scored(made_up.version(face=face, film=film), true, logged)
        for face, film, logged in made
    ]
    figures = DetectorFigures(OURS, scored, films=tuple(Film), draws=50)
    plain, dim = compare_films(figures).groups
    assert (plain.name, plain.found.value, plain.faces) == ("plain", 1.0, 2)
    assert (dim.name, dim.found.value) == ("dim", 0.5)
    assert dim.found_met is False


def test_a_worse_film_counts_in_no_other_figure(made_up, burst):
    true = (burst(5, 6, Side.LEFT),)
    scored = [
        made_up.scored(made_up.version(face=face, film=film), true, ())
        for face, film in (("a", Film.PLAIN), ("a", Film.SMALL))
    ]
    figures = DetectorFigures(OURS, scored, draws=50)
    assert figures.of(figures.spasms, "sensitivity").n == 1
