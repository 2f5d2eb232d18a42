"""What the progression charts show, in days and measured units, before any drawing.

Both the page (SVG) and the paper (matplotlib) draw these values, so that they always
agree. Note: a place in time is a number of days (`date.toordinal`, with a fraction);
the charts of rest and of provoked tasks are separate groups; left and right of one
measure share one chart and one scale.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from twitch_tracker.history import TaskKind, Treatment, TreatmentKind
from twitch_tracker.progression.recordings.phases import (
    ONSET_DAY,
    OPERATION_MARKS,
    PEAK_DAYS,
    WEAR_OFF_DAYS,
)
from twitch_tracker.progression.results import (
    ChartPoint,
    Measure,
    Progression,
    Scale,
    Series,
    Step,
    Trend,
)
from twitch_tracker.regions import Side
from twitch_tracker.report.ticks import calendar_ticks, round_ticks
from twitch_tracker.units import period_text
from twitch_tracker.wording.terms import KINDS, SIDE_ORDER

__all__ = [
    "MOST_SIGNS",
    "OPERATION_MARK_DAYS",
    "Band",
    "Chart",
    "Dot",
    "Group",
    "Line",
    "TimeAxis",
    "build_groups",
    "time_axis",
    "treatment_bands",
    "trend_path",
]


OPERATION_MARK_DAYS: Final = tuple(day for day, _, _ in OPERATION_MARKS)
"""Where an operation's course is looked at."""

_PIECES: Final = 24
"""Of the line of a trend; a constant ratio is a curve on a linear scale."""

MOST_SIGNS: Final = 10
"""More treatments than this are ticks above a chart, not lines through it."""


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One mark: a recording, or all recordings of a stretch of time."""

    x: float
    value: float
    low: float
    high: float
    when: str
    point: ChartPoint


@dataclass(frozen=True, kw_only=True)
class Line:
    """One side of a chart; `faint` where it is not judged (`Progression.aside`)."""

    side: Side | None
    dots: tuple[Dot, ...]
    series: Series
    faint: bool = False


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One measure of one kind of task, all its sides on one scale."""

    measure: Measure
    kind: TaskKind
    lines: tuple[Line, ...]
    bottom: float
    top: float
    y_ticks: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """All charts of one kind of task."""

    kind: TaskKind
    charts: tuple[Chart, ...]


@dataclass(frozen=True, kw_only=True)
class TimeAxis:
    """The stretch of time that all charts share, and where it is labelled."""

    start: float
    end: float
    ticks: tuple[tuple[float, str], ...]

    def share(self, day: float) -> float:
        """Return where a day lies, 0 at the left edge and 1 at the right."""
        return (day - self.start) / (self.end - self.start)

    def clipped(self, start: float, end: float) -> tuple[float, float] | None:
        """Return the part of a stretch that is shown, or None."""
        first, last = max(start, self.start), min(end, self.end)
        return (first, last) if last > first else None


@dataclass(frozen=True, kw_only=True)
class Band:
    """A stretch after a treatment; `phase` is onset, peak, steady or wearing_off."""

    phase: str
    start: float
    end: float
    treatment: Treatment


# --- time -------------------------------------------------------------------------


def _day(at: datetime) -> float:
    """Return an aware moment as days, in its own calendar."""
    seconds = at.hour * 3600 + at.minute * 60 + at.second
    return at.toordinal() + seconds / 86400


def time_axis(progression: Progression, most_ticks: int = 5) -> TimeAxis:
    """Return the stretch of time that every chart of a person shows.

    Parameters
    ----------
    progression : Progression
        With at least one counted recording.
    most_ticks : int
        Most labels that fit beside each other.

    Returns
    -------
    TimeAxis
        From the first to the last recording, widened to treatments up to 15 weeks
        before and to those after.
    """
    first, last = progression.first_on, progression.last_on
    if first is None or last is None:
        raise ValueError("expected at least one counted recording, got none")
    days = [first.toordinal(), last.toordinal() + 1]
    for treatment in progression.treatments:
        day = treatment.on.toordinal()
        if day >= days[0] - WEAR_OFF_DAYS[1]:
            days.append(day)
    start, end = float(min(days)), float(max(days))
    margin = max(0.02 * (end - start), 1.0)
    start, end = start - margin, end + margin
    return TimeAxis(start=start, end=end, ticks=calendar_ticks(start, end, most_ticks))


