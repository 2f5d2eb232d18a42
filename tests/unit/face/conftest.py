"""One real face (the public-domain astronaut portrait) and ways to change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from twitch_tracker.face.trackers.mesh import (
    AttentionMeshTracker,
    attention_mesh_available,
)
from twitch_tracker.face.trackers.tracker import FaceTracker
from twitch_tracker.records import Frame
from twitch_tracker.timebase import Stamp

SHARED = Path(__file__).parents[4] / "shared"


@pytest.fixture(scope="session")
def tracker() -> Iterator[FaceTracker]:
    """Return the attention mesh, loaded once."""
    if not attention_mesh_available():
        pytest.skip("this mediapipe carries no attention mesh")
    with AttentionMeshTracker() as opened:
        yield opened


@pytest.fixture(scope="session")
def portrait() -> NDArray[np.uint8]:
    """Head and shoulders, 440 x 400 pixels, about 90 between the eyes."""
    head = data.astronaut()[0:220, 120:320]
    enlarged = cv2.resize(head, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return np.ascontiguousarray(enlarged)


@pytest.fixture(scope="session")
def mesh(tracker: FaceTracker, portrait: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the portrait's mesh."""
    (found,) = tracker.find_all(portrait)
    return found


@pytest.fixture
def as_frame() -> Callable[[NDArray[np.uint8], int], Frame]:
    """Make a frame of a 30 Hz recording."""

    def make(image: NDArray[np.uint8], index: int) -> Frame:
        stamp = Stamp(pts=index, time_base=Fraction(1, 30))
        return Frame(index=index, stamp=stamp, image=image)

    return make


@pytest.fixture(scope="session")
def two_people() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return portraits of two different people, from the development stills."""
    folder = SHARED / "faces" / "still"
    if not folder.is_dir():
        pytest.skip("no development faces beside the repository (../shared)")
    pictures = []
    for name in ("eb.jpg", "p12.jpg"):
        image = cv2.cvtColor(cv2.imread(str(folder / name)), cv2.COLOR_BGR2RGB)
        height = round(image.shape[0] * 400 / image.shape[1])
        pictures.append(np.asarray(cv2.resize(image, (400, height))[:400], np.uint8))
    return pictures[0], pictures[1]
