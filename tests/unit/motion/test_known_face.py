"""Earlier recordings say how wide an eye opens that is hardly ever open in this one."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.motion.known_face import (
    LEAST_RECORDINGS,
    VERSION,
    comparable,
    lends,
    measured_with,
    seen_eyes,
    with_known_face,
)
from twitch_tracker.motion.reference import open_eyes
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.networks import shipped_folder
from twitch_tracker.records import FaceSeen, KnownUse, OpenEye, TrackerInfo
from twitch_tracker.regions import Side

LEFT, RIGHT = 0, 1
WIDE_IO, NARROW_IO = 0.10, 0.06
"""A face that is not symmetric: the right eye opens 0.6 times as far as the left."""

POSE = (1.0, -5.0)
TRACKER = TrackerInfo(name="attention-mesh", version="1", weights_sha256="ab" * 32)
WITH = "cd" * 32


def late(open_share, *, opens_to=1.0, shut=0.85, seconds=60.0, seed=0):
    """The right eye is shut but for pauses of 0.3 s, `open_share` of the time in all.

    In the pauses it opens to `opens_to` of its open aperture. Gives aperture, look,
    times and lengths of frames.
    """
    rng = np.random.default_rng(seed)
    time_s = np.arange(0.0, seconds, 1 / 30)
    closed = np.zeros((len(time_s), 2))
    every_s = 0.3 / open_share if open_share else np.inf
    pause = (time_s % every_s) < 0.3 if open_share else np.zeros(len(time_s), bool)
    closed[:, RIGHT] = np.where(pause, 1 - opens_to, shut)
    aperture = np.array([WIDE_IO, NARROW_IO]) * (1 - 0.7 * closed)
    aperture += rng.normal(0, 0.002, closed.shape)
    look = np.clip(0.1 + closed + rng.normal(0, 0.04, closed.shape), 0, 1)
    return aperture, look, time_s, np.full(len(time_s), 1 / 30)


def earlier(number, *, left_io=WIDE_IO, right_io=NARROW_IO, look=0.1, pose=POSE, **eye):
    """What a good earlier recording shows."""
    given = {"look": look, "open_s": 55.0, "measured_s": 60.0, "own": True} | eye
    eyes = [OpenEye(aperture_io=a, **given) for a in (left_io, right_io)]
    return FaceSeen(
        version=VERSION,
        measured_with=WITH,
        eyes=(eyes[0], eyes[1]),
        yaw_deg=pose[0],
        pitch_deg=pose[1],
        recording_id=str(number),
        content_sha256=f"{number:064x}",
    )


def months(count, **how):
    """Some good earlier recordings, which differ by a twentieth."""
    rng = np.random.default_rng(3)
    return [
        earlier(i, right_io=NARROW_IO * rng.normal(1, 0.02), **how)
        for i in range(count)
    ]


def told(recording, faces, pose=POSE):
    """Median open aperture of the right eye, what was done for it, and the whole."""
    aperture, look, time_s, frame_s = recording
    alone = open_eyes(aperture, look, time_s, frame_s)
    eyes = seen_eyes(aperture, look, alone, frame_s)
    opened, known = with_known_face(alone, eyes, pose, faces)
    return float(np.median(opened.level_io[:, RIGHT])), known[RIGHT], alone, opened


@pytest.mark.parametrize(
    ("open_share", "opens_to", "alone_io"),
    [(0.0, 1.0, WIDE_IO), (0.01, 1.0, WIDE_IO), (0.04, 0.6, 0.72 * NARROW_IO)],
    ids=["never open", "open for 1 %", "half open for 4 %"],
)
def test_a_narrower_eye_that_is_shut_is_judged_by_its_own_known_opening(
    open_share, opens_to, alone_io
):
    """Without, its open aperture is the wider eye's, or that of a half-open lid."""
    level_io, known, alone, _ = told(late(open_share, opens_to=opens_to), months(4))
    assert np.median(alone.level_io[:, RIGHT]) == pytest.approx(alone_io, rel=0.15)
    assert known.use is KnownUse.USED
    assert level_io == pytest.approx(NARROW_IO, rel=0.05)
    assert known.recordings == ("0", "1", "2", "3")


