"""What followed injections, operations and other treatments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from twitch_tracker.history import TaskKind, Treatment
from twitch_tracker.progression.results.measures import Sureness
from twitch_tracker.records.estimates import Estimate
from twitch_tracker.regions import Side

__all__ = [
    "Cycle",
    "CyclePoint",
    "InjectionCourse",
    "OneCycle",
    "OperationCourse",
    "OperationMark",
    "OtherCourse",
    "TimeAround",
]


@dataclass(frozen=True, kw_only=True)
class InjectionCourse:
    """What one injection did to the burst rate of one side in one kind of task.

    Attributes
    ----------
    treatment : Treatment
        The injection.
    side, kind
        Where.
    before, peak : Estimate
        Bursts a minute in the 28 days before (or since the last wear-off), and in
        days 14 to 30 after.
    peak_over_before : Estimate
        Rate ratio.
    peak_over_last_peak : Estimate or None
        Peak compared with the peak after the injection before.
    wear_off_day : Estimate or None
        Day on which half of the effect was gone; None when that was not seen.
    within_last : bool
        Whether the injection before it may still have acted.
    sureness, last_peak_sureness : Sureness
        Of `peak_over_before` and of `peak_over_last_peak`.
    """

    treatment: Treatment
    side: Side
    kind: TaskKind
    before: Estimate
    peak: Estimate
    peak_over_before: Estimate
    peak_over_last_peak: Estimate | None
    wear_off_day: Estimate | None
    within_last: bool = False
    sureness: Sureness = Sureness.UNCERTAIN
    last_peak_sureness: Sureness = Sureness.UNCERTAIN


@dataclass(frozen=True, kw_only=True)
class CyclePoint:
    """The burst rate so many days after an injection, over that without any.

    Attributes
    ----------
    day : int
        After an injection.
    over_untreated : Estimate
        Rate ratio, the course's trend taken out.
    recordings : int
        How many lie nearest to this day.
    """

    day: int
    over_untreated: Estimate
    recordings: int


@dataclass(frozen=True, kw_only=True)
class OneCycle:
    """What was recorded after one injection, as it was counted; too little for an interval.

    Attributes
    ----------
    on : date
        Day of the injection.
    days : tuple of int
        After it, rising.
    over_untreated : tuple of float
        Bursts that began, over those to be expected without any injection.
    """

    on: date
    days: tuple[int, ...]
    over_untreated: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """All injections of one side together, in one kind of task.

    Attributes
    ----------
    side, kind
        Where.
    injections : int
        How many.
    is_clear : bool
        Whether the burst rate clearly follows them.
    half_way_day : Estimate or None
        Day after an injection on which half of the effect is gone; None when it is not
        determined.
    onset_day : Estimate or None
        Day on which half of the effect is there.
    best_day : Estimate or None
        Day of the fewest bursts.
    best : Estimate or None
        Rate ratio on that day.
    curve : tuple of CyclePoint
        The average cycle by days since an injection, where it was recorded; empty when the
        burst rate does not clearly follow injections.
    last_on : date or None
        Day of the last injection.
    each : tuple of OneCycle
        The injections one by one, in order, of those after which enough was recorded.
    """

    side: Side
    kind: TaskKind
    injections: int
    is_clear: bool
    half_way_day: Estimate | None
    onset_day: Estimate | None = None
    best_day: Estimate | None = None
    best: Estimate | None = None
    curve: tuple[CyclePoint, ...] = ()
    last_on: date | None = None
    each: tuple[OneCycle, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TimeAround:
    """How much time was spent in bursts before a treatment, and at some time after it.

    Attributes
    ----------
    before, after : float
        Share of the analysable time.
    sureness : Sureness
        Of the difference.
    """

    before: float
    after: float
    sureness: Sureness


@dataclass(frozen=True, kw_only=True)
class OperationMark:
    """The burst rate around one fixed time, `day`, after an operation.

    `sureness` is that of `over_before`; `time` is None where either was not recorded.
    """

    day: int
    rate: Estimate
    over_before: Estimate
    analysable_min: float
    sureness: Sureness = Sureness.UNCERTAIN
    time: TimeAround | None = None


@dataclass(frozen=True, kw_only=True)
class OperationCourse:
    """What followed an operation: marks at 1 week, 1, 3, 6, 9 and 12 months.

    `is_early`: less than nine months have passed, and relief may still come.
    """

    treatment: Treatment
    side: Side
    kind: TaskKind
    before: Estimate
    marks: tuple[OperationMark, ...]
    is_early: bool = False


@dataclass(frozen=True, kw_only=True)
class OtherCourse:
    """What followed a drug or another treatment: half a year after it against before.

    Attributes
    ----------
    treatment : Treatment
        Neither an injection nor an operation.
    side, kind
        Where.
    first_on, last_on : date
        First and last day with a recording that is compared.
    before, after : Estimate
        New bursts a minute.
    after_over_before : Estimate
        Rate ratio, injections taken out.
    analysable_min : float
        Minutes after it.
    injections_acted : bool
        Whether injections may have acted meanwhile.
    sureness : Sureness
        Of the ratio.
    time : TimeAround or None
        Time in bursts, injections taken out of how sure the difference is.
    """

    treatment: Treatment
    side: Side
    kind: TaskKind
    first_on: date
    last_on: date
    before: Estimate
    after: Estimate
    after_over_before: Estimate
    analysable_min: float
    injections_acted: bool = False
    sureness: Sureness = Sureness.UNCERTAIN
    time: TimeAround | None = None
