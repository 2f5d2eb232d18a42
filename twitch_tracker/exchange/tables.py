"""Bursts and blinks as CSV tables, out and in.

Knows the columns of ``episodes.csv`` and ``blinks.csv``, and nothing of where the files
lie. Note: times are seconds from the first shown frame, rounded to the millisecond
(match them to the *nearest* frame); an empty cell is "not measured", never zero; a list
inside a cell is separated by ``;`` (a ``;`` inside a reason is written as ``,``); sides
are the subject's own. Comma-separated UTF-8 with a header line.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from twitch_tracker.border.tables import read_csv, table_text
from twitch_tracker.encrypted.files import write_all
from twitch_tracker.episodes.reasons import TOO_SLOW_FOR
from twitch_tracker.errors import BadTruthFile, TwitchTrackerError
from twitch_tracker.language import say
from twitch_tracker.records import Blink, Episode
from twitch_tracker.records.episode_fields import EPISODE_FIELDS, CellKind, EpisodeField
from twitch_tracker.regions import REGIONS, Region
from twitch_tracker.timebase import Interval

__all__ = [
    "BLINK_COLUMNS",
    "EPISODE_COLUMNS",
    "REQUIRED_BLINK_COLUMNS",
    "REQUIRED_EPISODE_COLUMNS",
    "CellPlace",
    "RowPlace",
    "blink_cells",
    "blink_values",
    "episode_cells",
    "episode_values",
    "read_blinks",
    "read_episode",
    "read_episodes",
    "read_measures",
    "read_rows",
    "read_span",
    "write_blinks",
    "write_episodes",
]

_Name = TypeVar("_Name", bound=StrEnum)
_Row = Mapping[str, str]

_WHOLE: Final = re.compile(r"[0-9]{1,9}")

SEPARATOR: Final = ";"
"""Between the items of a list inside one cell."""


# --- cells ------------------------------------------------------------------


def _number(value: float, places: int) -> str:
    """Write a number with fixed places; NaN becomes an empty cell."""
    if not math.isfinite(value):
        return ""
    text = f"{value:.{places}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def _words(items: Iterable[str]) -> str:
    """Join plain words; separators and line ends inside them are softened."""
    softened = (" ".join(item.replace(SEPARATOR, ",").split()) for item in items)
    return SEPARATOR.join(item for item in softened if item)


def _yes_no(value: bool) -> str:
    """Write a truth value."""
    return "yes" if value else "no"


def _written(field: EpisodeField) -> Callable[[Episode], str]:
    """Return what writes the cell of one field of a burst."""
    name, places = field.name, field.places
    match field.cell:
        case CellKind.NUMBER:
            return lambda e: _number(getattr(e, name), places)
        case CellKind.FLAG:
            return lambda e: _yes_no(getattr(e, name))
        case CellKind.REGIONS | CellKind.WORDS:
            return lambda e: _words(getattr(e, name))
        case _:
            return lambda e: "" if getattr(e, name) is None else str(getattr(e, name))


_EPISODE_CELLS: Final[dict[str, Callable[[Episode], str]]] = {
    "onset_s": lambda e: _number(e.span.start_s, 3),
    "offset_s": lambda e: _number(e.span.end_s, 3),
    "duration_s": lambda e: _number(e.span.duration_s, 3),
    **{field.name: _written(field) for field in EPISODE_FIELDS},
}

_BLINK_CELLS: Final[dict[str, Callable[[Blink], str]]] = {
    "onset_s": lambda b: _number(b.span.start_s, 3),
    "offset_s": lambda b: _number(b.span.end_s, 3),
    "duration_s": lambda b: _number(b.span.duration_s, 3),
    "complete": lambda b: _yes_no(b.complete),
    "closure_left": lambda b: _number(b.closure_left, 3),
    "closure_right": lambda b: _number(b.closure_right, 3),
}

EPISODE_COLUMNS: Final = tuple(_EPISODE_CELLS)
"""Columns of ``episodes.csv``, in order."""

BLINK_COLUMNS: Final = tuple(_BLINK_CELLS)
"""Columns of ``blinks.csv``, in order."""

REQUIRED_EPISODE_COLUMNS: Final = (
    "onset_s",
    "offset_s",
    *(field.name for field in EPISODE_FIELDS if field.needed),
)
"""Without these a table of bursts cannot be read; the others may be missing."""

REQUIRED_BLINK_COLUMNS: Final = ("onset_s", "offset_s", "complete")
"""Without these a table of blinks cannot be read."""


# --- out --------------------------------------------------------------------


def episode_cells(episode: Episode) -> dict[str, str]:
    """Return the cells of one burst by column."""
    return {column: cell(episode) for column, cell in _EPISODE_CELLS.items()}


def blink_cells(blink: Blink) -> dict[str, str]:
    """Return the cells of one blink by column."""
    return {column: cell(blink) for column, cell in _BLINK_CELLS.items()}


def _valued(field: EpisodeField) -> Callable[[Episode], object]:
    """Return what gives one field of a burst as a program works with it."""
    name = field.name
    match field.cell:
        case CellKind.NUMBER:
            return lambda e: float(getattr(e, name))
        case CellKind.REGIONS | CellKind.WORDS | CellKind.NAME:
            return _written(field)
        case _:
            return lambda e: getattr(e, name)


_EPISODE_VALUES: Final[dict[str, Callable[[Episode], object]]] = {
    "onset_s": lambda e: e.span.start_s,
    "offset_s": lambda e: e.span.end_s,
    "duration_s": lambda e: e.span.duration_s,
    **{field.name: _valued(field) for field in EPISODE_FIELDS},
}

_BLINK_VALUES: Final[dict[str, Callable[[Blink], object]]] = {
    "onset_s": lambda b: b.span.start_s,
    "offset_s": lambda b: b.span.end_s,
    "duration_s": lambda b: b.span.duration_s,
    "complete": lambda b: b.complete,
    "closure_left": lambda b: b.closure_left,
    "closure_right": lambda b: b.closure_right,
}


def episode_values(episodes: Sequence[Episode]) -> dict[str, list[object]]:
    """Return bursts by column of ``episodes.csv``, not rounded and not as text.

    Parameters
    ----------
    episodes : sequence of Episode
        In any order.

    Returns
    -------
    dict
        Numbers (NaN is not measured), truth values, and names as text; lists as
        there.
    """
    return {name: [of(e) for e in episodes] for name, of in _EPISODE_VALUES.items()}


def blink_values(blinks: Sequence[Blink]) -> dict[str, list[object]]:
    """Return blinks by column of ``blinks.csv``, as `episode_values` does."""
    return {name: [of(b) for b in blinks] for name, of in _BLINK_VALUES.items()}


def _write(path: Path, columns: Iterable[str], rows: Iterable[list[str]]) -> None:
    """Write one table."""
    write_all(path, table_text(columns, rows).encode())


def write_episodes(path: Path, episodes: Iterable[Episode]) -> None:
    """Write bursts, one row each, in the order given.

    Parameters
    ----------
    path : Path
        File to write; replaced when it exists.
    episodes : iterable of Episode
        Bursts; a burst on both sides is two of them.
    """
    cells = _EPISODE_CELLS.values()
    _write(path, EPISODE_COLUMNS, ([cell(e) for cell in cells] for e in episodes))


def write_blinks(path: Path, blinks: Iterable[Blink]) -> None:
    """Write bilateral blinks, one row each, in the order given.

    Parameters
    ----------
    path : Path
        File to write; replaced when it exists.
    blinks : iterable of Blink
        Blinks.
    """
    cells = _BLINK_CELLS.values()
    _write(path, BLINK_COLUMNS, ([cell(b) for cell in cells] for b in blinks))


# --- in ---------------------------------------------------------------------


class CellPlace(Protocol):
    """Where something was read; builds the error for one bad cell."""

    def bad_cell(self, column: str, expected: str, got: str) -> BadTruthFile:
        """Build the error for one bad cell."""
        ...


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a row stands, for messages: in which file and line."""

    file: Path
    line: int

    def bad_cell(self, column: str, expected: str, got: str) -> BadTruthFile:
        """Build the error for one bad cell."""
        return BadTruthFile(
            say(
                "{name}, line {line}, column {column}: expected {expected}, got "
                "{got!r}.",
                name=self.file.name,
                line=self.line,
                column=column,
                expected=expected,
                got=got,
            )
        )


