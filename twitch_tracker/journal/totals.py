"""Totals that progression needs of one side, computed from its bursts. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.summary import join_spans, watched_pauses_s
from twitch_tracker.history import SideTotals
from twitch_tracker.records import Episode, ExcludedSpan, HardlyOpen
from twitch_tracker.regions import REGIONS, SIDES, Region, Side

__all__ = ["totals_of_sides"]

_LOWER_FACE = frozenset({Region.MOUTH_CORNER, Region.CHEEK})


def totals_of_sides(
    episodes: Iterable[Episode],
    excluded: Iterable[ExcludedSpan],
    hardly_open: Iterable[HardlyOpen] | None = None,
) -> dict[Side, SideTotals]:
    """Total up the bursts of both sides.

    Parameters
    ----------
    episodes : iterable of Episode
        All of one recording, in any order.
    excluded : iterable of ExcludedSpan
        What was not measured; pauses over it are not counted
        (`episodes.summary.watched_pauses_s`).
    hardly_open : iterable of HardlyOpen, optional
        When an eye was hardly ever open; None when nobody looked for that.
    """
    in_order = sorted(episodes, key=lambda episode: episode.span)
    unseen_s = join_spans(span.span for span in excluded)
    shut_s = _seconds(hardly_open)
    return {
        side: _totals(
            [e for e in in_order if e.side is side], unseen_s, shut_s.get(side, np.nan)
        )
        for side in SIDES
    }


def _seconds(hardly_open: Iterable[HardlyOpen] | None) -> dict[Side, float]:
    """Add up how long each eye was hardly open; empty when nobody looked."""
    if hardly_open is None:
        return {}
    closed_s = dict.fromkeys(SIDES, 0.0)
    for state in hardly_open:
        closed_s[state.side] += state.span.duration_s
    return closed_s


def _totals(
    bursts: list[Episode], unseen_s: NDArray[np.float64], hardly_open_s: float
) -> SideTotals:
    """Total up the bursts of one side, in order of onset."""
    reached = [frozenset(burst.regions) for burst in bursts]
    return SideTotals(
        durations_s=_single([b.span.duration_s for b in bursts]),
        pauses_s=_single(watched_pauses_s([b.span for b in bursts], unseen_s)),
        excursions_mm=_single([b.excursion_mm for b in bursts]),
        with_region={r: sum(r in regions for regions in reached) for r in REGIONS},
        both_regions=sum(
            Region.EYELID in regions and bool(regions & _LOWER_FACE)
            for regions in reached
        ),
        brow_lifts=sum(burst.brow_lift for burst in bursts),
        onset_cut=np.array([burst.onset_cut for burst in bursts], bool),
        offset_cut=np.array([burst.offset_cut for burst in bursts], bool),
        bilateral=sum(burst.bilateral for burst in bursts),
        hardly_open_s=hardly_open_s,
    )


def _single(values: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float32]:
    """Keep numbers in single precision; what damage made too large for it is infinite."""
    with np.errstate(over="ignore"):
        return np.asarray(values, np.float64).astype(np.float32)
