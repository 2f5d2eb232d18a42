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
    "after_words",
    "at_place",
    "can_be_told",
    "day_words",
    "kind_words",
    "place_words",
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
        "Bursts last longer",
        "Bursts last less long",
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
        "Pauses between bursts are longer",
        "Pauses between bursts are shorter",
    ),
    Measure.EXCURSION_MM: (
        "The face moves further in bursts",
        "The face moves less far in bursts",
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

_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)

_NAMED: Final = (
    (0.1, "a tenth"),
    (0.2, "a fifth"),
    (0.25, "a quarter"),
    (1 / 3, "a third"),
    (0.5, "half"),
    (2 / 3, "two thirds"),
    (0.75, "three quarters"),
    (1.0, "as many"),
    (1.25, "a quarter more"),
    (1.5, "half as many again"),
    (2.0, "twice as many"),
    (3.0, "three times as many"),
)
"""Ratios with a name."""

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
    if size >= 10_000:
        return "more than 10,000"
    if size >= 10:
        return f"{value:.0f}"
    if size >= 1:
        return f"{value:.1f}"
    if 0 < size < 0.001:
        return "less than 0.001"
    return f"{value:.3f}" if 0 < size < 0.01 else f"{value:.2f}"


def _amount(measure: Measure, value: float) -> str:
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


def day_words(day: date) -> str:
    """Return a day as ``20 Nov 2023``, which nobody can take for another."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def at_place(side: Side | None, kind: TaskKind, sentence: str) -> str:
    """Put side and kind of task before a sentence, which goes on in small letters."""
    return f"{place_words(side, kind)}: {sentence[:1].lower()}{sentence[1:]}"


def can_be_told(ratio: Estimate) -> bool:
    """Whether the interval of a ratio excludes 1."""
    return ratio.low > 1 or ratio.high < 1


def ratio_words(ratio: Estimate) -> str:
    """Return a ratio with its interval, in brackets."""
    return (
        f"({_plain(ratio.value)} times; 95 % interval {_plain(ratio.low)} to "
        f"{_plain(ratio.high)})"
    )


def after_words(when: str, before: Estimate, after: Estimate, ratio: Estimate) -> str:
    """Say how many bursts there were at some time after a treatment, and before it.

    Parameters
    ----------
    when : str
        E.g. ``12 months after the operation of 20 Nov 2023``.
    before, after : Estimate
        Bursts a minute; `before` may be NaN.
    ratio : Estimate
        After over before; NaN when it cannot be told.

    Returns
    -------
    str
        Sentences.
    """
    bursts = (
        "no bursts" if after.value == 0 else f"{_plain(after.value)} bursts a minute"
    )
    text = f"{when} there were {bursts}"
    if not math.isfinite(before.value):
        return f"{text}. Before it nothing was recorded to compare with."
    earlier = "none" if before.value == 0 else f"{_plain(before.value)}"
    if after.value == 0 and before.value > 0:
        earlier += " a minute"
    text += f", before it {earlier}."
    if not math.isfinite(ratio.value):
        return f"{text} A difference cannot be told, for want of bursts."
    if can_be_told(ratio):
        return f"{text} That is {_times(ratio.value)} {ratio_words(ratio)}."
    return f"{text} This difference cannot be told from chance {ratio_words(ratio)}."


def _times(ratio: float) -> str:
    """Return a ratio in words: the nearest that has a name."""
    if ratio < _NAMED[0][0] * 0.85:
        return "less than a tenth"
    if ratio > _NAMED[-1][0] * 1.15:
        return f"about {_plain(ratio)} times as many"
    near = min(_NAMED, key=lambda named: abs(math.log(ratio / named[0])))
    return f"about {near[1]}"


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
    middle = "median " if measure in _MEDIANS else ""
    text = (
        f"{lead}, {sure_words(sureness)}: {middle}{_amount(measure, ends[0])} "
        f"\N{RIGHTWARDS ARROW} {_amount(measure, ends[1])} in {span}"
    )
    if ratio:
        return f"{text} {ratio_words(change)}."
    low, high = _points(change.low), _points(change.high)
    return f"{text} ({_points(change.value)} points; 95 % interval {low} to {high})."


def _points(difference: float) -> str:
    """Return a difference of shares in points of a per cent, with its sign."""
    points = 100 * difference
    return f"{points:+.0f}" if abs(points) >= 10 else f"{points:+.1f}"
