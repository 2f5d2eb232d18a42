"""The attention mesh: the default landmark tracker.

Runs the 478-point mesh network with refined eyes and lips which MediaPipe
0.10.x carries inside its wheel, so nothing is downloaded and nothing leaves
the computer. Only the network itself is run, on a square which this module
chooses: around the mesh of the frame before (`follow`) or around a detected
face (`find_all`). MediaPipe's own tracking graph is not used because it keeps
state of its own and picks another face silently; its mesh on the same picture
is the same within a tenth of a pixel.

Note: z is in the same scale as x, smaller towards the camera. Nothing here looks at
more than one picture, so nothing is smoothed.

>>> with AttentionMeshTracker() as tracker:  # doctest: +SKIP
...     meshes = tracker.find_all(image)
...     mesh = tracker.follow(next_image, meshes[0])
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import MissingDependency
from twitch_tracker.face.trackers.detection import FaceDetector
from twitch_tracker.face.trackers.mediapipe_library import load_mediapipe
from twitch_tracker.face.trackers.mesh_graph import open_graph
from twitch_tracker.face.trackers.quiet import quiet_native_stderr
from twitch_tracker.face.trackers.region_of_interest import (
    SquareRoi,
    cut_out,
    overlap,
    roi_from_mesh,
)
from twitch_tracker.face.trackers.tracker import MOST_FACES, SAME_FACE_OVERLAP
from twitch_tracker.language import say
from twitch_tracker.records import TrackerInfo

__all__ = ["AttentionMeshTracker", "attention_mesh_available"]

UPSIDE_DOWN_MARGIN = 0.05
"""How much surer of a turned face the detectors must be. On 375 pictures of the
development videos, half of them turned over, the turned score less the seen one was
-0.05 and less for upright faces, 0.09 and more for those upside down."""

ROI_PX = 256
"""Squares from 384 pixels on are handed to the network made smaller, to about this
side: never smaller than its input of 192 pixels, and not so large that it leaves pixels
out when it samples them."""

SMALLEST_ROI_PX = 8.0

_WEIGHTS = (
    "face_detection/face_detection_full_range_sparse.tflite",
    "face_detection/face_detection_short_range.tflite",
    "face_landmark/face_landmark_with_attention.tflite",
)


def attention_mesh_available() -> bool:
    """Return whether the installed mediapipe carries the attention mesh."""
    try:
        _modules_folder()
    except MissingDependency:
        return False
    return True


class AttentionMeshTracker:
    """Finds faces with the attention mesh of the mediapipe 0.10.x wheel.

    Raises
    ------
    MissingDependency
        If mediapipe is not installed or is a line without the attention mesh.
    """

    def __init__(self) -> None:
        """Load the networks and run each once."""
        folder = _modules_folder()
        self._info = TrackerInfo(
            name="attention-mesh",
            version=_mediapipe_version(),
            weights_sha256=_hash_of([folder / name for name in _WEIGHTS]),
        )
        with quiet_native_stderr():
            self._graph: Any = open_graph()
            self._detector = FaceDetector()
            blank = np.zeros((64, 64, 3), np.uint8)
            self._mesh_at(blank, SquareRoi(x_px=32, y_px=32, side_px=64, angle_rad=0))
            self._detector.find(blank, thorough=False)

    @property
    def info(self) -> TrackerInfo:
        """Name, library version and weight hash."""
        return self._info

    def find_all(self, image: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Find every face afresh; see `FaceTracker.find_all`.

        At most `MOST_FACES`, largest first.
        """
        return self._meshes(image, self._detector.find(image, thorough=True))

    def follow(
        self, image: NDArray[np.uint8], last: NDArray[np.float32] | None
    ) -> NDArray[np.float32] | None:
        """Find the face that was at `last` one frame ago; see `FaceTracker`."""
        if last is not None:
            return self._mesh_at(image, roi_from_mesh(last))
        meshes = self._meshes(image, self._detector.find(image, thorough=False))
        return meshes[0] if meshes else None

    def close(self) -> None:
        """Release the model; harmless when called twice."""
        if self._graph is not None:
            self._graph.close()
            self._graph = None
        self._detector.close()

    def __enter__(self) -> Self:
        """Open for a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close at the end of a ``with`` block."""
        self.close()

    def _meshes(
        self, image: NDArray[np.uint8], rois: list[SquareRoi]
    ) -> list[NDArray[np.float32]]:
        """Fit a mesh in every square and keep each face once, largest first."""
        kept: list[NDArray[np.float32]] = []
        for roi in sorted(rois, key=lambda roi: -roi.side_px):
            rough = self._mesh_at(image, roi)
            if rough is not None and self._is_upside_down(image, rough):
                turned = replace(roi, angle_rad=roi.angle_rad + math.pi)
                rough = self._mesh_at(image, turned)
            mesh = None if rough is None else self._mesh_at(image, roi_from_mesh(rough))
            if mesh is None or any(overlap(mesh, k) > SAME_FACE_OVERLAP for k in kept):
                continue
            kept.append(mesh)
            if len(kept) == MOST_FACES:
                break
        return kept

    def _is_upside_down(
        self, image: NDArray[np.uint8], mesh: NDArray[np.float32]
    ) -> bool:
        """Return whether a mesh was laid upright onto a face that stands on its head.

        The mesh network does so without a sign of doubt, and left and right are
        then exchanged. The detectors know better when they see the face both ways.
        """
        around = _around(image, mesh)
        if min(around.shape[:2]) < 2:
            return False
        seen = self._detector.best_score(around)
        turned = self._detector.best_score(around[::-1, ::-1])
        return turned > seen + UPSIDE_DOWN_MARGIN

    def _mesh_at(
        self, image: NDArray[np.uint8], roi: SquareRoi
    ) -> NDArray[np.float32] | None:
        """Run the network on one square of the picture."""
        if not roi.side_px > SMALLEST_ROI_PX:
            return None
        crop = cut_out(image, roi, about_px=ROI_PX)
        if min(crop.image.shape[:2]) < 2:
            return None
        found = self._graph.find(crop.image, _as_rect(roi, crop))
        if found is None:
            return None
        return crop.to_picture(_as_array(found, crop.image.shape))


