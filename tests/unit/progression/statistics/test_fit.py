"""The fit: against dense algebra, against statsmodels, and its mixture."""

from __future__ import annotations

import warnings
from types import ModuleType

import numpy as np
import pytest
from scipy import stats

from twitch_tracker.progression.statistics.fit import (
    Combination,
    Counts,
    Design,
    Levels,
    Shares,
    fit,
)
from twitch_tracker.progression.statistics.noise import NoiseGrid, noise_of_logs
from twitch_tracker.progression.statistics.whiten import whiten


@pytest.fixture(scope="module")
def sm() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("statsmodels.api")


def one_kind(sd: float, lasting: float = 0.5, scale: float = 7.0) -> NoiseGrid:
    one = np.ones(1)
    return NoiseGrid(
        sd=sd * one, lasting=lasting * one, scale_days=scale * one, weights=one
    )


def free_design(days: np.ndarray, x: np.ndarray) -> Design:
    return Design.of(days, x[:, None], prior_sd=1e4)


def test_whitening_is_the_inverse_root_of_the_covariance() -> None:
    rng = np.random.default_rng(0)
    days = np.sort(rng.uniform(0, 60, 15))
    variance, share = rng.uniform(0.1, 1, 15), rng.uniform(0.3, 1, 15)
    columns = rng.normal(size=(15, 3))
    white, log_det = whiten(days, variance, share, columns, one_kind(0.8, 0.6, 9))
    apart = np.abs(days[:, None] - days)
    covariance = 0.64 * 0.6 * np.exp(-apart / 9) + np.diag(
        variance + 0.64 * 0.4 * share
    )
    expected = columns.T @ np.linalg.solve(covariance, columns)
    assert white[0].T @ white[0] == pytest.approx(expected, rel=1e-9)
    assert log_det[0] == pytest.approx(np.linalg.slogdet(covariance)[1], rel=1e-9)


def test_the_likelihood_is_that_of_the_normal_law() -> None:
    """Differences of restricted likelihoods between kinds of noise, known mean."""
    rng = np.random.default_rng(1)
    days, y = np.arange(12.0) * 3, rng.normal(size=12)
    design = Design(
        days=days,
        columns=np.full((12, 1), 1e-9),
        prior_sd=np.array([1e-3]),
        day_share=np.ones(12),
    )
    levels = Levels(value=y, variance=np.full(12, 0.2))
    both = np.ones(2)
    kinds = NoiseGrid(
        sd=np.array([0.3, 1.1]),
        lasting=0.7 * both,
        scale_days=5 * both,
        weights=both / 2,
    )
    found = np.log(fit(levels, design, kinds).noise.weights)
    expected = []
    for sd in (0.3, 1.1):
        apart = np.abs(days[:, None] - days)
        cov = sd**2 * (0.7 * np.exp(-apart / 5) + 0.3 * np.eye(12)) + 0.2 * np.eye(12)
        expected.append(stats.multivariate_normal(np.zeros(12), cov).logpdf(y))
    assert found[1] - found[0] == pytest.approx(expected[1] - expected[0], rel=1e-6)


def test_without_variability_counts_are_a_poisson_regression(sm: ModuleType) -> None:
    rng = np.random.default_rng(2)
    days = np.arange(0, 200, 5.0)
    x, minutes = days / 200 - 0.5, rng.uniform(1, 5, len(days))
    count = rng.poisson(minutes * np.exp(0.3 + 0.8 * x)).astype(float)
    ours = fit(
        Counts(count=count, exposure=minutes), free_design(days, x), one_kind(1e-6)
    ).along(np.array([0.0, 1.0]))
    theirs = sm.GLM(
        count, sm.add_constant(x), family=sm.families.Poisson(), exposure=minutes
    ).fit()
    assert ours.mean == pytest.approx(theirs.params[1], abs=2e-4)
    assert ours.sd == pytest.approx(theirs.bse[1], rel=2e-3)


