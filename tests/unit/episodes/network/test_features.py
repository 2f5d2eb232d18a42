"""What the network sees does not depend on the side, the frame rate or the recorder."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.episodes.network.features import (
    ABSOLUTE,
    APERTURE_UNIT_IO,
    CHANNELS,
    FEATURES,
    MOUTH_OPEN_UNIT_IO,
    PACE_HZ,
    UNLIKE_UNIT_IO,
    features,
    paced,
)
from twitch_tracker.motion.signals import measure_motion
from twitch_tracker.regions import Side


def times(fps, lasts_s=8.0):
    return np.arange(round(lasts_s * fps)) / fps


def bump(time_s, at_s=4.0, wide_s=0.3):
    return np.exp(-0.5 * ((time_s - at_s) / wide_s) ** 2)


def filmed(face, time_s, side=Side.RIGHT, **more):
    drive = bump(time_s)
    moves = {"closure": {side: 0.7 * drive}, "pull_mm": {side: 4.0 * drive}}
    yaw = 5 * np.sin(0.8 * time_s)
    return face.film(time_s, yaw_deg=yaw, roll_deg=0.4 * yaw, **moves | more)


def looked(raw):
    """Measured, with eyes whose look says what the mesh says."""
    motion = measure_motion(raw)
    closed = 1.0 - motion.aperture
    return replace(motion, patch_closure=closed, look=0.1 + 0.8 * closed)


def test_a_mirrored_recording_exchanges_the_views_and_nothing_else(face):
    raw = filmed(face, times(30), noise_px=0.3)
    direct = features(paced(looked(raw)))
    seen = features(paced(looked(face.mirrored(raw))))
    np.testing.assert_allclose(seen[:, ::-1], direct, atol=2e-3)


@pytest.mark.parametrize("fps", [15, 24, 60, 120])
def test_the_frame_rate_does_not_matter(face, fps):
    usual = features(paced(looked(filmed(face, times(30)))))
    other = features(paced(looked(filmed(face, times(fps)))))
    both = min(len(usual), len(other))
    worst = np.abs(usual[:both] - other[:both]).max(axis=(0, 1))
    assert worst.max() < 0.35
    assert np.abs(usual[:both] - other[:both]).mean() < 0.02


def test_fast_recordings_are_averaged_not_thinned_out(face):
    """At 120 frames a second the pace sees less landmark noise than at 30."""

    def noise(fps):
        motion = looked(face.film(times(fps), noise_px=0.6))
        lid = paced(motion).channels[:, 0, 0]
        return np.nanstd(np.diff(lid))

    assert noise(120) < 0.8 * noise(30)


def test_the_pace_is_even_whatever_the_frames_do(face):
    rng = np.random.default_rng(3)
    time_s = np.cumsum(rng.uniform(0.023, 0.043, 240))
    at_s = paced(looked(filmed(face, time_s))).time_s
    np.testing.assert_allclose(np.diff(at_s), 1 / PACE_HZ)
    assert at_s[0] == time_s[0]
    assert at_s[-1] <= time_s[-1] + 1e-6


def test_frames_that_cannot_be_measured_are_empty_and_say_so(face):
    time_s = times(30)
    unseen = (time_s > 2) & (time_s < 3)
    seen = features(paced(looked(filmed(face, time_s, unseen=unseen))))
    hidden = (times(30) > 2.1) & (times(30) < 2.9)
    assert (seen[hidden] == 0).all()
    assert (seen[~unseen][:, :, -1].mean()) > 0.9


def test_a_channel_that_was_not_measured_is_zero_and_the_rest_is_there(face):
    motion = measure_motion(filmed(face, times(30)))
    assert np.isnan(motion.patch_closure).all()
    seen = features(paced(motion))
    assert seen.shape[1:] == (2, FEATURES)
    look = [c.name for c in CHANNELS].index("lid_look")
    assert (seen[:, :, 4 * look : 4 * look + 4] == 0).all()
    assert np.abs(seen[:, 1, 0]).max() > 0.4


FIRST = 4 * len(CHANNELS)
"""Place of the first feature that needs no level of the person."""


def absolute(seen):
    """Look and aperture of this eye and the other, unlikeness of mouth and brow."""
    return dict(
        zip(
            ("look", "other_look", "aperture", "other_aperture", "mouth", "brow"),
            np.moveaxis(seen[:, :, FIRST : FIRST + 6], 2, 0),
            strict=True,
        )
    )


def test_there_are_as_many_features_as_are_told():
    """Each channel four ways, six absolutes, the mouth, turns, speeds, measured."""
    assert len(ABSOLUTE) == 4
    assert FEATURES == FIRST + 6 + 2 + 3 + 3 + 1


def test_an_eye_closed_throughout_is_told_by_what_needs_no_level(face):
    """Nothing in this recording changes; only absolutes can tell the two sides apart."""
    time_s = times(30)
    held = {Side.RIGHT: np.ones(len(time_s)), Side.LEFT: np.zeros(len(time_s))}
    motion = measure_motion(
        face.film(
            time_s,
            closure={s: 0.9 * held[s] for s in held},
            pull_mm={s: 3.0 * held[s] for s in held},
            brow_mm={s: -2.0 * held[s] for s in held},
        )
    )
    look = np.stack([0.1 + 0.8 * held[s] for s in (Side.LEFT, Side.RIGHT)], axis=1)
    told = absolute(features(paced(replace(motion, look=look.astype(np.float32)))))
    open_io = face.OPEN_MM / face.MM_PER_IO / APERTURE_UNIT_IO
    pull = 3.0 / face.MM_PER_IO / UNLIKE_UNIT_IO
    lift = -2.0 / face.MM_PER_IO / UNLIKE_UNIT_IO
    for name, left, right in (
        ("look", 0.1, 0.9),
        ("aperture", open_io, 0.1 * open_io),
        ("mouth", -pull, pull),
        ("brow", -lift, lift),
    ):
        np.testing.assert_allclose(told[name][:, 0], left, atol=0.02, err_msg=name)
        np.testing.assert_allclose(told[name][:, 1], right, atol=0.02, err_msg=name)
    for name in ("look", "aperture"):
        other = told[f"other_{name}"]
        np.testing.assert_array_equal(other, told[name][:, ::-1], err_msg=name)


def test_levels_move_no_absolute(face):
    """Other levels of the person change the channels; absolutes stay."""
    motion = looked(filmed(face, times(30)))
    scores = dict(motion.scores)
    for name in ("position_io", "skin_io"):
        scores[name] = replace(scores[name], values=scores[name].values + 0.05)
    moved = replace(
        motion, aperture=0.8 * motion.aperture, rest_weight=0.0 * motion.rest_weight
    )
    here, there = (features(paced(m)) for m in (motion, replace(moved, scores=scores)))
    np.testing.assert_array_equal(
        there[:, :, FIRST : FIRST + 6], here[:, :, FIRST : FIRST + 6]
    )
    assert np.abs(there - here)[:, :, :FIRST].max() > 0.1


def test_a_look_that_was_not_measured_is_zero_and_the_aperture_is_there(face):
    told = absolute(features(paced(measure_motion(filmed(face, times(30))))))
    assert (told["look"] == 0).all()
    assert (told["other_look"] == 0).all()
    assert told["aperture"].min() > 0.2


def test_how_much_a_sample_says_about_rest_is_nothing_where_nothing_was_measured(face):
    time_s = times(30)
    unseen = (time_s > 2) & (time_s < 3)
    signals = paced(looked(filmed(face, time_s, unseen=unseen)))
    assert ((signals.rest_weight >= 0) & (signals.rest_weight <= 1)).all()
    assert (signals.rest_weight[~signals.usable] == 0).all()
    closed = np.abs(signals.time_s - 4.0) < 0.2
    assert signals.rest_weight[closed].max() < 0.1
    assert np.median(signals.rest_weight[signals.usable & ~closed]) > 0.9


@pytest.mark.parametrize("n", [1, 2])
def test_a_frame_or_two_are_seen_like_any(face, n):
    seen = features(paced(looked(filmed(face, times(30)[:n]))))
    assert seen.shape == (n, 2, FEATURES)
    assert np.isfinite(seen).all()


def test_how_far_the_mouth_is_open_is_told_to_both_sides_alike(face):
    """And how fast that changes, per fifth of a second."""
    time_s = times(30)
    opened = 0.05 + 0.03 * np.sin(6 * time_s)
    motion = looked(filmed(face, time_s))
    told = paced(replace(motion, mouth_open_io=opened.astype(np.float32)))
    seen = features(told)[:, :, FIRST + 6 : FIRST + 8]
    np.testing.assert_array_equal(seen[:, 0], seen[:, 1])
    shares = opened / MOUTH_OPEN_UNIT_IO
    np.testing.assert_allclose(seen[:, 0, 0], shares, atol=0.01)
    speed = np.gradient(shares, time_s) / 5
    np.testing.assert_allclose(seen[5:-5, 0, 1], speed[5:-5], atol=0.02)


def test_a_held_contraction_is_told_beyond_the_head_that_turned_with_it(face):
    """For four fifths of the time: rest weights keep it from becoming the head's part."""
    time_s = times(30, 30.0)
    held = (time_s > 6.0).astype(float)
    yaw = 8 * np.clip((time_s - 6.0) / 0.8, 0, 1) + 3 * np.sin(2.3 * time_s)
    raw = face.film(time_s, closure={Side.RIGHT: 0.7 * held}, yaw_deg=yaw)
    motion = looked(raw)
    late = motion.usable & (time_s > 8.0)
    alone = features(paced(motion))[:, 1, 3]
    assert alone[late].min() > 0.55
    assert np.abs(alone[time_s < 5.5]).max() < 0.1


def test_a_long_recording_holds_little_more_than_what_the_network_sees(face):
    """All columns in full precision were three times as much as the whole analysis."""
    signals = paced(looked(filmed(face, times(30, lasts_s=120.0))))
    tracemalloc.start()
    seen = features(signals)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2 * seen.nbytes
