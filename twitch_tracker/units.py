"""Every quantity as people read it, each in one way: page, paper, terminal and app.

NaN is "not measured", never 0. Note: nobody else turns a number into text for people,
or one page says the same thing twice, and differently.

>>> clock(83.46)
'1:23.5'
>>> duration(250), duration(1.0666)
('4 min 10 s', '1.07 s')
>>> interval(percent(0.0834), percent(0.2))
'8.3 to 20 %'
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Final

from twitch_tracker.language import mark, say, say_n, with_decimal_sign

__all__ = [
    "brief_days_text",
    "bursts",
    "clock",
    "day_text",
    "days_text",
    "decimal",
    "duration",
    "hour_text",
    "in_days_text",
    "interval",
    "listed",
    "millimetres",
    "milliseconds",
    "month_name",
    "month_text",
    "not_measured",
    "percent",
    "percent_to_a_tenth",
    "period_text",
    "plainly",
    "points",
    "rate",
    "ratio",
    "recordings",
    "times",
    "with_interval",
]

_MONTHS: Final = (
    *(mark("Jan"), mark("Feb"), mark("Mar"), mark("Apr"), mark("May"), mark("Jun")),
    *(mark("Jul"), mark("Aug"), mark("Sep"), mark("Oct"), mark("Nov"), mark("Dec")),
)


def not_measured() -> str:
    """Return the words for a number that does not exist."""
    return say("not measured")


def decimal(value: float, digits: int = 1) -> str:
    """Return a number with `digits` decimals."""
    if not math.isfinite(value):
        return not_measured()
    return with_decimal_sign(f"{value + 0.0:.{digits}f}")


def plainly(value: float, *, signed: bool = False) -> str:
    """Return a number as somebody entered it: a dose, a total, a label of an axis."""
    if not math.isfinite(value):
        return not_measured()
    return with_decimal_sign(f"{value:+g}" if signed else f"{value:g}")


def clock(time_s: float, digits: int = 1) -> str:
    """Return a moment as ``m:ss.d``, or ``h:mm:ss.d`` from one hour on."""
    if not math.isfinite(time_s):
        return not_measured()
    scale = 10**digits
    ticks = round(max(time_s, 0.0) * scale)
    whole, rest = divmod(ticks, scale)
    minutes, secs = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    tail = with_decimal_sign(f".{rest:0{digits}d}") if digits else ""
    if hours:
        return f"{hours}:{minutes:02d}:{secs:02d}{tail}"
    return f"{minutes}:{secs:02d}{tail}"


def duration(duration_s: float) -> str:
    """Return a length of time.

    Two decimals below 10 s, then one, then minutes and seconds, then hours and minutes.
    """
    if not math.isfinite(duration_s):
        return not_measured()
    if round(duration_s, 1) < 60:
        digits = 2 if round(duration_s, 2) < 10 else 1
        return say("{s} s", s=decimal(duration_s, digits) if duration_s else 0)
    minutes, secs = divmod(round(duration_s), 60)
    if minutes < 60:
        text = say("{m} min {s} s", m=minutes, s=secs)
        return text if secs else say("{m} min", m=minutes)
    hours, minutes = divmod(round(duration_s / 60), 60)
    text = say("{h} h {m} min", h=hours, m=minutes)
    return text if minutes else say("{h} h", h=hours)


def milliseconds(duration_s: float, *, signed: bool = False) -> str:
    """Return a very short duration in whole milliseconds."""
    if not math.isfinite(duration_s):
        return not_measured()
    whole = round(duration_s * 1000)
    return say("{ms} ms", ms=f"{whole:+d}" if signed else abs(whole))


def millimetres(value_mm: float) -> str:
    """Return a distance with one decimal."""
    if not math.isfinite(value_mm):
        return not_measured()
    return say("{mm} mm", mm=decimal(value_mm, 1))


def percent(fraction: float, *, signed: bool = False) -> str:
    """Return a fraction as a percentage, no finer than people read it.

    Whole from 10 to 99; with decimals near none and near all, so that little is never
    shown as 0 nor nearly all as 100.
    """
    if not math.isfinite(fraction):
        return not_measured()
    if 0.9995 <= fraction < 1:
        return say("{p} %", p=with_decimal_sign(">99.9"))
    size = round(abs(fraction), 3)
    is_whole = fraction == 0 or 0.1 <= size <= 0.99 or abs(fraction) >= 1
    number = _hundredths(fraction, digits=0 if is_whole else 1, signed=signed)
    return say("{p} %", p=number)


def percent_to_a_tenth(fraction: float, *, signed: bool = False) -> str:
    """Return a fraction as a percentage with one decimal, for those who judge a log."""
    if not math.isfinite(fraction):
        return not_measured()
    return say("{p} %", p=_hundredths(fraction, digits=1, signed=signed))


def points(difference: float, *, brief: bool = False) -> str:
    """Return a difference of two shares in points of a per cent, with its sign."""
    if not math.isfinite(difference):
        return not_measured()
    number = _hundredths(difference, digits=1, signed=True)
    return say("{p} pts", p=number) if brief else say("{p} points", p=number)


def _hundredths(fraction: float, *, digits: int, signed: bool) -> str:
    """Return 100 times a fraction; two decimals where one would show nothing."""
    size = abs(fraction)
    if 0 < size < 0.00005:
        return with_decimal_sign("<0.01" if fraction > 0 else ">-0.01")
    digits = 2 if 0 < size < 0.001 else digits
    number = 100 * fraction + 0.0
    return with_decimal_sign(
        f"{number:+.{digits}f}" if signed else f"{number:.{digits}f}"
    )


def rate(per_min: float) -> str:
    """Return a number a minute: one decimal, more below 1 so that rare ones show."""
    if not math.isfinite(per_min):
        return not_measured()
    if 0 < per_min < 0.0005:
        return with_decimal_sign("<0.001")
    if 0 < per_min < 0.01:
        return decimal(per_min, 3)
    return decimal(per_min, 2 if 0 < per_min < 1 else 1)


def ratio(value: float) -> str:
    """Return a ratio as ``2.10 times``."""
    return say("{r} times", r=times(value)) if math.isfinite(value) else not_measured()


def times(value: float) -> str:
    """Return a ratio as a number: two decimals below 10, never in powers of ten."""
    if not math.isfinite(value):
        return not_measured()
    if value >= 10_000:
        return say(">10,000")
    if 0 < value < 0.0005:
        return with_decimal_sign("<0.001")
    return decimal(value, 0 if value >= 10 else 2 if value >= 0.01 or not value else 3)


def interval(low: str, high: str) -> str:
    """Return an interval from its two ends, with a unit that both have only once."""
    return say("{low} to {high}", low=_without_unit(low, high), high=high)


def with_interval(value: str, low: str, high: str) -> str:
    """Return a value with its interval in brackets."""
    return say("{value} ({interval})", value=value, interval=interval(low, high))


def _without_unit(low: str, high: str) -> str:
    """Drop the unit of one end of an interval when the other end says the same one."""
    (head, _, unit), (other, _, same) = low.rpartition(" "), high.rpartition(" ")
    return head if head and unit == same and " " not in head + other else low


def recordings(n: int) -> str:
    """Return how many recordings."""
    return say_n("{n} recording", "{n} recordings", n)


def bursts(n: int) -> str:
    """Return how many bursts."""
    return say_n("{n} burst", "{n} bursts", n)


def listed(names: Sequence[str]) -> str:
    """Return names with commas and a last "and"."""
    if len(names) < 2:
        return "".join(names)
    return say("{most} and {last}", most=", ".join(names[:-1]), last=names[-1])


# --- days ----------------------------------------------------------------------


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


def month_name(day: date) -> str:
    """Return the short name of a day's month."""
    return say(_MONTHS[day.month - 1])


