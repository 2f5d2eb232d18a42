"""The total of the HFS-30 questionnaire.

For the days before, nothing is known.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Double

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column."""
    op.add_column("diary", Column("hfs30_total", Double))
