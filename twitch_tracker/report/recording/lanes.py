"""The parts of the timeline: empty lanes, bands, gaps, blinks and marks.

The x axis of every lane is in milliseconds, shared, and moved only sideways; a
lane's zero is in its middle, the person's right side above it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from bokeh.models import (
    BoxAnnotation,
    ColumnDataSource,
    DatetimeTickFormatter,
    FixedTicker,
    PanTool,
    Range1d,
    Span,
    WheelZoomTool,
)
from bokeh.plotting import figure

from twitch_tracker.language import say
from twitch_tracker.records import MotionSignals, Session
from twitch_tracker.regions import Region, Side

__all__ = [
    "COLOURS",
    "GREY",
    "Shared",
    "blink_lane",
    "draw_bands",
    "draw_gaps",
    "new_lane",
    "quality_lane",
]

COLOURS: Final = {Side.RIGHT: "#1f83c1", Side.LEFT: "#d9730d"}
"""After Okabe and Ito's colour-blind safe blue and orange, shifted so that both
keep a contrast of 3:1 on white and on near-black."""

_HATCH: Final = {Side.RIGHT: "right_diagonal_line", Side.LEFT: "dot"}
GREY: Final = "#808890"
_CLOCK: Final = "%M:%S"
_THIN_LANE_PX: Final = 58


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What all lanes have in common."""

    x_range: Any
    session: Session


def new_lane(shared: Shared, title: str, height_px: int, top: float) -> Any:
    """Return an empty lane on the shared time axis, zero in the middle."""
    lane = figure(
        height=height_px,
        sizing_mode="stretch_width",
        x_range=shared.x_range,
        y_range=Range1d(-top, top),
        x_axis_type="datetime",
        tools=[],
        toolbar_location=None,
        title=title,
        background_fill_color=None,
        border_fill_color=None,
        outline_line_color=GREY,
        outline_line_alpha=0.4,
        min_border_left=44,
        min_border_right=10,
        lod_threshold=None,
        output_backend="canvas",
    )
    pan = PanTool(dimensions="width")
    wheel = WheelZoomTool(dimensions="width", modifiers={"ctrl": True})
    lane.add_tools(pan, wheel)
    lane.add_layout(_cursor())
    lane.toolbar.active_drag = pan
    lane.toolbar.active_scroll = wheel
    lane.title.text_font_size = "14px"
    lane.title.text_font_style = "bold"
    lane.title.text_font = "system-ui, sans-serif"
    for axis in lane.axis:
        axis.major_label_text_font_size = "13px"
        axis.major_label_text_font = "system-ui, sans-serif"
        axis.axis_line_color = None
        axis.minor_tick_line_color = None
    lane.grid.grid_line_alpha = 0.35
    lane.ygrid.grid_line_color = None
    long = shared.x_range.end >= 3_600_000
    clock = "%H:%M:%S" if long else _CLOCK
    units = ("seconds", "minsec", "minutes", "hourmin", "hours", "days", "months")
    lane.xaxis.formatter = DatetimeTickFormatter(
        milliseconds=f"{clock}.%3N", years=clock, **dict.fromkeys(units, clock)
    )
    lane.xaxis.ticker.desired_num_ticks = 5
    return lane


# --- bands, gaps, marks -----------------------------------------------------------


def _cursor() -> Any:
    """Return the line that the page's script puts where the reader points."""
    return Span(
        dimension="height",
        location=0,
        visible=False,
        line_color=GREY,
        line_width=1.5,
        name="cursor",
    )


def draw_gaps(lane: Any, session: Session, top: float) -> Any:
    """Hatch the time that could not be measured; return the renderer."""
    source = ColumnDataSource(
        {
            "left": [1000 * gap.span.start_s for gap in session.excluded],
            "right": [1000 * gap.span.end_s for gap in session.excluded],
        }
    )
    return lane.quad(
        left="left",
        right="right",
        bottom=-top,
        top=top,
        source=source,
        fill_color=GREY,
        fill_alpha=0.16,
        hatch_pattern="diagonal_cross",
        hatch_color=GREY,
        hatch_alpha=0.35,
        hatch_scale=10,
        line_color=None,
    )


def draw_bands(lane: Any, session: Session, region: Region, top: float) -> None:
    """Shade the half of the lane that belongs to the side of each burst."""
    for side, sign in ((Side.RIGHT, 1), (Side.LEFT, -1)):
        spans = [
            episode.span
            for episode in session.episodes
            if episode.side is side and region in episode.regions
        ]
        lane.quad(
            left=[1000 * span.start_s for span in spans],
            right=[1000 * span.end_s for span in spans],
            bottom=0,
            top=sign * top,
            fill_color=COLOURS[side],
            fill_alpha=0.16,
            hatch_pattern=_HATCH[side],
            hatch_color=COLOURS[side],
            hatch_alpha=0.35,
            hatch_scale=8,
            line_color=COLOURS[side],
            line_alpha=0.6,
        )
    lane.add_layout(
        BoxAnnotation(
            left=0,
            right=0,
            visible=False,
            fill_alpha=0,
            line_color=GREY,
            line_width=2,
            line_dash="dashed",
            name="selected",
        )
    )


def blink_lane(shared: Shared) -> Any:
    """Return the lane of blinks: long ticks complete, short ones partial."""
    lane = new_lane(shared, say("Blinks of both eyes"), _THIN_LANE_PX, 1.0)
    lane.yaxis.ticker = FixedTicker(ticks=[])
    draw_gaps(lane, shared.session, 1.0)
    blinks = shared.session.blinks
    source = ColumnDataSource(
        {
            "x": [1000 * blink.span.middle_s for blink in blinks],
            "height": [0.8 if blink.complete else 0.4 for blink in blinks],
            "low": [-0.8 if blink.complete else -0.4 for blink in blinks],
        }
    )
    lane.segment(
        "x", "low", "x", "height", source=source, line_color=GREY, line_width=2.5
    )
    return lane


def quality_lane(shared: Shared) -> Any:
    """Return the lane that says what was measured, with cuts and losses."""
    session = shared.session
    lane = new_lane(
        shared, say("Measured (line) or not (hatched)"), _THIN_LANE_PX + 26, 1.0
    )
    lane.yaxis.ticker = FixedTicker(ticks=[])
    gaps = draw_gaps(lane, session, 1.0)
    gaps.glyph.fill_alpha = 0.4
    starts, ends = _measured_runs(session.motion)
    lane.segment(
        starts, 0, ends, 0, line_color=GREY, line_width=6, line_cap="butt"
    )  # fmt: skip
    _draw_events(lane, session)
    return lane


def _measured_runs(motion: MotionSignals) -> tuple[list[float], list[float]]:
    """Return start and end in ms of every run of usable frames."""
    steps = np.diff(np.concatenate([[0], motion.usable.astype(np.int8), [0]]))
    first, stop = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1) - 1
    ends = motion.time_s[stop] + motion.frame_s[stop]
    return (1000 * motion.time_s[first]).tolist(), (1000 * ends).tolist()


def _draw_events(lane: Any, session: Session) -> None:
    """Mark cuts and the moments when the person was lost or found."""
    events = [event for event in session.subject_events if event.time_s > 0]
    source = ColumnDataSource(
        {
            "x": [1000 * event.time_s for event in events],
            "y": [0.75] * len(events),
        }
    )
    lane.scatter(
        "x", "y", source=source, marker="inverted_triangle", size=10, color=GREY
    )
    lane.segment("x", -1, "x", 1, source=source, line_color=GREY, line_dash="dotted")
