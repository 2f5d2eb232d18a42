"""Where the face is in each picture of a film.

MediaPipe's face landmarker in its VIDEO mode, which smooths over time: what is drawn on
a face should sit still on it. (For measuring, that mode is useless: it smooths bursts
away.) Neither of the other families does it, nor does the program.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from twitch_tracker.errors import WeightsMissing
from twitch_tracker.face.trackers.mediapipe_library import load_mediapipe
from twitch_tracker.face.trackers.quiet import quiet_native_stderr
from twitch_tracker.records import Frame
from twitch_tracker.regions import MESH_POINTS

__all__ = ["Landmarks", "follow"]

Landmarks = NDArray[np.float64]
"""Shape (478, 2), pixels; NaN in a picture without a face."""

_MS: Final = 1000.0


def follow(frames: Iterable[Frame], weights: Path) -> Iterator[Landmarks]:
    """Find the one face of a film.

    Parameters
    ----------
    frames : iterable of Frame
        Its pictures in order.
    weights : Path
        A ``face_landmarker.task`` file.

    Yields
    ------
    NDArray[np.float64]
        Landmarks of each picture.

    Raises
    ------
    WeightsMissing
        If there is no such file.
    """
    mediapipe = load_mediapipe()
    importlib.import_module("mediapipe.tasks.python.vision")
    with quiet_native_stderr(), _opened(mediapipe, weights) as task:
        last_ms = -1
        for frame in frames:
            last_ms = max(round(_MS * frame.time_s), last_ms + 1)
            picture = mediapipe.Image(
                image_format=mediapipe.ImageFormat.SRGB,
                data=np.ascontiguousarray(frame.image),
            )
            faces = task.detect_for_video(picture, last_ms).face_landmarks
            height, width = frame.image.shape[:2]
            yield _pixels(faces[0], width, height) if faces else _NOWHERE


_NOWHERE: Final = np.full((MESH_POINTS, 2), np.nan)


def _pixels(face: Iterable[Any], width_px: int, height_px: int) -> Landmarks:
    return np.array([(point.x * width_px, point.y * height_px) for point in face])


def _opened(mediapipe: Any, weights: Path) -> Any:
    """Open the task from the file's bytes (paths break on some systems)."""
    try:
        content = weights.read_bytes()
    except OSError as error:
        raise WeightsMissing(
            f"No landmark weights at {weights} ({error.strerror}). Fetch them with "
            "`twitch-tracker models install`, or give another path."
        ) from error
    tasks = mediapipe.tasks
    options = tasks.vision.FaceLandmarkerOptions(
        base_options=tasks.BaseOptions(model_asset_buffer=content),
        running_mode=tasks.vision.RunningMode.VIDEO,
        num_faces=1,
    )
    return tasks.vision.FaceLandmarker.create_from_options(options)
