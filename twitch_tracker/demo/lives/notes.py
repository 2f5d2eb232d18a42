"""Diary and treatments of a simulated person."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from twitch_tracker.demo.lives.days import Days
from twitch_tracker.demo.lives.person import Life
from twitch_tracker.history import DiaryEntry, Treatment, TreatmentKind

__all__ = ["diary_of", "treatments_of"]


def diary_of(
    life: Life, days: Days, rng: np.random.Generator
) -> tuple[DiaryEntry, ...]:
    """Draw the diary: stress may drive bursts; fatigue, sleep and coffee do nothing."""
    written = np.flatnonzero(rng.random(life.days) < life.diary.share)
    sleep = np.clip(np.round(rng.normal(7, 1, life.days) * 2) / 2, 3, 11)
    cups = rng.poisson(2, life.days)
    return tuple(
        DiaryEntry(
            on=life.start + timedelta(days=int(day)),
            stress=float(days.stress[day]),
            fatigue=float(days.fatigue[day]),
            sleep_hours=float(sleep[day]),
            caffeine_cups=float(cups[day]),
        )
        for day in written
    )


def treatments_of(life: Life) -> tuple[Treatment, ...]:
    """Return the injections, with their doses, and what else was done."""
    given = life.injections
    others = [
        Treatment(
            treatment_id=f"other-{number + 1}",
            kind=done.kind,
            on=life.start + timedelta(days=int(done.day)),
            side=life.side,
            product=done.product,
        )
        for number, done in enumerate(life.done)
    ]
    injections = [
        Treatment(
            treatment_id=f"injection-{number + 1}",
            kind=TreatmentKind.BOTULINUM_TOXIN,
            on=life.start + timedelta(days=int(day)),
            side=life.side,
            product="simulated",
            units=round(given.units * given.dose_each**number, 1),
            muscles=_shared_out(given.units * given.dose_each**number),
        )
        for number, day in enumerate(given.days)
    ]
    return tuple(sorted([*injections, *others], key=lambda given: given.on))


def _shared_out(units: float) -> dict[str, float]:
    """Split a dose between the muscles that are usually injected."""
    return {
        "orbicularis_oculi": round(0.75 * units, 1),
        "zygomaticus": round(0.25 * units, 1),
    }