def test_an_eye_held_half_shut_all_along_was_never_open():
    """It looks open enough to pass for the open eye; earlier recordings know better."""
    recording = late(0.0, shut=0.5)
    level_io, known, alone, opened = told(recording, months(3))
    assert alone.own == (True, True)
    assert known.use is KnownUse.USED
    assert opened.own == (True, False)
    assert not opened.frames[:, RIGHT].any()
    assert level_io == pytest.approx(NARROW_IO, rel=0.05)


def test_a_lid_that_hangs_but_looks_open_is_no_contraction():
    """A narrower eye than before, as after an injection, that looks no more closed."""
    aperture, look, time_s, frame_s = late(1.0)
    aperture[:, RIGHT] *= 0.7
    _, known, alone, opened = told((aperture, look, time_s, frame_s), months(5))
    assert known.use is KnownUse.NOT_NEEDED
    np.testing.assert_array_equal(opened.level_io, alone.level_io)


def test_an_eye_that_is_seen_open_speaks_for_itself():
    _, known, alone, opened = told(late(0.5), months(5, left_io=0.09))
    assert known.use is KnownUse.NOT_NEEDED
    np.testing.assert_array_equal(opened.level_io, alone.level_io)
    np.testing.assert_array_equal(opened.frames, alone.frames)


def test_the_healthy_side_is_left_alone():
    *_, alone, opened = told(late(0.0), months(4))
    np.testing.assert_array_equal(opened.level_io[:, LEFT], alone.level_io[:, LEFT])
    np.testing.assert_array_equal(opened.frames[:, LEFT], alone.frames[:, LEFT])


def test_exchanging_the_sides_exchanges_the_result():
    aperture, look, time_s, frame_s = late(0.01)
    faces = months(4)
    turned = [replace(face, eyes=face.eyes[::-1]) for face in faces]
    one = told((aperture, look, time_s, frame_s), faces)[3]
    alone = open_eyes(aperture[:, ::-1], look[:, ::-1], time_s, frame_s)
    eyes = seen_eyes(aperture[:, ::-1], look[:, ::-1], alone, frame_s)
    other, known = with_known_face(alone, eyes, POSE, turned)
    assert known[LEFT].use is KnownUse.USED
    np.testing.assert_array_equal(other.level_io[:, ::-1], one.level_io)


@pytest.mark.parametrize("scale", [0.8, 1.25])
def test_a_camera_elsewhere_that_changes_both_eyes_changes_nothing(scale):
    """From below both eyes look narrower: the other eye of today is the measure."""
    aperture, look, time_s, frame_s = late(0.0)
    level_io, known, *_ = told((scale * aperture, look, time_s, frame_s), months(4))
    assert known.use is KnownUse.USED
    assert level_io == pytest.approx(scale * NARROW_IO, rel=0.05)


def test_an_other_eye_that_opens_far_less_than_before_is_no_measure():
    aperture, look, time_s, frame_s = late(0.0)
    _, known, alone, opened = told((0.6 * aperture, look, time_s, frame_s), months(4))
    assert known.use is KnownUse.OTHER_EYE_UNLIKE
    np.testing.assert_array_equal(opened.level_io, alone.level_io)


@pytest.mark.parametrize("pose", [(20.0, -5.0), (1.0, 12.0), (np.nan, -5.0)])
def test_a_head_turned_otherwise_does_not_compare(pose):
    level_io, known, *_ = told(late(0.0), months(4), pose)
    assert known.use is KnownUse.TOO_FEW
    assert level_io == pytest.approx(WIDE_IO, rel=0.05)


def test_two_eyes_that_are_hardly_open_have_nothing_to_be_measured_by():
    aperture, look, time_s, frame_s = late(0.0)
    aperture[:, LEFT], look[:, LEFT] = 0.04, 0.95
    _, known, alone, opened = told((aperture, look, time_s, frame_s), months(4))
    assert known.use is KnownUse.OTHER_EYE_UNSEEN
    np.testing.assert_array_equal(opened.level_io, alone.level_io)


@pytest.mark.parametrize("count", range(LEAST_RECORDINGS))
def test_few_recordings_are_not_believed(count):
    level_io, known, *_ = told(late(0.0), months(count))
    assert known.use is KnownUse.TOO_FEW
    assert level_io == pytest.approx(WIDE_IO, rel=0.05)


