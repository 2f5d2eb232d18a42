"""What a file says about itself: when it was filmed, how fast, which film of several."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import av
import numpy as np
import pytest
from av.stream import Disposition

from twitch_tracker.errors import BadParameter
from twitch_tracker.records import ReadOptions
from twitch_tracker.unmeasured import nothing_measured
from twitch_tracker.video.decoding import Decoder
from twitch_tracker.video.files import open_video
from twitch_tracker.video.frames_at import read_frames_at
from twitch_tracker.video.metadata import created_at
from twitch_tracker.video.probe import probe
from twitch_tracker.video.timing import measure_duration_s, read_times_s

# --- dates -------------------------------------------------------------------

SUMMER = "2025-07-15T21:29:00-0700"
EXPORT = "2025-09-01T10:00:00.000000Z"


@pytest.mark.parametrize(
    ("metadata", "expected", "by"),
    [
        (
            {"creation_time": EXPORT, "com.apple.quicktime.creationdate": SUMMER},
            datetime(2025, 7, 15, 21, 29, tzinfo=timezone(-timedelta(hours=7))),
            "com.apple.quicktime.creationdate",
        ),
        (
            {"creation_time": f"{EXPORT};2025-09-01T10:00:00Z"},
            datetime(2025, 9, 1, 10, tzinfo=UTC),
            "creation_time",
        ),
        (
            {"creation_time": EXPORT, "date": SUMMER},
            datetime(2025, 7, 15, 21, 29, tzinfo=timezone(-timedelta(hours=7))),
            "date",
        ),
        (
            {"creation_time": EXPORT, "date": "2019"},
            datetime(2025, 9, 1, 10, tzinfo=UTC),
            "creation_time",
        ),
        ({"creation_time": "1904-01-01T00:00:00Z"}, None, ""),
        ({"creation_time": "yesterday"}, None, ""),
        ({"com.apple.quicktime.creationdate": "2025-07-15T21:29:00"}, None, ""),
        ({}, None, ""),
    ],
)
def test_the_date_with_its_own_zone_comes_first(metadata, expected, by):
    assert created_at(metadata) == (expected, by)


def test_the_zone_that_was_written_is_kept():
    found, _ = created_at({"com.apple.quicktime.creationdate": SUMMER})
    assert found.utcoffset() == -timedelta(hours=7)


# --- which camera --------------------------------------------------------------


def _told(path, clips, tags, **how):
    """A film with entries of its own."""
    plain = clips.write(path.with_suffix(".plain.mp4"), range(6), rate=30, **how)
    with (
        av.open(str(plain)) as source,
        av.open(
            str(path), "w", container_options={"movflags": "use_metadata_tags"}
        ) as out,
    ):
        out.metadata.update(tags)
        film = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = film
                out.mux(packet)
    return path


APPLE = "com.apple.quicktime.camera"


@pytest.mark.parametrize(
    ("tags", "front"),
    [
        ({f"{APPLE}.lens_model": "iPhone 15 Pro front camera 2.69mm f/1.9"}, True),
        ({f"{APPLE}.lens_model": "iPhone 15 Pro back camera 2.22mm f/2.2"}, False),
        ({f"{APPLE}.identifier": "Front"}, True),
        ({f"{APPLE}.identifier": "Back"}, False),
        ({"lens_model": "Pixel 8 Pro front camera 2.74mm f/2.2"}, True),
        ({}, False),
    ],
)
@pytest.mark.parametrize("suffix", ["mp4", "mov"])
def test_the_front_camera_is_told_because_it_may_mirror(
    tmp_path, clips, tags, front, suffix
):
    path = _told(tmp_path / f"selfie.{suffix}", clips, tags)
    assert probe(path).said == (("front_camera",) if front else ())
    with open_video(path, mirrored=True) as source:  # then nobody needs to be told
        assert source.info.said == ()


@pytest.mark.parametrize("turn_ccw_deg", [0, 90, 180])
def test_a_film_that_asks_to_be_shown_mirrored_is_told(tmp_path, clips, turn_ccw_deg):
    path = clips.write(
        tmp_path / "mirror.mp4", range(6), rate=30, rotate_ccw=turn_ccw_deg, hflip=True
    )
    assert probe(path).said == ("shown_mirrored",)
    plain = clips.write(
        tmp_path / "plain.mp4", range(6), rate=30, rotate_ccw=turn_ccw_deg
    )
    assert probe(plain).said == ()


# --- how fast ----------------------------------------------------------------


def _phone(path, clips, *, capture, rate=30, count=24, sound=False, **how):
    """A film that says at which rate it was taken."""
    base = Fraction(1, rate)
    plain = clips.write(
        path.with_suffix(".plain.mp4"),
        range(count),
        time_base=base,
        rate=rate,
        with_sound=sound,
        **how,
    )
    with (
        av.open(str(plain)) as source,
        av.open(
            str(path), "w", container_options={"movflags": "use_metadata_tags"}
        ) as out,
    ):
        out.metadata["com.android.capture.fps"] = f"{capture:.6f}"
        streams = {s.index: out.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                out.mux(packet)
    return path


@pytest.mark.parametrize(
    ("capture", "rate", "slowed", "code"),
    [
        (60, 30, 2.0, "slow_motion(60,30)"),
        (120, 30, 4.0, "slow_motion(120,30)"),
        (239.7, 30, 8.0, "slow_motion(239.7,30)"),
        (1, 30, 1 / 30, "time_lapse(1,30)"),
        (30, 30, 1.0, None),
        (29.9, 30, 1.0, None),
        (60, 60, 1.0, None),
        (30, 15, 1.0, None),  # a camera in dim light
    ],
)
def test_times_are_as_lived(tmp_path, clips, capture, rate, slowed, code):
    path = _phone(tmp_path / "phone.mp4", clips, capture=capture, rate=rate)
    info, _, shown = clips.read(path)
    assert info.slowed == pytest.approx(slowed)
    assert clips.times(shown) == pytest.approx(
        [i / rate / slowed for i in range(24)], rel=1e-3
    )
    assert info.duration_s == pytest.approx(24 / rate / slowed, rel=0.01)
    assert info.said == (() if code is None else (code,))
    assert read_times_s(path) == pytest.approx(clips.times(shown))
    assert measure_duration_s(path) == pytest.approx(24 / rate / slowed, rel=0.01)


def test_a_part_and_single_pictures_go_by_the_same_clock(tmp_path, clips):
    path = _phone(tmp_path / "phone.mp4", clips, capture=120)
    _, _, shown = clips.read(path, start_s=0.1, end_s=0.15)
    assert clips.numbers(shown) == list(range(12, 18))
    frames = read_frames_at(path, [0.15, 0.1])
    assert [clips.number(f.image) for f in frames] == [18, 12]


def test_half_the_rate_with_sound_is_no_slow_motion_and_the_doubt_is_told(
    tmp_path, clips
):
    path = _phone(tmp_path / "dim.mp4", clips, capture=60, count=24, sound=True)
    info = probe(path)
    assert info.slowed == 1.0
    assert info.said == ("slow_motion_unclear(60,30)",)


def test_an_eighth_of_the_rate_is_slow_motion_even_with_sound(tmp_path, clips):
    path = _phone(tmp_path / "slow.mp4", clips, capture=240, count=24, sound=True)
    assert probe(path).slowed == 8.0


def test_what_a_person_says_comes_first(tmp_path, clips):
    path = _phone(tmp_path / "phone.mp4", clips, capture=120)
    assert probe(path, ReadOptions(capture_fps=30)).slowed == 1.0
    told = probe(path, ReadOptions(capture_fps=240))
    assert told.slowed == 8.0
    assert told.said == ("slow_motion(240,30)",)
    plain = clips.write(tmp_path / "edited.mp4", clips.STEADY)
    assert probe(plain, ReadOptions(capture_fps=100)).slowed == 4.0


@pytest.mark.parametrize("wrong", [0.0, -30.0, math.nan, 1e9])
def test_a_rate_that_cannot_be_is_refused(tmp_path, clips, wrong):
    path = clips.write(tmp_path / "a.mp4", clips.STEADY)
    with pytest.raises(BadParameter, match="capture_fps"):
        open_video(path, reading=ReadOptions(capture_fps=wrong))


def test_a_file_is_read_once_more_with_the_same_times(tmp_path, clips):
    path = _phone(tmp_path / "phone.mp4", clips, capture=60)
    first, _, shown = clips.read(path)
    _, _, again = clips.read(path, reading=first.reading)
    assert again == shown
    plain, _, _ = clips.read(path, reading=ReadOptions(capture_fps=30))
    _, _, unscaled = clips.read(path, reading=plain.reading)
    assert clips.times(unscaled)[-1] == pytest.approx(23 / 30)


# --- several films -----------------------------------------------------------


def _films(path, clips, *, sizes, defaults):
    """A file with several films, 10 pictures each; the k-th shows numbers from 20 k."""
    with av.open(str(path), "w") as out:
        packets = []
        for k, ((width, height), default) in enumerate(
            zip(sizes, defaults, strict=True)
        ):
            stream = out.add_stream("libx264", rate=25)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            stream.disposition = Disposition.default if default else Disposition(0)
            for i in range(10):
                image = clips.draw(20 * k + i, width, height)
                frame = av.VideoFrame.from_ndarray(image, format="rgb24")
                frame.pts, frame.time_base = i, Fraction(1, 25)
                packets += stream.encode(frame)
            packets += stream.encode(None)
        for packet in packets:
            out.mux(packet)
    return path


SMALL, LARGE = (128, 96), (320, 240)


@pytest.mark.parametrize(
    ("sizes", "defaults", "shown"),
    [
        ((SMALL, LARGE), (True, True), 0),
        ((SMALL, LARGE), (False, True), 1),
        ((SMALL, LARGE), (False, False), 0),
        ((SMALL, LARGE, SMALL), (False, True, True), 1),
    ],
)
@pytest.mark.parametrize("suffix", ["mkv", "ts"])
def test_the_film_is_the_one_that_a_player_shows(
    tmp_path, clips, sizes, defaults, shown, suffix
):
    path = _films(tmp_path / f"f.{suffix}", clips, sizes=sizes, defaults=defaults)
    wanted = shown if suffix == "mkv" else 0  # a transmission marks nothing
    info, _, seen = clips.read(path)
    assert info.stream == wanted
    assert (info.width_px, info.height_px) == sizes[wanted]
    assert clips.numbers(seen)[0] == 20 * wanted
    numbers = ",".join(str(k) for k in range(len(sizes)))
    assert info.said == (f"one_of_films({wanted},{numbers})",)


@pytest.mark.parametrize(
    "seconds", [{"no_face": 9.0}, {"eyes_covered": 9.0}, {"too_few_pictures": 9.0}]
)
def test_where_no_face_is_the_other_films_are_named(tmp_path, clips, seconds):
    path = _films(
        tmp_path / "f.mkv", clips, sizes=(SMALL, LARGE), defaults=(False, True)
    )
    films = probe(path).films
    assert films == ("1", "0", "1")
    said = str(nothing_measured("f.mkv", seconds, films))
    assert "holds 2 videos (0, 1), and number 1 was read: --stream N takes" in said
    alone = probe(clips.write(tmp_path / "one.mp4", range(6), rate=30)).films
    assert alone == ()
    assert "--stream" not in str(nothing_measured("one.mp4", seconds, alone))


def test_another_film_is_read_where_a_person_says_so(tmp_path, clips):
    path = _films(
        tmp_path / "f.mkv", clips, sizes=(SMALL, LARGE), defaults=(True, True)
    )
    info, _, seen = clips.read(path, reading=ReadOptions(stream=1))
    assert info.stream == 1
    assert clips.numbers(seen) == list(range(20, 30))
    _, _, again = clips.read(path, reading=info.reading)
    assert clips.numbers(again) == clips.numbers(seen)
    with pytest.raises(BadParameter, match=r"stream.*0, 1"):
        open_video(path, reading=ReadOptions(stream=2))


def test_a_file_lists_its_films(tmp_path, clips):
    path = _films(
        tmp_path / "f.mkv", clips, sizes=(SMALL, LARGE), defaults=(False, True)
    )
    decoder = Decoder(path)
    try:
        metadata = decoder.metadata
    finally:
        decoder.close()
    assert [(f.stream, f.width_px, f.default) for f in metadata.films] == [
        (0, 128, False),
        (1, 320, True),
    ]
    assert metadata.stream == 1
    assert np.isclose(metadata.stored_fps, 25)
