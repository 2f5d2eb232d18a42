"""The parts of the timeline: empty lanes, bands, gaps, blinks and marks.

The x axis of every lane is in milliseconds, shared, and moved only sideways; a
lane's zero is in its middle, the person's right side above it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from twitch_tracker.language import say
from twitch_tracker.records import MotionSignals, Session
from twitch_tracker.regions import Region, Side
from twitch_tracker.report.recording.models import Model, field, mapping, value

__all__ = [
    "COLOURS",
    "FONT",
    "GREY",
    "Shared",
    "bands",
    "blink_lane",
    "drawn",
    "gaps",
    "new_lane",
    "quality_lane",
    "selected",
    "source",
]

COLOURS: Final = {Side.RIGHT: "#1f83c1", Side.LEFT: "#d9730d"}
"""After Okabe and Ito's colour-blind safe blue and orange, shifted so that both
keep a contrast of 3:1 on white and on near-black."""

FONT: Final = "system-ui, sans-serif"
GREY: Final = "#808890"
_HATCH: Final = {Side.RIGHT: "right_diagonal_line", Side.LEFT: "dot"}
_DASHED: Final = [6]
_CLOCK: Final = "%M:%S"
_CLOCK_STEPS: Final = (
    *("seconds", "minsec", "minutes", "hourmin"),
    *("hours", "days", "months", "years"),
)
_THIN_LANE_PX: Final = 58


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What all lanes have in common: the time they show, and what of."""

    time: Model
    end_ms: float
    session: Session


def new_lane(
    shared: Shared,
    *,
    title: str,
    height_px: int,
    top: float,
    renderers: Sequence[Model],
    marks: Sequence[Model] = (),
    amounts: Mapping[float, str] | None = None,
    clock: bool = False,
) -> Model:
    """Return a lane on the shared time axis, zero in the middle.

    Parameters
    ----------
    shared : Shared
        The time axis.
    title : str
        Stands above it.
    height_px : int
        How high it is.
    top : float
        The largest amount that it has room for, upward and downward.
    renderers, marks : sequence of Model
        What is drawn in it, and what stands over that.
    amounts : mapping of float to str, optional
        Where the y axis is labelled, and how.
    clock : bool
        Whether the time is written below.
    """
    time_axis, axis = _time_axis(shared, clock), _amount_axis(amounts or {})
    return Model(
        "Figure",
        height=height_px,
        sizing_mode="stretch_width",
        x_range=shared.time,
        y_range=Model("Range1d", start=-top, end=top),
        title=Model("Title", text=title, text_font=FONT, text_font_size="14px"),
        outline_line_color=GREY,
        outline_line_alpha=0.4,
        renderers=list(renderers),
        toolbar=_sideways(),
        toolbar_location=None,
        left=[axis],
        below=[time_axis],
        center=[*_grids(time_axis, axis), _cursor(), *marks],
        background_fill_color=None,
        border_fill_color=None,
        min_border_left=44,
        min_border_right=10,
        lod_threshold=None,
    )


def _sideways() -> Model:
    """Return tools that move a lane sideways and leave the page its wheel."""
    pan = Model("PanTool", dimensions="width")
    wheel = Model(
        "WheelZoomTool", dimensions="width", modifiers=mapping({"ctrl": True})
    )
    return Model("Toolbar", tools=[pan, wheel], active_drag=pan, active_scroll=wheel)


def _time_axis(shared: Shared, visible: bool) -> Model:
    clock = "%H:%M:%S" if shared.end_ms >= 3_600_000 else _CLOCK
    return _axis(
        "DatetimeAxis",
        visible=visible,
        ticker=Model("DatetimeTicker", desired_num_ticks=5),
        formatter=Model(
            "DatetimeTickFormatter",
            milliseconds=f"{clock}.%3N",
            **dict.fromkeys(_CLOCK_STEPS, clock),
        ),
    )


def _amount_axis(amounts: Mapping[float, str]) -> Model:
    return _axis(
        "LinearAxis",
        ticker=Model("FixedTicker", ticks=list(amounts)),
        major_label_overrides=mapping(amounts),
    )


def _axis(kind: str, **attributes: object) -> Model:
    return Model(
        kind,
        **attributes,
        major_label_text_font=FONT,
        major_label_text_font_size="13px",
        axis_line_color=None,
        minor_tick_line_color=None,
    )


def _grids(time_axis: Model, axis: Model) -> tuple[Model, Model]:
    return (
        Model("Grid", axis=time_axis, grid_line_alpha=0.35),
        Model(
            "Grid", axis=axis, dimension=1, grid_line_alpha=0.35, grid_line_color=None
        ),
    )


# --- bands, gaps, marks -----------------------------------------------------------


def _cursor() -> Model:
    """Return the line that the page's script puts where the reader points."""
    return Model(
        "Span",
        dimension="height",
        location=0,
        visible=False,
        line_color=GREY,
        line_width=1.5,
        name="cursor",
    )


