"""Why hand coding that was taken does not fit its film, as codes and numbers.

Before, a note's text said it in no language. Those texts stay: a note is sealed as it was
written.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the column."""
    op.add_column("reviews", Column("misfits", Text))
