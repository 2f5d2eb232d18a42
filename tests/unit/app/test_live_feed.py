"""Live words: a picture in, advice and counts back; who gets them, and how few wait."""

from __future__ import annotations

import contextlib
import json
import struct
import threading
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from babel.messages import catalog, mofile
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

import twitch_tracker.app.recording.live.pages
from twitch_tracker.app.recording.live.feed import LiveFeed, describe, unpack
from twitch_tracker.app.recording.live.slots import MOST_SLOTS, LiveSlots
from twitch_tracker.errors import (
    LiveRefused,
    UploadRefused,
    VideoUnreadable,
    WeightsMissing,
)
from twitch_tracker.records import QualityReason
from twitch_tracker.regions import Side
from twitch_tracker.settings import HOME_VARIABLE
from twitch_tracker.wording.recording import advice_now


def picture(time_s=1.5, size=(48, 64, 3)):
    rgb = np.zeros(size, np.uint8)
    rgb[..., 0] = 200
    done, jpeg = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    assert done
    return struct.pack("<d", time_s) + jpeg.tobytes()


def state(advice=None):
    counts = SimpleNamespace(bursts={Side.RIGHT: 3, Side.LEFT: 1}, blinks=4)
    return SimpleNamespace(advice=advice, counts=counts)


class FakeWatcher:
    """Notes what it is fed, and by which thread; may be held while it looks."""

    def __init__(self):
        self.frames, self.threads, self.ended = [], set(), False
        self.looking, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()

    def feed(self, frame):
        self.looking.set()
        assert self.go_on.wait(10)
        self.frames.append((frame.index, frame.time_s))
        self.threads.add(threading.get_ident())
        self.image = frame.image
        return state()

    def abandon(self):
        self.ended = True


# --- one picture --------------------------------------------------------------


def test_a_message_is_taken_apart():
    time_s, jpeg = unpack(picture())
    assert time_s == 1.5
    assert jpeg.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"12345678",
        picture(float("nan")),
        struct.pack("<d", 0.0) + b"x" * 2_000_001,
    ],
    ids=["empty", "time only", "no time", "too long"],
)
def test_what_is_no_message_is_refused(message):
    with pytest.raises(UploadRefused, match="not a readable picture"):
        unpack(message)


@pytest.mark.parametrize(
    "message",
    [b"12345678 not a picture", picture(size=(10, 5000, 3))],
    ids=["text", "too wide"],
)
def test_what_is_no_picture_is_refused_and_the_next_one_is_looked_at(message):
    watcher = FakeWatcher()
    feed = LiveFeed(lambda: watcher)
    with pytest.raises(VideoUnreadable):
        feed.look(message)
    feed.look(picture(5.0))
    feed.close()
    assert watcher.frames == [(0, 0.0)]


def test_a_picture_is_upright_and_red_stays_red():
    watcher = FakeWatcher()
    feed = LiveFeed(lambda: watcher)
    feed.look(picture())
    feed.close()
    assert watcher.image.shape == (48, 64, 3)
    assert watcher.image[0, 0, 0] > 190
    assert watcher.image[0, 0, 2] < 20


def test_every_reason_has_words_for_the_person_before_the_camera():
    for reason in QualityReason:
        told = describe(state(reason))
        assert not told["good"]
        assert told["words"] == advice_now(reason)
        assert told["words"].endswith(".")
    assert describe(state(QualityReason.TOO_SMALL))["words"] == "Please come closer."
    assert describe(state()) == {
        "good": True,
        "words": "Your face is well in the picture.",
        "right": 3,
        "left": 1,
        "blinks": 4,
    }


def test_a_new_step_counts_from_zero_and_one_thread_feeds():
    watchers = []

    def begin():
        watchers.append(FakeWatcher())
        return watchers[-1]

    feed = LiveFeed(begin)
    feed.look(picture(5.0))
    feed.look(picture(5.25))
    feed.restart()
    assert watchers[0].ended
    feed.look(picture(9.0))
    feed.look(picture(8.0))
    feed.close()
    assert watchers[0].frames == [(0, 0.0), (1, 0.25)]
    assert watchers[1].frames == [(0, 0.0), (1, 0.0)], "never before the first"
    assert watchers[0].threads | watchers[1].threads != {threading.get_ident()}
    assert len(watchers[0].threads | watchers[1].threads) == 1
    assert watchers[1].ended


# --- who gets live words --------------------------------------------------------


def nothing():
    return None


def test_one_tab_a_person_has_live_advice():
    slots = LiveSlots()
    first = slots.take("anna", "1", nothing)
    with pytest.raises(LiveRefused, match="other tab of this person"):
        slots.take("anna", "2", nothing)
    slots.leave(first)
    slots.take("anna", "2", nothing)


def test_no_more_than_a_computer_can_do_at_once():
    slots = LiveSlots()
    taken = [slots.take(f"person {n}", "1", nothing) for n in range(MOST_SLOTS)]
    with pytest.raises(LiveRefused, match=f"already shown in {MOST_SLOTS} other tabs"):
        slots.take("one more", "1", nothing)
    slots.leave(taken[0])
    slots.take("one more", "1", nothing)


def test_a_tab_that_comes_again_takes_over_its_seat():
    """A page that is loaded again must not be kept out by its own past."""
    slots, lost = LiveSlots(), []
    before = slots.take("anna", "1", lambda: lost.append("before"))
    now = slots.take("anna", "1", lambda: lost.append("now"))
    assert lost == ["before"]
    slots.leave(before)
    with pytest.raises(LiveRefused):
        slots.take("anna", "2", nothing)
    slots.leave(now)
    slots.take("anna", "2", nothing)


# --- over the wire ----------------------------------------------------------------


