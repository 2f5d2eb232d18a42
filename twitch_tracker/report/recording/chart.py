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
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.language import capitalised, say
from twitch_tracker.records import MotionSignals, Session
from twitch_tracker.regions import REGIONS, SIDES, Region, Side
from twitch_tracker.report.recording.decimate import indices_to_draw
from twitch_tracker.report.recording.lanes import (
    COLOURS,
    FONT,
    Shared,
    bands,
    blink_lane,
    drawn,
    gaps,
    new_lane,
    quality_lane,
    selected,
    source,
)
from twitch_tracker.report.recording.models import Model, document, field, value
from twitch_tracker.wording.terms import region_name, side_name

__all__ = ["MAX_POINTS", "build_chart", "chart_json", "drawn_unit"]

MAX_POINTS: Final = 4000
"""Most samples drawn per lane."""

_LANE_PX: Final = 124


def chart_json(session: Session, target: str) -> str:
    """Return the timeline as JSON for ``Bokeh.embed.embed_item``.

    Parameters
    ----------
    session : Session
        The analysed recording.
    target : str
        Identifier of the element that will hold it.
    """
    item = document(build_chart(session), target)
    return json.dumps(item, separators=(",", ":"), allow_nan=False)


def build_chart(session: Session) -> Model:
    """Build the timeline.

    Returns
    -------
    Model
        Bokeh's ``Column`` of lanes, from top to bottom: eyelid, mouth corner, cheek,
        eyebrow, blinks and marks, and what could be measured.
    """
    end_ms = 1000.0 * max(_end_s(session.motion), 1.0)
    time = Model(
        "Range1d",
        start=0,
        end=end_ms,
        bounds=[-0.01 * end_ms, 1.01 * end_ms],
        min_interval=min(500.0, end_ms),
        name="time",
    )
    shared = Shared(time=time, end_ms=end_ms, session=session)
    lanes = [_region_lane(shared, region) for region in REGIONS]
    lanes += [blink_lane(shared), quality_lane(shared)]
    return Model("Column", children=lanes, sizing_mode="stretch_width")


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


def _near_bursts(session: Session, around_s: float = 0.5) -> NDArray[np.bool_]:
    keep = np.zeros(len(session.motion.time_s), dtype=np.bool_)
    for episode in session.episodes:
        wide = episode.span.widened(around_s)
        first, last = np.searchsorted(session.motion.time_s, [wide.start_s, wide.end_s])
        keep[first:last] = True
    return keep  # fmt: skip


def _region_source(
    session: Session, region: Region, values: NDArray[np.float32]
) -> tuple[Model, float]:
    """Return the drawn samples of one region, and the top of its lane."""
    pair = values[:, REGIONS.index(region), :]
    chosen = indices_to_draw(
        pair, max_points=MAX_POINTS, keep=_near_bursts(session)
    )  # fmt: skip
    amounts = np.clip(pair[chosen], 0, None).astype(np.float64).round(3)
    right = amounts[:, SIDES.index(Side.RIGHT)]
    left = amounts[:, SIDES.index(Side.LEFT)]
    columns = source(
        name=f"movement-{region.value}",
        x=(1000 * session.motion.time_s[chosen]).round(1),
        right=right,
        left=left,
        up=np.nan_to_num(right),
        down=-np.nan_to_num(left),
        down_line=-left,
    )
    return columns, max(1.15 * np.nan_to_num(amounts).max(initial=0.0), 1.0)


def _region_lane(shared: Shared, region: Region) -> Model:
    values, unit = _signal(shared.session.motion)
    samples, top = _region_source(shared.session, region, values)
    title = say("{region} ({unit})", region=capitalised(region_name(region)), unit=unit)
    marks = [selected(), *_side_names(top)]
    if np.isnan(values[:, REGIONS.index(region), :]).all():
        marks.append(_note(say("not measured"), 0.0, "middle"))
    return new_lane(
        shared,
        title=title,
        height_px=_LANE_PX,
        top=top,
        renderers=[
            gaps(shared.session, top),
            *bands(shared.session, region, top),
            *_curve(samples, Side.RIGHT, "up", "right"),
            *_curve(samples, Side.LEFT, "down", "down_line"),
        ],
        marks=marks,
        amounts=_amounts(top),
    )


def _curve(samples: Model, side: Side, fill: str, line: str) -> tuple[Model, Model]:
    colour, x = COLOURS[side], field("x")
    area = Model(
        "VArea",
        x=x,
        y1=value(0),
        y2=field(fill),
        fill_color=colour,
        fill_alpha=0.45,
    )
    edge = Model("Line", x=x, y=field(line), line_color=colour, line_width=1.4)
    return drawn(area, samples), drawn(edge, samples)


def _amounts(top: float) -> dict[float, str]:
    """Label both halves of the y axis with distances, without a minus sign."""
    step = _round_down(0.8 * top)
    text = f"{step:g}"
    return {-step: text, 0: "0", step: text}


def _round_down(value: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that is not above."""
    scale = 10.0 ** math.floor(math.log10(value)) if value > 0 else 1.0
    factor = max(factor for factor in (1, 2, 5) if factor * scale <= max(value, scale))
    return float(f"{factor * scale:.6g}")


def _side_names(top: float) -> list[Model]:
    return [
        _note(f"{arrow} {capitalised(side_name(side))}", y, baseline, ["side-label"])
        for side, y, arrow, baseline in (
            (Side.RIGHT, top, "▲", "top"),
            (Side.LEFT, -top, "▼", "bottom"),
        )
    ]


def _note(text: str, y: float, baseline: str, tags: Sequence[str] = ()) -> Model:
    return Model(
        "Label",
        x=6,
        x_units="screen",
        y=y,
        text=text,
        text_font_size="12px",
        text_font=FONT,
        text_baseline=baseline,
        background_fill_alpha=0.75,
        tags=list(tags),
    )
