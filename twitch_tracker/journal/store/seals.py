"""Seal rows: a hash in the list of changes shows later that a row is as it was written.

Every line of ``changes`` carries, beside what was changed, hashes of the rows that were
written (``_seals``) and of itself (``_sum``); readers of the list never see them. Note:
a seal is taken of the row as the database gives it back; lines of older versions have
none, and of them nothing is claimed; a column that a later version adds must begin
empty (0, no, no text, NULL), or the seals of old rows break; this finds damage, not
forgery.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from twitch_tracker.border.plain import number
from twitch_tracker.history import Method
from twitch_tracker.journal.store.packing import (
    EPISODE_COLUMNS,
    LATER_COLUMNS,
    DatabaseRow,
    to_json,
)
from twitch_tracker.records.face_numbers import FACE_NUMBERS

__all__ = [
    "EARLY_COLUMNS",
    "SEALS",
    "SUM",
    "RowKey",
    "digest_again",
    "digest_of",
    "seal_of",
    "sealed",
    "sum_of",
    "without_seals",
]

EARLY_COLUMNS: Final = len(EPISODE_COLUMNS) - len(LATER_COLUMNS)
"""Columns of a burst that the first version had."""

SEALS: Final = "_seals"
SUM: Final = "_sum"
_LENGTH: Final = 16
"""Hexadecimal digits; damage by chance passes once in 2 to the power of 64."""

RowKey = tuple[Table, int]
"""A row: its table and its primary key."""


def seal_of(row: DatabaseRow) -> str:
    """Hash a row as it is read; empty cells do not count."""
    plain = {name: value for name, value in row.items() if value}
    return hashlib.sha256(to_json(plain).encode()).hexdigest()[:_LENGTH]


def sealed(connection: Connection, rows: Sequence[RowKey]) -> dict[str, str]:
    """Take the seals of rows, by ``table:key``."""
    found: dict[str, str] = {}
    for table, key in rows:
        wanted = select(table).where(table.c.id == key)
        row = connection.execute(wanted).mappings().one()
        found[f"{table.name}:{key}"] = seal_of(row)
    return found


def sum_of(line: DatabaseRow, after: Mapping[str, Any] | None) -> str:
    """Hash a line of the list of changes.

    Parameters
    ----------
    line : Mapping
        Its columns; ``id`` and ``after`` do not count.
    after : Mapping or None
        What ``after`` holds; its own sum does not count.
    """
    counted = {name: line[name] for name in line if name not in {"id", "after"}}
    changed = {name: value for name, value in (after or {}).items() if name != SUM}
    return seal_of({**counted, "after": to_json(changed)})


def without_seals(after: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what was changed, without seals; None when nothing is left."""
    changed = {k: value for k, value in (after or {}).items() if k not in {SEALS, SUM}}
    return changed or None


def digest_again(digest: str, newest: int) -> str:
    """Hash an analysis that counts again, after `newest` revisions of another kind.

    A film that was turned and turned back is found as before, and is still a revision
    of its own.
    """
    return hashlib.sha256(f"{digest} {newest}".encode()).hexdigest()


def digest_of(
    *,
    method: Method,
    parameters: str,
    numbers: Sequence[float],
    excluded: str,
    bursts: Sequence[Sequence[Any]],
    blinks: Sequence[Sequence[Any]],
    hardly_open: str | None,
    face: Mapping[str, float | None],
) -> str:
    """Hash an analysis: method, parameters and every number.

    What an older version did not know is hashed only where there is any, so that what
    it logged is still the same.

    Parameters
    ----------
    method : Method
        With what it was measured.
    parameters, excluded, hardly_open : str
        As `schema.revisions` holds them; None and no state are the same.
    numbers : sequence of float
        Recorded and analysable seconds, asymmetry at rest.
    bursts, blinks : sequence of sequence
        Cells in the order of `packing.episode_row` and `packing.blink_row`.
    face : Mapping
        What the face did apart from bursts, by the names of `FACE_NUMBERS`.

    Returns
    -------
    str
        Hexadecimal digits.
    """
    parts = (
        method.key,
        parameters,
        *map(number, numbers),
        excluded,
        [_burst(row) for row in bursts],
        [_spanned(row) for row in blinks],
        *([hardly_open] if hardly_open and hardly_open != "[]" else []),
        *_known(face),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _known(face: Mapping[str, float | None]) -> list[tuple[str, float | None]]:
    """Return numbers by name, in one order; nothing where none is known."""
    numbers = [(name, _cell(face.get(name))) for name in FACE_NUMBERS]
    return numbers if any(value is not None for _, value in numbers) else []


def _cell(value: float | None) -> float | None:
    return None if value is None else number(value)


def _burst(row: Sequence[Any]) -> tuple[Any, ...]:
    return _spanned(row if any(row[EARLY_COLUMNS:]) else row[:EARLY_COLUMNS])


def _spanned(row: Sequence[Any]) -> tuple[Any, ...]:
    start_s, end_s, *rest = row
    return (float(start_s), float(end_s), *rest)
