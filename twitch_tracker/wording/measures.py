"""Names of the measures that are followed over time, and how their values are written.

A value is written by the one way of its quantity (`wording.units`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from twitch_tracker.language import mark, say
from twitch_tracker.progression.results import Estimate, Measure, Scale, Trend
from twitch_tracker.wording import units
from twitch_tracker.wording.units import days_text

__all__ = [
    "change_text",
    "interval_text",
    "measure_about",
    "measure_name",
    "ratio_text",
    "signed_text",
    "tick_text",
    "value_text",
]


def _share(value: float) -> str:
    """Return a share in per cent."""
    if not math.isfinite(value):
        return units.not_measured()
    return say("{p} %", p=_points(value))


def _points(value: float) -> str:
    """Return 100 times a share; two decimals where one would show nothing."""
    if 0 < value < 0.001:
        return f"{max(100 * value, 0.01):.2f}"
    return units.decimal(100 * value, 1)


def _asymmetry(value: float) -> str:
    if not math.isfinite(value):
        return units.not_measured()
    return say("{p} %", p=f"{100 * value + 0.0:+.1f}")


@dataclass(frozen=True, kw_only=True)
class _MeasureWords:
    name: str
    about: str
    text: Callable[[float], str]


_MEASURES: Final = {
    Measure.EPISODES_PER_MIN: _MeasureWords(
        name=mark("Bursts per minute"),
        about=mark("Bursts divided by the minutes that could be measured."),
        text=units.per_minute,
    ),
    Measure.SPASM_FRACTION: _MeasureWords(
        name=mark("Time in bursts"),
        about=mark("Share of the measurable time in which a burst was going on."),
        text=_share,
    ),
    Measure.MEDIAN_DURATION_S: _MeasureWords(
        name=mark("Typical (median) length"),
        about=mark("Half of the bursts were shorter than this, half longer."),
        text=units.seconds,
    ),
    Measure.LONGEST_DURATION_S: _MeasureWords(
        name=mark("Longest burst"),
        about=mark("Grows by chance when more is recorded: read it with the minutes."),
        text=units.seconds,
    ),
    Measure.SHARE_OVER_1S: _MeasureWords(
        name=mark("Longer than 1 second"),
        about=mark("Share of the bursts that lasted longer than 1 second."),
        text=_share,
    ),
    Measure.MEDIAN_PAUSE_S: _MeasureWords(
        name=mark("Typical (median) pause"),
        about=mark(
            "From the end of one burst to the next, where it was watched throughout."
        ),
        text=units.seconds,
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
        text=_share,
    ),
    Measure.BROW_LIFT_SHARE: _MeasureWords(
        name=mark("Eyebrow rising"),
        about=mark(
            "Share of the bursts in which the eyebrow rose while the eye of the same "
            "side closed."
        ),
        text=_share,
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
        text=units.per_minute,
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
    if write is units.seconds:
        return say("{s} s", s=f"{value:g}")
    if write is units.millimetres:
        return say("{mm} mm", mm=f"{value:g}")
    if write is units.per_minute:
        return f"{value:g}"
    return say("{p} %", p=f"{100 * value:.6g}")


def interval_text(measure: Measure, estimate: Estimate) -> str:
    """Return the 95 % interval of a value, or a dash where there is none."""
    if not (math.isfinite(estimate.low) and math.isfinite(estimate.high)):
        return "-"
    low, high = value_text(measure, estimate.low), value_text(measure, estimate.high)
    return say("{low} to {high}", low=units.without_unit(low, high), high=high)


def ratio_text(value: float) -> str:
    """Return a ratio as ``2.1 times``; NaN is "not measured"."""
    if not math.isfinite(value):
        return units.not_measured()
    return say("{r} times", r=f"{value:.2f}" if value < 10 else f"{value:.0f}")


def change_text(trend: Trend, measure: Measure) -> str:
    """Return the change of a trend with its interval and the time it took."""
    change = trend.change
    if not math.isfinite(change.value):
        return "-"
    span = days_text((trend.end - trend.start).days)
    if trend.scale is Scale.RATIO:
        low, high = f"{change.low:.2g}", f"{change.high:.2g}"
        text = say(
            "{r} times ({low} to {high})", r=f"{change.value:.2g}", low=low, high=high
        )
    else:
        low, high = signed_text(measure, change.low), signed_text(measure, change.high)
        text = say(
            "{d} ({low} to {high})",
            d=signed_text(measure, change.value),
            low=units.without_unit(low, high),
            high=units.without_unit(high, low),
        )
    return say("{change} in {span}", change=text, span=span)


def signed_text(measure: Measure, value: float) -> str:
    """Return a difference with its sign; of per cents, in points."""
    if not math.isfinite(value):
        return units.not_measured()
    sign, size = "+" if value >= 0 else "-", abs(value)
    if measure is Measure.REST_ASYMMETRY:
        return say("{p} points", p=f"{sign}{100 * size:.1f}")
    if _MEASURES[measure].text is _share:
        return say("{p} points", p=f"{sign}{_points(size)}")
    return sign + value_text(measure, size)
