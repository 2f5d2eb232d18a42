"""What an open eye and a face at rest look like in this person.

Note: never "what this recording mostly showed". In late disease an eye is closed and a
mouth corner drawn up for most of a recording; any level of the same signal then calls
the contraction rest, and the healthy side is reported as the one that moves. So an eye
counts as open where it *looks* open to a network that knows open and closed eyes of
other people (`eyepatch.looks_closed`); an eye that never does borrows the other eye's
level, since both are alike within limits. The lower face is at rest where both eyes are
open alike and the mouth is near to symmetric.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.motion.baseline import quiet_level, weighted_level
from twitch_tracker.regions import SIDES

__all__ = ["OpenEyes", "open_eyes", "reference_parameters", "rest_level", "rest_weight"]

Floats = NDArray[np.float64]

FLOOR_QUANTILE: Final = 0.03
"""The most open looks of an eye: it may be closed for 95 % of the time."""

WIDEST_QUANTILE: Final = 0.95
"""Where no look was read, an eye's aperture over this of the wider eye stands for it."""

OPEN_ABOVE_FLOOR: Final = 0.2
"""An eye is open while it looks at most this much more closed than it ever does: the
network's noise on an open eye. Every eye has a floor of its own: hair, glasses, a heavy
lid or a face that is not symmetric make one eye look narrower all the time, and what
never changes is no contraction."""

USUAL_QUANTILE: Final = 0.5
ABOVE_USUAL: Final = 0.1
"""What is usual of a face is how closed the more open of its two eyes looks half of the
time: a person who smiles into the sun narrows both, and a spasm of one side leaves the
other one as it is. An eye that looks at most this much more closed than usual is open."""

OPEN_MOST: Final = 0.7
"""No eye that looks more closed than this is open, whatever is usual."""

FLOOR_MOST: Final = 0.6
"""An eye that never looks more open than this was not seen open at all."""

OPEN_QUANTILE: Final = 0.6
"""Level of the aperture among frames in which the eye looks open."""

LEAST_OPEN_S: Final = 1.0
"""An eye that looks open for less than this has no level of its own."""

ALIKE: Final = 0.3
"""The open aperture of one eye is at least this share of the other one's: what is less
is a lid that is down."""

CLOSED_SCALE: Final = 0.35
UNLIKE_SCALE: Final = 0.2
"""Closure, and difference of the closures, at which a frame counts half as rest."""

NEAR_S: Final = 0.12
"""Frames this near to one that is not at rest are not, either."""

SYMMETRIC_IO: Final = 0.03
"""A resting mouth is symmetric to about this (2.5 mm): frames less symmetric than
that say less about rest."""

_LEAST_WEIGHT: Final = 1e-4
_SAME_S: Final = 1e-6


def reference_parameters() -> dict[str, object]:
    """Return every constant of this module, for the log and its hash."""
    return {
        "reference_floor_quantile": FLOOR_QUANTILE,
        "reference_widest_quantile": WIDEST_QUANTILE,
        "reference_open_above_floor": OPEN_ABOVE_FLOOR,
        "reference_usual_quantile": USUAL_QUANTILE,
        "reference_above_usual": ABOVE_USUAL,
        "reference_open_most": OPEN_MOST,
        "reference_floor_most": FLOOR_MOST,
        "reference_open_quantile": OPEN_QUANTILE,
        "reference_least_open_s": LEAST_OPEN_S,
        "reference_alike": ALIKE,
        "reference_closed_scale": CLOSED_SCALE,
        "reference_unlike_scale": UNLIKE_SCALE,
        "reference_near_s": NEAR_S,
        "reference_symmetric_io": SYMMETRIC_IO,
    }


@dataclass(frozen=True, kw_only=True)
class OpenEyes:
    """When each eye was open, and how far.

    Attributes
    ----------
    level_io : Floats
        Open palpebral aperture in interocular fractions, shape (n, sides).
    frames : NDArray[np.bool_]
        Where the eye looks open, shape (n, sides).
    own : tuple of bool
        Whether each eye was open long enough to have a level of its own.
    """

    level_io: Floats
    frames: NDArray[np.bool_]
    own: tuple[bool, bool]