def read_rows(path: Path, required: Iterable[str]) -> Iterator[tuple[RowPlace, _Row]]:
    """Read the rows of a table that has at least the required columns."""
    columns, rows = read_csv(path, BadTruthFile)
    _check_columns(path, columns, required)
    for row in rows:
        place = RowPlace(path, row.line)
        if extra := row.cells[len(columns) :]:
            raise place.bad_cell(
                say("(after the last)"), say("nothing"), ", ".join(extra)
            )
        yield place, dict(itertools.zip_longest(columns, row.cells, fillvalue=""))


def _check_columns(path: Path, columns: Sequence[str], required: Iterable[str]) -> None:
    """Refuse a table without its required columns."""
    missing = [name for name in required if name not in columns]
    doubled = [name for name, count in Counter(columns).items() if name and count > 1]
    if doubled:
        raise BadTruthFile(
            say(
                "{name}: expected each column once, got {doubled} more than once.",
                name=path.name,
                doubled=", ".join(doubled),
            )
        )
    if not missing:
        return
    got = ", ".join(columns) or say("an empty file")
    advice = ""
    if len(columns) == 1 and SEPARATOR in columns[0]:
        advice = say("The columns must be separated by commas, not semicolons.")
    raise BadTruthFile(
        say(
            "{name}: expected the columns {required}; missing {missing}; got "
            "{got}. {advice}",
            name=path.name,
            required=", ".join(required),
            missing=", ".join(missing),
            got=got,
            advice=advice,
        ).strip()
    )


