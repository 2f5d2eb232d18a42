"""What a document must pass, and what is said where it does not."""

from __future__ import annotations

import math

import pytest
from pydantic import Field, TypeAdapter

from twitch_tracker.border.documents import (
    Count,
    Document,
    Finite,
    Measured,
    Sha256,
    checked,
    parsed,
)
from twitch_tracker.errors import BadFile
from twitch_tracker.regions import Side


class Side_(Document):
    bursts: Count
    longest_s: Measured


class Made(Document):
    rate: Finite = 0.0
    side: Side = Side.LEFT
    sides: dict[Side, Side_] = Field(default_factory=dict)
    sha256: Sha256 = "0" * 64


MADE = TypeAdapter(Made)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 100_000,
        "1" * 5_000,
        '{"a": "\\ud800"}',
        b"\xff\xfe{",
        "[1, 2",
        '"' + "\x00" + '"',
    ],
)
def test_what_is_no_json_is_a_named_error_with_a_place(text: str | bytes):
    with pytest.raises(BadFile, match=r"^a\.json: expected JSON\. .*line 1 column"):
        parsed(text, "a.json", BadFile)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], r"a\.json: expected an object with names, got \[\]\."),
        ({"rate": "1"}, r'a\.json, rate: expected a number, got "1"\.'),
        ({"rate": True}, r"a\.json, rate: expected a number, got true\."),
        ({"rate": math.inf}, r"a\.json, rate: expected a finite number"),
        ({"rate": None}, r"a\.json, rate: expected a number, got null"),
        ({"side": "up"}, r"a\.json, side: expected one of 'left' or 'right', got"),
        (
            {"sides": {"left": {"bursts": 1.5, "longest_s": None}}},
            r"a\.json, sides\.left\.bursts: expected a whole number, got 1\.5\.",
        ),
        ({"sides": {"left": {"bursts": 1}}}, r"left\.longest_s: expected a value"),
        (
            {"sides": {"left": {"bursts": -1, "longest_s": 0}}},
            r"bursts: expected a number from 0, got -1",
        ),
        (
            {"sides": {"left": {"bursts": 10**30, "longest_s": 0}}},
            r"bursts: expected a number up to 1e\+09",
        ),
        ({"sha256": "../../etc"}, r"sha256: expected a hash of 64 hexadecimal digits"),
        ({"sha256": "0" * 1_000}, r"sha256: .*\.\.\.\.$"),
    ],
)
def test_what_is_of_another_type_is_said_with_its_place(document: object, said: str):
    with pytest.raises(BadFile, match=said):
        checked(MADE, document, "a.json", BadFile)


def test_null_is_not_measured_only_where_the_schema_says_so():
    told = {"sides": {"right": {"bursts": 2, "longest_s": None}}, "later": 1}
    found = checked(MADE, told, "a.json", BadFile).sides[Side.RIGHT]
    assert found.bursts == 2
    assert math.isnan(found.longest_s)


def test_a_name_that_is_not_known_is_refused_where_it_would_be_lost():
    with pytest.raises(BadFile, match=r"later"):
        checked(MADE, {"later": 1}, "a.json", BadFile, known_only=True)
