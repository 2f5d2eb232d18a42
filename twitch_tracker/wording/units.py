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

from twitch_tracker.language import say

__all__ = [
    "clock",
    "decimal",
    "length",
    "millimetres",
    "milliseconds",
    "not_measured",
    "per_minute",
    "percent",
    "seconds",
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
