"""How much recording a frame stands for, and which moments are not judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.motion.timing import frame_durations, gap_after
from twitch_tracker.motion.usable import usable_reasons
from twitch_tracker.records import QualityReason


def test_durations_of_an_even_recording_are_its_length(clock):
    time_s = clock.even(30, 10)
    np.testing.assert_allclose(frame_durations(time_s), 1 / 30)
    assert frame_durations(time_s).sum() == pytest.approx(10.0)


def test_each_frame_stands_for_the_time_until_the_next(clock):
    time_s = clock.irregular(10)
    durations = frame_durations(time_s)
    np.testing.assert_allclose(durations[:-1], np.diff(time_s))
    assert not gap_after(time_s).any()


def test_a_gap_belongs_to_nobody(clock):
    """Ten seconds of recording with a pause of five in the middle."""
    time_s = clock.even(30, 10)
    time_s[150:] += 5.0
    np.testing.assert_array_equal(np.flatnonzero(gap_after(time_s)), [149])
    assert frame_durations(time_s).sum() == pytest.approx(10.0)


def test_a_lost_frame_is_no_gap_and_its_time_is_counted(clock):
    time_s = np.delete(clock.even(30, 10), [50, 51])
    assert not gap_after(time_s).any()
    assert frame_durations(time_s).sum() == pytest.approx(10.0)


def test_slow_recordings_have_no_gaps():
    time_s = np.arange(50) / 4.0
    assert not gap_after(time_s).any()


@pytest.mark.parametrize("n", [0, 1])
def test_nearly_empty_recordings_last_no_time(n):
    assert frame_durations(np.zeros(n)).sum() == 0.0
    assert gap_after(np.zeros(n)).sum() == 0


def fast(reasons):
    return np.array([QualityReason.FAST_TURN in r for r in reasons])


@pytest.mark.parametrize("axis", ["yaw_deg", "pitch_deg"])
@pytest.mark.parametrize("kind", ["12 fps", "30 fps", "60 fps", "irregular"])
def test_a_fast_turn_or_nod_is_marked_while_it_lasts(face, clock, axis, kind):
    """20 degrees within 0.2 s at second 5: marked there, at any frame rate."""
    time_s = clock.of(kind, 10)
    turn = 20 * np.clip((time_s - 5) / 0.2, 0, 1)
    marked = fast(usable_reasons(face.film(time_s, **{axis: turn})))
    assert marked[(time_s >= 5.05) & (time_s <= 5.15)].all()
    assert not marked[(time_s < 4.7) | (time_s > 5.5)].any()


def test_a_slow_turn_and_a_tilt_are_not_marked(face, clock):
    """30 degrees within 3 s; a tilt of 20 degrees at once."""
    time_s = clock.even(30, 10)
    turn = 30 * np.clip((time_s - 5) / 3, 0, 1)
    tilt = 20 * np.clip((time_s - 2) / 0.2, 0, 1)
    raw = face.film(time_s, yaw_deg=turn, roll_deg=tilt)
    assert not any(usable_reasons(raw))


def test_frames_without_a_pose_do_not_make_a_turn(face, clock):
    time_s = clock.even(30, 4)
    unseen = (time_s > 1) & (time_s < 2)
    marked = fast(usable_reasons(face.film(time_s, unseen=unseen)))
    assert not marked.any()


def test_a_frame_without_a_mesh_always_has_a_reason(face, clock):
    """Even if whoever watched forgot to say why."""
    time_s = clock.even(30, 1)
    raw = face.film(time_s, unseen=time_s > 0.5)
    silent = replace(raw, reasons=tuple(() for _ in time_s))
    reasons = usable_reasons(silent)
    for seen, why in zip(time_s <= 0.5, reasons, strict=True):
        assert why == (() if seen else (QualityReason.NO_FACE,))


def test_reasons_of_the_frame_itself_are_kept(face, clock):
    time_s = clock.even(30, 1)
    raw = face.film(time_s, unseen=np.ones(30, bool))
    dark = replace(raw, reasons=tuple((QualityReason.OTHER_PERSON,) for _ in time_s))
    assert set(usable_reasons(dark)) == {(QualityReason.OTHER_PERSON,)}


def test_the_first_half_second_after_a_cut_is_not_judged(face, clock):
    """A cut at second 5; before it and half a second later all is measured."""
    time_s = clock.even(30, 10)
    raw = replace(face.film(time_s), cuts_s=(5.0,))
    unsettled = np.array(
        [QualityReason.NO_BASELINE in r for r in usable_reasons(raw)], bool
    )
    np.testing.assert_array_equal(unsettled, (time_s >= 5.0) & (time_s < 5.5))
