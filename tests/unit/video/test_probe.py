"""Facts about a recording without decoding it."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from fractions import Fraction

import pytest

from twitch_tracker.errors import VideoUnreadable
from twitch_tracker.video.files import open_video
from twitch_tracker.video.probe import probe
from twitch_tracker.video.timing import measure_duration_s


def test_probe_agrees_with_opening(tmp_path, clips):
    path = clips.write(tmp_path / "a.mp4", [0, 40, 80], rotate_ccw=270)
    with open_video(path) as source:
        assert probe(path) == replace(source.info, sha256="")


def test_uneven_steps_do_not_change_what_a_recording_lasts(tmp_path, clips, vfr_ticks):
    path = clips.write(tmp_path / "a.mkv", vfr_ticks)
    last_s = sorted(b - a for a, b in itertools.pairwise(vfr_ticks))[44] / 1000
    shown_s = (vfr_ticks[-1] - vfr_ticks[0]) / 1000
    assert measure_duration_s(path) == pytest.approx(shown_s + last_s)


def test_a_dropped_frame_still_counts_with_its_time(tmp_path, clips):
    ticks = [i for i in range(60) if i != 31]
    path = clips.write(tmp_path / "a.mp4", ticks, time_base=Fraction(1, 25))
    assert measure_duration_s(path) == pytest.approx(60 / 25)


def test_a_single_frame_has_no_duration(tmp_path, clips):
    assert math.isnan(measure_duration_s(clips.write(tmp_path / "a.mp4", [0])))


@pytest.mark.parametrize("function", [probe, measure_duration_s])
def test_unreadable_files_are_named(tmp_path, clips, function):
    with pytest.raises(VideoUnreadable, match="only sound"):
        function(clips.write_sound(tmp_path / "a.m4a"))