def test_without_variability_shares_are_a_logistic_regression(sm: ModuleType) -> None:
    rng = np.random.default_rng(3)
    days = np.arange(0, 150, 5.0)
    x, trials = days / 150 - 0.5, rng.integers(3, 20, len(days)).astype(float)
    hits = rng.binomial(trials.astype(int), 1 / (1 + np.exp(-x))).astype(float)
    ours = fit(
        Shares(hits=hits, trials=trials), free_design(days, x), one_kind(1e-6)
    ).along(np.array([0.0, 1.0]))
    both = np.column_stack([hits, trials - hits])
    theirs = sm.GLM(both, sm.add_constant(x), family=sm.families.Binomial()).fit()
    assert ours.mean == pytest.approx(theirs.params[1], abs=2e-4)
    assert ours.sd == pytest.approx(theirs.bse[1], rel=2e-3)


def test_levels_are_generalised_least_squares(sm: ModuleType) -> None:
    rng = np.random.default_rng(4)
    days = np.sort(rng.uniform(0, 90, 25))
    x, variance = days / 90 - 0.5, rng.uniform(0.05, 0.3, 25)
    y = 1 + x + rng.normal(0, 0.5, 25)
    ours = fit(
        Levels(value=y, variance=variance), free_design(days, x), one_kind(0.6, 0.5, 10)
    ).along(np.array([0.0, 1.0]))
    apart = np.abs(days[:, None] - days)
    sigma = 0.18 * np.exp(-apart / 10) + np.diag(0.18 + variance)
    theirs = sm.GLS(y, sm.add_constant(x), sigma=sigma).fit(cov_type="fixed scale")
    assert ours.mean == pytest.approx(theirs.params[1], rel=1e-5)
    assert ours.sd == pytest.approx(theirs.bse[1], rel=1e-4)


def test_courses_that_end_in_zeros_stay_finite() -> None:
    days = np.arange(10.0) * 7
    count = np.array([5, 4, 6, 3, 5, 0, 0, 0, 0, 0.0])
    design = Design.of(days, ((days - days.mean()) / 63)[:, None])
    slope = fit(Counts(count=count, exposure=np.full(10, 3.0)), design, noise_of_logs())
    found = slope.along(np.array([0.0, 1.0]))
    assert -12 < found.interval[0] < found.interval[1] < 0


def test_a_dozen_even_recordings_do_not_make_a_quiet_person() -> None:
    """They may be even by luck: with hardly any variability believed, p-values come too small."""
    days = np.arange(0.0, 56, 5)
    design = Design.of(days, ((days - days.mean()) / 56)[:, None])
    even = Counts(count=np.full(12, 4.0), exposure=np.full(12, 3.0))
    noise = fit(even, design, noise_of_logs()).noise
    assert noise.weights[noise.sd <= 0.1].sum() < 0.45


def test_restless_courses_are_known_to_be_restless() -> None:
    """The averaged noise follows the data: twice as wide an error when they jump."""
    rng = np.random.default_rng(5)
    days = np.arange(60.0) * 2
    design = Design.of(days, ((days - days.mean()) / 118)[:, None])
    sds = []
    for variability in (0.0, 0.9):
        count = rng.poisson(9 * np.exp(rng.normal(0, variability, 60))).astype(float)
        found = fit(
            Counts(count=count, exposure=np.full(60, 3.0)), design, noise_of_logs()
        )
        sds.append(found.along(np.array([0.0, 1.0])).sd)
    assert sds[1] > 2 * sds[0]


def test_quantiles_invert_the_mixture() -> None:
    mix = Combination(
        means=np.array([0.0, 1.0]),
        sds=np.array([1.0, 3.0]),
        weights=np.array([0.7, 0.3]),
    )
    for chance in (0.001, 0.025, 0.5, 0.975):
        assert mix.below(float(mix.quantiles(np.array([chance]))[0])) == pytest.approx(
            chance, abs=1e-5
        )
    single = Combination(means=np.array([1.0]), sds=np.array([0.5]), weights=np.ones(1))
    assert single.p_value == pytest.approx(2 * stats.norm.sf(2), rel=1e-9)
