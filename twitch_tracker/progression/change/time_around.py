"""Compare the time in bursts of two stretches: before a treatment, and some time after it.

Relief may come as shorter bursts, of which no fewer begin: how often bursts begin says
nothing of that, and where they take nearly all of the time hardly any is seen to begin.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.change.observe import observe, pool
from twitch_tracker.progression.change.sure import POSSIBLE_P
from twitch_tracker.progression.change.trends import other_columns
from twitch_tracker.progression.change.windows import (
    Expected,
    Window,
    ways_to_differ,
)
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.recordings.phases import Acting
from twitch_tracker.progression.results import Measure, Sureness, TimeAround
from twitch_tracker.progression.shares import is_clear
from twitch_tracker.progression.statistics.evidence import evidence_for
from twitch_tracker.progression.statistics.fit import (
    WEAK_SD,
    Design,
    TimeShares,
    fit,
)
from twitch_tracker.progression.statistics.noise import noise_of_firm_statements
from twitch_tracker.regions import Side

__all__ = ["TIME_PART", "ComparedTime", "compare_time"]

Array = NDArray[np.float64]

TIME_PART: Final = 1 / 3
"""Of the chance of a treatment's effect; the other two are for how often bursts begin."""

_OTHER_SD: Final = 1.5
"""Prior standard deviation of what else there is, of log odds (as in `trends` and `others`)."""

_BY_ITSELF_P: Final = 0.05
"""What is clear over all marks together is so at one of them that differs by itself."""


@dataclass(frozen=True, kw_only=True)
class ComparedTime:
    """Days of two stretches, shape (n,) each.

    Attributes
    ----------
    day : NDArray[np.float64]
        Days with a recording in either.
    family : TimeShares
        Time in bursts on each.
    is_late : NDArray[np.bool_]
        Which belong to the second stretch.
    others : NDArray[np.float64]
        What else may have changed meanwhile (`trends.other_columns`), shape (n, p).
    expected : Expected
        Means and standard deviations of what is looked for, of log odds.
    begins : tuple of float
        Days within the second stretch from which on a difference may begin as well.
    """

    day: Array
    family: TimeShares
    is_late: NDArray[np.bool_]
    others: Array
    expected: Expected
    begins: tuple[float, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there are recordings in both, and any burst."""
        both = bool(self.is_late.any() and not self.is_late.all())
        return both and bool(self.family.busy_s.sum() > 0)

    @cached_property
    def log_evidence(self) -> float:
        """Natural logarithm of how much better a difference predicts the days; NaN if unknown."""
        if not self.known:
            return float("nan")
        after = [self.is_late, *(self.day >= begin for begin in self.begins)]
        columns = [late - late.mean() for late in after if late.any()]
        ways = ways_to_differ(columns, self.expected)
        noise = noise_of_firm_statements()
        return evidence_for(self.family, self._design(), ways, noise).log_ratio

    @property
    def p_value(self) -> float:
        """Of no difference; NaN if unknown."""
        if not self.known:
            return float("nan")
        design = self._design(self.is_late - self.is_late.mean())
        found = fit(self.family, design, noise_of_firm_statements())
        return found.along(np.eye(design.columns.shape[1])[1]).p_value

    def _design(self, *changes: Array) -> Design:
        """Return what the days depend on: a level, some changes, and what else there is."""
        stacked = np.column_stack([*changes, self.others])
        sds = [WEAK_SD] * len(changes) + [_OTHER_SD] * self.others.shape[1]
        return Design.of(self.day, stacked, prior_sd=np.array(sds))

    def around(self, *, clear: bool) -> TimeAround | None:
        """Return both shares; `clear` says that a difference is, if there is any by itself."""
        if not self.known:
            return None
        late, early = self._share(self.is_late), self._share(~self.is_late)
        p_value = self.p_value
        sure = Sureness.POSSIBLE if p_value < POSSIBLE_P else Sureness.UNCERTAIN
        if clear and p_value < _BY_ITSELF_P:
            sure = Sureness.CLEAR
        return TimeAround(before=early, after=late, sureness=sure)

    def is_clear(self, share: float) -> bool:
        """Return whether a difference is clear with this share of the page's chance."""
        return is_clear(self.log_evidence, share)

    def _share(self, chosen: NDArray[np.bool_]) -> float:
        busy, watched = self.family.busy_s[chosen], self.family.watched_s[chosen]
        return float(busy.sum() / watched.sum())


def compare_time(
    columns: Columns,
    side: Side,
    first: Window,
    second: Window,
    expected: Expected,
    begins: tuple[float, ...] = (),
    *,
    injections: Array | None = None,
) -> ComparedTime:
    """Compare the second stretch with the first; days are half-open spans.

    Parameters
    ----------
    columns : Columns
        Recordings of one kind.
    side : Side
        Whose bursts.
    first, second : tuple of float
        First day, and the day after the last one.
    expected : Expected
        Which differences are looked for.
    begins : tuple of float
        Days within the second stretch from which on the difference may begin as well.
    injections : NDArray[np.float64], optional
        Days of injections whose effect is taken out; tasks, devices and what a person
        checked are in any case.

    Returns
    -------
    ComparedTime
        Possibly unknown.
    """
    late = (columns.day >= second[0]) & (columns.day < second[1])
    early = (columns.day >= first[0]) & (columns.day < first[1])
    observed = observe(columns, side, Measure.SPASM_FRACTION).some(early | late)
    day = columns.day[observed.rows]
    acting = None if injections is None else Acting.on(day, injections)
    others = other_columns(columns, observed.rows, acting)
    when, block = np.unique(day, return_inverse=True)
    family = observed.family
    if len(when):
        family, _, others, _ = pool(observed, day, others, block)
        others = others - others.mean(axis=0)
    return ComparedTime(
        day=when,
        family=cast("TimeShares", family),
        is_late=(when >= second[0]) & (when < second[1]),
        others=others,
        expected=expected,
        begins=begins,
    )
