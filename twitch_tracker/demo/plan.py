"""What a simulated patient goes through, and what of it is true.

Knows the plan of a course and its noise-free curves; draws nothing. Note: days are
counted from the first day of the course; growth is a ratio a year; an effect is a ratio
of rates (0.25 is a quarter of the bursts).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from twitch_tracker.errors import BadParameter
from twitch_tracker.language import say
from twitch_tracker.regions import Side

__all__ = [
    "DAYS_PER_YEAR",
    "CoursePlan",
    "CourseTruth",
    "injection_curve",
    "operation_curve",
]

Array = NDArray[np.float64]

DAYS_PER_YEAR: Final = 365.25

_ONSET_DAY, _ONSET_SPREAD = 4.5, 1.3
_WEAR_OFF_SPREAD: Final = 16.0


@dataclass(frozen=True, kw_only=True)
class CoursePlan:
    """The course of one simulated patient.

    Attributes
    ----------
    patient_id : str
        Pseudonym.
    start : date
        First day.
    days : int
        Length of the course.
    side : Side
        The affected side; the other one has hardly any bursts.
    pace : float
        Chance of a recording on a day, before gaps.
    gap_days : float
        Mean length of stretches without any recording, which begin on one day in
        sixty; 0 for none.
    minutes : float
        Mean analysable minutes of a recording at rest.
    provoked_share : float
        Share of recording days on which a provoked task is recorded, too.
    rate_per_min : float
        Bursts a minute at rest on the first day, untreated.
    rate_growth, duration_growth : float
        Ratio a year.
    duration_s : float
        Median duration of a burst on the first day.
    excursion_mm, excursion_growth : float
        Median excursion on the first day, and its ratio a year.
    mouth_day, cheek_day : float
        Day on which mouth corner and cheek take part in every fourth burst.
    asymmetry_per_year : float
        By how much the affected eye narrows between bursts, a year.
    day_sd, week_sd, week_scale_days : float
        Variability of the log rate from day to day, and that which lasts for weeks.
    duration_sd : float
        The same for log durations, half of it lasting for weeks.
    injections : tuple of float
        Days of injections.
    injection_ratio, injection_sd : float
        Rate under full effect, and how much its logarithm differs between injections.
    wear_off_day : float
        Days until half of the (logarithmic) effect is gone.
    operation_day : float or None
        Day of an operation.
    operation_ratio, relief_days : float
        Rate in the end, and the time constant of the relief.
    stress_ratio : float
        Rate ratio per point of stress in the diary.
    diary_share : float
        Share of days with a diary entry.
    """

    patient_id: str = "demo"
    start: date = date(2022, 1, 10)
    days: int = 1096
    side: Side = Side.LEFT
    pace: float = 0.4
    gap_days: float = 6.0
    minutes: float = 3.0
    provoked_share: float = 0.4
    rate_per_min: float = 1.2
    rate_growth: float = 1.35
    duration_s: float = 0.7
    duration_growth: float = 1.5
    excursion_mm: float = 2.5
    excursion_growth: float = 1.1
    mouth_day: float = 500.0
    cheek_day: float = 900.0
    asymmetry_per_year: float = 0.01
    day_sd: float = 0.35
    week_sd: float = 0.3
    week_scale_days: float = 8.0
    duration_sd: float = 0.25
    injections: tuple[float, ...] = ()
    injection_ratio: float = 0.25
    injection_sd: float = 0.15
    wear_off_day: float = 92.0
    operation_day: float | None = None
    operation_ratio: float = 0.04
    relief_days: float = 30.0
    stress_ratio: float = 1.12
    diary_share: float = 0.7

    def __post_init__(self) -> None:
        """Refuse courses that cannot be drawn."""
        for name in ("days", "minutes", "rate_per_min", "duration_s", "pace"):
            if not getattr(self, name) > 0:
                raise BadParameter(name, say("a positive number"), getattr(self, name))
        if not 0 <= self.diary_share <= 1 or not 0 <= self.provoked_share <= 1:
            raise BadParameter("share", say("0 to 1"), (self.diary_share,))


@dataclass(frozen=True, kw_only=True)
class CourseTruth:
    """What is true of a simulated patient, variability and chance taken away.

    Attributes
    ----------
    plan : CoursePlan
        As it was drawn.
    depths : tuple of float
        Log rate ratio under the full effect of each injection.
    wear_off_days : tuple of float
        Days until half of each injection's logarithmic effect was gone.
    rates_per_min : Mapping[str, float]
        Expected bursts a minute on the affected side, by recording.
    """

    plan: CoursePlan
    depths: tuple[float, ...] = ()
    wear_off_days: tuple[float, ...] = ()
    rates_per_min: Mapping[str, float] = field(default_factory=dict)


def injection_curve(days_after: Array, wear_off_day: float) -> Array:
    """Return the share of an injection's full logarithmic effect, 0 to 1.

    A smooth rise around day 4 to 5 and a slower, later fall: both are distribution
    functions of the normal law. Onset about day 4, peak in days 14 to 30, wear-off in
    weeks 12 to 15 (pjo 33/2; Toxins 2021;13:881; Life 2023;13:1760). The shape is an
    assumption of the simulation and is not the one that progression fits.

    Parameters
    ----------
    days_after : NDArray[np.float64]
        Days since the injection; negative before it.
    wear_off_day : float
        Days until half of it is gone.

    Returns
    -------
    NDArray[np.float64]
        Of the same shape.
    """
    rise = ndtr((days_after - _ONSET_DAY) / _ONSET_SPREAD)
    fall = ndtr((wear_off_day - days_after) / _WEAR_OFF_SPREAD)
    return np.asarray(np.where(days_after > 0, rise * fall, 0.0))


def operation_curve(days_after: Array, relief_days: float) -> Array:
    """Share of an operation's final logarithmic effect: sudden in part, then delayed.

    Six in ten are relieved at once and others over weeks to months (pooled figures of
    2727 patients, 10.1097/SCS.0000000000001406); here each patient has both parts.
    """
    late = 1 - np.exp(-np.maximum(days_after, 0) / relief_days)
    return np.where(days_after >= 0, 0.4 + 0.6 * late, 0.0)
