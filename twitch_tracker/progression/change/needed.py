"""How much more must be recorded until a change could be clear.

Asked is a halving or doubling within a year, to be found clear in 8 of 10 such persons:
at a slope that is 0.84 standard errors smaller than the true one (the usual normal sample
size formula, e.g. Chow, Shao and Wang 2008, chapter 3) the evidence of `changes` must reach
what `shares` asks of that measure. Evidence is not as strong as the standard error of a slope has it: what moves as
slowly as a change might be a long spell. How much weaker is found from the recordings themselves, with as many bursts as a
halving would have left. And what the program finds by mistake does not halve with the disease: where the other side shows
how much that is (`mistakes`), a halving leaves more than half of what is logged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.change.changes import Course, log_ratio_of_slope
from twitch_tracker.progression.change.observe import Observed
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.shares import PAGE_CHANCE
from twitch_tracker.progression.statistics.fit import (
    Combination,
    Counts,
    Fit,
    Shares,
    TimeShares,
)
from twitch_tracker.regions import Side

__all__ = [
    "TrendTest",
    "further_recordings",
    "least_slope",
    "mistaken_share",
    "weaker_by",
]

Ints = NDArray[np.int64]

_POWER_Z: Final = 0.841621
_MOST_MISTAKEN: Final = 0.5
_NOTHING_LEFT: Final = math.exp(-50.0)
_MOST_RECORDINGS: Final = 400
_MOST_DAYS: Final = 3 * 365.25
_LATEST: Final = 12
_NAN: Final = float("nan")
_LEAST_TESTED: Final = 0.1
_WEAKEST: Final = 4.0
_SHARED: Final = math.log(2)
"""Of two measures that share a chance the mean of both has to reach what is asked: where only one
speaks, half of its evidence."""


@dataclass(frozen=True)
class TrendTest:
    """What is asked of a trend before it is clear.

    Attributes
    ----------
    share : float
        Of the page's chance.
    stepwise : bool
        Whether steps are looked for, too.
    mistaken : float
        Share of what is logged that is there by mistake.
    """

    share: float
    stepwise: bool
    mistaken: float = 0.0

    @property
    def halving(self) -> float:
        """How far what is logged falls when the disease halves, in logs."""
        return -math.log((1 + self.mistaken) / 2)

    def of_the_disease(self, slope: float) -> float:
        """Return the ratio, above 1, by which the disease falls when what is logged falls so."""
        left = math.exp(-slope) - self.mistaken
        return (1 - self.mistaken) / max(left, _NOTHING_LEFT)

    @property
    def target_sd(self) -> float:
        """Standard error of the yearly slope at which a halving a year is clear."""
        return _target_sd(self)


@cache
def _target_sd(asked: TrendTest) -> float:
    """Find it by halving the bracket."""
    wanted = -math.log(PAGE_CHANCE * asked.share)
    low, high = 1e-3, asked.halving / _POWER_Z
    for _ in range(30):
        middle = (low + high) / 2
        slope = asked.halving - _POWER_Z * middle
        reached = log_ratio_of_slope(slope, middle, stepwise=asked.stepwise) >= wanted
        low, high = (middle, high) if reached else (low, middle)
    return low


def mistaken_share(columns: Columns, side: Side | None, rows: Ints) -> float:
    """Return the share of a side's new bursts that is there by mistake.

    Parameters
    ----------
    columns : Columns
        Recordings of one kind.
    side : Side or None
        Whose.
    rows : NDArray[np.int64]
        Which recordings.

    Returns
    -------
    float
        What is found on the other side over what is found on this one, as false alarms know
        no side; 0 where the other side is judged itself. At most a half.
    """
    if side is None or side.other in columns.lead:
        return 0.0
    own, other = (
        float(each.onsets[rows].sum() / each.free_min[rows].sum())
        for each in (columns.sides[side], columns.sides[side.other])
    )
    return min(other / own, _MOST_MISTAKEN) if own > 0 else 0.0


def least_slope(sd: float, asked: TrendTest) -> float:
    """Return the least slope a year that is clear in 8 of 10 persons.

    Parameters
    ----------
    sd : float
        Standard error of the yearly slope, on the link's scale.
    asked : TrendTest
        What is asked of it.

    Returns
    -------
    float
        On the same scale; infinite where no slope would be.
    """
    wanted = -math.log(PAGE_CHANCE * asked.share) if asked.share > 0 else math.inf
    low, high = 0.0, 60.0 * sd
    if log_ratio_of_slope(high, sd, stepwise=asked.stepwise) < wanted:
        return math.inf
    for _ in range(30):
        middle = (low + high) / 2
        reached = log_ratio_of_slope(middle, sd, stepwise=asked.stepwise) >= wanted
        low, high = (low, middle) if reached else (middle, high)
    return high + _POWER_Z * sd


def weaker_by(course: Course, slope: Combination, asked: TrendTest) -> float:
    """Return by what the standard error of a slope is to be multiplied to predict the evidence.

    Parameters
    ----------
    course : Course
        Of a rate.
    slope : Combination
        Over the span of the course.
    asked : TrendTest
        What is asked of it.

    Returns
    -------
    float
        At least 1.
    """
    years = course.span_days / 365.25
    sd = slope.sd / years
    tested = asked.halving - _POWER_Z * sd
    if not isinstance(course.family, Counts) or tested < _LEAST_TESTED:
        return 1.0
    # The same recordings, had the rate fallen so.
    turned = np.exp(-(tested * years + slope.mean) * course.line)
    slowed = replace(course.family, count=course.family.count * turned)
    reached = replace(course, family=slowed).evidence(stepwise=asked.stepwise)
    wanted = max(reached.log_ratio - _SHARED, 0.0)
    low, high = 1.0, _WEAKEST
    for _ in range(20):
        middle = (low + high) / 2
        predicted = log_ratio_of_slope(tested, middle * sd, stepwise=asked.stepwise)
        low, high = (middle, high) if predicted > wanted else (low, middle)
    return low


def further_recordings(
    found: Fit,
    observed: Observed,
    columns: Columns,
    span_days: float,
    asked: TrendTest,
    weaker: float = 1.0,
) -> float:
    """Return the minutes to record until a halving or doubling a year can be clear.

    The pace, length and content of the latest twelve recordings are thought to go on.

    Parameters
    ----------
    found : Fit
        The trend; coefficient 1 is the slope over `span_days`.
    observed : Observed
        What it was fitted to.
    columns : Columns
        Recordings of one kind.
    span_days : float
        Length of the stretch.
    asked : TrendTest
        What is asked of it before it is clear.
    weaker : float
        See `weaker_by`.

    Returns
    -------
    float
        0 when it can be clear already; NaN when three more years or 400 recordings
        are not enough, or when halving makes no sense for the measure.
    """
    if not np.isnan(observed.spread):
        return _NAN
    slope = found.along(np.eye(found.coefficients.shape[1])[1])
    per_day = slope.sd / span_days
    if not asked.share > 0:
        return _NAN
    target_sd = asked.target_sd / weaker
    if per_day * 365.25 <= target_sd:
        return 0.0
    recent = observed.rows[-_LATEST:]
    minutes = float(np.median(columns.minutes[recent]))
    day = columns.day[recent]
    pace = max(float(np.ptp(day)) / max(len(recent) - 1, 1), 1.0)
    course = span_days, pace
    extra = _recordings(found, observed, per_day, course, target_sd)
    return extra * minutes


def _recordings(
    found: Fit,
    observed: Observed,
    sd_per_day: float,
    course: tuple[float, float],
    target_sd: float,
) -> float:
    """Count further recordings; the information on the slope of a growing line.

    A pass of the Kalman filter for a constant and time, with one typical kind of noise,
    begun with what is known already.
    """
    span, pace = course
    noise = found.noise.typical()
    sd, lasting = float(noise.sd[0]), float(noise.lasting[0])
    keep = math.exp(-pace / float(noise.scale_days[0]))
    own = sd**2 * (1 - lasting) + _counting_variance(observed)
    level_sd = found.along(np.eye(found.coefficients.shape[1])[0]).sd
    # Time 0 is the middle of what is known, where level and slope are unrelated.
    aa, ab, bb = 1 / level_sd**2, 0.0, 1 / sd_per_day**2
    total = sd**2 * lasting
    unsure, one, time = total, 0.0, 0.0
    for k in range(1, _MOST_RECORDINGS + 1):
        at = span / 2 + k * pace
        if k * pace > _MOST_DAYS:
            break
        unsure = keep**2 * (unsure - total) + total
        one, time = one * keep, time * keep
        spread = unsure + own
        e1, et = 1 - one, at - time
        aa, ab, bb = aa + e1 * e1 / spread, ab + e1 * et / spread, bb + et * et / spread
        gain = unsure / spread
        one, time, unsure = one + gain * e1, time + gain * et, unsure * (1 - gain)
        variance = aa / (aa * bb - ab**2)
        if math.sqrt(variance) * 365.25 <= target_sd:
            return float(k)
    return _NAN


def _counting_variance(observed: Observed) -> float:
    """Return counting variance of a recording like the latest, on the link's scale."""
    family = observed.family
    if isinstance(family, Counts):
        recent = family.count[-_LATEST:].mean()
        whole = family.count.mean()
        return float(family.dispersion / max(recent, 0.2 * whole, 1e-3))
    if isinstance(family, Shares):
        share = float((family.hits.sum() + 0.5) / (family.trials.sum() + 1))
        trials = float(family.trials[-_LATEST:].mean())
        return 1 / (trials * share * (1 - share))
    if isinstance(family, TimeShares):
        share = float(family.busy_s.sum() / family.watched_s.sum())
        watched = float(family.watched_s[-_LATEST:].mean())
        return family.typical_s / (watched * share)
    return float(np.median(family.working(np.zeros(1))[1]))
