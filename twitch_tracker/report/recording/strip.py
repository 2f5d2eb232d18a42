"""The whole recording at a glance: a small drawing that needs no JavaScript.

Rows of rectangles placed in per cent of the recording's length, one row for each
side, one for blinks, one for time that could not be measured. It is what is
printed and what a reader without JavaScript sees.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from twitch_tracker import units
from twitch_tracker.language import capitalised, say, say_n
from twitch_tracker.records import Session
from twitch_tracker.regions import Side
from twitch_tracker.report.ticks import clock_ticks
from twitch_tracker.timebase import Interval
from twitch_tracker.wording.terms import side_name

__all__ = ["Strip", "build_overview"]


@dataclass(frozen=True, kw_only=True)
class StripRow:
    """One row; `marks` are (start, width) in per cent of the recording."""

    key: str
    label: str
    alt: str
    marks: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Strip:
    """The drawing; `ticks` are (place in per cent, label)."""

    rows: tuple[StripRow, ...]
    ticks: tuple[tuple[float, str], ...]


def build_overview(session: Session) -> Strip:
    """Place the bursts, blinks and gaps of a recording.

    Returns
    -------
    Strip
        Rows right, left, blinks, not measured.
    """
    total_s = _length_s(session)
    rows = [_side_row(session, side, total_s) for side in (Side.RIGHT, Side.LEFT)]
    blinks = [blink.span for blink in session.blinks]
    gaps = [gap.span for gap in session.excluded]
    rows.append(
        StripRow(
            key="blink",
            label=say("Blinks"),
            alt=say_n("{n} blink of both eyes", "{n} blinks of both eyes", len(blinks)),
            marks=_marks(blinks, total_s),
        )
    )
    rows.append(
        StripRow(
            key="gap",
            label=say("Not measured"),
            alt=say_n("{n} unmeasured stretch", "{n} unmeasured stretches", len(gaps)),
            marks=_marks(gaps, total_s),
        )
    )
    ticks = tuple(
        (round(100 * at_s / total_s, 3), label) for at_s, label in clock_ticks(total_s)
    )
    return Strip(rows=tuple(rows), ticks=ticks)


def _length_s(session: Session) -> float:
    times = session.motion.time_s
    if not len(times):
        return 1.0
    return float(times[-1] + session.motion.frame_s[-1]) or 1.0


def _side_row(session: Session, side: Side, total_s: float) -> StripRow:
    spans = [episode.span for episode in session.episodes if episode.side is side]
    times = ", ".join(units.clock(span.start_s) for span in spans)
    counted = units.bursts(len(spans))
    return StripRow(
        key=side.value,
        label=capitalised(side_name(side)),
        alt=f"{counted}: {times}" if times else counted,
        marks=_marks(spans, total_s),
    )


def _marks(
    spans: Iterable[Interval], total_s: float
) -> tuple[tuple[float, float], ...]:
    return tuple(
        (round(100 * span.start_s / total_s, 3), round(100 * span.duration_s / total_s, 3))
        for span in spans
    )  # fmt: skip
