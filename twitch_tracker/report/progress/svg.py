"""Where every mark, bar and band of the page's charts goes.

Places sideways are per cent of the drawing, so that a chart is as wide as the
reader's window; places up and down are pixels of `HEIGHT`, downward. Letters keep
their size at every width. No script is needed to see a chart.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from twitch_tracker import units
from twitch_tracker.history import TreatmentKind
from twitch_tracker.language import say, say_n, uncapitalised
from twitch_tracker.progression.results import (
    Measure,
    Progression,
    Sureness,
    Trend,
)
from twitch_tracker.report.progress.charts import (
    MOST_SIGNS,
    OPERATION_MARK_DAYS,
    Chart,
    Dot,
    Line,
    TimeAxis,
    treatment_bands,
    trend_path,
)
from twitch_tracker.units import days_text
from twitch_tracker.wording.measures import (
    interval_text,
    measure_about,
    measure_name,
    tick_text,
    value_text,
)
from twitch_tracker.wording.terms import kind_title, period_in_words, side_title
from twitch_tracker.wording.trends import minutes_to_record, trend_text

__all__ = [
    "HEIGHT",
    "ChartBackground",
    "ChartDrawing",
    "draw_chart",
    "draw_ground",
    "path_through",
]

HEIGHT: Final = 170

EDGE_ROOM_PERCENT: Final = 34.0
"""One and a half labels on the narrowest chart, that of a phone."""

MOST_MARKS: Final = 30
"""A line with more marks has small ones."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One mark with its interval bar; None where there is no interval."""

    x: float
    y: float
    low: float | None
    high: float | None
    cut: bool


@dataclass(frozen=True, kw_only=True)
class LineDrawing:
    """One side; `key` is right, left or both, and decides shape and colour."""

    key: str
    side: str
    marks: tuple[Mark, ...]
    thread: str
    trend: str
    fan: str
    words: str
    needed: str
    small: bool
    faint: bool = False


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """One mark in words."""

    when: str
    key: str
    side: str
    value: str
    interval: str
    bursts: int
    minutes: str
    recordings: int


@dataclass(frozen=True, kw_only=True)
class ChartDrawing:
    """One chart: what is drawn, and the same in words and numbers.

    `without_trend` says why no trend is ever fitted to this measure; else empty.
    """

    key: str
    title: str
    about: str
    alt: str
    period: str
    y_ticks: tuple[tuple[float, str], ...]
    zero: float | None
    lines: tuple[LineDrawing, ...]
    rows: tuple[TableRow, ...]
    blinks: bool
    without_trend: str = ""


@dataclass(frozen=True, kw_only=True)
class TreatmentSign:
    """The day of a treatment; `short` where too many would hide the charts."""

    x: float
    kind: str
    short: bool


@dataclass(frozen=True, kw_only=True)
class ChartBackground:
    """What lies behind every chart: labelled time, bands, days of treatments."""

    ticks: tuple[tuple[float, str, str], ...]
    bands: tuple[tuple[str, float, float], ...]
    signs: tuple[TreatmentSign, ...]
    marks: tuple[float, ...]


def draw_ground(progression: Progression, axis: TimeAxis) -> ChartBackground:
    """Place time labels, bands and signs of treatments.

    Parameters
    ----------
    progression : Progression
        With its treatments.
    axis : TimeAxis
        The shown time.

    Returns
    -------
    ChartBackground
        Per cent of the width.
    """
    bands = tuple(
        (band.phase, _x(axis, band.start), round(_wide(axis, band.end - band.start), 2))
        for band in treatment_bands(progression, axis)
    )
    shown = [
        treatment
        for treatment in progression.treatments
        if axis.start <= treatment.on.toordinal() <= axis.end
    ]
    signs = tuple(
        TreatmentSign(
            x=_x(axis, treatment.on.toordinal()),
            kind=treatment.kind.value,
            short=len(shown) > MOST_SIGNS
            and treatment.kind is not TreatmentKind.MICROVASCULAR_DECOMPRESSION,
        )
        for treatment in shown
    )
    marks = tuple(
        _x(axis, treatment.on.toordinal() + day)
        for treatment in shown
        if treatment.kind is TreatmentKind.MICROVASCULAR_DECOMPRESSION
        for day in OPERATION_MARK_DAYS
        if treatment.on.toordinal() + day <= axis.end
    )
    ticks = tuple(
        (_x(axis, day), _only_if_room(axis, day, label), _anchor(axis, day))
        for day, label in axis.ticks
    )
    return ChartBackground(ticks=ticks, bands=bands, signs=signs, marks=marks)


def _x(axis: TimeAxis, day: float) -> float:
    return round(100 * axis.share(day), 2)


def _wide(axis: TimeAxis, days: float) -> float:
    return 100 * days / (axis.end - axis.start)


def _only_if_room(axis: TimeAxis, day: float, label: str) -> str:
    """Drop a label at an edge that reaches inward as far as its neighbour's."""
    if _anchor(axis, day) == "middle":
        return label
    apart = (abs(_x(axis, day) - _x(axis, other)) for other, _ in axis.ticks)
    near = min((distance for distance in apart if distance > 0), default=100.0)
    return label if near >= EDGE_ROOM_PERCENT else ""


def _anchor(axis: TimeAxis, day: float) -> str:
    share = axis.share(day)
    return "start" if share < 0.08 else "end" if share > 0.92 else "middle"


