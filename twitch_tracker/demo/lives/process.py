"""Bursts in continuous time: trains of bursts, quiet between trains.

An alternating renewal process. The quiet before a train is exponential, trains hold a
geometric number of bursts, pauses within a train follow a gamma law of shape 2, and
durations a shortest one and a Weibull law. Note: times are seconds from the beginning
of the day's process; no two bursts of a side overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gamma, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEAST_PAUSE_S", "Pace", "run_bursts"]

Array = NDArray[np.float64]

LEAST_PAUSE_S: Final = 0.4
"""Two contractions nearer than this are one burst, so that none lie nearer."""

LEAST_BURST_S: Final = 0.08
"""A single twitch takes 50 to 200 ms; to the eye none is shorter than this."""

_NEVER_S: Final = 1e8


@dataclass(frozen=True, kw_only=True)
class Pace:
    """The process on one day.

    Attributes
    ----------
    quiet_s : float
        Mean quiet before a train; infinite when there are no bursts.
    train : float
        Mean number of bursts in a train.
    pause_s : float
        Mean pause within a train.
    duration_s : float
        Median duration.
    duration_shape : float
        Shape of its Weibull law.
    """

    quiet_s: float
    train: float
    pause_s: float
    duration_s: float
    duration_shape: float

    @property
    def duration_scale_s(self) -> float:
        """Scale of the Weibull law of what is beyond the shortest burst."""
        beyond_s = max(self.duration_s - LEAST_BURST_S, 0.0)
        return float(beyond_s / log(2) ** (1 / self.duration_shape))

    @property
    def mean_duration_s(self) -> float:
        """Mean duration."""
        beyond_s = self.duration_scale_s * gamma(1 + 1 / self.duration_shape)
        return LEAST_BURST_S + beyond_s

    @property
    def free_s(self) -> float:
        """Mean burst-free time for every train."""
        return self.quiet_s + (self.train - 1) * self.pause_s

    @property
    def busy_s(self) -> float:
        """Mean time in bursts for every train."""
        return self.train * self.mean_duration_s

    @property
    def cycle_s(self) -> float:
        """Mean time from train to train."""
        return self.free_s + self.busy_s


def run_bursts(rng: np.random.Generator, pace: Pace, until_s: float) -> Array:
    """Run the process.

    Parameters
    ----------
    rng : np.random.Generator
        Source of chance.
    pace : Pace
        How it runs.
    until_s : float
        How long; it begins in quiet, so what is wanted should begin some cycles later.

    Returns
    -------
    Array
        Onsets and offsets in seconds, shape (bursts, 2), in order.
    """
    if not pace.quiet_s < _NEVER_S:
        return np.empty((0, 2))
    parts: list[Array] = []
    begin_s = 0.0
    while begin_s < until_s:
        trains = int(1.2 * (until_s - begin_s) / pace.cycle_s) + 10
        spans = begin_s + _trains(rng, pace, trains)
        parts.append(spans)
        begin_s = float(spans[-1, 1])
    found = np.concatenate(parts)
    return found[found[:, 0] < until_s]


def _trains(rng: np.random.Generator, pace: Pace, trains: int) -> Array:
    """Draw a number of trains from 0 s on, shape (bursts, 2)."""
    sizes = rng.geometric(1 / pace.train, trains)
    bursts = int(sizes.sum())
    first = np.zeros(bursts, bool)
    first[np.cumsum(sizes) - sizes] = True
    quiet = rng.exponential(max(pace.quiet_s - LEAST_PAUSE_S, 0.0), bursts)
    pause = rng.gamma(2.0, max(pace.pause_s - LEAST_PAUSE_S, 0.0) / 2.0, bursts)
    before = LEAST_PAUSE_S + np.where(first, quiet, pause)
    beyond = pace.duration_scale_s * rng.weibull(pace.duration_shape, bursts)
    lasts = LEAST_BURST_S + beyond
    offset = np.cumsum(before + lasts)
    return np.column_stack([offset - lasts, offset])
