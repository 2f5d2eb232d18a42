"""What a face did apart from bursts, and side effects of treatments.

Of what was logged before nothing of this is known: it stays empty until a recording is analysed
again.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Double, Text

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0006"
down_revision = "0005"

_NUMBERS = (
    "long_closures",
    "long_closures_s",
    "mouth_asymmetry_mm",
    "closure_reach_left",
    "closure_reach_right",
    "mouth_reach_left_mm",
    "mouth_reach_right_mm",
    "brow_reach_left_mm",
    "brow_reach_right_mm",
)


def upgrade() -> None:
    """Add the columns."""
    for name in _NUMBERS:
        op.add_column("revisions", Column(name, Double))
    op.add_column("treatments", Column("side_effects", Text))
