"""The mesh of the face in stretches of a review copy, computed on request.

Meshes of a whole recording are too large to keep (5.7 KB a picture), so those of some
pictures are computed again from the review copy, by the tracker of the analysis. Note:
the mesh is that of the measured face, found by its place in the analysis, not of the
largest face; what goes to the browser is a share of the picture's width and height as
uint16 (65535 is not seen), shape (pictures, 478, 2).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.face.identity.subject import SubjectFollower
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.face.trackers.region_of_interest import place_in_picture
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.regions import MESH_POINTS
from twitch_tracker.report.overlay.face import mesh_edges
from twitch_tracker.threads import single_threaded
from twitch_tracker.video.frames_at import read_frames_at

__all__ = ["AT_ONCE", "UNSEEN", "MeasuredFace", "Meshes"]

AT_ONCE: Final = 24
"""Pictures that are looked at in one go."""

UNSEEN: Final = 65535
_KEPT: Final = 40

_SAME_FACE: Final = 0.35
"""A face whose middle is further from where the analysis saw it than this share of its
own width is another one. The same face in a review copy is off by less than 0.05."""


@dataclass(frozen=True, kw_only=True)
class MeasuredFace:
    """By what the face that was measured is found again.

    Attributes
    ----------
    face_at : NDArray[np.float32] or None
        `MotionSignals.face_at` of the whole recording; None of older ones.
    first_at : tuple of float or None
        Where it was chosen among several, for those; None where it was alone.
    """

    face_at: NDArray[np.float32] | None = None
    first_at: tuple[float, float] | None = None


class Meshes:
    """Finds meshes on demand and keeps the last ones."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._lock = threading.Lock()
        self._tracker: FaceTracker | None = None
        self._kept: OrderedDict[tuple[Path, int], bytes] = OrderedDict()

    def stretch(
        self,
        copy: Path,
        time_s: NDArray[np.float64],
        number: int,
        whose: MeasuredFace | None = None,
    ) -> bytes:
        """Find the meshes of one stretch of `AT_ONCE` pictures.

        Parameters
        ----------
        copy : Path
            A review copy.
        time_s : NDArray[np.float64]
            Times of the pictures of the analysis, shape (n,).
        number : int
            Which stretch, from 0.
        whose : MeasuredFace, optional
            Whose face; without, the largest, most central one.

        Returns
        -------
        bytes
            uint16, little-endian, shape (pictures, 478, 2).
        """
        with self._lock:
            key = (copy, number)
            if key not in self._kept:
                part = slice(number * AT_ONCE, (number + 1) * AT_ONCE)
                found = self._find(copy, time_s[part], whose or MeasuredFace(), part)
                self._kept[key] = found.astype("<u2").tobytes()
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def drop(self) -> None:
        """Drop the meshes of films that were removed."""
        with self._lock:
            for key in [key for key in self._kept if not key[0].is_file()]:
                del self._kept[key]

    def _find(
        self,
        copy: Path,
        wanted_s: NDArray[np.float64],
        whose: MeasuredFace,
        part: slice,
    ) -> NDArray[np.uint16]:
        found = np.full((len(wanted_s), MESH_POINTS, 2), UNSEEN, np.uint16)
        if self._tracker is None:
            self._tracker = open_tracker("auto")
        with single_threaded():
            frames = read_frames_at(copy, wanted_s.tolist())
            if whose.face_at is None:
                follower = SubjectFollower(self._tracker, place=whose.first_at)
                meshes = [follower.observe(frame).landmarks_px for frame in frames]
            else:
                images = [frame.image for frame in frames]
                meshes = _meshes_at(self._tracker, images, whose.face_at[part])
            for place, (mesh, frame) in enumerate(zip(meshes, frames, strict=True)):
                if mesh is not None:
                    found[place] = _shares(mesh, frame.image.shape)
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
        """Release the tracker."""
        with self._lock:
            if self._tracker is not None:
                self._tracker.close()
                self._tracker = None


def _meshes_at(
    tracker: FaceTracker,
    images: list[NDArray[np.uint8]],
    face_at: NDArray[np.float32],
) -> list[NDArray[np.float32] | None]:
    """Find in each picture the face that is where it was seen before, if any."""
    found: list[NDArray[np.float32] | None] = []
    last: NDArray[np.float32] | None = None
    for image, at in zip(images, face_at, strict=True):
        if not np.isfinite(at).all():
            last = None
        else:
            here = None if last is None else tracker.follow(image, last)
            if here is None or _distance(here, image.shape, at) > _SAME_FACE:
                here = _nearest(tracker.find_all(image), image.shape, at)
            last = here
        found.append(last)
    return found


def _nearest(
    meshes: list[NDArray[np.float32]], shape: tuple[int, ...], at: NDArray[np.float32]
) -> NDArray[np.float32] | None:
    """Return the face at a place; None where none is near enough."""
    off = [_distance(mesh, shape, at) for mesh in meshes]
    if not off or min(off) > _SAME_FACE:
        return None
    return meshes[int(np.argmin(off))]


def _distance(
    mesh: NDArray[np.float32], shape: tuple[int, ...], at: NDArray[np.float32]
) -> float:
    """Return how far a face is from a place, as a share of its own width."""
    off = (np.array(place_in_picture(mesh, shape)) - at) * (shape[1], shape[0])
    return float(np.hypot(*off) / max(np.ptp(mesh[:, 0]), 1.0))


def _shares(mesh: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.uint16]:
    """Return points of a picture as shares of its width and height, shape (478, 2)."""
    height, width = shape[:2]
    share = mesh[:, :2] / np.array([width, height], np.float32)
    inside = np.clip(np.rint(share * (UNSEEN - 1)), 0, UNSEEN - 1)
    return np.asarray(inside, np.uint16)
