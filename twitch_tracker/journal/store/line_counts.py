"""Count the lines of the list of changes and sum their hashes, to find a lost one.

A hash in each line shows that the line is as it was written (`seals`), not that all
lines are there. So ``change_counts`` has their number and the sum of their hashes,
written in the transaction that writes the line. Note: they are kept for each person
apart, so that forgetting a person removes their lines without a gap; lines of no person
stand under 0; this finds damage, not forgery.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, delete, insert, select

from twitch_tracker.journal.store.schema import change_counts, changes
from twitch_tracker.journal.store.seals import seal_of

__all__ = ["NOBODY", "count_all_lines", "count_line", "forget_count", "lines_counted"]

NOBODY: Final = 0
"""Under which number lines are counted that are about no person."""

_SUMS: Final = 1 << 64

LineCount = tuple[int, str]
"""How many lines, and the sum of their hashes in hexadecimal digits."""


def count_line(connection: Connection, line: Mapping[str, Any]) -> None:
    """Count a line that was written just now.

    Parameters
    ----------
    connection : Connection
        Of the same transaction.
    line : Mapping
        All columns of ``changes``.
    """
    number = line["patient_id"] or NOBODY
    same = change_counts.c.patient_id == number
    row = connection.execute(select(change_counts).where(same)).mappings().one_or_none()
    before = (0, "0") if row is None else (row["lines"], row["digest"])
    connection.execute(delete(change_counts).where(same))
    _write(connection, number, _with(before, line))


def forget_count(connection: Connection, number: int) -> None:
    """Remove the count of a person whose lines are removed."""
    connection.execute(
        delete(change_counts).where(change_counts.c.patient_id == number)
    )


def count_all_lines(connection: Connection) -> None:
    """Count the lines of a journal whose version did not count them yet."""
    for number, count in lines_counted(connection).items():
        _write(connection, number, count)


def lines_counted(connection: Connection) -> dict[int, LineCount]:
    """Count the lines that are there, by the number of the person."""
    found: dict[int, LineCount] = {}
    for line in connection.execute(select(changes)).mappings():
        number = line["patient_id"] or NOBODY
        found[number] = _with(found.get(number, (0, "0")), line)
    return found


def _with(count: LineCount, line: Mapping[str, Any] | RowMapping) -> LineCount:
    number, digest = count
    total = (int(digest, 16) + int(seal_of(line), 16)) % _SUMS
    return number + 1, f"{total:016x}"


def _write(connection: Connection, number: int, count: LineCount) -> None:
    row = {"patient_id": number, "lines": count[0], "digest": count[1]}
    connection.execute(insert(change_counts), row)
