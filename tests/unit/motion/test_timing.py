"""How much recording a frame stands for, and which moments are not judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.motion.timing import (
    frame_durations,
    fresh_step_s,
    frozen,
    gap_after,
    too_few,
)
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


# --- pictures that stand still, and too few of them ---------------------------


def _repeats(time_s, *spans):
    """Frames within the spans repeat the one before."""
    return np.any([(time_s > a) & (time_s < b) for a, b in spans], axis=0)


@pytest.mark.parametrize("fps", [12.0, 25.0, 30.0, 60.0])
@pytest.mark.parametrize(("start_s", "length_s"), [(2.0, 4.2), (0.5, 0.9), (7.0, 3.0)])
def test_a_picture_that_stands_still_is_time_nobody_saw(fps, start_s, length_s):
    time_s = np.arange(0, 10, 1 / fps)
    end_s = start_s + length_s
    same = _repeats(time_s, (start_s, end_s))
    marked = frozen(time_s, same)
    np.testing.assert_array_equal(marked, same)
    assert not marked[np.searchsorted(time_s, start_s, side="right") - 1]


@pytest.mark.parametrize("taken", [8.0, 10.0, 12.0, 15.0, 24.0, 25.0])
@pytest.mark.parametrize("stored", [30.0, 60.0])
def test_what_a_higher_rate_repeats_is_not_frozen_and_does_not_count(taken, stored):
    time_s = np.arange(0, 10, 1 / stored)
    shown = np.floor(time_s * taken + 1e-9)
    same = np.append(False, np.diff(shown) == 0)
    assert not frozen(time_s, same).any()
    step_s = fresh_step_s(time_s, same)
    assert np.median(step_s) == pytest.approx(1 / taken, abs=1 / stored)


def test_a_key_picture_in_a_frozen_stretch_shows_nothing_new():
    time_s = np.arange(0, 10, 1 / 30)
    keys = [(3 + k * 0.4, 3 + (k + 1) * 0.4 - 0.1) for k in range(8)]
    marked = frozen(time_s, _repeats(time_s, *keys))
    inside = (time_s > 3.1) & (time_s < 5.9)
    assert marked[inside].all()
    assert not marked[(time_s < 3) | (time_s > 6.2)].any()


def test_a_moment_of_movement_between_two_stalls_is_kept():
    time_s = np.arange(0, 10, 1 / 30)
    marked = frozen(time_s, _repeats(time_s, (2, 4), (4.5, 6)))
    assert not marked[(time_s > 4.05) & (time_s < 4.45)].any()


def test_one_or_two_repeats_are_no_pause():
    time_s = np.arange(0, 10, 1 / 30)
    same = np.zeros(len(time_s), bool)
    same[[30, 60, 61, 120, 121, 122]] = True
    assert not frozen(time_s, same).any()


@pytest.mark.parametrize(
    ("fps", "slow"),
    [(1, True), (3, True), (5, True), (8, True), (10, False), (12, False), (30, False)],
)
def test_a_least_rate_holds_however_even_the_pictures_come(fps, slow):
    time_s = np.arange(0, 30, 1 / fps)
    assert (too_few(fresh_step_s(time_s)) == slow).all()
    jitter = np.random.default_rng(3).uniform(-0.1, 0.1, len(time_s)) / fps
    assert (too_few(fresh_step_s(np.sort(time_s + jitter))) == slow).mean() > 0.95


def test_only_the_slow_part_of_a_recording_is_too_slow():
    slow = np.arange(10, 20, 0.25)
    time_s = np.concatenate([np.arange(0, 10, 1 / 30), slow, np.arange(20, 30, 1 / 30)])
    marked = too_few(fresh_step_s(time_s))
    assert marked[(time_s > 11.5) & (time_s < 18.5)].all()
    assert not marked[(time_s < 9.5) | (time_s > 20.5)].any()


def test_a_lost_picture_or_a_pause_does_not_make_it_slow():
    time_s = np.arange(0, 10, 1 / 30)
    kept = np.ones(len(time_s), bool)
    kept[100] = kept[150:160] = kept[200:290] = False
    assert not too_few(fresh_step_s(time_s[kept])).any()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_short_to_tell_is_not_too_slow(n):
    time_s = np.arange(n) / 30
    same = np.zeros(n, bool)
    assert frozen(time_s, same).shape == (n,)
    assert not too_few(fresh_step_s(time_s, same)).any()


def test_a_few_lost_pictures_at_either_end_are_no_slow_stretch():
    time_s = np.arange(0, 5, 1 / 30)
    kept = np.ones(len(time_s), bool)
    kept[[1, 2, 3, -2, -3, -4, -6]] = False
    assert not too_few(fresh_step_s(time_s[kept])).any()
