"""The recorder keeps little of each frame, in order, and nothing of the picture."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from twitch_tracker.motion.recorder import KEPT_POINTS, MotionRecorder
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.motion.usable import unseen_regions
from twitch_tracker.records import FaceObservation, Frame, Quality, QualityReason
from twitch_tracker.regions import IRIS, MESH_POINTS, REGIONS, Region, Side
from twitch_tracker.timebase import Stamp


def frame(index):
    image = np.zeros((120, 160, 3), np.uint8)
    stamp = Stamp(pts=index, time_base=Fraction(1, 10))
    return Frame(index=index, stamp=stamp, image=image)


def observation(index, mesh):
    known = mesh is not None
    return FaceObservation(
        time_s=index / 10,
        landmarks_px=mesh,
        pose_deg=(1.0, 2.0, 3.0) if known else (np.nan,) * 3,
        interocular_px=100.0 if known else np.nan,
        iris_px=13.0 if known else np.nan,
        quality=Quality(reasons=() if known else (QualityReason.NO_FACE,)),
    )


@pytest.fixture
def mesh():
    points = np.random.default_rng(0).uniform(20, 100, (MESH_POINTS, 3))
    return points.astype(np.float32)


def test_what_was_pushed_comes_back_in_order(mesh):
    recorder = MotionRecorder()
    for index, seen in enumerate((mesh, None, mesh + 1)):
        recorder.push(frame(index), observation(index, seen))
    raw = recorder.raw()
    assert len(recorder) == 3
    np.testing.assert_allclose(raw.time_s, [0.0, 0.1, 0.2])
    np.testing.assert_array_equal(raw.points_px[0], mesh[list(KEPT_POINTS)])
    assert np.isnan(raw.points_px[1]).all()
    iris = raw.points(IRIS[Side.LEFT])
    np.testing.assert_array_equal(iris[2], mesh[list(IRIS[Side.LEFT])] + 1)
    np.testing.assert_array_equal(raw.pose_deg[0], [1, 2, 3])
    np.testing.assert_array_equal(np.isnan(raw.iris_px), [False, True, False])
    assert raw.reasons == ((), (QualityReason.NO_FACE,), ())


def test_the_recorder_keeps_its_own_copy_of_the_mesh(mesh):
    recorder = MotionRecorder()
    reused = mesh.copy()
    recorder.push(frame(0), observation(0, reused))
    reused[:] = 0
    np.testing.assert_array_equal(recorder.raw().points_px[0], mesh[list(KEPT_POINTS)])


def test_nothing_pushed_is_an_empty_recording():
    raw = MotionRecorder().raw()
    assert raw.points_px.shape == (0, len(KEPT_POINTS), 3)
    assert raw.skin_step_io.shape == (0, 2, 3, 2)
    assert raw.pose_deg.shape == (0, 3)


def test_a_kilobyte_and_a_quarter_are_enough_for_a_frame(mesh):
    """About ninety points of twelve bytes, and the codes of the eyes."""
    recorder = MotionRecorder()
    recorder.push(frame(0), observation(0, mesh))
    raw = recorder.raw()
    kept = sum(v.nbytes for v in vars(raw).values() if isinstance(v, np.ndarray))
    assert kept <= 1250


def test_no_flow_is_measured_across_a_cut(mesh):
    recorder = MotionRecorder()
    for index in range(4):
        if index == 2:
            recorder.cut(index / 10)
        recorder.push(frame(index), observation(index, mesh))
    raw = recorder.raw()
    assert raw.cuts_s == (0.2,)
    measured = np.isfinite(raw.skin_step_io).all(axis=(1, 2, 3))
    np.testing.assert_array_equal(measured, [False, True, False, True])


# --- a mask -------------------------------------------------------------------


@pytest.mark.parametrize("fps", [12.0, 30.0])
def test_regions_behind_a_mask_are_not_measured(face, fps):
    time_s = np.arange(0, 20, 1 / fps)
    raw = face.film(time_s)
    worn = (time_s > 4) & (time_s < 16)
    unseen = unseen_regions(replace(raw, lips_hidden=worn))
    inside = (time_s > 6) & (time_s < 14)
    for region in REGIONS:
        behind = region in {Region.MOUTH_CORNER, Region.CHEEK}
        assert (unseen[inside, REGIONS.index(region)] == behind).all()
    assert not unseen[(time_s < 2) | (time_s > 18)].any()
    motion = measure_motion(replace(raw, lips_hidden=np.ones(len(time_s), bool)))
    place = motion.scores["position_mm"]
    assert np.isnan(place.of_both(Region.MOUTH_CORNER)).all()
    assert np.isfinite(place.of_both(Region.EYELID)).all()
    assert motion.usable.all()


def test_lips_that_are_pressed_for_a_moment_are_no_mask(face):
    time_s = np.arange(0, 10, 1 / 30)
    pressed = (time_s > 4) & (time_s < 5)
    raw = replace(face.film(time_s), lips_hidden=pressed)
    assert not unseen_regions(raw).any()


def test_where_the_face_is_in_the_picture_is_kept(mesh):
    """By it who looks once more looks at the same one of several faces."""
    recorder = MotionRecorder()
    recorder.push(frame(0), observation(0, mesh))
    recorder.push(frame(1), observation(1, None))
    raw = recorder.raw()
    height, width = frame(0).image.shape[:2]
    middle = mesh[:, :2].mean(axis=0) / (width, height)
    np.testing.assert_allclose(raw.face_at[0], middle, rtol=1e-5)
    assert np.isnan(raw.face_at[1]).all()


def test_how_coarsely_pictures_were_written_is_kept(mesh):
    recorder = MotionRecorder()
    for index, quantiser in enumerate((30.0, math.nan, 44.0, 41.0078125)):
        recorder.push(replace(frame(index), quantiser=quantiser), observation(0, mesh))
    assert recorder.raw().quantiser == 41.0, (
        "parts of a step are the decoder's threads'"
    )
    assert math.isnan(MotionRecorder().raw().quantiser)


# --- dark glasses -------------------------------------------------------------


def test_nothing_is_measured_behind_dark_glasses(face):
    """They are worn for four seconds; a shade of half a second is none."""
    time_s = np.arange(0, 12, 1 / 30)
    worn = (time_s > 4) & (time_s < 8)
    shaded = (time_s > 1) & (time_s < 1.5)
    motion = measure_motion(replace(face.film(time_s), eyes_hidden=worn | shaded))
    behind = np.array([QualityReason.EYES_COVERED in r for r in motion.reasons])
    assert behind[(time_s > 4.5) & (time_s < 7.5)].all()
    assert not behind[(time_s < 3.5) | (time_s > 8.5)].any()
    assert not motion.usable[behind].any()
    assert np.isnan(motion.scores["position_mm"].of_both(Region.EYELID)[behind]).all()


def test_looking_at_several_pictures_together_changes_nothing(mesh):
    """Whether pictures wait for others or not, and whenever somebody asks."""
    rng = np.random.default_rng(5)
    pictures = rng.integers(0, 255, (40, 120, 160, 3)).astype(np.uint8)
    raws = []
    for block in (1, 16):
        recorder = MotionRecorder(keep_eyes=True, block=block)
        for index, image in enumerate(pictures):
            if index == 25:
                recorder.cut(index / 10)
            shown = replace(frame(index), image=image)
            seen = None if index == 7 else mesh + index % 3
            recorder.push(shown, observation(index, seen))
            if index == 20 and block > 1:
                assert len(recorder.raw(18)) == 3
        raws.append(recorder.raw())
    for name in ("skin_step_io", "eye_codes", "eye_pictures", "points_px"):
        np.testing.assert_array_equal(*(getattr(raw, name) for raw in raws))
    assert np.isnan(raws[0].skin_step_io[[0, 7, 8, 25]]).all()
    assert np.isfinite(raws[0].skin_step_io[[1, 9, 24, 26]]).any(axis=(1, 2, 3)).all()


def test_what_waits_is_looked_at_with_the_mesh_it_came_with(mesh):
    """A caller may use the same array for the next mesh."""
    recorder, kept = MotionRecorder(), MotionRecorder(block=1)
    reused = mesh.copy()
    for index in range(3):
        reused[:] = mesh + index
        recorder.push(frame(index), observation(index, reused))
        kept.push(frame(index), observation(index, mesh + index))
    np.testing.assert_array_equal(recorder.raw().skin_step_io, kept.raw().skin_step_io)


def test_a_recorder_hands_over_what_it_would_have_copied(mesh):
    """And is empty then: what is handed over is held once."""
    recorder = MotionRecorder(keep_eyes=True)
    for index, seen in enumerate((mesh, None, mesh + 1)):
        if index == 1:
            recorder.cut(0.1, joined=True)
        recorder.push(frame(index), observation(index, seen))
    copied, taken = recorder.raw(), recorder.finish()
    for name, value in vars(copied).items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(getattr(taken, name), value, err_msg=name)
        else:
            assert repr(getattr(taken, name)) == repr(value), name
    assert len(recorder) == 0
    assert len(recorder.raw()) == 0


def test_what_was_recorded_from_a_frame_on_has_the_cuts_from_there_on(mesh):
    recorder = MotionRecorder()
    for index in range(4):
        if index in (1, 3):
            recorder.cut(index / 10)
        recorder.push(frame(index), observation(index, mesh))
    assert recorder.raw().cuts_s == (0.1, 0.3)
    assert recorder.raw(2).cuts_s == (0.3,)
    np.testing.assert_array_equal(recorder.raw(2).time_s, recorder.raw().time_s[2:])
