"""Read a text table as rows of cells, or raise a named error; write one.

Knows no columns. Note: UTF-8, with or without a mark at its beginning; spaces around a
cell do not count; rows without any cell are skipped; `limits` has the largest number of
rows, columns and characters of a cell; a cell that a spreadsheet would take for a
formula gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from twitch_tracker.border.files import read_text
from twitch_tracker.border.limits import MOST_COLUMNS, MOST_ROWS, MOST_TEXT_BYTES
from twitch_tracker.errors import BadFile
from twitch_tracker.language import say

__all__ = ["CsvRow", "read_csv", "rows_of", "safe_cell", "table_text"]

_FORMULA: Final = frozenset("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
"""What begins a formula in spreadsheets; the last four are their wide forms."""

_BETWEEN: Final = re.compile(r"([;\t\n])")
"""What else parts cells or rows in some spreadsheets: German Excel takes a semicolon, and
then quotes within a line do not count."""

_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")


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
    path: Path, error: type[BadFile], *, strict: bool = False
) -> tuple[tuple[str, ...], Iterator[CsvRow]]:
    """Read a table separated by commas.

    Parameters
    ----------
    path : Path
        Of the file.
    error : type of BadFile
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
    BadFile
        Of the given type: the file cannot be read, is no CSV in UTF-8, or larger than
        the limits.
    """
    text = read_text(path, MOST_TEXT_BYTES, error)
    rows = rows_of(text, path.name, error, strict=strict)
    return next(rows, CsvRow(1, 0, ())).cells, rows


def rows_of(
    text: str,
    name: str,
    error: type[BadFile],
    *,
    delimiter: str = ",",
    strict: bool = False,
) -> Iterator[CsvRow]:
    """Yield the first line as row 0, then the rows that are not empty.

    Parameters
    ----------
    text : str
        The file.
    name : str
        Of the file, for messages.
    error : type of BadFile
        What is raised.
    delimiter : str
        Between cells.
    strict : bool
        Refuse quotes that are out of place.

    Yields
    ------
    CsvRow
        In order.

    Raises
    ------
    BadFile
        Of the given type: it is no such table, or larger than the limits.
    """
    lines = io.StringIO(text, newline="")
    table = csv.reader(lines, strict=strict, delimiter=delimiter)
    number = 0
    try:
        for given in table:
            cells = tuple(_as_meant(cell.strip()) for cell in given)
            if number and not any(cells):
                continue
            if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
                raise _too_large(name, table.line_num, error)
            yield CsvRow(table.line_num, number, cells)
            number += 1
    except csv.Error as cause:
        raise error(
            say(
                "{name}, line {line_num}: {error}.",
                name=name,
                line_num=table.line_num,
                error=cause,
            )
        ) from cause


def _as_meant(cell: str) -> str:
    """Take away the apostrophes of `safe_cell`."""
    first, *rest = _BETWEEN.split(cell)
    if first[:1] == "'" and _is_formula(cell[1:].lstrip("'")):
        first = first[1:]
    return "".join((first, *map(_part_as_meant, rest)))


def _part_as_meant(part: str) -> str:
    return part[1:] if part[:1] == "'" and _is_formula(part[1:].lstrip("'")) else part


def _is_formula(text: str) -> bool:
    """Return whether a text begins as a formula does, and is more than a mark or number."""
    begun = text.lstrip(" ")
    return len(begun) > 1 and begun[0] in _FORMULA and not _NUMBER.fullmatch(begun)


def safe_cell(text: str) -> str:
    """Make sure that a spreadsheet shows a text instead of working it out.

    Returns
    -------
    str
        The same, with an apostrophe before it where a spreadsheet would see a formula,
        and before what would begin one in a cell of its own after a semicolon, a tab or
        a line end; numbers stay as they are. `rows_of` gives the text back.

    References
    ----------
    OWASP, "CSV Injection".
    """
    first, *rest = _BETWEEN.split(text)
    if _is_formula(text.lstrip("'")):
        first = f"'{first}"
    return "".join((first, *map(_safe_part, rest)))


def _safe_part(part: str) -> str:
    return f"'{part}" if _is_formula(part.lstrip("'")) else part


def table_text(
    columns: Iterable[str], rows: Iterable[Iterable[object]], *, ours: bool = False
) -> str:
    """Write a table separated by commas.

    Parameters
    ----------
    columns : iterable of str
        The first line.
    rows : iterable of iterable
        Cells in that order; each is made safe (`safe_cell`).
    ours : bool
        Every cell is this program's own text, and is written as it is.

    Returns
    -------
    str
        Lines that end with a line feed.
    """
    file = io.StringIO(newline="")
    table = csv.writer(file, lineterminator="\n")
    table.writerow(columns)
    written: Callable[[str], str] = str if ours else safe_cell
    table.writerows([written(_one_kind_of_end(cell)) for cell in row] for row in rows)
    return file.getvalue()


def _one_kind_of_end(cell: object) -> str:
    """Write line ends inside a cell as line feeds; a lone return would end the row."""
    return str(cell).replace("\r\n", "\n").replace("\r", "\n")


def _too_large(name: str, line: int, error: type[BadFile]) -> BadFile:
    return error(
        say(
            "{name}, line {line}: expected at most {rows} rows of {columns} columns, "
            "got more. It does not look like such a table; if it is one, split it.",
            name=name,
            line=line,
            rows=MOST_ROWS,
            columns=MOST_COLUMNS,
        )
    )
