"""What broke a course, or changed how it was recorded: frozen nouns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = ["Break", "Broken"]


class Broken(StrEnum):
    """What broke a course, without the face having changed."""

    SIDE = "side"
    BOTH_SIDES = "both_sides"
    DEVICE = "device"
    LENGTH = "length"
    QUALITY = "quality"
    DAYTIME = "daytime"


@dataclass(frozen=True, kw_only=True)
class Break:
    """A change in how a course was recorded.

    Attributes
    ----------
    on : date
        First day with it.
    what : Broken
        Bursts on the other side, or more or fewer on both at once: changes are reported from
        that day on. Another device: a jump with it is no change. Other lengths, another
        share that could be measured, or another time of day.
    before, after : float
        Median minutes, share, or mean hour of the day (0 to 24); NaN where none is meant.
    device : str
        What it is called.
    until : date or None
        First day of the next break, where changes are reported only from that one on.
    """

    on: date
    what: Broken
    before: float = float("nan")
    after: float = float("nan")
    device: str = ""
    until: date | None = None
