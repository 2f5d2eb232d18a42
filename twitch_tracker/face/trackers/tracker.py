"""The interface between pictures and face meshes.

A tracker finds meshes; it does not know which of several faces is the subject
(`face.identity.subject` decides that) nor whether the face can be measured
(`face.quality`).
"""

from __future__ import annotations

from typing import Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.records import TrackerInfo

__all__ = ["MOST_FACES", "SAME_FACE_OVERLAP", "FaceTracker"]

MOST_FACES: Final = 6
"""Faces looked at in one picture; more makes finding slow and helps nobody."""

SAME_FACE_OVERLAP: Final = 0.3
"""Two meshes whose boxes overlap by more are one face found twice."""


class FaceTracker(Protocol):
    """Finds face meshes in pictures."""

    @property
    def info(self) -> TrackerInfo:
        """Name, library version and weight hash."""
        ...

    def find_all(self, image: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Find every face afresh, without any memory of earlier pictures.

        Parameters
        ----------
        image : NDArray[np.uint8]
            RGB, shape (height, width, 3).

        Returns
        -------
        list of NDArray[np.float32]
            One mesh of shape (478, 3) in picture pixels per face.
        """
        ...

    def follow(
        self, image: NDArray[np.uint8], last: NDArray[np.float32] | None
    ) -> NDArray[np.float32] | None:
        """Find the face that was at `last` one frame ago.

        Never smooths over time: a movement of one frame keeps its height.

        Parameters
        ----------
        image : NDArray[np.uint8]
            RGB, shape (height, width, 3).
        last : NDArray[np.float32] or None
            The subject's mesh in the frame before; None for any one face.

        Returns
        -------
        NDArray[np.float32] or None
            Mesh of shape (478, 3) in picture pixels, or None.
        """
        ...

    def close(self) -> None:
        """Release the model; harmless when called twice."""
        ...

    def __enter__(self) -> Self:
        """Open for a ``with`` block."""
        ...

    def __exit__(self, *_: object) -> None:
        """Close at the end of a ``with`` block."""
        ...