def _around(image: NDArray[np.uint8], mesh: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Cut a square around a mesh, a good face height to each side of its centre."""
    x, y = mesh[:, :2].mean(axis=0)
    reach = 1.1 * float(np.ptp(mesh[:, 1]))
    top, bottom = np.clip((int(y - reach), int(y + reach)), 0, image.shape[0])
    left, right = np.clip((int(x - reach), int(x + reach)), 0, image.shape[1])
    return image[top:bottom, left:right]


def _as_rect(roi: SquareRoi, crop: Any) -> Any:
    """Describe the square in fractions of the crop, as MediaPipe wants it."""
    from mediapipe.framework.formats import rect_pb2

    height, width = crop.image.shape[:2]
    return rect_pb2.NormalizedRect(
        x_center=(roi.x_px - crop.left_px) * crop.scale / width,
        y_center=(roi.y_px - crop.top_px) * crop.scale / height,
        width=roi.side_px * crop.scale / width,
        height=roi.side_px * crop.scale / height,
        rotation=roi.angle_rad,
    )


def _as_array(
    found: NDArray[np.float32], shape: tuple[int, ...]
) -> NDArray[np.float32]:
    """Turn MediaPipe's fractions of the crop into its pixels, shape (478, 3)."""
    height, width = shape[:2]
    return found * np.array([width, height, width], np.float32)


def _modules_folder() -> Path:
    """Return the folder of the wheel that holds the weights."""
    try:
        mediapipe = load_mediapipe()
    except ImportError as error:
        raise MissingDependency(
            say(
                "The attention mesh needs mediapipe 0.10.x, which is not installed. "
                "Install it with `pip install mediapipe==0.10.21` (Python 3.11 or "
                "3.12)."
            )
        ) from error
    folder = Path(mediapipe.__file__).parent / "modules"
    has_solutions = hasattr(mediapipe, "solutions")
    if not has_solutions or not all((folder / name).is_file() for name in _WEIGHTS):
        raise MissingDependency(
            say(
                "The attention mesh needs mediapipe 0.10.x; the installed {version} "
                "does not carry it. Use Python 3.11 or 3.12 with mediapipe 0.10.21, "
                "or choose the face landmarker: `twitch-tracker models install` and "
                "`--tracker face-landmarker`.",
                version=_mediapipe_version(),
            )
        )
    return folder


def _mediapipe_version() -> str:
    mediapipe = load_mediapipe()

    return str(getattr(mediapipe, "__version__", "unknown"))


def _hash_of(paths: list[Path]) -> str:
    """Return one sha256 over the files' contents, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
