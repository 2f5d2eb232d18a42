"""Recordings on disk: true times, spans, facts."""

from __future__ import annotations

import hashlib
import math
import os
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from twitch_tracker.errors import BadParameter, TimestampsUnusable, VideoUnreadable
from twitch_tracker.video import opening
from twitch_tracker.video.files import open_video

# --- times -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("uneven.mp4", "libx264", {"bf": "3"}),
        ("uneven.mkv", "libx264", {}),
        ("uneven.webm", "libvpx", {"deadline": "realtime", "cpu-used": "8"}),
    ],
)
def test_variable_rate_times_are_those_of_the_file(
    tmp_path, clips, vfr_ticks, name, codec, options
):
    path = clips.write(tmp_path / name, vfr_ticks, codec=codec, options=options)
    _, damage, shown = clips.read(path)
    assert clips.numbers(shown) == list(range(len(vfr_ticks)))
    assert clips.times(shown) == pytest.approx([t / 1000 for t in vfr_ticks], abs=1e-9)
    assert damage.frames_read == len(vfr_ticks)
    assert not damage.any


@pytest.mark.parametrize("fps", [12, 60])
def test_slow_and_fast_recordings(tmp_path, clips, fps):
    ticks = range(2 * fps)
    path = clips.write(
        tmp_path / "steady.mp4", ticks, time_base=Fraction(1, fps), rate=fps
    )
    info, _, shown = clips.read(path)
    assert clips.times(shown) == pytest.approx([i / fps for i in ticks], abs=1e-9)
    assert info.nominal_fps == pytest.approx(fps)
    assert info.duration_s == pytest.approx(2.0)


def test_time_zero_is_the_first_picture_even_when_the_file_starts_later(
    tmp_path, clips
):
    path = clips.write(tmp_path / "late.mkv", [5000 + t for t in clips.STEADY])
    _, _, shown = clips.read(path)
    assert clips.times(shown) == pytest.approx([t / 1000 for t in clips.STEADY])


def test_a_live_webm_without_duration_gets_a_measured_one(tmp_path, clips):
    path = clips.write(
        tmp_path / "live.webm",
        clips.STEADY,
        codec="libvpx",
        options={"deadline": "realtime", "cpu-used": "8"},
        mux_options={"live": "1"},
    )
    with av.open(str(path)) as raw:
        assert raw.duration is None
    info, _, shown = clips.read(path)
    assert clips.numbers(shown) == list(range(60))
    assert info.duration_s == pytest.approx(60 * 0.040)


def _repeat_and_go_back(packet):
    """Three stamps go wrong: 10 repeats 9, 20 falls back, 30 leaps ahead."""
    wrong = {400: 360, 800: 650, 1200: 9000}
    packet.dts = packet.pts - 1000  # a writer wants these in order
    packet.pts = wrong.get(packet.pts, packet.pts)
    return packet


def test_duplicate_and_backward_stamps_are_left_out_and_counted(tmp_path, clips):
    path = clips.write(
        tmp_path / "stamps.mkv",
        clips.STEADY,
        codec="mjpeg",
        pix_fmt="yuvj420p",
        restamp=_repeat_and_go_back,
    )
    _, damage, shown = clips.read(path)
    assert clips.numbers(shown) == [i for i in range(60) if i not in {10, 20, 30}]
    assert clips.times(shown) == pytest.approx(
        [i * 0.040 for i in clips.numbers(shown)]
    )
    assert (damage.duplicate_stamps, damage.backward_stamps) == (1, 2)


def test_avi_with_b_frames_has_only_decode_stamps_and_keeps_its_order(tmp_path, clips):
    path = clips.write(
        tmp_path / "old.avi",
        range(60),
        time_base=Fraction(1, 25),
        rate=25,
        options={"bf": "2"},
    )
    _, damage, shown = clips.read(path)
    kept = clips.numbers(shown)
    assert kept == list(range(len(kept)))
    assert len(kept) + damage.missing_stamps == 60
    assert damage.missing_stamps <= 3  # those still in the decoder at the end
    assert np.diff(clips.times(shown)) == pytest.approx(0.040)


def test_a_stream_without_any_stamps_is_refused(tmp_path, clips):
    path = clips.write(tmp_path / "raw.h264", clips.STEADY, fmt="h264")
    with pytest.raises(TimestampsUnusable, match="no presentation times"):
        open_video(path)


