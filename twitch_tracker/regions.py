"""Sides and regions of the face, and where the face mesh has them.

Sides are always the *subject's own* left and right. In an ordinary
(unmirrored) picture the subject's right eye is on the viewer's left. This is
the only file that knows about mirrored recordings: `unmirror` turns a stored
mirror picture back before anybody looks at it, so that no later room has to
think about it.

Landmark numbers are those of the 478-point MediaPipe face mesh (468 points of
the canonical face model, then five per iris); both trackers share them. In
that numbering 33 is the outer corner of the subject's right eye.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "ALA_NASI",
    "BROW",
    "CHEEK",
    "CHIN",
    "EYE_CORNERS",
    "IRIS",
    "LIPS",
    "LOWER_LID",
    "MESH_POINTS",
    "ORAL_COMMISSURE",
    "REGIONS",
    "RIGID_PAIRS",
    "RIGID_POINTS",
    "SIDES",
    "UPPER_LID",
    "UPPER_LIP",
    "Region",
    "Side",
    "unmirror",
]

MESH_POINTS: Final = 478


class Side(StrEnum):
    """The subject's own side."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Region(StrEnum):
    """A part of the face that is measured on each side."""

    EYELID = "eyelid"
    MOUTH_CORNER = "mouth_corner"
    CHEEK = "cheek"
    BROW = "brow"


SIDES: Final = (Side.LEFT, Side.RIGHT)
"""Order of the side axis in every array."""

REGIONS: Final = (Region.EYELID, Region.MOUTH_CORNER, Region.CHEEK, Region.BROW)
"""Order of the region axis in every array."""

EYE_CORNERS: Final = {Side.LEFT: (263, 362), Side.RIGHT: (33, 133)}
"""Outer and inner canthus."""

UPPER_LID: Final = {
    Side.LEFT: (387, 386, 385, 384),
    Side.RIGHT: (160, 159, 158, 157),
}
"""Upper lid margin; each point has its partner at the same place of `LOWER_LID`."""

LOWER_LID: Final = {
    Side.LEFT: (373, 374, 380, 381),
    Side.RIGHT: (144, 145, 153, 154),
}
"""Lower lid margin, below the points of `UPPER_LID`."""

ORAL_COMMISSURE: Final = {Side.LEFT: (291, 308), Side.RIGHT: (61, 78)}
"""Outer and inner corner of the mouth."""

CHEEK: Final = {
    Side.LEFT: (425, 280, 347, 330, 266),
    Side.RIGHT: (205, 50, 118, 101, 36),
}
"""Malar cheek, below the orbit and beside the nasolabial fold."""

BROW: Final = {
    Side.LEFT: (300, 293, 334, 296, 336),
    Side.RIGHT: (70, 63, 105, 66, 107),
}
"""Upper edge of the eyebrow, outer to inner."""

LIPS: Final = (0, 13, 14, 17)
"""Midline of the lips: upper lip outside, inside, lower lip inside, outside."""

CHIN: Final = (152,)
"""Lowest point of the chin in the midline."""

UPPER_LIP: Final = {Side.LEFT: (269, 270), Side.RIGHT: (39, 40)}
"""Upper edge of the upper lip between the philtrum and the oral commissure."""

ALA_NASI: Final = {Side.LEFT: (278, 294), Side.RIGHT: (48, 64)}
"""Wing of the nose, which levator labii alaeque nasi lifts."""

IRIS: Final = {
    Side.LEFT: (473, 474, 475, 476, 477),
    Side.RIGHT: (468, 469, 470, 471, 472),
}
"""Iris centre, then four points of its rim."""

RIGID_POINTS: Final = (
    *(168, 6, 197, 195, 5),  # bridge of the nose
    *(9, 8, 151, 10),  # midline of the forehead
    *(108, 337, 109, 338),  # inner forehead, both sides
    *(122, 351, 193, 417),  # sides of the nasal root
    *(133, 362, 33, 263),  # eye corners
    *(127, 356, 234, 454),  # in front of the ears
)
"""Points that facial contractions hardly move; pose and scale are fitted here."""


_RIGID_MIRROR: Final = {
    **{a: a for a in (168, 6, 197, 195, 5, 9, 8, 151, 10)},
    108: 337,
    109: 338,
    122: 351,
    193: 417,
    133: 362,
    33: 263,
    127: 356,
    234: 454,
}
_BOTH_WAYS: Final = {**_RIGID_MIRROR, **{b: a for a, b in _RIGID_MIRROR.items()}}

RIGID_PAIRS: Final = tuple(RIGID_POINTS.index(_BOTH_WAYS[p]) for p in RIGID_POINTS)
"""For each place in `RIGID_POINTS`, the place of its mirror partner."""


def unmirror(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Turn a picture that was stored mirrored back into what a viewer saw.

    Parameters
    ----------
    image : NDArray[np.uint8]
        Picture of shape (height, width, 3).

    Returns
    -------
    NDArray[np.uint8]
        The picture flipped left to right, contiguous.
    """
    return image[:, ::-1].copy()
