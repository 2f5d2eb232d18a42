"""People, diary, results and live words, as a person meets them."""

from __future__ import annotations

import json
import struct
import threading
from datetime import date, timedelta
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from twitch_tracker.app.live_feed import LiveFeed, decode, describe
from twitch_tracker.app.results import read_session_summary
from twitch_tracker.app.steps import STEPS, steps_for
from twitch_tracker.errors import UploadRefused
from twitch_tracker.exchange.summary import summary_document
from twitch_tracker.history import Task
from twitch_tracker.records import QualityReason
from twitch_tracker.regions import Side

TODAY = date.today()  # noqa: DTZ011 - the person's own day


# --- people -----------------------------------------------------------------


def test_a_person_is_entered_once(browser):
    made = browser.post("/people", data={"pseudonym": " carla ", "notes": "a note"})
    assert made.headers["location"] == "/people/~carla"
    page = browser.get("/people/~carla").text
    assert "<h1>carla</h1>" in page
    assert "a note" in page
    again = browser.post("/people", data={"pseudonym": "carla"})
    assert again.status_code == 400
    assert "is taken" in again.text
    assert 'value="carla"' in again.text, "what was typed stays"


@pytest.mark.parametrize("name", ["", "   ", "a/b", "x" * 81, "a\nb"])
def test_a_pseudonym_that_does_not_fit_is_told(browser, name):
    answer = browser.post("/people", data={"pseudonym": name})
    assert answer.status_code == 400
    assert "choose a pseudonym" in answer.text


# --- diary ------------------------------------------------------------------


def entry(served, patient="anna"):
    with served.parts.journal() as journal:
        return journal.diary(patient)[-1]


def test_the_diary_keeps_answers_and_leaves_the_rest_open(served, anna):
    answers = {
        "on": TODAY.isoformat(),
        "stress": "7",
        "fatigue": "",
        "sleep_hours": "6,5",
        "medication": " aspirin ",
    }
    answer = anna.post("/people/~anna/diary", data=answers)
    assert answer.status_code == 303
    written = entry(served)
    assert (written.on, written.stress, written.sleep_hours) == (TODAY, 7.0, 6.5)
    assert np.isnan(written.fatigue)
    assert np.isnan(written.hfs7_total)
    assert written.medication == "aspirin"
    form = anna.get("/people/~anna/diary").text
    assert 'name="sleep_hours" min="0" max="24" step="0.5" value="6.5"' in form
    assert f"Last entry: {TODAY}" in anna.get("/people/~anna").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"stress": "11"},
        {"stress": "much"},
        {"sleep_hours": "nan"},
        {"hfs7_total": "-1"},
        {"on": "yesterday"},
        {"on": (TODAY + timedelta(days=2)).isoformat()},
    ],
)
def test_an_answer_that_does_not_fit_is_told_and_changes_nothing(served, anna, wrong):
    with served.parts.journal() as journal:
        before = journal.diary("anna")
    answers = {"on": TODAY.isoformat(), "notes": "kept", **wrong}
    answer = anna.post("/people/~anna/diary", data=answers)
    assert answer.status_code == 400
    assert "does not fit" in answer.text
    assert "kept" in answer.text, "what was written is not lost"
    with served.parts.journal() as journal:
        assert journal.diary("anna") == before


# --- steps ------------------------------------------------------------------


def test_the_steps_are_those_of_the_protocol():
    lengths = {step.task: step.length_s for step in STEPS}
    assert lengths[Task.REST] == 180
    assert lengths[Task.EYES_CLOSED] == 15
    assert lengths[Task.SPEECH] == 30
    assert lengths[Task.REST_AFTER] == 60
    assert STEPS[0].task is Task.REST
    assert STEPS[-1].task is Task.REST_AFTER
    cues = {step.task: [cue.words for cue in step.cues] for step in STEPS}
    assert cues[Task.BLINKING].count("Blink.") == 10
    assert cues[Task.FORCED_CLOSURE].count("Squeeze your eyes shut.") == 5
    assert cues[Task.PURSING].count("Purse your lips.") == 3
    assert cues[Task.SMILING].count("Smile.") == 3
    for step in STEPS:
        assert all(cue.at_s < step.length_s for cue in step.cues), step.task


def test_shortened_steps_keep_their_cues():
    short = steps_for(3.0)
    for step in short:
        assert step["length_s"] == 3.0
        assert all(cue["at_s"] < 3.0 for cue in step["cues"])
    assert json.dumps(short)


# --- results ----------------------------------------------------------------


def test_a_summary_read_back_is_what_it_was(session):
    """Every number of the result page is a number of the analysis."""
    read = read_session_summary(json.loads(json.dumps(summary_document(session))))
    assert read.sides[Side.RIGHT] == session.summary.sides[Side.RIGHT]
    assert read.excluded_s == session.summary.excluded_s
    assert read.blinks == session.summary.blinks
    assert np.isnan(read.rest_asymmetry)


# --- live words -------------------------------------------------------------


def picture(time_s=1.5, size=(48, 64, 3)):
    rgb = np.zeros(size, np.uint8)
    rgb[..., 0] = 200
    done, jpeg = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    assert done
    return struct.pack("<d", time_s) + jpeg.tobytes()


def test_a_picture_is_unpacked_upright_in_rgb():
    time_s, image = decode(picture())
    assert time_s == 1.5
    assert image.shape == (48, 64, 3)
    assert image[0, 0, 0] > 190
    assert image[0, 0, 2] < 20


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"12345678",
        b"12345678 not a picture",
        picture(float("nan")),
        picture(size=(10, 2000, 3)),
        struct.pack("<d", 0.0) + b"x" * 2_000_001,
    ],
    ids=["empty", "time only", "text", "no time", "too wide", "too long"],
)
def test_what_is_no_picture_is_refused(message):
    with pytest.raises(UploadRefused, match="no picture"):
        decode(message)


def state(advice=None):
    counts = SimpleNamespace(bursts={Side.RIGHT: 3, Side.LEFT: 1}, blinks=4)
    return SimpleNamespace(advice=advice, counts=counts)


def test_every_reason_has_words_for_the_person_before_the_camera():
    for reason in QualityReason:
        told = describe(state(reason))
        assert not told["good"]
        assert told["words"].endswith(".")
    assert describe(state(QualityReason.TOO_SMALL))["words"] == "Please come closer."
    assert describe(state()) == {
        "good": True,
        "words": "Your face is well in the picture.",
        "right": 3,
        "left": 1,
        "blinks": 4,
    }


class FakeWatcher:
    """Notes what it is fed, and by which thread."""

    def __init__(self):
        self.frames, self.threads, self.ended = [], set(), False

    def feed(self, frame):
        self.frames.append((frame.index, frame.time_s))
        self.threads.add(threading.get_ident())
        return state()

    def abandon(self):
        self.ended = True


def test_a_new_step_counts_from_zero_and_one_thread_feeds():
    watchers = []

    def begin():
        watchers.append(FakeWatcher())
        return watchers[-1]

    feed = LiveFeed(begin)
    feed.look(picture(5.0))
    feed.look(picture(5.25))
    feed.start_anew()
    assert watchers[0].ended
    feed.look(picture(9.0))
    feed.close()
    assert watchers[0].frames == [(0, 0.0), (1, 0.25)]
    assert watchers[1].frames == [(0, 0.0)]
    assert watchers[0].threads | watchers[1].threads != {threading.get_ident()}
    assert len(watchers[0].threads | watchers[1].threads) == 1
    assert watchers[1].ended
