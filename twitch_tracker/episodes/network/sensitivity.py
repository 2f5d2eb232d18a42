"""How sure a burst must be to be logged, by name; loads nothing, for commands to offer."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Sensitivity"]


class Sensitivity(StrEnum):
    """How much confidence a burst needs; what each costs is in docs/validation.md."""

    LOW = "low"
    STANDARD = "standard"
    HIGH = "high"
