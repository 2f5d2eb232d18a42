"""Every figure a reader can judge a detector by, by name.

Figures are pooled over recordings: counts are added first and divided last, so
that a recording with one burst does not weigh as much as one with fifty. Shares
are 0 to 1, errors in seconds or frames, logged minus true.
"""

from __future__ import annotations

from typing import Final

from twitch_tracker.evaluate.figures.agreement import AGREEMENT
from twitch_tracker.evaluate.figures.attributes import ATTRIBUTES
from twitch_tracker.evaluate.figures.detection import COUNTS
from twitch_tracker.evaluate.figures.estimates import FigureOfScores
from twitch_tracker.evaluate.figures.held import HELD
from twitch_tracker.evaluate.figures.timing import TIMING

__all__ = ["measures"]

_MEASURES: Final[dict[str, FigureOfScores]] = {
    **COUNTS,
    **HELD,
    **AGREEMENT,
    **TIMING,
    **ATTRIBUTES,
}


def measures() -> dict[str, FigureOfScores]:
    """Return every figure by name, under one rule of matching."""
    return dict(_MEASURES)
