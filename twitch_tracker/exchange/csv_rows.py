"""A CSV file as a header and rows, or a named error: the one reader of such files.

Knows no columns. The conventions that bite: UTF-8, with or without a mark at its
beginning; separated by commas; spaces around a cell do not count; rows without any cell
are passed over.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from twitch_tracker.errors import StoreError
from twitch_tracker.language import say

__all__ = ["CsvRow", "read_csv"]


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row, and where it stands.

    Attributes
    ----------
    line : int
        Of the file, from 1.
    number : int
        Below the header, from 1; empty rows are not counted.
    cells : tuple of str
        Without spaces around them.
    """

    line: int
    number: int
    cells: tuple[str, ...]


def read_csv(
    path: Path, error: type[StoreError], *, strict: bool = False
) -> tuple[tuple[str, ...], Iterator[CsvRow]]:
    """Read a table.

    Parameters
    ----------
    path : Path
        Of the file.
    error : type of StoreError
        What is raised.
    strict : bool
        Refuse quotes that are out of place.

    Returns
    -------
    columns : tuple of str
        The cells of the first line; empty for an empty file.
    rows : iterator of CsvRow
        Everything below; reading on may raise.

    Raises
    ------
    StoreError
        Of the given type: the file cannot be read, or is no CSV in UTF-8.
    """
    rows = _rows(path, _text(path, error), error, strict=strict)
    return next(rows, CsvRow(1, 0, ())).cells, rows


def _text(path: Path, error: type[StoreError]) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as cause:
        raise error(
            say("{name}: expected UTF-8 text. {error}.", name=path.name, error=cause)
        ) from cause
    except OSError as cause:
        raise error(
            say("{path}: cannot be read ({why}).", path=path, why=cause.strerror)
        ) from cause


def _rows(
    path: Path, text: str, error: type[StoreError], *, strict: bool
) -> Iterator[CsvRow]:
    """Give the header as row 0, then the rows."""
    table = csv.reader(io.StringIO(text, newline=""), strict=strict)
    number = 0
    try:
        for given in table:
            cells = tuple(cell.strip() for cell in given)
            if number and not any(cells):
                continue
            yield CsvRow(table.line_num, number, cells)
            number += 1
    except csv.Error as cause:
        raise error(
            say(
                "{name}, line {line_num}: {error}.",
                name=path.name,
                line_num=table.line_num,
                error=cause,
            )
        ) from cause