# --- values -----------------------------------------------------------------------


def build_groups(progression: Progression) -> tuple[Group, ...]:
    """Put all series into charts: rest first, then provoked, the rest behind.

    Returns
    -------
    tuple of Group
        Without groups and charts that have no mark to draw.
    """
    found = []
    for kind in KINDS:
        of_kind = [series for series in progression.series if series.kind is kind]
        aside = progression.aside
        charts = (_chart(measure, kind, of_kind, aside) for measure in Measure)
        shown = tuple(chart for chart in charts if chart is not None)
        if shown:
            found.append(Group(kind=kind, charts=shown))
    return tuple(found)


def _chart(
    measure: Measure,
    kind: TaskKind,
    series: Sequence[Series],
    aside: Sequence[Side],
) -> Chart | None:
    """Draw both sides in one chart; one that is not judged comes last, and lies below."""
    of_measure = [one for one in series if one.measure is measure]
    of_measure.sort(key=lambda one: (one.side in aside, SIDE_ORDER.index(one.side)))
    drawn = (_line(one, faint=one.side in aside) for one in of_measure)
    lines = tuple(line for line in drawn if line.dots)
    if not lines:
        return None
    bottom, top, ticks = _scale(measure, lines)
    return Chart(
        measure=measure, kind=kind, lines=lines, bottom=bottom, top=top, y_ticks=ticks
    )


def _line(series: Series, *, faint: bool) -> Line:
    dots = tuple(
        Dot(
            x=_day(point.at),
            value=point.estimate.value,
            low=point.estimate.low,
            high=point.estimate.high,
            when=period_text(point.start, point.end),
            point=point,
        )
        for point in series.periods
        if math.isfinite(point.estimate.value)
    )
    return Line(side=series.side, dots=dots, series=series, faint=faint)


def _scale(
    measure: Measure, lines: Sequence[Line]
) -> tuple[float, float, tuple[float, ...]]:
    """Choose bottom, top and ticks: zero and all values fit, huge intervals are cut."""
    dots = [dot for line in lines for dot in line.dots]
    values = [dot.value for dot in dots]
    most = _BEYOND_DOTS * max(map(abs, values))
    values += [end for line in lines for end in _ends(line) if abs(end) <= most]
    peak = _reach(values, (dot.high for dot in dots))
    dip = _reach([-value for value in values], (-dot.low for dot in dots))
    if peak + dip <= 0:
        peak = 1.0
    peak, dip = 1.05 * peak, 1.05 * dip
    if measure in _SHARES:
        peak = min(peak, 1.0)
    return -dip, peak, round_ticks(-dip, peak)


_BEYOND_DOTS: Final = 2.0
"""A line that ends further out than so many times the largest dot is cut off."""


def _ends(line: Line) -> tuple[float, ...]:
    """Return where the line of a trend begins and ends."""
    trend = line.series.trend
    if line.faint or trend is None:
        return ()
    return tuple(
        end for end in (trend.fitted_start, trend.fitted_end) if math.isfinite(end)
    )


_SHARES: Final = {
    Measure.SPASM_FRACTION,
    Measure.SHARE_OVER_1S,
    Measure.BOTH_REGIONS_SHARE,
    Measure.BROW_LIFT_SHARE,
}


def _reach(values: Sequence[float], ends: Iterable[float]) -> float:
    """Return how far to draw from zero: interval ends up to half beyond any value."""
    farthest = max(0.0, *values)
    wide = max([farthest, *(end for end in ends if math.isfinite(end))])
    largest = max(map(abs, values))
    return min(wide, max(1.5 * largest, farthest)) if largest > 0 else wide


