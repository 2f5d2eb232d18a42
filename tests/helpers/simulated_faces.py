"""A face to simulate on: the public-domain portrait inside scikit-image."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from twitch_tracker.face.trackers.mesh import (
    AttentionMeshTracker,
    attention_mesh_available,
)
from twitch_tracker.records import Frame
from twitch_tracker.regions import EYE_CORNERS, LOWER_LID, UPPER_LID, Side
from twitch_tracker.simulate.portrait import Portrait, crop_to_face
from twitch_tracker.timebase import Stamp


@pytest.fixture(scope="session")
def tracker() -> Iterator[AttentionMeshTracker]:
    if not attention_mesh_available():
        pytest.skip("this mediapipe does not carry the attention mesh")
    with AttentionMeshTracker() as opened:
        yield opened


@pytest.fixture(scope="session")
def portrait(tracker: AttentionMeshTracker) -> Portrait:
    """A frontal face, 100 px between the outer canthi, in 400 x 400 pixels."""
    data = pytest.importorskip("skimage.data")
    still = crop_to_face(data.astronaut(), tracker, size_px=400, interocular_px=100)
    return Portrait.from_still(still, tracker)


@pytest.fixture(scope="session")
def eye_aspect_ratio():
    """Height over width of an eye of a mesh."""

    def compute(mesh: NDArray[np.float32], side: Side) -> float:
        upper, lower = mesh[list(UPPER_LID[side]), :2], mesh[list(LOWER_LID[side]), :2]
        first, second = EYE_CORNERS[side]
        width = np.linalg.norm(mesh[first, :2] - mesh[second, :2])
        return float(np.linalg.norm(upper - lower, axis=1).mean() / width)

    return compute


@pytest.fixture(scope="session")
def frame_of():
    """Return a maker of frames with exact times."""

    def make(image: NDArray[np.uint8], time_s: float, index: int = 0) -> Frame:
        stamp = Stamp(pts=round(90_000 * time_s), time_base=Fraction(1, 90_000))
        return Frame(index=index, stamp=stamp, image=image)

    return make
