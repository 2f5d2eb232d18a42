"""Explain what is wrong with a table that is almost one of the known kinds.

Knows the columns by which BORIS's and ELAN's tables, and this program's own, are
recognised. A header that has most of them but not all gets an error that says which
is missing, instead of "not a format of truth".
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twitch_tracker.border.tables import rows_of
from twitch_tracker.errors import BadTruthFile
from twitch_tracker.exchange.coding.grid import HEADER_WITHIN
from twitch_tracker.language import mark, say, say_n

__all__ = ["almost"]

_MOST_SHOWN: Final = 30


@dataclass(frozen=True, kw_only=True)
class _TableKind:
    """A kind of table: the columns it needs, and those that hint at it."""

    name: str
    needed: tuple[str, ...]
    hints_at: tuple[str, ...] = ()


_KINDS: Final = (
    _TableKind(
        name=mark("BORIS aggregated events"),
        needed=("behavior", "start (s)", "stop (s)"),
        hints_at=("observation id", "subject", "duration (s)", "behavior type"),
    ),
    _TableKind(
        name=mark("BORIS tabular events"),
        needed=("behavior", "behavior type", "time"),
        hints_at=("observation id", "subject", "media file name", "fps"),
    ),
    _TableKind(
        name=mark("an ELAN export"),
        needed=("begin time - ss.msec", "end time - ss.msec"),
        hints_at=("tier", "annotation", "participant", "duration - ss.msec"),
    ),
    _TableKind(
        name=mark("this program's table of bursts"),
        needed=("onset_s", "offset_s", "side", "regions", "lead_region", "kind"),
    ),
)


def _headers(text: str) -> Iterator[tuple[int, set[str], list[str]]]:
    """Yield number, columns in lower case, and columns of each line near the top."""
    for delimiter in ",\t;":
        rows = rows_of(text, "", BadTruthFile, delimiter=delimiter)
        with contextlib.suppress(BadTruthFile):
            for row in itertools.islice(rows, HEADER_WITHIN):
                names = [cell for cell in row.cells if cell]
                if len(names) > 1:
                    yield row.line, {name.lower() for name in names}, names


def almost(path: Path, text: str) -> BadTruthFile | None:
    """Say what a table lacks.

    Parameters
    ----------
    path : Path
        For the message.
    text : str
        The file, which is none of the known kinds.

    Returns
    -------
    BadTruthFile or None
        The error to raise; None when no line looks like one of the headers.
    """
    found = [
        (len(missing), -len(hints), number, kind.name, kind.needed, missing, names)
        for number, columns, names in _headers(text)
        for kind in _KINDS
        if (missing := [name for name in kind.needed if name not in columns])
        and len(missing) < len(kind.needed)
        and len(hints := [n for n in (*kind.needed, *kind.hints_at) if n in columns])
        > 1
    ]
    if not found:
        return None
    *_, number, kind_name, needed, missing, names = min(found)
    return BadTruthFile(
        say_n(
            "{name}, line {number}: looks like {kind}, but lacks the column {missing}; "
            "expected {needed}, got {got}. Export the table with these columns.",
            "{name}, line {number}: looks like {kind}, but lacks the columns {missing}; "
            "expected {needed}, got {got}. Export the table with these columns.",
            len(missing),
            name=path.name,
            number=number,
            kind=say(kind_name),
            missing=", ".join(map(repr, missing)),
            needed=", ".join(map(repr, needed)),
            got=", ".join(map(repr, names[:_MOST_SHOWN])),
        )
    )
