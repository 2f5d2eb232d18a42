"""Whether a person's earlier recordings may be asked about the face.

People who were entered before have not refused.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, false

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column."""
    refused = Column("no_known_face", Boolean, nullable=False, server_default=false())
    op.add_column("patients", refused)
