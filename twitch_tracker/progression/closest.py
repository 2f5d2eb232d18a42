"""Which level of a published scale the latest numbers come closest to, and by which rule.

Only levels which recordings can tell are named, with the rule in words; a reading of a
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
from twitch_tracker.language import mark, say
from twitch_tracker.progression.columns import Columns
from twitch_tracker.progression.regions_reached import latest_rows
from twitch_tracker.progression.results import Closest
from twitch_tracker.regions import SIDES, Region, Side

__all__ = ["closest_of"]

JANKOVIC: Final = mark("Jankovic rating scale, frequency (Jankovic and Orman 1987)")
SAMSUNG: Final = mark("Samsung Medical Center grade (Lee et al. 2012)")

_LEAST_BURSTS: Final = 2
_SPREAD_SHARE: Final = 0.1


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
        for side in SIDES
        if columns.sides[side].bursts[latest_rows(columns)].sum() >= _LEAST_BURSTS
        for level in (_frequency(columns, side), _spread(columns, side))
    )


def _frequency(columns: Columns, side: Side) -> Closest:
    """Frequency item: bursts up to, or longer than, one second."""
    own, rows = columns.sides[side], latest_rows(columns)
    bursts = own.bursts[rows].sum()
    share = float(own.over_1s[rows].sum() / bursts)
    level = 3 if share >= 0.5 else 2
    return Closest(
        scale=say(JANKOVIC),
        level=say("frequency {level}", level=level),
        rule=say(
            "2 when most bursts last up to one second, 3 when at least half last "
            "longer. In the latest three months at rest {percent:.0f} % of {bursts:.0f} "
            "bursts lasted longer. Levels 0 and 1 (no bursts, blinking only) and 4 "
            "(eyes closed for most of the waking day) are not told from recordings. "
            "This is no rating: a rating is a physician's.",
            percent=100 * share,
            bursts=bursts,
        ),
        side=side,
    )


def _spread(columns: Columns, side: Side) -> Closest:
    """Grade by regions: around the eye only, or other parts of the same side, too."""
    own, rows = columns.sides[side], latest_rows(columns)
    bursts = own.bursts[rows].sum()
    beyond = float(
        max(
            own.both_regions[rows].sum(),
            own.with_region[Region.MOUTH_CORNER][rows].sum(),
            own.with_region[Region.CHEEK][rows].sum(),
        )
    )
    spread = beyond >= _LEAST_BURSTS and beyond / bursts >= _SPREAD_SHARE
    return Closest(
        scale=say(SAMSUNG),
        level="II" if spread else "I",
        rule=say(
            "I when bursts stay around the eye, II when at least one in ten (and at "
            "least two) also reach the mouth corner or the cheek of the same side. In "
            "the latest three months at rest {beyond:.0f} of {bursts:.0f} bursts did. "
            "Grades III and IV (impaired vision, disfigurement) are not told from "
            "recordings. This is no rating: a rating is a physician's.",
            beyond=beyond,
            bursts=bursts,
        ),
        side=side,
    )
