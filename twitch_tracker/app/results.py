"""The result of one recording for a patient: plain facts, in the report's own words.

Reads the ``summary.json`` that the analysis left behind. Every number has the name
that the report gives it, because the report's own functions write it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from twitch_tracker.exchange.open_eyes import read_known_face
from twitch_tracker.exchange.summary import read_hardly_open, read_summary
from twitch_tracker.records import QualityReason, SessionSummary, SideSummary
from twitch_tracker.regions import SIDES, Region
from twitch_tracker.report.cards import Fact
from twitch_tracker.report.headline import (
    SHOWN_SIDES,
    headline,
    measurable,
    summary_cautions,
)
from twitch_tracker.report.view import (
    ExcludedRow,
    SideColumn,
    at_rest,
    blink_facts,
    excluded_rows,
    side_column,
)
from twitch_tracker.wording.known_face import known_face_in_words
from twitch_tracker.wording.partly_seen import hardly_open_in_words

__all__ = ["ResultView", "read_result", "read_session_summary"]


_LATER: Final = ("cut_off", "bilateral", "hardly_open_s")
"""What the ``summary.json`` of older versions does not hold."""


@dataclass(frozen=True, kw_only=True)
class ResultView:
    """What a result page shows; plain text, nothing escaped."""

    headline: str
    measurable: str
    cautions: tuple[str, ...]
    sides: tuple[SideColumn, ...]
    blinks: tuple[Fact, ...]
    at_rest: str
    excluded: tuple[ExcludedRow, ...]
    mostly_lost: bool


def read_result(folder: Path) -> ResultView:
    """Put the result of a recording into words.

    Parameters
    ----------
    folder : Path
        What the analysis left behind.

    Returns
    -------
    ResultView
        In the language that is spoken now.

    Raises
    ------
    BadTruthFile
        There is no readable summary.
    """
    document = read_summary(folder / "summary.json")
    summary = read_session_summary(document)
    return ResultView(
        headline=headline(summary),
        measurable=measurable(summary),
        cautions=(
            *summary_cautions(summary),
            *hardly_open_in_words(read_hardly_open(document) or ()),
            *known_face_in_words(read_known_face(document)),
        ),
        sides=tuple(side_column(summary, side) for side in SHOWN_SIDES),
        blinks=blink_facts(summary),
        at_rest=at_rest(summary.rest_asymmetry),
        excluded=excluded_rows(summary),
        mostly_lost=summary.analysable_s < summary.recorded_s / 2,
    )


def read_session_summary(document: Mapping[str, Any]) -> SessionSummary:
    """Turn ``summary.json`` back into the numbers it was made from."""
    return SessionSummary(
        recorded_s=_number(document["recorded_s"]),
        analysable_s=_number(document["analysable_s"]),
        sides={side: _side(document["sides"][side.value]) for side in SIDES},
        rest_asymmetry=_number(document["rest_asymmetry"]),
        blinks=int(document["blinks"]),
        complete_blinks=int(document["complete_blinks"]),
        blinks_per_min=_number(document["blinks_per_min"]),
        excluded_s={
            QualityReason(reason): _number(lost_s)
            for reason, lost_s in document["excluded_s"].items()
        },
        regions_unseen_s={
            Region(name): _number(unseen_s)
            for name, unseen_s in document.get("regions_unseen_s", {}).items()
        },
    )


def _side(numbers: Mapping[str, Any]) -> SideSummary:
    told: dict[str, Any] = {
        field.name: _number(numbers[field.name])
        for field in fields(SideSummary)
        if field.name not in {"episodes", "regions", *_LATER}
    }
    return SideSummary(
        episodes=int(numbers["episodes"]),
        regions=tuple(Region(name) for name in numbers["regions"]),
        cut_off=int(numbers.get("cut_off", 0)),
        bilateral=int(numbers.get("bilateral", 0)),
        hardly_open_s=_number(numbers.get("hardly_open_s")),
        **told,
    )


def _number(value: float | None) -> float:
    """Return what JSON calls null as what it means: not measured."""
    return math.nan if value is None else float(value)
