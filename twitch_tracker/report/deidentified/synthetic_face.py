"""A synthetic face, and a person's movement put on it.

The kept points of a symmetric face, made up for this project, in the head's frame: x to
the subject's left, y up, z out of the face, one unit between the outer canthi. Note: of
the person only the displacement from their own rest is taken, so that no shape of
theirs is left, and every difference between two moments stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import NoAnalysableFace
from twitch_tracker.language import say
from twitch_tracker.motion.headframe import fit_template, to_head_frame
from twitch_tracker.motion.recorder import KEPT_POINTS, RawMotion
from twitch_tracker.regions import (
    BROW,
    CHEEK,
    IRIS,
    LOWER_LID,
    ORAL_COMMISSURE,
    RIGID_PAIRS,
    RIGID_POINTS,
    UPPER_LID,
    Side,
)

__all__ = [
    "BROW_AT",
    "CHEEK_AT",
    "CORNER_AT",
    "LEFT_HALF",
    "LID_X",
    "MIDLINE",
    "SYNTHETIC_FACE",
    "put_on_synthetic_face",
]

MIDLINE: Final = {
    10: (0.53, 0.09),
    151: (0.35, 0.14),
    9: (0.14, 0.20),
    8: (0.05, 0.16),
    168: (-0.04, 0.16),
    6: (-0.13, 0.21),
    197: (-0.21, 0.20),
    195: (-0.29, 0.33),
    5: (-0.37, 0.39),
    0: (-0.74, 0.27),
    13: (-0.81, 0.22),
    14: (-0.83, 0.22),
    17: (-0.93, 0.24),
    152: (-1.30, 0.16),
}
"""(y, z) by number of the point; the bridge of the nose is upright, because that is what
`motion.headframe` calls up."""

LEFT_HALF: Final = {
    337: (0.19, 0.35, 0.12),
    338: (0.21, 0.52, 0.07),
    351: (0.065, -0.145, 0.18),
    417: (0.086, -0.048, 0.11),
    362: (0.195, -0.107, -0.03),
    263: (0.5, -0.095, -0.09),
    356: (0.78, -0.16, -0.64),
    454: (0.777, -0.33, -0.69),
    269: (0.10, -0.75, 0.22),
    270: (0.18, -0.79, 0.17),
    278: (0.14, -0.42, 0.19),
    294: (0.13, -0.48, 0.20),
}
"""Points of the subject's left half; the right half is their mirror image."""

_RIGHT_OF: Final = {269: 39, 270: 40, 278: 48, 294: 64}
LID_X: Final = (0.40, 0.36, 0.32, 0.28)
_LID_Y: Final = (-0.037, -0.148)
_IRIS: Final = ((0.34, -0.10), 0.065)
CHEEK_AT: Final = (
    *((0.36, -0.50, 0.08), (0.46, -0.38, 0.05), (0.42, -0.32, 0.06)),
    *((0.34, -0.34, 0.09), (0.30, -0.48, 0.12)),
)
BROW_AT: Final = (
    *((0.56, 0.14, -0.05), (0.46, 0.19, 0.04), (0.34, 0.21, 0.09)),
    *((0.22, 0.19, 0.12), (0.10, 0.14, 0.13)),
)
CORNER_AT: Final = ((0.28, -0.85, 0.05), (0.25, -0.85, 0.05))


def _pairs() -> dict[int, int]:
    """Return the right one's number of each point of the left side."""
    rigid = zip(RIGID_POINTS, RIGID_PAIRS, strict=True)
    return {**_RIGHT_OF, **{point: RIGID_POINTS[other] for point, other in rigid}}


def _made_up() -> NDArray[np.float64]:
    """Lay the face out in the order of `KEPT_POINTS`, shape (points, 3)."""
    at = {point: (0.0, y, z) for point, (y, z) in MIDLINE.items()}
    right_of = _pairs()
    for point, (x, y, z) in LEFT_HALF.items():
        at[point], at[right_of[point]] = (x, y, z), (-x, y, z)
    for side, out in ((Side.LEFT, 1.0), (Side.RIGHT, -1.0)):
        for points, places in (
            (UPPER_LID[side], [(x, _LID_Y[0], 0.0) for x in LID_X]),
            (LOWER_LID[side], [(x, _LID_Y[1], 0.0) for x in LID_X]),
            (IRIS[side], _iris(out)),
            (ORAL_COMMISSURE[side], CORNER_AT),
            (CHEEK[side], CHEEK_AT),
            (BROW[side], BROW_AT),
        ):
            for point, (x, y, z) in zip(points, places, strict=True):
                at[point] = (out * x, y, z)
    return np.array([at[point] for point in KEPT_POINTS])


def _iris(out: float) -> Sequence[tuple[float, float, float]]:
    """Place the centre of an iris and its rim: picture right, top, left, bottom."""
    (x, y), r = _IRIS
    rim = ((0.0, 0.0), (out * r, 0.0), (0.0, r), (-out * r, 0.0), (0.0, -r))
    return [(x + dx, y + dy, 0.0) for dx, dy in rim]


SYNTHETIC_FACE: Final = _made_up()
"""The face at rest, shape (points, 3), in the order of `KEPT_POINTS`."""

_RIGID: Final = [KEPT_POINTS.index(point) for point in RIGID_POINTS]


def put_on_synthetic_face(raw: RawMotion) -> NDArray[np.float64]:
    """Put a person's movement on a synthetic face.

    Returns
    -------
    NDArray[np.float64]
        Shape (n, points, 3) in the order of `KEPT_POINTS`, in the head's frame: the
        made-up face, each point displaced as the person's is from their own median
        place. The head's own motion is taken out. NaN without a face.

    Raises
    ------
    NoAnalysableFace
        No frame shows one.
    """
    usable = np.array([not reasons for reasons in raw.reasons], dtype=bool)
    seen = np.isfinite(raw.points_px).all(axis=(1, 2))
    measured = usable & seen
    if not measured.any():
        raise NoAnalysableFace(
            say("No frame shows a face whose movement could be put on another one.")
        )
    rigid = raw.points_px[:, _RIGID]
    template = fit_template(rigid[measured])
    found = np.full((len(raw), len(KEPT_POINTS), 3), np.nan)
    head, _, _ = to_head_frame(raw.points_px[seen], rigid[seen], template)
    rest = np.median(head[measured[seen]], axis=0)
    found[seen] = SYNTHETIC_FACE + (head - rest)
    return found
