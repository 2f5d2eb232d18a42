"""Videos out: exact times, whole files or none."""

from __future__ import annotations

import math

import av
import numpy as np
import pytest

from twitch_tracker.errors import BadParameter, BadShape, OutputNotWritable
from twitch_tracker.video.files import open_video
from twitch_tracker.video.writer import VideoWriter

IMAGE = np.full((96, 128, 3), 90, np.uint8)


def write(path, clips, times_s, size=(128, 96)):
    with VideoWriter(path, width_px=size[0], height_px=size[1]) as writer:
        for number, time_s in enumerate(times_s):
            writer.write(clips.draw(number, *size), time_s)
    return path


def test_uneven_times_come_back_exactly(tmp_path, clips, vfr_ticks):
    wanted = [t / 1000 for t in vfr_ticks]
    path = write(tmp_path / "out.mp4", clips, wanted)
    with open_video(path) as source:
        shown = [(frame.time_s, clips.number(frame.image)) for frame in source]
        assert (source.info.width_px, source.info.height_px) == (128, 96)
    assert [time_s for time_s, _ in shown] == pytest.approx(wanted, abs=1 / 180_000)
    assert [number for _, number in shown] == list(range(len(wanted)))


def test_the_last_picture_stays_as_long_as_the_one_before(tmp_path, clips):
    path = write(tmp_path / "out.mp4", clips, [0.0, 0.5, 0.75])
    with av.open(str(path)) as raw:
        assert raw.duration == pytest.approx(1_000_000, abs=2_000)
    with open_video(path) as source:
        assert len(list(source)) == 3


def test_colours_survive(tmp_path, clips):
    path = write(tmp_path / "out.mp4", clips, [0.0, 0.1])
    with open_video(path) as source:
        image = next(iter(source)).image
    assert clips.corners(image) == clips.corners(clips.draw(0))
    drawn = clips.draw(0)
    for corner in (np.s_[4:20, 4:28], np.s_[4:20, -28:-4], np.s_[-20:-4, 4:28]):
        difference = image[corner].mean(axis=(0, 1)) - drawn[corner].mean(axis=(0, 1))
        assert np.abs(difference).max() < 5


def test_odd_sizes_grow_by_a_repeated_edge(tmp_path, clips):
    path = write(tmp_path / "odd.mp4", clips, [0.0, 0.1], size=(129, 97))
    with open_video(path) as source:
        image = next(iter(source)).image
    assert image.shape == (98, 130, 3)
    assert np.abs(image[:, -1].astype(int) - image[:, -2]).mean() < 8


def test_players_can_start_before_the_whole_file_is_there(tmp_path, clips):
    data = write(tmp_path / "out.mp4", clips, [0.0, 0.1]).read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_the_stream_is_what_every_browser_plays(tmp_path, clips):
    with av.open(str(write(tmp_path / "out.mp4", clips, [0.0, 0.1]))) as raw:
        stream = raw.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")


def test_an_error_leaves_nothing_and_keeps_the_old_file(tmp_path, clips):
    path = write(tmp_path / "out.mp4", clips, [0.0, 0.1])
    before = path.read_bytes()
    with (
        pytest.raises(KeyboardInterrupt),
        VideoWriter(path, width_px=128, height_px=96) as writer,
    ):
        writer.write(IMAGE, 0.0)
        writer.write(IMAGE, 0.1)
        raise KeyboardInterrupt
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_stands_under_the_final_name_while_writing(tmp_path):
    path = tmp_path / "out.mp4"
    writer = VideoWriter(path, width_px=128, height_px=96)
    writer.write(IMAGE, 0.0)
    assert not path.exists()
    writer.close()
    writer.close()
    assert list(tmp_path.iterdir()) == [path]


def test_a_video_without_pictures_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(OutputNotWritable, match="no picture"):
        VideoWriter(tmp_path / "out.mp4", width_px=128, height_px=96).close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["missing/out.mp4", ""])
def test_where_nothing_can_be_written(tmp_path, name):
    with pytest.raises(OutputNotWritable, match="folder"):
        VideoWriter(tmp_path / name, width_px=128, height_px=96)


@pytest.mark.parametrize("time_s", [0.5, 0.4, math.nan, -1.0, 0.500001])
def test_times_must_increase(tmp_path, time_s):
    with VideoWriter(tmp_path / "out.mp4", width_px=128, height_px=96) as writer:
        writer.write(IMAGE, 0.5)
        with pytest.raises(BadParameter, match="time_s"):
            writer.write(IMAGE, time_s)
        writer.write(IMAGE, 0.6)
    with open_video(tmp_path / "out.mp4") as source:
        assert len(list(source)) == 2


def test_pictures_of_another_size_are_refused(tmp_path):
    with VideoWriter(tmp_path / "out.mp4", width_px=128, height_px=96) as writer:
        writer.write(IMAGE, 0.0)
        with pytest.raises(BadShape, match="image"):
            writer.write(IMAGE[:-1], 0.1)
        with pytest.raises(BadShape, match="uint8"):
            writer.write(IMAGE.astype(np.float32), 0.1)


@pytest.mark.parametrize(
    "wrong", [{"width_px": 0}, {"height_px": -2}, {"crf": 52}, {"crf": -1}]
)
def test_nonsense_settings_are_refused(tmp_path, wrong):
    settings = {"width_px": 128, "height_px": 96} | wrong
    with pytest.raises(BadParameter):
        VideoWriter(tmp_path / "out.mp4", **settings)
    assert list(tmp_path.iterdir()) == []


def test_a_closed_writer_takes_nothing_more(tmp_path):
    writer = VideoWriter(tmp_path / "out.mp4", width_px=128, height_px=96)
    writer.write(IMAGE, 0.0)
    writer.close()
    with pytest.raises(BadParameter, match="closed"):
        writer.write(IMAGE, 0.1)
