"""What a face does at one moment: the values the warp turns into a picture.

Side axes follow `regions.SIDES` (left, right). Zero everywhere is the face as
it was filmed.

>>> float(Action.rest().peak)
0.0
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.regions import SIDES

__all__ = ["Action"]


@dataclass(frozen=True, kw_only=True)
class Action:
    """Displacements of both sides of a face at one moment.

    Attributes
    ----------
    closure : NDArray[np.float64]
        Eye closure of each side as a fraction of the aperture as filmed,
        0 to 1, shape (2,).
    mouth_corner_mm : NDArray[np.float64]
        Oral commissure, outward and up, shape (2,).
    cheek_mm : NDArray[np.float64]
        Malar skin, up, shape (2,).
    brow_mm : NDArray[np.float64]
        Brow, up (negative: down), shape (2,).
    jaw_mm : float
        Lower lip and chin, down, by pulling the skin.
    gaze_deg : NDArray[np.float64]
        Gaze of both eyes to the subject's left and up, shape (2,).
    mouth_open_mm : float
        Distance of the lips from how they were filmed, the mouth's dark inside
        between them.
    """

    closure: NDArray[np.float64]
    mouth_corner_mm: NDArray[np.float64]
    cheek_mm: NDArray[np.float64]
    brow_mm: NDArray[np.float64]
    jaw_mm: float = 0.0
    gaze_deg: NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    mouth_open_mm: float = 0.0

    @classmethod
    def rest(cls) -> Action:
        """Return the face as it was filmed."""
        zero = np.zeros(len(SIDES))
        return cls(
            closure=zero, mouth_corner_mm=zero, cheek_mm=zero, brow_mm=zero, jaw_mm=0.0
        )

    @property
    def peak(self) -> float:
        """Largest absolute value of all, whatever its unit; 0 at rest."""
        parts = (self.closure, self.mouth_corner_mm, self.cheek_mm, self.brow_mm)
        largest = max(float(np.abs(part).max()) for part in (*parts, self.gaze_deg))
        return max(largest, abs(self.jaw_mm), self.mouth_open_mm)
