"""What is said of a person's course, from nothing at all to ten years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from twitch_tracker.errors import BadParameter
from twitch_tracker.history import Basis, Method, Task, TaskKind
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.recordings.choose import MethodPart, WhyLeftOut
from twitch_tracker.progression.results import (
    Measure,
    Progression,
    Scale,
    Series,
    Sureness,
)
from twitch_tracker.progression.results.readings import NoBursts, NotJudged, Remark
from twitch_tracker.regions import Region, Side

Make = Callable[..., Any]
LEFT, RIGHT, REST = Side.LEFT, Side.RIGHT, TaskKind.REST


def series_of(
    found: Progression,
    measure: Measure,
    side: Side | None = LEFT,
    kind: TaskKind = REST,
) -> Series:
    return next(
        s for s in found.series if (s.measure, s.side, s.kind) == (measure, side, kind)
    )


def test_nothing_recorded_is_said_so(history: Make) -> None:
    found = progress_of(history())
    assert found.series == ()
    assert found.method is None
    assert (found.first_on, found.last_on, found.recordings) == (None, None, 0)
    assert found.readings == (Remark.NOTHING_COUNTS,)


def test_one_recording_is_one_dot_and_no_trend(history: Make, recording: Make) -> None:
    found = progress_of(history(recording(0, [0.5, 1.5, 2.5])))
    rate = series_of(found, Measure.EPISODES_PER_MIN)
    (dot,) = rate.recordings
    free_min, less_free = (180 - 4.5) / 60, (180 - 4.5 / 0.93) / 60
    assert dot.estimate.value == pytest.approx(3 / free_min)
    assert (dot.estimate.low, dot.estimate.high) == pytest.approx(
        (0.61867 / free_min, 8.76727 / less_free), abs=1e-3
    )
    assert rate.trend is None
    (first,) = found.readings
    assert first == NotJudged(side=LEFT, bursts=3, analysable_min=3.0)
    values = {
        Measure.SPASM_FRACTION: 4.5 / 180,
        Measure.MEDIAN_DURATION_S: 1.5,
        Measure.LONGEST_DURATION_S: 2.5,
        Measure.SHARE_OVER_1S: 2 / 3,
        Measure.EXCURSION_MM: 2.0,
        Measure.BOTH_REGIONS_SHARE: 0.0,
        Measure.BROW_LIFT_SHARE: 0.0,
    }
    for measure, value in values.items():
        (dot,) = series_of(found, measure).recordings
        assert dot.estimate.value == pytest.approx(value)
        assert dot.bursts == 3
    (blinks,) = series_of(found, Measure.BLINKS_PER_MIN, None).recordings
    assert blinks.estimate.value == pytest.approx(10)
    assert blinks.bursts == 30
    assert series_of(found, Measure.REST_ASYMMETRY, None).recordings == ()


def test_no_burst_at_all_is_zero_with_an_upper_limit(
    history: Make, recording: Make
) -> None:
    found = progress_of(history(*(recording(d) for d in range(0, 60, 5))))
    rate = series_of(found, Measure.EPISODES_PER_MIN)
    assert {dot.estimate.value for dot in rate.recordings} == {0.0}
    assert rate.recordings[0].estimate.high == pytest.approx(3.6889 / 3, rel=1e-3)
    assert rate.trend is not None
    assert rate.trend.sureness is Sureness.UNCERTAIN
    assert (rate.trend.recordings, rate.trend.analysable_min) == (12, 36)
    assert np.isnan(rate.trend.minutes_needed)
    assert series_of(found, Measure.MEDIAN_DURATION_S).recordings == ()
    assert found.closest == found.regions == found.associations == ()
    assert found.readings == (NoBursts(recordings=12, analysable_min=36),)


def test_growth_is_found_and_put_into_words(history: Make, recording: Make) -> None:
    """Bursts double each half year and last three times as long in the end."""
    rng = np.random.default_rng(0)
    days = range(0, 365, 3)
    rows = []
    for day in days:
        years = day / 365
        median_s, per_free_min = 0.6 * 3**years, 2 * 4**years
        cycle_min = 1 / per_free_min + median_s * np.exp(0.125) / 60
        n = rng.poisson(3 / cycle_min)
        rows.append(recording(day, rng.lognormal(np.log(median_s), 0.5, n)))
    found = progress_of(history(*rows))
    rate = series_of(found, Measure.EPISODES_PER_MIN).trend
    length = series_of(found, Measure.MEDIAN_DURATION_S).trend
    assert rate is not None
    assert length is not None
    assert rate.scale is Scale.RATIO
    assert rate.per_year.low < 4 < rate.per_year.high
    assert length.per_year.low < 3 < length.per_year.high
    assert rate.sureness is length.sureness is Sureness.CLEAR
    assert rate.least_a_year < rate.per_year.value
    assert found.readings[0] is series_of(found, Measure.SPASM_FRACTION)


def test_a_small_change_needs_more_minutes(history: Make, recording: Make) -> None:
    rows = [recording(d, [0.5] * (3 + d % 2)) for d in range(0, 40, 4)]
    trend = series_of(progress_of(history(*rows)), Measure.EPISODES_PER_MIN).trend
    assert trend is not None
    assert trend.sureness is Sureness.UNCERTAIN
    assert trend.minutes_needed > 10


def test_kinds_of_task_and_sides_are_never_mixed(
    history: Make, recording: Make
) -> None:
    found = progress_of(
        history(
            recording(0, [1.0] * 3, right=[30.0]),
            recording(0, [1.0] * 9, task=Task.PURSING),
            recording(0, [1.0] * 6, task=Task.REST_AFTER),
        )
    )
    rates = {
        (s.side, s.kind): s.recordings[0].estimate.value
        for s in found.series
        if s.measure is Measure.EPISODES_PER_MIN
    }
    assert rates[LEFT, TaskKind.REST] == pytest.approx(3 / (177 / 60))
    assert rates[RIGHT, TaskKind.REST] == pytest.approx(1 / 2.5)
    assert rates[LEFT, TaskKind.PROVOKED] == pytest.approx(9 / (171 / 60))
    assert rates[LEFT, TaskKind.AFTER] == pytest.approx(6 / (174 / 60))
    assert all(len(s.recordings) <= 1 for s in found.series)


def test_closing_the_eyes_gently_and_blinking_provoke_nothing() -> None:
    kinds = {task: task.kind for task in Task}
    assert kinds[Task.EYES_CLOSED] is kinds[Task.BLINKING] is TaskKind.OTHER
    assert kinds[Task.FORCED_CLOSURE] is kinds[Task.SPEECH] is TaskKind.PROVOKED


def test_only_the_newest_method_counts(
    history: Make, recording: Make, method: Method
) -> None:
    other = replace(method, tracker="older", detector="geometric")
    rows = [recording(0, [1.0], method=other), recording(1, [1.0, 1.0])]
    found = progress_of(history(*rows))
    assert found.method == method
    assert found.recordings == 1
    (out,) = found.left_out
    assert out.recordings == (rows[0].recording_id,)
    assert (out.why, out.method) == (WhyLeftOut.OTHER_METHOD, other)
    assert out.differs == (MethodPart.TRACKER, MethodPart.DETECTOR)
    assert out in found.readings
    asked = progress_of(history(*rows), method=other)
    assert asked.method == other
    assert asked.recordings == 1
    with pytest.raises(BadParameter, match="method"):
        progress_of(history(*rows), method=replace(method, tracker="never used"))


def test_the_version_alone_is_no_other_method(
    history: Make, recording: Make, method: Method
) -> None:
    newer = replace(method, software_version="2")
    found = progress_of(history(recording(0), recording(1, method=newer)))
    assert found.recordings == 2
    assert found.left_out == ()


def test_what_cannot_count_is_told(history: Make, recording: Make) -> None:
    found = progress_of(
        history(recording(0, minutes=0), recording(1), recording(400)),
        today=date(2024, 3, 1),
    )
    assert found.recordings == 1
    assert [out.why for out in found.left_out] == [
        WhyLeftOut.NOT_MEASURED,
        WhyLeftOut.IN_FUTURE,
    ]


def test_mixed_bases_are_told(history: Make, recording: Make) -> None:
    rows = [recording(0, [1.0], basis=Basis.REVIEWED), recording(1, [1.0])]
    found = progress_of(history(*rows))
    assert found.basis is Basis.BOTH
    assert Remark.MIXED_BASIS in found.readings
    assert progress_of(history(rows[0])).basis is Basis.REVIEWED


def test_gaps_of_years_and_any_order_are_fine(history: Make, recording: Make) -> None:
    rows = [recording(d, [0.4] * (2 * d % 11)) for d in (0, 2, 9, 1500, 1502, 1510)]
    found = progress_of(history(*rows))
    assert repr(progress_of(history(*rows[::-1])).series) == repr(found.series)
    trend = series_of(found, Measure.EPISODES_PER_MIN).trend
    assert trend is not None
    assert np.isfinite(trend.change.value)


@pytest.mark.parametrize(
    ("days", "period", "most"),
    [(20, "recording", 20), (50, "day", 50), (300, "week", 44), (1500, "month", 60)],
)
def test_periods_keep_charts_readable(
    history: Make, recording: Make, days: int, period: str, most: int
) -> None:
    rows = [recording(d, [0.5] * 3, minutes=2 + d % 2) for d in range(days)]
    rate = series_of(progress_of(history(*rows)), Measure.EPISODES_PER_MIN)
    assert rate.period == period
    assert len(rate.periods) <= most
    assert len(rate.recordings) == days
    assert sum(dot.bursts for dot in rate.periods) == 3 * days
    assert sum(len(dot.recordings) for dot in rate.periods) == days
    first = rate.periods[-2]
    free_min = first.analysable_min - 0.5 * first.bursts / 60
    assert first.estimate.value == pytest.approx(first.bursts / free_min)


def test_a_mouth_corner_that_joins_late_is_sure_within_six_weeks(
    history: Make, recording: Make
) -> None:
    """It takes part in two of five bursts from day 180 on; four regions wait for their chance."""
    rows = [
        recording(d, [0.5] * 5, mouth=0 if d < 180 else 2) for d in range(0, 240, 2)
    ]
    found = progress_of(history(*rows))
    mouth = next(r for r in found.regions if r.region is Region.MOUTH_CORNER)
    assert mouth.first_on is not None
    assert 14 < (mouth.first_on - date(2024, 1, 1)).days - 180 <= 42


def test_regions_are_told_with_their_first_day(history: Make, recording: Make) -> None:
    """The mouth corner joins on day 20; sure it is when eight times six speak for it."""
    rows = [recording(d, [0.5] * 8, mouth=0 if d < 20 else 6) for d in range(0, 40, 2)]
    found = progress_of(history(*rows))
    mouth = next(r for r in found.regions if r.region is Region.MOUTH_CORNER)
    assert mouth.first_on is not None
    assert date(2024, 1, 21) < mouth.first_on <= date(2024, 1, 31)
    assert mouth.latest_share.value == pytest.approx(60 / 160)
    cheek = next(r for r in found.regions if r.region is Region.CHEEK)
    assert cheek.first_on is None


def test_a_region_that_is_named_by_mistake_never_joins(
    history: Make, recording: Make
) -> None:
    """One burst in eight is given the mouth corner, for a year: not sure, and grade I."""
    rng = np.random.default_rng(4)
    rows = [
        recording(d, [0.5] * 9, mouth=int(rng.binomial(9, 0.125)))
        for d in range(0, 365, 3)
    ]
    found = progress_of(history(*rows))
    mouth = next(r for r in found.regions if r.region is Region.MOUTH_CORNER)
    assert mouth.first_on is None
    assert mouth.latest_share.value > 0.1
    assert [c.level for c in found.closest] == [2, 1]


def test_scales_have_a_level_and_what_decides_it(
    history: Make, recording: Make
) -> None:
    short = progress_of(history(recording(0, [0.3] * 12)))
    long = progress_of(history(recording(0, [3.0] * 12, mouth=9)))
    assert [(c.level, c.counted, c.bursts) for c in short.closest] == [
        (2, 0, 12),
        (1, 0, 12),
    ]
    assert [(c.level, c.counted, c.bursts) for c in long.closest] == [
        (3, 12, 12),
        (2, 9, 12),
    ]


def test_the_same_history_says_the_same(history: Make, recording: Make) -> None:
    rows = [recording(d, [0.5] * (d % 4)) for d in range(0, 80, 3)]
    one, two = (repr(progress_of(history(*rows))) for _ in range(2))
    assert one == two


def test_that_most_recordings_are_of_another_method_is_said_first(
    history: Make, recording: Make, method: Method
) -> None:
    other = replace(method, tracker="other")
    rows = [recording(d, [0.5] * 6) for d in range(0, 100, 2)]
    found = progress_of(history(*rows, recording(120, [0.5] * 3, method=other)))
    assert found.readings[0] == found.left_out[0]
