"""The sentences of progression: plain, short, and never more than was found.

Every sentence is made here. No disease, no cause, no grade of our own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Final

from twitch_tracker.history import TaskKind
from twitch_tracker.progression.results import Estimate, Measure, Scale, Sureness
from twitch_tracker.regions import Region, Side

__all__ = [
    "amount",
    "kind_words",
    "place_words",
    "rate_words",
    "ratio_words",
    "region_words",
    "span_words",
    "sure_words",
    "told_change",
]

_UP_DOWN: Final[Mapping[Measure, tuple[str, str]]] = {
    Measure.EPISODES_PER_MIN: ("Bursts come more often", "Bursts come less often"),
    Measure.SPASM_FRACTION: (
        "More time is spent in bursts",
        "Less time is spent in bursts",
    ),
    Measure.MEDIAN_DURATION_S: (
        "Bursts last longer: median",
        "Bursts last less long: median",
    ),
    Measure.LONGEST_DURATION_S: (
        "The longest burst of a recording lasts longer",
        "The longest burst of a recording lasts less long",
    ),
    Measure.SHARE_OVER_1S: (
        "More bursts last over one second",
        "Fewer bursts last over one second",
    ),
    Measure.MEDIAN_PAUSE_S: (
        "Pauses between bursts are longer: median",
        "Pauses between bursts are shorter: median",
    ),
    Measure.EXCURSION_MM: (
        "The face moves further in bursts: median",
        "The face moves less far in bursts: median",
    ),
    Measure.BOTH_REGIONS_SHARE: (
        "More bursts reach the eyelid and the lower face together",
        "Fewer bursts reach the eyelid and the lower face together",
    ),
    Measure.BROW_LIFT_SHARE: (
        "The eyebrow rises in more of the bursts",
        "The eyebrow rises in fewer of the bursts",
    ),
    Measure.REST_ASYMMETRY: (
        "Between bursts the left eye has become narrower against the right",
        "Between bursts the right eye has become narrower against the left",
    ),
    Measure.BLINKS_PER_MIN: ("Blinks come more often", "Blinks come less often"),
}

_SURE: Final = {
    Sureness.CLEAR: "clearly",
    Sureness.LIKELY: "more likely than not",
    Sureness.UNTOLD: "not sure",
}

_KINDS: Final = {
    TaskKind.REST: "at rest",
    TaskKind.PROVOKED: "in tasks that provoke",
    TaskKind.AFTER: "at rest after provocation",
    TaskKind.OTHER: "in other recordings",
}

_REGIONS: Final = {
    Region.EYELID: "eyelid",
    Region.MOUTH_CORNER: "mouth corner",
    Region.CHEEK: "cheek",
    Region.BROW: "eyebrow",
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
    return _SURE[sureness]


def kind_words(kind: TaskKind) -> str:
    """Return in which tasks."""
    return _KINDS[kind]


def region_words(region: Region) -> str:
    """Return a region in plain words."""
    return _REGIONS[region]


def place_words(side: Side | None, kind: TaskKind) -> str:
    """Return where: side and kind of task, to begin a reading with."""
    where = "Both sides" if side is None else f"{side.value.capitalize()} side"
    return f"{where}, {kind_words(kind)}"


def _plain(value: float) -> str:
    """Two significant figures, never in powers of ten."""
    if not math.isfinite(value):
        return "unknown"
    size = abs(value)
    if size >= 10:
        return f"{value:.0f}"
    return f"{value:.1f}" if size >= 1 else f"{value:.2f}"


def amount(measure: Measure, value: float) -> str:
    """Return a value with its unit."""
    if measure in _PERCENT:
        percent = 100 * value
        return f"{percent:.0f} %" if abs(percent) >= 10 else f"{percent:.1f} %"
    if measure in _SECONDS:
        if value >= 120:
            return f"{value / 60:.1f} min"
        return f"{_plain(value)} s"
    if measure is Measure.EXCURSION_MM:
        return f"{value:.1f} mm"
    return f"{_plain(value)} a minute"


def rate_words(rate: Estimate) -> str:
    """Return a burst rate."""
    return f"{_plain(rate.value)} a minute"


def ratio_words(ratio: Estimate) -> str:
    """Return a ratio with its interval."""
    return (
        f"{_plain(ratio.value)} times (95 % interval {_plain(ratio.low)} to "
        f"{_plain(ratio.high)})"
    )


def span_words(start: date, end: date) -> str:
    """Return how long: days, weeks, months or years, whichever reads best."""
    days = (end - start).days
    if days < 21:
        return f"{days} days"
    if days < 75:
        return f"{days / 7:.0f} weeks"
    if days < 700:
        return f"{days / 30.44:.0f} months"
    return f"{days / 365.25:.1f} years"


def told_change(
    measure: Measure,
    ends: tuple[float, float],
    change: Estimate,
    span: str,
    sureness: Sureness,
) -> str:
    """Return the reading of a change that can be told."""
    up, down = _UP_DOWN[measure]
    scale = Scale.DIFFERENCE if measure in _PERCENT else Scale.RATIO
    ratio = scale is Scale.RATIO or measure is Measure.SPASM_FRACTION
    lead = up if change.value > (1.0 if ratio else 0.0) else down
    join = "" if lead.endswith("median") else ":"
    text = (
        f"{lead}{join} {amount(measure, ends[0])} \N{RIGHTWARDS ARROW} "
        f"{amount(measure, ends[1])} in {span}; {sure_words(sureness)}"
    )
    if ratio:
        return f"{text} ({ratio_words(change)})."
    return (
        f"{text} (change {100 * change.value:+.1f} points, 95 % interval "
        f"{100 * change.low:+.1f} to {100 * change.high:+.1f})."
    )
