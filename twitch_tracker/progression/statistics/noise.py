"""Which kinds of variability a course may have, and how likely each is beforehand.

Variability is what moves a person's numbers from day to day without any lasting change. It
has a size (standard deviation, of natural logs for rates, lengths and odds), a share of
it that lasts, and a time constant for how long. None of them can be read from a handful
of recordings, so every fit averages over this grid.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "NoiseGrid",
    "noise_of_firm_statements",
    "noise_of_lengths",
    "noise_of_levels",
    "noise_of_logs",
]

Array = NDArray[np.float64]

_SDS: Final = (0.03, 0.1, 0.2, 0.32, 0.45, 0.63, 0.9, 1.3, 1.9)
_SD_WEIGHTS: Final = (0.1, 0.3, 0.7, 1.0, 1.0, 0.8, 0.4, 0.12, 0.03)
"""Nearly even in the logarithm of the size; very quiet and very restless courses are
thought rarer. Day-to-day coefficients of variation of normal blink rates are 0.3 to 0.4
(IOVS 2357231; Doughty 2019), a neighbour of what is measured here."""

_LASTING: Final = (0.15, 0.5, 0.85)
_RAREST: Final = 5e-3
"""Kinds that are thought rarer than this, against the likeliest, are left out."""

_SCALES_DAYS: Final = (3.0, 10.0, 30.0, 90.0)
_SCALE_WEIGHTS: Final = (1.0, 0.6, 0.2, 0.02)
_LASTING_SDS: Final = (0.7, 0.45, 0.2, 0.1)
"""How large variability that lasts so long is thought to be (the standard deviation of a half
normal law): good and bad weeks may differ by a factor of two and more, but what moves
as much over months is what people call a change. With these weights the p-value of a
trend over eight weeks has about its nominal size (``demo-patient --scenario
eight_weeks``)."""

_FIRM_SD_WEIGHTS: Final = (0.1, 0.3, 0.9, 1.0, 0.6, 0.2, 0.035, 3e-3, 3e-4)
_FIRM_SCALE_WEIGHTS: Final = (1.0, 0.6, 0.3, 0.005)
_FIRM_LASTING_SDS: Final = (0.7, 0.5, 0.35, 0.1)
"""The same for what is said firmly of how often bursts come and how much time they take: close to
the 0.3 to 0.4 above, with spells of weeks thought likelier and more restless. An interval must be right
for whoever is watched; what is said firmly must not be said of more than one stable person in twenty. Who is
thought to be very restless can hardly be shown that all bursts have ended, where there were few
(``demo-patient --scenario few_end``); who is thought to be even is shown a bad spell of six weeks as a
change (``--scenario long_spells``, ``few_spells``)."""


@dataclass(frozen=True, kw_only=True)
class NoiseGrid:
    """Kinds of variability with weights; arrays have shape (noise,).

    Attributes
    ----------
    sd : NDArray[np.float64]
        Size of the variability.
    lasting : NDArray[np.float64]
        Share of its variance that lasts.
    scale_days : NDArray[np.float64]
        Time constant of what lasts.
    weights : NDArray[np.float64]
        Adding up to 1.
    """

    sd: Array
    lasting: Array
    scale_days: Array
    weights: Array

    def typical(self) -> NoiseGrid:
        """Return the one kind of noise that is the mean of them all."""
        w = self.weights
        return NoiseGrid(
            sd=np.sqrt([w @ self.sd**2]),
            lasting=np.array([w @ self.lasting]),
            scale_days=np.exp([w @ np.log(self.scale_days)]),
            weights=np.ones(1),
        )

    def times(self, factor: float) -> NoiseGrid:
        """Return the same grid in another unit."""
        return replace(self, sd=self.sd * factor)

    def kept(self, least: float = 1e-3) -> NDArray[np.bool_]:
        """Return which kinds weigh at least this much against the heaviest."""
        return np.asarray(self.weights > least * self.weights.max())

    def without_the_unlikely(self, least: float = 1e-3) -> NoiseGrid:
        """Leave out what hardly weighs, to save time."""
        keep = self.kept(least)
        return NoiseGrid(
            sd=self.sd[keep],
            lasting=self.lasting[keep],
            scale_days=self.scale_days[keep],
            weights=self.weights[keep] / self.weights[keep].sum(),
        )


def _grid(
    sd_weights: tuple[float, ...],
    scale_weights: tuple[float, ...],
    lasting_sds: tuple[float, ...],
) -> NoiseGrid:
    """Return a grid before any data, without what is hardly thought possible."""
    axes = np.meshgrid(_SDS, _LASTING, _SCALES_DAYS, indexing="ij")
    chances = np.multiply.outer(
        np.multiply.outer(np.array(sd_weights), np.ones(len(_LASTING))),
        np.array(scale_weights),
    )
    sd, lasting, scale = (axis.ravel() for axis in axes)
    largest = np.repeat([lasting_sds], len(_SDS) * len(_LASTING), axis=0).ravel()
    rare = np.exp(-0.5 * (sd * np.sqrt(lasting) / largest) ** 2)
    every = NoiseGrid(
        sd=sd,
        lasting=lasting,
        scale_days=scale,
        weights=chances.ravel() * rare / (chances.ravel() @ rare),
    )
    return every.without_the_unlikely(_RAREST)


@cache
def noise_of_logs() -> NoiseGrid:
    """Return the grid before any data, for rates and odds."""
    return _grid(_SD_WEIGHTS, _SCALE_WEIGHTS, _LASTING_SDS)


@cache
def noise_of_firm_statements() -> NoiseGrid:
    """Return the grid by which firm statements on rates and time are weighed."""
    return _grid(_FIRM_SD_WEIGHTS, _FIRM_SCALE_WEIGHTS, _FIRM_LASTING_SDS)


def noise_of_lengths(of_logs: NoiseGrid) -> NoiseGrid:
    """Return the grid for the logs of lengths: half as restless.

    How long bursts are is a trait of the movement; how many come depends on the day.
    """
    return of_logs.times(0.5)


def noise_of_levels(of_logs: NoiseGrid, spread: float) -> NoiseGrid:
    """Return the grid for values whose overall standard deviation is `spread`."""
    return of_logs.times(max(spread, 1e-9) / 0.5)
