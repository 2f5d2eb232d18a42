"""How strongly recordings speak for a change, however often somebody looks.

A page is looked at again and again. A test at 5 % would in the end report a change to
nearly everybody: what is reported must hold at every look. So a change is judged by how many times
better "something changed" predicted the recordings than "nothing changed" did. If nothing
changed, the chance that this ever comes to k is at most 1 / k, at whatever moment and
however often one looks (Ville 1939; Robbins 1970, Ann Math Stat 41:1397-1409; Ramdas et
al. 2023, Stat Sci 38:576-601), and weights that add up to 1 part that chance among all
that a page may report, whatever goes along with what.

What may have changed is a slope of any size or a step on any day, each with a chance
given beforehand in years and days (not in what was recorded, which would be chosen by
the looker). Note: the likelihood of each observation is taken for a normal one where
the course itself lies, the same with and without a change, so that counts that fall to
none speak as strongly as they should (a Wald statistic loses its power there, Hauck and
Donner 1977, JASA 72:851-853). What comes near to being reported of counts is weighed
once more where each hypothesis lies itself (`counted`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.statistics.counted import log_likelihoods
from twitch_tracker.progression.statistics.fit import (
    Counts,
    Design,
    Family,
    Levels,
    followed,
)
from twitch_tracker.progression.statistics.noise import NoiseGrid
from twitch_tracker.progression.statistics.whiten import whiten

__all__ = ["NOT_WORTH_WEIGHING_P", "Alternative", "Evidence", "evidence_for"]

Array = NDArray[np.float64]

NOT_WORTH_WEIGHING_P: Final = 0.1
"""With a larger p-value no evidence for a line comes near to what is asked anywhere."""

_NEAR: Final = (1.0, 12.0)
"""Logarithms of evidence that comes near to what is asked, and is not far beyond it."""

_MOST_KINDS: Final = 8
_MOST_WAYS: Final = 3
_WIDE_SD: Final = 30.0
"""A wider prior of the level is the same to the counts, and hard on the arithmetic."""

_ROUNDING: Final = 1e-6


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """One way in which something may have changed.

    Attributes
    ----------
    column : NDArray[np.float64]
        What the mean would depend on, shape (n,).
    sds : tuple of float
        Prior standard deviations of its coefficient, equally likely; of all ways that are
        weighed together, as many or a divisor of as many.
    chance : float
        Of this way, beforehand.
    means : tuple of float
        Prior mean of its coefficient: that of each standard deviation, or one for all.
    """

    column: Array
    sds: tuple[float, ...]
    chance: float
    means: tuple[float, ...] = (0.0,)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """How much better a change predicts the recordings than none.

    Attributes
    ----------
    log_ratio : float
        Natural logarithm of the ratio, over all ways together; what is not among them
        predicts as well as no change does.
    ways : NDArray[np.float64]
        Chance of each way after the recordings, given one of them; shape (ways,).
    """

    log_ratio: float
    ways: Array


def evidence_for(
    family: Family, null: Design, alternatives: list[Alternative], noise: NoiseGrid
) -> Evidence:
    """Weigh several ways of changing against no change.

    Parameters
    ----------
    family : Counts, Shares, TimeShares or Levels
        What was observed, n values.
    null : Design
        What the mean depends on without a change.
    alternatives : list of Alternative
        At least one; chances add up to 1 or less.
    noise : NoiseGrid
        Kinds of variability before the data.

    Returns
    -------
    Evidence
        See there.
    """
    eta = (
        np.zeros(len(null.days))
        if isinstance(family, Levels)
        else followed(family, null, noise)
    )
    response, variance = family.working(eta)
    changes = np.column_stack([way.column for way in alternatives])
    stacked = np.column_stack([null.columns, changes, response])
    white, log_det = whiten(null.days, variance, null.day_share, stacked, noise)
    score, information, log_null = _scores(white, log_det, null)
    log_noise = np.log(noise.weights) + log_null
    log_noise -= np.logaddexp.reduce(log_noise)
    chances = np.log([way.chance for way in alternatives])
    apart = _log_ratios(score, information, alternatives)
    apart += log_noise[:, None, None] + chances[:, None]
    each = np.logaddexp.reduce(np.logaddexp.reduce(apart, axis=2), axis=0)
    rest = max(1 - sum(way.chance for way in alternatives), 1e-12)
    log_ratio = float(np.logaddexp.reduce(np.append(each, np.log(rest))))
    low, high = _NEAR
    if isinstance(family, Counts) and family.dispersion == 1 and low < log_ratio < high:
        each = each + _Counted(family, null, noise, eta).beyond(
            alternatives, log_noise, apart
        )
        log_ratio = float(np.logaddexp.reduce(np.append(each, np.log(rest))))
    return Evidence(log_ratio=log_ratio, ways=np.exp(each - np.logaddexp.reduce(each)))


@dataclass(frozen=True)
class _Counted:
    """Counts whose hypotheses are linearised each where it lies; `eta` is near to all."""

    family: Counts
    null: Design
    noise: NoiseGrid
    eta: Array

    def beyond(self, ways: list[Alternative], log_noise: Array, apart: Array) -> Array:
        """Return how much more likely each way is than it seemed; 0 of ways that hardly count.

        Of the likeliest kinds of variability without a change, and of the likeliest kinds and
        sizes of the likeliest ways.
        """
        kinds = np.argsort(-log_noise)[:_MOST_KINDS]
        none = np.zeros(len(kinds))
        same = self._likely(kinds, np.zeros(len(self.eta)), none, none)
        without = np.logaddexp.reduce(same) - np.logaddexp.reduce(log_noise[kinds])
        found = np.zeros(len(ways))
        whole = np.logaddexp.reduce(np.logaddexp.reduce(apart, axis=2), axis=0)
        for place in np.argsort(-whole)[:_MOST_WAYS]:
            way, own = ways[place], apart[:, place]
            likeliest = np.argsort(-own, axis=None)[: 2 * _MOST_KINDS]
            kind, size = np.unravel_index(likeliest, own.shape)
            sds, means = (
                np.resize(v, own.shape[1])[size] for v in (way.sds, way.means)
            )
            seen = self._likely(kind, way.column, sds, means)
            # As `apart`: equally likely sizes, and the chance of the way.
            seen += np.log(way.chance) - np.log(own.shape[1])
            gained = np.logaddexp.reduce(seen) - np.logaddexp.reduce(own[kind, size])
            found[place] = gained - without
        return found

    @cached_property
    def _shared(self) -> Array:
        """Covariance of what the coefficients of no change leave open, shape (n, n)."""
        null = self.null
        level = np.minimum(null.prior_sd, _WIDE_SD) ** 2 * null.columns
        return np.asarray(level @ null.columns.T)

    @cached_property
    def _alike(self) -> dict[float, Array]:
        """Correlation of what lasts, for each time constant; shape (n, n)."""
        apart = np.abs(self.null.days[:, None] - self.null.days)
        return {scale: np.exp(-(apart / scale)) for scale in set(self.noise.scale_days)}

    def _likely(
        self, kinds: NDArray[np.int64], column: Array, sds: Array, means: Array
    ) -> Array:
        """Log of the chance of kinds of variability and of the counts under them."""
        noise, null = self.noise, self.null
        total = (noise.sd[kinds] ** 2)[:, None, None]
        lasting = noise.lasting[kinds][:, None, None]
        alike = np.stack([self._alike[scale] for scale in noise.scale_days[kinds]])
        own = np.diag(null.day_share + _ROUNDING)
        covariance = self._shared + total * (lasting * alike + (1 - lasting) * own)
        covariance += (sds**2)[:, None, None] * np.outer(column, column)
        moved = np.outer(means, column)
        likely = log_likelihoods(
            self.family.count,
            self.family.exposure * np.exp(moved),
            covariance,
            self.eta - moved,
        )
        return np.asarray(np.log(noise.weights[kinds]) + likely)


def _scores(white: Array, log_det: Array, null: Design) -> tuple[Array, Array, Array]:
    """Score and information of each way, and how likely each kind of variability is.

    The latter is the restricted likelihood without a change (Patterson and Thompson 1971).
    Shapes (noise, ways), (noise, ways), (noise,).
    """
    p = null.columns.shape[1]
    white = np.ascontiguousarray(white)
    products = white.transpose(0, 2, 1) @ white
    inner = products[:, :p, :p] + np.diag(null.prior_sd**-2.0)
    cross = products[:, :p, p:]
    left = products[:, p:, p:] - cross.transpose(0, 2, 1) @ np.linalg.solve(
        inner, cross
    )
    log_null = -0.5 * (log_det + np.linalg.slogdet(inner)[1] + left[:, -1, -1])
    information = np.maximum(np.diagonal(left, axis1=1, axis2=2)[:, :-1], 1e-12)
    return left[:, :-1, -1], information, log_null


def _log_ratios(score: Array, information: Array, ways: list[Alternative]) -> Array:
    """Log likelihood ratio of normal priors against 0, shape (noise, ways, sds).

    A mean over the last axis is meant: what is equally likely has its share taken off.

    With an estimate u / i of variance 1 / i and a prior of mean m and variance v, it
    is [log(1 / (1 + v i)) + (v u^2 + 2 m u - m^2 i) / (1 + v i)] / 2.
    """
    most = max(len(way.sds) for way in ways)
    # Fewer standard deviations are taken several times, which leaves them equally likely.
    variance = np.array([_repeated(way.sds, most) for way in ways]) ** 2
    mean = np.array([_repeated(way.means, most) for way in ways])
    score, information = score[:, :, None], information[:, :, None]
    wide = 1 + information * variance
    drawn = score**2 * variance
    towards = mean * (2 * score - mean * information)
    one = (drawn + towards) / wide - np.log(wide)
    return np.asarray(0.5 * one - np.log(most))


def _repeated(few: tuple[float, ...], times: int) -> tuple[float, ...]:
    """Take a few numbers again and again, until there are so many."""
    return (few * times)[:times]