def open_eyes(
    aperture_io: Floats, look: Floats, time_s: Floats, frame_s: Floats
) -> OpenEyes:
    """Find when each eye is open and how wide that is.

    Parameters
    ----------
    aperture_io : Floats
        Palpebral aperture in interocular fractions, shape (n, sides); NaN where
        not measured.
    look : Floats
        How closed each eye looks without knowing the person, 0 to 1, shape
        (n, sides); NaN where not measured.
    time_s, frame_s : Floats
        Time of each frame and the seconds it stands for, shape (n,).

    Returns
    -------
    OpenEyes
        Exchanging the sides exchanges the result.
    """
    look = np.where(np.isfinite(look), look, _closed_by_width(aperture_io))
    known = np.isfinite(look) & np.isfinite(aperture_io)
    floors = [_floor(look[known[:, k], k]) for k in range(len(SIDES))]
    usual = _usual(look[known.all(axis=1)])
    frames = np.zeros(look.shape, bool)
    for place, floor in enumerate(floors):
        if floor <= FLOOR_MOST:
            most = max(floor + OPEN_ABOVE_FLOOR, usual + ABOVE_USUAL)
            open_ = look[:, place] <= min(most, OPEN_MOST)
            frames[:, place] = known[:, place] & open_
    seen = [bool(frame_s[f].sum() >= LEAST_OPEN_S) for f in frames.T]
    return OpenEyes(
        level_io=_levels(aperture_io, frames, time_s, seen),
        frames=frames,
        own=(seen[0], seen[1]),
    )


def _closed_by_width(aperture_io: Floats) -> Floats:
    """Return the closure of each eye against the widest of both, (n, sides)."""
    known = np.isfinite(aperture_io)
    if not known.any():
        return np.full(aperture_io.shape, np.nan)
    widest = max(
        float(np.quantile(eye[k], WIDEST_QUANTILE)) if k.any() else 0.0
        for eye, k in zip(aperture_io.T, known.T, strict=True)
    )
    return np.clip(1.0 - aperture_io / max(widest, 1e-6), 0.0, 1.0)


def _floor(look: Floats) -> float:
    """Return most open look of one eye; 1 when it was never seen."""
    return float(np.quantile(look, FLOOR_QUANTILE)) if len(look) else 1.0


def _usual(look: Floats) -> float:
    """Return how closed the more open eye looks half of the time; 0 when never seen."""
    if len(look) == 0:
        return 0.0
    return float(np.quantile(look.min(axis=1), USUAL_QUANTILE))


def _levels(
    aperture_io: Floats, frames: NDArray[np.bool_], time_s: Floats, seen: list[bool]
) -> Floats:
    """Open aperture of each eye over time, shape (n, sides)."""
    if not any(seen):
        # Nobody's open eye was seen: the widest there is of either.
        widest = [quiet_level(eye, time_s, WIDEST_QUANTILE) for eye in aperture_io.T]
        both = np.fmax(*widest)
        return np.stack([both, both], axis=1)
    own = [
        quiet_level(np.where(f, eye, np.nan), time_s, OPEN_QUANTILE)
        if known
        else np.full(len(time_s), np.nan)
        for eye, f, known in zip(aperture_io.T, frames.T, seen, strict=True)
    ]
    left, right = own
    return np.stack(
        [
            np.fmax(left, right if not seen[0] else ALIKE * right),
            np.fmax(right, left if not seen[1] else ALIKE * left),
        ],
        axis=1,
    )


def rest_weight(closure: Floats, time_s: Floats) -> Floats:
    """Return how much each frame says about this person's face at rest.

    Parameters
    ----------
    closure : Floats
        Closure of each eye, 0 open to 1 closed, shape (n, sides); NaN where not
        measured.
    time_s : Floats
        Shape (n,).

    Returns
    -------
    Floats
        0 to 1, shape (n,): 1 where both eyes are open alike; 0 where not measured.
    """
    closed = np.clip(closure, 0.0, 1.0)
    most = closed.max(axis=1)
    unlike = np.abs(closed[:, 0] - closed[:, 1])
    weight = 1.0 / (1.0 + (most / CLOSED_SCALE) ** 4)
    weight = weight / (1.0 + (unlike / UNLIKE_SCALE) ** 4)
    weight = _least_near(np.nan_to_num(weight, nan=0.0), time_s)
    measured = np.isfinite(closed).all(axis=1)
    return np.where(measured, np.maximum(weight, _LEAST_WEIGHT), 0.0)


def _least_near(weight: Floats, time_s: Floats) -> Floats:
    """Return the smallest weight within `NEAR_S` of every frame, shape (n,)."""
    reach_s = NEAR_S + _SAME_S
    first = np.searchsorted(time_s, time_s - reach_s)
    end = np.searchsorted(time_s, time_s + reach_s)
    edges = np.stack([first, end], axis=1).ravel()
    return np.asarray(np.minimum.reduceat(np.append(weight, np.inf), edges)[::2])


def rest_level(values: Floats, weight: Floats, time_s: Floats) -> Floats:
    """Return level of a signal of both sides while the face rests, shape (n, sides).

    Parameters
    ----------
    values : Floats
        Shape (n, sides); NaN where not measured.
    weight : Floats
        From `rest_weight`, shape (n,).
    time_s : Floats
        Shape (n,).
    """
    difference = values[:, 0] - values[:, 1]
    symmetric = 1.0 / (1.0 + (np.nan_to_num(difference) / SYMMETRIC_IO) ** 2)
    levels = [weighted_level(s, weight * symmetric, time_s) for s in values.T]
    return np.stack(levels, axis=1)
