"""What a sentence of the page's beginning can be about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from twitch_tracker.history import TaskKind
from twitch_tracker.progression.recordings.broken import Break
from twitch_tracker.progression.recordings.choose import LeftOut
from twitch_tracker.progression.results.clinic import RegionReached
from twitch_tracker.progression.results.treatments import (
    Cycle,
    InjectionCourse,
    OperationCourse,
    OtherCourse,
)
from twitch_tracker.progression.results.trends import Association, Series
from twitch_tracker.regions import Side

__all__ = [
    "ByChance",
    "MostlyInBursts",
    "NoBursts",
    "NoTrend",
    "NotJudged",
    "Reading",
    "Remark",
    "TimeBeside",
]


class Remark(StrEnum):
    """What is said of the whole."""

    NOTHING_COUNTS = "nothing_counts"
    NOTHING_CLEAR = "nothing_clear"
    MIXED_BASIS = "mixed_basis"


@dataclass(frozen=True, kw_only=True)
class ByChance:
    """How many of the trends are `POSSIBLE`, and about how many chance alone makes."""

    possible: int
    trends: int
    by_chance: int


@dataclass(frozen=True, kw_only=True)
class NoTrend:
    """The burst rate has too few recordings for any trend."""

    side: Side | None
    kind: TaskKind
    after_operation: bool


@dataclass(frozen=True, kw_only=True)
class NoBursts:
    """Nothing but recordings without a burst."""

    recordings: int
    analysable_min: float


@dataclass(frozen=True, kw_only=True)
class NotJudged:
    """A side with no more bursts than the program may find by mistake.

    Attributes
    ----------
    side : Side
        Whose.
    bursts : int
        Found at rest, or in the kind of task with the most where none was.
    analysable_min : float
        Minutes of these recordings.
    after_jump : bool
        Whether bursts have come or gone on both sides at once before these: how many are found
        by mistake since then is not known.
    """

    side: Side
    bursts: int
    analysable_min: float
    after_jump: bool = False


@dataclass(frozen=True, kw_only=True)
class TimeBeside:
    """How much time is spent in bursts, beside a clear change that says only half.

    Bursts that come less often, or last less long, are no relief when the time in bursts
    grows: it is said first, although its own change is not clear.
    """

    series: Series


@dataclass(frozen=True, kw_only=True)
class MostlyInBursts:
    """A side that was in bursts for most of the latest recordings, whatever changed.

    Where hardly any burst is seen to begin, their number says nothing of that.

    Attributes
    ----------
    side, kind
        Where.
    share : float
        Of the analysable time.
    start, end : date
        First and last day of these recordings.
    """

    side: Side | None
    kind: TaskKind
    share: float
    start: date
    end: date


Reading = (
    Break
    | Series
    | TimeBeside
    | MostlyInBursts
    | InjectionCourse
    | Cycle
    | OperationCourse
    | OtherCourse
    | NotJudged
    | Association
    | RegionReached
    | LeftOut
    | NoTrend
    | NoBursts
    | Remark
)
"""What a sentence of the page's beginning is about; of a series, its trend."""