def _y(chart: Chart, value: float) -> float:
    share = (value - chart.bottom) / (chart.top - chart.bottom)
    return round(HEIGHT * (1 - min(max(share, 0.0), 1.0)), 1)


def draw_chart(chart: Chart, axis: TimeAxis) -> ChartDrawing:
    """Place all of one chart.

    Parameters
    ----------
    chart : Chart
        What to show.
    axis : TimeAxis
        The shown time.

    Returns
    -------
    ChartDrawing
        Per cent sideways, pixels downward.
    """
    lines = tuple(_draw_line(chart, line, axis) for line in chart.lines)
    rows = [row for line in chart.lines for row in _rows(chart, line)]
    rows.sort(key=lambda row: row[0])
    return ChartDrawing(
        key=f"{chart.kind.value}-{chart.measure.value}",
        title=measure_name(chart.measure),
        about=measure_about(chart.measure),
        alt=_alt(chart),
        period=period_in_words(chart.lines[0].series.period),
        y_ticks=tuple(
            (_y(chart, tick), tick_text(chart.measure, tick)) for tick in chart.y_ticks
        ),
        zero=_y(chart, 0.0) if chart.bottom < 0 < chart.top else None,
        lines=lines,
        rows=tuple(row for _, row in rows),
        blinks=chart.measure is Measure.BLINKS_PER_MIN,
        without_trend=_without_trend(chart.measure),
    )


def _without_trend(measure: Measure) -> str:
    """Say once why no line is drawn through a measure, however much is recorded."""
    if measure is not Measure.MEDIAN_PAUSE_S:
        return ""
    return say("No trend of its own: new bursts per minute say how long pauses are.")


def _draw_line(chart: Chart, line: Line, axis: TimeAxis) -> LineDrawing:
    trend = line.series.trend
    curve, fan = _paths(chart, trend, axis) if trend is not None else ("", "")
    return LineDrawing(
        key=line.side.value if line.side is not None else "both",
        side=side_title(line.side),
        marks=tuple(_mark(chart, dot, axis) for dot in line.dots),
        thread=path_through(
            (_x(axis, dot.x), _y(chart, dot.value)) for dot in line.dots
        ),
        trend=curve,
        fan=fan,
        words=trend_text(line.series),
        needed="" if trend is None else _needed(line, trend),
        small=len(line.dots) > MOST_MARKS,
        faint=line.faint,
    )


def _needed(line: Line, trend: Trend) -> str:
    """Say in how many minutes a change could be seen, where that can be said."""
    if trend.sureness is not Sureness.UNCERTAIN or not trend.minutes_needed > 0:
        return ""
    return say(
        "{side}: about {minutes} more like these are needed to see a halving or "
        "doubling within a year.",
        side=side_title(line.side),
        minutes=units.duration(60 * minutes_to_record(trend)),
    )


def _mark(chart: Chart, dot: Dot, axis: TimeAxis) -> Mark:
    known = math.isfinite(dot.low) and math.isfinite(dot.high)
    return Mark(
        x=_x(axis, dot.x),
        y=_y(chart, dot.value),
        low=_y(chart, dot.low) if known else None,
        high=_y(chart, dot.high) if known else None,
        cut=known and dot.high > chart.top * (1 + 1e-9),
    )


def path_through(places: Iterable[tuple[float, float]]) -> str:
    """Join places to a path."""
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in places)


def _paths(chart: Chart, trend: Trend, axis: TimeAxis) -> tuple[str, str]:
    """Return the trend's line and its fan."""
    points = trend_path(trend)
    if not points:
        return "", ""
    curve = path_through((_x(axis, x), _y(chart, value)) for x, value, _, _ in points)
    if not math.isfinite(points[0][2]):
        return curve, ""
    upper = [(_x(axis, x), _y(chart, high)) for x, _, _, high in points]
    lower = [(_x(axis, x), _y(chart, low)) for x, _, low, _ in reversed(points)]
    return curve, path_through([*upper, *lower]) + "Z"


def _rows(chart: Chart, line: Line) -> list[tuple[float, TableRow]]:
    return [
        (
            dot.x,
            TableRow(
                when=dot.when,
                key=line.side.value if line.side is not None else "both",
                side=side_title(line.side),
                value=value_text(chart.measure, dot.value),
                interval=interval_text(chart.measure, dot.point.estimate),
                bursts=dot.point.bursts,
                minutes=units.decimal(dot.point.analysable_min),
                recordings=len(dot.point.recordings),
            ),
        )
        for dot in line.dots
    ]


def _alt(chart: Chart) -> str:
    """Say in words what a chart shows."""
    parts = [
        say(
            "{measure}, {kind}.",
            measure=measure_name(chart.measure),
            kind=uncapitalised(kind_title(chart.kind)),
        )
    ]
    for line in chart.lines:
        first, last = line.dots[0], line.dots[-1]
        parts.append(
            say(
                "{side}: {first} on {day}, {last} {span} later; {marks}, between {low} "
                "and {high}.",
                side=side_title(line.side),
                first=value_text(chart.measure, first.value),
                day=first.when,
                last=value_text(chart.measure, last.value),
                span=days_text(last.x - first.x),
                marks=say_n("{n} mark", "{n} marks", len(line.dots)),
                low=value_text(chart.measure, min(dot.value for dot in line.dots)),
                high=value_text(chart.measure, max(dot.value for dot in line.dots)),
            )
        )
    return " ".join((*parts, say("All numbers are in the table below.")))
