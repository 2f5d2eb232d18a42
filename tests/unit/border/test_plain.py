"""Values on their way out, as JSON knows them."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

import numpy as np

from twitch_tracker.border.plain import number, plain


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    value: float


@dataclass(frozen=True)
class Outer:
    inner: Inner
    many: tuple[Inner, ...]


def test_what_is_not_measured_is_null():
    values = [math.nan, math.inf, np.float32("nan"), np.array([1.0, math.nan])]
    assert plain(values) == [None, None, None, [1.0, None]]
    assert [number(math.nan), number(np.float64(2.5))] == [None, 2.5]


def test_everything_that_the_program_holds_becomes_json():
    found = plain(
        {
            Colour.RED: frozenset({2, 1}),
            "at": datetime(2026, 3, 1, 8, tzinfo=UTC),
            "on": date(2026, 3, 1),
            "base": Fraction(1, 30),
            "path": Path("a.mp4"),
            "yes": True,
            "count": np.int64(3),
            "of": Colour.RED,
            "none": None,
        }
    )
    assert json.loads(json.dumps(found, allow_nan=False)) == {
        "red": [1, 2],
        "at": "2026-03-01T08:00:00+00:00",
        "on": "2026-03-01",
        "base": "1/30",
        "path": "a.mp4",
        "yes": True,
        "count": 3,
        "of": "red",
        "none": None,
    }


def test_keys_can_be_added_to_what_has_fields():
    value = Outer(Inner(1.0), (Inner(math.nan),))
    assert plain(value) == {"inner": {"value": 1.0}, "many": [{"value": None}]}
    said = plain(value, lambda one: {"is": type(one).__name__})
    assert said == {
        "inner": {"value": 1.0, "is": "Inner"},
        "many": [{"value": None, "is": "Inner"}],
        "is": "Outer",
    }
