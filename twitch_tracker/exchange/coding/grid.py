"""A delimited text table whose columns are found by name.

Knows commas, tabs and semicolons, and nothing of what the columns mean. Names
are compared in lower case. Lines before the header are skipped.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twitch_tracker.errors import BadTruthFile
from twitch_tracker.language import say

__all__ = ["Grid", "Line", "find_grid", "seconds"]

_DELIMITERS: Final = (",", "\t", ";")
_HEADER_WITHIN: Final = 50
"""A header is looked for in this many lines."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line; `names` are the columns in lower case."""

    where: str
    names: Sequence[str]
    cells: Sequence[str]

    def cell(self, name: str) -> str:
        """Return the text in a column, empty where there is none."""
        pairs = zip(self.names, self.cells, strict=False)
        return next((text.strip() for column, text in pairs if column == name), "")


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table: its columns in lower case, and its non-empty lines."""

    path: Path
    columns: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]

    @property
    def lines(self) -> Iterator[Line]:
        """Every line under the header."""
        for number, cells in self.rows:
            yield Line(
                where=f"{self.path.name}, line {number}",
                names=self.columns,
                cells=cells,
            )


def find_grid(
    path: Path, text: str, is_header: Callable[[Iterable[str]], bool]
) -> Grid | None:
    """Find the table under the first line that is a header.

    Parameters
    ----------
    path : Path
        For messages.
    text : str
        The whole file.
    is_header : callable
        Tells whether names, in lower case, are those of a header.

    Returns
    -------
    Grid or None
        None when no line is a header with any delimiter.
    """
    for delimiter in _DELIMITERS:
        table = csv.reader(text.splitlines(), delimiter=delimiter)
        rows = [(table.line_num, cells) for cells in table]
        for place, (_, cells) in enumerate(rows[:_HEADER_WITHIN]):
            columns = [cell.strip().lower() for cell in cells]
            if is_header(columns):
                body = [(n, c) for n, c in rows[place + 1 :] if any(map(str.strip, c))]
                return Grid(path=path, columns=columns, rows=body)
    return None


def seconds(text: str, where: str) -> float:
    """Read ``12.345`` or ``[hh:]mm:ss.ms`` as seconds.

    Parameters
    ----------
    text : str
        The cell.
    where : str
        The row, for messages.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    BadTruthFile
        It is no time.
    """
    try:
        parts = [float(part) for part in text.strip().split(":")]
    except ValueError:
        parts = []
    if not 1 <= len(parts) <= 3 or not all(map(math.isfinite, parts)):
        raise BadTruthFile(
            say("{where}: expected a time, got {text!r}.", where=where, text=text)
        )
    return sum(part * 60.0**power for power, part in enumerate(reversed(parts)))
