"""Names of the measures that are followed over time, and how their values are written.

A value is written by the one way of its quantity (`units`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from twitch_tracker import units
from twitch_tracker.language import mark, say
from twitch_tracker.progression.results import Estimate, Measure, Scale, Trend

__all__ = [
    "brief_change_text",
    "change_text",
    "difference_text",
    "interval_text",
    "measure_about",
    "measure_name",
    "ratio_text",
    "tick_text",
    "value_text",
]


def _asymmetry(value: float) -> str:
    return units.percent(value, signed=True)


@dataclass(frozen=True, kw_only=True)
class _MeasureWords:
    name: str
    about: str
    text: Callable[[float], str]


_MEASURES: Final = {
    Measure.EPISODES_PER_MIN: _MeasureWords(
        name=mark("New bursts per minute"),
        about=mark(
            "Bursts that began, divided by the measurable minutes without a burst. "
            "One that was already going on when the recording began is not new."
        ),
        text=units.rate,
    ),
    Measure.SPASM_FRACTION: _MeasureWords(
        name=mark("Time in bursts"),
        about=mark("Share of the measurable time in which a burst was going on."),
        text=units.percent,
    ),
    Measure.MEDIAN_DURATION_S: _MeasureWords(
        name=mark("Typical (median) length"),
        about=mark(
            "Half of the bursts were shorter than this, half longer. A burst that the "
            "recording cut off counts as lasting at least as long as was seen."
        ),
        text=units.duration,
    ),
    Measure.LONGEST_DURATION_S: _MeasureWords(
        name=mark("Longest burst"),
        about=mark("Grows by chance when more is recorded: read it with the minutes."),
        text=units.duration,
    ),
    Measure.SHARE_OVER_1S: _MeasureWords(
        name=mark("Longer than 1 second"),
        about=mark("Share of the bursts that lasted longer than 1 second."),
        text=units.percent,
    ),
    Measure.MEDIAN_PAUSE_S: _MeasureWords(
        name=mark("Typical (median) pause"),
        about=mark(
            "From the end of one burst to the next. A pause that the recording cut off "
            "counts as lasting at least as long as was seen."
        ),
        text=units.duration,
    ),
    Measure.EXCURSION_MM: _MeasureWords(
        name=mark("Largest movement"),
        about=mark("Of a typical (median) burst, in millimetres."),
        text=units.millimetres,
    ),
    Measure.BOTH_REGIONS_SHARE: _MeasureWords(
        name=mark("Eyelid and lower face together"),
        about=mark(
            "Share of the bursts in which the eyelid and the mouth corner or cheek "
            "took part."
        ),
        text=units.percent,
    ),
    Measure.BROW_LIFT_SHARE: _MeasureWords(
        name=mark("Eyebrow rising"),
        about=mark(
            "Share of the bursts in which the eyebrow rose while the eye of the same "
            "side closed."
        ),
        text=units.percent,
    ),
    Measure.REST_ASYMMETRY: _MeasureWords(
        name=mark("Openness of the eyes between bursts"),
        about=mark(
            "Above zero the right eye was more open, below zero the left. No face is "
            "perfectly even."
        ),
        text=_asymmetry,
    ),
    Measure.BLINKS_PER_MIN: _MeasureWords(
        name=mark("Blinks per minute"),
        about=mark("Blinks of both eyes together."),
        text=units.rate,
    ),
}


def measure_name(measure: Measure) -> str:
    """Return the name of a measure, the same as in the report of one recording."""
    return say(_MEASURES[measure].name)


def measure_about(measure: Measure) -> str:
    """Return in a sentence what a measure is."""
    return say(_MEASURES[measure].about)


def value_text(measure: Measure, value: float) -> str:
    """Return a value of a measure with its unit; NaN is "not measured"."""
    return _MEASURES[measure].text(value)


def tick_text(measure: Measure, value: float) -> str:
    """Return a label of a value axis with its unit, as short as can be."""
    write = _MEASURES[measure].text
    if write is units.duration:
        return say("{s} s", s=units.plainly(value))
    if write is units.millimetres:
        return say("{mm} mm", mm=units.plainly(value))
    if write is units.rate:
        return units.plainly(value)
    return say("{p} %", p=units.plainly(100 * value))


def interval_text(measure: Measure, estimate: Estimate) -> str:
    """Return the 95 % interval of a value, or a dash where there is none."""
    if not (math.isfinite(estimate.low) and math.isfinite(estimate.high)):
        return "-"
    low, high = value_text(measure, estimate.low), value_text(measure, estimate.high)
    return units.interval(low, high)


def ratio_text(ratio: Estimate) -> str:
    """Return a ratio with its interval, where it has one; a dash where it is NaN."""
    if not math.isfinite(ratio.value):
        return "-"
    value = units.ratio(ratio.value)
    if not (math.isfinite(ratio.low) and math.isfinite(ratio.high)):
        return value
    return units.with_interval(value, units.times(ratio.low), units.times(ratio.high))


def change_text(trend: Trend, measure: Measure) -> str:
    """Return the change of a trend with its interval and the time it took, or its day."""
    step = trend.step
    change = trend.change if step is None else step.change
    if not math.isfinite(change.value):
        return "-"
    if trend.scale is Scale.RATIO:
        text = ratio_text(change)
    else:
        text = units.with_interval(
            *(
                difference_text(measure, value)
                for value in (change.value, change.low, change.high)
            )
        )
    if step is not None:
        day = units.day_text(step.day)
        return say("{change} at once, about {day}", change=text, day=day)
    span = units.in_days_text((trend.end - trend.start).days)
    return say("{change} {span}", change=text, span=span)


def brief_change_text(trend: Trend, measure: Measure) -> str:
    """Return what `change_text` says without the interval, in short words."""
    step = trend.step
    value = trend.change.value if step is None else step.change.value
    if not math.isfinite(value):
        return "-"
    if step is None:
        span = units.brief_days_text((trend.end - trend.start).days)
    else:
        span = say("in {month}", month=units.month_text(step.day))
    if trend.scale is Scale.RATIO:
        return say("{ratio}x {span}", ratio=units.times(value), span=span)
    change = difference_text(measure, value, brief=True)
    return say("{change} {span}", change=change, span=span)


def difference_text(measure: Measure, value: float, *, brief: bool = False) -> str:
    """Return a difference with its sign; of per cents, in points."""
    if not math.isfinite(value):
        return units.not_measured()
    if measure is Measure.REST_ASYMMETRY or _MEASURES[measure].text is units.percent:
        return units.points(value, brief=brief)
    return ("+" if value >= 0 else "-") + value_text(measure, abs(value))
