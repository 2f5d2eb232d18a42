"""For how long the app keeps a person's films.

Films of people who were entered before are kept, as they were.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column."""
    op.add_column("patients", Column("films_kept_days", Integer))
