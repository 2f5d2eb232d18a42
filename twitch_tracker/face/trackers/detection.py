"""Where faces are in a picture, roughly: MediaPipe's two small face detectors.

The short-range detector sees faces that fill a good part of its 128-pixel
input, the full-range one smaller ones at 192 pixels. Faces smaller than that
in a large picture are looked for in overlapping tiles. Knows boxes and eye
points; does not know meshes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from twitch_tracker.face.trackers.mediapipe_library import load_mediapipe
from twitch_tracker.face.trackers.region_of_interest import (
    SquareRoi,
    roi_from_eyes,
    tiles,
)

__all__ = ["FaceDetector"]

MOST_SEARCHED_PX: Final = 1920
"""Longer side of the picture that is searched; larger ones are made smaller."""

LEAST_SCORE: Final = 0.5
"""Of a face that counts as one, 0 to 1; the default of MediaPipe."""


class FaceDetector:
    """Both detectors of the mediapipe 0.10.x wheel."""

    def __init__(self) -> None:
        """Load both networks."""
        mediapipe = load_mediapipe()

        make = mediapipe.solutions.face_detection.FaceDetection
        self._short: Any = make(LEAST_SCORE, model_selection=0)
        self._full: Any = make(LEAST_SCORE, model_selection=1)

    def find(self, image: NDArray[np.uint8], *, thorough: bool) -> list[SquareRoi]:
        """Return squares that may hold a face, each face perhaps several times.

        Parameters
        ----------
        image : NDArray[np.uint8]
            RGB, shape (height, width, 3).
        thorough : bool
            Also look at tiles of the picture, for small faces.
        """
        small, scale = _within(image, MOST_SEARCHED_PX)
        found = [*_detect(self._short, small, 0, 0), *_detect(self._full, small, 0, 0)]
        if thorough:
            for tile, left, top in tiles(small):
                found.extend(_detect(self._full, tile, left, top))
        return [roi.enlarged(1.0 / scale) for roi in found]

    def best_score(self, image: NDArray[np.uint8]) -> float:
        """Return how sure either network is of a face, 0 to 1; 0 without one."""
        return max(
            _scores(self._short, image) + _scores(self._full, image), default=0.0
        )

    def close(self) -> None:
        """Release both networks; harmless when called twice."""
        for name in ("_short", "_full"):
            network = getattr(self, name)
            if network is not None:
                network.close()
                setattr(self, name, None)


def _detect(
    network: Any, image: NDArray[np.uint8], left: int, top: int
) -> Iterator[SquareRoi]:
    """Run one detector on a (piece of a) picture."""
    if min(image.shape[:2]) < 2:
        return
    height, width = image.shape[:2]
    found = network.process(np.ascontiguousarray(image)).detections
    for detection in found or ():
        data = detection.location_data
        box = data.relative_bounding_box
        right_eye, left_eye = data.relative_keypoints[0], data.relative_keypoints[1]
        yield roi_from_eyes(
            (
                box.xmin * width + left,
                box.ymin * height + top,
                box.width * width,
                box.height * height,
            ),
            (right_eye.x * width + left, right_eye.y * height + top),
            (left_eye.x * width + left, left_eye.y * height + top),
        )


def _scores(network: Any, image: NDArray[np.uint8]) -> list[float]:
    """Return the score of every face that a detector sees."""
    found = network.process(np.ascontiguousarray(image)).detections
    return [float(detection.score[0]) for detection in found or ()]


def _within(image: NDArray[np.uint8], most_px: int) -> tuple[NDArray[np.uint8], float]:
    """Shrink a picture whose longer side is over `most_px`; return the scale too."""
    height, width = image.shape[:2]
    scale = most_px / max(height, width)
    if scale >= 1.0:
        return image, 1.0
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA)), scale
