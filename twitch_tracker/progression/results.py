"""What progression found, as frozen nouns: codes and numbers, no sentences.

`wording.progression` tells them in the reader's language. Conventions that bite: nothing of rest and provoked tasks, of two sides, or of two
methods is ever in one series; a ratio is after over before; NaN is not measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from twitch_tracker.history import (
    Basis,
    DiaryEntry,
    Method,
    Patient,
    TaskKind,
    Treatment,
)
from twitch_tracker.progression.broken import Break, Broken
from twitch_tracker.progression.choose import LeftOut
from twitch_tracker.progression.scales import Closest, PublishedScale
from twitch_tracker.regions import Region, Side

if TYPE_CHECKING:
    from twitch_tracker.progression.readings import Reading

__all__ = [
    "BETWEEN_RATIOS",
    "MEASURES_OF_BOTH_SIDES",
    "Association",
    "Between",
    "BetweenBursts",
    "Break",
    "Broken",
    "ChartPoint",
    "Closest",
    "Cycle",
    "CyclePoint",
    "Estimate",
    "InjectionCourse",
    "Measure",
    "OperationCourse",
    "OperationMark",
    "OtherCourse",
    "Progression",
    "ProvokedRatio",
    "PublishedScale",
    "QuestionnaireChange",
    "RegionReached",
    "Scale",
    "Series",
    "Sign",
    "SignSeen",
    "Step",
    "Sureness",
    "Trend",
]


class Measure(StrEnum):
    """What is followed over time."""

    EPISODES_PER_MIN = "onsets_per_free_min"
    SPASM_FRACTION = "spasm_fraction"
    MEDIAN_DURATION_S = "median_duration_s"
    LONGEST_DURATION_S = "longest_duration_s"
    SHARE_OVER_1S = "share_over_1s"
    MEDIAN_PAUSE_S = "median_pause_s"
    EXCURSION_MM = "excursion_mm"
    BOTH_REGIONS_SHARE = "both_regions_share"
    BROW_LIFT_SHARE = "brow_lift_share"
    REST_ASYMMETRY = "rest_asymmetry"
    BLINKS_PER_MIN = "blinks_per_min"


MEASURES_OF_BOTH_SIDES: Final = (Measure.REST_ASYMMETRY, Measure.BLINKS_PER_MIN)
"""These belong to the face, not to a side."""


class Scale(StrEnum):
    """How two values of a measure are compared."""

    RATIO = "ratio"
    DIFFERENCE = "difference"


class Sureness(StrEnum):
    """How sure a change is.

    `CLEAR`: the chance that a person of whom nothing changes is told so within a year,
    anywhere on the page and however often it is looked at, is at most 5 %. `POSSIBLE`: this
    alone would be said by chance in at most 20 of 100 stable persons at one look; told
    in details only. `UNTOLD`: neither.
    """

    CLEAR = "clear"
    POSSIBLE = "possible"
    UNTOLD = "untold"


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A value with its 95 % interval; NaN where it cannot be told."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class ChartPoint:
    """One dot of a chart: a recording, or all recordings of a stretch of time.

    Attributes
    ----------
    at : datetime
        Its middle.
    start, end : date
        First and last day in it.
    estimate : Estimate
        The value.
    analysable_min : float
        Minutes behind it.
    bursts : int
        Bursts behind it; of a blink rate, blinks.
    recordings : tuple of str
        Names of the recordings behind it.
    """

    at: datetime
    start: date
    end: date
    estimate: Estimate
    analysable_min: float
    bursts: int
    recordings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A change that came at once rather than little by little.

    Attributes
    ----------
    day : date
        First recorded day after it.
    earliest, latest : date
        Between which days it lies with 95 %.
    before, after : float
        Fitted, in the measure's own unit.
    change : Estimate
        After against before, on the trend's scale.
    """

    day: date
    earliest: date
    latest: date
    before: float
    after: float
    change: Estimate


@dataclass(frozen=True, kw_only=True)
class Trend:
    """How a measure changes over a stretch without treatment effects in between.

    Attributes
    ----------
    start, end : date
        From the first to the last recording it rests on.
    scale : Scale
        Whether `change` and `per_year` are ratios or differences.
    fitted_start, fitted_end : float
        Value of the fitted line at both ends, in the measure's own unit.
    change, per_year : Estimate
        From start to end, and in a year.
    p_value : float
        Of no change.
    sureness : Sureness
        After looking at all trends of the page.
    recordings : int
        How many it rests on.
    analysable_min : float
        Minutes it rests on.
    minutes_needed : float
        Further minutes (at the present pace of recording and burst rate) until a
        halving or doubling within a year would be clear in 8 of 10 such persons; 0 when
        it already would be, NaN when that cannot be said.
    least_a_year : float
        The least ratio a year that would be clear by now in 8 of 10 such persons, above
        1; NaN of differences.
    injections_acted : bool
        Whether injections acted on it.
    injections_taken_out : bool
        Whether they had the same effect each time, as far as can be told, so that it is
        no part of the trend.
    after_operation : bool
        Whether it begins nine months after an operation.
    step : Step or None
        Where a clear change came at once.
    without_injections : bool
        Whether fitted values are those of days on which no injection acts; else, of
        a course like the one that was recorded.
    """

    start: date
    end: date
    scale: Scale
    fitted_start: float
    fitted_end: float
    change: Estimate
    per_year: Estimate
    p_value: float
    sureness: Sureness
    recordings: int
    analysable_min: float
    minutes_needed: float
    least_a_year: float = float("nan")
    injections_acted: bool = False
    injections_taken_out: bool = False
    after_operation: bool = False
    step: Step | None = None
    without_injections: bool = False


