"""Sentences that were written down in English, told in the reader's language.

Why a burst was kept and what happened to the track of a face stands in tables, summaries
and the journal in English, whoever asked for the analysis. The convention that bites: a
sentence that no saying fits (one that a person wrote, or another version of the program)
is shown as it came.

>>> retell("not sure enough: confidence 0.31, a burst needs 0.50")
'not sure enough: confidence 0.31, a burst needs 0.50'
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from twitch_tracker.episodes import reasons
from twitch_tracker.face import happenings
from twitch_tracker.language import say

__all__ = ["retell"]

_SAYINGS: Final = (*reasons.SAYINGS, *happenings.SAYINGS)
_FIELD: Final = re.compile(r"\{(\w+)\}")
_NUMBERS: Final = re.compile(r"[\d.]*")


def retell(written: str) -> str:
    """Return a written sentence in the reader's language.

    Parameters
    ----------
    written : str
        English, e.g. one of `Episode.reasons` or `SubjectEvent.detail`.

    Returns
    -------
    str
        The same sentence; as it came when it is none of the known ones.
    """
    for saying in _SAYINGS:
        fits = _pattern(saying).fullmatch(written)
        if fits is not None:
            fields = {name: _retold(text) for name, text in fits.groupdict().items()}
            return say(saying, **fields)
    return written


def _retold(text: str) -> str:
    """Return the content of a field: a number, or words and lists of words."""
    if _NUMBERS.fullmatch(text):
        return text
    most, together, last = text.rpartition(" and ")
    if together:
        return say("{most} and {last}", most=_retold(most), last=_retold(last))
    return ", ".join(map(say, text.split(", ")))


@cache
def _pattern(saying: str) -> re.Pattern[str]:
    """Return what fits a saying; its fields are groups of their names."""
    pieces = _FIELD.split(saying)
    return re.compile(
        "".join(
            f"(?P<{piece}>.+?)" if place % 2 else re.escape(piece)
            for place, piece in enumerate(pieces)
        )
    )