def _read_number(place: CellPlace, row: _Row, column: str, *, needed: bool) -> float:
    """Read one number; an empty or absent cell is NaN unless it is needed."""
    text = row.get(column, "")
    if not text and not needed:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        raise place.bad_cell(column, say("a number"), text) from None
    if not math.isfinite(value):
        raise place.bad_cell(column, say("a finite number or an empty cell"), text)
    return value


def _read_name(place: CellPlace, column: str, text: str, kind: type[_Name]) -> _Name:
    """Read one of a fixed set of names."""
    try:
        return kind(text.lower())
    except ValueError:
        allowed = ", ".join(kind)
        raise place.bad_cell(
            column, say("one of {allowed}", allowed=allowed), text
        ) from None


def _read_yes_no(place: CellPlace, row: _Row, column: str) -> bool:
    """Read a truth value; empty or absent is no."""
    text = row.get(column, "").lower()
    if text in {"yes", "true", "1"}:
        return True
    if text in {"no", "false", "0", ""}:
        return False
    raise place.bad_cell(column, say("yes or no"), text)


def read_span(place: CellPlace, row: _Row) -> Interval:
    """Read onset and offset."""
    onset_s = _read_number(place, row, "onset_s", needed=True)
    offset_s = _read_number(place, row, "offset_s", needed=True)
    try:
        return Interval(start_s=onset_s, end_s=offset_s)
    except TwitchTrackerError:
        raise place.bad_cell(
            "offset_s",
            say("a time not before onset_s ({onset_s:g})", onset_s=onset_s),
            row["offset_s"],
        ) from None


def _read_regions(place: CellPlace, row: _Row) -> tuple[Region, ...]:
    """Read the list of regions, in the order of `REGIONS`."""
    items = [item.strip() for item in row["regions"].split(SEPARATOR) if item.strip()]
    found = {_read_name(place, "regions", item, Region) for item in items}
    if not found:
        raise place.bad_cell(
            "regions", say("some of {names}", names=", ".join(Region)), ""
        )
    return tuple(region for region in REGIONS if region in found)


