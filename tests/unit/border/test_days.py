"""Dates from elsewhere: those of years that can be meant, and no others."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from twitch_tracker.border.days import moment_of_file


def test_the_date_of_a_file():
    assert moment_of_file(0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert moment_of_file(1_750_000_000.5).year == 2025


@pytest.mark.parametrize(
    "since_1970_s", [-7e10, -5e9, 8e9, 253_402_300_800, 1e13, 1e300, float("nan")]
)
def test_a_year_that_nobody_means_is_none(since_1970_s):
    assert moment_of_file(since_1970_s) is None
