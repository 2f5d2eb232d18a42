"""Evidence that holds at every look, and the chance that a page parts among its says."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from twitch_tracker.demo.lives.drawn import draw_life
from twitch_tracker.demo.lives.scenarios import scenario_named
from twitch_tracker.history import TaskKind
from twitch_tracker.progression.change.changes import log_ratio_of_slope, step_days
from twitch_tracker.progression.change.needed import TrendTest, least_slope
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import (
    MEASURES_OF_BOTH_SIDES,
    Measure,
    Progression,
    Series,
    Sureness,
)
from twitch_tracker.progression.results.readings import TimeBeside
from twitch_tracker.progression.shares import (
    LEAD_SHARES,
    SHARED_CHANCE,
    cycle_share,
    diary_share,
    injection_share,
    is_clear,
    operation_share,
    other_share,
    part_of,
    region_share,
    trend_share,
)
from twitch_tracker.progression.statistics.evidence import Alternative, evidence_for
from twitch_tracker.progression.statistics.fit import Counts, Design, Levels
from twitch_tracker.progression.statistics.noise import NoiseGrid
from twitch_tracker.regions import REGIONS, Side
from twitch_tracker.wording.progression import reading_texts
from twitch_tracker.wording.trends import trend_text

Make = Callable[..., Any]


def quiet() -> NoiseGrid:
    """No variability at all beside the known variance."""
    one = np.ones(1)
    return NoiseGrid(sd=1e-6 * one, lasting=0.5 * one, scale_days=9 * one, weights=one)


def level(days: np.ndarray) -> Design:
    return Design.of(days, np.empty((len(days), 0)))


@pytest.mark.parametrize("mean", [0.0, -1.2])
def test_it_is_the_ratio_of_normal_laws(mean: float) -> None:
    """Against the density of all values with, and without a slope; the level is known."""
    rng = np.random.default_rng(0)
    days = np.arange(12.0)
    line, y = days - days.mean(), rng.normal(0.3 * (days - days.mean()), 1)
    way = Alternative(column=line, sds=(0.4,), chance=1.0, means=(mean,))
    null = Design(
        days=days,
        columns=np.full((12, 1), 1e-9),
        prior_sd=np.array([1e-3]),
        day_share=np.ones(12),
    )
    family = Levels(value=y, variance=np.ones(12))
    found = evidence_for(family, null, [way], quiet()).log_ratio
    spread = np.eye(12) + 0.16 * np.outer(line, line)
    changed = stats.multivariate_normal(mean * line, spread).logpdf(y)
    same = stats.multivariate_normal(np.zeros(12), np.eye(12)).logpdf(y)
    assert found == pytest.approx(changed - same, rel=1e-5)


def test_it_rarely_ever_comes_to_twenty_when_nothing_changes() -> None:
    """150 courses of which nothing changes, each looked at twelve times."""
    rng = np.random.default_rng(1)
    crossed = []
    for _ in range(150):
        y = rng.normal(size=80)
        best = -np.inf
        for n in range(8, 80, 6):
            days = np.arange(float(n))
            way = Alternative(column=days / 40, sds=(0.3, 1.0), chance=1.0)
            family = Levels(value=y[:n], variance=np.ones(n))
            best = max(
                best, evidence_for(family, level(days), [way], quiet()).log_ratio
            )
        crossed.append(best >= math.log(20))
    assert np.mean(crossed) <= 0.05


def test_no_more_than_the_whole_chance_is_parted() -> None:
    """Trends, injections and operations without end, diary and regions together."""
    places = [(lead, kind) for lead in LEAD_SHARES for kind in TaskKind]
    total = sum(
        trend_share(measure, part_of(kind, lead))
        for kind in TaskKind
        for measure in Measure
        if measure is not SHARED_CHANCE[0]
        for lead in ((1.0,) if measure in MEASURES_OF_BOTH_SIDES else LEAD_SHARES)
    )
    for lead, kind in places:
        part = part_of(kind, lead)
        total += 2 * sum(injection_share(part, n) for n in range(5000))
        total += cycle_share(part)
        total += sum(operation_share(part, n) for n in range(5000))
        total += sum(other_share(part, n) for n in range(5000))
        total += diary_share(part)
        total += sum(region_share(part, region) for region in REGIONS)
    assert 0.98 < total <= 1 + 1e-9
    part = part_of(TaskKind.REST, 0.9)
    assert part_of(TaskKind.REST, 0.9, years=0.2) == part
    assert part_of(TaskKind.REST, 0.9, years=1.5) == pytest.approx(1.5 * part)
    assert part_of(TaskKind.REST, 0.9, years=10.0) == pytest.approx(2 * part)
    assert is_clear(math.log(20 / 0.1), 0.1)
    assert not is_clear(math.log(20 / 0.1) - 1e-6, 0.1)
    assert not is_clear(float("nan"), 0.1)


def test_a_step_is_not_looked_for_where_it_may_be_a_bad_spell() -> None:
    days = np.arange(0.0, 400, 2)
    found = step_days(days)
    assert len(found.after) == 24
    assert days[found.after].min() >= 14
    assert days[found.after].max() <= 398 - 13
    assert 0.3 < found.chance.sum() < 0.5
    assert len(step_days(np.arange(0.0, 20, 4)).after) == 0


def test_the_least_slope_that_is_clear_follows_from_what_is_asked() -> None:
    """With the error that is asked for, a halving a year is found; less asks for less."""
    share = trend_share(Measure.EPISODES_PER_MIN, part_of(TaskKind.REST, 0.9))
    asked = TrendTest(share=share, stepwise=True)
    assert least_slope(asked.target_sd, asked) == pytest.approx(math.log(2), rel=1e-3)
    slope = least_slope(0.2, asked) - 0.841621 * 0.2
    told = log_ratio_of_slope(slope, 0.2, stepwise=True)
    assert told == pytest.approx(-math.log(0.05 * share), rel=1e-4)
    assert least_slope(0.1, asked) < least_slope(0.2, asked)
    assert math.isinf(least_slope(0.2, TrendTest(share=0.0, stepwise=True)))


def series_of(found: Progression, measure: Measure) -> Series:
    return next(s for s in found.series if s.measure is measure and s.side is Side.LEFT)


def test_a_sudden_end_is_clear_and_has_a_day(history: Make, recording: Make) -> None:
    """Two bursts a minute until day 90 of 180, none after it, 77 recordings."""
    rng = np.random.default_rng(0)
    days = np.sort(rng.choice(180, 77, replace=False))
    rows = [
        recording(
            int(d), rng.lognormal(-0.5, 0.6, rng.poisson(rng.gamma(4, 1.5)) * (d < 90))
        )
        for d in days
    ]
    found = progress_of(history(*rows))
    rate = series_of(found, Measure.EPISODES_PER_MIN)
    assert rate.trend is not None
    assert rate.trend.sureness is Sureness.CLEAR
    step = rate.trend.step
    assert step is not None
    first = rows[0].started_at.date()
    assert (step.earliest - first).days <= 90 <= (step.latest - first).days
    assert step.after < 0.1 * step.before
    assert (
        "bursts come less often, clearly, all at once about" in trend_text(rate).lower()
    )
    assert reading_texts(found)[0].startswith(
        "Left side, at rest: less time is spent in bursts, clearly, all at once"
    )


def test_the_end_of_few_bursts_is_clear_of_most() -> None:
    """Less than one burst a minute until day 90 of 180, false alarms after it as before."""
    people = [
        draw_life(scenario_named("few_end").life, seed) for seed in range(100, 124)
    ]
    seen = 0
    for person in people:
        found = progress_of(person.history)
        trends = [series_of(found, measure).trend for measure in SHARED_CHANCE]
        seen += any(t is not None and t.sureness is Sureness.CLEAR for t in trends)
    assert seen >= 18


def test_fewer_but_longer_bursts_are_no_relief(history: Make, recording: Make) -> None:
    """From eight of 0.5 s to two of 3 s: the time in bursts is said first."""
    rng = np.random.default_rng(0)
    rows = []
    for day in range(0, 365, 3):
        years = day / 365
        n = rng.poisson(8 * 0.25**years)
        rows.append(recording(day, rng.lognormal(np.log(0.5 * 5**years), 0.7, n)))
    found = progress_of(history(*rows))
    rate = series_of(found, Measure.EPISODES_PER_MIN)
    assert rate.trend is not None
    assert rate.trend.sureness is Sureness.CLEAR
    assert rate.trend.change.value < 1
    first = found.readings[0]
    assert isinstance(first, TimeBeside)
    assert rate in found.readings
    said = reading_texts(found)[0]
    assert said.startswith(
        "Left side, at rest: the time spent in bursts has not clearly changed"
    )


def test_it_is_not_rarer_bursts_when_long_ones_are_missed(
    history: Make, recording: Make
) -> None:
    """From 2 s to 80 s in two years, one every 30 s without a burst; half are missed whole."""
    rng = np.random.default_rng(0)
    rows = []
    for day in range(0, 730, 4):
        longer, at, found = 40 ** (day / 730), 0.0, []
        while (at := at + rng.exponential(30)) < 175:
            lasts = min(rng.lognormal(np.log(2 * longer), 0.5), 178 - at)
            if lasts < 10 or rng.random() < 0.5:
                found.append(lasts)
            at += lasts
        rows.append(recording(day, found))
    page = progress_of(history(*rows))
    rate = series_of(page, Measure.EPISODES_PER_MIN)
    assert rate.trend is not None
    assert rate.trend.change.value < 1
    assert rate not in page.readings
    assert reading_texts(page)[0].startswith(
        "Left side, at rest: more time is spent in bursts, clearly"
    )


def exact_log_ratio(count: np.ndarray, step: np.ndarray, noise_sd: float) -> float:
    """Step of sd 2 against none, of counts whose day factors are drawn, on a fine grid."""
    level, height, day = (np.linspace(-9, 6, 301), np.linspace(-9, 9, 241), 61)
    z = np.linspace(-5, 5, day)
    weight = stats.norm.pdf(z) / stats.norm.pdf(z).sum()
    eta = np.linspace(-18, 15, 1321)
    by_count = {
        k: np.log(
            stats.poisson.pmf(k, np.exp(eta[:, None] + noise_sd * z)) @ weight + 1e-300
        )
        for k in set(count.tolist())
    }

    def likely(at: np.ndarray, of: np.ndarray) -> np.ndarray:
        return np.sum([np.interp(at, eta, by_count[k]) for k in of], axis=0)

    before = likely(level, count[step == 0])
    same = np.logaddexp.reduce(before + likely(level, count[step == 1]))
    after = likely(level[:, None] + height, count[step == 1])
    prior = stats.norm.logpdf(height, scale=2) + np.log(height[1] - height[0])
    changed = np.logaddexp.reduce(before + np.logaddexp.reduce(after + prior, axis=1))
    return float(changed - same)


def test_counts_that_fall_to_none_speak_as_strongly_as_they_should() -> None:
    """Some three bursts in each of seven recordings, none in the next seven."""
    rng = np.random.default_rng(3)
    days = np.arange(0.0, 42, 3)
    step = (days >= 21).astype(float)
    count = rng.poisson(3 * rng.lognormal(0, 0.6, 14) * (1 - step)).astype(float)
    noise = NoiseGrid(
        sd=np.array([0.6]),
        lasting=np.zeros(1),
        scale_days=np.ones(1),
        weights=np.ones(1),
    )
    way = Alternative(column=step, sds=(2.0,), chance=1.0)
    family = Counts(count=count, exposure=np.ones(14))
    found = evidence_for(family, level(days), [way], noise).log_ratio
    assert found == pytest.approx(exact_log_ratio(count, step, 0.6), abs=0.5)


def test_the_interval_of_a_step_of_shares_knows_both_levels(
    history: Make, recording: Make
) -> None:
    """From 3 % of the time to nearly none: the difference is no surer than the 3 %."""
    rng = np.random.default_rng(5)
    rows = [
        recording(d, rng.lognormal(-0.2, 0.8, rng.poisson(5) if d < 90 else 0))
        for d in range(0, 180, 2)
    ]
    trend = series_of(progress_of(history(*rows)), Measure.SPASM_FRACTION).trend
    assert trend is not None
    assert trend.step is not None
    change = trend.step.change
    assert change.low < change.value < change.high < 0
    assert change.high - change.low > 0.2 * trend.step.before
