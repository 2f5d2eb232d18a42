"""Check whether a SQLite file holds only cells that its columns allow.

SQLite itself does not ask: any cell may hold anything, and triggers and views may stand
beside the tables. Repairs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Double,
    Integer,
    LargeBinary,
    Table,
)
from sqlalchemy.types import TypeEngine

from twitch_tracker.journal.entries import Finding, FindingKind
from twitch_tracker.journal.store.schema import (
    metadata,
)

__all__ = ["check_cells", "finding", "triggers_and_views"]


def check_cells(connection: Connection) -> Iterator[Finding]:
    """Look for triggers and views, columns of another type, and cells of another type.

    Parameters
    ----------
    connection : Connection
        To a SQLite file.

    Yields
    ------
    Finding
        What no journal has.
    """
    yield from _of_triggers(connection)
    yield from _of_columns(connection)
    yield from _of_types(connection)


def finding(kind: FindingKind, **values: object) -> Finding:
    """Describe what was found by its kind and values."""
    return Finding(kind=kind, values=values)


def triggers_and_views(connection: Connection) -> tuple[str, ...]:
    """Name what in a SQLite file acts by itself or stands for a table: no journal has it.

    Who made such a file could have kept what is removed from it.

    Parameters
    ----------
    connection : Connection
        To a SQLite file.

    Returns
    -------
    tuple of str
        Triggers and views, as ``trigger name``.
    """
    rows = connection.exec_driver_sql(
        "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    )
    return tuple(sorted(f"{kind} {name}" for kind, name in rows))


def _of_triggers(connection: Connection) -> Iterator[Finding]:
    for name in triggers_and_views(connection):
        yield finding(FindingKind.DATABASE_DAMAGED, said=name)


def _of_columns(connection: Connection) -> Iterator[Finding]:
    """Check the declared type of each column, by which SQLite reads its cells."""
    for table in metadata.sorted_tables:
        cells = connection.exec_driver_sql(f'PRAGMA table_info("{table.name}")')
        types = {row.name: row.type for row in cells}
        for column in table.columns:
            kind = types.get(column.name, "-")
            if kind != column.type.compile(connection.dialect):
                yield finding(
                    FindingKind.DATABASE_DAMAGED,
                    said=f"{table.name}.{column.name}: {kind}",
                )


def _of_types(connection: Connection) -> Iterator[Finding]:
    """Check that each cell is of its column's type, as SQLite itself does not ask."""
    for table in metadata.sorted_tables:
        keys = len(table.primary_key.columns)
        for row in connection.exec_driver_sql(_asking_for_types(table)):
            for column, is_wrong in zip(table.columns, row[keys:], strict=True):
                if is_wrong:
                    yield finding(
                        FindingKind.CELL_WRONG,
                        table=table.name,
                        row=" ".join(map(str, row[:keys])),
                        column=column.name,
                    )


@lru_cache
def _asking_for_types(table: Table) -> str:
    """Write the query that gives each row with a wrong cell, and for each cell if it is."""
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    wrong = [f"({_is_wrong(column)})" for column in table.columns]
    return (
        f'SELECT {keys}, {", ".join(wrong)} FROM "{table.name}" '  # noqa: S608
        f"WHERE {' OR '.join(wrong)}"
    )


def _is_wrong(column: Column[Any]) -> str:
    name = f'"{column.name}"'
    is_wrong = f"typeof({name}) NOT IN ({_kinds(column.type)})"
    if column.nullable:
        is_wrong = f"{name} IS NOT NULL AND {is_wrong}"
    if isinstance(column.type, Boolean):
        is_wrong += f" OR {name} NOT IN (0, 1)"
    return is_wrong


def _kinds(kind: TypeEngine[Any]) -> str:
    """List what SQLite may call the cells of a column."""
    if isinstance(kind, Double):
        return "'real', 'integer'"
    if isinstance(kind, Integer | Boolean):
        return "'integer'"
    return "'blob'" if isinstance(kind, LargeBinary) else "'text'"
