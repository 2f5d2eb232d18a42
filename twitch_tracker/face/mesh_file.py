"""Meshes of a whole recording in a file, and the box around one of them.

Note: float32 of shape (n, 478, 3) in native byte order, NaN without a face. Read it
with ``numpy.memmap``.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Self

import numpy as np

from twitch_tracker.records import FaceObservation
from twitch_tracker.regions import MESH_POINTS

__all__ = ["MeshFile", "face_box"]


class MeshFile:
    """Appends meshes to a file, or does nothing without a path."""

    def __init__(self, path: Path | None) -> None:
        """Begin the file."""
        self._file = path.open("wb") if path else None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    def put(self, seen: FaceObservation) -> None:
        """Append one mesh."""
        if self._file is None:
            return
        mesh = seen.landmarks_px
        if mesh is None:
            mesh = np.full((MESH_POINTS, 3), np.nan, np.float32)
        self._file.write(np.ascontiguousarray(mesh, np.float32).tobytes())


def face_box(seen: FaceObservation) -> tuple[float, float, float, float]:
    """Return the smallest box around a mesh: x0, y0, x1, y1 in pixels, or NaN."""
    if seen.landmarks_px is None:
        return (math.nan,) * 4
    x, y = seen.landmarks_px[:, 0], seen.landmarks_px[:, 1]
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())