@dataclass(frozen=True, kw_only=True)
class Series:
    """One measure of one side and one kind of task.

    Attributes
    ----------
    measure : Measure
        What.
    side : Side or None
        Whose; None for measures of both sides.
    kind : TaskKind
        Of which tasks.
    recordings : sequence of ChartPoint
        One dot a recording, made when they are looked at (`lazy.LazyDots`); those without a value (no burst, no duration) left out.
    periods : tuple of ChartPoint
        Pooled over days, weeks, months or quarters, whichever keeps a chart
        readable; equal to `recordings` when these are few.
    period : str
        ``recording``, ``day``, ``week``, ``month`` or ``quarter``.
    trend : Trend or None
        None when there are too few recordings for any.
    latest : ChartPoint or None
        All recordings of the last 28 days up to the last one of this kind of task, or
        the last three recordings where these days hold fewer. None when nothing in
        them has a value (no burst, no length).
    """

    measure: Measure
    side: Side | None
    kind: TaskKind
    recordings: Sequence[ChartPoint]
    periods: tuple[ChartPoint, ...]
    period: str
    trend: Trend | None
    latest: ChartPoint | None = None


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
    sureness: Sureness = Sureness.UNTOLD
    last_peak_sureness: Sureness = Sureness.UNTOLD


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
        told.
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


@dataclass(frozen=True, kw_only=True)
class OperationMark:
    """The burst rate around one fixed time, `day`, after an operation.

    `sureness` is that of `over_before`.
    """

    day: int
    rate: Estimate
    over_before: Estimate
    analysable_min: float
    sureness: Sureness = Sureness.UNTOLD


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
    sureness: Sureness = Sureness.UNTOLD


@dataclass(frozen=True, kw_only=True)
class Association:
    """How the burst rate goes along with a diary number, without a cause.

    Attributes
    ----------
    factor : str
        A key of `history.DIARY_FACTORS`.
    side, kind
        Of which bursts.
    days : int
        Days with both an entry and a recording.
    rate_ratio : Estimate
        Per unit of the factor, time trend taken out.
    p_value : float
        Of no association.
    sureness : Sureness
        After looking at all associations of the page.
    """

    factor: str
    side: Side
    kind: TaskKind
    days: int
    rate_ratio: Estimate
    p_value: float
    sureness: Sureness


@dataclass(frozen=True, kw_only=True)
class RegionReached:
    """Since when, and in which share of the latest bursts, a region takes part.

    Attributes
    ----------
    region, side, kind
        Which.
    first_on : date or None
        First day on which it surely took part, in more bursts than the detector names
        by mistake; None if it never was sure.
    latest_share : Estimate
        Share of bursts with it over the latest period.
    """

    region: Region
    side: Side
    kind: TaskKind
    first_on: date | None
    latest_share: Estimate


class Between(StrEnum):
    """What is compared between both sides apart from bursts."""

    EYES_AT_REST = "eyes_at_rest"
    MOUTH_AT_REST = "mouth_at_rest"
    CLOSURE = "closure"
    SMILE = "smile"
    BROW = "brow"


BETWEEN_RATIOS: Final = (Between.CLOSURE, Between.SMILE, Between.BROW)
"""These are right over left; the other ones right less left."""


@dataclass(frozen=True, kw_only=True)
class BetweenBursts:
    """Both sides apart from bursts: at rest, or as far as each came in a task.

    Attributes
    ----------
    what : Between
        What.
    recordings : int
        How many the latest numbers rest on, of three months up to the last one, none
        from before an operation.
    first_on, last_on : date
        Their first and last day.
    left, right : float
        Means: at rest less and more than the middle of both; of closure the share of the
        opening; of smile and eyebrow millimetres.
    right_to_left : Estimate
        Right over left (`BETWEEN_RATIOS`), or right less left as a share of the opening or
        in millimetres. The interval is NaN below three recordings.
    earlier : Estimate or None
        The same of all recordings before.
    earlier_recordings : int
        How many these are.
    """

    what: Between
    recordings: int
    first_on: date
    last_on: date
    left: float
    right: float
    right_to_left: Estimate
    earlier: Estimate | None
    earlier_recordings: int


