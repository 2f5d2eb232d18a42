"""Which regions took part in a burst, and by how much.

A region's movement is read *along with the closure of the eye*: the slope of its
steps from frame to frame on those of the closure, times the deepest closure.
Whatever the mouth says or the head does at other moments stays out of it. Steps,
because drift and speech are slower than a contraction; the skin's own flow before
the mesh, because a closing eye moves the mesh of its whole side.

Note: movement here is movement *as read*; `READ_SHARE` is its share of the true one.
And a closing eye alone already moves something everywhere (`SHARED_MM`): in the mesh
the outer canthus, by which head and face are held, goes down with the lids, so that
everything else of that side seems to go up. Real blinks cannot calibrate this: they
close both eyes, and both canthi move alike.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.episodes.description.beyond import (
    ASSUMED_MM_PER_INTEROCULAR,
    LIGHT_SD_S,
    BurstView,
)
from twitch_tracker.episodes.description.order import lag_s
from twitch_tracker.episodes.params import EpisodeParams
from twitch_tracker.motion.smoothing import smooth
from twitch_tracker.regions import REGIONS, Region

__all__ = [
    "APERTURE_HEIGHT",
    "READ_SHARE",
    "SHARED_MM",
    "excursion_mm",
    "lid_took_part",
    "regions_of",
    "strength",
    "with_closure_mm",
]

Floats = NDArray[np.float64]

SHARED_MM: Final = {
    Region.EYELID: 0.0,
    Region.MOUTH_CORNER: 0.6,
    Region.CHEEK: 0.3,
    Region.BROW: 0.25,
}
"""What is read of each region in a full closure of one eye and nothing else, in
millimetres: medians of 63 simulated eyelid-only bursts in videos of 32 faces (brow:
of all 210 without the brow). On the five faces at rest the mouth shows more (1.6)."""

READ_SHARE: Final = 0.64
"""Of the true movement of a mouth corner this much is read at rest (median of 20
simulated bursts of more than 2 mm; .57 in talk, .50 in lively videos, where more noise
would be blown up, too). Of a cheek 0.22 and of a brow 0.46 are read, and noisier: they
are reported as read, and hardly ever give the excursion of a burst."""

APERTURE_HEIGHT: Final = 1.15
"""The palpebral aperture is the largest height between the lid margins; `MotionSignals`
holds the mean over four places. Median ratio of the two over faces, half of them
within 1.08 and 1.18."""

LID_READ_SHARE: Final = 0.87
"""Of the true movement of an eyelid this much is read: what the level around the burst
takes away, and what falls between two frames. Chosen so that the benchmark's "Excursion,
logged over true" is 1 (0.86 without), for bursts of all kinds together; of
bursts of the eyelid alone less is read."""

MESH_SHARE: Final = 0.2
"""Weight of the mesh; the rest is the skin's flow. With it mouth corners are read a
little better (area under the curve .88 instead of .87), brows at rest much."""

LEAST_LAG_S: Final = 0.04
"""Closer than this a movement is read as happening with the closure."""

CLEAR_LIKENESS: Final = 0.8
"""... and so is one that does not resemble the closure this well when moved: the best
lag of noise is any lag."""

STEP_SD_S: Final = 0.02
"""Kernel for steps: below a frame at 30 fps, above one at 60 fps."""

CHEEK_LEAST_MM: Final = 0.0
"""The zygomatic muscles lift cheek and mouth corner together: with eyelid and mouth
corner a cheek took part that lifted at all beyond `SHARED_MM`. Without either it must
do more (`EpisodeParams.cheek_mm`): a lift is read at a fifth, in noise of as much, and
without a closure to go along with, the noise alone is a lift."""

LID_LEAST: Final = 0.12
"""Closure within a burst above the level around it at which the eyelid takes part:
mild bursts close the eye by a quarter and more, the noise of an open eye is half."""

FULL_PULL_IO: Final = 0.1
"""A strong pull of the mouth corner, in interocular distances."""

LEAST_CLOSURE: Final = 0.1
"""With less than this of a closure a region's movement is read on its own."""

_HIGH_QUANTILE: Final = 0.9
_LEAST_VARIABILITY: Final = 1e-4
_FEWEST: Final = 8


