"""Durations and pauses that a recording cut off, and rates beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from twitch_tracker.history import LoggedRecording, PatientHistory, TaskKind
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.recordings.columns import SideColumns, columns_of
from twitch_tracker.progression.recordings.survival import (
    Watched,
    durations_watched,
    median_of,
    pauses_watched,
)
from twitch_tracker.progression.results import Measure, Sureness
from twitch_tracker.regions import Side

Make = Callable[..., Any]


def watched_in(
    rng: np.random.Generator, seconds: float, duration_s: float, pause_s: float
) -> tuple[np.ndarray, np.ndarray]:
    """Onsets and offsets of bursts that a recording meets, before they are cut off."""
    n = 30 + int(4 * seconds / (duration_s + pause_s))
    lengths = duration_s * np.exp(rng.normal(0, 0.5, n))
    offsets = np.cumsum(lengths + rng.exponential(pause_s, n))
    begin = rng.uniform(0.3, 0.6) * offsets[-1]
    met = (offsets > begin) & (offsets - lengths < begin + seconds)
    return (offsets - lengths)[met] - begin, offsets[met] - begin


def followed(
    recording: Make,
    history: Make,
    minutes: Callable[[int], float],
    duration_s: float,
    pause_s: float,
    days: int = 400,
) -> PatientHistory:
    """A person of whom nothing changes, in recordings of some length."""
    rng = np.random.default_rng(3)
    rows: list[LoggedRecording] = []
    for day in range(days):
        seconds = 60 * minutes(day)
        onsets, offsets = watched_in(rng, seconds, duration_s, pause_s)
        given = recording(
            day,
            np.ones(len(onsets)),
            minutes=minutes(day),
            blinks=round(10 * minutes(day)),
        )
        begin, end = np.clip(onsets, 0, seconds), np.clip(offsets, 0, seconds)
        left = replace(
            given.sides[Side.LEFT],
            durations_s=(end - begin).astype(np.float32),
            pauses_s=(begin[1:] - end[:-1]).astype(np.float32),
            onset_cut=onsets <= 0,
            offset_cut=offsets >= seconds,
        )
        rows.append(replace(given, sides={**given.sides, Side.LEFT: left}))
    return history(*rows)


def left_of(given: PatientHistory) -> SideColumns:
    """The left side's columns."""
    rows = given.recordings
    first = rows[0].started_at.date()
    return columns_of(TaskKind.REST, rows, first).sides[Side.LEFT]


def test_the_median_is_that_of_kaplan_and_meier() -> None:
    """Against scipy's curve, with many lengths cut off, in two groups."""
    rng = np.random.default_rng(0)
    values, cut = rng.exponential(5, 80), rng.random(80) < 0.4
    row = np.repeat([0, 1], 40)
    watched = Watched(
        values=values,
        row=row,
        ended=~cut,
        weight=np.ones(80),
        ends=np.ones(2),
        seconds=np.ones(2),
    )
    median, low, high = median_of(watched, np.array([0, 1]), 2)
    for group in (0, 1):
        own = row == group
        curve = stats.ecdf(
            stats.CensoredData(uncensored=values[own & ~cut], right=values[own & cut])
        ).sf
        half = curve.quantiles[curve.probabilities <= 0.5][0]
        assert median[group] == pytest.approx(half)
        assert low[group] < half < high[group]


def test_without_cuts_it_is_the_plain_median() -> None:
    values = np.array([3.0, 1.0, 2.0, 9.0])
    watched = Watched(
        values=values,
        row=np.zeros(4, np.int64),
        ended=np.ones(4, bool),
        weight=np.ones(4),
        ends=np.array([4.0]),
        seconds=np.array([15.0]),
    )
    median, low, _ = median_of(watched, np.zeros(1, np.int64), 1)
    assert median[0] == pytest.approx(2.5)
    assert np.isnan(low[0])


@pytest.mark.parametrize("minutes", [1.0, 3.0, 10.0])
def test_short_recordings_of_long_bursts_show_the_same_rate(
    recording: Make, history: Make, minutes: float
) -> None:
    """Three-minute bursts, 40 s apart: 1.5 begin in a burst-free minute."""
    given = followed(recording, history, lambda _: minutes, 180.0, 40.0)
    own = left_of(given)
    assert own.onsets.sum() / own.free_min.sum() == pytest.approx(1.5, rel=0.15)
    assert own.bursts.sum() / (400 * minutes) > 0.27
    one = np.zeros(400, np.int64)
    for watched, true_s in (
        (durations_watched(own), 180.0),
        (pauses_watched(own), 40 * np.log(2)),
    ):
        median, low, high = (float(each[0]) for each in median_of(watched, one, 1))
        assert median == pytest.approx(true_s, rel=0.3)
        assert low < 1.05 * true_s
        assert high > 0.95 * true_s


def test_short_recordings_of_short_bursts_show_the_same_pauses(
    recording: Make, history: Make
) -> None:
    """A minute between bursts: the median is 42 s, though a recording is no longer."""
    one = np.zeros(400, np.int64)
    found = [
        median_of(
            pauses_watched(
                left_of(followed(recording, history, lambda _, m=m: m, 0.7, 60.0))
            ),
            one,
            1,
        )[0][0]
        for m in (1.0, 10.0)
    ]
    assert found == pytest.approx([60 * np.log(2)] * 2, rel=0.2)


def test_shorter_recordings_alone_are_no_change(recording: Make, history: Make) -> None:
    """From ten minutes to one, nothing else: nothing is told, of pauses neither."""
    given = followed(
        recording, history, lambda d: 10.0 if d < 60 else 1.0, 25.0, 30.0, 120
    )
    for series in progress_of(given).series:
        if series.trend is not None:
            assert series.trend.sureness is not Sureness.CLEAR
            assert series.measure is not Measure.MEDIAN_PAUSE_S


def test_a_share_of_time_never_passes_the_whole(recording: Make, history: Make) -> None:
    """From 5 to 95 % of the time in bursts: the line ends below 100 %."""
    rows = [recording(d, [180 * (0.05 + 0.9 * d / 200)]) for d in range(0, 201, 4)]
    series = next(
        s
        for s in progress_of(history(*rows)).series
        if s.measure is Measure.SPASM_FRACTION
    )
    assert series.trend is not None
    assert 0.8 < series.trend.fitted_end < 1
    assert series.trend.fitted_start + series.trend.change.high <= 1 + 1e-9
