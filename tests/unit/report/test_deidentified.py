"""A recording without the face: nobody is found in it, and the movement is the same."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from twitch_tracker.face.trackers.mesh import (
    AttentionMeshTracker,
    attention_mesh_available,
)
from twitch_tracker.motion.recorder import KEPT_POINTS
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import BROW, ORAL_COMMISSURE, UPPER_LID, Region, Side
from twitch_tracker.report.deidentified.film import (
    SIZE_PX,
    draw_synthetic_face,
    write_film,
)
from twitch_tracker.report.deidentified.synthetic_face import (
    SYNTHETIC_FACE,
    put_on_synthetic_face,
)
from twitch_tracker.timebase import Interval
from twitch_tracker.video.files import open_video

TIME_S = np.arange(90) / 30


def place(point: int) -> int:
    return KEPT_POINTS.index(point)


def pulse(height: float, at_s: float) -> np.ndarray:
    return height * np.exp(-(((TIME_S - at_s) / 0.15) ** 2))


def test_the_face_is_symmetric_and_whole():
    assert SYNTHETIC_FACE.shape == (len(KEPT_POINTS), 3)
    assert np.isfinite(SYNTHETIC_FACE).all()
    assert SYNTHETIC_FACE[:, 0].sum() == pytest.approx(0, abs=1e-9)
    left, right = (
        SYNTHETIC_FACE[place(BROW[side][0])] for side in (Side.LEFT, Side.RIGHT)
    )
    assert left == pytest.approx(right * (-1, 1, 1))


def test_every_displacement_is_the_persons(face):
    """Also from a turned, tilted, growing head; in millimetres of the made-up face."""
    pull, brow = pulse(4.0, 1.0), pulse(3.0, 2.0)
    raw = face.film(
        TIME_S,
        pull_mm={Side.RIGHT: pull},
        brow_mm={Side.LEFT: brow},
        yaw_deg=8 * np.sin(TIME_S),
        roll_deg=5.0,
        scale_px=150 + 10 * TIME_S,
    )
    points = put_on_synthetic_face(raw)
    mm = face.MM_PER_IO
    for point, moved_mm in (
        (ORAL_COMMISSURE[Side.RIGHT][0], pull),
        (BROW[Side.LEFT][2], brow),
        (BROW[Side.RIGHT][2], 0 * brow),
        (UPPER_LID[Side.LEFT][1], 0 * brow),
    ):
        got = points[:, place(point)] - SYNTHETIC_FACE[place(point)]
        wanted = moved_mm - np.median(moved_mm)
        size = np.sign(wanted) * np.linalg.norm(got - np.median(got, axis=0), axis=1)
        assert size * mm == pytest.approx(wanted, abs=0.05)


def test_no_shape_of_the_person_is_left(face):
    """Two people at rest are the same face; where nobody was seen there is none."""
    wide = {Side.LEFT: np.full(90, 14.0), Side.RIGHT: np.full(90, 13.0)}
    hidden = TIME_S > 2
    one = put_on_synthetic_face(face.film(TIME_S, unseen=hidden))
    other = put_on_synthetic_face(face.film(TIME_S, open_mm=wide, scale_px=90.0))
    assert np.isnan(one[hidden]).all()
    assert one[~hidden] == pytest.approx(
        np.broadcast_to(SYNTHETIC_FACE, one[~hidden].shape)
    )
    assert other == pytest.approx(
        np.broadcast_to(SYNTHETIC_FACE, other.shape), abs=1e-4
    )


def test_what_is_not_seen_is_black_and_bursts_have_a_ring():
    assert not draw_synthetic_face(np.full_like(SYNTHETIC_FACE, np.nan)).any()
    calm = draw_synthetic_face(SYNTHETIC_FACE)
    for side, half in ((Side.RIGHT, np.s_[:, :100]), (Side.LEFT, np.s_[:, -100:])):
        rung = draw_synthetic_face(SYNTHETIC_FACE, [side])
        assert rung[half].sum() > calm[half].sum()


def test_no_face_is_found_in_it(face):
    if not attention_mesh_available():
        pytest.skip("this mediapipe does not carry the attention mesh")
    shut = {side: pulse(1.0, 1.0) for side in (Side.LEFT, Side.RIGHT)}
    points = put_on_synthetic_face(face.film(TIME_S, closure=shut))
    pictures = [draw_synthetic_face(points[n], [Side.LEFT]) for n in (0, 25, 30, 60)]
    cascade = cv2.CascadeClassifier(
        f"{cv2.data.haarcascades}haarcascade_frontalface_default.xml"
    )
    with AttentionMeshTracker() as tracker:
        for picture in pictures:
            assert tracker.find_all(picture) == []
            grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
            assert len(cascade.detectMultiScale(grey)) == 0


def test_what_looks_for_faces_far_away_finds_none_either(face):
    """MediaPipe's other detector sees one in some drawings on plain black."""
    if not attention_mesh_available():
        pytest.skip("this mediapipe does not carry the detectors")
    import mediapipe

    shut = {side: pulse(1.0, 1.0) for side in (Side.LEFT, Side.RIGHT)}
    points = put_on_synthetic_face(face.film(TIME_S, closure=shut))
    found = mediapipe.solutions.face_detection.FaceDetection
    for model in (0, 1):
        with found(model_selection=model, min_detection_confidence=0.3) as detector:
            for n in range(0, 90, 6):
                for sides in ((), (Side.LEFT,), (Side.RIGHT,)):
                    picture = draw_synthetic_face(points[n], sides)
                    assert not detector.process(picture).detections


def test_the_film_has_the_times_of_the_recording(tmp_path: Path, face):
    time_s = np.cumsum(np.array([0.0, 0.03, 0.05, 0.033, 0.04]))
    points = np.broadcast_to(SYNTHETIC_FACE, (5, *SYNTHETIC_FACE.shape))
    burst = Episode(
        span=Interval(start_s=0.03, end_s=0.1),
        side=Side.RIGHT,
        regions=(Region.EYELID,),
        lead_region=Region.EYELID,
        kind=EpisodeKind.CLONIC,
    )
    path = write_film(tmp_path / "a.mp4", time_s + 7, points, [burst])
    with open_video(path) as source:
        shown = [frame.stamp.seconds for frame in source]
        assert (source.info.width_px, source.info.height_px) == (SIZE_PX, SIZE_PX)
    assert shown == pytest.approx(time_s, abs=1e-3)
