"""How the burst rate goes along with numbers of the diary. Never a cause.

For each number: the latest days with both an entry and a recording, the other numbers,
the trend and the effect of injections taken out, and variability that lasts taken into account, because two
things that drift go along with each other for no reason at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.history import (
    DIARY_INFLUENCES,
    DiaryEntry,
    TaskKind,
    Treatment,
)
from twitch_tracker.progression.change.sure import sureness_of
from twitch_tracker.progression.change.trends import other_columns
from twitch_tracker.progression.change.windows import estimate_of
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.recordings.phases import (
    injection_days,
    operation_days,
    relief_columns,
)
from twitch_tracker.progression.results import Association
from twitch_tracker.progression.shares import diary_share
from twitch_tracker.progression.statistics.evidence import (
    NOT_WORTH_WEIGHING_P,
    Alternative,
    evidence_for,
)
from twitch_tracker.progression.statistics.fit import Counts, Design, fit
from twitch_tracker.progression.statistics.noise import noise_of_logs
from twitch_tracker.progression.statistics.sums import sums
from twitch_tracker.regions import Side

__all__ = ["LEAST_DAYS", "MOST_DAYS", "associations_of"]

Array = NDArray[np.float64]

LEAST_DAYS: Final = 10
LEAST_BURSTS: Final = 10
MOST_DAYS: Final = 120
"""The latest days are enough, and how life was ten years ago says little of today."""

_EFFECT_SD: Final = 1.5
_PER_SPREAD: Final = (0.1, 0.3)
"""Standard deviations of the log rate's change that are looked for, for each standard
deviation of a number."""


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
        recording, on sides with at least ten bursts on them. What goes along with the
        other numbers is taken out: tired days are often days with stress, too.
    """
    return tuple(
        one
        for columns in kinds
        if diary
        for noted in (_noted(columns, diary),)
        for side in columns.judged
        for factor in DIARY_INFLUENCES
        if (one := _one(columns, side, factor, noted, treatments)) is not None
    )


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
        for factor in DIARY_INFLUENCES
    }


def _one(
    columns: Columns,
    side: Side,
    factor: str,
    noted: Mapping[str, Array],
    treatments: Sequence[Treatment],
) -> Association | None:
    """Fit one number of the diary beside the others, `noted` by recording."""
    own, known = columns.sides[side], noted[factor]
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
    if bursts.sum() < LEAST_BURSTS or np.ptp(known[rows]) == 0:
        return None
    family = Counts(count=bursts, exposure=sums(group, own.free_min[rows], n))
    others = [
        _standing(values[rows], group, n)
        for name, values in noted.items()
        if name != factor and np.isfinite(values[rows]).sum() >= LEAST_DAYS
    ]
    other = _other(columns, side, rows, days, treatments, group)
    null = Design.of(days, np.column_stack([*others, other]), prior_sd=_EFFECT_SD)
    value = _standing(known[rows], group, n)
    return _association(
        _Place(factor=factor, side=side, kind=columns.kind, part=columns.part(side)),
        family,
        null,
        value,
        spread=float(known[rows].std()),
    )


def _standing(known: Array, group: NDArray[np.int64], n: int) -> Array:
    """Return a number by day in standard deviations from its mean; 0 where not noted."""
    there = np.isfinite(known)
    mean, spread = known[there].mean(), known[there].std()
    if not spread > 0:
        return np.zeros(n)
    filled = np.where(there, (known - mean) / spread, 0.0)
    return np.asarray(sums(group, filled, n) / np.bincount(group, minlength=n))


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


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Which number of the diary, of which bursts, and their part of the page's chance."""

    factor: str
    side: Side
    kind: TaskKind
    part: float


def _association(
    place: _Place, family: Counts, null: Design, value: Array, *, spread: float
) -> Association:
    """Fit an association, `value` in standard deviations of `spread`."""
    noise = noise_of_logs()
    stacked = np.column_stack([value, null.columns[:, 1:]])
    design = Design.of(null.days, stacked, prior_sd=_EFFECT_SD)
    unit = np.zeros(design.columns.shape[1])
    unit[1] = 1 / spread
    slope = fit(family, design, noise).along(unit)
    log_evidence = 0.0
    if slope.p_value < NOT_WORTH_WEIGHING_P:
        ways = [Alternative(column=value, sds=_PER_SPREAD, chance=1.0)]
        log_evidence = evidence_for(family, null, ways, noise).log_ratio
    share = diary_share(place.part)
    return Association(
        factor=place.factor,
        side=place.side,
        kind=place.kind,
        days=len(null.days),
        rate_ratio=estimate_of(slope),
        p_value=slope.p_value,
        sureness=sureness_of(log_evidence, share, slope.p_value),
    )
