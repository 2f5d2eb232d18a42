"""Fit a line to a course whose variability lasts: the statistic behind every trend.

Knows numbers, not patients. The mean is a generalised linear model (log, logit or
identity link); around it lies variability of two kinds, one that is new every day and one
that lasts for days to months (a first-order autoregression in continuous time), and
the chance of counting. Recordings may be few and anyhow spaced. How strong the variability
is and how long it lasts is not chosen but averaged over (`noise.NoiseGrid`), so that
few recordings give wide intervals.

Note: times are days; the design is scaled so that a weak prior of 2.5 on a coefficient
makes sense; the variability of ratios and odds is in natural logs.

Sources: quasi-likelihood and the working response z = eta + (y - mu) / (dmu/deta),
McCullagh and Nelder 1989, chapters 2 and 9; its use with random effects, Breslow and
Clayton 1993, JASA 88:9-25; the restricted likelihood, Patterson and Thompson 1971,
Biometrika 58:545-554; the prior, Gelman et al. 2008, Ann Appl Stat 2:1360-1383; the
autoregression, see `whiten`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtr, ndtri

from twitch_tracker.progression.statistics.noise import NoiseGrid
from twitch_tracker.progression.statistics.whiten import whiten

__all__ = [
    "OF_SHARES",
    "Combination",
    "Counts",
    "Design",
    "Family",
    "Fit",
    "Levels",
    "Shares",
    "TimeShares",
    "fit",
    "followed",
]

Array = NDArray[np.float64]

WEAK_SD: Final = 2.5
"""Prior standard deviation of a coefficient (Gelman et al. 2008): a factor of 12 and
more over the whole span is thought rare. It keeps a course with zeros finite."""

_FREE_SD: Final = 1e3
_STEPS: Final = 12
_CLOSE: Final = 1e-3
_MOST_NEWTON: Final = 100
_ROOT_TWO_PI: Final = float(np.sqrt(2 * np.pi))
_ENDS: Final = np.array([0.025, 0.975])


class Family(Protocol):
    """What kind of numbers were observed."""

    def start(self) -> float:
        """Return a first guess of the linear predictor, the same everywhere."""
        ...

    def working(self, eta: Array) -> tuple[Array, Array]:
        """Return working response and its variance by counting, given `eta`."""
        ...


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Counts over an exposure; log link. Variance `dispersion` times the mean.

    Attributes
    ----------
    count, exposure : NDArray[np.float64]
        Shape (n,). `count` may be any sum of non-negative amounts (seconds in
        bursts): a compound Poisson sum of amounts d has dispersion E[d^2] / E[d].
    dispersion : float
        1 for counts.
    """

    count: Array
    exposure: Array
    dispersion: float = 1.0

    def start(self) -> float:
        """Return the log of the pooled rate, half an event added."""
        half = 0.5 * self.dispersion
        return float(np.log((self.count.sum() + half) / self.exposure.sum()))

    def working(self, eta: Array) -> tuple[Array, Array]:
        """Linearise at `eta`."""
        mean = self.exposure * np.exp(np.clip(eta, -30, 30))
        mean = np.maximum(mean, 1e-9)
        return eta + (self.count - mean) / mean, self.dispersion / mean


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Hits of trials; logit link.

    Attributes
    ----------
    hits, trials : NDArray[np.float64]
        Shape (n,), trials above 0.
    """

    hits: Array
    trials: Array

    def start(self) -> float:
        """Return the logit of the pooled share, half a hit and a miss added."""
        hits, misses = self.hits.sum(), (self.trials - self.hits).sum()
        return float(np.log((hits + 0.5) / (misses + 0.5)))

    def working(self, eta: Array) -> tuple[Array, Array]:
        """Linearise at `eta`."""
        share = np.clip(expit(eta), 1e-6, 1 - 1e-6)
        slope = share * (1 - share)
        return eta + (self.hits / self.trials - share) / slope, 1 / (
            self.trials * slope
        )


@dataclass(frozen=True, kw_only=True)
class TimeShares:
    """Shares of time; logit link, so that no share passes 1.

    In a course that alternates between bursts of length d and pauses, the time in
    bursts over a time T has the share p with variance p (1 - p)^2 E[d^2] / (E[d] T) (Cox
    1962, Renewal Theory, chapter 7), which is E[d^2] / (E[d] T p) on the logit's scale.

    Attributes
    ----------
    busy_s, watched_s : NDArray[np.float64]
        Seconds in bursts, and all seconds; shape (n,).
    typical_s : float
        E[d^2] / E[d] in seconds.
    """

    busy_s: Array
    watched_s: Array
    typical_s: float

    def start(self) -> float:
        """Return the logit of the pooled share, half a burst added."""
        busy = self.busy_s.sum() + 0.5 * self.typical_s
        free = self.watched_s.sum() - self.busy_s.sum() + 0.5
        return float(np.log(busy / free))

    def working(self, eta: Array) -> tuple[Array, Array]:
        """Linearise at `eta`."""
        share = np.clip(expit(eta), 1e-6, 1 - 1e-6)
        response = eta + (self.busy_s / self.watched_s - share) / (share * (1 - share))
        return response, self.typical_s / (self.watched_s * share)


OF_SHARES: Final = (Shares, TimeShares)
"""Families with a logit link."""


@dataclass(frozen=True, kw_only=True)
class Levels:
    """Values with known sampling variance; identity link.

    Attributes
    ----------
    value, variance : NDArray[np.float64]
        Shape (n,).
    """

    value: Array
    variance: Array

    def start(self) -> float:
        """Return the mean."""
        return float(self.value.mean())

    def working(self, eta: Array) -> tuple[Array, Array]:  # noqa: ARG002 - linear
        """Return the values as they are."""
        return self.value, self.variance


@dataclass(frozen=True, kw_only=True)
class Design:
    """What the mean may depend on.

    Attributes
    ----------
    days : NDArray[np.float64]
        When, shape (n,), not decreasing.
    columns : NDArray[np.float64]
        Shape (n, p); the first column is 1.
    prior_sd : NDArray[np.float64]
        Prior standard deviation of each coefficient, shape (p,).
    day_share : NDArray[np.float64]
        Share of the variance from day to day that is left in each observation, shape
        (n,): 1 for a day, 1 / k for a mean of k days.
    """

    days: Array
    columns: Array
    prior_sd: Array
    day_share: Array

    @classmethod
    def of(
        cls,
        days: Array,
        others: Array,
        *,
        prior_sd: Array | float = WEAK_SD,
        day_share: Array | None = None,
    ) -> Design:
        """Put a free constant before other columns of shape (n, p - 1)."""
        n, p = others.shape
        sds = np.broadcast_to(np.asarray(prior_sd, float), (p,))
        return cls(
            days=days,
            columns=np.column_stack([np.ones(n), others]),
            prior_sd=np.concatenate([[_FREE_SD], sds]),
            day_share=np.ones(n) if day_share is None else day_share,
        )


@dataclass(frozen=True, kw_only=True)
class Combination:
    """A linear combination of coefficients: a mixture of normals over the noise.

    What is read off it is kept, as a trend, its bounds and its chance ask for the same.

    Attributes
    ----------
    means, sds, weights : NDArray[np.float64]
        Shape (noise,).
    """

    means: Array
    sds: Array
    weights: Array

    @cached_property
    def mean(self) -> float:
        """Best value."""
        return float(self.weights @ self.means)

    @cached_property
    def sd(self) -> float:
        """Standard error."""
        spread = self.sds**2 + (self.means - self.mean) ** 2
        return float(np.sqrt(self.weights @ spread))

    def below(self, value: float) -> float:
        """Return the chance of being below `value`."""
        return float(self.weights @ ndtr((value - self.means) / self.sds))

    @cached_property
    def interval(self) -> tuple[float, float]:
        """Ends of the 95 % interval."""
        low, high = self.quantiles(_ENDS).tolist()
        return low, high

    def quantiles(self, chances: Array) -> Array:
        """Find values below which it is with `chances`: Newton's method, bracketed."""
        low = np.full(len(chances), (self.means - 9 * self.sds).min())
        high = np.full(len(chances), (self.means + 9 * self.sds).max())
        close = 1e-7 * float(self.sds.min())
        value = np.clip(self.mean + ndtri(chances) * self.sd, low, high)
        density = self.weights / self.sds / _ROOT_TWO_PI
        for _ in range(_MOST_NEWTON):
            z = (value[:, None] - self.means) / self.sds
            over = ndtr(z) @ self.weights - chances
            above = over > 0
            high, low = np.where(above, value, high), np.where(above, low, value)
            dense = np.maximum(np.exp(-0.5 * z * z) @ density, 1e-300)
            new = value - over / dense
            outside = (new < low) | (new > high)
            if outside.any():
                new = np.where(outside, (low + high) / 2, new)
            moved, value = float(np.abs(new - value).max()), new
            if moved <= close:
                break
        return np.asarray(value)

    @property
    def p_value(self) -> float:
        """Two-sided, of being 0."""
        below = self.below(0.0)
        return float(min(1.0, 2 * min(below, 1 - below)))


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A fitted mean, for every kind of noise.

    Attributes
    ----------
    coefficients : NDArray[np.float64]
        Shape (noise, p).
    covariances : NDArray[np.float64]
        Shape (noise, p, p).
    noise : NoiseGrid
        With the weights after the data.
    """

    coefficients: Array
    covariances: Array
    noise: NoiseGrid

    @property
    def best(self) -> Array:
        """Coefficients averaged over the noise, shape (p,)."""
        return self.noise.weights @ self.coefficients

    def along(self, direction: Array) -> Combination:
        """Return the combination of coefficients along `direction`, shape (p,)."""
        variance = np.einsum("i,gij,j->g", direction, self.covariances, direction)
        return Combination(
            means=self.coefficients @ direction,
            sds=np.sqrt(np.maximum(variance, 1e-24)),
            weights=self.noise.weights,
        )


def fit(
    family: Family, design: Design, noise: NoiseGrid, *, reweigh: bool = True
) -> Fit:
    """Fit the mean and weigh every kind of noise by its restricted likelihood.

    Parameters
    ----------
    family : Counts, Shares or Levels
        What was observed, n values.
    design : Design
        What the mean may depend on.
    noise : NoiseGrid
        Kinds of noise with their weights before the data.
    reweigh : bool
        Whether these data weigh the kinds of noise. Not when the mean is known to
        change within what the design calls one level.

    Returns
    -------
    Fit
        With `noise` weighed by the data.
    """
    if isinstance(family, Levels):
        return _solve(family, design, noise, np.zeros(len(design.days)))
    start = np.full(len(design.days), family.start())
    eta = _roughly(family, design, noise.typical(), start)
    found = _solve(family, design, noise, eta)
    if not reweigh:
        eta = _damped(design.columns @ (noise.weights @ found.coefficients), eta)
        return replace(_solve(family, design, noise, eta), noise=noise)
    likely = found.noise.without_the_unlikely()
    return _solve(
        family,
        design,
        replace(likely, weights=_restored(noise, found, likely)),
        _damped(design.columns @ found.best, eta),
    )


def followed(family: Family, design: Design, noise: NoiseGrid) -> Array:
    """Return the linear predictor that follows the variability, too; shape (n,).

    The mode of the mean and the variability together under one typical kind of it: where the
    likelihood of each observation is best taken for a normal one (Laplace's method;
    Breslow and Clayton 1993), also of a long run of zeros.
    """
    start = np.full(len(design.days), family.start())
    return _roughly(family, design, noise.typical(), start, follow=True)


def _restored(before: NoiseGrid, found: Fit, likely: NoiseGrid) -> Array:
    """Return weights before the data, of the kinds of noise that are left."""
    kept = found.noise.kept()
    own = before.weights[kept]
    assert len(own) == len(likely.weights)  # noqa: S101 - the same rule chose both
    return np.asarray(own / own.sum())


def _roughly(
    family: Family,
    design: Design,
    typical: NoiseGrid,
    eta: Array,
    *,
    follow: bool = False,
) -> Array:
    """Iterate the linear predictor to rest under one kind of noise."""
    days = design.days
    total, lasting = float(typical.sd[0]) ** 2, float(typical.lasting[0])
    apart = np.abs(days[:, None] - days[None, :])
    shared = total * lasting * np.exp(-apart / typical.scale_days[0])
    own = total * (1 - lasting) * design.day_share
    x, prior = design.columns, np.diag(design.prior_sd**-2.0)
    n, p = x.shape
    itself = np.arange(n)
    covariance, stacked = shared.copy(), np.empty((n, p + 1))
    stacked[:, :p] = x
    for _ in range(_STEPS):
        response, variance = family.working(eta)
        covariance[itself, itself] = shared[itself, itself] + (own + variance)
        stacked[:, p] = response
        weighed = np.linalg.solve(covariance, stacked)
        turned = weighed[:, :-1].T
        best = np.linalg.solve(turned @ x + prior, turned @ response)
        mean = x @ best
        if follow:
            beyond: Array = weighed[:, -1] - weighed[:, :-1] @ best
            mean = mean + shared @ beyond + own * beyond
        new = _damped(mean, eta)
        moved = float(np.abs(new - eta).max())
        eta = new
        if moved < _CLOSE:
            break
    return eta


def _damped(new: Array, old: Array) -> Array:
    """Limit one step to a factor of e squared."""
    return old + np.clip(new - old, -2.0, 2.0)


def _solve(family: Family, design: Design, noise: NoiseGrid, eta: Array) -> Fit:
    """Solve weighted least squares on the working response, for every kind of noise."""
    response, variance = family.working(eta)
    stacked = np.column_stack([design.columns, response])
    white, log_det = whiten(design.days, variance, design.day_share, stacked, noise)
    x, z = white[:, :, :-1], white[:, :, -1]
    turned = x.transpose(0, 2, 1)
    information = turned @ x + np.diag(design.prior_sd**-2.0)
    right = (turned @ z[:, :, None])[:, :, 0]
    covariance = np.linalg.inv(information)
    coefficients = (covariance @ right[:, :, None])[:, :, 0]
    rest = (z**2).sum(1) - (coefficients * right).sum(1)
    log_likelihood = -0.5 * (log_det + np.linalg.slogdet(information)[1] + rest)
    return Fit(
        coefficients=coefficients,
        covariances=covariance,
        noise=replace(noise, weights=_weighed(noise.weights, log_likelihood)),
    )


def _weighed(before: Array, log_likelihood: Array) -> Array:
    """Return weights after the data."""
    after = before * np.exp(log_likelihood - log_likelihood.max())
    return np.asarray(after / after.sum())
