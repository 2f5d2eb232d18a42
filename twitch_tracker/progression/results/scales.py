"""Levels of published scales, as frozen value types."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from twitch_tracker.regions import Side

__all__ = ["Closest", "PublishedScale"]


class PublishedScale(StrEnum):
    """A published scale of which recordings can determine some levels."""

    JANKOVIC = "jankovic_frequency"
    SAMSUNG = "samsung_grade"


@dataclass(frozen=True, kw_only=True)
class Closest:
    """The level of a published scale to which the latest numbers come closest.

    Attributes
    ----------
    scale : PublishedScale
        Which.
    level : int
        Of the frequency item 2 or 3, of the grades 1 or 2.
    counted, bursts : int
        Bursts that decide it (those over one second, or those beyond the eye), of all.
    side : Side
        Of which side.
    """

    scale: PublishedScale
    level: int
    counted: int
    bursts: int
    side: Side
