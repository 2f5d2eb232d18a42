"""What is true of a simulated person on a day, whatever was recorded or logged.

A level is an expected value, over all that days can be (`level_on`) or given how the
days of a stretch turned out (`level_between`). Note: of the affected side, at rest; a
rate is onsets over burst-free minutes unless its name says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincinv

from twitch_tracker.demo.lives.days import Days, good_factor
from twitch_tracker.demo.lives.person import Life, Variability
from twitch_tracker.demo.lives.process import LEAST_PAUSE_S, Pace

__all__ = ["Level", "level_between", "level_on"]

Array = NDArray[np.float64]

_SHARES: Final = 40
"""Into how many equal chances the law of days is cut."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """What is expected on a day.

    Attributes
    ----------
    onsets_per_free_min : float
        Bursts that begin, over minutes without a burst.
    onsets_per_min : float
        The same over all minutes.
    time_share : float
        Share of time in bursts.
    median_duration_s, median_pause_s : float
        Of all bursts and pauses, also those that no recording could hold; NaN without
        bursts.
    """

    onsets_per_free_min: float
    onsets_per_min: float
    time_share: float
    median_duration_s: float
    median_pause_s: float


def level_on(life: Life, day: float, effect: float = 1.0) -> Level:
    """Return what is expected on a day.

    Parameters
    ----------
    life : Life
        Whose.
    day : float
        Day of the course.
    effect : float
        Ratio of rates by injections.

    Returns
    -------
    Level
        Over all that days can be.
    """
    own = life.bursting
    paces = [
        Pace(
            quiet_s=own.quiet_s.on(day) / (factor * effect),
            train=own.train,
            pause_s=own.pause_s.on(day),
            duration_s=own.duration_s.on(day),
            duration_shape=own.duration_shape,
        )
        for factor in _factors(life.variability)
    ]
    return _level(paces, own.duration_s.on(day))


def level_between(life: Life, days: Days, begin: int, end: int) -> Level:
    """Return what is expected of a stretch, given how its days turned out.

    Parameters
    ----------
    life : Life
        Whose.
    days : Days
        Its days, with the effect of injections.
    begin, end : int
        First and last day of the stretch.

    Returns
    -------
    Level
        Over all days of it, whether anything was recorded or not.
    """
    paces = [days.pace(life, day) for day in range(begin, end + 1)]
    return _level(paces, life.bursting.duration_s.on((begin + end) / 2))


def _level(paces: list[Pace], median_duration_s: float) -> Level:
    """Put days together that all last equally long."""
    trains = np.array([1 / p.cycle_s for p in paces])
    free = float(trains @ [p.free_s for p in paces])
    busy = float(trains @ [p.busy_s for p in paces])
    onsets = paces[0].train * float(trains.sum())
    return Level(
        onsets_per_free_min=60 * onsets / free,
        onsets_per_min=60 * onsets / (free + busy),
        time_share=busy / (free + busy),
        median_duration_s=median_duration_s,
        median_pause_s=_median_pause_s(paces, trains),
    )


def _factors(variability: Variability) -> Array:
    """Return equally likely factors of days; their mean is 1."""
    single = np.ones(1)
    if np.isfinite(variability.day_shape):
        middles = (np.arange(_SHARES) + 0.5) / _SHARES
        single = gammaincinv(variability.day_shape, middles) / variability.day_shape
    good = good_factor(variability)
    share_bad = variability.bad_days / (variability.good_days + variability.bad_days)
    bad = round(12 * share_bad)
    spells = np.repeat([good, good * variability.spell_ratio], [12 - bad, bad])
    found = np.outer(single, spells).ravel()
    return np.asarray(found / found.mean())


def _median_pause_s(paces: list[Pace], trains: Array) -> float:
    """Return the median of all pauses: the quiet before trains and those within."""
    quiet = np.array([p.quiet_s for p in paces]) - LEAST_PAUSE_S
    pause = max(paces[0].pause_s - LEAST_PAUSE_S, 1e-6)
    within = paces[0].train - 1

    def share_below(seconds: float) -> float:
        after = max(seconds - LEAST_PAUSE_S, 0.0)
        long = float(trains @ (1 - np.exp(-after / quiet))) / float(trains.sum())
        short = float(gammainc(2.0, 2.0 * after / pause))
        return (long + within * short) / (1 + within)

    low, high = log(LEAST_PAUSE_S), log(1e10)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if share_below(exp(middle)) < 0.5 else (low, middle)
    return exp(low)
