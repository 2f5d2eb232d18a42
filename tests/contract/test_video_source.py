"""What every `VideoSource` promises, checked on all of them."""

from __future__ import annotations

import inspect
import itertools

import cv2
import numpy as np
import pytest

from twitch_tracker.video.camera import open_camera
from twitch_tracker.video.files import open_video
from twitch_tracker.video.source import VideoSource
from twitch_tracker.video.writer import VideoWriter

FRAMES = 25
SIZE = (96, 64)


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    rng = np.random.default_rng(2)
    with VideoWriter(path, width_px=SIZE[0], height_px=SIZE[1]) as writer:
        for index in range(FRAMES):
            image = np.full((SIZE[1], SIZE[0], 3), 10 * index, np.uint8)
            writer.write(image, 0.02 * index + rng.uniform(0, 0.01))
    return path


class LimitedCapture:
    """A webcam behind OpenCV's interface."""

    def __init__(self, _index):
        pass

    def isOpened(self):
        return True

    def set(self, _prop, _value):
        return True

    def get(self, _prop):
        return 0.0

    def grab(self):
        return True

    def retrieve(self):
        return True, np.zeros((SIZE[1], SIZE[0], 3), np.uint8)

    def release(self):
        pass


@pytest.fixture(params=["file", "part", "stand-in", "stand-in live", "camera"])
def opened(request, clip, monkeypatch):
    """A fresh source, and whether it ends by itself."""
    match request.param:
        case "file":
            source = open_video(clip)
        case "part":
            source = open_video(clip, start_s=0.1, max_side_px=48)
        case "stand-in":
            source = open_camera(str(clip), realtime=False)
        case "stand-in live":
            source = open_camera(str(clip))
        case _:
            monkeypatch.setattr(cv2, "VideoCapture", LimitedCapture)
            source = open_camera(0)
    yield source
    source.close()


def take(source, count=10):
    return list(itertools.islice(source, count))


def test_it_has_everything_the_protocol_names(opened):
    for name in (n for n in vars(VideoSource) if inspect.getattr_static(
        VideoSource, n, None) is not None and not n.startswith("_")):  # fmt: skip
        assert hasattr(opened, name)


def test_info_is_known_before_reading_and_does_not_change(opened):
    before = opened.info
    frames = take(opened)
    assert opened.info == before
    assert {frame.image.shape for frame in frames} == {
        (before.height_px, before.width_px, 3)
    }
    assert before.name
    assert before.time_base > 0


def test_times_increase_strictly_and_never_below_zero(opened):
    times_s = [frame.time_s for frame in take(opened)]
    assert len(times_s) >= 5
    assert times_s[0] >= 0
    assert all(a < b for a, b in itertools.pairwise(times_s))


def test_numbers_count_from_zero(opened):
    frames = take(opened)
    assert [frame.index for frame in frames] == list(range(len(frames)))


def test_pictures_are_contiguous_rgb_bytes_of_their_own(opened):
    first, second = take(opened, 2)
    for frame in (first, second):
        assert frame.image.dtype == np.uint8
        assert frame.image.flags.c_contiguous
    assert not np.shares_memory(first.image, second.image)


def test_damage_counts_the_frames_read(opened):
    assert opened.damage.frames_read == 0
    frames = iter(opened)
    for count in range(1, 6):
        next(frames)
        assert opened.damage.frames_read == count


def test_reading_goes_on_where_it_stopped_and_never_starts_again(opened):
    first = take(opened, 4)
    more = take(opened, 3)
    assert all(frame.time_s > first[-1].time_s for frame in more)


def test_it_ends_when_closed_and_closes_twice(opened):
    frames = iter(opened)
    next(frames)
    opened.close()
    opened.close()
    assert len(list(opened)) == 0


def test_a_with_block_closes_it(opened):
    with opened as source:
        assert source is opened
        next(iter(source))
    assert len(list(opened)) == 0


def test_the_last_frame_is_reached(clip):
    for source in (open_video(clip), open_camera(str(clip), realtime=False)):
        with source:
            assert len(list(source)) == FRAMES
            assert list(source) == []
