"""Every name and sentence of the progression views that is our own.

The readings themselves come from `progression`; here are the names of measures,
kinds of task, treatments and diary numbers, and how their values, intervals,
changes and dates are written. "Left" and "right" are the person's own. No word
here names a disease, and none says that one thing caused another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from twitch_tracker.history import Basis, TaskKind, Treatment, TreatmentKind
from twitch_tracker.language import mark, say, say_n
from twitch_tracker.progression import words
from twitch_tracker.progression.results import (
    Estimate,
    Measure,
    Scale,
    Sureness,
    Trend,
)
from twitch_tracker.regions import Side
from twitch_tracker.wording import units
from twitch_tracker.wording.terms import side_name

__all__ = [
    "KINDS",
    "SIDE_ORDER",
    "basis_in_words",
    "change_text",
    "day_text",
    "days_text",
    "factor_name",
    "interval_text",
    "kind_about",
    "kind_title",
    "listed",
    "measure_about",
    "measure_name",
    "minutes_text",
    "month_text",
    "period_in_words",
    "period_text",
    "ratio_text",
    "side_title",
    "signed_text",
    "sureness_in_words",
    "sureness_meaning",
    "tick_text",
    "treatment_name",
    "value_text",
]

KINDS: Final = (TaskKind.REST, TaskKind.PROVOKED, TaskKind.AFTER, TaskKind.OTHER)
SIDE_ORDER: Final = (Side.RIGHT, Side.LEFT, None)
"""In which order they are shown everywhere."""


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

_KINDS: Final = {
    TaskKind.REST: (mark("At rest"), mark("Sitting still and looking at the camera.")),
    TaskKind.PROVOKED: (
        mark("Provoked"),
        mark(
            "Doing something that can set bursts off, such as closing the eyes tightly, "
            "pursing the lips or speaking. Never counted together with rest."
        ),
    ),
    TaskKind.AFTER: (
        mark("At rest after provocation"),
        mark("Sitting still right after the provoking tasks."),
    ),
    TaskKind.OTHER: (
        mark("Other recordings"),
        mark("Recordings whose task was not told."),
    ),
}

_BASES: Final = {
    Basis.DETECTED: mark(
        "Bursts as the program found them, whether or not a person has checked them."
    ),
    Basis.REVIEWED: mark(
        "Only recordings that a person has finished checking, with the "
        "bursts that this person confirmed, corrected or added."
    ),
    Basis.BOTH: mark(
        "Bursts as a person checked them where that is finished, and as the "
        "program found them elsewhere. The two are not the same kind of count."
    ),
}

_SURENESS: Final = {
    Sureness.CLEAR: (
        mark("clear"),
        mark(
            "chance alone would say so anywhere on this page in at most 5 of 100 people "
            "who do not change"
        ),
    ),
    Sureness.LIKELY: (
        mark("more likely than not"),
        mark(
            "chance alone would say so of this one measure in at most 20 of 100 people "
            "who do not change"
        ),
    ),
    Sureness.UNTOLD: (
        mark("cannot be told"),
        mark(
            "the recordings cannot tell a change from chance; this does not mean that "
            "nothing changed"
        ),
    ),
}

_TREATMENTS: Final = {
    TreatmentKind.BOTULINUM_TOXIN: mark("Botulinum toxin"),
    TreatmentKind.MICROVASCULAR_DECOMPRESSION: mark(
        "Operation (microvascular decompression)"
    ),
    TreatmentKind.OTHER: mark("Other treatment"),
}

_FACTORS: Final = {
    "stress": (mark("Stress"), mark("0 to 10")),
    "fatigue": (mark("Fatigue"), mark("0 to 10")),
    "sleep_hours": (mark("Sleep"), mark("hours")),
    "caffeine_cups": (mark("Caffeine"), mark("cups")),
    "screen_hours": (mark("Screen time"), mark("hours")),
    "hfs7_total": (mark("HFS-7 total"), mark("0 to 28")),
}

_PERIODS: Final = {
    "recording": mark("Each mark is one recording."),
    "day": mark("Each mark is one day, all its recordings together."),
    "week": mark("Each mark is one week, all its recordings together."),
    "month": mark("Each mark is one month, all its recordings together."),
    "quarter": mark("Each mark is three months, all recordings together."),
}

# --- names ------------------------------------------------------------------------


def measure_name(measure: Measure) -> str:
    """Return the name of a measure, the same as in the report of one recording."""
    return say(_MEASURES[measure].name)


def measure_about(measure: Measure) -> str:
    """Return in a sentence what a measure is."""
    return say(_MEASURES[measure].about)


def kind_title(kind: TaskKind) -> str:
    """Return the heading of a kind of task."""
    return say(_KINDS[kind][0])


def kind_about(kind: TaskKind) -> str:
    """Return in a sentence what a kind of task is."""
    return say(_KINDS[kind][1])


def side_title(side: Side | None) -> str:
    """Return ``Right``, ``Left`` or ``Both sides``."""
    return say("Both sides") if side is None else side_name(side).capitalize()


def basis_in_words(basis: Basis) -> str:
    """Return in a sentence whose bursts are counted."""
    return say(_BASES[basis])


def sureness_in_words(sureness: Sureness) -> str:
    """Return how sure a change is, in one to three words."""
    return say(_SURENESS[sureness][0])


def sureness_meaning(sureness: Sureness) -> str:
    """Return what `sureness_in_words` stands for."""
    return say(_SURENESS[sureness][1])


def factor_name(factor: str, *, unit: bool = False) -> str:
    """Return the name of a diary number, with its unit if wanted."""
    name, of = _FACTORS.get(factor, (factor, ""))
    return say("{name} ({unit})", name=say(name), unit=say(of)) if unit else say(name)


def treatment_name(treatment: Treatment) -> str:
    """Return what was done, with product, dose and side as far as they were told."""
    parts = [say(_TREATMENTS[treatment.kind])]
    if treatment.product:
        parts.append(treatment.product)
    if math.isfinite(treatment.units):
        parts.append(say("{units} units", units=f"{treatment.units:g}"))
    if treatment.side is not None:
        parts.append(say("{side} side", side=side_name(treatment.side)))
    return ", ".join(parts)


def period_in_words(period: str) -> str:
    """Return in a sentence what one mark of a chart stands for."""
    return say(_PERIODS.get(period, _PERIODS["recording"]))


# --- numbers ----------------------------------------------------------------------


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


def minutes_text(minutes: float) -> str:
    """Return measured time in minutes, or in hours from two hours on."""
    if not math.isfinite(minutes):
        return units.not_measured()
    if minutes >= 120:
        return say("{h} h", h=f"{minutes / 60:.0f}")
    return say("{m} min", m=f"{minutes:.1f}" if minutes < 10 else f"{minutes:.0f}")


# --- days -------------------------------------------------------------------------


def day_text(day: date) -> str:
    """Return a day as ``3 Feb 2025``, which nobody can take for 2 March."""
    return words.day_words(day)


def month_text(day: date, *, year: bool = True) -> str:
    """Return ``Feb 2025`` or ``Feb``."""
    name = words.month_words(day)
    return say("{month} {year}", month=name, year=day.year) if year else name


def period_text(start: date, end: date) -> str:
    """Return a stretch of days as short as it can be said."""
    if start == end:
        return day_text(start)
    if (start.year, start.month) == (end.year, end.month):
        first = say("{day}", day=start.day)
    elif start.year == end.year:
        month = words.month_words(start)
        first = say("{day} {month}", day=start.day, month=month)
    else:
        first = day_text(start)
    return say("{first} to {last}", first=first, last=day_text(end))


def days_text(days: float) -> str:
    """Return a length of days in days, weeks, months or years."""
    if not math.isfinite(days):
        return units.not_measured()
    if days < 14:
        return say_n("{n} day", "{n} days", round(days))
    if days < 61:
        return say_n("{n} week", "{n} weeks", round(days / 7))
    months = days / 30.44
    if months < 23.5:
        return say_n("{n} month", "{n} months", round(months))
    return say("{y} years", y=f"{days / 365.25:.1f}".removesuffix(".0"))


def listed(names: Sequence[str]) -> str:
    """Return names with commas and a last "and"."""
    if len(names) < 2:
        return "".join(names)
    return say("{most} and {last}", most=", ".join(names[:-1]), last=names[-1])
