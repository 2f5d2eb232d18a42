"""The charts on paper: the same values as on the page, drawn by matplotlib.

Made for black-and-white print: the right side has filled triangles and an unbroken
trend line, the left hollow ones and a dashed line. Figures are built without pyplot,
so that nothing is kept between calls and no window system is touched.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from twitch_tracker.history import TreatmentKind
from twitch_tracker.language import say
from twitch_tracker.progression.results import Measure, Progression
from twitch_tracker.regions import Side
from twitch_tracker.report.progress.charts import (
    MOST_SIGNS,
    OPERATION_MARK_DAYS,
    Chart,
    Line,
    TimeAxis,
    time_axis,
    treatment_bands,
    trend_path,
)
from twitch_tracker.wording.measures import measure_name, tick_text
from twitch_tracker.wording.terms import kind_title, side_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_charts"]

_INKS: Final[dict[Side | None, str]] = {
    Side.RIGHT: "#14608f",
    Side.LEFT: "#98470a",
    None: "#202020",
}
_MARKERS: Final[dict[Side | None, str]] = {Side.RIGHT: "^", Side.LEFT: "v", None: "o"}
_BANDS: Final = {
    "onset": "#eef0f2",
    "peak": "#c3cad2",
    "steady": "#e2e6ea",
    "wearing_off": "#eef0f2",
}
_MM_PER_INCH: Final = 25.4
_TITLE_MM: Final = 8.0


def draw_charts(
    progression: Progression,
    charts: Sequence[Chart],
    *,
    columns: int,
    width_mm: float,
    row_mm: float,
) -> Figure:
    """Draw charts as small multiples on one sheet.

    Parameters
    ----------
    progression : Progression
        Whose; gives the time and the treatments.
    charts : sequence of Chart
        At least one.
    columns : int
        Charts beside each other.
    width_mm, row_mm : float
        Width of the sheet and height of a row.

    Returns
    -------
    matplotlib.figure.Figure
        Not yet written.
    """
    from matplotlib.figure import Figure

    rows = math.ceil(len(charts) / columns)
    height = rows * row_mm + _TITLE_MM
    figure = Figure(
        figsize=(width_mm / _MM_PER_INCH, height / _MM_PER_INCH), layout="constrained"
    )
    figure.suptitle(kind_title(charts[0].kind), fontsize=10, fontweight="bold")
    axis = time_axis(progression, most_ticks=4)
    for number, chart in enumerate(charts):
        ax = figure.add_subplot(rows, columns, number + 1)
        _ground(ax, progression, chart, axis)
        for line in reversed(chart.lines):
            _draw_line(ax, chart, line)
        _finish(ax, chart, axis)
    _legend(figure, charts)
    return figure


def _ground(ax: Axes, progression: Progression, chart: Chart, axis: TimeAxis) -> None:
    """Shade the bands of injections and mark the days of treatments.

    All bands of a phase are one shape, and all lines of a style: ten years of
    treatments in eleven charts would otherwise be thousands of them.
    """
    height = (chart.bottom, chart.top - chart.bottom)
    bands = treatment_bands(progression, axis)
    for phase, shade in _BANDS.items():
        spans = [(b.start, b.end - b.start) for b in bands if b.phase == phase]
        style: dict[str, Any] = {"facecolor": shade, "linewidth": 0}
        if phase == "wearing_off":
            style |= {"hatch": "////", "edgecolor": "#b4bcc5"}
        if spans:
            ax.broken_barh(spans, height, zorder=0, **style)
    days, operations, marks = _days(progression, axis)
    dense = len(progression.treatments) > MOST_SIGNS
    edge = chart.top - 0.05 * height[1]
    upright: dict[str, Any] = {"colors": "#202020", "zorder": 1}
    ax.vlines(
        days, edge if dense else chart.bottom, chart.top,
        linewidth=0.6, linestyles="-" if dense else ":", **upright,
    )  # fmt: skip
    ax.vlines(operations, chart.bottom, chart.top, linewidth=1.4, **upright)
    ax.vlines(marks, edge, chart.top, linewidth=0.8, **upright)


def _days(
    progression: Progression, axis: TimeAxis
) -> tuple[list[float], list[float], list[float]]:
    """Return the shown days of injections and others, of operations, of their marks."""
    days: list[float] = []
    operations: list[float] = []
    for treatment in progression.treatments:
        operation = treatment.kind is TreatmentKind.MICROVASCULAR_DECOMPRESSION
        (operations if operation else days).append(float(treatment.on.toordinal()))
    marks = [day + after for day in operations for after in OPERATION_MARK_DAYS]
    days, operations, marks = (
        [day for day in some if axis.start <= day <= axis.end]
        for some in (days, operations, marks)
    )
    return days, operations, marks


def _draw_line(ax: Axes, chart: Chart, line: Line) -> None:
    """Draw one side: interval bars, marks, trend and fan."""
    ink = _INKS[line.side]
    xs, ys = [dot.x for dot in line.dots], [dot.value for dot in line.dots]
    barred = [dot for dot in line.dots if math.isfinite(dot.low + dot.high)]
    dense = len(line.dots) > 30
    ax.vlines(
        [dot.x for dot in barred],
        [max(dot.low, chart.bottom) for dot in barred],
        [min(dot.high, chart.top) for dot in barred],
        color=ink,
        linewidth=0.5 if dense else 0.8,
        alpha=0.25 if line.faint else 0.7,
        zorder=2,
    )
    ax.plot(
        xs,
        ys,
        linestyle="none",
        marker=_MARKERS[line.side],
        markersize=2.6 if dense else 4.0,
        markeredgewidth=0.7,
        markeredgecolor=ink,
        markerfacecolor=ink if line.side is Side.RIGHT else "white",
        alpha=0.4 if line.faint else 1.0,
        zorder=3 if not line.faint else 1.8,
    )
    trend = line.series.trend
    path = trend_path(trend) if trend is not None else ()
    if not path:
        return
    days, middle = [p[0] for p in path], [p[1] for p in path]
    if math.isfinite(path[0][2]):
        ax.fill_between(
            days, [p[2] for p in path], [p[3] for p in path],
            color=ink, alpha=0.15, linewidth=0, zorder=1.5,
        )  # fmt: skip
    dashes = "--" if line.side is Side.LEFT else "-"
    ax.plot(days, middle, color=ink, linewidth=1.5, linestyle=dashes, zorder=4)


def _finish(ax: Axes, chart: Chart, axis: TimeAxis) -> None:
    """Set scales, labels and title."""
    ax.set_xlim(axis.start, axis.end)
    ax.set_ylim(chart.bottom, chart.top)
    ax.set_xticks([day for day, _ in axis.ticks], [label for _, label in axis.ticks])
    ax.set_yticks(
        chart.y_ticks, [tick_text(chart.measure, tick) for tick in chart.y_ticks]
    )
    ax.tick_params(labelsize=6.5, length=2, width=0.5)
    ax.set_title(measure_name(chart.measure), fontsize=8, fontweight="bold", loc="left")
    if chart.measure is Measure.REST_ASYMMETRY and chart.bottom < 0 < chart.top:
        ax.axhline(0, color="#606060", linewidth=0.8, zorder=1)
    for spine in ax.spines.values():
        spine.set_linewidth(0.5)
        spine.set_color("#808080")


def _legend(figure: Figure, charts: Sequence[Chart]) -> None:
    """Name the sides once, below all charts."""
    from matplotlib.lines import Line2D

    sides = {line.side: None for chart in charts for line in chart.lines}
    handles = [
        Line2D(
            [],
            [],
            color=_INKS[side],
            marker=_MARKERS[side],
            markersize=5,
            markerfacecolor=_INKS[side] if side is Side.RIGHT else "white",
            linestyle="--" if side is Side.LEFT else "-",
            label=say("{side} side", side=side_title(side))
            if side is not None
            else side_title(side),
        )
        for side in sides
    ]
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=len(handles),
        fontsize=7,
        frameon=False,
    )
