"""Which sides are judged: those with more bursts than mistakes make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from twitch_tracker.demo.course import demo_patient, demo_plan
from twitch_tracker.history import LoggedRecording, SideTotals, TaskKind
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.recordings.broken import Broken
from twitch_tracker.progression.recordings.columns import columns_of
from twitch_tracker.progression.results import Measure
from twitch_tracker.progression.results.readings import MostlyInBursts, NotJudged
from twitch_tracker.progression.standing import judged_columns, standing_clear
from twitch_tracker.regions import Side
from twitch_tracker.wording.progression import reading_text

Make = Callable[..., Any]
LEFT, RIGHT = Side.LEFT, Side.RIGHT


def clear(rows: list[Any]) -> dict[Side, float]:
    return standing_clear([columns_of(TaskKind.REST, rows, rows[0].started_at.date())])


def test_a_side_at_the_level_of_false_alarms_gets_no_verdict(
    history: Make, recording: Make
) -> None:
    """Two bursts a minute on the left; on the right one in fifteen minutes, for a year."""
    rng = np.random.default_rng(0)
    rows = [
        recording(d, [0.5] * rng.poisson(6), right=[0.4] * rng.poisson(0.2))
        for d in range(0, 365, 3)
    ]
    found = progress_of(history(*rows))
    assert found.judged == (LEFT,)
    for told in (found.closest, found.regions, found.associations, found.cycles):
        assert all(one.side is LEFT for one in told)
    assert found.closest
    trends = {s.side for s in found.series if s.trend is not None}
    assert trends <= {LEFT, None}
    rate = next(
        s
        for s in found.series
        if s.side is RIGHT and s.measure is Measure.EPISODES_PER_MIN
    )
    assert rate.periods
    assert rate.latest is not None
    (said,) = (r for r in found.readings if isinstance(r, NotJudged))
    assert said.side is RIGHT
    assert "is not judged yet" in reading_text(said)
    assert said is not found.readings[0]


@pytest.mark.parametrize("seed", range(4))
def test_the_healthy_side_of_a_simulated_patient_is_not_judged(seed: int) -> None:
    found = progress_of(demo_patient(demo_plan(years=0.7), seed).history)
    assert found.judged == (LEFT,)


def test_chance_seldom_makes_false_alarms_stand_clear(recording: Make) -> None:
    """0.1 a minute on each side, uneven from film to film, for half a year."""
    rng = np.random.default_rng(2)
    judged = 0
    for _ in range(60):
        rows = []
        for day in range(0, 180, 6):
            wrong = 3 * 0.1 * rng.gamma(2.0, 0.5)
            left, right = (rng.poisson(wrong) for _ in range(2))
            rows.append(recording(day, [0.5] * left, right=[0.5] * right))
        judged += bool(clear(rows))
    assert judged <= 3


@pytest.mark.parametrize("wrong", [0.1, 0.4])
def test_a_side_that_is_in_bursts_all_the_time_is_judged(
    recording: Make, history: Make, wrong: float
) -> None:
    """One burst through each of twenty recordings, as few as false alarms on the other side."""
    rng = np.random.default_rng(0)
    rows = [
        recording(d, [180.0], right=[0.4] * rng.poisson(3 * wrong))
        for d in range(0, 60, 3)
    ]
    cut = replace(
        rows[0].sides[LEFT], onset_cut=np.ones(1, bool), offset_cut=np.ones(1, bool)
    )
    rows = [replace(r, sides={**r.sides, LEFT: cut}) for r in rows]
    found = progress_of(history(*rows))
    assert found.judged == (LEFT,)
    first = found.readings[0]
    assert isinstance(first, MostlyInBursts)
    assert first.side is LEFT
    assert "bursts took 100 % of the time" in reading_text(first)


def test_both_sides_are_judged_where_both_have_bursts(recording: Make) -> None:
    """The one with more leads; a side that joins later leads the other never."""
    rows = [recording(d, [0.5] * 6, right=[0.5] * 3) for d in range(0, 60, 3)]
    found = clear(rows)
    assert list(found) == [LEFT, RIGHT]
    later = [recording(d, [0.5] * 6) for d in range(0, 400, 3)]
    later += [recording(d, [0.5] * 6, right=[0.5] * 20) for d in range(400, 460, 3)]
    found = clear(later)
    assert list(found) == [LEFT, RIGHT]
    assert found[LEFT] < 10
    assert 400 <= found[RIGHT] < 415


def test_the_day_never_moves_when_more_is_recorded(recording: Make) -> None:
    rng = np.random.default_rng(1)
    rows = [
        recording(d, [0.5] * rng.poisson(1.5 + d / 100), right=[0.4] * rng.poisson(0.3))
        for d in range(0, 200, 4)
    ]
    whole = clear(rows)
    for n in range(1, len(rows)):
        early = clear(rows[:n])
        assert all(whole[side] == day for side, day in early.items())


def test_a_few_bursts_a_minute_at_rest_are_soon_enough(recording: Make) -> None:
    """Two recordings of three minutes with nine bursts each suffice."""
    rows = [recording(d, [0.5] * 9) for d in range(2)]
    (columns,) = judged_columns(
        [columns_of(TaskKind.REST, rows, rows[0].started_at.date())]
    )
    assert columns.judged == (LEFT,)
    assert columns.part(LEFT) > 0.5 > columns.part(RIGHT) == 0
    assert not clear([recording(d, [0.5]) for d in range(2)])


def test_a_side_with_nothing_but_new_false_alarms_is_not_judged(
    history: Make, recording: Make
) -> None:
    """One burst a minute on the left; from day 180 on 1.5 false alarms a minute on both."""
    rng = np.random.default_rng(0)
    rows = []
    for day in range(0, 365, 3):
        false = 3 * (1.5 if day >= 180 else 0.1)
        left = [0.5] * rng.poisson(3 + false)
        rows.append(recording(day, left, right=[0.4] * rng.poisson(false)))
    found = progress_of(history(*rows))
    assert any(each.what is Broken.BOTH_SIDES for each in found.breaks)
    assert found.judged == (LEFT,)


def test_a_face_that_is_drawn_up_for_minutes_is_judged_by_short_recordings(
    recording: Make,
) -> None:
    """In two of five minutes a burst goes on throughout, and hardly one is seen to begin."""
    rng = np.random.default_rng(0)
    rows = [
        recording(day, [60.0] * int(rng.random() < 0.4), minutes=1.0)
        for day in range(0, 90, 2)
    ]
    assert LEFT in clear([replace(row, sides=_cut(row)) for row in rows])


def _cut(row: LoggedRecording) -> dict[Side, SideTotals]:
    """Both ends of every burst were not seen."""
    return {
        side: replace(
            own,
            onset_cut=np.ones(own.episodes, bool),
            offset_cut=np.ones(own.episodes, bool),
        )
        for side, own in row.sides.items()
    }
