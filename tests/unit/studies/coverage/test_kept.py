"""Twelve people of some scenarios: what the page says of them can be what it should.

Always the same people; the figures of more of them are in docs/validation.md.
"""

from __future__ import annotations

from functools import cache

import pytest

from studies.coverage.table import Row, ask_one, rows_of

PEOPLE = 12


@cache
def rows(scenario: str) -> dict[str, Row]:
    answers = [a for seed in range(PEOPLE) for a in ask_one((scenario, seed))]
    return {row.question: row for row in rows_of(answers)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scenario", "question"),
    [
        ("well_seen", "any firm sentence at the end that is not so"),
        ("well_seen", "latest rate inside its interval"),
        ("stable", "any firm sentence at the end that is not so"),
        ("shorter", "a clear trend that is not so"),
        ("longer", "a clear trend that is not so"),
        ("new_lamp", "a clear trend that is not so"),
        ("better_camera", "a warning of another device"),
        ("mirrored", "a clear trend that is not so"),
        ("mirrored", "a warning of another side"),
        ("eyelid_only", "a region is shown that never takes part"),
        ("stress", "fatigue is shown clearly"),
        ("late", "opens with less, although there is more"),
        ("late", "opens with more time in bursts, clearly"),
        ("late", "time in bursts beyond all of it"),
    ],
)
def test_what_it_should_be_is_not_excluded(scenario: str, question: str) -> None:
    """The 95 % interval of the share reaches what it should come to."""
    row = rows(scenario)[question]
    assert row.persons >= PEOPLE - 2
    assert row.low <= row.wanted.high
    assert row.high >= row.wanted.low
