"""How the burst rate goes along with numbers of the diary. Never a cause.

For each number: the latest days with both an entry and a recording, the other numbers,
the trend and the effect of injections taken out, and variability that lasts taken into
account, because two things that drift go along with each other for no reason at all.
Note: the numbers of a diary share one chance (closed testing, Marcus, Peritz and
Gabriel 1976, Biometrika 63:655-660): one of them is clear when the evidence for it
beside all others, and that for every set of numbers which holds it beside the rest,
reaches what is asked of all together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.history import (
    DIARY_INFLUENCES,
    DiaryEntry,
    Treatment,
)
from twitch_tracker.progression.change.sure import sureness_of
from twitch_tracker.progression.change.trends import other_columns
from twitch_tracker.progression.change.windows import estimate_of
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.recordings.phases import (
    Acting,
    injection_days,
    operation_days,
    relief_columns,
)
from twitch_tracker.progression.results import Association, Sureness
from twitch_tracker.progression.shares import diary_share, is_clear
from twitch_tracker.progression.statistics.evidence import (
    NOT_WORTH_WEIGHING_P,
    Alternative,
    evidence_for,
)
from twitch_tracker.progression.statistics.fit import Counts, Design, Fit, fit
from twitch_tracker.progression.statistics.noise import (
    noise_of_firm_statements,
    noise_of_logs,
)
from twitch_tracker.progression.statistics.sums import sums
from twitch_tracker.regions import Side

__all__ = ["LEAST_DAYS", "MOST_DAYS", "associations_of"]

Array = NDArray[np.float64]

LEAST_DAYS: Final = 10
LEAST_BURSTS: Final = 10
MOST_DAYS: Final = 180
"""The latest days are enough, and how life was ten years ago says little of today."""

_EFFECT_SD: Final = 1.5
_USUAL, _USUAL_SD = 0.3, 0.15
"""Change of the log rate that is looked for, for each standard deviation of a number: what
matters is about a third more or fewer; a tenth is not seen within a year anyway."""


@dataclass(frozen=True)
class _Thought:
    """What is thought of a number beforehand.

    Attributes
    ----------
    way : int
        1 where more of it is thought to bring more bursts, -1 fewer.
    weight : float
        How likely it is among all numbers of the diary.
    """

    way: int
    weight: float


_GO_TOGETHER: Final = 0.3
"""Correlation from which two numbers are said to go along with each other."""

_AS_THOUGHT: Final = 0.8
_THOUGHTS: Final[Mapping[str, _Thought]] = {
    "stress": _Thought(1, 0.5),
    "fatigue": _Thought(1, 0.2),
    "sleep_hours": _Thought(-1, 0.15),
    "screen_hours": _Thought(1, 0.1),
    "caffeine_cups": _Thought(1, 0.05),
}
"""Stress is what people name most: 45 % of 321 (PMID 22222858), 65 % of 137 (Au et al. 2004, Ann
Acad Med Singapore 33:324-328); then fatigue, too little sleep and reading."""


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
        for one in _Beside(columns, side, noted, treatments).associations()
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


@dataclass(frozen=True, kw_only=True)
class _Days:
    """Days on which some numbers of the diary are known, and what else their rate depends on.

    Attributes
    ----------
    family : Counts
        Bursts of n days.
    days : NDArray[np.float64]
        Which, shape (n,).
    numbers : Mapping[str, NDArray[np.float64]]
        Those of the diary in standard deviations from their mean, each of shape (n,).
    spread : Mapping[str, float]
        These standard deviations.
    other : NDArray[np.float64]
        Time, injections, tasks, operations; shape (n, p).
    """

    family: Counts
    days: Array
    numbers: Mapping[str, Array]
    spread: Mapping[str, float]
    other: Array

    def without(self, factors: Iterable[str] = ()) -> Design:
        """Return what the rate depends on, these numbers of the diary left out."""
        left = [column for name, column in self.numbers.items() if name not in factors]
        return Design.of(
            self.days, np.column_stack([*left, self.other]), prior_sd=_EFFECT_SD
        )

    def evidence(self, factors: Sequence[str]) -> float:
        """Weigh how strongly recordings speak for one of these numbers."""
        whole = sum(_THOUGHTS[factor].weight for factor in factors)
        ways = [
            Alternative(
                column=self.numbers[factor],
                sds=(_USUAL_SD,),
                chance=chance * _THOUGHTS[factor].weight / whole,
                means=(way * _THOUGHTS[factor].way * _USUAL,),
            )
            for factor in factors
            for way, chance in ((1, _AS_THOUGHT), (-1, 1 - _AS_THOUGHT))
        ]
        null = self.without(factors)
        return evidence_for(
            self.family, null, ways, noise_of_firm_statements()
        ).log_ratio


@dataclass(frozen=True)
class _Beside:
    """The bursts of one side beside the diary, `noted` by recording."""

    columns: Columns
    side: Side
    noted: Mapping[str, Array]
    treatments: Sequence[Treatment]

    def associations(self) -> list[Association]:
        """Return what is found of every number."""
        if not self.columns.sides[self.side].onsets.sum() >= LEAST_BURSTS:
            return []
        # Numbers that were noted on the same days are fitted once, together.
        found: dict[bytes, tuple[_Days, Fit] | None] = {}
        tested: dict[str, tuple[_Days, Fit]] = {}
        for factor, known in self.noted.items():
            there = np.isfinite(known)
            same = there.tobytes()
            if same not in found:
                found[same] = self._fitted(there)
            own = found[same]
            if own is not None and factor in own[0].numbers:
                tested[factor] = own
        together = tuple(tested)
        associations = [
            self._association(factor, *own, together=together)
            for factor, own in tested.items()
        ]
        if any(one.sureness is Sureness.CLEAR for one in associations):
            return associations
        return self._with_pairs(associations, tested)

    def _fitted(self, there: NDArray[np.bool_]) -> tuple[_Days, Fit] | None:
        """Fit the recordings with an entry; None with too few of them."""
        days = self._days(there)
        if days is None:
            return None
        return days, fit(days.family, days.without(), noise_of_logs())

    def _days(self, there: NDArray[np.bool_]) -> _Days | None:
        """Put the recordings with an entry together by day; None with too few of them."""
        own = self.columns.sides[self.side]
        rows = np.flatnonzero(there)
        days = np.unique(self.columns.day[rows])
        if len(days) < LEAST_DAYS:
            return None
        days = days[-MOST_DAYS:]
        rows = rows[self.columns.day[rows] >= days[0]]
        group = np.searchsorted(days, self.columns.day[rows])
        n = len(days)
        bursts = sums(group, own.onsets[rows], n)
        if bursts.sum() < LEAST_BURSTS:
            return None
        spread = {
            name: float(np.nanstd(values[rows]))
            for name, values in self.noted.items()
            if np.isfinite(values[rows]).sum() >= LEAST_DAYS
        }
        spread = {name: one for name, one in spread.items() if one > 0}
        return _Days(
            family=Counts(count=bursts, exposure=sums(group, own.free_min[rows], n)),
            days=days,
            numbers={
                name: _standing(self.noted[name][rows], group, n) for name in spread
            },
            spread=spread,
            other=self._other(rows, days, group),
        )

    def _other(
        self, rows: NDArray[np.int64], days: Array, group: NDArray[np.int64]
    ) -> Array:
        """Return what is taken out: time, injections, tasks, operations."""
        n, columns, side = len(days), self.columns, self.side
        injections = injection_days(self.treatments, columns, side)
        other = other_columns(columns, rows, Acting.on(columns.day[rows], injections))
        per_day = np.bincount(group, minlength=n)
        means = [sums(group, column, n) / per_day for column in other.T]
        time = (days - days.mean()) / max(float(np.ptp(days)), 1.0)
        operations = operation_days(self.treatments, columns, side)
        relief = relief_columns(days, operations)
        stacked = np.column_stack([time, *means, relief])
        return np.asarray(stacked - stacked.mean(axis=0))

    def _association(
        self, factor: str, days: _Days, fitted: Fit, *, together: Sequence[str]
    ) -> Association:
        """Read one number off, and weigh it."""
        unit = np.zeros(fitted.coefficients.shape[1])
        unit[1 + list(days.numbers).index(factor)] = 1 / days.spread[factor]
        slope = fitted.along(unit)
        log_evidence = 0.0
        if slope.p_value < NOT_WORTH_WEIGHING_P:
            log_evidence = self._least_evidence((factor,), together)
        return Association(
            factor=factor,
            side=self.side,
            kind=self.columns.kind,
            days=len(days.days),
            rate_ratio=estimate_of(slope),
            p_value=slope.p_value,
            sureness=sureness_of(log_evidence, self._share, slope.p_value),
        )

    @property
    def _share(self) -> float:
        return diary_share(self.columns.part(self.side))

    def _with_pairs(
        self,
        associations: list[Association],
        tested: Mapping[str, tuple[_Days, Fit]],
    ) -> list[Association]:
        """Find two numbers that go along with each other, with one of which bursts clearly go."""
        paired = list(associations)
        likely = sorted(associations, key=lambda one: one.p_value)
        for one, other in combinations(likely, 2):
            if not one.p_value < NOT_WORTH_WEIGHING_P:
                break
            numbers = tested[one.factor][0].numbers
            if other.factor not in numbers:
                continue
            pair = (one.factor, other.factor)
            alike = np.corrcoef([numbers[name] for name in pair])[0, 1]
            if abs(alike) < _GO_TOGETHER:
                continue
            if is_clear(self._least_evidence(pair, tuple(tested)), self._share):
                place = associations.index(one)
                paired[place] = replace(one, or_factor=other.factor)
                break
        return paired

    def _least_evidence(self, held: tuple[str, ...], together: Sequence[str]) -> float:
        """Return the least evidence of the sets of numbers that hold these.

        None below what is asked.
        """
        rest = [name for name in together if name not in held]
        sizes = range(len(rest) + 1)
        least = np.inf
        for some in chain.from_iterable(combinations(rest, size) for size in sizes):
            names = (*held, *some)
            known = [np.isfinite(self.noted[name]) for name in names]
            days = self._days(np.any(known, axis=0))
            if days is not None:
                least = min(
                    least, days.evidence([n for n in names if n in days.numbers])
                )
            if not is_clear(least, self._share):
                break
        return float(least)


def _standing(known: Array, group: NDArray[np.int64], n: int) -> Array:
    """Return a number by day in standard deviations from its mean; 0 where not noted."""
    there = np.isfinite(known)
    mean, spread = known[there].mean(), known[there].std()
    filled = np.where(there, (known - mean) / spread, 0.0)
    return np.asarray(sums(group, filled, n) / np.bincount(group, minlength=n))
