"""A short video is played to and fro, and spans follow."""

from __future__ import annotations

import numpy as np
import pytest

from twitch_tracker.benchmark.material import Playing, played_spans, source_index
from twitch_tracker.timebase import Interval


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
