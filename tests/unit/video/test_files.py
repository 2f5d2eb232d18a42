"""Recordings on disk: true times, upright RGB pictures, honest counts."""

from __future__ import annotations

import hashlib
import math
from fractions import Fraction

import av
import numpy as np
import pytest

from twitch_tracker.errors import BadParameter, TimestampsUnusable, VideoUnreadable
from twitch_tracker.video.files import open_video

STEADY = [40 * i for i in range(60)]  # ms


def read(path, clips, **options):
    with open_video(path, **options) as source:
        shown = [(frame.time_s, clips.number(frame.image)) for frame in source]
        return source.info, source.damage, shown


def times(shown):
    return [time_s for time_s, _ in shown]


def numbers(shown):
    return [number for _, number in shown]


# --- times ------------------------------------------------------------------


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
    _, damage, shown = read(path, clips)
    assert numbers(shown) == list(range(len(vfr_ticks)))
    assert times(shown) == pytest.approx([t / 1000 for t in vfr_ticks], abs=1e-9)
    assert damage.frames_read == len(vfr_ticks)
    assert not damage.any


@pytest.mark.parametrize("fps", [12, 60])
def test_slow_and_fast_recordings(tmp_path, clips, fps):
    ticks = range(2 * fps)
    path = clips.write(
        tmp_path / "steady.mp4", ticks, time_base=Fraction(1, fps), rate=fps
    )
    info, _, shown = read(path, clips)
    assert times(shown) == pytest.approx([i / fps for i in ticks], abs=1e-9)
    assert info.nominal_fps == pytest.approx(fps)
    assert info.duration_s == pytest.approx(2.0)


def test_time_zero_is_the_first_picture_even_when_the_file_starts_later(
    tmp_path, clips
):
    path = clips.write(tmp_path / "late.mkv", [5000 + t for t in STEADY])
    _, _, shown = read(path, clips)
    assert times(shown) == pytest.approx([t / 1000 for t in STEADY])


def test_a_live_webm_without_duration_gets_a_measured_one(tmp_path, clips):
    path = clips.write(
        tmp_path / "live.webm",
        STEADY,
        codec="libvpx",
        options={"deadline": "realtime", "cpu-used": "8"},
        mux_options={"live": "1"},
    )
    with av.open(str(path)) as raw:
        assert raw.duration is None
    info, _, shown = read(path, clips)
    assert numbers(shown) == list(range(60))
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
        STEADY,
        codec="mjpeg",
        pix_fmt="yuvj420p",
        restamp=_repeat_and_go_back,
    )
    _, damage, shown = read(path, clips)
    assert numbers(shown) == [i for i in range(60) if i not in {10, 20, 30}]
    assert times(shown) == pytest.approx([i * 0.040 for i in numbers(shown)])
    assert (damage.duplicate_stamps, damage.backward_stamps) == (1, 2)


def test_avi_with_b_frames_has_only_decode_stamps_and_keeps_its_order(tmp_path, clips):
    path = clips.write(
        tmp_path / "old.avi",
        range(60),
        time_base=Fraction(1, 25),
        rate=25,
        options={"bf": "2"},
    )
    _, damage, shown = read(path, clips)
    kept = numbers(shown)
    assert kept == list(range(len(kept)))
    assert len(kept) + damage.missing_stamps == 60
    assert damage.missing_stamps <= 3  # those still in the decoder at the end
    assert np.diff(times(shown)) == pytest.approx(0.040)


def test_a_stream_without_any_stamps_is_refused(tmp_path, clips):
    path = clips.write(tmp_path / "raw.h264", STEADY, fmt="h264")
    with pytest.raises(TimestampsUnusable, match="no presentation times"):
        open_video(path)


# --- start and end ----------------------------------------------------------


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
    _, _, everything = read(path, clips)
    _, _, part = read(path, clips, start_s=start_s, end_s=start_s + 0.4)
    wanted = [shown for shown in everything if start_s <= shown[0] < start_s + 0.4]
    assert part == wanted
    assert wanted


def test_frame_numbers_start_at_zero_where_reading_starts(tmp_path, clips):
    path = clips.write(tmp_path / "a.mp4", STEADY)
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
    path = clips.write(tmp_path / "a.mp4", STEADY[:5])
    with pytest.raises(BadParameter) as caught:
        open_video(path, **span)
    assert caught.value.name == name


