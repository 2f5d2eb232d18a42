"""A short video is played to and fro, and spans follow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studies.benchmark.building.material import (
    Material,
    Playing,
    played_spans,
    source_index,
)
from twitch_tracker.timebase import Interval
from twitch_tracker.video.files import open_video
from twitch_tracker.video.writer import VideoWriter


def test_the_play_turns_at_both_ends_without_showing_them_twice():
    assert source_index(9, 4).tolist() == [0, 1, 2, 3, 2, 1, 0, 1, 2]
    assert np.abs(np.diff(source_index(100, 7))).max() == 1


def test_a_long_enough_video_is_shown_as_it_is():
    assert source_index(5, 5).tolist() == [0, 1, 2, 3, 4]
    span = Interval(start_s=0.3, end_s=0.9)
    assert played_spans(span, Playing(frames=50, source_frames=50, step_s=0.04)) == (
        span,
    )


def test_a_span_is_seen_once_in_every_pass_and_as_long_as_filmed():
    """10 frames of 0.1 s, 28 shown: forward, back, forward; frames 2 and 3 marked."""
    playing = Playing(frames=28, source_frames=10, step_s=0.1)
    spans = played_spans(Interval(start_s=0.2, end_s=0.4), playing)
    assert [round(span.start_s, 3) for span in spans] == [0.2, 1.5, 2.0]
    assert [span.duration_s for span in spans] == pytest.approx([0.2] * 3)


def test_frames_are_shown_by_their_places(tmp_path: Path):
    """Ten frames, each of one grey: 0, 20, 40, ..."""
    path = tmp_path / "greys.mp4"
    with VideoWriter(path, width_px=64, height_px=64) as writer:
        for k in range(10):
            writer.write(np.full((64, 64, 3), 20 * k, np.uint8), k / 10)
    with open_video(path) as video:
        frames = tuple(video)
    material = Material(
        path=path,
        time_s=np.arange(10) / 10,
        meshes=(None,) * 10,
        held=frames,
        playing=Playing(frames=10, source_frames=10, step_s=0.1),
    )
    shown = material.pictures([2, 7])
    assert list(shown) == [2, 7]
    assert shown[2].mean() == pytest.approx(40, abs=4)
    assert shown[7].mean() == pytest.approx(140, abs=4)
    assert material.pictures([]) == {}
