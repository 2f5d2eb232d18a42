"""Diary and treatments as CSV, in and out.

Knows the columns; `docs/journal.md` explains them. Note: UTF-8, separated by commas, a
header line, days as 2026-05-31, numbers with a point; an empty cell is "not known",
never zero; a column that is not known is refused, because a misspelt one would be lost
silently.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from twitch_tracker.border.days import day_from
from twitch_tracker.border.tables import read_csv, table_text
from twitch_tracker.errors import BadParameter, BadTable
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.history import (
    DIARY_FACTORS,
    DiaryEntry,
    SideEffect,
    Treatment,
    TreatmentKind,
)
from twitch_tracker.journal.notes import check_diary, check_treatment
from twitch_tracker.language import mark, say
from twitch_tracker.regions import Side

__all__ = [
    "DIARY_COLUMNS",
    "TREATMENT_COLUMNS",
    "diary_text",
    "muscles_from_text",
    "muscles_to_text",
    "read_diary",
    "read_treatments",
    "side_effects_from_text",
    "side_effects_to_text",
    "treatments_text",
    "write_diary",
    "write_treatments",
]

DIARY_COLUMNS: Final = ("date", *DIARY_FACTORS, "medication", "notes")
"""Columns of a diary; only the first is needed."""

TREATMENT_COLUMNS: Final = (
    "date",
    "kind",
    "side",
    "product",
    "units",
    "muscles",
    "notes",
    "side_effects",
)
"""Columns of treatments; only the first two are needed."""

_Name = TypeVar("_Name", bound=StrEnum)


@dataclass(frozen=True)
class _TableRow:
    """One row, and where it stands."""

    file: str
    number: int
    cells: Mapping[str, str]

    def bad_cell(self, column: str, expected: str) -> BadTable:
        """Build the error for one bad cell."""
        got = self.cells.get(column, "")
        return BadTable(
            say(
                "{file}, row {number}, column {column}: expected {expected}, got "
                "{got!r}. Nothing was imported.",
                file=self.file,
                number=self.number,
                column=column,
                expected=expected,
                got=got,
            )
        )

    def day(self, latest: date | None) -> date:
        """Read the day."""
        found = day_from(self.cells["date"])
        if found is None:
            raise self.bad_cell("date", say("a day such as 2026-05-31"))
        if latest is not None and found > latest:
            raise self.bad_cell("date", say("a day not in the future"))
        return found

    def number_in(self, column: str) -> float:
        """Read a number; empty is NaN."""
        text = self.cells.get(column, "")
        if not text:
            return math.nan
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.bad_cell(column, say("a number with a point (7.5), or nothing"))
        return value

    def name_in(self, column: str, kind: type[_Name]) -> _Name:
        """Read one of a fixed set of names."""
        try:
            return kind(self.cells[column].lower())
        except ValueError:
            raise self.bad_cell(
                column, say("one of {allowed}", allowed=", ".join(kind))
            ) from None


# --- in ---------------------------------------------------------------------


def read_diary(path: Path, latest: date | None = None) -> tuple[DiaryEntry, ...]:
    """Read a diary.

    Parameters
    ----------
    path : Path
        CSV with some of `DIARY_COLUMNS`.
    latest : date, optional
        Refuse later days.

    Returns
    -------
    tuple of DiaryEntry
        In the order of the rows.

    Raises
    ------
    BadTable
        Not readable, wrong or missing columns, a cell that is not allowed, or two
        rows of one day; the message names row and column.
    """
    entries: dict[date, DiaryEntry] = {}
    for row in _rows(path, DIARY_COLUMNS, needed=("date",)):
        entry = DiaryEntry(
            on=row.day(latest),
            medication=row.cells.get("medication", ""),
            notes=row.cells.get("notes", ""),
            **{name: row.number_in(name) for name in DIARY_FACTORS},
        )
        _checked(row, partial(check_diary, entry))
        if entry.on in entries:
            raise row.bad_cell("date", say("one row a day"))
        entries[entry.on] = entry
    return tuple(entries.values())


def read_treatments(path: Path, latest: date | None = None) -> tuple[Treatment, ...]:
    """Read treatments.

    Parameters
    ----------
    path : Path
        CSV with some of `TREATMENT_COLUMNS`.
    latest : date, optional
        Refuse later days.

    Returns
    -------
    tuple of Treatment
        In the order of the rows.

    Raises
    ------
    BadTable
        As of `read_diary`; negative units too.
    """
    return tuple(
        _treatment(row, latest)
        for row in _rows(path, TREATMENT_COLUMNS, needed=("date", "kind"))
    )


def _treatment(row: _TableRow, latest: date | None) -> Treatment:
    """Read one treatment."""
    try:
        muscles = muscles_from_text(row.cells.get("muscles", ""))
    except BadParameter:
        expected = say("muscles such as orbicularis oculi=12.5; zygomaticus major=2.5")
        raise row.bad_cell("muscles", expected) from None
    given = Treatment(
        kind=row.name_in("kind", TreatmentKind),
        on=row.day(latest),
        side=row.name_in("side", Side) if row.cells.get("side") else None,
        product=row.cells.get("product", ""),
        units=row.number_in("units"),
        muscles=muscles,
        notes=row.cells.get("notes", ""),
        side_effects=_side_effects(row),
    )
    _checked(row, partial(check_treatment, given))
    return given


def _side_effects(row: _TableRow) -> tuple[SideEffect, ...] | None:
    """Read what was noticed."""
    try:
        return side_effects_from_text(row.cells.get("side_effects", ""))
    except BadParameter:
        names = "; ".join(SideEffect)
        expected = say("some of {names}, or none", names=names)
        raise row.bad_cell("side_effects", expected) from None


def _checked(row: _TableRow, check: Callable[[], None]) -> None:
    """Say in which row a number is not allowed."""
    try:
        check()
    except BadParameter as error:
        raise BadTable(
            say(
                "{file}, row {number}, column {error} Nothing was imported.",
                file=row.file,
                number=row.number,
                error=error,
            )
        ) from error


def _rows(
    path: Path, columns: Sequence[str], *, needed: Sequence[str]
) -> Iterator[_TableRow]:
    """Read rows whose columns are known; a row is counted from 1 below the header."""
    header, rows = read_csv(path, BadTable, strict=True)
    names = [name.lower() for name in header]
    _check_columns(path.name, names, columns, needed)
    for row in rows:
        if len(row.cells) != len(names):
            raise BadTable(
                say(
                    "{name}, row {number}: expected {expected} cells, got {got}. Text "
                    "with a comma needs quotes.",
                    name=path.name,
                    number=row.number,
                    expected=len(names),
                    got=len(row.cells),
                )
            )
        found = dict(zip(names, row.cells, strict=True))
        yield _TableRow(path.name, row.number, found)


def _check_columns(
    name: str, got: Sequence[str], known: Sequence[str], needed: Sequence[str]
) -> None:
    """Refuse a table with unknown, doubled or missing columns."""
    wrong = [column for column in got if column not in known]
    missing = [column for column in needed if column not in got]
    doubled = sorted({column for column in got if got.count(column) > 1})
    complaints = [
        say(complaint, columns=", ".join(repr(column) for column in which))
        for complaint, which in (
            (mark("missing {columns}"), missing),
            (mark("unknown {columns}"), wrong),
            (mark("more than once {columns}"), doubled),
        )
        if which
    ]
    if not complaints:
        return
    advice = ""
    if any(";" in column or "\t" in column for column in got):
        advice = say("The columns must be separated by commas.")
    raise BadTable(
        say(
            "{name}: expected columns out of {known} (needed: {needed}); "
            "{complaints}. {advice}",
            name=name,
            known=", ".join(known),
            needed=", ".join(needed),
            complaints="; ".join(complaints),
            advice=advice,
        ).strip()
    )


# --- side effects -----------------------------------------------------------

_NONE: Final = "none"


def side_effects_from_text(text: str) -> tuple[SideEffect, ...] | None:
    """Read side effects: ``ptosis; dry_eye``, ``none``, or nothing when not known.

    Raises
    ------
    BadParameter
        Another word.
    """
    words = [word.strip() for word in text.split(";") if word.strip()]
    if not words:
        return None
    if words == [_NONE]:
        return ()
    known = {effect.value: effect for effect in SideEffect}
    if any(word not in known for word in words):
        names = "; ".join(known)
        raise BadParameter(
            "side_effects",
            say("some of {names}, or none, or nothing when not known", names=names),
            text,
        )
    return tuple(effect for word, effect in known.items() if word in words)


def side_effects_to_text(effects: tuple[SideEffect, ...] | None) -> str:
    """Write side effects; the reverse of `side_effects_from_text`."""
    if effects is None:
        return ""
    return "; ".join(effect.value for effect in effects) or _NONE


# --- muscles ----------------------------------------------------------------


def muscles_from_text(text: str) -> dict[str, float]:
    """Read muscles with their units.

    Parameters
    ----------
    text : str
        ``name=units`` separated by ``;``; the units may be missing.

    Returns
    -------
    dict
        Units by muscle; NaN where missing.

    Raises
    ------
    BadParameter
        Units that are no number, or a muscle twice or without a name.
    """
    found: dict[str, float] = {}
    for item in filter(None, (part.strip() for part in text.split(";"))):
        name, sign, dose = (part.strip() for part in item.partition("="))
        try:
            units = float(dose) if sign else math.nan
        except ValueError:
            raise BadParameter("muscles", say("units as a number"), item) from None
        if not name or name in found or (sign and not math.isfinite(units)):
            raise BadParameter("muscles", say("each muscle once, name=units"), item)
        found[name] = units
    return found


def muscles_to_text(muscles: Mapping[str, float]) -> str:
    """Write muscles with their units; the reverse of `muscles_from_text`."""
    return "; ".join(
        name if math.isnan(units) else f"{name}={_written(units)}"
        for name, units in muscles.items()
    )


# --- out --------------------------------------------------------------------


def write_diary(path: Path, entries: Iterable[DiaryEntry]) -> Path:
    """Write a diary so that `read_diary` gives the same.

    Raises
    ------
    OutputNotWritable
        The disk refuses.
    """
    return write_whole(path, diary_text(entries))


def diary_text(entries: Iterable[DiaryEntry]) -> str:
    """Return what `write_diary` writes."""
    rows = (
        [
            entry.on.isoformat(),
            *(_written(getattr(entry, name)) for name in DIARY_FACTORS),
            entry.medication,
            entry.notes,
        ]
        for entry in entries
    )
    return table_text(DIARY_COLUMNS, rows)


def write_treatments(path: Path, treatments: Iterable[Treatment]) -> Path:
    """Write treatments so that `read_treatments` gives the same.

    Raises
    ------
    OutputNotWritable
        The disk refuses.
    """
    return write_whole(path, treatments_text(treatments))


def treatments_text(treatments: Iterable[Treatment]) -> str:
    """Return what `write_treatments` writes."""
    rows = (
        [
            given.on.isoformat(),
            given.kind.value,
            "" if given.side is None else given.side.value,
            given.product,
            _written(given.units),
            muscles_to_text(given.muscles),
            given.notes,
            side_effects_to_text(given.side_effects),
        ]
        for given in treatments
    )
    return table_text(TREATMENT_COLUMNS, rows)


def _written(value: float) -> str:
    """Write a number as short as it can be read back; NaN is nothing."""
    if not math.isfinite(value):
        return ""
    return str(int(value)) if value == int(value) else repr(float(value))