@pytest.fixture
def watchers(monkeypatch):
    """Every watcher that the server begins; no tracker is opened."""
    begun = []

    def open_fake(_faces=None):
        def begin():
            begun.append(FakeWatcher())
            return begun[-1]

        return LiveFeed(begin)

    monkeypatch.setattr(twitch_tracker.app.recording.live.pages, "open_feed", open_fake)
    return begun


@pytest.fixture
def live(served, browser, watchers):
    """Open a socket as a page does."""
    name = f"twitch_tracker_{served.settings.port}"
    cookie = f"{name}={browser.cookies[name]}"
    address = f"ws://127.0.0.1:{served.settings.port}"
    with contextlib.ExitStack() as opened:

        def open_socket(person, tab, **headers):
            return opened.enter_context(
                connect(
                    f"{address}/live?person={person}&tab={tab}",
                    origin=served.settings.address,
                    additional_headers={"Cookie": cookie, **headers},
                    proxy=None,
                )
            )

        yield open_socket


def answer(socket):
    return json.loads(socket.recv(timeout=10))


def end_of(socket):
    with pytest.raises(ConnectionClosed) as ended:
        socket.recv(timeout=10)
    return ended.value.rcvd.code


def test_a_picture_is_answered_with_words_and_counts(live, watchers):
    socket = live("anna", "1")
    socket.send(picture(1.0))
    assert answer(socket) == {**describe(state()), "dropped": 0, "time_s": 1.0}
    socket.send("anew")
    socket.send(picture(2.0))
    answer(socket)
    assert [watcher.frames for watcher in watchers] == [[(0, 0.0)], [(0, 0.0)]]
    assert watchers[0].ended


def test_never_more_than_one_picture_waits_and_the_newest_is_the_one(live, watchers):
    """A page that sends faster than the server looks gets no queue of the past."""
    socket = live("anna", "1")
    socket.send(picture(1.0))
    answer(socket)
    (watcher,) = watchers
    watcher.looking.clear()
    watcher.go_on.clear()
    socket.send(picture(2.0))
    assert watcher.looking.wait(10)
    for time_s in (3.0, 4.0, 5.0, 6.0):
        socket.send(picture(time_s))
    socket.ping().wait(10)
    watcher.go_on.set()
    told = [answer(socket), answer(socket)]
    assert [time_s for _, time_s in watcher.frames] == [0.0, 1.0, 5.0]
    assert [one["time_s"] for one in told] == [2.0, 6.0], "of which picture it tells"
    assert told[-1]["dropped"] == 3


def test_a_second_tab_of_a_person_is_told_and_let_in_later(live, served, watchers):
    first = live("anna", "1")
    first.send(picture())
    answer(first)
    second = live("anna", "2")
    assert "other tab of this person" in answer(second)["refused"]
    assert end_of(second) == 1013
    first.send(picture(2.0))
    assert answer(first)["good"], "who was there first is not disturbed"
    first.close()

    def is_let_in():
        socket = live("anna", "2")
        with contextlib.suppress(ConnectionClosed):  # refused before it could send
            socket.send(picture())
        return "refused" not in answer(socket)

    served.until(is_let_in)


def test_a_page_that_is_loaded_again_is_let_in_at_once(live, served, watchers):
    before = live("anna", "1")
    before.send(picture())
    answer(before)
    now = live("anna", "1")
    now.send(picture())
    assert answer(now)["good"]
    assert end_of(before) == 4001
    served.until(lambda: watchers[0].ended)


def test_what_is_no_picture_ends_the_socket(live, watchers):
    socket = live("anna", "1")
    socket.send(b"12345678 not a picture")
    assert end_of(socket) == 1003


def test_words_are_those_of_the_browsers_language(
    live, watchers, tmp_path, monkeypatch
):
    """One thread looks, another one speaks: the language must not get lost between."""
    folder = tmp_path / "locale" / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    made = catalog.Catalog(domain="twitch_tracker")
    made.add("Your face is well in the picture.", "⟦good⟧")
    with (folder / "twitch_tracker.mo").open("wb") as file:
        mofile.write_mo(file, made)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    socket = live("anna", "1", **{"Accept-Language": "xx"})
    socket.send(picture())
    assert answer(socket)["words"] == "⟦good⟧"


def test_a_seat_is_given_back_whatever_goes_wrong_at_the_end(live, served, watchers):
    first = live("wim", "1")
    first.send(picture())
    answer(first)

    def abandon():
        raise RuntimeError("the tracker cannot be closed")

    watchers[-1].abandon = abandon
    first.close()
    served.until(lambda: not served.parts.live_slots._taken)


def test_why_there_is_no_live_advice_is_said_in_words(live, monkeypatch):
    def begin():
        raise WeightsMissing("The weights are not there.")

    def open_broken(_faces=None):
        return LiveFeed(begin)

    monkeypatch.setattr(
        twitch_tracker.app.recording.live.pages, "open_feed", open_broken
    )
    socket = live("xaver", "1")
    socket.send(picture())
    assert answer(socket) == {"refused": "The weights are not there."}
    assert end_of(socket) == 1013


def test_live_advice_knows_the_person_s_earlier_recordings(live, served, monkeypatch):
    """What is asked of the journal for an analysis is asked here, too."""
    asked, given = [], []
    pages = twitch_tracker.app.recording.live.pages
    monkeypatch.setattr(
        pages, "faces_before", lambda _j, person, _at: asked.append(person) or ("face",)
    )
    monkeypatch.setattr(
        pages, "open_feed", lambda faces: given.append(faces) or LiveFeed(FakeWatcher)
    )
    socket = live("yara", "1")
    socket.send(picture())
    answer(socket)
    assert asked == ["yara"]
    assert given == [("face",)]
