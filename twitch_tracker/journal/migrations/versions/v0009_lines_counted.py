"""How many lines the list of changes has, so that a lost one is found.

Of a line that was lost before, nothing is known.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer, Text

from twitch_tracker.journal.store.line_counts import count_all_lines

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the table, and count what is there."""
    op.create_table(
        "change_counts",
        Column("patient_id", Integer, primary_key=True, autoincrement=False),
        Column("lines", Integer, nullable=False),
        Column("digest", Text, nullable=False),
    )
    count_all_lines(op.get_bind())
