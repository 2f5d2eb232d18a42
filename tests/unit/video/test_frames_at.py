"""Frames by time are those that a full read shows at that time."""

from __future__ import annotations

import math
from bisect import bisect_right
from fractions import Fraction

import numpy as np
import pytest

from twitch_tracker.errors import BadParameter
from twitch_tracker.video import frames_at
from twitch_tracker.video.decoding import Decoder
from twitch_tracker.video.files import open_video
from twitch_tracker.video.frames_at import read_frames_at


@pytest.fixture(scope="module")
def stamps_ms():
    rng = np.random.default_rng(8)
    return [0, *np.cumsum(rng.integers(20, 120, 250)).tolist()]


@pytest.fixture(scope="module", params=["mp4", "webm", "ts"])
def recording(tmp_path_factory, clips, stamps_ms, request):
    web = request.param == "webm"
    options = {"deadline": "realtime", "cpu-used": "8"} if web else {"bf": "3"}
    return clips.write(
        tmp_path_factory.mktemp("long") / f"long.{request.param}",
        stamps_ms,
        codec="libvpx" if web else "libx264",
        options=options,
        gop=40,
    )


def test_every_request_finds_the_frame_shown_then(recording, clips):
    with open_video(recording) as source:
        linear = [(frame.time_s, frame.image.copy()) for frame in source]
    starts = [time_s for time_s, _ in linear]
    rng = np.random.default_rng(3)
    wanted = rng.uniform(0, starts[-1] + 1, 25).tolist()
    wanted += [starts[7], starts[120], starts[-1], 0.0]
    frames = read_frames_at(recording, wanted)
    half_tick_s = 1e-6
    for time_s, frame in zip(wanted, frames, strict=True):
        place = bisect_right(starts, time_s + half_tick_s) - 1
        assert frame.time_s == starts[place]
        assert clips.number(frame.image) == place
        assert np.array_equal(frame.image, linear[place][1])


def test_a_time_printed_from_a_frame_finds_that_frame_again(recording, clips):
    with open_video(recording) as source:
        starts = [frame.time_s for frame in source]
    printed = [float(f"{starts[i]:.6f}") for i in range(0, 250, 10)]
    frames = read_frames_at(recording, printed)
    assert [clips.number(f.image) for f in frames] == list(range(0, 250, 10))


def test_before_the_start_is_the_first_and_after_the_end_the_last(recording, clips):
    frames = read_frames_at(recording, [1e6, -5.0])
    assert [clips.number(frame.image) for frame in frames] == [250, 0]
    assert [frame.index for frame in frames] == [0, 1]


def test_no_times_need_no_frames(recording):
    assert read_frames_at(recording, []) == []


def test_times_that_are_no_numbers_are_refused(recording):
    with pytest.raises(BadParameter, match="finite"):
        read_frames_at(recording, [1.0, math.nan])


def test_sparse_times_do_not_decode_the_whole_file(tmp_path, clips, monkeypatch):
    path = clips.write(
        tmp_path / "long.mp4",
        range(600),
        time_base=Fraction(1, 10),
        numbers=[i % 256 for i in range(600)],
        gop=10,
        options={"preset": "ultrafast"},
    )
    decoded = 0
    plain = Decoder._decode

    def counting(self, packet):
        nonlocal decoded
        decoded += 1
        return plain(self, packet)

    monkeypatch.setattr(Decoder, "_decode", counting)
    frames = read_frames_at(path, [10.02, 30.02, 50.02])
    assert [clips.number(f.image) for f in frames] == [100, 300 % 256, 500 % 256]
    assert decoded < 120


def test_a_file_with_one_key_frame_is_not_read_over_and_over(
    tmp_path, clips, monkeypatch
):
    path = clips.write(
        tmp_path / "one_key.mp4",
        range(400),
        time_base=Fraction(1, 10),
        numbers=[i % 256 for i in range(400)],
        gop=10_000,
        options={"preset": "ultrafast", "sc_threshold": "0"},
    )
    seeks = 0
    plain = frames_at._Walk._seek

    def counting(self, limit):
        nonlocal seeks
        seeks += 1
        plain(self, limit)

    monkeypatch.setattr(frames_at._Walk, "_seek", counting)
    wanted = [2.5 * i for i in range(15)]
    frames = read_frames_at(path, wanted)
    assert [clips.number(f.image) for f in frames] == [25 * i % 256 for i in range(15)]
    assert seeks <= 3


def test_mirroring_and_size_limit_are_those_of_open_video(recording):
    options = {"mirrored": True, "max_side_px": 64}
    with open_video(recording, **options) as source:
        first = next(iter(source)).image
    (frame,) = read_frames_at(recording, [0.0], **options)
    assert np.array_equal(frame.image, first)
