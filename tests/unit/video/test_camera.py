"""Cameras: clock stamps, plain advice, and a camera made of paper."""

from __future__ import annotations

import itertools
import math

import cv2
import numpy as np
import pytest

from twitch_tracker.errors import BadParameter, CameraUnavailable, VideoUnreadable
from twitch_tracker.video import camera
from twitch_tracker.video.camera import open_camera


class PaperCamera:
    """Stands in for cv2.VideoCapture: numbered BGR pictures, some of them bad."""

    def __init__(self, draw, *, opened=True, bad=(), pictures=10_000):
        self.draw, self.opened, self.bad, self.left = draw, opened, bad, pictures
        self.wanted: dict[int, float] = {}
        self.count = -1
        self.released = 0

    def isOpened(self):
        return self.opened

    def set(self, prop, value):
        self.wanted[prop] = value
        return True

    def get(self, prop):
        fourcc = float(cv2.VideoWriter.fourcc(*"MJPG"))
        return {cv2.CAP_PROP_FPS: 30.0, cv2.CAP_PROP_FOURCC: fourcc}.get(prop, 0.0)

    def grab(self):
        self.count += 1
        return self.count not in self.bad and self.count < self.left

    def retrieve(self):
        return True, np.ascontiguousarray(self.draw(self.count)[:, :, ::-1])

    def release(self):
        self.released += 1


class Clock:
    """A clock that moves only when asked, standing still now and then."""

    def __init__(self, times_ns):
        self.times_ns = iter(times_ns)

    def perf_counter_ns(self):
        return next(self.times_ns)

    def sleep(self, seconds):
        assert seconds >= 0


@pytest.fixture
def paper(monkeypatch, clips):
    def make(**settings):
        device = PaperCamera(clips.draw, **settings)
        monkeypatch.setattr(cv2, "VideoCapture", lambda _: device)
        monkeypatch.setattr(camera.time, "sleep", lambda _: None)
        return device

    return make


def take(source, count):
    return list(itertools.islice(source, count))


def test_pictures_are_rgb_with_times_from_the_clock(paper, clips, monkeypatch):
    paper()
    monkeypatch.setattr(camera, "time", Clock([10**9, 10**9 + 33_000_000, 2 * 10**9]))
    with open_camera(0) as source:
        frames = take(source, 3)
    assert [frame.time_s for frame in frames] == [0.0, 0.033, 1.0]
    assert [clips.number(frame.image) for frame in frames] == [0, 1, 2]
    assert clips.corners(frames[0].image)["top-left"] == "red"


def test_a_clock_that_stands_still_never_repeats_a_time(paper, clips, monkeypatch):
    paper()
    monkeypatch.setattr(camera, "time", Clock([100, 100, 100, 200]))
    with open_camera(0) as source:
        frames = take(source, 2)
    assert [frame.stamp.pts for frame in frames] == [100, 200]
    assert [clips.number(frame.image) for frame in frames] == [0, 3]


def test_size_rate_and_a_short_queue_are_asked_for(paper):
    device = paper()
    open_camera(0, fps_wanted=50.0, size_px=(640, 480)).close()
    assert device.wanted[cv2.CAP_PROP_FPS] == 50.0
    assert device.wanted[cv2.CAP_PROP_FRAME_WIDTH] == 640
    assert device.wanted[cv2.CAP_PROP_FRAME_HEIGHT] == 480
    assert device.wanted[cv2.CAP_PROP_BUFFERSIZE] == 1


def test_info_says_what_really_comes(paper):
    paper()
    with open_camera(0, size_px=(1920, 1080)) as source:
        info = source.info
    assert (info.width_px, info.height_px) == (128, 96)
    assert (info.name, info.codec, info.nominal_fps) == ("camera 0", "mjpg", 30.0)
    assert (info.sha256, math.isnan(info.duration_s)) == ("", True)


def test_a_mirroring_camera_is_turned_back(paper, clips):
    paper()
    with open_camera(0, mirrored=True) as source:
        (frame,) = take(source, 1)
    assert clips.corners(frame.image)["top-right"] == "red"


