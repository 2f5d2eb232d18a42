"""Which regions took part in a burst, and by how much.

A region's movement is read *along with the closure of the eye*: the slope of its
displacement on the closure over the burst, times the deepest closure. Whatever the
mouth says or the head does at other moments stays out of it.

The convention that bites: a closing eye alone already moves the mesh (`SHARED_MM`).
The outer canthus, by which head and face are held, goes down with the lids, so that
everything else of that side seems to go up. Real blinks cannot calibrate this: they
close both eyes, and both canthi move alike.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.beyond import ASSUMED_MM_PER_INTEROCULAR, BurstView
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.regions import REGIONS, Region

__all__ = ["excursion_mm", "regions_of", "with_closure_mm"]

Floats = NDArray[np.float64]

SHARED_MM: Final = {
    Region.EYELID: 0.0,
    Region.MOUTH_CORNER: 1.0,
    Region.CHEEK: 1.4,
    Region.BROW: 0.9,
}
"""What the mesh and the flow show of each region in a full closure of one eye and
nothing else, in millimetres: medians of 48 simulated eyelid-only bursts in videos of
24 faces."""

CHEEK_LEAST_MM: Final = 0.3
"""The zygomatic muscles lift cheek and mouth corner together: with the mouth corner
a cheek took part that lifted by this much at all. On its own it must do more
(`EpisodeParams.cheek_mm`), for the cheek alone is told from an eyelid only little
better than by chance."""

LEAST_CLOSURE: Final = 0.1
"""With less than this of a closure a region's movement is read on its own."""

_HIGH_QUANTILE: Final = 0.9
_FEWEST: Final = 4


def regions_of(view: BurstView, params: EpisodeParams) -> tuple[Region, ...]:
    """Regions that took part; the eyelid always.

    Parameters
    ----------
    view : BurstView
        The burst.
    params : EpisodeParams
        Its `mouth_mm`, `cheek_mm` and `brow_mm`.
    """
    scale = view.mm_per_interocular
    scale = scale if math.isfinite(scale) else ASSUMED_MM_PER_INTEROCULAR
    mouth, cheek, brow = (
        _none_if_unknown(with_closure_mm(view, region, scale))
        for region in (Region.MOUTH_CORNER, Region.CHEEK, Region.BROW)
    )
    lifted = cheek + SHARED_MM[Region.CHEEK] * _none_if_unknown(view.deepest())
    with_mouth = mouth > params.mouth_mm
    took_part = {
        Region.EYELID: True,
        Region.MOUTH_CORNER: with_mouth,
        Region.CHEEK: cheek > params.cheek_mm
        or (with_mouth and lifted > CHEEK_LEAST_MM),
        Region.BROW: brow > params.brow_mm,
    }
    return tuple(region for region in REGIONS if took_part[region])


def excursion_mm(view: BurstView, regions: tuple[Region, ...]) -> float:
    """Largest displacement of any of some regions beyond the other side.

    The eyelid's is the deepest closure times the open aperture of that eye; NaN
    without a scale.
    """
    if not math.isfinite(view.mm_per_interocular):
        return float("nan")
    amounts = [
        view.deepest() * view.open_mm
        if region is Region.EYELID
        else with_closure_mm(view, region, view.mm_per_interocular)
        for region in regions
    ]
    known = [amount for amount in amounts if math.isfinite(amount)]
    return max(known, default=float("nan"))


def with_closure_mm(
    view: BurstView, region: Region, mm_per_interocular: float
) -> float:
    """Movement of a region along with the closure, without `SHARED_MM`.

    NaN when too few frames were measured.
    """
    moved = view.of(region) * mm_per_interocular
    deepest = view.deepest()
    if not math.isfinite(deepest):
        return float("nan")
    if deepest < LEAST_CLOSURE:
        return _on_its_own(moved, view.inside)
    slope = _slope(view.time_s, view.closure(), moved)
    return (slope - SHARED_MM[region]) * deepest


def _slope(time_s: Floats, closure: Floats, moved: Floats) -> float:
    """Least-squares slope of a movement on the closure, drift left out."""
    known = np.isfinite(closure) & np.isfinite(moved)
    if known.sum() < _FEWEST:
        return float("nan")
    times = time_s[known] - time_s[known].mean()
    terms = np.column_stack([np.ones_like(times), times, closure[known]])
    return float(np.linalg.lstsq(terms, moved[known], rcond=None)[0][2])


def _on_its_own(moved: Floats, inside: NDArray[np.bool_]) -> float:
    """High quantile within the burst above the level around it."""
    known = np.isfinite(moved)
    within, around = moved[known & inside], moved[known & ~inside]
    if len(within) == 0:
        return float("nan")
    level = float(np.median(around)) if len(around) else 0.0
    return float(np.quantile(within, _HIGH_QUANTILE)) - level


def _none_if_unknown(amount: float) -> float:
    """Nothing, where nothing could be measured: a region is told only when seen."""
    return amount if math.isfinite(amount) else 0.0
