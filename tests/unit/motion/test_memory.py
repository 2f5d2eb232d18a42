"""A stage of an analysis holds what it says, and not all of it once more.

Bytes of a picture at the peak, by tracemalloc. Each bound lies closer to what is needed
than the smallest array that has been kept twice: what is needed for pieces of a
recording is made small first, so that it does not count.
"""

from __future__ import annotations

import gc
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from traced_memory import needs_a_resize_to_count_once

from twitch_tracker.episodes import pulls
from twitch_tracker.episodes.network import burstnet
from twitch_tracker.episodes.network.learned import LearnedDetector
from twitch_tracker.motion import geometry, smoothing
from twitch_tracker.motion.recorder import MotionRecorder
from twitch_tracker.motion.signals import locate_face, measure_motion
from twitch_tracker.records import FaceObservation, Frame, Quality, QualityReason
from twitch_tracker.timebase import Stamp

LASTS_S = 240.0
FPS = 30

MOST_LOCATING = 380
"""152 bytes of places in the head, and what is taken of a few hundred frames. The points
of the head that do not move were copied of all frames: 276."""

MOST_MEASURING = 800
"""273 of what comes out, and twelve arrays of 64 between. Smoothed in one piece it was
900."""

MOST_DECIDING = 1050
"""480 of what the network sees, 273 of the channels that it is made of. A copy of what it
sees was another 480."""


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Make what belongs to a piece of a recording small beside the recording."""
    monkeypatch.setattr(geometry, "CHUNK_FRAMES", 50)
    monkeypatch.setattr(smoothing, "PIECE", 256)
    monkeypatch.setattr(burstnet, "PIECE", 512)
    monkeypatch.setattr(pulls, "_PIECE", 4)


@pytest.fixture
def quiet(face, clock):
    """A face that does nothing."""
    return face.film(clock.even(FPS, LASTS_S), noise_px=0.2)


def most_per_picture(work, pictures):
    """Return what comes of some work, and the most bytes a picture it held at once."""
    work()  # what is loaded and cached once
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    done = work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return done, (most - before) / pictures


def size(raw):
    """Bytes of a picture in the arrays of a recording."""
    arrays = [v for v in vars(raw).values() if isinstance(v, np.ndarray)]
    return sum(array.nbytes for array in arrays) / len(raw)


def pushed(pictures):
    """Return a recorder that took pictures without a face, which need as much room."""
    recorder = MotionRecorder()
    image = np.zeros((24, 32, 3), np.uint8)
    for index in range(pictures):
        stamp = Stamp(pts=index, time_base=Fraction(1, FPS))
        seen = FaceObservation(
            time_s=index / FPS,
            landmarks_px=None,
            pose_deg=(np.nan,) * 3,
            interocular_px=np.nan,
            iris_px=np.nan,
            quality=Quality(reasons=(QualityReason.NO_FACE,)),
        )
        recorder.push(Frame(index=index, stamp=stamp, image=image), seen)
    return recorder


@needs_a_resize_to_count_once
def test_a_recorder_holds_what_it_hands_over_and_hands_over_what_it_holds():
    """Lists of arrays held twice as much, and making arrays of them as much again."""
    pictures = 4000
    raw, most = most_per_picture(lambda: pushed(pictures).finish(), pictures)
    assert most < 1.2 * size(raw)


def test_reading_the_mesh_leaves_the_points_behind(quiet):
    face, most = most_per_picture(lambda: locate_face(quiet), len(quiet))
    assert size(face.raw) < 0.25 * size(quiet)
    assert most < MOST_LOCATING


def test_signals_are_made_without_a_second_copy(quiet):
    face = locate_face(quiet)
    _, most = most_per_picture(lambda: measure_motion(face), len(quiet))
    assert most < MOST_MEASURING


def test_bursts_are_decided_without_a_second_copy_of_what_the_network_saw(quiet):
    motion = measure_motion(quiet)
    detector = LearnedDetector()
    _, most = most_per_picture(lambda: detector.detect(motion), len(quiet))
    assert most < MOST_DECIDING
