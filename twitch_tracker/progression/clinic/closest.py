"""Which level of a published scale the latest numbers come closest to.

Only levels which recordings can determine are named; a reading of a
scale is a physician's. Raters agree on such scales only moderately (ICC 0.4 to 0.7, Lee
et al. 2023, J Neural Transm 130:1269-1279).

Sources: frequency item of the Jankovic rating scale (Jankovic and Orman 1987; wording
after Park et al., Craniofacial Muscles, Table 16.2); grades of the Samsung Medical
Center (Lee JA et al. 2012, Stereotact Funct Neurosurg 90:16-19).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from twitch_tracker.history import TaskKind
from twitch_tracker.progression.clinic.regions_reached import (
    BY_MISTAKE,
    latest_rows,
    latest_share,
)
from twitch_tracker.progression.recordings.columns import Columns
from twitch_tracker.progression.results import Closest, PublishedScale
from twitch_tracker.regions import Region, Side

__all__ = ["closest_of"]

_LEAST_BURSTS: Final = 2
_BEYOND: Final = (Region.MOUTH_CORNER, Region.CHEEK)


def closest_of(kinds: Sequence[Columns]) -> tuple[Closest, ...]:
    """Compare the latest three months at rest with two published scales.

    Parameters
    ----------
    kinds : sequence of Columns
        Recordings by kind; only those at rest are used.

    Returns
    -------
    tuple of Closest
        For sides with at least two bursts in that time.
    """
    at_rest = [columns for columns in kinds if columns.kind is TaskKind.REST]
    return tuple(
        level
        for columns in at_rest
        for side in columns.judged
        if columns.sides[side].bursts[latest_rows(columns)].sum() >= _LEAST_BURSTS
        for level in (_frequency(columns, side), _spread(columns, side))
    )


def _frequency(columns: Columns, side: Side) -> Closest:
    """Return the frequency item: bursts up to, or longer than, one second."""
    own, rows = columns.sides[side], latest_rows(columns)
    bursts, longer = own.durations.count[rows].sum(), own.over_1s[rows].sum()
    return Closest(
        scale=PublishedScale.JANKOVIC,
        level=3 if longer / bursts >= 0.5 else 2,
        counted=round(float(longer)),
        bursts=round(float(bursts)),
        side=side,
    )


def _spread(columns: Columns, side: Side) -> Closest:
    """Grade by regions: around the eye only, or other parts of the same side, too."""
    own, rows = columns.sides[side], latest_rows(columns)
    bursts = own.bursts[rows].sum()
    hits = [own.with_region[region][rows] for region in _BEYOND]
    most = max(hits, key=lambda each: float(each.sum()))
    beyond = most.sum()
    spread = latest_share(most, own.bursts[rows]).low > BY_MISTAKE
    return Closest(
        scale=PublishedScale.SAMSUNG,
        level=2 if spread else 1,
        counted=round(float(beyond)),
        bursts=round(float(bursts)),
        side=side,
    )
