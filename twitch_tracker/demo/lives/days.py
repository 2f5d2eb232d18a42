"""How the days of a course differ: single days, spells, stress, injections.

Note: arrays have shape (days,); factors have mean 1 over chance, and the effect of
injections stands apart from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.demo.lives.person import Injections, Life, Variability
from twitch_tracker.demo.lives.process import Pace

__all__ = ["Days", "draw_days", "effect_curve", "good_factor"]

Array = NDArray[np.float64]

_ONSET_DAYS: Final = 4.0
"""Mean onset 3.8 days after an injection (pjo 33/2)."""

_FALL: Final = 6.0
_STRESS_MEAN, _STRESS_SD, _STRESS_KEEP = 4.0, 2.0, 0.6
_NEVER_S: Final = 1e9


@dataclass(frozen=True, kw_only=True)
class Days:
    """What holds on every day.

    Attributes
    ----------
    factor : Array
        Divides the quiet between trains, for better and worse days; mean 1.
    effect : Array
        Ratio of rates by injections, 1 without.
    duration_factor : Array
        Multiplies durations.
    stress, fatigue : Array
        What a diary would say, 0 to 10, whole numbers.
    half_days : Array
        Day on which half of each injection's effect was gone, shape (injections,).
    """

    factor: Array
    effect: Array
    duration_factor: Array
    stress: Array
    fatigue: Array
    half_days: Array

    def pace(self, life: Life, day: int, *, quiet_ratio: float = 1.0) -> Pace:
        """Return the process of the affected side on a day."""
        own = life.bursting
        strength = float(self.factor[day] * self.effect[day])
        quiet_s = own.quiet_s.on(day) * quiet_ratio
        return Pace(
            quiet_s=quiet_s / strength if strength > 0 else _NEVER_S,
            train=own.train,
            pause_s=own.pause_s.on(day),
            duration_s=own.duration_s.on(day) * float(self.duration_factor[day]),
            duration_shape=own.duration_shape,
        )


def draw_days(life: Life, rng: np.random.Generator) -> Days:
    """Draw the days of a course.

    Parameters
    ----------
    life : Life
        Whose.
    rng : np.random.Generator
        Source of chance.

    Returns
    -------
    Days
        Of shape (life.days,).
    """
    n = life.days
    stress = _drawn_stress(rng, n)
    shared = life.diary.fatigue_by_stress
    own = rng.normal(size=n)
    standard = (stress - _STRESS_MEAN) / _STRESS_SD
    fatigue = shared * standard + np.sqrt(1 - shared**2) * own
    half_days = life.injections.half_day + life.injections.half_sd * rng.normal(
        size=len(life.injections.days)
    )
    by_stress = life.diary.stress_ratio ** (stress - _STRESS_MEAN)
    factor = _single_days(rng, life.variability, n) * _spells(rng, life.variability, n)
    return Days(
        factor=factor * by_stress / by_stress.mean(),
        effect=_injected(life.injections, np.arange(n, dtype=float), half_days),
        duration_factor=np.exp(life.variability.duration_sd * rng.normal(size=n)),
        stress=stress,
        fatigue=np.clip(np.round(4 + 2 * fatigue), 0, 10),
        half_days=half_days,
    )


def _drawn_stress(rng: np.random.Generator, n: int) -> Array:
    """Stress that lasts for some days, in whole points of 0 to 10."""
    pushes = rng.normal(size=n) * np.sqrt(1 - _STRESS_KEEP**2)
    level = np.empty(n)
    last = float(rng.normal())
    for day, push in enumerate(pushes):
        last = _STRESS_KEEP * last + float(push)
        level[day] = last
    return np.asarray(np.clip(np.round(_STRESS_MEAN + _STRESS_SD * level), 0, 10))


def _single_days(rng: np.random.Generator, variability: Variability, n: int) -> Array:
    """Draw the factor of single days."""
    if not np.isfinite(variability.day_shape):
        return np.ones(n)
    return rng.gamma(variability.day_shape, 1 / variability.day_shape, n)


def good_factor(variability: Variability) -> float:
    """Return the factor in a good spell, so that the mean over spells is 1."""
    bad = variability.bad_days / (variability.good_days + variability.bad_days)
    return 1 / (1 - bad + bad * variability.spell_ratio)


def _spells(rng: np.random.Generator, variability: Variability, n: int) -> Array:
    """Draw good and bad spells; each lasts a geometric number of days."""
    if variability.spell_ratio == 1:
        return np.ones(n)
    share_bad = variability.bad_days / (variability.good_days + variability.bad_days)
    bad = bool(rng.random() < share_bad)
    found = np.empty(n)
    day = 0
    while day < n:
        mean = variability.bad_days if bad else variability.good_days
        lasts = int(rng.geometric(1 / mean))
        found[day : day + lasts] = variability.spell_ratio if bad else 1.0
        day, bad = day + lasts, not bad
    return found * good_factor(variability)


def effect_curve(days_after: Array, half_day: float) -> Array:
    """Return the share of an injection's logarithmic effect, 0 to 1.

    A rise that is two thirds complete after four days, and a Hill function that is
    half-way down on `half_day`. The shape is an assumption of this simulation, and
    neither that of `demo.plan` nor that which progression fits.
    """
    after = np.maximum(days_after, 0.0)
    rise = 1 - np.exp(-((after / _ONSET_DAYS) ** 2))
    return np.asarray(rise / (1 + (after / half_day) ** _FALL))


def _injected(given: Injections, days: Array, half_days: Array) -> Array:
    """Return the ratio of rates by day; of two injections the stronger one counts."""
    logs = np.zeros(len(days))
    for number, (on, half) in enumerate(zip(given.days, half_days, strict=True)):
        depth = np.log(given.depth) * given.each**number * given.dose_each**number
        logs = np.minimum(logs, depth * effect_curve(days - on, float(half)))
    return np.asarray(np.exp(logs))