def test_a_start_beyond_the_end_says_where_the_recording_ends(tmp_path, clips):
    path = clips.write(tmp_path / "a.mp4", STEADY)
    with pytest.raises(BadParameter, match=r"last frame is at 2\.360 s"):
        open_video(path, start_s=7.0)


# --- pictures ---------------------------------------------------------------

UPRIGHT = {
    "top-left": "red",
    "top-right": "green",
    "bottom-left": "blue",
    "bottom-right": "grey",
}
STORED = ("top-left", "top-right", "bottom-right", "bottom-left")
"""Corners clockwise: a clockwise quarter turn moves each colour one place on."""


@pytest.mark.parametrize("clockwise_deg", [0, 90, 180, 270])
def test_rotation_metadata_turns_the_picture_clockwise(tmp_path, clips, clockwise_deg):
    path = clips.write(
        tmp_path / "turned.mp4", [0, 40], rotate_ccw=(360 - clockwise_deg) % 360
    )
    with open_video(path) as source:
        frame = next(iter(source))
        info = source.info
    steps = clockwise_deg // 90
    expected = {
        STORED[(place + steps) % 4]: UPRIGHT[corner]
        for place, corner in enumerate(STORED)
    }
    assert clips.corners(frame.image) == expected
    assert info.rotation_deg == clockwise_deg
    size = (96, 128) if steps % 2 else (128, 96)
    assert (info.width_px, info.height_px) == size
    assert frame.image.shape == (size[1], size[0], 3)


@pytest.mark.parametrize("rotate_ccw", [0, 90, 180, 270])
@pytest.mark.parametrize("hflip", [False, True])
def test_display_matrix_agrees_with_ffmpegs_own_turn(
    tmp_path, clips, rotate_ccw, hflip, ffmpeg_first_picture
):
    path = clips.write(
        tmp_path / "turned.mp4", [0, 40], rotate_ccw=rotate_ccw, hflip=hflip
    )
    with open_video(path) as source:
        ours = next(iter(source)).image
    theirs = ffmpeg_first_picture(path)
    assert ours.shape == theirs.shape
    assert clips.corners(ours) == clips.corners(theirs)


def test_a_mirrored_recording_is_turned_back(tmp_path, clips):
    path = clips.write(
        tmp_path / "selfie.mp4", [0, 40], picture=lambda i: clips.draw(i)[:, ::-1]
    )
    with open_video(path, mirrored=True) as source:
        frame = next(iter(source))
        assert source.info.mirrored
    assert clips.corners(frame.image) == UPRIGHT


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("grey.mp4", "libx264", "gray"),
        ("deep_grey.mkv", "ffv1", "gray16le"),
        ("alpha.mov", "qtrle", "argb"),
        ("alpha_png.mov", "png", "rgba"),
        ("alpha.webm", "libvpx-vp9", "yuva420p"),
        ("deep.mkv", "libx264", "yuv420p10le"),
        ("full_range.mov", "mjpeg", "yuvj420p"),
        ("fine_colour.mkv", "libx264", "yuv444p"),
    ],
)
def test_every_pixel_format_becomes_rgb(tmp_path, clips, name, codec, pix_fmt):
    path = clips.write(tmp_path / name, [0, 40, 80], codec=codec, pix_fmt=pix_fmt)
    with open_video(path) as source:
        frames = list(source)
    assert [clips.number(frame.image) for frame in frames] == [0, 1, 2]
    image = frames[0].image
    assert image.dtype == np.uint8
    assert image.shape == (96, 128, 3)
    assert image.flags.c_contiguous
    if "gray" in pix_fmt:
        assert np.ptp(image.astype(int), axis=2).max() == 0
    else:
        assert clips.corners(image) == UPRIGHT


def test_a_palette_gif_becomes_rgb(tmp_path, clips):
    path = clips.write(
        tmp_path / "a.gif", [0, 4, 8], codec="gif", pix_fmt="rgb8",
        time_base=Fraction(1, 100),
    )  # fmt: skip
    _, _, shown = read(path, clips)
    assert numbers(shown) == [0, 1, 2]


def test_non_square_pixels_are_stretched_so_that_a_circle_is_round(tmp_path, clips):
    path = clips.write(tmp_path / "dv.mp4", [0, 40], aspect=Fraction(16, 15))
    with open_video(path) as source:
        shape = next(iter(source)).image.shape
        assert (source.info.width_px, source.info.height_px) == (137, 96)
    assert shape == (96, 137, 3)


