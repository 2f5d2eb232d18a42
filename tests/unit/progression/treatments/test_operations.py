"""Operations, drugs and other treatments, on courses whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
from treated_courses import (
    FIRST,
    course,
    drugged,
    injected,
    operated,
    quarter_in_effect,
)

from twitch_tracker.history import (
    Treatment,
    TreatmentKind,
)
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import (
    Measure,
    OperationCourse,
    Sureness,
)
from twitch_tracker.progression.results.readings import Remark
from twitch_tracker.regions import Side
from twitch_tracker.wording.progression import reading_text, reading_texts
from twitch_tracker.wording.treatments import other_text

Make = Callable[..., Any]


def test_an_operation_has_marks_and_no_early_verdict(
    history: Make, recording: Make
) -> None:
    def rate(day: int) -> float:
        return 4.0 if day < 120 else 4 * max(0.1, 1 - (day - 120) / 100)

    rows = course(recording, range(0, 330, 3), rate)
    found = progress_of(history(*rows, treatments=(operated(120),)))
    (operation,) = found.operations
    assert [m.day for m in operation.marks] == [7, 30, 91, 183]
    last = operation.marks[-1]
    assert last.over_before.low < 0.1 < last.over_before.high < 1
    assert operation.is_early
    for series in found.series:
        if series.side is Side.LEFT:
            assert series.trend is None
    assert any(s.trend for s in found.series if s.side is Side.RIGHT)


def test_after_an_operation_the_trend_starts_anew(
    history: Make, recording: Make
) -> None:
    rows = course(recording, range(0, 700, 5), lambda d: 5.0 if d < 100 else 1.0)
    found = progress_of(history(*rows, treatments=(operated(100),)))
    rate = next(
        s
        for s in found.series
        if s.measure is Measure.EPISODES_PER_MIN and s.side is Side.LEFT
    )
    assert rate.trend is not None
    assert rate.trend.start == FIRST + timedelta(days=375)
    assert rate.trend.sureness is not Sureness.CLEAR
    assert rate.trend.after_operation
    assert not found.operations[0].is_early


def test_an_operation_that_helps_is_clear_and_one_that_does_not_is_not(
    history: Make, recording: Make
) -> None:
    """Three recordings a week; one burst in ten is left, or all of them."""

    def sureness(left: float) -> Sureness:
        rows = course(
            recording, range(0, 330, 3), lambda d: 3.0 if d < 120 else 3.0 * left
        )
        found = progress_of(history(*rows, treatments=(operated(120),)))
        return found.operations[0].marks[-1].sureness

    assert sureness(0.1) is Sureness.CLEAR
    assert sureness(1.0) is not Sureness.CLEAR


def test_more_bursts_after_an_operation_are_as_clear_as_fewer(
    history: Make, recording: Make
) -> None:
    rows = course(recording, range(0, 540, 4), lambda d: 1.0 if d < 180 else 4.0)
    found = progress_of(history(*rows, treatments=(operated(180),)))
    (followed,) = found.operations
    assert followed.marks[-1].sureness is Sureness.CLEAR
    assert followed.marks[-1].over_before.low > 1
    assert found.readings[0] == followed
    assert "failed" not in reading_text(followed)


def test_late_relief_after_an_operation_is_clear(
    history: Make, recording: Make
) -> None:
    """Bursts end five months after it."""
    rows = course(recording, range(0, 545, 4), lambda d: 2.0 if d < 330 else 0.1)
    found = progress_of(history(*rows, treatments=(operated(180),)))
    (followed,) = found.operations
    assert followed.marks[-1].sureness is Sureness.CLEAR
    assert followed.marks[0].sureness is not Sureness.CLEAR
    assert found.readings[0] == followed


def test_relief_in_how_long_bursts_last_is_told(history: Make, recording: Make) -> None:
    """After an operation as many bursts begin, but they last 2 instead of 40 s."""
    rng = np.random.default_rng(0)
    rows = [
        recording(d, (40.0 if d < 180 else 2.0) * rng.lognormal(0, 0.3, 3))
        for d in range(0, 540, 4)
    ]
    found = progress_of(history(*rows, treatments=(operated(180),)))
    said = reading_texts(found)[0]
    assert "Clearly less time was spent in bursts: 3" in said
    assert isinstance(found.readings[0], OperationCourse)


def test_no_change_is_not_said_beside_a_clear_treatment(
    history: Make, recording: Make
) -> None:
    """A drug halves bursts; a second one does nothing; the injections before have long worn off."""
    rows = course(recording, range(0, 700, 3), lambda d: 3.0 if d < 200 else 1.2)
    other = Treatment(
        kind=TreatmentKind.OTHER, on=FIRST + timedelta(days=200), product="drug"
    )
    later = replace(other, on=FIRST + timedelta(days=520), product="acupuncture")
    found = progress_of(history(*rows, treatments=(other, later)))
    assert found.others[0].sureness is Sureness.CLEAR
    assert found.others[1].sureness is not Sureness.CLEAR
    assert found.others[0] in found.readings
    assert Remark.NOTHING_CLEAR not in found.readings


def test_operations_of_both_sides_are_told(history: Make, recording: Make) -> None:
    """The one that helped is not passed over because the other side was operated later."""
    rows = [
        recording(
            d,
            [0.5] * rng.poisson(9 if d < 100 else 1),
            right=[0.5] * rng.poisson(9 if d < 400 else 8),
        )
        for rng in [np.random.default_rng(3)]
        for d in range(0, 700, 4)
    ]
    right = replace(operated(400), side=Side.RIGHT)
    found = progress_of(history(*rows, treatments=(operated(100), right)))
    told = [r.side for r in found.readings if isinstance(r, OperationCourse)]
    assert told[0] is Side.LEFT
    assert set(told) == {Side.LEFT, Side.RIGHT}


def test_a_drug_that_halves_bursts_is_told(history: Make, recording: Make) -> None:
    rows = course(recording, range(0, 360, 2), lambda d: 4.0 if d < 180 else 2.0)
    found = progress_of(history(*rows, treatments=(drugged(180),)))
    (told,) = found.others
    assert told.side is Side.LEFT
    assert told.after_over_before.low < 0.5 < told.after_over_before.high
    assert told.before.low < 4.0 < told.before.high
    assert told.after.low < 2.0 < told.after.high
    assert (told.first_on, told.last_on) == (FIRST, FIRST + timedelta(days=358))
    assert told.sureness is Sureness.CLEAR
    assert told in found.readings
    assert "after 29 Jun 2024 (carbamazepine) to" in other_text(told)
    assert "That is about half" in other_text(told)


def test_a_drug_that_does_nothing_is_not_told(history: Make, recording: Make) -> None:
    rows = course(recording, range(0, 360, 2), lambda _: 3.0)
    found = progress_of(history(*rows, treatments=(drugged(180),)))
    (told,) = found.others
    assert told.sureness is not Sureness.CLEAR
    assert "not sure that this is more than chance" in other_text(told)


def test_a_drug_is_compared_up_to_the_next_treatment(
    history: Make, recording: Make
) -> None:
    """What a second drug or an operation did is not laid at the first one's door."""
    rows = course(recording, range(0, 360, 2), lambda d: 4.0 if d < 240 else 0.4)
    given = (drugged(180), drugged(240, "acupuncture"))
    first, second = progress_of(history(*rows, treatments=given)).others
    assert first.last_on < given[1].on
    assert first.after_over_before.low < 1 < first.after_over_before.high
    assert second.first_on >= given[0].on + timedelta(days=7)
    assert second.after_over_before.high < 0.3


def test_injections_are_no_part_of_what_a_drug_is_said_to_do(
    history: Make, recording: Make
) -> None:
    """A drug is begun four days before an injection that leaves a quarter for 90 days."""
    rate = quarter_in_effect
    rows = course(recording, range(0, 260, 2), rate)
    rows += course(recording, range(260, 500, 2), lambda d: rate(d - 260), seed=3)
    given = (injected(60), drugged(316), injected(320))
    (told,) = progress_of(history(*rows, treatments=given)).others
    assert told.injections_acted
    clear = replace(told, sureness=Sureness.CLEAR)
    assert "part of this may come from them" in other_text(clear)
    assert "taken out" not in other_text(clear)
    assert told.after_over_before.low < 1 < told.after_over_before.high
