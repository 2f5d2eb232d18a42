"""Since when, and how often lately, a region takes part in bursts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.results import Estimate, RegionReached
from twitch_tracker.progression.shares import is_clear, region_share
from twitch_tracker.progression.statistics.intervals import (
    over_dispersion,
    share_intervals,
)
from twitch_tracker.progression.statistics.sums import sums
from twitch_tracker.regions import REGIONS, Region, Side

__all__ = [
    "BY_MISTAKE",
    "LATEST_DAYS",
    "latest_rows",
    "latest_share",
    "regions_reached",
]

Array = NDArray[np.float64]

LATEST_DAYS: Final = 91
"""What "lately" means: three months before the last recording."""

BY_MISTAKE: Final = 0.18
"""Share of bursts that are given a region by mistake, at most: of all regions that were
named or drawn in films of known truth, 0.82 are shared (docs/validation.md)."""

_TAKES_PART: Final = np.array([0.35, 0.7])
"""Shares of the bursts that are looked for. Whatever the share is, one of these explains it nearly as
well as itself; more of them only part the evidence."""

_WEEK_DAYS: Final = 7.0
_EARLY_DAYS: Final = 60.0
_LAST_DAY: Final = 20 * 365.25
"""When a region may join has the density 1 / (day + 60) over twenty years."""


def regions_reached(kinds: Sequence[Columns]) -> tuple[RegionReached, ...]:
    """Return for every kind, every side with a burst, and every region.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind.

    Returns
    -------
    tuple of RegionReached
        In the order of kinds, sides and `regions.REGIONS`.
    """
    return tuple(
        _reached(columns, side, region)
        for columns in kinds
        for side in columns.judged
        if columns.sides[side].bursts.sum() > 0
        for region in REGIONS
    )


def latest_rows(columns: Columns) -> slice:
    """Return recordings of the latest three months."""
    return slice(
        int(np.searchsorted(columns.day, columns.day[-1] - LATEST_DAYS, "right")), None
    )


def _reached(columns: Columns, side: Side, region: Region) -> RegionReached:
    """Examine one region."""
    own = columns.sides[side]
    rows = latest_rows(columns)
    return RegionReached(
        region=region,
        side=side,
        kind=columns.kind,
        first_on=_sure_since(columns, side, region),
        latest_share=latest_share(own.with_region[region][rows], own.bursts[rows]),
    )


def latest_share(hits: Array, bursts: Array) -> Estimate:
    """Return the share of bursts with its interval; NaN without any."""
    if not bursts.sum() > 0:
        return Estimate(value=float("nan"), low=float("nan"), high=float("nan"))
    one = np.zeros(len(hits), np.int64)
    wide = over_dispersion(hits, bursts, one, lambda p: p * (1 - p))
    k, n = np.array([hits.sum()]), np.array([bursts.sum()])
    low, high = share_intervals(k, n, wide if len(hits) > 1 else 1.0)
    return Estimate(value=float(k[0] / n[0]), low=float(low[0]), high=float(high[0]))


def _sure_since(columns: Columns, side: Side, region: Region) -> date | None:
    """Return first day on which a region surely took part; None if it never was sure.

    More bursts must have it than the detector names by mistake. The chance of the
    recordings so far if it takes part in a third or in seven of ten bursts since any
    week is compared with that if it never did more than by mistake; the mixture over
    the week of joining (a sum that a new week joins: Shiryaev 1963, Roberts 1966) is
    looked at every week, which `evidence` allows.
    """
    own = columns.sides[side]
    week, group = np.unique(columns.day // _WEEK_DAYS, return_inverse=True)
    hits = sums(group, own.with_region[region])
    misses = np.maximum(sums(group, own.bursts) - hits, 0)
    joined = np.log1p((week * _WEEK_DAYS + ((0,), (_WEEK_DAYS,))) / _EARLY_DAYS)
    chance = (joined[1] - joined[0]) / np.log1p(_LAST_DAY / _EARLY_DAYS)
    evidence = np.outer(hits, np.log(_TAKES_PART / BY_MISTAKE))
    evidence += np.outer(misses, np.log((1 - _TAKES_PART) / (1 - BY_MISTAKE)))
    share = region_share(columns.part(side), region)
    # Sums of exp(log chance + what is seen from that week on), all weeks at once.
    passed = np.cumsum(evidence, axis=0)
    begun = np.log(chance)[:, None] - np.concatenate([[passed[0] * 0], passed[:-1]])
    ratio = np.logaddexp.accumulate(begun, axis=0) + passed
    each = np.logaddexp.reduce(ratio, axis=1) - np.log(ratio.shape[1])
    sure = [place for place in np.flatnonzero(each > 0) if is_clear(each[place], share)]
    return columns.date_of(columns.day[group == sure[0]][-1]) if sure else None
