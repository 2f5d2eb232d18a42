"""A delimited text table whose columns are found by name.

Knows commas, tabs and semicolons, and nothing of what the columns mean. Names
are compared in lower case. Lines before the header are skipped.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from twitch_tracker.border.tables import CsvRow, rows_of
from twitch_tracker.errors import BadTruthFile
from twitch_tracker.language import say

__all__ = ["HEADER_WITHIN", "Grid", "GridLine", "find_grid", "seconds"]

_DELIMITERS: Final = (",", "\t", ";")
HEADER_WITHIN: Final = 50
"""A header is looked for in this many lines."""


@dataclass(frozen=True, kw_only=True)
class GridLine:
    """One line, and in which place each column (in lower case) stands."""

    where: str
    places: Mapping[str, int]
    cells: Sequence[str]

    @property
    def names(self) -> Iterator[str]:
        """The columns that have a cell in this line, in order."""
        return (name for name, place in self.places.items() if place < len(self.cells))

    def cell(self, name: str) -> str:
        """Return the text in a column, empty where there is none."""
        place = self.places.get(name, len(self.cells))
        return self.cells[place] if place < len(self.cells) else ""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table: its columns in lower case, and its non-empty lines."""

    path: Path
    columns: Sequence[str]
    rows: Sequence[CsvRow]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each column stands; of two with one name the first."""
        backwards = reversed(list(enumerate(self.columns)))
        found = {name: place for place, name in backwards}
        return dict(sorted(found.items(), key=lambda item: item[1]))

    @property
    def lines(self) -> Iterator[GridLine]:
        """Every line under the header."""
        for row in self.rows:
            where = f"{self.path.name}, line {row.line}"
            yield GridLine(where=where, places=self.places, cells=row.cells)


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
        Returns whether names, in lower case, are those of a header.

    Returns
    -------
    Grid or None
        None when no line is a header with any delimiter.

    Raises
    ------
    BadTruthFile
        What stands under the header is no table, or larger than the limits.
    """
    for delimiter in _DELIMITERS:
        rows = rows_of(text, path.name, BadTruthFile, delimiter=delimiter)
        columns = _header_in(rows, is_header)
        if columns is not None:
            return Grid(path=path, columns=columns, rows=tuple(rows))
    return None


def _header_in(
    rows: Iterator[CsvRow], is_header: Callable[[Iterable[str]], bool]
) -> Sequence[str] | None:
    """Read up to the first row that is a header; None when there is none."""
    try:
        for row in itertools.islice(rows, HEADER_WITHIN):
            columns = [cell.lower() for cell in row.cells]
            if is_header(columns):
                return columns
    except BadTruthFile:
        return None
    return None


def seconds(text: str, where: str) -> float:
    """Read ``12.345`` or ``[hh:]mm:ss.ms`` as seconds.

    Parameters
    ----------
    text : str
        The cell.
    where : str
        The row, for messages.

    Raises
    ------
    BadTruthFile
        It is no time.
    """
    given = text.strip().split(":")
    try:
        parts = [float(part) for part in given] if len(given) <= 3 else []
    except ValueError:
        parts = []
    total_s = sum(part * 60.0**power for power, part in enumerate(reversed(parts)))
    if not parts or not math.isfinite(total_s):
        raise BadTruthFile(
            say("{where}: expected a time, got {text!r}.", where=where, text=text)
        )
    return total_s
