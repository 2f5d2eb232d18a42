"""Progression as one JSON document; keys are those of `progression.results`.

Conventions that bite: NaN becomes null, days are ``YYYY-MM-DD``, moments ISO 8601
with their offset, enumerations their values; nothing is rounded or left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Final

from twitch_tracker import __version__
from twitch_tracker.progression.results import Progression

__all__ = ["DOCUMENT_VERSION", "progress_document"]

DOCUMENT_VERSION: Final = 1
"""Version of the layout of ``progress --json``."""


def progress_document(progression: Progression) -> dict[str, Any]:
    """Turn everything into what `json` can write.

    Parameters
    ----------
    progression : Progression
        What was found.

    Returns
    -------
    dict
        ``schema_version``, ``software_version``, and every field of `Progression`.
    """
    return {
        "schema_version": DOCUMENT_VERSION,
        "software_version": __version__,
        **{
            one.name: _plain(getattr(progression, one.name))
            for one in fields(progression)
        },
    }


@cache
def _names(kind: type) -> tuple[str, ...]:
    """Return the fields of a class of nouns."""
    return tuple(one.name for one in fields(kind))


def _plain(value: Any) -> Any:
    """Turn frozen nouns into dicts, lists and numbers."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        kind: Any = type(value)
        return {name: _plain(getattr(value, name)) for name in _names(kind)}
    if hasattr(value, "item"):
        return _plain(value.item())
    return [_plain(item) for item in value]