def test_failed_pictures_are_counted_and_skipped(paper, clips):
    paper(bad={0, 3, 4})
    with open_camera(0) as source:
        frames = take(source, 4)
        assert source.damage.damaged_packets == 3
    assert [clips.number(frame.image) for frame in frames] == [1, 2, 5, 6]


def test_a_camera_that_stops_says_so(paper):
    device = paper(pictures=5)
    frames = []
    with (
        pytest.raises(CameraUnavailable, match="plugged in"),
        open_camera(0) as source,
    ):
        frames.extend(source)
    assert device.released >= 1


def test_a_camera_that_never_delivers_is_released(paper):
    device = paper(pictures=0)
    with pytest.raises(CameraUnavailable, match="no pictures"):
        open_camera(0)
    assert device.released == 1


def test_a_camera_that_cannot_be_opened_gives_advice(paper):
    paper(opened=False)
    with pytest.raises(CameraUnavailable, match="camera 3 cannot be opened") as caught:
        open_camera(3)
    assert "no other program is using it" in str(caught.value)


def test_a_missing_camera_is_quiet_on_the_terminal(capfd):
    with pytest.raises(CameraUnavailable):
        open_camera("no such camera or file.mp4")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("index", "settings"),
    [
        (-1, {}),
        (0, {"fps_wanted": 0.0}),
        (0, {"fps_wanted": math.nan}),
        (0, {"size_px": (0, 480)}),
    ],
)
def test_nonsense_requests_are_refused(index, settings):
    with pytest.raises(BadParameter):
        open_camera(index, **settings)


# --- a file standing in -----------------------------------------------------

TICKS = [0, 40, 90, 120, 170]


def test_a_file_played_as_fast_as_it_goes_keeps_its_own_times(tmp_path, clips):
    path = clips.write(tmp_path / "a.mp4", TICKS)
    with open_camera(str(path), realtime=False) as source:
        assert math.isnan(source.info.duration_s)
        shown = [(frame.time_s, clips.number(frame.image)) for frame in source]
    assert shown == [(pytest.approx(t / 1000), i) for i, t in enumerate(TICKS)]


class FilmClock:
    """Time passes by sleeping, and by what the test adds."""

    def __init__(self):
        self.now_ns = 5 * 10**9

    def perf_counter_ns(self):
        return self.now_ns

    def sleep(self, seconds):
        self.now_ns += round(seconds * 1e9)


def test_a_file_played_in_real_time_waits_for_each_picture(
    tmp_path, clips, monkeypatch
):
    monkeypatch.setattr(camera, "time", FilmClock())
    path = clips.write(tmp_path / "a.mp4", TICKS)
    with open_camera(str(path)) as source:
        times_s = [frame.time_s for frame in source]
    assert times_s == pytest.approx([t / 1000 for t in TICKS], abs=1e-6)


def test_pictures_fetched_too_late_are_left_out_like_a_cameras(
    tmp_path, clips, monkeypatch
):
    clock = FilmClock()
    monkeypatch.setattr(camera, "time", clock)
    path = clips.write(tmp_path / "a.mp4", [40 * i for i in range(20)])
    numbers, indices = [], []
    with open_camera(str(path)) as source:
        for frame in source:
            numbers.append(clips.number(frame.image))
            indices.append(frame.index)
            if frame.index == 4:
                clock.now_ns += 400_000_000  # somebody was busy for 0.4 s
        assert source.damage.frames_read == len(numbers)
    assert numbers[:5] == [0, 1, 2, 3, 4]
    assert 12 <= numbers[5] <= 14
    assert numbers[-1] == 19
    assert indices == list(range(len(numbers)))


def test_a_file_that_is_no_video_cannot_stand_in(tmp_path):
    path = tmp_path / "letter.mp4"
    path.write_text("no video", encoding="utf-8")
    with pytest.raises(VideoUnreadable):
        open_camera(str(path))