def _read_contractions(place: CellPlace, row: _Row) -> int | None:
    """Read the contractions; an empty cell is one contraction of a known kind."""
    text = row.get("contractions", "")
    if not text:
        return None if _was_too_slow(row, "") else 1
    if not _WHOLE.fullmatch(text) or int(text) < 1:
        raise place.bad_cell("contractions", say("a whole number from 1"), text)
    return int(text)


def _was_too_slow(row: _Row, what: str) -> bool:
    """Return whether the program itself left something open: its own bursts say why."""
    return f"{TOO_SLOW_FOR}{what}" in row.get("reasons", "")


def _read_words(row: _Row, column: str) -> tuple[str, ...]:
    """Read a list of words; an empty or absent cell is none."""
    items = row.get(column, "").split(SEPARATOR)
    return tuple(item.strip() for item in items if item.strip())


def _read_field(place: CellPlace, row: _Row, field: EpisodeField) -> Any:
    """Read one field of a burst; an empty or absent cell is what a burst has without."""
    match field.cell:
        case CellKind.NUMBER:
            return _read_number(place, row, field.name, needed=False)
        case CellKind.WHOLE:
            return _read_contractions(place, row)
        case CellKind.FLAG:
            return _read_yes_no(place, row, field.name)
        case CellKind.REGIONS:
            return _read_regions(place, row)
        case CellKind.WORDS:
            return _read_words(row, field.name)
    text = row.get(field.name, "")
    if not text and field.name == "kind" and _was_too_slow(row, "kind"):
        return None
    if not (text or field.needed):
        return getattr(Episode, field.name)
    return _read_name(place, field.name, text, field.names or StrEnum)


def read_measures(place: CellPlace, row: _Row) -> dict[str, Any]:
    """Read what is known of a burst beyond time, side, regions and kind."""
    return {
        field.name: _read_field(place, row, field)
        for field in EPISODE_FIELDS
        if not field.needed
    }


def read_episode(place: CellPlace, row: _Row) -> Episode:
    """Read one burst."""
    span = read_span(place, row)
    values = {field.name: _read_field(place, row, field) for field in EPISODE_FIELDS}
    return Episode(span=span, **values)


def read_episodes(path: Path) -> tuple[Episode, ...]:
    """Read bursts back, or read a truth table of the same form.

    Parameters
    ----------
    path : Path
        Table with at least `REQUIRED_EPISODE_COLUMNS`; further columns that
        this package does not know are left alone.

    Returns
    -------
    tuple of Episode
        In the order of the rows. Absent or empty numbers are NaN.

    Raises
    ------
    BadTruthFile
        The file cannot be read, lacks a column, or a cell is not what it must
        be; the message names the line and the column.
    """
    rows = read_rows(Path(path), REQUIRED_EPISODE_COLUMNS)
    return tuple(read_episode(place, row) for place, row in rows)


def _read_blink(place: CellPlace, row: _Row) -> Blink:
    """Read one blink."""
    return Blink(
        span=read_span(place, row),
        complete=_read_yes_no(place, row, "complete"),
        closure_left=_read_number(place, row, "closure_left", needed=False),
        closure_right=_read_number(place, row, "closure_right", needed=False),
    )


def read_blinks(path: Path) -> tuple[Blink, ...]:
    """Read blinks back.

    Parameters
    ----------
    path : Path
        Table with at least `REQUIRED_BLINK_COLUMNS`.

    Returns
    -------
    tuple of Blink
        In the order of the rows. Absent or empty numbers are NaN.

    Raises
    ------
    BadTruthFile
        As for `read_episodes`.
    """
    rows = read_rows(Path(path), REQUIRED_BLINK_COLUMNS)
    return tuple(_read_blink(place, row) for place, row in rows)
