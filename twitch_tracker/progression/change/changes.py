"""Ways in which a measure may have changed: a slope of any size, a step on any day.

The chances of the ways are given beforehand, in years and in days from the first
recording: `evidence` says why they must not follow from what was recorded.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.results import Estimate
from twitch_tracker.progression.statistics.evidence import (
    Alternative,
    Evidence,
    evidence_for,
)
from twitch_tracker.progression.statistics.fit import WEAK_SD, Design, Family
from twitch_tracker.progression.statistics.noise import NoiseGrid

__all__ = [
    "ANY_HEIGHT",
    "EFFECT_SD",
    "OR_AN_END",
    "Course",
    "Heights",
    "RawStep",
    "StepDays",
    "likely_step",
    "log_ratio_of_slope",
    "step_days",
]

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

SLOPES_A_YEAR: Final = (0.3, 0.3, 0.3, 1.0, 1.0, 3.0)
"""Standard deviations of a slope, of natural logs or log odds a year, equally likely: half
of all changes are thought as slow as a third a year, a sixth halve within weeks."""


@dataclass(frozen=True)
class Heights:
    """How high a step is thought to be, in the same unit: normal laws, equally likely."""

    means: tuple[float, ...]
    sds: tuple[float, ...]


ANY_HEIGHT: Final = Heights(means=(0.0, 0.0), sds=(0.7, 2.0))
"""Up or down, of any size."""

OR_AN_END: Final = Heights(means=(0.0, -1.4, -2.2), sds=(0.7, 0.8, 0.8))
"""Up or down by a factor of two, or to a quarter, or to a tenth: nearly all bursts end, and what is left is
found by mistake. A law that is even about zero and wide spreads over rises of twenty times that nobody asks
for, and finds an end late."""

STEP_SHARE: Final = 0.4
"""Chance that a change is a step, where steps are looked for."""

_EARLY_DAYS: Final = 60.0
_LAST_DAY: Final = 20 * 365.25
"""A step is thought as likely in the first two months as between months two and six:
its day has the density 1 / (day + 60) over twenty years."""

_MOST_STEPS: Final = 24
_LEAST_DAYS: Final = 14.0
_LEAST: Final = 4
_OTHER_SD: Final = 1.5
EFFECT_SD: Final = 3.0
"""Prior standard deviation of the effect of injections, and of how it changes. Injections that
work leave a third or less (`cycles.EFFECTS`): a narrower one would take a part of their
effect for the disease, and of a change of it for a change of the disease."""

_LEAST_LOG_RATIO: Final = 3.0
_RATHER_A_STEP: Final = 0.8


@dataclass(frozen=True, kw_only=True)
class StepDays:
    """Days on which a step may have come, shape (steps,).

    Attributes
    ----------
    after : NDArray[np.int64]
        First observation after it.
    chance : NDArray[np.float64]
        Beforehand; together less than 1, as a step may also come later.
    """

    after: Ints
    chance: Array


def step_days(days: Array) -> StepDays:
    """Choose where to look for a step.

    Parameters
    ----------
    days : NDArray[np.float64]
        Of the observations, not decreasing, at least two; shape (n,).

    Returns
    -------
    StepDays
        At most 24; each stands for those between it and its neighbours. None within the
        first or last two weeks or four observations: that may be a bad spell.
    """
    passed = np.log1p((days - days[0]) / _EARLY_DAYS)
    chance = np.diff(passed) / np.log1p(_LAST_DAY / _EARLY_DAYS)
    first = max(int(np.searchsorted(days, days[0] + _LEAST_DAYS)), _LEAST)
    last = int(np.searchsorted(days, days[-1] - _LEAST_DAYS, "right"))
    places = np.arange(first, min(last, len(days) - _LEAST) + 1)
    if not len(places):
        return StepDays(after=np.empty(0, np.int64), chance=np.empty(0))
    parts = np.array_split(places, min(_MOST_STEPS, len(places)))
    return StepDays(
        after=np.array([part[len(part) // 2] for part in parts]),
        chance=np.array([chance[part - 1].sum() for part in parts]),
    )


@dataclass(frozen=True, kw_only=True)
class RawStep:
    """A change at once; days count from the first counted recording.

    Attributes
    ----------
    day, earliest, latest : float
        First day after it that was recorded, and between which days it lies with 95 %.
    before, after : float
        Fitted, in the measure's unit.
    change : Estimate
        After against before.
    """

    day: float
    earliest: float
    latest: float
    before: float
    after: float
    change: Estimate


@dataclass(frozen=True)
class Course:
    """A measure over time, ready to be fitted.

    Attributes
    ----------
    family : Counts, Shares, TimeShares or Levels
        Values of n blocks of days.
    days, line, day_share : NDArray[np.float64]
        When, the line that rises by 1 over the span, and see `fit.Design`; shape (n,).
    others : NDArray[np.float64]
        What else the mean depends on, centred; shape (n, p).
    span_days, unit : float
        Length of the stretch; unit of the linear predictor, 1 for logs and log odds.
    noise : NoiseGrid
        Before the data.
    weighed_by : NoiseGrid
        Before the data, for evidence.
    effects : int
        How many of the others, the first ones, are of injections.
    heights : Heights
        Of steps.
    """

    family: Family
    days: Array
    line: Array
    others: Array
    day_share: Array
    span_days: float
    unit: float
    noise: NoiseGrid
    weighed_by: NoiseGrid
    effects: int
    heights: Heights = ANY_HEIGHT

    def design(self, *changes: Array) -> Design:
        """Return the design with some columns of change before all others."""
        stacked = np.column_stack([*changes, self.others])
        sds = [WEAK_SD] * len(changes) + [EFFECT_SD] * self.effects
        sds += [_OTHER_SD] * (self.others.shape[1] - self.effects)
        return Design.of(
            self.days,
            stacked,
            prior_sd=self.unit * np.array(sds),
            day_share=self.day_share,
        )

    @cached_property
    def steps(self) -> StepDays:
        """Where a step is looked for."""
        return step_days(self.days)

    def evidence(self, *, stepwise: bool) -> Evidence:
        """Weigh a line, and steps where wanted (all of them after the line)."""
        years = self.span_days / 365.25
        ways = [
            Alternative(
                column=self.line,
                sds=tuple(self.unit * years * sd for sd in SLOPES_A_YEAR),
                chance=1 - STEP_SHARE if stepwise else 1.0,
            )
        ]
        if stepwise:
            ways += self._step_ways()
        return evidence_for(self.family, self.design(), ways, self.weighed_by)

    def _step_ways(self) -> list[Alternative]:
        place = np.arange(len(self.days))
        return [
            Alternative(
                column=(place >= after).astype(float),
                means=tuple(self.unit * mean for mean in self.heights.means),
                sds=tuple(self.unit * sd for sd in self.heights.sds),
                chance=STEP_SHARE * float(chance),
            )
            for after, chance in zip(self.steps.after, self.steps.chance, strict=True)
        ]


def log_ratio_of_slope(slope: float, sd: float, *, stepwise: bool) -> float:
    """Return the evidence of an estimated slope a year with its standard error.

    As `Course.evidence` would find it, were no step any better than none.

    Parameters
    ----------
    slope, sd : float
        On the link's scale.
    stepwise : bool
        Whether steps are looked for, too.
    """
    # `evidence.log_ratio` with single numbers, as this is asked thousands of times.
    z_squared = (slope / sd) ** 2
    wide = [1 + (prior / sd) ** 2 for prior in SLOPES_A_YEAR]
    each = [0.5 * (z_squared * (1 - 1 / w) - math.log(w)) for w in wide]
    top = max(each)
    line = top + math.log(sum(math.exp(one - top) for one in each) / len(each))
    if not stepwise:
        return line
    top = max(line, 0.0)
    whole = (1 - STEP_SHARE) * math.exp(line - top) + STEP_SHARE * math.exp(-top)
    return top + math.log(whole)


def likely_step(evidence: Evidence) -> tuple[int, int, int] | None:
    """Return which step is the likely one, and between which it lies with 95 %.

    Parameters
    ----------
    evidence : Evidence
        Of a line and steps after it.

    Returns
    -------
    tuple of int or None
        None where a line explains the recordings as well, or nothing is reported at all.
    """
    chance = evidence.ways[1:]
    whole = float(chance.sum())
    if evidence.log_ratio < _LEAST_LOG_RATIO or whole < _RATHER_A_STEP:
        return None
    below = np.cumsum(chance) / whole
    earliest, latest = np.searchsorted(below, [0.025, 0.975]).tolist()
    return int(chance.argmax()), earliest, min(latest, len(chance) - 1)