def hour_text(hour: float) -> str:
    """Return an hour of the day, 0 to 24, as ``19:30``: a mean, so in steps of ten minutes."""
    whole, tens = divmod(round(hour * 6) % 144, 6)
    return f"{whole}:{tens}0"


def days_text(days: float) -> str:
    """Return a length of days in days, weeks, months or years."""
    if not math.isfinite(days):
        return not_measured()
    number, unit = _counted_days(days)
    if unit == "day":
        return say_n("{n} day", "{n} days", round(number))
    if unit == "week":
        return say_n("{n} week", "{n} weeks", round(number))
    if unit == "month":
        return say_n("{n} month", "{n} months", round(number))
    return say("{y} years", y=_years(number))


def in_days_text(days: float) -> str:
    """Return what `days_text` says as the time in which something changed."""
    number, unit = _counted_days(days)
    if unit == "day":
        return say_n("in {n} day", "in {n} days", round(number))
    if unit == "week":
        return say_n("in {n} week", "in {n} weeks", round(number))
    if unit == "month":
        return say_n("in {n} month", "in {n} months", round(number))
    return say("in {y} years", y=_years(number))


def brief_days_text(days: float) -> str:
    """Return what `in_days_text` says with units of one or two letters."""
    number, unit = _counted_days(days)
    if unit == "day":
        return say("in {n} d", n=round(number))
    if unit == "week":
        return say("in {n} wk", n=round(number))
    if unit == "month":
        return say("in {n} mo", n=round(number))
    return say("in {n} y", n=_years(number))


def _counted_days(days: float) -> tuple[float, str]:
    """Choose the unit in which a length of days reads best."""
    if days < 14:
        return days, "day"
    if days < 61:
        return days / 7, "week"
    if days / 30.44 < 23.5:
        return days / 30.44, "month"
    return days / 365.25, "year"


def _years(years: float) -> str:
    return with_decimal_sign(f"{years:.1f}".removesuffix(".0"))
