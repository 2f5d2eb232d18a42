"""Bring bursts to the same granularity before they are compared.

Pieces of one side that are closer than a gap are one burst, and bursts too
short to be seen are left out. A merged burst begins and ends with its pieces,
has all their regions, and knows of itself only what every piece knew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from twitch_tracker.exchange.coding.coded import CodedBurst
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import REGIONS, SIDES
from twitch_tracker.timebase import Interval

__all__ = ["levelled"]


def levelled(
    bursts: Iterable[Episode], *, merge_gap_s: float, shortest_s: float
) -> list[Episode]:
    """Merge close pieces of one side and drop what is too short.

    Parameters
    ----------
    bursts : iterable of Episode
        In any order.
    merge_gap_s : float
        Pieces of one side with a smaller gap are one burst.
    shortest_s : float
        Shorter bursts are left out, after merging.

    Returns
    -------
    list of Episode
        In order of onset.
    """
    everything = sorted(bursts, key=lambda burst: burst.span)
    merged: list[Episode] = []
    for side in SIDES:
        merged += _merge([b for b in everything if b.side is side], merge_gap_s)
    long_enough = [b for b in merged if b.span.duration_s >= shortest_s - 1e-9]
    return sorted(long_enough, key=lambda burst: burst.span)


def _merge(bursts: list[Episode], gap_s: float) -> list[Episode]:
    """Join neighbours of one side whose gap is shorter than `gap_s`."""
    joined: list[Episode] = []
    for burst in bursts:
        if joined and burst.span.start_s - joined[-1].span.end_s < gap_s:
            joined[-1] = _joined(joined[-1], burst)
        else:
            joined.append(burst)
    return joined


def _kind(first: Episode, second: Episode) -> EpisodeKind | None:
    """Return the kind of both together; nothing where one is not known."""
    if first.kind is None or second.kind is None:
        return None
    return first.kind if first.kind is second.kind else EpisodeKind.MIXED


def _sum(first: int | None, second: int | None) -> int | None:
    """Add two counts; nothing where one was not counted."""
    return None if first is None or second is None else first + second


def _joined(first: Episode, second: Episode) -> Episode:
    """Return one burst in place of two: the hull, all regions, the larger excursion."""
    span = Interval(
        start_s=first.span.start_s, end_s=max(first.span.end_s, second.span.end_s)
    )
    regions = {*first.regions, *second.regions}
    changed: dict[str, Any] = {
        "span": span,
        "regions": tuple(region for region in REGIONS if region in regions),
        "kind": _kind(first, second),
        "contractions": _sum(first.contractions, second.contractions),
        "rate_hz": float("nan"),
        "excursion_mm": float(np.fmax(first.excursion_mm, second.excursion_mm)),
        "confidence": float(np.fmax(first.confidence, second.confidence)),
        "offset_cut": max(first, second, key=lambda burst: burst.span.end_s).offset_cut,
        "bilateral": first.bilateral or second.bilateral,
    }
    if isinstance(first, CodedBurst) and isinstance(second, CodedBurst):
        changed["noted"] = first.noted & second.noted
        if first.span.start_s == second.span.start_s:
            changed["noted"] -= (
                {"lead_region"} if first.regions != second.regions else set()
            )
    return replace(first, **changed)
