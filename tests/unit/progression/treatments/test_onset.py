"""The day on which half of an injection's effect is there, and how sure it is."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.progression.statistics.fit import Counts, Design
from twitch_tracker.progression.treatments.onset import (
    ONSET_DAYS,
    WearingOff,
    onset_columns,
    onset_day,
)

LASTING = WearingOff(days=np.array([0.0, 60.0, 120.0]), share=np.array([1.0, 1.0, 0.0]))


def test_what_is_left_of_the_one_before_goes_on() -> None:
    """On the day of a second injection the first one still acts, at half after 90 days."""
    columns = onset_columns(LASTING, np.array([0.0, 60.0]), np.array([90.0, np.inf]))
    assert columns[0] == pytest.approx(0.5)
    assert columns[1, : len(ONSET_DAYS)] == pytest.approx(1.0, abs=0.15)


def test_before_any_injection_none_acts() -> None:
    """Infinitely many days since the last one."""
    nothing = np.array([np.inf])
    assert not onset_columns(LASTING, nothing, nothing).any()


@pytest.mark.parametrize("true_day", [2.5, 4.0, 8.0])
def test_a_day_is_found_although_the_one_before_still_acts(true_day: float) -> None:
    """Read off a free curve, days were told too late: its lowest point is by chance too low."""
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(10):
        day = np.arange(0.0, 560.0)
        after = day % 112
        before = np.where(day >= 112, after + 112, np.inf)
        come = 1 - np.exp(-np.log(2) * (after / true_day) ** 2)
        share = np.maximum(come * LASTING.at(after), LASTING.at(before))
        count = rng.poisson(5 * 0.25**share).astype(float)
        family = Counts(count=count, exposure=np.full(len(day), 3.0))
        null = Design.of(day, (day / 560 - 0.5)[:, None])
        found = onset_day(family, null, onset_columns(LASTING, after, before))
        assert found is not None
        inside += found.low <= true_day <= found.high
    assert inside >= 9


def test_without_recordings_of_the_first_weeks_no_day_is_told() -> None:
    """Nothing is known beforehand, so that nothing is known."""
    day = np.arange(0.0, 364.0)
    day = day[day % 91 > 28]
    after = day % 91
    family = Counts(count=np.full(len(day), 4.0), exposure=np.ones(len(day)))
    null = Design.of(day, (day / 364 - 0.5)[:, None])
    columns = onset_columns(LASTING, after, np.full(len(day), np.inf))
    assert onset_day(family, null, columns) is None
