"""A change of the burst rate without what the program finds by mistake.

Bursts that are missed make a rate lower all the time and leave its ratios as they are.
Bursts that are invented do not: added to a rate that doubles, they make it grow by
less. How many there are is not known of one person's films, but where only one side is
judged, the other one shows it: false alarms know no side (`standing`). Note: this is
reported beside the change of what is logged, never in its place, and says on what it
rests.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.change.trends import RawTrend
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.results import BeyondMistakes, Estimate
from twitch_tracker.regions import Side

__all__ = ["beyond_mistakes"]

Array = NDArray[np.float64]

_LEAST_FOUND: Final = 5
_LEAST_PART: Final = 0.1
"""Mistakes that are a smaller part of the lower end of a line than this change little."""

_UNEVEN: Final = 2.0
"""Variance of false alarms over their mean, as in `standing`."""

_LEFT: Final = 0.1
"""At least this part of both ends must be left, or the ratio of what is left is chance."""

_DRAWS: Final = 4000
_Z: Final = 1.959964


def beyond_mistakes(
    raw: RawTrend, columns: Columns, side: Side
) -> BeyondMistakes | None:
    """Take what is found on the other side, as mistakes, off both ends of a line.

    Parameters
    ----------
    raw : RawTrend
        Of the burst rate.
    columns : Columns
        Recordings of one kind.
    side : Side
        Whose.

    Returns
    -------
    BeyondMistakes or None
        None where the other side is judged itself or hardly any burst is found on it, where
        injections act or a change came at once (the line's ends are not all there is to
        it), or where too little is left to say.
    """
    if side.other in columns.lead or raw.treated or raw.step is not None:
        return None
    other = columns.sides[side.other]
    found, minutes = (
        float(each[raw.rows].sum()) for each in (other.onsets, other.free_min)
    )
    lower = min(raw.fitted_start, raw.fitted_end)
    rate = found / minutes
    if found < _LEAST_FOUND or not rate > _LEAST_PART * lower:
        return None
    ratios = _ratios(raw, rate, float(np.sqrt(_UNEVEN / found)))
    if np.isnan(ratios).mean() > 0.025:
        return None
    low, value, high = np.nanquantile(ratios, [0.025, 0.5, 0.975]).tolist()
    return BeyondMistakes(
        change=Estimate(value=value, low=low, high=high),
        mistakes_per_min=rate,
    )


def _ratios(raw: RawTrend, rate: float, rate_sd: float) -> Array:
    """Draw ratios of what is left, for many lines and mistakes; always the same."""
    rng = np.random.default_rng(0)
    slope, level, mistakes = rng.standard_normal((3, _DRAWS))
    logs = np.log([raw.change.low, raw.change.value, raw.change.high])
    sd = np.where(slope < 0, logs[1] - logs[0], logs[2] - logs[1]) / _Z
    grown = logs[1] + slope * sd
    middle = (np.log(raw.fitted_start) + np.log(raw.fitted_end)) / 2
    middle = middle + raw.level_sd * level
    floor = rate * np.exp(rate_sd * mistakes - rate_sd**2 / 2)
    first, last = (np.exp(middle + sign * grown / 2) for sign in (-1, 1))
    left = [end - floor for end in (first, last)]
    enough = (left[0] > _LEFT * first) & (left[1] > _LEFT * last)
    return np.where(enough, left[1] / np.where(enough, left[0], 1.0), np.nan)
