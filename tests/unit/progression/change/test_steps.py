"""Changes that come at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from twitch_tracker.progression.progress import progress_of
from twitch_tracker.progression.results import Measure, Sureness
from twitch_tracker.regions import Side

Make = Callable[..., Any]


@pytest.mark.parametrize("seed", [1, 4, 7])
def test_an_end_of_all_bursts_is_clear_three_months_later(
    history: Make, recording: Make, seed: int
) -> None:
    """A burst a minute, better and worse days; from day 90 on only what is found by mistake."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in range(0, 180, 2):
        bursts = rng.poisson(3 * rng.lognormal(-0.12, 0.5) if day < 90 else 0.35)
        rows.append(recording(day, rng.lognormal(0, 0.7, bursts)))
    trend = next(
        series.trend
        for series in progress_of(history(*rows)).series
        if series.measure is Measure.SPASM_FRACTION and series.side is Side.LEFT
    )
    assert trend is not None
    assert trend.sureness is Sureness.CLEAR
    assert (trend.step or trend).change.high < 0
