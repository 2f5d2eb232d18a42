"""What the network sees does not depend on the side, the frame rate or the recorder."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from twitch_tracker.episodes.features import (
    CHANNELS,
    FEATURES,
    PACE_HZ,
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
    return replace(motion, patch_closure=1.0 - motion.aperture)


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
