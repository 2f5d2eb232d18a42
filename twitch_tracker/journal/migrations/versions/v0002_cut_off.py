"""Cut-off and bilateral bursts, and when an eye was hardly ever open.

Of what was logged before: nobody looked whether a burst was cut off, so that none is;
which bursts are on both sides at once follows from their times. Reviewed totals are
counted again by `journal.migrating` when all migrations are done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from alembic import op
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Double,
    Integer,
    LargeBinary,
    Text,
    bindparam,
    column,
    false,
    select,
    table,
    text,
    update,
)

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0002"
down_revision = "0001"

_episodes = table(
    "episodes",
    *map(column, ("revision_id", "number", "side", "start_s", "end_s", "bilateral")),
)


def upgrade() -> None:
    """Add the columns, and fill in what is known of older rows."""
    for name in ("onset_cut", "offset_cut", "bilateral"):
        op.add_column(
            "episodes", Column(name, Boolean, nullable=False, server_default=false())
        )
    op.add_column("revisions", Column("hardly_open", Text))
    for name in ("onset_cut", "offset_cut"):
        op.add_column(
            "side_totals",
            Column(name, LargeBinary, nullable=False, server_default=text("''")),
        )
    op.add_column(
        "side_totals",
        Column("bilateral", Integer, nullable=False, server_default=text("0")),
    )
    op.add_column("side_totals", Column("hardly_open_s", Double))
    connection = op.get_bind()
    none = {
        "sqlite": "zeroblob(bursts)",
        "postgresql": "decode(repeat('00', bursts), 'hex')",
    }[connection.dialect.name]
    connection.execute(
        text(f"UPDATE side_totals SET onset_cut = {none}, offset_cut = {none}")  # noqa: S608
    )
    _mark_bilateral(connection)


def _mark_bilateral(connection: Connection) -> None:
    """Mark detected bursts that overlap one of the other side, and count them."""
    shown = (_episodes.c[name] for name in ("revision_id", "number", "side"))
    spans = select(*shown, _episodes.c.start_s, _episodes.c.end_s)
    rows = connection.execute(
        spans.order_by(_episodes.c.revision_id, _episodes.c.start_s)
    ).all()
    found = [
        {"revision": key, "burst": number}
        for key, group in groupby(rows, key=lambda row: row[0])
        for number in _overlapping(group)
    ]
    if not found:
        return
    connection.execute(
        update(_episodes)
        .where(
            _episodes.c.revision_id == bindparam("revision"),
            _episodes.c.number == bindparam("burst"),
        )
        .values(bilateral=True),
        found,
    )
    connection.execute(
        text(
            "UPDATE side_totals SET bilateral = (SELECT count(*) FROM episodes "
            "WHERE episodes.revision_id = side_totals.revision_id "
            "AND episodes.side = side_totals.side AND episodes.bilateral) "
            "WHERE basis = 'detected'"
        )
    )


def _overlapping(rows: Iterable[Any]) -> Iterator[int]:
    """Give the numbers of bursts that overlap one of the other side, by onset."""
    going_on: list[Any] = []
    found: set[int] = set()
    for row in rows:
        going_on = [other for other in going_on if other.end_s > row.start_s]
        others = [
            other
            for other in going_on
            if other.side != row.side and other.start_s < row.end_s
        ]
        found |= {other.number for other in others} | (
            {row.number} if others else set()
        )
        going_on.append(row)
    yield from sorted(found)
