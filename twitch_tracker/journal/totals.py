"""What progression needs of one side, made of its bursts. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.summary import join_spans, watched_pauses_s
from twitch_tracker.history import SideTotals
from twitch_tracker.records import Episode, ExcludedSpan
from twitch_tracker.regions import REGIONS, SIDES, Region, Side

__all__ = ["totals_of_sides"]

_LOWER_FACE = frozenset({Region.MOUTH_CORNER, Region.CHEEK})


def totals_of_sides(
    episodes: Iterable[Episode], excluded: Iterable[ExcludedSpan]
) -> dict[Side, SideTotals]:
    """Total up the bursts of both sides.

    Parameters
    ----------
    episodes : iterable of Episode
        All of one recording, in any order.
    excluded : iterable of ExcludedSpan
        What was not measured; pauses over it are not counted
        (`episodes.summary.watched_pauses_s`).

    Returns
    -------
    dict
        Totals of each side.
    """
    in_order = sorted(episodes, key=lambda episode: episode.span)
    unseen_s = join_spans(span.span for span in excluded)
    return {
        side: _totals([e for e in in_order if e.side is side], unseen_s)
        for side in SIDES
    }


def _totals(bursts: list[Episode], unseen_s: NDArray[np.float64]) -> SideTotals:
    """Total up the bursts of one side, in order of onset."""
    reached = [frozenset(burst.regions) for burst in bursts]
    return SideTotals(
        durations_s=np.array([b.span.duration_s for b in bursts], np.float32),
        pauses_s=watched_pauses_s([b.span for b in bursts], unseen_s).astype(
            np.float32
        ),
        excursions_mm=np.array([b.excursion_mm for b in bursts], np.float32),
        with_region={r: sum(r in regions for regions in reached) for r in REGIONS},
        both_regions=sum(
            Region.EYELID in regions and bool(regions & _LOWER_FACE)
            for regions in reached
        ),
        brow_lifts=sum(burst.brow_lift for burst in bursts),
    )