@pytest.mark.parametrize("odd_io", [0.02, 0.09, 0.2])
@pytest.mark.parametrize("count", [3, 5])
def test_one_odd_recording_moves_nothing(count, odd_io):
    faces = [*months(count - 1), earlier(99, right_io=odd_io)]
    level_io, known, *_ = told(late(0.0), faces)
    assert known.use is KnownUse.USED
    assert "99" not in known.recordings
    assert level_io == pytest.approx(NARROW_IO, rel=0.05)


def test_recordings_that_disagree_are_not_believed():
    faces = [*months(2), earlier(98, right_io=0.09), earlier(99, right_io=0.1)]
    level_io, known, *_ = told(late(0.0), faces)
    assert known.use is KnownUse.DISAGREE
    assert level_io == pytest.approx(WIDE_IO, rel=0.05)


# --- which recordings say something -----------------------------------------


@pytest.mark.parametrize(
    "eye",
    [
        {"own": False},
        {"open_s": 4.0},
        {"open_s": 25.0},
        {"left_io": float("nan")},
    ],
    ids=["borrowed", "short", "shut for most of the time", "not measured"],
)
def test_a_recording_that_shows_no_open_eyes_lends_nothing(eye):
    assert lends(earlier(1))
    assert not lends(earlier(1, **eye))


def test_only_recordings_measured_alike_compare():
    same = earlier(1)
    others = [
        replace(earlier(2), measured_with="ef" * 32),
        replace(earlier(3), version=VERSION + 1),
        earlier(4, own=False),
    ]
    assert comparable([same, *others], WITH, "00" * 32) == (same,)


def test_a_recording_is_not_its_own_past():
    faces = [earlier(i) for i in range(4)]
    assert comparable(faces, WITH, faces[2].content_sha256) == (
        *faces[:2],
        faces[3],
    )


def test_nothing_asked_is_not_nothing_found():
    assert comparable(None, WITH, "00" * 32) is None
    assert comparable([], WITH, "00" * 32) == ()


def test_tracker_and_eye_networks_tell_measurements_apart(tmp_path):
    folder = tmp_path / "networks"
    shutil.copytree(shipped_folder(), folder, ignore=shutil.ignore_patterns("training"))
    was = measured_with(TRACKER, shipped_folder())
    assert measured_with(TRACKER, folder) == was
    assert measured_with(replace(TRACKER, weights_sha256="00" * 32), folder) != was
    assert measured_with(replace(TRACKER, name="face-landmarker"), folder) != was
    (folder / "burst.onnx").write_bytes(b"another detector of bursts")
    assert measured_with(TRACKER, folder) == was
    (folder / "eye_look.onnx").write_bytes(b"another look")
    assert measured_with(TRACKER, folder) != was


# --- in the signals -----------------------------------------------------------


def test_signals_are_measured_against_what_is_known(face, clock):
    """A right eye that opens 6 of 10 mm and is shut but for 0.6 s in 30."""
    time_s = clock.even(30, 30)
    shut = np.where((time_s > 14) & (time_s < 14.6), 0.0, 0.9)
    raw = face.film(
        time_s,
        open_mm={Side.LEFT: 10.0, Side.RIGHT: 6.0},
        closure={Side.RIGHT: shut},
    )
    alone = measure_motion(raw)
    assert alone.known_eyes is None
    assert alone.open_eyes[RIGHT].own is False
    assert alone.open_eyes[LEFT].own is True
    left_io = alone.open_eyes[LEFT].aperture_io
    faces = [
        earlier(i, left_io=left_io, right_io=0.6 * left_io, pose=(0.0, 0.0))
        for i in range(3)
    ]
    known = measure_motion(raw, faces)
    assert known.known_eyes[RIGHT].use is KnownUse.USED
    shown = [eye.aperture_io for eye in known.open_eyes]
    assert shown == [eye.aperture_io for eye in alone.open_eyes], "it stays its own"
    opened = shut == 0
    np.testing.assert_allclose(alone.aperture[opened, RIGHT], 0.6, atol=0.01)
    np.testing.assert_allclose(known.aperture[opened, RIGHT], 1.0, atol=0.01)
    np.testing.assert_array_equal(known.aperture[:, LEFT], alone.aperture[:, LEFT])