# --- start and end -----------------------------------------------------------


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi"])
@pytest.mark.parametrize("start_s", [0.01, 0.5, 1.0, 1.999, 2.3])
def test_a_span_holds_the_frames_a_full_read_shows_there(
    tmp_path, clips, suffix, start_s
):
    codec = "mpeg4" if suffix == "avi" else "libx264"
    path = clips.write(
        tmp_path / f"span.{suffix}",
        range(60),
        time_base=Fraction(1, 25),
        rate=25,
        codec=codec,
        gop=17,
    )
    _, _, everything = clips.read(path)
    _, _, part = clips.read(path, start_s=start_s, end_s=start_s + 0.4)
    wanted = [shown for shown in everything if start_s <= shown[0] < start_s + 0.4]
    assert part == wanted
    assert wanted


def test_frame_numbers_start_at_zero_where_reading_starts(tmp_path, clips):
    path = clips.write(tmp_path / "a.mp4", clips.STEADY)
    with open_video(path, start_s=1.0) as source:
        first = next(iter(source))
    assert (first.index, first.time_s) == (0, pytest.approx(1.0))


@pytest.mark.parametrize(
    ("span", "name"),
    [
        ({"start_s": -1.0}, "start_s"),
        ({"start_s": math.nan}, "start_s"),
        ({"start_s": math.inf}, "start_s"),
        ({"start_s": 2.0, "end_s": 2.0}, "end_s"),
        ({"end_s": math.nan}, "end_s"),
        ({"start_s": 100.0}, "start_s"),
        ({"max_side_px": 0}, "max_side_px"),
    ],
)
def test_nonsense_spans_are_refused_by_name(tmp_path, clips, span, name):
    path = clips.write(tmp_path / "a.mp4", clips.STEADY[:5])
    with pytest.raises(BadParameter) as caught:
        open_video(path, **span)
    assert caught.value.name == name


def test_a_start_beyond_the_end_says_where_the_recording_ends(tmp_path, clips):
    path = clips.write(tmp_path / "a.mp4", clips.STEADY)
    with pytest.raises(BadParameter, match=r"last frame is at 2\.360 s"):
        open_video(path, start_s=7.0)


# --- what is too large -------------------------------------------------------


def test_pictures_that_no_memory_holds_are_refused_before_they_are_decoded(tmp_path):
    """12,000 x 12,000 pixels took 2.2 GB. An uncompressed film says it in its header."""
    path = tmp_path / "huge.y4m"
    with path.open("wb") as file:
        file.write(b"YUV4MPEG2 W12000 H12000 F30:1 Ip A1:1 Cmono\nFRAME\n")
        file.truncate(12_000 * 12_000 + 100)
    with pytest.raises(VideoUnreadable, match="more than 35 million pixels"):
        open_video(path)


def test_pictures_whose_size_the_header_states_are_refused_by_it(
    tmp_path, clips, monkeypatch
):
    path = clips.write(tmp_path / "a.mp4", clips.STEADY)
    monkeypatch.setattr(opening, "MOST_PICTURE_PIXELS", 100)
    with pytest.raises(VideoUnreadable, match="pixels; expected at most"):
        open_video(path)


# --- facts -------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="names there are Unicode")
def test_a_name_that_is_no_text_can_be_written_down(tmp_path, clips):
    """It failed after the whole analysis, when the summary was written."""
    odd = Path(os.fsdecode(bytes(tmp_path) + b"/caf\xe9.mp4"))
    try:
        clips.write(tmp_path / "a.mp4", clips.STEADY).rename(odd)
    except OSError:
        pytest.skip("this file system takes only UTF-8")
    with open_video(odd) as source:
        assert source.info.name == "caf\N{REPLACEMENT CHARACTER}.mp4"
        assert source.info.name.encode()


def test_info_names_file_codec_and_content_hash(tmp_path, clips):
    path = clips.write(tmp_path / "Übung - 顔 1.mp4", clips.STEADY)
    info, _, shown = clips.read(path)
    assert clips.numbers(shown) == list(range(60))
    assert (info.name, info.codec) == ("Übung - 顔 1.mp4", "h264")
    assert info.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert info.duration_s == pytest.approx(2.4, abs=0.05)
    assert info.time_base > 0


def test_a_closed_source_shows_nothing_more(tmp_path, clips):
    source = open_video(clips.write(tmp_path / "a.mp4", clips.STEADY))
    frames = iter(source)
    next(frames)
    source.close()
    source.close()
    assert list(source) == []