def test_narrow_pixels_grow_in_height_so_that_nothing_is_thrown_away(tmp_path, clips):
    path = clips.write(tmp_path / "narrow.mp4", [0, 40], aspect=Fraction(3, 4))
    with open_video(path) as source:
        assert next(iter(source)).image.shape == (128, 128, 3)


def test_4k_can_be_delivered_whole_or_smaller(tmp_path, clips):
    path = clips.write(
        tmp_path / "uhd.mp4",
        [0, 16],
        size=(3840, 2160),
        options={"preset": "ultrafast"},
    )
    info, _, shown = read(path, clips)
    assert (info.width_px, info.height_px, numbers(shown)) == (3840, 2160, [0, 1])
    info, _, shown = read(path, clips, max_side_px=1280)
    assert (info.width_px, info.height_px, numbers(shown)) == (1280, 720, [0, 1])


def test_the_size_limit_never_enlarges_and_counts_the_longer_side(tmp_path, clips):
    path = clips.write(tmp_path / "tall.mp4", [0, 40], rotate_ccw=90)
    assert open_and_close(path, max_side_px=4000) == (96, 128)
    assert open_and_close(path, max_side_px=64) == (48, 64)


def open_and_close(path, **options):
    with open_video(path, **options) as source:
        assert next(iter(source)).image.shape[1::-1] == (
            source.info.width_px,
            source.info.height_px,
        )
        return source.info.width_px, source.info.height_px


def test_a_picture_that_changes_size_midway_keeps_the_delivered_size(tmp_path, clips):
    first = clips.write(tmp_path / "a.ts", STEADY[:10])
    second = clips.write(
        tmp_path / "b.ts", [t + 400 for t in STEADY[:10]], size=(64, 96)
    )
    both = tmp_path / "both.ts"
    both.write_bytes(first.read_bytes() + second.read_bytes())
    with open_video(both) as source:
        shapes = {frame.image.shape for frame in source}
        assert source.damage.frames_read > 12
    assert shapes == {(96, 128, 3)}


# --- damage -----------------------------------------------------------------


