"""How the burst rate goes along with numbers of the diary. Never a cause.

For each number: the latest days with both an entry and a recording, the trend and the
effect of injections taken out, and unrest that lasts taken into account, because two
things that drift go along with each other for no reason at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.history import (
    DIARY_FACTORS,
    DiaryEntry,
    TaskKind,
    Treatment,
)
from twitch_tracker.progression.columns import Columns
from twitch_tracker.progression.fit import Combination, Counts, Design, fit
from twitch_tracker.progression.noise import noise_of_logs
from twitch_tracker.progression.phases import (
    injection_days,
    operation_days,
    relief_columns,
)
from twitch_tracker.progression.results import Association, Sureness
from twitch_tracker.progression.sums import sums
from twitch_tracker.progression.sure import sureness_of
from twitch_tracker.progression.trends import other_columns
from twitch_tracker.progression.windows import estimate_of
from twitch_tracker.regions import SIDES, Side

__all__ = ["LEAST_DAYS", "MOST_DAYS", "associations_of"]

Array = NDArray[np.float64]

LEAST_DAYS: Final = 10
LEAST_BURSTS: Final = 10
MOST_DAYS: Final = 120
"""The latest days are enough, and how life was ten years ago says little of today."""

_EFFECT_SD: Final = 1.5


@dataclass(frozen=True, kw_only=True)
class _Found:
    """One association before all were looked at together."""

    factor: str
    side: Side
    kind: TaskKind
    days: int
    slope: Combination


def associations_of(
    kinds: Sequence[Columns],
    diary: Sequence[DiaryEntry],
    treatments: Sequence[Treatment],
) -> tuple[Association, ...]:
    """Look for what goes along with the burst rate.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.
    diary : sequence of DiaryEntry
        One entry a day.
    treatments : sequence of Treatment
        All of the person.

    Returns
    -------
    tuple of Association
        Of numbers that differ between at least ten days with an entry and a
        recording, on sides with at least ten bursts on them. Sureness is decided over
        all of them together (Holm).
    """
    found = [
        one
        for columns in kinds
        if diary
        for noted in (_noted(columns, diary),)
        for side in SIDES
        for factor in DIARY_FACTORS
        if (one := _one(columns, side, factor, noted[factor], treatments)) is not None
    ]
    sureness = sureness_of([one.slope.p_value for one in found])
    return tuple(_told(one, s) for one, s in zip(found, sureness, strict=True))


def _noted(columns: Columns, diary: Sequence[DiaryEntry]) -> dict[str, Array]:
    """Return every number of the diary by recording, of its day; NaN without any."""
    entries = sorted(diary, key=lambda entry: entry.on)
    first = columns.first_day.toordinal()
    days = np.array([entry.on.toordinal() - first for entry in entries], float)
    place = np.maximum(np.searchsorted(days, columns.day, side="right") - 1, 0)
    same = days[place] == columns.day
    return {
        factor: np.where(
            same, np.array([getattr(entry, factor) for entry in entries])[place], np.nan
        )
        for factor in DIARY_FACTORS
    }


def _one(
    columns: Columns,
    side: Side,
    factor: str,
    known: Array,
    treatments: Sequence[Treatment],
) -> _Found | None:
    """Fit one number of the diary, `known` by recording."""
    own = columns.sides[side]
    if not own.onsets.sum() >= LEAST_BURSTS:
        return None
    rows = np.flatnonzero(np.isfinite(known))
    days = np.unique(columns.day[rows])
    if len(days) < LEAST_DAYS:
        return None
    days = days[-MOST_DAYS:]
    rows = rows[columns.day[rows] >= days[0]]
    group = np.searchsorted(days, columns.day[rows])
    n = len(days)
    bursts = sums(group, own.onsets[rows], n)
    value = sums(group, known[rows], n) / np.bincount(group, minlength=n)
    if bursts.sum() < LEAST_BURSTS or np.ptp(value) == 0:
        return None
    minutes = sums(group, own.free_min[rows], n)
    other = _other(columns, side, rows, days, treatments, group)
    spread = float(value.std())
    columns_of_fit = np.column_stack([(value - value.mean()) / spread, other])
    design = Design.of(days, columns_of_fit, prior_sd=_EFFECT_SD)
    fitted = fit(Counts(count=bursts, exposure=minutes), design, noise_of_logs())
    unit = np.zeros(design.columns.shape[1])
    unit[1] = 1 / spread
    return _Found(
        factor=factor, side=side, kind=columns.kind, days=n, slope=fitted.along(unit)
    )


def _other(
    columns: Columns,
    side: Side,
    rows: NDArray[np.int64],
    days: Array,
    treatments: Sequence[Treatment],
    group: NDArray[np.int64],
) -> Array:
    """What is taken out: time, injections, tasks, operations."""
    n = len(days)
    other = other_columns(columns, rows, injection_days(treatments, columns, side))
    per_day = np.bincount(group, minlength=n)
    means = [sums(group, column, n) / per_day for column in other.T]
    time = (days - days.mean()) / max(float(np.ptp(days)), 1.0)
    relief = relief_columns(days, operation_days(treatments, columns, side))
    stacked = np.column_stack([time, *means, relief])
    return np.asarray(stacked - stacked.mean(axis=0))


def _told(found: _Found, sureness: Sureness) -> Association:
    """Finish an association."""
    return Association(
        factor=found.factor,
        side=found.side,
        kind=found.kind,
        days=found.days,
        rate_ratio=estimate_of(found.slope),
        p_value=found.slope.p_value,
        sureness=sureness,
    )
