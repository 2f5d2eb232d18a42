"""The result of one recording for a patient: plain facts, in the report's own words.

Reads the ``summary.json`` that the analysis left behind. Every number has the name
that the report gives it, because the report's own functions write it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from twitch_tracker.exchange.saved_summary import open_summary
from twitch_tracker.report.recording.cards import Fact
from twitch_tracker.report.recording.headline import (
    SHOWN_SIDES,
    headline,
    measurable,
    summary_cautions,
)
from twitch_tracker.report.recording.view import (
    ExcludedRow,
    SideColumn,
    at_rest,
    blink_facts,
    excluded_rows,
    side_column,
)
from twitch_tracker.wording.film.said import (
    damage_in_words,
    said_in_words,
    subjects_in_words,
    unseen_in_words,
)
from twitch_tracker.wording.partly_seen import hardly_open_in_words, known_face_in_words

__all__ = ["ResultView", "read_result"]


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
    among_several: bool


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
    saved = open_summary(folder / "summary.json")
    summary = saved.numbers
    return ResultView(
        headline=headline(summary),
        measurable=measurable(summary),
        cautions=(
            *damage_in_words(saved.damage),
            *said_in_words(saved.said, on_page=True),
            *unseen_in_words(
                summary.excluded_s,
                summary.pictures_hz,
                summary.unchanged_share,
                summary.quantiser,
            ),
            *subjects_in_words(saved.subject_events, on_page=True),
            *summary_cautions(summary),
            *hardly_open_in_words(saved.hardly_open or ()),
            *known_face_in_words(saved.known_face),
        ),
        sides=tuple(side_column(summary, side) for side in SHOWN_SIDES),
        blinks=blink_facts(summary),
        at_rest=at_rest(summary.rest_asymmetry),
        excluded=excluded_rows(summary),
        among_several=saved.chosen_at is not None,
        mostly_lost=summary.analysable_s < summary.recorded_s / 2,
    )