@dataclass(frozen=True, kw_only=True)
class ProvokedRatio:
    """New bursts in tasks over those at rest, of days with both.

    Attributes
    ----------
    side : Side
        Whose.
    days : int
        How many.
    over_rest : Estimate
        Rate ratio.
    """

    side: Side
    days: int
    over_rest: Estimate


@dataclass(frozen=True, kw_only=True)
class QuestionnaireChange:
    """The HFS-7 total, latest against before.

    Attributes
    ----------
    before_on, last_on : date
        When both were noted.
    before, last, change : float
        Totals, 0 to 28, and last less before.
    least : float
        Least change that matters to a person.
    matters : bool
        Whether it is as large.
    treatment : Treatment or None
        What lies between; None where the first total is meant.
    """

    before_on: date
    before: float
    last_on: date
    last: float
    change: float
    least: float
    matters: bool
    treatment: Treatment | None


class Sign(StrEnum):
    """What clinicians use to tell apart what bursts may come from."""

    BOTH_TOGETHER = "both_together"
    BROW_LIFT = "brow_lift"
    WEAKER_CLOSURE = "weaker_closure"
    MOVES_ALONG = "moves_along"
    QUICK = "quick"
    FLICKER = "flicker"


@dataclass(frozen=True, kw_only=True)
class SignSeen:
    """A measured statement for clinicians; never a diagnosis.

    Attributes
    ----------
    sign : Sign
        Which.
    side : Side
        Of the bursts.
    value : Estimate
        Share of bursts; of `WEAKER_CLOSURE` this side's reach over the other one's; of
        `MOVES_ALONG` how much more this eye closes in tasks of the mouth, as a share of
        its opening.
    counted, of : int
        Bursts with it, of so many; or recordings, of as many.
    stands_out : bool
        Whether the whole interval lies beyond the bound of `signs.BOUNDS`.
    """

    sign: Sign
    side: Side
    value: Estimate
    counted: int
    of: int
    stands_out: bool


@dataclass(frozen=True, kw_only=True)
class Progression:
    """Everything the progression page shows.

    Attributes
    ----------
    patient, basis
        Of whom, and whose bursts were counted.
    method : Method or None
        With what all counted recordings were measured; None without recordings.
    first_on, last_on : date or None
        First and last day with a counted recording.
    recordings, analysable_min
        How many were counted, and the minutes in them.
    series : tuple of Series
        Only with at least one recording.
    injections : sequence of InjectionCourse
        In order of day, each made when it is looked at (`lazy.LazyCourses`).
    operations, associations, regions, closest
        See there.
    treatments : tuple of Treatment
        All of them, to be drawn as bands and marks.
    diary : tuple of DiaryEntry
        All of it.
    left_out : tuple of LeftOut
        What is not counted.
    breaks : tuple of Break
        Where it was recorded in another way, in order of day.
    cycles : tuple of Cycle
        All injections of a side together.
    others : tuple of OtherCourse
        What followed drugs and other treatments, in order of day.
    between : tuple of BetweenBursts
        Both sides apart from bursts.
    signs : tuple of SignSeen
        What clinicians use to tell apart, of judged sides; for clinicians only.
    provoked : tuple of ProvokedRatio
        Tasks over rest, of judged sides.
    hfs7 : QuestionnaireChange or None
        The HFS-7 total, latest against before.
    judged : tuple of Side
        Sides whose bursts stand clear of false alarms, the first one first; of the other
        ones nothing but dots is told.
    readings : tuple of Reading
        What to say first, the most important first; never empty.
    reviewed : int
        Of how many counted recordings a finished review was counted.
    """

    patient: Patient
    basis: Basis
    method: Method | None
    first_on: date | None
    last_on: date | None
    recordings: int
    analysable_min: float
    series: tuple[Series, ...]
    injections: Sequence[InjectionCourse]
    operations: tuple[OperationCourse, ...]
    associations: tuple[Association, ...]
    regions: tuple[RegionReached, ...]
    closest: tuple[Closest, ...]
    treatments: tuple[Treatment, ...]
    diary: tuple[DiaryEntry, ...]
    left_out: tuple[LeftOut, ...]
    readings: tuple[Reading, ...]
    breaks: tuple[Break, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    reviewed: int = 0
    others: tuple[OtherCourse, ...] = ()
    between: tuple[BetweenBursts, ...] = ()
    signs: tuple[SignSeen, ...] = ()
    provoked: tuple[ProvokedRatio, ...] = ()
    hfs7: QuestionnaireChange | None = None
    judged: tuple[Side, ...] = ()
