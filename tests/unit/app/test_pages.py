"""People, diary and results, as a person meets them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from twitch_tracker.app.recording.results import read_result
from twitch_tracker.app.recording.steps import (
    STEPS,
    Form,
    session_minutes,
    steps_for,
    steps_of,
)
from twitch_tracker.exchange.saved_summary import SavedSummary
from twitch_tracker.exchange.summary import summary_document, write_summary
from twitch_tracker.history import Task
from twitch_tracker.records import HardlyOpen
from twitch_tracker.regions import Side
from twitch_tracker.timebase import Interval
from twitch_tracker.units import day_text

TODAY = date.today()  # noqa: DTZ011 - the person's own day


# --- people -----------------------------------------------------------------


def test_a_person_is_entered_once(browser):
    made = browser.post("/people", data={"pseudonym": " carla ", "notes": "a note"})
    assert made.headers["location"] == "/people/~carla"
    page = browser.get("/people/~carla").text
    assert "<h1>carla</h1>" in page
    again = browser.post("/people", data={"pseudonym": "carla"})
    assert again.status_code == 400
    assert "is taken" in again.text
    assert 'value="carla"' in again.text, "what was typed stays"


@pytest.mark.parametrize("name", ["", "   ", "a/b", "x" * 81, "a\nb"])
def test_a_pseudonym_that_does_not_fit_is_told(browser, name):
    answer = browser.post("/people", data={"pseudonym": name})
    assert answer.status_code == 400
    assert "Choose a name" in answer.text


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
    assert f"Last entry: {day_text(TODAY)}" in anna.get("/people/~anna").text
    assert "The diary is saved" not in anna.get("/people/~anna").text
    assert "The diary is saved" in anna.get(answer.headers["location"]).text


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
    assert "Not saved. Check the marked fields." in answer.text
    assert "kept" in answer.text, "what was written is not lost"
    with served.parts.journal() as journal:
        assert repr(journal.diary("anna")) == repr(before), "NaN is not itself"


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
    assert [step.task for step in STEPS if not step.why] == [], "each says what for"
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
    read = SavedSummary(json.loads(json.dumps(summary_document(session)))).numbers
    assert read.sides[Side.RIGHT] == session.summary.sides[Side.RIGHT]
    assert read.excluded_s == session.summary.excluded_s
    assert read.blinks == session.summary.blinks
    assert np.isnan(read.rest_asymmetry)


def test_the_summary_of_an_older_version_can_be_read(session):
    document = json.loads(json.dumps(summary_document(session)))
    for side in document["sides"].values():
        for name in ("cut_off", "bilateral", "hardly_open_s"):
            del side[name]
    right = SavedSummary(document).numbers.sides[Side.RIGHT]
    assert (right.cut_off, right.bilateral) == (0, 0)
    assert np.isnan(right.hardly_open_s), "nobody looked"


def test_the_result_says_when_an_eye_was_hardly_ever_open(session, tmp_path):
    shut = HardlyOpen(span=Interval(start_s=1.0, end_s=4.0), side=Side.LEFT)
    write_summary(tmp_path / "summary.json", replace(session, hardly_open=(shut,)))
    told = [c for c in read_result(tmp_path).cautions if "hardly ever open" in c]
    assert len(told) == 1
    assert told[0].startswith("The left eye was hardly ever open (0:01 to 0:04).")


def test_a_page_that_is_not_there_advises_no_command(served, anna):
    """There is no terminal in a browser."""
    for path in ("/review/9999", "/people/~anna/treatments/9999"):
        answer = anna.get(path)
        assert answer.status_code == 404, path
        assert "twitch-tracker " not in answer.text, path


def test_the_short_session_takes_three_minutes_and_begins_with_rest():
    """The same tasks as the whole one, fewer and shorter, so that they compare."""
    short = steps_of(Form.SHORT)
    assert session_minutes(Form.SHORT) == 3
    assert short[0].task is Task.REST
    assert set(short) < set(steps_of(Form.FULL))
    for told in steps_for(form=Form.SHORT):
        assert all(cue["at_s"] < told["length_s"] for cue in told["cues"])
        assert told["why"]


def test_the_whole_session_has_what_clinics_film():
    """Rest; gentle and tight closure; brow; smile; pucker; reading aloud, and free speech."""
    tasks = [step.task for step in steps_of(Form.FULL)]
    assert len(tasks) == len({*tasks})
    assert {
        *(Task.REST, Task.EYES_CLOSED, Task.FORCED_CLOSURE, Task.BROW_RAISING),
        *(Task.SMILING, Task.PURSING, Task.SPEECH, Task.FREE_SPEECH),
    } < {*tasks}


def test_which_session_is_chosen_on_the_page(anna):
    page = anna.get("/people/~anna/record?form=short").text
    assert "The short session, about 3 minutes." in page
    assert '"task": "pursing"' not in page
    assert '"task": "pursing"' in anna.get("/people/~anna/record").text
