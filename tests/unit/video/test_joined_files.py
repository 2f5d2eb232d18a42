"""Recordings put together byte by byte: the clock goes on, and the join is told."""

from __future__ import annotations

import os
from fractions import Fraction

import pytest

from twitch_tracker.errors import VideoUnreadable
from twitch_tracker.video.files import open_video
from twitch_tracker.video.frames_at import read_frames_at
from twitch_tracker.video.timing import find_joins, measure_duration_s, read_times_s

CLOCK = Fraction(1, 90_000)


def _piece(tmp_path, clips, name, *, first, count, start=0, **how):
    """Pictures `first` and on, 25 a second, stamped from `start` ticks."""
    clock = how.pop("time_base", CLOCK)
    step = round(Fraction(1, 25) / clock)
    stamps = [start + step * i for i in range(count)]
    suffix = how.pop("suffix", "ts")
    return clips.write(
        tmp_path / f"{name}.{suffix}",
        stamps,
        numbers=range(first, first + count),
        time_base=clock,
        **how,
    ).read_bytes()


def _joined(path):
    with open_video(path) as source:
        frames = [(frame.time_s, frame.joined) for frame in source]
        return [t for t, joined in frames if joined], source


KINDS = {
    "transmission": {"suffix": "ts", "codec": "libx264"},
    "program stream": {
        "suffix": "mpg",
        "codec": "mpeg2video",
        "rate": 25,
        "time_base": Fraction(1, 25),
    },
    "browser": {
        "suffix": "webm",
        "codec": "libvpx",
        "options": {"deadline": "realtime", "cpu-used": "8"},
    },
}


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("transmission", 10, 30),
        ("transmission", 30, 10),
        ("program stream", 20, 20),
        ("browser", 12, 12),
    ],
)
def test_no_picture_is_lost_where_the_clock_starts_anew(
    tmp_path, clips, kind, one, other
):
    how = KINDS[kind]
    pieces = (
        _piece(tmp_path, clips, "a", first=0, count=one, **how),
        _piece(tmp_path, clips, "b", first=one, count=other, **how),
    )
    path = tmp_path / f"both.{how['suffix']}"
    path.write_bytes(b"".join(pieces))
    _, damage, shown = clips.read(path)
    assert clips.numbers(shown) == list(range(one + other))
    assert clips.times(shown) == pytest.approx(
        [i * 0.040 for i in range(one + other)], abs=0.012
    )
    assert damage.joins == 1
    assert damage.any
    joined_s, _ = _joined(path)
    assert joined_s == pytest.approx([one * 0.040], abs=0.012)


def test_a_clock_that_jumps_ahead_is_another_recording_only_in_a_transmission(
    tmp_path, clips
):
    hour = 3600 * 90_000
    path = tmp_path / "later.ts"
    path.write_bytes(
        _piece(tmp_path, clips, "a", first=0, count=10)
        + _piece(tmp_path, clips, "b", first=10, count=10, start=hour)
    )
    _, damage, shown = clips.read(path)
    assert clips.times(shown) == pytest.approx([i * 0.040 for i in range(20)])
    assert damage.joins == 1
    paused = [40 * i for i in range(10)] + [60_000 + 40 * i for i in range(10)]
    with_pause = clips.write(tmp_path / "paused.mp4", paused)
    _, damage, shown = clips.read(with_pause)
    assert shown[10][0] == pytest.approx(60.0)
    assert not damage.any


def test_three_pieces_have_two_joins_and_every_way_of_reading_agrees(tmp_path, clips):
    path = tmp_path / "three.ts"
    path.write_bytes(
        b"".join(
            _piece(tmp_path, clips, str(k), first=15 * k, count=15) for k in range(3)
        )
    )
    info, damage, shown = clips.read(path)
    assert damage.joins == 2
    assert len(find_joins(path)) == 2
    assert info.duration_s == pytest.approx(45 * 0.040)
    assert measure_duration_s(path) == pytest.approx(45 * 0.040)
    assert read_times_s(path) == pytest.approx(clips.times(shown))
    wanted = [1.4, 0.2, 0.8, 1.0]
    frames = read_frames_at(path, wanted)
    assert [clips.number(frame.image) for frame in frames] == [35, 5, 20, 25]
    _, _, part = clips.read(path, start_s=1.0)
    assert clips.numbers(part) == list(range(25, 45))


def test_one_wrong_stamp_is_no_join(tmp_path, clips):
    def wrong(packet):
        packet.dts = packet.pts - 1000
        packet.pts = {800: 300, 1600: 9000}.get(packet.pts, packet.pts)
        return packet

    path = clips.write(
        tmp_path / "odd.mkv",
        clips.STEADY,
        codec="mjpeg",
        pix_fmt="yuvj420p",
        restamp=wrong,
    )
    _, damage, shown = clips.read(path)
    assert damage.joins == 0
    assert shown[-1][0] == pytest.approx(59 * 0.040)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mov", "ts", "avi"])
def test_an_ordinary_file_has_one_clock(tmp_path, clips, suffix):
    path = clips.write(
        tmp_path / f"plain.{suffix}",
        range(20),
        time_base=Fraction(1, 25),
        rate=25,
        options={"bf": "3"},
    )
    joined_s, source = _joined(path)
    assert joined_s == []
    assert source.damage.joins == 0


# --- a file that changes while it is read ------------------------------------


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, clips):

    path = clips.write(tmp_path / "growing.ts", clips.STEADY)
    more = path.read_bytes()
    with open_video(path) as source:
        frames = iter(source)
        next(frames)
        with path.open("ab") as file:
            file.write(more)
        with pytest.raises(VideoUnreadable, match="still being copied"):
            list(frames)


def test_a_file_that_is_only_touched_is_read_to_its_end(tmp_path, clips):
    path = clips.write(tmp_path / "touched.mp4", clips.STEADY)
    with open_video(path) as source:
        frames = iter(source)
        next(frames)

        os.utime(path, (1, 1))
        assert len(list(frames)) == len(clips.STEADY) - 1


def test_a_file_replaced_by_one_of_the_same_size_is_refused(tmp_path, clips):

    path = clips.write(tmp_path / "other.mp4", clips.STEADY)
    data = bytearray(path.read_bytes())
    with open_video(path) as source:
        frames = iter(source)
        next(frames)
        data[-1] ^= 255
        path.write_bytes(data)

        os.utime(path, (1, 1))
        with pytest.raises(VideoUnreadable, match="changed while it was read"):
            list(frames)
