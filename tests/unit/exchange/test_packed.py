"""Zip entries have a date that a zip file knows."""

from __future__ import annotations

import time

import pytest

from twitch_tracker.exchange.disk.packed import entry_of_now


@pytest.mark.parametrize(
    ("now_s", "year"), [(-5e9, 1980), (0, 1980), (1.6e9, 2020), (9e9, 2107)]
)
def test_the_nearest_date_that_there_is(monkeypatch, now_s, year):
    monkeypatch.setattr(time, "time", lambda: now_s)
    assert entry_of_now("a.csv").date_time[0] == year
