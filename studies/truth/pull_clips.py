"""Moments of a video in which a corner of the mouth is really pulled outward and up.

Smiles and grimaces, measured from the meshes alone in the head's own frame
(`face.pose`), in interocular distances. A clip holds a way up, the frames around
the strongest moment and a way down, all with lips about as far apart. Where the
video shows no steady way up or down (it begins with a smile, or the person speaks
before it), single frames that lie between stand for it.

>>> course = mouth_course(meshes)  # doctest: +SKIP
>>> clips = find_pulls(time_s, course, Side.LEFT)  # doctest: +SKIP
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from twitch_tracker.face.pose import fit_head_pose
from twitch_tracker.regions import ORAL_COMMISSURE, SIDES, Side

__all__ = ["MouthCourse", "PullClip", "find_pulls", "fitting", "mouth_course"]

Mesh = NDArray[np.floating[Any]]

OUTWARD_UP: Final = (0.86, 0.51)
"""Direction of the pull of the zygomaticus, as in `simulate.picture.geometry`."""

LEAST: Final = 0.025
"""A pull moves the corner at least this far, interocular distances (about 2.2 mm;
from frame to frame the mesh wavers by 0.003, with the head's turn by 0.02)."""

OTHER: Final = 0.4
"""The other corner is pulled by this share of it, too. Smiles are hardly ever of one
side; but to the mesh, so are heads that turn."""

STRENGTHS: Final = (0.03, 0.05, 0.08)
"""Pulls that are looked for, interocular distances (2.5 to 7 mm). Broad smiles go
twice as far, which on one side alone is a mask and no spasm."""

STRENGTH_OFF: Final = 0.12
"""Frames this share off are of that strength; it also says what is held."""

LIPS_MOST: Final = 0.06
"""Lips may be this far apart, interocular distances: further, and the halves of
a mouth show different teeth."""

LIPS: Final = 0.03
"""And they may be this much further apart or closer than in the clip."""

TURN_DEG: Final = 8.0
"""The head may be turned this far from where it was: beyond, cheek and nose would
have to hide or show what was not filmed."""

CALM: Final = 0.35
"""A pull is laid over a mouth pulled by less than this share of it itself."""

POUT: Final = 0.02
"""And rounded by less than this, interocular distances."""

HELD_S: Final = 0.5
"""No more than this around the chosen moment is shown to and fro."""

WAY_S: Final = 1.5
"""A way up or down takes at most this long as filmed."""

_INNER_LIPS: Final = (13, 14)
_RUNGS: Final = (0.2, 0.4, 0.6, 0.8)  # shares of the pull of single frames between
_RUNG: Final = 0.1  # how far off they may be
_SMOOTH: Final = 3  # frames of the running median
_RESTING: Final = 15.0  # percentile of the course that stands for a mouth at rest
_LEAST_FRAMES: Final = 8  # alike ones that a clip needs
_ENOUGH: Final = 8  # held frames; more make no difference to the eye
_TRIED: Final = 16  # moments tried for one strength
_APART_S: Final = 0.25  # and how far apart they are


@dataclass(frozen=True, kw_only=True)
class MouthCourse:
    """The mouth in the head's own frame over a video; NaN without a face.

    Attributes
    ----------
    pull : NDArray[np.float64]
        How far each corner is outward and up, interocular distances, shape
        (n, sides); only differences mean something.
    lips : NDArray[np.float64]
        Distance between the inner lips, interocular distances, shape (n,).
    head_deg : NDArray[np.float64]
        Yaw and pitch, shape (n, 2).
    """

    pull: NDArray[np.float64]
    lips: NDArray[np.float64]
    head_deg: NDArray[np.float64]

    def turned_deg(self, head_deg: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far the head is turned away from some stand, shape (n,)."""
        return np.asarray(np.hypot(*(self.head_deg - head_deg).T))


@dataclass(frozen=True, kw_only=True)
class PullClip:
    """One pull of one corner, as frames of the video.

    Attributes
    ----------
    side : Side
        The subject's own side.
    rise, apex, fall : tuple of int
        Frames as filmed. Those of `rise` are pulled further and further.
    rest, pulled : float
        The corner's course at rest and at the apex, as in `MouthCourse.pull`.
    lips : float
        Distance of the lips at the apex.
    head_deg : NDArray[np.float64]
        Yaw and pitch at the apex.
    """

    side: Side
    rise: tuple[int, ...]
    apex: tuple[int, ...]
    fall: tuple[int, ...]
    rest: float
    pulled: float
    lips: float
    head_deg: NDArray[np.float64]

    @property
    def gain(self) -> float:
        """How far the corner is pulled, interocular distances."""
        return self.pulled - self.rest

    @property
    def places(self) -> tuple[int, ...]:
        """All frames, each once."""
        return tuple(sorted({*self.rise, *self.apex, *self.fall}))


def mouth_course(meshes: Sequence[Mesh | None]) -> MouthCourse:
    """Follow the mouth through a video.

    Parameters
    ----------
    meshes : sequence of NDArray or None
        One mesh of shape (478, 3) or None per frame.
    """
    pull = np.full((len(meshes), len(SIDES)), np.nan)
    lips = np.full(len(meshes), np.nan)
    head = np.full((len(meshes), 2), np.nan)
    for k, mesh in enumerate(meshes):
        if mesh is None:
            continue
        pose = fit_head_pose(mesh)
        corners = [mesh[ORAL_COMMISSURE[side][0]] for side in SIDES]
        inner = [mesh[place] for place in _INNER_LIPS]
        x, y, _ = pose.to_head(np.array([*corners, *inner])).T
        # The head's frame has x to the subject's left and y down.
        outward = np.array([x[0], -x[1]])
        pull[k] = OUTWARD_UP[0] * outward - OUTWARD_UP[1] * y[:2]
        lips[k] = np.hypot(x[3] - x[2], y[3] - y[2])
        head[k] = pose.yaw_deg, pose.pitch_deg
    return MouthCourse(pull=pull, lips=lips, head_deg=head)


def fitting(clip: PullClip, course: MouthCourse) -> NDArray[np.bool_]:
    """Return frames that a pull can be laid over, shape (n,).

    The mouth is at rest in them, head and lips are as in the clip.

    Parameters
    ----------
    clip : PullClip
        The pull.
    course : MouthCourse
        The mouth in those frames.
    """
    own = course.pull[:, SIDES.index(clip.side)] - clip.rest
    at_rest = (own < CALM * clip.gain) & (own > -POUT)
    turned = course.turned_deg(clip.head_deg) <= TURN_DEG
    lips = np.abs(course.lips - clip.lips) <= LIPS
    return np.asarray(at_rest & turned & lips)


def find_pulls(
    time_s: NDArray[np.float64], course: MouthCourse, side: Side
) -> tuple[PullClip, ...]:
    """Find pulls of one corner, one of each strength that the video offers.

    Parameters
    ----------
    time_s : NDArray[np.float64]
        Times as filmed, shape (n,).
    course : MouthCourse
        The mouth in those frames.
    side : Side
        The subject's own side.

    Returns
    -------
    tuple of PullClip
        The weakest first; none where no pull can be joined to a mouth at rest.
    """
    known = np.isfinite(course.pull).all(axis=1) & (course.lips <= LIPS_MOST)
    if known.sum() < _LEAST_FRAMES:
        return ()
    smooth = median_filter(course.pull, (_SMOOTH, 1), mode="nearest")
    smooth = np.where(known[:, None], smooth, np.nan)
    column = SIDES.index(side)
    own = smooth[:, column]
    gain = smooth - np.nanpercentile(smooth, _RESTING, axis=0)
    both = gain[:, 1 - column] >= OTHER * gain[:, column]
    offered = np.where(both, gain[:, column], np.nan)
    found: list[PullClip] = []
    for strength in STRENGTHS:
        clips = [
            _clip(time_s, course, own, top, side)
            for top in _moments(time_s, offered, strength, course)
        ]
        best = max(
            (clip for clip in clips if clip is not None),
            key=lambda clip: _worth(clip, course),
            default=None,
        )
        if best is not None and _worth(best, course) > 0:
            found.append(best)
    return tuple(sorted(found, key=lambda clip: clip.gain))


def _moments(
    time_s: NDArray[np.float64],
    gain: NDArray[np.float64],
    strength: float,
    course: MouthCourse,
) -> list[int]:
    """Return moments of one strength, apart from each other, the straightest first."""
    off = np.abs(gain / strength - 1)
    middle = np.nanmedian(course.head_deg[np.isfinite(gain)], axis=0)
    turned = course.turned_deg(middle)
    moments: list[int] = []
    for place in np.argsort(np.where(off <= STRENGTH_OFF, turned, np.inf)).tolist():
        if not off[place] <= STRENGTH_OFF or len(moments) >= _TRIED:
            break
        if all(abs(time_s[place] - time_s[other]) > _APART_S for other in moments):
            moments.append(place)
    return moments


def _worth(clip: PullClip, course: MouthCourse) -> float:
    """Return the worth of a clip: where it fits, and how much of it there is."""
    fits = float(fitting(clip, course).sum())
    return fits * math.sqrt(min(len(clip.apex), _ENOUGH))


def _clip(
    time_s: NDArray[np.float64],
    course: MouthCourse,
    own: NDArray[np.float64],
    top: int,
    side: Side,
) -> PullClip | None:
    """Gather the frames around one moment."""
    turned = course.turned_deg(course.head_deg[top])
    lips = np.abs(course.lips - course.lips[top])
    like = np.isfinite(own) & (turned <= TURN_DEG) & (lips <= LIPS)
    if like.sum() < _LEAST_FRAMES:
        return None
    rest = float(np.percentile(own[like], _RESTING))
    gain = float(own[top]) - rest
    if gain < LEAST:
        return None
    share = np.where(like, (own - rest) / gain, np.nan)
    first, last = _held(time_s, np.abs(share - 1) <= STRENGTH_OFF, top)
    apex = tuple(range(first, last + 1))
    rise = _way(time_s, share, first, -1) or _rungs(share, top)
    fall = _way(time_s, share, last, 1) or _rungs(share, top)
    if not rise or not fall:
        return None
    return PullClip(
        side=side,
        rise=rise,
        apex=apex,
        fall=fall[::-1],
        rest=rest,
        pulled=float(np.median(own[list(apex)])),
        lips=float(np.median(course.lips[list(apex)])),
        head_deg=np.median(course.head_deg[list(apex)], axis=0),
    )


def _held(
    time_s: NDArray[np.float64], chosen: NDArray[np.bool_], top: int
) -> tuple[int, int]:
    """Return first and last of the chosen frames around one, `HELD_S` at most."""
    first = last = top
    half = 0.5 * HELD_S
    while first > 0 and chosen[first - 1] and time_s[top] - time_s[first - 1] < half:
        first -= 1
    end = len(chosen) - 1
    while last < end and chosen[last + 1] and time_s[last + 1] - time_s[top] < half:
        last += 1
    return first, last


def _way(
    time_s: NDArray[np.float64], share: NDArray[np.float64], start: int, step: int
) -> tuple[int, ...]:
    """Return frames between rest and the held ones, the least pulled first; or none."""
    place, way = start + step, []
    level = 1.0
    while 0 <= place < len(share) and abs(time_s[place] - time_s[start]) < WAY_S:
        # Away from rest it goes up to a stronger pull, which is not this one.
        if not share[place] <= 1.0 + STRENGTH_OFF:
            return ()
        # Only frames that lead further down: a pull that grows again is left out.
        if share[place] < level:
            way.append(place)
            level = float(share[place])
        if level < CALM:
            return tuple(way[::-1])
        place += step
    return ()


def _rungs(share: NDArray[np.float64], top: int) -> tuple[int, ...]:
    """Return single frames between rest and pull, the least pulled first; or none."""
    rungs = []
    for level in _RUNGS:
        near = np.flatnonzero(np.abs(share - level) <= _RUNG)
        if near.size == 0:
            return ()
        # Of those that fit, the nearest in time has the most alike around it.
        rungs.append(int(near[np.abs(near - top).argmin()]))
    return tuple(rungs)