def regions_of(view: BurstView, params: EpisodeParams) -> tuple[Region, ...]:
    """Return regions that took part; the eyelid if it closed, or nothing else moved.

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
    with_mouth = mouth > params.mouth_mm
    others = with_mouth or cheek > params.cheek_mm or brow > params.brow_mm
    with_lid = lid_took_part(view)
    slight = with_mouth and with_lid
    took_part = {
        Region.EYELID: with_lid or not others,
        Region.MOUTH_CORNER: with_mouth,
        Region.CHEEK: cheek > (CHEEK_LEAST_MM if slight else params.cheek_mm),
        Region.BROW: brow > params.brow_mm,
    }
    return tuple(region for region in REGIONS if took_part[region])


def lid_took_part(view: BurstView) -> bool:
    """Return whether the eye closed in a burst, beyond the noise of an open one."""
    closed = _on_its_own(view.closure(), view.inside)
    return math.isfinite(closed) and closed >= LID_LEAST


def strength(view: BurstView) -> Floats:
    """Return what shows edges and contractions of a burst best, shape (n,), 0 at rest.

    The closure of the eye (`BurstView.drive`) where it took part; else the pull of the
    mouth corner above its level around the burst, in shares of `FULL_PULL_IO`.
    """
    if lid_took_part(view):
        return view.drive()
    pull = smooth(view.of(Region.MOUTH_CORNER), view.time_s, LIGHT_SD_S)
    around = pull[~view.inside & np.isfinite(pull)]
    level = float(np.median(around)) if len(around) else 0.0
    return (pull - level) / FULL_PULL_IO


def excursion_mm(view: BurstView, regions: tuple[Region, ...]) -> float:
    """Return the largest displacement of any of some regions beyond the other side.

    The eyelid's is the deepest closure divided by `LID_READ_SHARE`, at most 1, times
    the open aperture of that eye, the mouth corner's what was read divided by `READ_SHARE`; NaN
    without a scale.
    """
    if not math.isfinite(view.mm_per_interocular):
        return float("nan")
    amounts = [_excursion_of(view, region) for region in regions]
    known = [amount for amount in amounts if math.isfinite(amount)]
    return max(known, default=float("nan"))


def _excursion_of(view: BurstView, region: Region) -> float:
    """Return the displacement of one region in millimetres."""
    if region is Region.EYELID:
        closed = min(view.deepest() / LID_READ_SHARE, 1.0)
        return closed * view.open_mm * APERTURE_HEIGHT
    read = with_closure_mm(view, region, view.mm_per_interocular)
    return read / READ_SHARE if region is Region.MOUTH_CORNER else read


def with_closure_mm(
    view: BurstView, region: Region, mm_per_interocular: float
) -> float:
    """Return movement of a region along with the closure as read, without `SHARED_MM`.

    NaN when too few frames were measured.
    """
    deepest = view.deepest()
    if not math.isfinite(deepest):
        return float("nan")
    if deepest < LEAST_CLOSURE or not lid_took_part(view):
        return _on_its_own(view.of(region) * mm_per_interocular, view.inside)
    return (_slope_io(view, region) * mm_per_interocular - SHARED_MM[region]) * deepest


def _slope_io(view: BurstView, region: Region) -> float:
    """Return weighted least-squares slope of a region's steps on those of the closure.

    Steps during which the other side's skin moves count less: what moves there
    is not removed as a whole from this side.
    """
    moved = MESH_SHARE * view.of(region) + (1 - MESH_SHARE) * view.skin(region)
    steps = smooth(_steps(moved), view.time_s, STEP_SD_S)
    closing = _steps(smooth(_closure_as_late(view, moved), view.time_s, STEP_SD_S))
    variability = smooth(view.other_step_io, view.time_s, STEP_SD_S)
    known = np.isfinite(steps) & np.isfinite(closing) & np.isfinite(variability)
    if known.sum() < _FEWEST:
        return float("nan")
    usual = max(float(np.median(variability[known])), _LEAST_VARIABILITY)
    weights = 1.0 / (1.0 + (variability[known] / usual) ** 2)
    return _slope(closing[known], steps[known], weights)


def _closure_as_late(view: BurstView, moved: Floats) -> Floats:
    """Return closure, moved in time to where a movement clearly follows or leads it."""
    drive = view.drive()
    known = np.isfinite(drive)
    lag = lag_s(view.time_s, drive, moved)
    if not abs(lag) > LEAST_LAG_S:
        return drive
    late = np.interp(view.time_s - lag, view.time_s[known], drive[known])
    late[~known] = np.nan
    return late if _likeness(late, moved) > CLEAR_LIKENESS else drive


def _likeness(one: Floats, other: Floats) -> float:
    """Return correlation over the frames in which both are known; at least four are."""
    both = np.isfinite(one) & np.isfinite(other)
    return float(np.corrcoef(one[both], other[both])[0, 1])


def _steps(values: Floats) -> Floats:
    """Change since the frame before; NaN in the first frame."""
    return np.diff(values, prepend=np.nan)


def _slope(across: Floats, up: Floats, weights: Floats) -> float:
    """Return the slope of a weighted straight line; NaN where nothing varies."""
    total = weights.sum()
    across = across - (weights @ across) / total
    spread = float(weights @ across**2)
    return float(weights @ (across * up)) / spread if spread > 0 else float("nan")


def _on_its_own(moved: Floats, inside: NDArray[np.bool_]) -> float:
    """Return the high quantile within the burst above the level around it."""
    known = np.isfinite(moved)
    within, around = moved[known & inside], moved[known & ~inside]
    if len(within) == 0:
        return float("nan")
    level = float(np.median(around)) if len(around) else 0.0
    return float(np.quantile(within, _HIGH_QUANTILE)) - level


def _none_if_unknown(amount: float) -> float:
    """Drop regions that could not be measured: only a region that was seen counts."""
    return amount if math.isfinite(amount) else 0.0
