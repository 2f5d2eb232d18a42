"""What is said of a trend: plain, short, and never more than was found.

No disease, no cause, no grade of our own. The convention that bites: a translator gets
whole sentences and whole clauses; what is filled in are numbers, days, and words that
stand for themselves (after a colon, between commas, in brackets).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from twitch_tracker.history import TaskKind
from twitch_tracker.language import mark, say
from twitch_tracker.progression.results import (
    Measure,
    Scale,
    Series,
    Sureness,
    Trend,
)
from twitch_tracker.wording.places import kind_words
from twitch_tracker.wording.units import day_text, plain_words, ratio_words, span_words

__all__ = ["sure_words", "trend_text"]

_MOST_MINUTES: Final = 300.0
"""Asking a person for more minutes than this is no use."""

_UP_DOWN: Final[Mapping[Measure, tuple[str, str]]] = {
    Measure.EPISODES_PER_MIN: (
        mark("Bursts come more often"),
        mark("Bursts come less often"),
    ),
    Measure.SPASM_FRACTION: (
        mark("More time is spent in bursts"),
        mark("Less time is spent in bursts"),
    ),
    Measure.MEDIAN_DURATION_S: (
        mark("Bursts last longer"),
        mark("Bursts last less long"),
    ),
    Measure.LONGEST_DURATION_S: (
        mark("The longest burst of a recording lasts longer"),
        mark("The longest burst of a recording lasts less long"),
    ),
    Measure.SHARE_OVER_1S: (
        mark("More bursts last over one second"),
        mark("Fewer bursts last over one second"),
    ),
    Measure.MEDIAN_PAUSE_S: (
        mark("Pauses between bursts are longer"),
        mark("Pauses between bursts are shorter"),
    ),
    Measure.EXCURSION_MM: (
        mark("The face moves further in bursts"),
        mark("The face moves less far in bursts"),
    ),
    Measure.BOTH_REGIONS_SHARE: (
        mark("More bursts reach the eyelid and the lower face together"),
        mark("Fewer bursts reach the eyelid and the lower face together"),
    ),
    Measure.BROW_LIFT_SHARE: (
        mark("The eyebrow rises in more of the bursts"),
        mark("The eyebrow rises in fewer of the bursts"),
    ),
    Measure.REST_ASYMMETRY: (
        mark("Between bursts the left eye has become narrower against the right"),
        mark("Between bursts the right eye has become narrower against the left"),
    ),
    Measure.BLINKS_PER_MIN: (
        mark("Blinks come more often"),
        mark("Blinks come less often"),
    ),
}

_SURE: Final = {
    Sureness.CLEAR: mark("clearly"),
    Sureness.LIKELY: mark("more likely than not"),
    Sureness.UNTOLD: mark("not sure"),
}

_MEDIANS: Final = {
    Measure.MEDIAN_DURATION_S,
    Measure.MEDIAN_PAUSE_S,
    Measure.EXCURSION_MM,
}
_PERCENT: Final = {
    Measure.SPASM_FRACTION,
    Measure.SHARE_OVER_1S,
    Measure.BOTH_REGIONS_SHARE,
    Measure.BROW_LIFT_SHARE,
    Measure.REST_ASYMMETRY,
}
_SECONDS: Final = {
    Measure.MEDIAN_DURATION_S,
    Measure.LONGEST_DURATION_S,
    Measure.MEDIAN_PAUSE_S,
}


def sure_words(sureness: Sureness) -> str:
    """Return how sure a change is."""
    return say(_SURE[sureness])


def trend_text(series: Series) -> str:
    """Return the reading of a series' trend; empty without one."""
    trend = series.trend
    if trend is None:
        return ""
    if trend.sureness is Sureness.UNTOLD:
        reading = _untold(trend, series.measure, series.kind)
    else:
        reading = _told(trend, series.measure)
    return " ".join((reading, *_context(trend)))


def _amount(measure: Measure, value: float) -> str:
    """Return a value with its unit."""
    if measure in _PERCENT:
        percent = 100 * value
        return say(
            "{p} %", p=f"{percent:.0f}" if abs(percent) >= 10 else f"{percent:.1f}"
        )
    if measure in _SECONDS:
        if value >= 120:
            return say("{m} min", m=f"{value / 60:.1f}")
        return say("{s} s", s=plain_words(value))
    if measure is Measure.EXCURSION_MM:
        return say("{mm} mm", mm=f"{value:.1f}")
    return say("{n} a minute", n=plain_words(value))


def _told(trend: Trend, measure: Measure) -> str:
    """Say how much changed in how long."""
    change = trend.change
    up, down = _UP_DOWN[measure]
    ratio = trend.scale is Scale.RATIO
    first = _amount(measure, trend.fitted_start)
    fields = {
        "change": say(up if change.value > (1.0 if ratio else 0.0) else down),
        "sure": sure_words(trend.sureness),
        "first": say("median {amount}", amount=first) if measure in _MEDIANS else first,
        "last": _amount(measure, trend.fitted_end),
        "span": span_words(trend.start, trend.end),
    }
    if ratio:
        return say(
            "{change}, {sure}: {first} → {last} {span} {ratio}.",
            **fields,
            ratio=ratio_words(change),
        )
    return say(
        "{change}, {sure}: {first} → {last} {span} ({points} points; 95 % interval "
        "{low} to {high}).",
        **fields,
        points=_points(change.value),
        low=_points(change.low),
        high=_points(change.high),
    )


def _points(difference: float) -> str:
    """Return a difference of shares in points of a per cent, with its sign."""
    points = 100 * difference
    return f"{points:+.0f}" if abs(points) >= 10 else f"{points:+.1f}"


def _untold(trend: Trend, measure: Measure, kind: TaskKind) -> str:
    """Say that no change can be told, and what would help."""
    if not math.isfinite(trend.change.value):
        return _nothing(
            measure, recordings=trend.recordings, minutes=trend.analysable_min
        )
    if trend.minutes_needed == 0:
        return say(
            "No change stands out, although a halving or doubling within a year would "
            "have."
        )
    if not math.isfinite(trend.minutes_needed):
        return say(
            "No change can be told yet, and recording more at this pace hardly helps."
        )
    if trend.minutes_needed > _MOST_MINUTES:
        if measure is Measure.BLINKS_PER_MIN:
            return say("No change can be told with so few blinks.")
        return say("No change can be told with so few bursts.")
    more = max(5 * round(trend.minutes_needed / 5), 5)
    number = max(
        round(trend.minutes_needed / trend.analysable_min * trend.recordings), 1
    )
    return say(
        "No change can be told yet. Record about {more} more minutes {kind}, which are "
        "about {number} more recordings like these.",
        more=more,
        kind=kind_words(kind),
        number=number,
    )


def _nothing(measure: Measure, *, recordings: int, minutes: float) -> str:
    """Say that what was never seen has no trend."""
    if measure is Measure.BLINKS_PER_MIN:
        return say(
            "No blink in {recordings} recordings ({minutes:.0f} min).",
            recordings=recordings,
            minutes=minutes,
        )
    return say(
        "No burst in {recordings} recordings ({minutes:.0f} min).",
        recordings=recordings,
        minutes=minutes,
    )


def _context(trend: Trend) -> Iterator[str]:
    """Say what the line leaves out."""
    if trend.injections_taken_out:
        yield say("The effect of injections is taken out.")
    if trend.after_operation:
        yield say(
            "Counted from {day} on, nine months after the operation.",
            day=day_text(trend.start),
        )
