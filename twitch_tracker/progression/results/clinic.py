"""What clinicians look for: regions, both sides between bursts, signs, questionnaires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from twitch_tracker.history import TaskKind, Treatment
from twitch_tracker.records.estimates import Estimate
from twitch_tracker.regions import Region, Side

__all__ = [
    "BETWEEN_RATIOS",
    "Between",
    "BetweenBursts",
    "EyeShut",
    "ProvokedRatio",
    "QuestionnaireChange",
    "RegionReached",
    "Sign",
    "SignSeen",
]


@dataclass(frozen=True, kw_only=True)
class RegionReached:
    """Since when, and in which share of the latest bursts, a region takes part.

    Attributes
    ----------
    region, side, kind
        Which.
    first_on : date or None
        First day on which it surely took part, in more bursts than the detector names
        by mistake; None if it never was sure.
    latest_share : Estimate
        Share of bursts with it over the latest period.
    """

    region: Region
    side: Side
    kind: TaskKind
    first_on: date | None
    latest_share: Estimate


class Between(StrEnum):
    """What is compared between both sides apart from bursts."""

    EYES_AT_REST = "eyes_at_rest"
    MOUTH_AT_REST = "mouth_at_rest"
    CLOSURE = "closure"
    SMILE = "smile"
    BROW = "brow"


BETWEEN_RATIOS: Final = (Between.CLOSURE, Between.SMILE, Between.BROW)
"""These are right over left; the other ones right less left."""


@dataclass(frozen=True, kw_only=True)
class BetweenBursts:
    """Both sides apart from bursts: at rest, or as far as each came in a task.

    Attributes
    ----------
    what : Between
        What.
    recordings : int
        How many the latest numbers rest on, of three months up to the last one, none
        from before an operation.
    first_on, last_on : date
        Their first and last day.
    left, right : float
        Means: at rest less and more than the middle of both; of closure the share of the
        opening; of smile and eyebrow millimetres.
    right_to_left : Estimate
        Right over left (`BETWEEN_RATIOS`), or right less left as a share of the opening or
        in millimetres. The interval is NaN below three recordings.
    earlier : Estimate or None
        The same of all recordings before.
    earlier_recordings : int
        How many these are.
    """

    what: Between
    recordings: int
    first_on: date
    last_on: date
    left: float
    right: float
    right_to_left: Estimate
    earlier: Estimate | None
    earlier_recordings: int


@dataclass(frozen=True, kw_only=True)
class EyeShut:
    """Share of time at rest in which an eye was hardly ever open.

    Attributes
    ----------
    side : Side
        Whose.
    recordings : int
        How many the latest number rests on, of three months up to the last one, none from
        before an operation.
    first_on, last_on : date
        Their first and last day.
    share : Estimate
        0 to 1. The interval is NaN below three recordings, and where it never was.
    earlier : Estimate or None
        The same of all recordings before.
    earlier_recordings : int
        How many these are.
    """

    side: Side
    recordings: int
    first_on: date
    last_on: date
    share: Estimate
    earlier: Estimate | None
    earlier_recordings: int


@dataclass(frozen=True, kw_only=True)
class ProvokedRatio:
    """New bursts in tasks over those at rest, of days with both.

    Attributes
    ----------
    side : Side
        Whose.
    days : int
        How many.
    over_rest : Estimate
        Rate ratio.
    """

    side: Side
    days: int
    over_rest: Estimate


@dataclass(frozen=True, kw_only=True)
class QuestionnaireChange:
    """The total of a questionnaire, latest against before.

    Attributes
    ----------
    factor : str
        Which number of the diary.
    before_on, last_on : date
        When both were noted.
    before, last, change : float
        Totals, and last less before.
    least : float
        Least change that matters to a person.
    least_low, least_high : float
        Its 95 % interval.
    matters : bool
        Whether it is as large.
    treatment : Treatment or None
        What lies between; None where the first total is meant.
    """

    factor: str
    before_on: date
    before: float
    last_on: date
    last: float
    change: float
    least: float
    least_low: float
    least_high: float
    matters: bool
    treatment: Treatment | None


class Sign(StrEnum):
    """What clinicians use to distinguish what bursts may come from."""

    BOTH_TOGETHER = "both_together"
    BROW_LIFT = "brow_lift"
    WEAKER_CLOSURE = "weaker_closure"
    MOVES_ALONG = "moves_along"
    QUICK = "quick"
    FLICKER = "flicker"


@dataclass(frozen=True, kw_only=True)
class SignSeen:
    """A measured statement for clinicians; never a diagnosis.

    Attributes
    ----------
    sign : Sign
        Which.
    side : Side
        Of the bursts.
    value : Estimate
        Share of bursts; of `WEAKER_CLOSURE` this side's reach over the other one's; of
        `MOVES_ALONG` how much more this eye closes in tasks of the mouth, as a share of
        its opening.
    counted, of : int
        Bursts with it, of so many; or recordings, of as many.
    stands_out : bool
        Whether the whole interval lies beyond the bound of `signs.BOUNDS`.
    """

    sign: Sign
    side: Side
    value: Estimate
    counted: int
    of: int
    stands_out: bool
