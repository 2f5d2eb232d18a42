"""How bad the twitching was, and the symptoms of a day.

For the days before, nothing is known.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Double

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0007"
down_revision = "0006"

_COLUMNS = (
    *("twitching", "hfs8_total", "pain", "ear_noise", "watering_eye"),
    *("trouble_reading", "trouble_driving"),
)


def upgrade() -> None:
    """Add the columns."""
    for name in _COLUMNS:
        op.add_column("diary", Column(name, Double))
