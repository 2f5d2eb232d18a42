"""Numbers with their units as a reader sees them. NaN is "not measured", never 0.

>>> clock(83.46)
'1:23.5'
>>> length(250)
'4 min 10 s'
>>> seconds(float("nan"))
'not measured'
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Final

from twitch_tracker.language import mark, say, say_n
from twitch_tracker.progression.results import Estimate

__all__ = [
    "clock",
    "day_text",
    "days_text",
    "decimal",
    "length",
    "listed",
    "millimetres",
    "milliseconds",
    "minutes_text",
    "month_name",
    "month_text",
    "not_measured",
    "per_minute",
    "percent",
    "period_text",
    "plain_words",
    "ratio_words",
    "seconds",
    "span_words",
    "without_unit",
]


def not_measured() -> str:
    """Return the words for a number that does not exist."""
    return say("not measured")


def decimal(value: float, digits: int = 1) -> str:
    """Return a number with `digits` decimals."""
    if not math.isfinite(value):
        return not_measured()
    return f"{value + 0.0:.{digits}f}"


def clock(time_s: float, digits: int = 1) -> str:
    """Return a moment as ``m:ss.d``, or ``h:mm:ss.d`` from one hour on."""
    if not math.isfinite(time_s):
        return not_measured()
    scale = 10**digits
    ticks = round(max(time_s, 0.0) * scale)
    whole, rest = divmod(ticks, scale)
    minutes, secs = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    tail = f".{rest:0{digits}d}" if digits else ""
    if hours:
        return f"{hours}:{minutes:02d}:{secs:02d}{tail}"
    return f"{minutes}:{secs:02d}{tail}"


def length(duration_s: float) -> str:
    """Return a long duration in hours, minutes and seconds."""
    if not math.isfinite(duration_s):
        return not_measured()
    if 0 < duration_s < 10:
        return say("{s} s", s=f"{duration_s:.1f}")
    minutes, secs = divmod(round(duration_s), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return say("{h} h {m} min {s} s", h=hours, m=minutes, s=secs)
    if minutes:
        return say("{m} min {s} s", m=minutes, s=secs)
    return say("{s} s", s=secs)


def seconds(duration_s: float) -> str:
    """Return a short duration: two decimals below 10 s, then one, then minutes."""
    if not math.isfinite(duration_s):
        return not_measured()
    if duration_s >= 60:
        return length(duration_s)
    return say("{s} s", s=decimal(duration_s, 2 if duration_s < 10 else 1))


def milliseconds(duration_s: float) -> str:
    """Return a very short duration in whole milliseconds, without a sign."""
    if not math.isfinite(duration_s):
        return not_measured()
    return say("{ms} ms", ms=round(abs(duration_s) * 1000))


def millimetres(value_mm: float) -> str:
    """Return a distance with one decimal."""
    if not math.isfinite(value_mm):
        return not_measured()
    return say("{mm} mm", mm=decimal(value_mm, 1))


def percent(fraction: float) -> str:
    """Return a fraction as a percentage; tiny ones are never shown as 0."""
    if not math.isfinite(fraction):
        return not_measured()
    if 0 < fraction < 0.0005:
        return say("less than 0.1 %")
    return say("{p} %", p=decimal(100 * fraction, 1))


def per_minute(rate: float) -> str:
    """Return a rate: one decimal, two below 1 so that rare bursts stay visible."""
    if not math.isfinite(rate):
        return not_measured()
    return decimal(rate, 2 if 0 < rate < 1 else 1)


def without_unit(low: str, high: str) -> str:
    """Drop the unit of one end of an interval when the other end says the same one.

    >>> without_unit("1.2 s", "3.4 s")
    '1.2'
    """
    head, _, unit = low.rpartition(" ")
    return head if head and unit == high.rpartition(" ")[2] and " " not in head else low


# --- days ---

_MONTHS: Final = (
    *(mark("Jan"), mark("Feb"), mark("Mar"), mark("Apr"), mark("May"), mark("Jun")),
    *(mark("Jul"), mark("Aug"), mark("Sep"), mark("Oct"), mark("Nov"), mark("Dec")),
)


def minutes_text(minutes: float) -> str:
    """Return measured time in minutes, or in hours from two hours on."""
    if not math.isfinite(minutes):
        return not_measured()
    if minutes >= 120:
        return say("{h} h", h=f"{minutes / 60:.0f}")
    return say("{m} min", m=f"{minutes:.1f}" if minutes < 10 else f"{minutes:.0f}")


def day_text(day: date) -> str:
    """Return a day as ``20 Nov 2023``, which nobody can take for another."""
    return say(
        "{day} {month} {year}", day=day.day, month=month_name(day), year=day.year
    )


def month_text(day: date, *, year: bool = True) -> str:
    """Return ``Feb 2025`` or ``Feb``."""
    name = month_name(day)
    return say("{month} {year}", month=name, year=day.year) if year else name


def period_text(start: date, end: date) -> str:
    """Return a stretch of days as short as it can be said."""
    if start == end:
        return day_text(start)
    if (start.year, start.month) == (end.year, end.month):
        first = say("{day}", day=start.day)
    elif start.year == end.year:
        month = month_name(start)
        first = say("{day} {month}", day=start.day, month=month)
    else:
        first = day_text(start)
    return say("{first} to {last}", first=first, last=day_text(end))


def days_text(days: float) -> str:
    """Return a length of days in days, weeks, months or years."""
    if not math.isfinite(days):
        return not_measured()
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


def month_name(day: date) -> str:
    """Return the short name of a day's month."""
    return say(_MONTHS[day.month - 1])


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


def ratio_words(ratio: Estimate) -> str:
    """Return a ratio with its interval, in brackets."""
    return say(
        "({ratio} times; 95 % interval {low} to {high})",
        ratio=plain_words(ratio.value),
        low=plain_words(ratio.low),
        high=plain_words(ratio.high),
    )


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
