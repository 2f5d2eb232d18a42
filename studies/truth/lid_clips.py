"""Moments of a video in which an eye really closes and opens, frame by frame.

A clip is one eye's closure from the first frame that shows it to the last, in
the order filmed. Unlike `find_blinks`, it asks neither for an eye that stays
put nor for two open frames alike, because only its lid is taken; and it may
last longer than a blink. As there, the closure is what the mesh shows, about
0.4 to 0.95 for a closed eye.

>>> clips = find_clips(time_s, meshes)  # doctest: +SKIP
>>> clips[Side.LEFT][0].peak  # doctest: +SKIP
0.83
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import BadShape
from twitch_tracker.face.pose import fit_head_pose
from twitch_tracker.regions import EYE_CORNERS, LOWER_LID, SIDES, UPPER_LID, Side
from twitch_tracker.simulate.picture.geometry import mm_per_interocular
from twitch_tracker.simulate.real.real_blinks import EDGE
from twitch_tracker.timebase import Interval

__all__ = ["LidClip", "closure_of", "find_clips"]

Mesh = NDArray[np.floating[Any]]

LEAST: Final = 0.55
"""A clip's eye closes by at least this; narrowed eyes of smiles show 0.2 to 0.4."""

OPEN: Final = 0.35
"""Before and after it the eye is closed by no more than this: faces that smile or
look down have their eyes less open."""

LEAST_STEP: Final = 0.35
"""And the closure is at least so much deeper than before and after."""

OTHER_LEAST: Final = 0.3
"""So far must the other eye close, too: a closure of one eye alone is often a
mesh that slipped."""

USUAL: Final = 75.0
"""Percentile of an eye's aperture over the whole video that stands for open, as in
`benchmark.building.material.Material.aperture_mm`."""

LONGEST_S: Final = 1.5
"""Longer closures are sleep, prayer or a look down."""

_LONG_S: Final = 0.6  # closures longer than this must be as deep as the next line
_LONG_LEAST: Final = 0.7
_SIDE_S: Final = 0.6  # closing, and opening, may take so long
_REACH_S: Final = 0.8  # how far from the deepest moment the open eye may be
_FAR_EYE: Final = 0.5  # least width of the farther eye over that of the nearer


@dataclass(frozen=True, kw_only=True)
class LidClip:
    """One closure of one eye, as filmed.

    Attributes
    ----------
    side : Side
        The subject's own side.
    places : NDArray[np.intp]
        Its frames, shape (n,): the first and last of them are still open (within
        `EDGE` of how open the eye gets there), all between are not.
    time_s, closure : NDArray[np.float64]
        When, and how far the eye is closed, shape (n,).
    aperture_mm : float
        Aperture of the open eye.
    head : tuple of float
        Yaw and pitch at the deepest moment, in degrees.
    """

    side: Side
    places: NDArray[np.intp]
    time_s: NDArray[np.float64]
    closure: NDArray[np.float64]
    aperture_mm: float
    head: tuple[float, float]

    @property
    def peak(self) -> float:
        """Deepest closure, 0 to 1."""
        return float(self.closure.max())

    @property
    def span(self) -> Interval:
        """From where the closure crosses `EDGE` of its way until it does again."""
        times = []
        for outer, inner in ((0, 1), (-1, -2)):
            floor = max(float(self.closure[outer]), 0.0)
            edge = floor + EDGE * (self.peak - floor)
            rise = max(float(self.closure[inner] - self.closure[outer]), 1e-9)
            share = np.clip((edge - self.closure[outer]) / rise, 0.0, 1.0)
            step_s = self.time_s[inner] - self.time_s[outer]
            times.append(float(self.time_s[outer] + share * step_s))
        return Interval(start_s=times[0], end_s=times[1])


def closure_of(meshes: Sequence[Mesh | None]) -> NDArray[np.float64]:
    """Return how far each eye is closed, against its usual aperture in the whole video.

    Returns
    -------
    NDArray[np.float64]
        Shape (n, sides); about 0 open, NaN without a face.
    """
    shape = np.array([_aspects(mesh) for mesh in meshes]).reshape(-1, len(SIDES))
    if not np.isfinite(shape).any():
        return np.full_like(shape, np.nan)
    usual = np.nanpercentile(shape, USUAL, axis=0)
    return np.asarray(1.0 - shape / np.maximum(usual, 1e-6))


def _aspects(mesh: Mesh | None) -> tuple[float, float]:
    """Return height over width of each eye; NaN without a face."""
    if mesh is None:
        return np.nan, np.nan
    upper, lower = (
        np.array([mesh[list(rows[side]), :2] for side in SIDES], dtype=np.float64)
        for rows in (UPPER_LID, LOWER_LID)
    )
    height = np.linalg.norm(upper - lower, axis=2).mean(axis=1)
    first, second = height / np.maximum(_widths(mesh), 1e-6)
    return float(first), float(second)


