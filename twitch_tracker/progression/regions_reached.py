"""Since when, and how often lately, a region takes part in bursts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from twitch_tracker.progression.columns import Columns
from twitch_tracker.progression.intervals import over_dispersion, share_intervals
from twitch_tracker.progression.results import Estimate, RegionReached
from twitch_tracker.progression.sums import sums
from twitch_tracker.regions import REGIONS, SIDES, Region, Side

__all__ = ["LATEST_DAYS", "latest_rows", "regions_reached"]

LATEST_DAYS: Final = 91
"""What "lately" means: three months before the last recording."""

_LEAST_ON_A_DAY: Final = 2


def regions_reached(kinds: Sequence[Columns]) -> tuple[RegionReached, ...]:
    """Tell for every kind, every side with a burst, and every region.

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
        for side in SIDES
        if columns.sides[side].bursts.sum() > 0
        for region in REGIONS
    )


def latest_rows(columns: Columns) -> slice:
    """Recordings of the latest three months."""
    return slice(
        int(np.searchsorted(columns.day, columns.day[-1] - LATEST_DAYS, "right")), None
    )


def _reached(columns: Columns, side: Side, region: Region) -> RegionReached:
    """Tell of one region."""
    own = columns.sides[side]
    days, group = np.unique(columns.day, return_inverse=True)
    on_day = sums(group, own.with_region[region])
    reached = np.flatnonzero(on_day >= _LEAST_ON_A_DAY)
    rows = latest_rows(columns)
    hits, bursts = own.with_region[region][rows], own.bursts[rows]
    share = Estimate(value=float("nan"), low=float("nan"), high=float("nan"))
    if bursts.sum() > 0:
        one = np.zeros(len(hits), np.int64)
        wide = over_dispersion(hits, bursts, one, lambda p: p * (1 - p))
        k, n = np.array([hits.sum()]), np.array([bursts.sum()])
        low, high = share_intervals(k, n, wide if len(hits) > 1 else 1.0)
        share = Estimate(
            value=float(k[0] / n[0]), low=float(low[0]), high=float(high[0])
        )
    return RegionReached(
        region=region,
        side=side,
        kind=columns.kind,
        first_on=columns.date_of(days[reached[0]]) if len(reached) else None,
        latest_share=share,
    )
