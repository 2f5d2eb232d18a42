"""The charts before any drawing: scales, time labels, bands and trends."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from twitch_tracker.history import TaskKind, Treatment, TreatmentKind
from twitch_tracker.progression.results import (
    Estimate,
    Measure,
    Progression,
    Scale,
    Step,
)
from twitch_tracker.regions import Side
from twitch_tracker.report.progress.charts import (
    build_groups,
    time_axis,
    treatment_bands,
    trend_path,
)


def test_rest_and_provoked_are_never_in_one_chart(progression: Progression):
    groups = build_groups(progression)
    assert [group.kind for group in groups] == [TaskKind.REST, TaskKind.PROVOKED]
    for group in groups:
        for chart in group.charts:
            assert {line.series.kind for line in chart.lines} == {group.kind}
            assert {line.series.measure for line in chart.lines} == {chart.measure}


def test_both_sides_share_one_scale_with_the_right_side_first(
    progression: Progression,
):
    for chart in build_groups(progression)[0].charts:
        sides = [line.side for line in chart.lines]
        assert sides in ([Side.RIGHT, Side.LEFT], [None])


@pytest.mark.parametrize("recordings", [5, 40, 3650])
def test_every_value_and_zero_are_inside_the_scale(
    make_progression: Callable[..., Progression], recordings: int
):
    found = make_progression(recordings=recordings, days=max(recordings, 60))
    for group in build_groups(found):
        for chart in group.charts:
            values = [dot.value for line in chart.lines for dot in line.dots]
            assert chart.bottom <= min(0.0, *values)
            assert max(0.0, *values) <= chart.top
            assert 2 <= len(chart.y_ticks) <= 9
            assert all(chart.bottom <= tick <= chart.top for tick in chart.y_ticks)


def test_one_huge_interval_does_not_flatten_everything_else(progression: Progression):
    chart = build_groups(progression)[0].charts[0]
    line = chart.lines[0]
    wild = [
        replace(point, estimate=replace(point.estimate, high=1000.0))
        for point in line.series.periods
    ]
    series = tuple(
        replace(s, periods=tuple(wild)) if s is line.series else s
        for s in progression.series
    )
    after = build_groups(replace(progression, series=series))[0].charts[0]
    assert after.top < 2 * max(dot.value for dot in after.lines[0].dots)


def test_shares_never_reach_beyond_all(progression: Progression):
    for group in build_groups(progression):
        for chart in group.charts:
            if "share" in chart.measure or "fraction" in chart.measure:
                assert chart.top <= 1.0


@pytest.mark.parametrize("days", [1, 12, 60, 200, 600, 3650])
def test_time_has_few_labels_in_order(
    make_progression: Callable[..., Progression], days: int
):
    axis = time_axis(make_progression(recordings=5, days=days, course=False))
    places = [day for day, _ in axis.ticks]
    assert 1 <= len(places) <= 7
    assert places == sorted(places)
    assert all(axis.start <= place <= axis.end for place in places)


def test_bands_follow_an_injection_and_end_at_the_next(progression: Progression):
    shot = Treatment(kind=TreatmentKind.BOTULINUM_TOXIN, on=date(2024, 9, 1))
    again = replace(shot, on=date(2024, 9, 21))
    found = replace(progression, treatments=(shot, again))
    bands = treatment_bands(found, time_axis(found))
    zero = float(shot.on.toordinal())
    first = [
        (b.phase, b.start - zero, b.end - zero) for b in bands if b.treatment is shot
    ]
    assert first == [("onset", 4, 14), ("peak", 14, 20)]
    second = [b.phase for b in bands if b.treatment is again]
    assert second == ["onset", "peak", "steady", "wearing_off"]


def test_an_operation_has_no_band(progression: Progression):
    operation = [t for t in progression.treatments if "decompression" in t.kind]
    found = replace(progression, treatments=tuple(operation))
    assert treatment_bands(found, time_axis(found)) == ()


def test_a_trend_goes_from_its_first_to_its_last_value(progression: Progression):
    for series in progression.series:
        assert series.trend is not None
        path = trend_path(series.trend)
        assert path[0][1] == pytest.approx(series.trend.fitted_start)
        assert path[-1][1] == pytest.approx(series.trend.fitted_end)
        assert all(low <= value + 1e-9 <= high + 2e-9 for _, value, low, high in path)


def test_the_fan_has_the_interval_of_the_change(progression: Progression):
    (series,) = (
        s
        for s in progression.series
        if (s.measure, s.side, s.kind)
        == (Measure.EPISODES_PER_MIN, Side.RIGHT, TaskKind.REST)
    )
    trend = series.trend
    assert trend is not None
    assert trend.scale is Scale.RATIO
    path = trend_path(trend)
    steepest = path[-1][3] / path[0][2]
    assert steepest == pytest.approx(trend.change.high)
    assert path[12][2] == pytest.approx(path[12][3]), "it turns about its middle"


def test_a_change_at_once_is_level_before_and_after_its_day(progression: Progression):
    """A slope through it would say what the sentence beside the chart does not."""
    trend = progression.series[0].trend
    assert trend is not None
    step = Step(
        day=date(2024, 12, 1),
        earliest=date(2024, 11, 28),
        latest=date(2024, 12, 4),
        before=0.6,
        after=2.4,
        change=Estimate(value=4.0, low=3.0, high=5.0),
    )
    path = trend_path(replace(trend, step=step))
    day = float(step.day.toordinal())
    ends = trend.start.toordinal() + 0.5, trend.end.toordinal() + 0.5
    levels = [(ends[0], 0.6), (day, 0.6), (day, 2.4), (ends[1], 2.4)]
    assert [place[:2] for place in path] == levels
    assert all(math.isnan(low) and math.isnan(high) for _, _, low, high in path), (
        "no fan"
    )


def test_a_trend_that_is_not_known_is_not_drawn(progression: Progression):
    trend = progression.series[0].trend
    assert trend is not None
    nan = float("nan")
    assert trend_path(replace(trend, fitted_start=nan)) == ()
    without = replace(trend, change=Estimate(value=1.0, low=nan, high=nan))
    assert trend_path(without)[0][2] != trend_path(without)[0][2], "no fan: NaN"


def test_a_side_that_is_not_judged_never_covers_the_other(progression: Progression):
    """It is drawn first and faintly; of the rest the right side stays first."""
    found = replace(progression, judged=(Side.LEFT,))
    for chart in build_groups(found)[0].charts:
        sides = [(line.side, line.faint) for line in chart.lines]
        assert sides in ([(Side.LEFT, False), (Side.RIGHT, True)], [(None, False)])


def test_a_line_that_ends_beyond_its_dots_is_inside_the_scale(
    progression: Progression,
):
    """Without the effect of injections it may lie above every dot."""
    chart = build_groups(progression)[0].charts[0]
    line = next(one for one in chart.lines if one.series.trend is not None)
    most = max(dot.value for dot in line.dots)

    def top(end: float) -> float:
        trend = replace(line.series.trend, fitted_end=end, step=None)
        series = tuple(
            replace(s, trend=trend) if s is line.series else s
            for s in progression.series
        )
        found = replace(progression, series=series)
        return build_groups(found)[0].charts[0].top

    assert top(1.8 * most) >= 1.8 * most
    assert top(50 * most) < 5 * most
