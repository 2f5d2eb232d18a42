"""Time as this package keeps it: seconds from the first shown frame.

A `Stamp` keeps the exact presentation timestamp underneath and converts to
seconds only when asked; an `Interval` is half-open, ``[start_s, end_s)``.
Frame numbers are labels and a frame rate is never the input of an algorithm.

>>> Interval(start_s=1.0, end_s=1.5).duration_s
0.5
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from twitch_tracker.errors import BadParameter
from twitch_tracker.language import say

__all__ = ["Interval", "Stamp"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """A presentation time, exact.

    Attributes
    ----------
    pts : int
        Presentation timestamp in ticks of `time_base`, as stored in the file.
    time_base : Fraction
        Seconds per tick.
    origin_pts : int
        Timestamp of the first shown frame, which is time zero.
    """

    pts: int
    time_base: Fraction
    origin_pts: int = 0

    @property
    def seconds(self) -> float:
        """Seconds since the first shown frame."""
        return float((self.pts - self.origin_pts) * self.time_base)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Interval:
    """A half-open span of time, ``[start_s, end_s)``, in seconds."""

    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        """Refuse spans that are not finite or run backwards."""
        if not (math.isfinite(self.start_s) and math.isfinite(self.end_s)):
            raise BadParameter(
                "interval", say("finite bounds"), (self.start_s, self.end_s)
            )
        if self.end_s < self.start_s:
            raise BadParameter(
                "interval", say("end_s >= start_s"), (self.start_s, self.end_s)
            )

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s

    @property
    def middle_s(self) -> float:
        """Midpoint in seconds."""
        return (self.start_s + self.end_s) / 2

    def overlap_s(self, other: Interval) -> float:
        """Return seconds shared with `other` (0 where they only touch)."""
        shared = min(self.end_s, other.end_s) - max(self.start_s, other.start_s)
        return max(shared, 0.0)

    def gap_s(self, other: Interval) -> float:
        """Return seconds between the two spans (0 where they touch or overlap)."""
        gap = max(self.start_s, other.start_s) - min(self.end_s, other.end_s)
        return max(gap, 0.0)

    def widened(self, by_s: float) -> Interval:
        """Return the span grown by `by_s` seconds at both ends."""
        return Interval(start_s=self.start_s - by_s, end_s=self.end_s + by_s)
