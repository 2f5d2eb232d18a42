"""The interactive timeline as a Bokeh document: one lane per region, right upward.

Every lane is mirrored around zero: the person's right side is drawn upward, the
left side downward, so that one-sided movement sticks out on one side only. The
shared x axis is in milliseconds (Bokeh's date axis then writes minutes and
seconds). No callback code travels inside the document, so that the page can
forbid `eval`; what the buttons do is in ``templates/report.js``.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final

import numpy as np
from bokeh.embed import json_item
from bokeh.layouts import column
from bokeh.models import ColumnDataSource, FixedTicker, Label, Range1d
from numpy.typing import NDArray

from twitch_tracker.language import capitalised, say
from twitch_tracker.records import MotionSignals, Session
from twitch_tracker.regions import REGIONS, SIDES, Region, Side
from twitch_tracker.report.recording.decimate import indices_to_draw
from twitch_tracker.report.recording.lanes import (
    COLOURS,
    Shared,
    blink_lane,
    draw_bands,
    draw_gaps,
    new_lane,
    quality_lane,
)
from twitch_tracker.wording.terms import region_name, side_name

__all__ = ["MAX_POINTS", "build_chart", "chart_json", "drawn_unit"]

MAX_POINTS: Final = 4000
"""Most samples drawn per lane."""

_LANE_PX: Final = 124
_AROUND_S: Final = 0.5
"""Around a burst every measured moment is drawn."""


def chart_json(session: Session, target: str) -> str:
    """Return the timeline as JSON for ``Bokeh.embed.embed_item``.

    Parameters
    ----------
    session : Session
        The analysed recording.
    target : str
        Identifier of the element that will hold it.
    """
    return json.dumps(json_item(build_chart(session), target), separators=(",", ":"))


def build_chart(session: Session) -> Any:
    """Build the timeline.

    Returns
    -------
    bokeh.models.Column
        Lanes from top to bottom: eyelid, mouth corner, cheek, eyebrow, blinks and
        marks, and what could be measured.
    """
    end_ms = 1000.0 * max(_end_s(session.motion), 1.0)
    x_range = Range1d(
        start=0,
        end=end_ms,
        bounds=(-0.01 * end_ms, 1.01 * end_ms),
        min_interval=min(500.0, end_ms),
        name="time",
    )
    shared = Shared(x_range=x_range, session=session)
    lanes = [_region_lane(shared, region) for region in REGIONS]
    lanes += [blink_lane(shared), quality_lane(shared)]
    for lane in lanes[:-1]:
        lane.xaxis.visible = False
    return column(*lanes, sizing_mode="stretch_width", spacing=0)


def _end_s(motion: MotionSignals) -> float:
    if not len(motion.time_s):
        return 0.0
    return float(motion.time_s[-1] + motion.frame_s[-1])


def _signal(motion: MotionSignals) -> tuple[NDArray[np.float32], str]:
    """Return (n, regions, sides) to draw, NaN where not usable, and its unit."""
    in_mm = motion.scores["position_mm"].values
    if math.isfinite(motion.mm_per_interocular) and np.isfinite(in_mm).any():
        values, unit = in_mm.copy(), say("mm")
    else:
        values = 100 * motion.scores["position_io"].values
        unit = say("% of the distance between the eyes")
    values[~motion.usable] = np.nan
    return values, unit


def drawn_unit(session: Session) -> str:
    """Return the unit in which movement is drawn: mm, or per cent without a scale."""
    return _signal(session.motion)[1]


def _near_bursts(session: Session) -> NDArray[np.bool_]:
    keep = np.zeros(len(session.motion.time_s), dtype=np.bool_)
    for episode in session.episodes:
        wide = episode.span.widened(_AROUND_S)
        first, last = np.searchsorted(session.motion.time_s, [wide.start_s, wide.end_s])
        keep[first:last] = True
    return keep


def _region_source(session: Session, region: Region) -> tuple[Any, float, str]:
    """Return the drawn samples of one region, the top of its lane, and the unit."""
    values, unit = _signal(session.motion)
    pair = values[:, REGIONS.index(region), :]
    chosen = indices_to_draw(
        pair, max_points=MAX_POINTS, keep=_near_bursts(session)
    )  # fmt: skip
    drawn = np.clip(pair[chosen], 0, None).round(3)
    right, left = drawn[:, SIDES.index(Side.RIGHT)], drawn[:, SIDES.index(Side.LEFT)]
    source = ColumnDataSource(
        {
            "x": (1000 * session.motion.time_s[chosen]).round(1),
            "right": right,
            "left": left,
            "up": np.nan_to_num(right),
            "down": -np.nan_to_num(left),
            "down_line": -left,
        },
        name=f"movement-{region.value}",
    )
    finite = drawn[np.isfinite(drawn)]
    top = float(finite.max()) if finite.size else 0.0
    return source, max(1.15 * top, 1.0), unit


def _region_lane(shared: Shared, region: Region) -> Any:
    source, top, unit = _region_source(shared.session, region)
    title = say("{region} ({unit})", region=capitalised(region_name(region)), unit=unit)
    lane = new_lane(shared, title, _LANE_PX, top)
    _label_amounts(lane, top)
    draw_gaps(lane, shared.session, top)
    draw_bands(lane, shared.session, region, top)
    for side, fill, line in (
        (Side.RIGHT, "up", "right"),
        (Side.LEFT, "down", "down_line"),
    ):
        colour = COLOURS[side]
        lane.varea("x", 0, fill, source=source, fill_color=colour, fill_alpha=0.45)
        lane.line("x", line, source=source, line_color=colour, line_width=1.4)
    _name_sides(lane, top)
    if not np.isfinite(source.data["right"]).any() and not (
        np.isfinite(source.data["left"]).any()
    ):
        lane.add_layout(_note(say("not measured"), 0.0))
    return lane


def _label_amounts(lane: Any, top: float) -> None:
    """Write distances on both halves of the y axis without a minus sign."""
    step = _round_down(0.8 * top)
    lane.yaxis.ticker = FixedTicker(ticks=[-step, 0, step])
    text = f"{step:g}"
    lane.yaxis.major_label_overrides = {-step: text, 0: "0", step: text}


def _round_down(value: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that is not above."""
    scale = 10.0 ** math.floor(math.log10(value)) if value > 0 else 1.0
    factor = max(factor for factor in (1, 2, 5) if factor * scale <= max(value, scale))
    return float(f"{factor * scale:.6g}")


def _name_sides(lane: Any, top: float) -> None:
    for side, y, arrow, baseline in (
        (Side.RIGHT, top, "▲", "top"),
        (Side.LEFT, -top, "▼", "bottom"),
    ):
        label = _note(f"{arrow} {capitalised(side_name(side))}", y)
        label.text_baseline = baseline
        label.tags = ["side-label"]
        lane.add_layout(label)


def _note(text: str, y: float) -> Any:
    return Label(
        x=6,
        x_units="screen",
        y=y,
        text=text,
        text_font_size="12px",
        text_font="system-ui, sans-serif",
        text_baseline="middle",
        background_fill_alpha=0.75,
    )
