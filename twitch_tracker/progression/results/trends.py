"""How measures run: dots, trends, steps, and what goes along with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from twitch_tracker.history import TaskKind
from twitch_tracker.progression.results.measures import (
    MOSTLY,
    Measure,
    Scale,
    Sureness,
)
from twitch_tracker.records.estimates import Estimate
from twitch_tracker.regions import Side

__all__ = [
    "Association",
    "BeyondMistakes",
    "ChartPoint",
    "Series",
    "Step",
    "Trend",
]


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
class BeyondMistakes:
    """A change of a rate without what the program finds by mistake.

    Attributes
    ----------
    change : Estimate
        Ratio of both ends of the line, with the mistakes taken off both.
    mistakes_per_min : float
        Bursts a minute on the other side, on which nothing is judged.
    """

    change: Estimate
    mistakes_per_min: float


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
    after_operation : bool
        Whether it begins nine months after an operation.
    step : Step or None
        Where a clear change came at once.
    without_injections : bool
        Whether fitted values are those of days on which no injection acts; else, of
        a course like the one that was recorded.
    beyond_mistakes : BeyondMistakes or None
        Of a burst rate: the same without what is found by mistake, where the other side
        shows how much that is.
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
    after_operation: bool = False
    step: Step | None = None
    without_injections: bool = False
    beyond_mistakes: BeyondMistakes | None = None


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

    @property
    def is_mostly(self) -> bool:
        """Whether this is the time in bursts, and they take most of it lately."""
        latest, time = self.latest, self.measure is Measure.SPASM_FRACTION
        return time and latest is not None and latest.estimate.value >= MOSTLY


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
    or_factor : str
        Another number that goes along with this one, where it is clear that bursts go along
        with one of the two, but not with which.
    """

    factor: str
    side: Side
    kind: TaskKind
    days: int
    rate_ratio: Estimate
    p_value: float
    sureness: Sureness
    or_factor: str = ""
