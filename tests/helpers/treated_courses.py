"""Courses whose rate is known by day, and what was done on a day of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np

from twitch_tracker.history import (
    LoggedRecording,
    Treatment,
    TreatmentKind,
)
from twitch_tracker.regions import Side

__all__ = ["FIRST", "course", "drugged", "injected", "operated", "quarter_in_effect"]

Make = Callable[..., Any]
FIRST = date(2024, 1, 1)


def injected(day: int, side: Side | None = Side.LEFT) -> Treatment:
    return Treatment(
        kind=TreatmentKind.BOTULINUM_TOXIN, on=FIRST + timedelta(days=day), side=side
    )


def operated(day: int) -> Treatment:
    return Treatment(
        kind=TreatmentKind.MICROVASCULAR_DECOMPRESSION,
        on=FIRST + timedelta(days=day),
        side=Side.LEFT,
    )


def course(
    recording: Make, days: range, rate: Callable[[int], float], seed: int = 0
) -> list[LoggedRecording]:
    """Recordings of three minutes with Poisson counts around a known rate."""
    rng = np.random.default_rng(seed)
    return [
        recording(d, rng.lognormal(-0.5, 0.5, rng.poisson(3 * rate(d)))) for d in days
    ]


def drugged(day: int, product: str = "carbamazepine") -> Treatment:
    return Treatment(
        kind=TreatmentKind.OTHER, on=FIRST + timedelta(days=day), product=product
    )


def quarter_in_effect(day: int) -> float:
    """Four a minute; one while the injection of day 60 acts, days 65 to 155."""
    return 1.0 if 65 <= day < 155 else 4.0
