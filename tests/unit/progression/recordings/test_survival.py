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
    Stretches,
    Watched,
    durations_watched,
    median_of,
    pauses_watched,
)
from twitch_tracker.progression.results import Measure, Sureness
from twitch_tracker.regions import Side

Make = Callable[..., Any]


def watched_in(
    rng: np.random.Generator,
    seconds: float,
    duration_s: float,
    pause_s: float,
    sd: float = 0.5,
) -> tuple[np.ndarray, np.ndarray]:
    """Onsets and offsets of bursts that a recording meets, before they are cut off."""
    n = 30 + int(4 * seconds / (duration_s + pause_s))
    lengths = duration_s * np.exp(rng.normal(0, sd, n))
    offsets = np.cumsum(lengths + rng.exponential(pause_s, n))
    begin = rng.uniform(0.3, 0.6) * offsets[-1]
    met = (offsets > begin) & (offsets - lengths < begin + seconds)
    return (offsets - lengths)[met] - begin, offsets[met] - begin


def begun_in(values: np.ndarray, ended: np.ndarray, row: np.ndarray) -> Watched:
    """Lengths that were all seen to begin, in recordings that never end."""
    stretches = Stretches(
        values=values, row=row, ended=ended, weight=np.ones(len(values))
    )
    return Watched(
        begun=stretches, every=stretches, length_s=np.full(row.max() + 1, 1e6)
    )


def followed(
    recording: Make,
    history: Make,
    minutes: Callable[[int], float],
    duration_s: float,
    pause_s: float,
    days: int = 400,
    seed: int = 3,
    sd: float = 0.5,
) -> PatientHistory:
    """A person of whom nothing changes, in recordings of some length."""
    rng = np.random.default_rng(seed)
    rows: list[LoggedRecording] = []
    for day in range(days):
        seconds = 60 * minutes(day)
        onsets, offsets = watched_in(rng, seconds, duration_s, pause_s, sd)
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
    watched = begun_in(values, ~cut, row)
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
    watched = begun_in(values, np.ones(4, bool), np.zeros(4, np.int64))
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


@pytest.mark.parametrize("seed", range(3))
def test_bursts_that_all_last_alike_are_not_taken_to_end_at_a_constant_rate(
    recording: Make, history: Make, seed: int
) -> None:
    """Bursts of three minutes, in recordings of one minute that never hold a whole one."""
    given = followed(recording, history, lambda _: 1.0, 180.0, 60.0, seed=seed, sd=0.05)
    watched = durations_watched(left_of(given))
    (median,), (low,), (high,) = median_of(watched, np.zeros(400, np.int64), 1)
    assert median == pytest.approx(180.0, rel=0.15)
    assert low < 1.05 * 180.0
    assert high > 0.95 * 180.0


@pytest.mark.parametrize("seed", range(3))
def test_bursts_that_end_at_a_constant_rate_are_taken_so(
    recording: Make, history: Make, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    begins = rng.exponential(60.0, 4000)
    lengths = rng.exponential(180.0, 4000)
    offsets = np.cumsum(begins + lengths)
    rows = []
    for day, at in enumerate(rng.uniform(0, 0.9 * offsets[-1], 400)):
        met = (offsets > at) & (offsets - lengths < at + 60)
        onset, offset = offsets[met] - lengths[met] - at, offsets[met] - at
        given = recording(day, np.ones(met.sum()), minutes=1.0)
        left = replace(
            given.sides[Side.LEFT],
            durations_s=(offset.clip(0, 60) - onset.clip(0, 60)).astype(np.float32),
            pauses_s=(onset[1:] - offset[:-1]).astype(np.float32),
            onset_cut=onset <= 0,
            offset_cut=offset >= 60,
        )
        rows.append(replace(given, sides={**given.sides, Side.LEFT: left}))
    watched = durations_watched(left_of(history(*rows)))
    median, _, _ = median_of(watched, np.zeros(400, np.int64), 1)
    assert median[0] == pytest.approx(180 * np.log(2), rel=0.25)


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


def test_pauses_of_few_short_recordings_are_right_in_the_middle(
    recording: Make, history: Make
) -> None:
    """A month of minutes, pauses of 86 s on average: as often too long as too short.

    Recordings without a burst count: they are evidence of long pauses.
    """
    one, found = np.zeros(28, np.int64), []
    for seed in range(60):
        given = followed(recording, history, lambda _: 1.0, 0.7, 86.0, 28, seed)
        own = left_of(given)
        median, low, high = (
            float(x[0]) for x in median_of(pauses_watched(own), one, 1)
        )
        found.append((median / (86 * np.log(2)), low < 86 * np.log(2) < high))
    ratios, inside = np.array(found).T
    assert np.median(ratios) == pytest.approx(1.0, abs=0.12)
    assert np.mean(inside) >= 0.85


def test_days_that_differ_have_shorter_pauses_in_the_middle(
    recording: Make, history: Make
) -> None:
    """Half of the days three times as many bursts: most pauses are those of bad days."""
    rng, rows = np.random.default_rng(5), []
    for day in range(300):
        pause_s = 40.0 if rng.random() < 0.5 else 120.0
        given = followed(
            recording, history, lambda _: 1.0, 0.7, pause_s, 1, int(rng.integers(1e6))
        )
        rows.append(
            replace(recording(day, [], minutes=1.0), sides=given.recordings[0].sides)
        )
    watched = pauses_watched(left_of(history(*rows)))
    found = median_of(watched, np.zeros(300, np.int64), 1)[0][0]
    assert watched.uneven == pytest.approx(0.25, abs=0.15)
    # Three of four pauses are those of bad days: the mixture's median is 36 s, while the
    # mean rate alone, one in 60 s, would say 42 s.
    assert found == pytest.approx(36.0, rel=0.15)


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


def test_the_line_of_durations_lies_where_they_are_when_they_grow_fiftyfold(
    recording: Make, history: Make
) -> None:
    """From 1.5 to 75 s in two years: not all bursts together have one median over their mean."""
    rng = np.random.default_rng(0)
    rows = [
        recording(
            day,
            1.5 * 50 ** (day / 730) * rng.lognormal(0, 0.5, 2),
            minutes=9.0,
        )
        for day in range(0, 730, 5)
    ]
    found = progress_of(history(*rows))
    (series,) = (
        s
        for s in found.series
        if s.measure is Measure.MEDIAN_DURATION_S and s.side is Side.LEFT
    )
    assert series.trend is not None
    assert series.trend.fitted_start == pytest.approx(1.5, rel=0.2)
    assert series.trend.fitted_end == pytest.approx(75, rel=0.2)
