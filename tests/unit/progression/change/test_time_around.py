"""The time in bursts before a treatment and after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from twitch_tracker.history import Basis, LoggedRecording, TaskKind
from twitch_tracker.progression.change.time_around import compare_time
from twitch_tracker.progression.recordings.columns import columns_of
from twitch_tracker.progression.results import Sureness
from twitch_tracker.regions import Side

Make = Callable[..., Any]
ANY = ((0.0, 0.7),)


def lasting(
    recording: Make, lengths_s: Callable[[int], float]
) -> list[LoggedRecording]:
    """Three bursts in three minutes every third day; all that changes is how long they last."""
    rng = np.random.default_rng(0)
    return [
        recording(day, lengths_s(day) * rng.lognormal(0, 0.3, 3))
        for day in range(0, 180, 3)
    ]


def test_shorter_bursts_of_which_no_fewer_begin_are_seen(recording: Make) -> None:
    rows = lasting(recording, lambda day: 40.0 if day < 90 else 4.0)
    columns = columns_of(TaskKind.REST, rows, rows[0].started_at.date())
    found = compare_time(columns, Side.LEFT, (0, 90), (90, 180), ANY)
    assert found.is_clear(0.01)
    around = found.around(clear=True)
    assert around is not None
    assert around.sureness is Sureness.CLEAR
    assert around.before == pytest.approx(40 * 3 / 180, rel=0.15)
    assert around.after == pytest.approx(4 * 3 / 180, rel=0.15)


def test_a_difference_may_begin_late(recording: Make) -> None:
    rows = lasting(recording, lambda day: 40.0 if day < 150 else 1.0)
    columns = columns_of(TaskKind.REST, rows, rows[0].started_at.date())
    at_once, late = (
        compare_time(columns, Side.LEFT, (0, 60), (60, 180), ANY, begins)
        for begins in ((), (100.0, 150.0))
    )
    assert late.log_evidence > at_once.log_evidence + 5


def test_what_else_changed_that_day_is_no_difference(recording: Make) -> None:
    """A person who begins to check bursts on the day; an injection that acts for three months."""
    rows = lasting(recording, lambda day: 40.0 if day < 90 else 12.0)
    first = rows[0].started_at.date()
    checked = [
        replace(row, basis=Basis.REVIEWED) if day >= 90 else row
        for day, row in zip(range(0, 180, 3), rows, strict=True)
    ]
    for made, given in ((checked, None), (rows, np.array([88.0]))):
        columns = columns_of(TaskKind.REST, made, first)
        found = compare_time(
            columns, Side.LEFT, (0, 90), (90, 180), ANY, injections=given
        )
        assert not found.is_clear(0.01)
    alone = columns_of(TaskKind.REST, rows, first)
    assert compare_time(alone, Side.LEFT, (0, 90), (90, 180), ANY).is_clear(0.01)


def test_nothing_is_said_of_what_does_not_differ_or_is_not_known(
    recording: Make,
) -> None:
    rows = lasting(recording, lambda _day: 20.0)
    columns = columns_of(TaskKind.REST, rows, rows[0].started_at.date())
    same = compare_time(columns, Side.LEFT, (0, 90), (90, 180), ANY)
    assert not same.is_clear(0.5)
    around = same.around(clear=True)
    assert around is not None
    assert around.sureness is not Sureness.CLEAR
    unknown = compare_time(columns, Side.LEFT, (0, 90), (300, 400), ANY)
    assert np.isnan(unknown.log_evidence)
    assert not unknown.is_clear(0.5)
    assert unknown.around(clear=True) is None
    none = columns_of(TaskKind.REST, [recording(d) for d in range(9)], date(2024, 1, 1))
    assert compare_time(none, Side.LEFT, (0, 4), (4, 9), ANY).around(clear=True) is None