def drawn(glyph: Model, source: Model) -> Model:
    """Draw a glyph for every row of a source."""
    return Model("GlyphRenderer", data_source=source, glyph=glyph)


def source(*, name: str | None = None, **columns: object) -> Model:
    """Return columns to draw."""
    return Model("ColumnDataSource", name=name, data=mapping(columns))


def gaps(session: Session, top: float, alpha: float = 0.16) -> Model:
    """Hatch the time that could not be measured."""
    spans = [gap.span for gap in session.excluded]
    return drawn(
        Model(
            "Quad",
            left=field("left"),
            right=field("right"),
            bottom=value(-top),
            top=value(top),
            line_color=value(None),
            **_shading(GREY, "diagonal_cross", alpha=alpha, scale=10),
        ),
        source(
            left=[1000 * span.start_s for span in spans],
            right=[1000 * span.end_s for span in spans],
        ),
    )


def _shading(colour: str, hatch: str, *, alpha: float, scale: int) -> dict[str, object]:
    return {
        "fill_color": value(colour),
        "fill_alpha": value(alpha),
        "hatch_pattern": value(hatch),
        "hatch_color": value(colour),
        "hatch_alpha": value(0.35),
        "hatch_scale": value(scale),
    }


def bands(session: Session, region: Region, top: float) -> list[Model]:
    """Shade the half of the lane that belongs to the side of each burst."""
    return [
        _band(session, region, Side.RIGHT, top),
        _band(session, region, Side.LEFT, -top),
    ]


def _band(session: Session, region: Region, side: Side, edge: float) -> Model:
    spans = [
        episode.span
        for episode in session.episodes
        if episode.side is side and region in episode.regions
    ]
    colour = COLOURS[side]
    return drawn(
        Model(
            "Quad",
            left=field("left"),
            right=field("right"),
            bottom=value(0),
            top=value(edge),
            line_color=value(colour),
            line_alpha=value(0.6),
            **_shading(colour, _HATCH[side], alpha=0.16, scale=8),
        ),
        source(
            left=[1000 * span.start_s for span in spans],
            right=[1000 * span.end_s for span in spans],
        ),
    )


def selected() -> Model:
    """Return the frame that the page's script puts around a chosen burst."""
    return Model(
        "BoxAnnotation",
        left=0,
        right=0,
        visible=False,
        fill_alpha=0,
        line_color=GREY,
        line_width=2,
        line_dash=_DASHED,
        name="selected",
    )


def blink_lane(shared: Shared) -> Model:
    """Return the lane of blinks: long ticks complete, short ones partial."""
    blinks = shared.session.blinks
    heights = [0.8 if blink.complete else 0.4 for blink in blinks]
    ticks = source(
        x=[1000 * blink.span.middle_s for blink in blinks],
        height=heights,
        low=[-height for height in heights],
    )
    glyph = _segment("x", field("low"), "x", field("height"), line_width=value(2.5))
    return new_lane(
        shared,
        title=say("Blinks of both eyes"),
        height_px=_THIN_LANE_PX,
        top=1.0,
        renderers=[gaps(shared.session, 1.0), drawn(glyph, ticks)],
    )


def _segment(x0: str, y0: object, x1: str, y1: object, **line: object) -> Model:
    return Model(
        "Segment",
        x0=field(x0),
        y0=y0,
        x1=field(x1),
        y1=y1,
        line_color=value(GREY),
        **line,
    )


def quality_lane(shared: Shared) -> Model:
    """Return the lane that says what was measured, with cuts and losses."""
    starts, ends = _measured_runs(shared.session.motion)
    measured = _segment("start", value(0), "end", value(0), line_width=value(6))
    return new_lane(
        shared,
        title=say("Measured (line) or not (hatched)"),
        height_px=_THIN_LANE_PX + 26,
        top=1.0,
        renderers=[
            gaps(shared.session, 1.0, alpha=0.4),
            drawn(measured, source(start=starts, end=ends)),
            *_events(shared.session),
        ],
        clock=True,
    )


def _measured_runs(motion: MotionSignals) -> tuple[list[float], list[float]]:
    """Return start and end in ms of every run of usable frames."""
    steps = np.diff(np.concatenate([[0], motion.usable.astype(np.int8), [0]]))
    first, stop = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1) - 1
    ends = motion.time_s[stop] + motion.frame_s[stop]
    return (1000 * motion.time_s[first]).tolist(), (1000 * ends).tolist()


def _events(session: Session) -> tuple[Model, Model]:
    """Mark cuts and the moments when the person was lost or found."""
    events = [event for event in session.subject_events if event.time_s > 0]
    moments = source(
        x=[1000 * event.time_s for event in events], y=[0.75] * len(events)
    )
    mark = Model(
        "Scatter",
        x=field("x"),
        y=field("y"),
        marker=value("inverted_triangle"),
        size=value(10),
        line_color=value(GREY),
        fill_color=value(GREY),
    )
    line = _segment("x", value(-1), "x", value(1), line_dash=value("dotted"))
    return drawn(mark, moments), drawn(line, moments)
