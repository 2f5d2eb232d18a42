"""The mesh of the face on stretches of a review copy, found when somebody looks.

Meshes of a whole recording are too large to keep (5.7 KB a picture), so those of some
pictures are found anew, by the tracker of the analysis, from the review copy. The
convention that bites: what goes to the browser is a share of the picture's width and
height as uint16 (65535 is not seen), shape (pictures, 478, 2).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.face.identity.subject import SubjectFollower
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.regions import MESH_POINTS
from twitch_tracker.report.overlay.face import mesh_edges
from twitch_tracker.threads import single_threaded
from twitch_tracker.video.frames_at import read_frames_at

__all__ = ["AT_ONCE", "UNSEEN", "Meshes"]

AT_ONCE: Final = 24
"""Pictures that are looked at in one go."""

UNSEEN: Final = 65535
_KEPT: Final = 40


class Meshes:
    """Finds meshes on demand and keeps the last ones."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._lock = threading.Lock()
        self._tracker: FaceTracker | None = None
        self._kept: OrderedDict[tuple[Path, int], bytes] = OrderedDict()

    def stretch(
        self, copy: Path, time_s: NDArray[np.float64], number: int
    ) -> bytes:  # fmt: skip
        """Find the meshes of one stretch of `AT_ONCE` pictures.

        Parameters
        ----------
        copy : Path
            A review copy.
        time_s : NDArray[np.float64]
            Times of the pictures of the analysis, shape (n,).
        number : int
            Which stretch, from 0.

        Returns
        -------
        bytes
            uint16, little-endian, shape (pictures, 478, 2).
        """
        with self._lock:
            key = (copy, number)
            if key not in self._kept:
                wanted = time_s[number * AT_ONCE : (number + 1) * AT_ONCE]
                self._kept[key] = self._find(copy, wanted).astype("<u2").tobytes()
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def _find(self, copy: Path, wanted_s: NDArray[np.float64]) -> NDArray[np.uint16]:
        found = np.full((len(wanted_s), MESH_POINTS, 2), UNSEEN, np.uint16)
        if self._tracker is None:
            self._tracker = open_tracker("auto")
        follower = SubjectFollower(self._tracker)
        with single_threaded():
            for place, frame in enumerate(read_frames_at(copy, wanted_s.tolist())):
                seen = follower.observe(frame).landmarks_px
                if seen is not None:
                    found[place] = _shares(seen, frame.image.shape)
        return found

    def edges(self, packed: bytes) -> list[int]:
        """Return the lines between points of the first face of a stretch, flat."""
        shape = (-1, MESH_POINTS, 2)
        meshes = np.frombuffer(packed, dtype="<u2").reshape(shape)
        seen = meshes[(meshes != UNSEEN).any(axis=(1, 2))]
        if not len(seen):
            return []
        flat: list[int] = mesh_edges(seen[0].astype(np.float32)).ravel().tolist()
        return flat

    def close(self) -> None:
        """Let go of the tracker."""
        with self._lock:
            if self._tracker is not None:
                self._tracker.close()
                self._tracker = None


def _shares(mesh: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.uint16]:
    """Points of a picture as shares of its width and height, shape (478, 2)."""
    height, width = shape[:2]
    share = mesh[:, :2] / np.array([width, height], np.float32)
    inside = np.clip(np.rint(share * (UNSEEN - 1)), 0, UNSEEN - 1)
    return np.asarray(inside, np.uint16)
