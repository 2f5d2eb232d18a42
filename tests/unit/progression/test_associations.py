"""What goes along with bursts, on courses whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
from treated_courses import FIRST, course

from twitch_tracker.history import (
    DiaryEntry,
)
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import (
    Sureness,
)
from twitch_tracker.regions import Side
from twitch_tracker.wording.associations import association_text

Make = Callable[..., Any]


def diary(values: dict[int, float]) -> tuple[DiaryEntry, ...]:
    return tuple(
        DiaryEntry(on=FIRST + timedelta(days=d), stress=v) for d, v in values.items()
    )


def test_what_goes_along_with_stress_is_found(history: Make, recording: Make) -> None:
    rng = np.random.default_rng(0)
    stress = {d: float(rng.integers(0, 11)) for d in range(0, 200, 2)}
    rows = course(recording, range(0, 200, 2), lambda d: 2 * 1.15 ** (stress[d] - 5))
    found = progress_of(history(*rows, diary=diary(stress)))
    (one,) = found.associations
    assert (one.factor, one.side, one.days) == ("stress", Side.LEFT, 100)
    assert one.rate_ratio.low < 1.15 < one.rate_ratio.high
    assert one.sureness is Sureness.CLEAR


def test_fatigue_that_only_goes_with_stress_is_not_told(
    history: Make, recording: Make
) -> None:
    """Bursts follow stress; tired days are days with stress. Alone it would be clear."""
    rng = np.random.default_rng(2)
    stress = {d: float(rng.integers(0, 11)) for d in range(0, 240, 2)}
    tired = {
        d: float(np.clip(v + rng.normal(0, 1.5), 0, 10)) for d, v in stress.items()
    }
    rows = course(recording, range(0, 240, 2), lambda d: 2 * 1.2 ** (stress[d] - 5))

    def sureness(*, both: bool) -> dict[str, Sureness]:
        days = tuple(
            DiaryEntry(
                on=FIRST + timedelta(days=d),
                fatigue=tired[d],
                stress=stress[d] if both else float("nan"),
            )
            for d in stress
        )
        found = progress_of(history(*rows, diary=days)).associations
        return {one.factor: one.sureness for one in found}

    assert sureness(both=False) == {"fatigue": Sureness.CLEAR}
    together = sureness(both=True)
    assert together["stress"] is Sureness.CLEAR
    assert together["fatigue"] is not Sureness.CLEAR


def test_two_numbers_that_go_together_are_told_together(
    history: Make, recording: Make
) -> None:
    """Bursts follow stress, and fatigue follows it so closely that nobody could say which."""
    rng = np.random.default_rng(3)
    days = range(0, 240, 2)
    stress = {d: float(rng.integers(0, 11)) for d in days}
    entries = tuple(
        DiaryEntry(
            on=FIRST + timedelta(days=d),
            stress=v,
            fatigue=float(np.clip(v + rng.normal(0, 0.7), 0, 10)),
            sleep_hours=float(rng.integers(5, 10)),
        )
        for d, v in stress.items()
    )
    rows = course(recording, days, lambda d: 1.5 * 1.13 ** (stress[d] - 5))
    found = progress_of(history(*rows, diary=entries))
    told = [one for one in found.associations if one.or_factor]
    assert [{one.factor, one.or_factor} for one in told] == [{"stress", "fatigue"}]
    assert all(one.sureness is not Sureness.CLEAR for one in found.associations)
    assert told[0] in found.readings
    said = association_text(told[0])
    assert "go along with" in said
    assert "stress" in said
    assert "fatigue" in said
    assert "cannot be said" in said


def test_stress_is_clear_beside_numbers_that_do_nothing(
    history: Make, recording: Make
) -> None:
    """What is noted beside it takes nothing off the chance of the one that matters."""
    rng = np.random.default_rng(4)
    days = range(0, 360, 2)
    stress = {d: float(rng.integers(0, 11)) for d in days}
    entries = tuple(
        DiaryEntry(
            on=FIRST + timedelta(days=d),
            stress=stress[d],
            fatigue=float(rng.integers(0, 11)),
            sleep_hours=float(rng.integers(5, 10)),
            caffeine_cups=float(rng.integers(0, 5)),
            screen_hours=float(rng.integers(0, 9)),
        )
        for d in days
    )
    rows = course(recording, days, lambda d: 0.8 * 1.06 ** (stress[d] - 5))
    found = progress_of(history(*rows, diary=entries)).associations
    clear = [one for one in found if one.sureness is Sureness.CLEAR]
    assert [one.factor for one in clear] == ["stress"]
    assert clear[0].days == 180


def test_two_things_that_drift_do_not_go_along(history: Make, recording: Make) -> None:
    """Stress rises through the year and so do bursts, but not day by day."""
    rng = np.random.default_rng(1)
    stress = {
        d: float(np.clip(d / 30 + rng.normal(0, 0.5), 0, 10)) for d in range(0, 240, 2)
    }
    rows = course(recording, range(0, 240, 2), lambda d: 2 * 3 ** (d / 240))
    (one,) = progress_of(history(*rows, diary=diary(stress))).associations
    assert one.sureness is not Sureness.CLEAR


def test_nine_days_are_too_few(history: Make, recording: Make) -> None:
    rows = course(recording, range(0, 60, 2), lambda _: 3.0)
    nine, ten = ({2 * d: float(d) for d in range(n)} for n in (9, 10))
    assert progress_of(history(*rows, diary=diary(nine))).associations == ()
    (one,) = progress_of(history(*rows, diary=diary(ten))).associations
    assert one.days == 10
