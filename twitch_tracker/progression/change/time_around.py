"""Compare the time in bursts of two stretches: before a treatment, and some time after it.

Relief may come as shorter bursts, of which no fewer begin: how often bursts begin says
nothing of that, and where they take nearly all of the time hardly any is seen to begin.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.change.sure import POSSIBLE_P
from twitch_tracker.progression.change.windows import (
    Expected,
    Window,
    ways_to_differ,
)
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.recordings.survival import typical_s
from twitch_tracker.progression.results import Sureness, TimeAround
from twitch_tracker.progression.shares import is_clear
from twitch_tracker.progression.statistics.evidence import evidence_for
from twitch_tracker.progression.statistics.fit import Design, TimeShares, fit
from twitch_tracker.progression.statistics.noise import noise_of_firm_statements
from twitch_tracker.progression.statistics.sums import sums
from twitch_tracker.regions import Side

__all__ = ["TIME_PART", "ComparedTime", "compare_time"]

Array = NDArray[np.float64]

TIME_PART: Final = 1 / 3
"""Of the chance of a treatment's effect; the other two are for how often bursts begin."""

_NOT_ALL_S: Final = 0.5
"""Added to every day, so that none is all burst (`observe`)."""

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
    expected : Expected
        Means and standard deviations of what is looked for, of log odds.
    begins : tuple of float
        Days within the second stretch from which on a difference may begin as well.
    """

    day: Array
    family: TimeShares
    is_late: NDArray[np.bool_]
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
        level = Design.of(self.day, np.empty((len(self.day), 0)))
        noise = noise_of_firm_statements()
        return evidence_for(self.family, level, ways, noise).log_ratio

    @property
    def p_value(self) -> float:
        """Of no difference; NaN if unknown."""
        if not self.known:
            return float("nan")
        design = Design.of(self.day, (self.is_late - self.is_late.mean())[:, None])
        found = fit(self.family, design, noise_of_firm_statements())
        return found.along(np.array([0.0, 1.0])).p_value

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

    Returns
    -------
    ComparedTime
        Possibly unknown.
    """
    own, watched_s = columns.sides[side], columns.minutes * 60
    early = (columns.day >= first[0]) & (columns.day < first[1])
    late = (columns.day >= second[0]) & (columns.day < second[1])
    inside = early | late
    day, group = np.unique(columns.day[inside], return_inverse=True)
    typical = typical_s(own, watched_s)
    return ComparedTime(
        day=day,
        family=TimeShares(
            busy_s=sums(group, own.spasm_s[inside], len(day)),
            watched_s=sums(group, watched_s[inside], len(day)) + _NOT_ALL_S,
            typical_s=typical if np.isfinite(typical) else 1.0,
        ),
        is_late=(day >= second[0]) & (day < second[1]),
        expected=expected,
        begins=begins,
    )