def test_a_truncated_file_is_read_as_far_as_it_goes_and_counted(tmp_path, clips):
    whole = clips.write(
        tmp_path / "whole.mp4",
        STEADY,
        mux_options={"movflags": "faststart"},
        with_sound=True,
    )
    cut = tmp_path / "cut.mp4"
    data = whole.read_bytes()
    cut.write_bytes(data[: len(data) * 7 // 10])
    _, damage, shown = read(cut, clips)
    assert 5 < len(shown) < 60
    assert times(shown) == pytest.approx([i * 0.040 for i in range(len(shown))])
    assert damage.damaged_packets >= 1


def test_a_cut_off_matroska_is_noticed_by_its_claimed_length(tmp_path, clips):
    whole = clips.write(tmp_path / "whole.mkv", STEADY)
    cut = tmp_path / "cut.mkv"
    data = whole.read_bytes()
    cut.write_bytes(data[: len(data) // 2])
    _, damage, shown = read(cut, clips)
    assert 5 < len(shown) < 40
    assert damage.damaged_packets == 1


def _spoil_every_tenth(clean):
    """Return a restamp hook that overwrites the body of every tenth packet."""
    count = 0
    rng = np.random.default_rng(4)

    def spoil(packet):
        nonlocal count
        count += 1
        if count % 10:
            return packet
        data = bytearray(bytes(packet))
        data[clean:] = rng.bytes(max(len(data) - clean, 0))
        bad = av.Packet(bytes(data))
        bad.pts, bad.dts, bad.duration = packet.pts, packet.dts, packet.duration
        bad.time_base, bad.stream = packet.time_base, packet.stream
        bad.is_keyframe = packet.is_keyframe
        return bad

    return spoil


def test_damaged_packets_are_counted_once_and_decoding_goes_on(tmp_path, clips):
    path = clips.write(
        tmp_path / "bad.mov",
        STEADY,
        codec="mjpeg",
        pix_fmt="yuvj420p",
        restamp=_spoil_every_tenth(0),
    )
    _, damage, shown = read(path, clips)
    assert numbers(shown) == [i for i in range(60) if i % 10 != 9]
    assert times(shown) == pytest.approx([i * 0.040 for i in numbers(shown)])
    assert damage.damaged_packets == 6


def test_damaged_h264_is_read_to_the_end(tmp_path, clips):
    path = clips.write(
        tmp_path / "bad.mp4",
        STEADY[:55],
        options={"bf": "0"},
        restamp=_spoil_every_tenth(6),
    )
    _, damage, shown = read(path, clips)
    assert shown[-1][0] == pytest.approx(54 * 0.040)
    assert damage.damaged_packets >= 5


def test_sound_beside_the_picture_changes_nothing(tmp_path, clips):
    path = clips.write(tmp_path / "talk.mp4", STEADY, with_sound=True)
    _, damage, shown = read(path, clips)
    assert numbers(shown) == list(range(60))
    assert not damage.any


# --- what is no recording ---------------------------------------------------


def _no_such(tmp_path, clips):
    return tmp_path / "nothing.mp4"


def _folder(tmp_path, clips):
    return tmp_path


def _empty(tmp_path, clips):
    path = tmp_path / "empty.mp4"
    path.touch()
    return path


def _noise(tmp_path, clips):
    path = tmp_path / "noise.mp4"
    path.write_bytes(np.random.default_rng(1).bytes(30_000))
    return path


def _letter(tmp_path, clips):
    path = tmp_path / "letter.txt"
    path.write_text("Dear doctor,\n" * 400, encoding="utf-8")
    return path


def _sound(tmp_path, clips):
    return clips.write_sound(tmp_path / "voice.m4a")


def _picture(tmp_path, clips):
    return clips.write(
        tmp_path / "face.png", [0], codec="png", pix_fmt="rgb24", fmt="image2"
    )


def _cover(tmp_path, clips):
    return clips.write_sound(tmp_path / "song.m4a", cover=True)


def _without_index(tmp_path, clips):
    whole = clips.write(tmp_path / "whole.mp4", STEADY).read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) // 2])
    return path


def _all_spoiled(tmp_path, clips):
    path = clips.write(
        tmp_path / "bad.mov", STEADY[:5], codec="mjpeg", pix_fmt="yuvj420p"
    )
    data = bytearray(path.read_bytes())
    begin, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
    data[begin:end] = bytes(end - begin)
    path.write_bytes(data)
    return path


def _playlist(tmp_path, clips):
    clips.write(tmp_path / "a.ts", STEADY)
    path = tmp_path / "list.m3u8"
    path.write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:2.4,\na.ts\n#EXT-X-ENDLIST\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_no_such, "no such file"),
        (_folder, "folder"),
        (_empty, r"empty \(0 bytes\)"),
        (_noise, "not a readable video"),
        (_letter, "not a video"),
        (_sound, "only sound"),
        (_picture, "single picture"),
        (_cover, "no video|cover"),
        (_without_index, "cut off before its index"),
        (_all_spoiled, "no picture in it can be decoded"),
        (_playlist, "not a"),
    ],
)
def test_what_is_no_recording_is_refused_in_plain_words(tmp_path, clips, make, words):
    path = make(tmp_path, clips)
    with pytest.raises(VideoUnreadable, match=words) as caught:
        open_video(path)
    assert str(path) in str(caught.value)


def test_nothing_of_ffmpegs_chatter_reaches_the_terminal(tmp_path, clips, capfd):
    path = clips.write(
        tmp_path / "bad.mp4", STEADY, restamp=_spoil_every_tenth(24)
    )  # fmt: skip
    capfd.readouterr()
    read(path, clips)
    assert capfd.readouterr() == ("", "")


# --- facts ------------------------------------------------------------------


def test_info_names_file_codec_and_content_hash(tmp_path, clips):
    path = clips.write(tmp_path / "Übung - 顔 1.mp4", STEADY)
    info, _, shown = read(path, clips)
    assert numbers(shown) == list(range(60))
    assert (info.name, info.codec) == ("Übung - 顔 1.mp4", "h264")
    assert info.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert info.duration_s == pytest.approx(2.4, abs=0.05)
    assert info.time_base > 0


def test_a_closed_source_shows_nothing_more(tmp_path, clips):
    source = open_video(clips.write(tmp_path / "a.mp4", STEADY))
    frames = iter(source)
    next(frames)
    source.close()
    source.close()
    assert list(source) == []