# --- trends and treatments --------------------------------------------------------


def trend_path(trend: Trend) -> tuple[tuple[float, float, float, float], ...]:
    """Return the fitted line of a trend with the fan of slopes that fit as well.

    The fan turns about the middle of the line: it shows the 95 % interval of the
    change, not of the level. A change at once is level before and after its day, and
    has no fan: low and high are NaN.

    Parameters
    ----------
    trend : Trend
        What was fitted.

    Returns
    -------
    tuple of (x, value, low, high)
        From start to end; empty when the line is not known.
    """
    if trend.step is not None:
        return _stepped_path(trend, trend.step)
    ends = (trend.fitted_start, trend.fitted_end)
    ratio = trend.scale is Scale.RATIO
    if not all(map(math.isfinite, ends)) or (ratio and min(ends) <= 0):
        return ()
    first, last = trend.start.toordinal() + 0.5, trend.end.toordinal() + 0.5
    found = []
    for k in range(_PIECES + 1):
        share = k / _PIECES
        line = _along(ends, share, ratio)
        fan = [_turned(ends, change, share, ratio) for change in _slopes(trend)]
        low, high = (min(fan), max(fan)) if fan else (math.nan, math.nan)
        found.append((first + share * (last - first), line, low, high))
    return tuple(found)


def _stepped_path(
    trend: Trend, step: Step
) -> tuple[tuple[float, float, float, float], ...]:
    """Return both levels, and the way up or down on the day between them."""
    first, last = trend.start.toordinal() + 0.5, trend.end.toordinal() + 0.5
    day = min(max(float(step.day.toordinal()), first), last)
    places = (first, step.before), (day, step.before), (day, step.after)
    return tuple((x, y, math.nan, math.nan) for x, y in (*places, (last, step.after)))


def _slopes(trend: Trend) -> tuple[float, ...]:
    low, high = trend.change.low, trend.change.high
    known = math.isfinite(low) and math.isfinite(high)
    if not known or (trend.scale is Scale.RATIO and low <= 0):
        return ()
    return (low, high)


def _along(ends: tuple[float, float], share: float, ratio: bool) -> float:
    start, end = ends
    if ratio:
        return float(start * (end / start) ** share)
    return start + share * (end - start)


def _turned(
    ends: tuple[float, float], change: float, share: float, ratio: bool
) -> float:
    """Return the value on a line of another slope through the same middle."""
    if ratio:
        return float(math.sqrt(ends[0] * ends[1]) * change ** (share - 0.5))
    return 0.5 * (ends[0] + ends[1]) + change * (share - 0.5)


def treatment_bands(progression: Progression, axis: TimeAxis) -> tuple[Band, ...]:
    """Return where injections are usually expected to work, as far as it is shown.

    Returns
    -------
    tuple of Band
        In order of time: onset, peak, steady and wearing off of each injection. A
        band ends where the next injection begins.
    """
    injections = [
        treatment
        for treatment in progression.treatments
        if treatment.kind is TreatmentKind.BOTULINUM_TOXIN
    ]
    found = []
    for treatment in injections:
        zero = float(treatment.on.toordinal())
        later = [float(t.on.toordinal()) for t in injections if t.on > treatment.on]
        for phase, start, end in _PHASES:
            until = min([zero + end, *later])
            shown = axis.clipped(zero + start, until) if until > zero + start else None
            if shown is not None:
                found.append(
                    Band(phase=phase, start=shown[0], end=shown[1], treatment=treatment)
                )
    return tuple(found)


_PHASES: Final = (
    ("onset", ONSET_DAY, PEAK_DAYS[0]),
    ("peak", *PEAK_DAYS),
    ("steady", PEAK_DAYS[1], WEAR_OFF_DAYS[0]),
    ("wearing_off", *WEAR_OFF_DAYS),
)
