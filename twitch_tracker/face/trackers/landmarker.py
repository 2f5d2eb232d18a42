"""The face landmarker: the second landmark tracker, on the Tasks interface.

Needed where mediapipe 0.10.x has no wheel (Python 3.13 and later) and for
comparison. Its weights are fetched once or given by path (`face.trackers.weights`).

Note: only IMAGE mode is used. VIDEO mode with one face smooths the landmarks over time
and takes half of a 100 ms twitch away. As the task detects before it fits, following
means looking at a piece of picture around the last mesh and taking the face which
overlaps it.

>>> with FaceLandmarkerTracker(path) as tracker:  # doctest: +SKIP
...     mesh = tracker.follow(image, None)
"""

from __future__ import annotations

import hashlib
import importlib
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import MissingDependency, WeightsCorrupt, WeightsMissing
from twitch_tracker.face.trackers.mediapipe_library import load_mediapipe
from twitch_tracker.face.trackers.quiet import quiet_native_stderr
from twitch_tracker.face.trackers.region_of_interest import (
    Crop,
    cut_out,
    overlap,
    roi_from_mesh,
    tiles,
)
from twitch_tracker.face.trackers.tracker import MOST_FACES, SAME_FACE_OVERLAP
from twitch_tracker.language import say
from twitch_tracker.records import TrackerInfo
from twitch_tracker.regions import MESH_POINTS

__all__ = ["FaceLandmarkerTracker"]

ROI_PX = 512
"""The square around the last mesh is looked at about this large at the most."""

FOLLOW_MARGIN = 1.3
"""Room around the mesh network's own square: the detector wants to see a head."""


class FaceLandmarkerTracker:
    """Finds faces with MediaPipe's FaceLandmarker task in IMAGE mode.

    Parameters
    ----------
    model_path : Path
        A ``face_landmarker.task`` file.

    Raises
    ------
    MissingDependency
        If mediapipe is not installed.
    WeightsMissing
        If there is no such file.
    WeightsCorrupt
        If the file is not a face landmarker model.
    """

    def __init__(self, model_path: Path) -> None:
        """Load the model and run it once."""
        mediapipe = _import_mediapipe()
        weights = _read(model_path)
        self._info = TrackerInfo(
            name="face-landmarker",
            version=str(getattr(mediapipe, "__version__", "unknown")),
            weights_sha256=hashlib.sha256(weights).hexdigest(),
        )
        self._mediapipe: Any = mediapipe
        with quiet_native_stderr():
            self._task: Any = _open_task(mediapipe, weights, model_path)
            self._meshes(np.zeros((64, 64, 3), np.uint8))

    @property
    def info(self) -> TrackerInfo:
        """Name, library version and weight hash."""
        return self._info

    def find_all(self, image: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Find every face afresh; see `FaceTracker.find_all`.

        The whole picture first, then overlapping tiles for small faces. At
        most `MOST_FACES`, largest first.
        """
        found = self._meshes(image)
        for tile, left, top in tiles(image):
            crop = Crop(image=tile, left_px=left, top_px=top, scale=1.0)
            found.extend(crop.to_picture(mesh) for mesh in self._meshes(tile))
        return _each_once(found)[:MOST_FACES]

    def follow(
        self, image: NDArray[np.uint8], last: NDArray[np.float32] | None
    ) -> NDArray[np.float32] | None:
        """Find the face that was at `last` one frame ago; see `FaceTracker`."""
        if last is None:
            found = _each_once(self._meshes(image))
            return found[0] if found else None
        roi = roi_from_mesh(last).grown(FOLLOW_MARGIN)
        if not roi.side_px > 1.0:
            return None
        crop = cut_out(image, roi, about_px=ROI_PX)
        if min(crop.image.shape[:2]) < 2:
            return None
        near = [crop.to_picture(mesh) for mesh in self._meshes(crop.image)]
        best = max(near, key=lambda mesh: overlap(mesh, last), default=None)
        if best is None or overlap(best, last) < SAME_FACE_OVERLAP:
            return None
        return best

    def close(self) -> None:
        """Release the model; harmless when called twice."""
        if self._task is not None:
            self._task.close()
            self._task = None

    def __enter__(self) -> Self:
        """Open for a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close at the end of a ``with`` block."""
        self.close()

    def _meshes(self, image: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Run the task on a picture; one mesh in its pixels per face."""
        height, width = image.shape[:2]
        picture = self._mediapipe.Image(
            image_format=self._mediapipe.ImageFormat.SRGB,
            data=np.ascontiguousarray(image),
        )
        scale = np.array([width, height, width], np.float32)
        return [
            np.array([(p.x, p.y, p.z) for p in face], np.float32) * scale
            for face in self._task.detect(picture).face_landmarks
            if len(face) == MESH_POINTS
        ]


def _each_once(meshes: list[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """Keep each face once, largest first."""
    kept: list[NDArray[np.float32]] = []
    for mesh in sorted(meshes, key=lambda mesh: -float(np.ptp(mesh[:, 1]))):
        if all(overlap(mesh, other) <= SAME_FACE_OVERLAP for other in kept):
            kept.append(mesh)
    return kept


def _import_mediapipe() -> Any:
    try:
        mediapipe = load_mediapipe()
        importlib.import_module("mediapipe.tasks.python.vision")
    except ImportError as error:
        raise MissingDependency(
            say(
                "The face landmarker needs mediapipe, which cannot be loaded "
                "({error}). Install it with `pip install mediapipe`.",
                error=error,
            )
        ) from error
    return mediapipe


def _read(model_path: Path) -> bytes:
    try:
        return Path(model_path).read_bytes()
    except OSError as error:
        raise WeightsMissing(
            say(
                "No landmark weights at {model_path} ({why}). Fetch them with "
                "`twitch-tracker models install`, or give another path.",
                model_path=model_path,
                why=error.strerror,
            )
        ) from error


def _open_task(mediapipe: Any, weights: bytes, model_path: Path) -> Any:
    """Create the task from the file's bytes (paths break on some systems)."""
    python = mediapipe.tasks
    options = python.vision.FaceLandmarkerOptions(
        base_options=python.BaseOptions(model_asset_buffer=weights),
        running_mode=python.vision.RunningMode.IMAGE,
        num_faces=MOST_FACES,
    )
    try:
        return python.vision.FaceLandmarker.create_from_options(options)
    except (RuntimeError, ValueError) as error:
        raise WeightsCorrupt(
            say(
                "{model_path} is not a face landmarker model: {error}. Fetch the "
                "official one with `twitch-tracker models install`.",
                model_path=model_path,
                error=error,
            )
        ) from error
