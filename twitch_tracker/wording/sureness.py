"""How sure a change is, in words.

Apart from the other `terms`: a report of one recording has no changes, and need not load
what is computed of years.
"""

from __future__ import annotations

from typing import Final

from twitch_tracker.language import mark, say
from twitch_tracker.progression.results import Sureness

__all__ = ["sureness_in_words", "sureness_meaning"]

_SURENESS: Final = {
    Sureness.CLEAR: (
        mark("clear"),
        mark(
            "chance alone would say so within a year, anywhere on this page and however "
            "often it is looked at, in at most 5 of 100 people who do not change"
        ),
    ),
    Sureness.POSSIBLE: (
        mark("possible"),
        mark(
            "chance alone would say so of this one measure, at one look, in at most 20 of "
            "100 people who do not change"
        ),
    ),
    Sureness.UNCERTAIN: (
        mark("uncertain"),
        mark(
            "the recordings cannot distinguish a change from chance; this does not "
            "mean that nothing changed"
        ),
    ),
}


def sureness_in_words(sureness: Sureness) -> str:
    """Return how sure a change is, in one to three words."""
    return say(_SURENESS[sureness][0])


def sureness_meaning(sureness: Sureness) -> str:
    """Return what `sureness_in_words` stands for."""
    return say(_SURENESS[sureness][1])
