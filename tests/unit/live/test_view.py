"""The picture of a live session, and the keys that are pressed before it."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from twitch_tracker.errors import DisplayUnavailable, MissingDependency
from twitch_tracker.live import window as live_window
from twitch_tracker.live.engine import LiveSession
from twitch_tracker.live.run import Command
from twitch_tracker.live.view import SIZE_PX, LivePainter
from twitch_tracker.live.window import WindowDisplay, check_display
from twitch_tracker.records import QualityReason
from twitch_tracker.regions import Side
from twitch_tracker.report.overlay.face import RGB
from twitch_tracker.wording.recording import advice_now


@pytest.fixture(scope="module")
def moments(short_scene):
    """Frames and states of the short scene until second 9."""
    live = LiveSession(
        short_scene.tracker(),
        video=short_scene.info,
        options=short_scene.options,
        background=False,
    )
    return [(frame, live.feed(frame)) for frame in short_scene.camera(9.0)]


def painted(moments, *, mirror=False, **how):
    painter = LivePainter(mirror=mirror)
    for _, state in moments:
        painter.remember(state)
    return painter.paint(*moments[-1], **how)


def near(picture, colour):
    """Pixels of about this colour."""
    return np.abs(picture.astype(int) - colour).max(axis=2) < 12


def side_columns(picture, side):
    """Where, left to right, the coloured head of a side's count is."""
    return np.flatnonzero(near(picture[96:102], RGB[side]).any(axis=0))


def test_the_picture_has_its_size_and_type(moments):
    picture = painted(moments)
    assert picture.shape == (SIZE_PX[1], SIZE_PX[0], 3)
    assert picture.dtype == np.uint8


@pytest.mark.parametrize("mirror", [False, True])
def test_each_sides_count_stands_where_that_side_of_the_face_is_seen(moments, mirror):
    picture = painted(moments, mirror=mirror)
    face = picture[92:, :880]
    dots = {side: np.nonzero(near(face, RGB[side]))[1].mean() for side in Side}
    counts = {side: side_columns(picture, side).mean() for side in Side}
    right_is_first = dots[Side.RIGHT] < dots[Side.LEFT]
    assert right_is_first is not mirror
    assert (counts[Side.RIGHT] < counts[Side.LEFT]) is not mirror


def test_a_mirror_view_is_the_mirror_image_of_the_camera(moments):
    frame, _ = moments[-1]
    face = slice(21, 21 + 837)  # 320 x 240 pixels fill the height and are centred
    plain, mirrored = (
        LivePainter(mirror=m).paint(frame, None)[92:, face] for m in (False, True)
    )
    np.testing.assert_array_equal(plain, mirrored[:, ::-1])


def test_nothing_is_drawn_on_the_face_while_paused(moments):
    face = painted(moments, paused=True)[92:, :880]
    assert not near(face, RGB[Side.RIGHT]).any()


def test_the_traces_of_both_sides_are_drawn(moments):
    """The burst was on the right: upward in its colour, nothing below."""
    lane = painted(moments)[368:492, 900:1260]
    upper, lower = lane[:60, 60:], lane[64:, 60:]
    assert near(upper, RGB[Side.RIGHT]).sum() > 100
    assert near(lower, RGB[Side.LEFT]).sum() < 50


@pytest.mark.parametrize("state_known", [True, False])
def test_it_can_be_drawn_at_any_moment(moments, state_known):
    frame, state = moments[0]
    LivePainter().paint(frame, state if state_known else None)


def test_every_reason_has_words_for_now():
    told = {advice_now(reason) for reason in (None, *QualityReason)}
    assert len(told) == len(QualityReason) + 1


# --- keys -----------------------------------------------------------------------


class FakeScreen:
    def __init__(self, *keys: int, is_open: bool = True) -> None:
        self.keys, self.pictures, self._open = list(keys), [], is_open

    def show(self, picture):
        self.pictures.append(picture)

    def key(self):
        return self.keys.pop(0) if self.keys else -1

    def is_open(self):
        return self._open

    def close(self): ...


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (ord("q"), Command.STOP),
        (27, Command.STOP),
        (ord(" "), Command.PAUSE),
        (ord("x"), Command.GO_ON),
        (-1, Command.GO_ON),
    ],
)
def test_keys(moments, key, command):
    frame, state = moments[0]
    assert WindowDisplay(FakeScreen(key)).show(frame, state, paused=False) is command


def test_closing_the_window_stops(moments):
    display = WindowDisplay(FakeScreen(is_open=False))
    assert display.show(*moments[0], paused=False) is Command.STOP


def test_drawing_leaves_time_to_measure(moments, monkeypatch):
    """Drawing that takes a tenth of a second is done every 0.4 s at most."""
    now = [100.0]
    monkeypatch.setattr(live_window.time, "monotonic", lambda: now[0])

    class Slow(FakeScreen):
        def show(self, picture):
            super().show(picture)
            now[0] += 0.1

    screen = Slow()
    display = WindowDisplay(screen)
    began = now[0]
    while now[0] < began + 4:
        display.show(*moments[0], paused=False)
        now[0] += 0.01
    assert 6 <= len(screen.pictures) <= 11


# --- a computer without a screen --------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no DISPLAY")
def test_without_a_screen_headless_is_recommended(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(DisplayUnavailable, match="--headless"):
        check_display()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no DISPLAY")
def test_a_screen_that_cannot_be_reached_does_not_end_the_program(monkeypatch):
    """OpenCV would abort the whole process."""
    monkeypatch.setenv("DISPLAY", ":4711")
    with pytest.raises(MissingDependency, match="--headless"):
        check_display()
