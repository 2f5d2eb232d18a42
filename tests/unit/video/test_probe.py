"""Facts about a recording without decoding it."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import pytest

from twitch_tracker.errors import VideoUnreadable
from twitch_tracker.video.files import open_video
from twitch_tracker.video.probe import measure_timing, probe


def test_probe_agrees_with_opening(tmp_path, clips):
    path = clips.write(tmp_path / "a.mp4", [0, 40, 80], rotate_ccw=270)
    with open_video(path) as source:
        assert probe(path, with_hash=True) == source.info
    assert probe(path).sha256 == ""


def test_uneven_steps_are_measured_and_called_variable(tmp_path, clips, vfr_ticks):
    path = clips.write(tmp_path / "a.mkv", vfr_ticks)
    timing = measure_timing(path)
    steps = sorted(b - a for a, b in itertools.pairwise(vfr_ticks))
    assert timing.frames == len(vfr_ticks)
    assert timing.variable_rate
    assert timing.min_step_s == pytest.approx(steps[0] / 1000)
    assert timing.median_step_s == pytest.approx(steps[44] / 1000)
    assert timing.max_step_s == pytest.approx(0.4)


def test_rounding_to_milliseconds_is_no_variable_rate(tmp_path, clips):
    ticks = [round(i * 1001 / 30) for i in range(60)]  # 33 and 34 ms
    timing = measure_timing(clips.write(tmp_path / "a.mkv", ticks))
    assert timing.min_step_s < timing.max_step_s
    assert not timing.variable_rate


def test_one_dropped_frame_makes_the_rate_variable(tmp_path, clips):
    ticks = [i for i in range(60) if i != 31]
    path = clips.write(tmp_path / "a.mp4", ticks, time_base=Fraction(1, 25))
    timing = measure_timing(path)
    assert timing.variable_rate
    assert timing.duration_s == pytest.approx(60 / 25)


def test_a_single_frame_has_no_steps(tmp_path, clips):
    timing = measure_timing(clips.write(tmp_path / "a.mp4", [0]))
    assert timing.frames == 1
    assert math.isnan(timing.median_step_s)
    assert math.isnan(timing.duration_s)
    assert not timing.variable_rate


@pytest.mark.parametrize("function", [probe, measure_timing])
def test_unreadable_files_are_named(tmp_path, clips, function):
    with pytest.raises(VideoUnreadable, match="only sound"):
        function(clips.write_sound(tmp_path / "a.m4a"))