def _widths(mesh: Mesh) -> NDArray[np.float64]:
    corners = np.array([mesh[list(EYE_CORNERS[side]), :2] for side in SIDES])
    return np.asarray(np.linalg.norm(corners[:, 0] - corners[:, 1], axis=1))


def find_clips(
    time_s: NDArray[np.float64], meshes: Sequence[Mesh | None]
) -> dict[Side, tuple[LidClip, ...]]:
    """Find the closures of each eye.

    Parameters
    ----------
    time_s : NDArray[np.float64]
        Frame times, shape (n,).
    meshes : sequence of NDArray or None
        One mesh of shape (478, 3) or None per frame.

    Returns
    -------
    dict of Side to tuple of LidClip
        The deepest first.

    Raises
    ------
    BadShape
        If there are not as many meshes as times.
    """
    if len(time_s) != len(meshes):
        raise BadShape("meshes", f"({len(time_s)},)", (len(meshes),))
    found: dict[Side, tuple[LidClip, ...]] = dict.fromkeys(SIDES, ())
    seen = [mesh for mesh in meshes if mesh is not None]
    if len(seen) < 5:
        return found
    closure = closure_of(meshes)
    mm = mm_per_interocular(np.array(seen))
    for side in SIDES:
        clips = (
            _clip(side, first, last, time_s, closure, meshes, mm)
            for first, last in _runs(time_s, closure[:, SIDES.index(side)])
        )
        kept = [clip for clip in clips if clip is not None]
        found[side] = tuple(sorted(kept, key=lambda clip: -clip.peak))
    return found


def _runs(
    time_s: NDArray[np.float64], closure: NDArray[np.float64]
) -> list[tuple[int, int]]:
    """Return first and last frame of every closure of one eye, both still open."""
    known = np.nan_to_num(closure, nan=-1.0)
    runs: list[tuple[int, int]] = []
    for top in np.flatnonzero(known >= LEAST).tolist():
        near = np.abs(time_s - time_s[top]) <= _REACH_S
        sides = [near & (time_s <= time_s[top]), near & (time_s >= time_s[top])]
        if known[top] < known[near].max() or (runs and top <= runs[-1][1]):
            continue
        ends = []
        for side in sides:
            floor = max(float(known[side].min()), 0.0)
            low = np.flatnonzero(side & (known <= floor + EDGE * (known[top] - floor)))
            ends.append(low)
            if floor > OPEN or known[top] - floor < LEAST_STEP:
                break
        else:
            runs.append((int(ends[0][-1]), int(ends[1][0])))
    return runs


def _clip(
    side: Side,
    first: int,
    last: int,
    time_s: NDArray[np.float64],
    closure: NDArray[np.float64],
    meshes: Sequence[Mesh | None],
    mm_per_io: float,
) -> LidClip | None:
    """Measure one closure; None when it is of no use."""
    column = SIDES.index(side)
    own, other = (
        closure[first : last + 1, column],
        closure[first : last + 1, 1 - column],
    )
    if last - first < 3 or not np.isfinite(own).all():
        return None
    top = int(own.argmax())
    mesh = meshes[first + top]
    near = np.flatnonzero(own >= 0.9 * own[top])
    length_s = time_s[last] - time_s[first]
    ways = (
        time_s[first + near[0]] - time_s[first],
        time_s[last] - time_s[first + near[-1]],
    )
    deep = _LONG_LEAST if length_s > _LONG_S else LEAST
    if length_s > LONGEST_S or max(ways) > _SIDE_S or own[top] < deep:
        return None
    if mesh is None or np.nanmax(other, initial=0.0) < OTHER_LEAST:
        return None
    widths = _widths(mesh)
    if widths.min() < _FAR_EYE * widths.max():
        return None
    pose = fit_head_pose(mesh)
    upper, lower = mesh[list(UPPER_LID[side])], mesh[list(LOWER_LID[side])]
    shown = float(np.linalg.norm((upper - lower)[:, :2], axis=1).mean())
    open_px = shown / max(1.0 - float(own[top]), 0.03)
    return LidClip(
        side=side,
        places=np.arange(first, last + 1),
        time_s=np.asarray(time_s[first : last + 1], dtype=np.float64),
        closure=np.asarray(own, dtype=np.float64),
        aperture_mm=open_px * mm_per_io / pose.scale_px,
        head=(pose.yaw_deg, pose.pitch_deg),
    )
