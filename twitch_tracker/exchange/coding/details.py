"""What is known of a burst beyond time, side, regions and kind, as one comment.

Foreign formats have no place for a confidence or a number of contractions, but all have
a comment. Knows how it is written: ``contractions=4; confidence=0.900; ...`` with the
names and the rounding of ``episodes.csv``, what was not measured left out. Note:
``reasons`` comes last and runs to the end of the comment. A comment without any of
these names is somebody's own words and is left alone.

>>> read_details("contractions=4; brow_lift=yes", "row 2")["contractions"]
4
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.tables import (
    EPISODE_COLUMNS,
    blink_cells,
    episode_cells,
    read_measures,
)
from twitch_tracker.language import say
from twitch_tracker.records import Blink, Episode

__all__ = ["DETAILS", "blink_comment", "comment", "read_details"]

_ELSEWHERE: Final = frozenset(
    {"onset_s", "offset_s", "duration_s", "side", "regions", "lead_region", "kind"}
)
"""Columns of ``episodes.csv`` that foreign formats have their own place for."""

DETAILS: Final = (
    *(c for c in EPISODE_COLUMNS if c not in _ELSEWHERE and c != "reasons"),
    "reasons",
)
"""What a comment can hold, in order."""

_ITEM: Final = re.compile(rf"\s*({'|'.join(DETAILS)})=([^;]*)(?:;|$)")


def comment(burst: Episode, leave_out: frozenset[str] = frozenset()) -> str:
    """Write what is known of a burst as one line.

    Parameters
    ----------
    burst : Episode
        The burst.
    leave_out : frozenset of str
        Names of `DETAILS` that are placeholders and not known.

    Returns
    -------
    str
        ASCII wherever the reasons are; never empty.
    """
    cells = episode_cells(burst)
    known = [name for name in DETAILS if cells[name] and name not in leave_out]
    return "; ".join(f"{name}={cells[name]}" for name in known)


def blink_comment(blink: Blink) -> str:
    """Write how far each eye closed in a blink as one line."""
    cells = blink_cells(blink)
    names = ("complete", "closure_left", "closure_right")
    return "; ".join(f"{name}={cells[name]}" for name in names if cells[name])


@dataclass(frozen=True)
class _Comment:
    """The place of a comment, for messages."""

    where: str

    def bad_cell(self, column: str, expected: str, got: str) -> BadTruthFile:
        """Build the error for one bad item."""
        return BadTruthFile(
            say(
                "{where}, {column} in the comment: expected {expected}, got {got!r}.",
                where=self.where,
                column=column,
                expected=expected,
                got=got,
            )
        )


def _items(text: str) -> dict[str, str]:
    """Split a comment into its items; empty when there is none."""
    found: dict[str, str] = {}
    place = 0
    while item := _ITEM.match(text, place):
        name, place = item[1], item.end()
        if name == "reasons":
            found[name] = text[item.start(2) :]
            break
        found[name] = item[2].strip()
    return found


def read_details(text: str, where: str) -> Mapping[str, Any]:
    """Read such a comment back.

    Parameters
    ----------
    text : str
        Any comment.
    where : str
        The row, for messages.

    Returns
    -------
    Mapping[str, object]
        Attributes of `records.Episode` by name, only those that the comment has.

    Raises
    ------
    BadTruthFile
        An item is not what it must be.
    """
    items = _items(text)
    measures = read_measures(_Comment(where), items)
    return {name: value for name, value in measures.items() if name in items}
