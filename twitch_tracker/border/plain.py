"""Convert values of the program to what JSON has; nothing else does.

Note: NaN ("not measured") and infinity ("no limit") are null.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

__all__ = ["measured", "number", "plain"]


def number(value: float) -> float | None:
    """Turn NaN and infinity into null."""
    return float(value) if math.isfinite(value) else None


def measured(value: float | None) -> float:
    """Turn null back into NaN."""
    return math.nan if value is None else float(value)


def plain(value: object, more: Callable[[Any], Mapping[str, Any]] | None = None) -> Any:
    """Turn a value into what JSON knows.

    Parameters
    ----------
    value : object
        Dataclasses, mappings, sequences, sets, enums, arrays, numbers, texts, days and
        moments; whatever else it is becomes its text.
    more : callable, optional
        Gives keys that a dataclass gets besides its fields.

    Returns
    -------
    object
        Dicts, lists, texts, numbers, booleans, None.

    >>> plain({"a": (1, math.nan), "b": date(2026, 3, 1)})
    {'a': [1, None], 'b': '2026-03-01'}
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return number(value)
    if isinstance(value, date):
        return value.isoformat()
    return _plain_container(value, more)


def _plain_container(
    value: Any, more: Callable[[Any], Mapping[str, Any]] | None
) -> Any:
    """Turn what holds other values into what JSON knows."""
    if hasattr(value, "tolist"):  # of NumPy
        return plain(value.tolist(), more)
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        own = {name: plain(getattr(value, name), more) for name in _names(kind)}
        return own if more is None else {**own, **more(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item, more) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(plain(item, more) for item in value)
    if isinstance(value, Sequence):
        return [plain(item, more) for item in value]
    return str(value)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))
