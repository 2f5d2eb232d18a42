"""The sentences of progression: plain, short, and never more than was found.

No disease, no cause, no grade of our own. The convention that bites: a translator gets
whole sentences and whole clauses; what is filled in are numbers, days, and words that
stand for themselves (after a colon, between commas, in brackets).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Final

from twitch_tracker.history import TaskKind
from twitch_tracker.language import mark, say, say_n
from twitch_tracker.progression.results import Estimate, Measure, Scale, Sureness
from twitch_tracker.regions import Side

__all__ = [
    "after_words",
    "at_place",
    "can_be_told",
    "day_words",
    "kind_words",
    "month_words",
    "place_words",
    "plain_words",
    "ratio_words",
    "span_words",
    "sure_words",
    "told_change",
]

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

_KINDS: Final = {
    TaskKind.REST: mark("at rest"),
    TaskKind.PROVOKED: mark("in tasks that provoke"),
    TaskKind.AFTER: mark("at rest after provocation"),
    TaskKind.OTHER: mark("in other recordings"),
}

_SIDES: Final = {
    None: mark("Both sides"),
    Side.LEFT: mark("Left side"),
    Side.RIGHT: mark("Right side"),
}

_MONTHS: Final = (
    *(mark("Jan"), mark("Feb"), mark("Mar"), mark("Apr"), mark("May"), mark("Jun")),
    *(mark("Jul"), mark("Aug"), mark("Sep"), mark("Oct"), mark("Nov"), mark("Dec")),
)

_NAMED: Final = (
    (0.1, mark("about a tenth")),
    (0.2, mark("about a fifth")),
    (0.25, mark("about a quarter")),
    (1 / 3, mark("about a third")),
    (0.5, mark("about half")),
    (2 / 3, mark("about two thirds")),
    (0.75, mark("about three quarters")),
    (1.0, mark("about as many")),
    (1.25, mark("about a quarter more")),
    (1.5, mark("about half as many again")),
    (2.0, mark("about twice as many")),
    (3.0, mark("about three times as many")),
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
    return say(_SURE[sureness])


def kind_words(kind: TaskKind) -> str:
    """Return in which tasks."""
    return say(_KINDS[kind])


def place_words(side: Side | None, kind: TaskKind) -> str:
    """Return where: side and kind of task, to begin a reading with."""
    return say("{side}, {kind}", side=say(_SIDES[side]), kind=kind_words(kind))


def plain_words(value: float) -> str:
    """Return two significant figures, never in powers of ten."""
    if not math.isfinite(value):
        return say("unknown")
    size = abs(value)
    if size >= 10_000:
        return say("more than 10,000")
    if size >= 10:
        return f"{value:.0f}"
    if size >= 1:
        return f"{value:.1f}"
    if 0 < size < 0.001:
        return say("less than 0.001")
    return f"{value:.3f}" if 0 < size < 0.01 else f"{value:.2f}"


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


def day_words(day: date) -> str:
    """Return a day as ``20 Nov 2023``, which nobody can take for another."""
    return say(
        "{day} {month} {year}", day=day.day, month=month_words(day), year=day.year
    )


def month_words(day: date) -> str:
    """Return the short name of a day's month."""
    return say(_MONTHS[day.month - 1])


def at_place(side: Side | None, kind: TaskKind, sentence: str) -> str:
    """Put side and kind of task before a sentence, which goes on in small letters."""
    # TRANSLATORS: {clause} begins with a small letter; write {sentence} instead where
    # your language would go on with the letter that the sentence begins with.
    return say(
        "{place}: {clause}",
        place=place_words(side, kind),
        clause=f"{sentence[:1].lower()}{sentence[1:]}",
        sentence=sentence,
    )


def can_be_told(ratio: Estimate) -> bool:
    """Whether the interval of a ratio excludes 1."""
    return ratio.low > 1 or ratio.high < 1


def ratio_words(ratio: Estimate) -> str:
    """Return a ratio with its interval, in brackets."""
    return say(
        "({ratio} times; 95 % interval {low} to {high})",
        ratio=plain_words(ratio.value),
        low=plain_words(ratio.low),
        high=plain_words(ratio.high),
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
    text = _then_and_before(when, before.value, after.value)
    if not math.isfinite(before.value):
        return text
    if not math.isfinite(ratio.value):
        told = say("A difference cannot be told, for want of bursts.")
    elif can_be_told(ratio):
        told = say(
            "That is {times} {ratio}.",
            times=_times(ratio.value),
            ratio=ratio_words(ratio),
        )
    else:
        told = say(
            "This difference cannot be told from chance {ratio}.",
            ratio=ratio_words(ratio),
        )
    return f"{text} {told}"


def _then_and_before(when: str, before: float, after: float) -> str:
    """Say both rates; none is said as "no bursts"."""
    fields = {"when": when, "after": plain_words(after), "before": plain_words(before)}
    if not math.isfinite(before):
        if after == 0:
            return say(
                "{when} there were no bursts. Before it nothing was recorded to compare "
                "with.",
                **fields,
            )
        return say(
            "{when} there were {after} bursts a minute. Before it nothing was recorded "
            "to compare with.",
            **fields,
        )
    if after == 0:
        if before == 0:
            return say("{when} there were no bursts, before it none.", **fields)
        return say(
            "{when} there were no bursts, before it {before} a minute.", **fields
        )
    if before == 0:
        return say(
            "{when} there were {after} bursts a minute, before it none.", **fields
        )
    return say(
        "{when} there were {after} bursts a minute, before it {before}.", **fields
    )


def _times(ratio: float) -> str:
    """Return a ratio in words: the nearest that has a name."""
    if ratio < _NAMED[0][0] * 0.85:
        return say("less than a tenth")
    if ratio > _NAMED[-1][0] * 1.15:
        return say("about {n} times as many", n=plain_words(ratio))
    return say(min(_NAMED, key=lambda named: abs(math.log(ratio / named[0])))[1])


def span_words(start: date, end: date) -> str:
    """Return in how long: days, weeks, months or years, whichever reads best."""
    days = (end - start).days
    if days < 21:
        return say_n("in {n} day", "in {n} days", days)
    if days < 75:
        return say_n("in {n} week", "in {n} weeks", round(days / 7))
    if days < 700:
        return say_n("in {n} month", "in {n} months", round(days / 30.44))
    return say("in {years} years", years=f"{days / 365.25:.1f}")


def told_change(
    measure: Measure,
    ends: tuple[float, float],
    change: Estimate,
    span: str,
    sureness: Sureness,
) -> str:
    """Return the reading of a change that can be told; `span` as of `span_words`."""
    up, down = _UP_DOWN[measure]
    scale = Scale.DIFFERENCE if measure in _PERCENT else Scale.RATIO
    ratio = scale is Scale.RATIO or measure is Measure.SPASM_FRACTION
    first = _amount(measure, ends[0])
    fields = {
        "change": say(up if change.value > (1.0 if ratio else 0.0) else down),
        "sure": sure_words(sureness),
        "first": say("median {amount}", amount=first) if measure in _MEDIANS else first,
        "last": _amount(measure, ends[1]),
        "span": span,
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
