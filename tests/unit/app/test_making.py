"""Exports made in the background: progress, the file, cancelling, and nobody else's."""

from __future__ import annotations

import json
import math
import re
import threading

import pytest

from twitch_tracker.app.exports import pages as exports
from twitch_tracker.app.exports.jobs import ExportJobs, ExportState
from twitch_tracker.app.exports.request import ExportedFile, ExportRequest
from twitch_tracker.app.words import left_in_words, still_s
from twitch_tracker.errors import UnknownEntry
from twitch_tracker.exchange.formats import FileFormat

WANTED = ExportRequest(what=FileFormat.CSV, patient_id="vera")
FILE = ExportedFile(name="a.csv", media_type="text/csv", content=b"a,b\n")


@pytest.fixture
def makings():
    found = ExportJobs()
    yield found
    found.close()


class Slow:
    """Tells half, waits to be let on, tells the rest."""

    def __init__(self):
        self.half, self.on, self.ended = (threading.Event() for _ in range(3))

    def __call__(self, wanted, tell):
        try:
            tell(0.5)
            self.half.set()
            assert self.on.wait(10)
            tell(0.9)
            return FILE
        finally:
            self.ended.set()


def settled(makings, name):
    """Wait until an export is made or has failed."""
    for _ in range(1000):
        if makings.look(name).state is not ExportState.MAKING:
            return makings.look(name)
        threading.Event().wait(0.01)
    raise AssertionError("it never ended")


# --- the maker --------------------------------------------------------------------


def test_progress_is_told_and_then_the_file_is_there(makings):
    slow = Slow()
    made = makings.begin(WANTED, slow)
    assert slow.half.wait(10)
    half = makings.look(made.name)
    assert (half.state, half.share, half.exported) == (ExportState.MAKING, 0.5, None)
    slow.on.set()
    done = settled(makings, made.name)
    assert (done.state, done.share, done.exported) == (ExportState.READY, 1.0, FILE)


def test_what_is_cancelled_ends_at_its_next_word_and_leaves_no_file(makings):
    slow, next_one = Slow(), Slow()
    made = makings.begin(WANTED, slow)
    assert slow.half.wait(10)
    makings.cancel(made.name)
    assert makings.look(made.name).state is ExportState.CANCELLED, "at once"
    waiting = makings.begin(WANTED, next_one)
    assert not next_one.half.is_set(), "one after the other"
    slow.on.set()
    assert slow.ended.wait(10)
    assert next_one.half.wait(10)
    next_one.on.set()
    assert settled(makings, waiting.name).state is ExportState.READY
    gone = makings.look(made.name)
    assert (gone.state, gone.exported) == (ExportState.CANCELLED, None)
    makings.cancel(waiting.name)
    assert makings.look(waiting.name).state is ExportState.READY, "it was made already"


def test_what_goes_wrong_is_said_in_words(makings):
    def nothing(wanted, tell):
        raise UnknownEntry("There is nothing to write.")

    def broken(wanted, tell):
        raise ZeroDivisionError

    said = settled(makings, makings.begin(WANTED, nothing).name)
    assert (said.state, said.error) == (
        ExportState.FAILED,
        "There is nothing to write.",
    )
    said = settled(makings, makings.begin(WANTED, broken).name)
    assert said.error == "An unexpected error occurred in the program."


def test_only_the_latest_few_are_kept(makings):
    names = [makings.begin(WANTED, lambda w, t: FILE).name for _ in range(6)]
    assert settled(makings, names[-1]).state is ExportState.READY
    with pytest.raises(UnknownEntry):
        makings.look(names[0])


def test_closing_ends_what_runs():
    makings, slow = ExportJobs(), Slow()
    makings.begin(WANTED, slow)
    waiting = makings.begin(WANTED, Slow())
    assert slow.half.wait(10)
    slow.on.set()
    makings.close()
    assert slow.ended.is_set()
    assert makings.look(waiting.name).exported is None


# --- the pages --------------------------------------------------------------------


def facts_of(page):
    found = re.search(
        r'<script type="application/json" id="facts">(.*?)</script>', page
    )
    return json.loads(found[1])


def test_an_export_in_the_background_is_the_same_file(served, browser, vera):
    told = browser.post(
        "/api/people/~vera/exports", json={"what": "boris-table", "basis": "detected"}
    ).json()
    page = browser.get(told["url"]).text
    assert "BORIS, aggregated events" in page
    facts = facts_of(page)
    served.until(lambda: browser.get(facts["api"]).json()["state"] == "ready")
    file = browser.get(facts["file"])
    assert "attachment" in file.headers["content-disposition"]
    plain = browser.get("/people/~vera/export/file", params={"what": "boris-table"})
    assert file.content == plain.content
    again = browser.get(told["url"]).text
    assert facts_of(again)["now"]["percent"] == 100
    with served.parts.journal() as journal:
        journal.add_patient("nosy")
    foreign = facts["file"].replace("~vera", "~nosy")
    assert browser.get(foreign).status_code == 404, "not under another person"
    with served.stranger() as stranger:
        assert stranger.get(facts["file"]).status_code == 401


def test_what_cannot_be_made_is_said_on_the_page(served, browser, vera):
    told = browser.post(
        "/api/people/~vera/exports", json={"what": "csv", "basis": "reviewed"}
    ).json()
    facts = facts_of(browser.get(told["url"]).text)
    served.until(lambda: browser.get(facts["api"]).json()["state"] == "failed")
    assert "Nothing to export" in browser.get(facts["api"]).json()["error"]
    assert browser.get(facts["file"]).status_code == 404
    cancelled = browser.post(f"{facts['api']}/cancel").json()
    assert cancelled["state"] == "failed"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/people/~vera/exports", {"what": "everything"}, 400),
        ("/api/people/~vera/exports", {"what": "csv", "basis": "mine"}, 400),
        ("/api/people/~vera/exports", {}, 400),
        ("/api/people/~nobody/exports", {"what": "csv"}, 404),
        ("/api/people/~vera/exports/0123/cancel", {}, 404),
    ],
)
def test_orders_that_make_no_sense_are_refused(browser, vera, path, body, status):
    assert browser.post(path, json=body).status_code == status


def test_another_site_cannot_have_anything_made(served, browser, vera):
    headers = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    body = {"what": "csv"}
    answer = browser.post("/api/people/~vera/exports", json=body, headers=headers)
    assert answer.status_code == 403


def test_only_many_recordings_are_exported_in_the_background(
    browser, vera, monkeypatch
):
    """The form itself is the same, and works without a script."""
    page = browser.get("/people/~vera/export").text
    assert facts_of(page)["many"] is False
    monkeypatch.setattr(exports, "MANY", 15)
    page = browser.get("/people/~vera/export").text
    assert facts_of(page)["many"] is True
    assert '<form method="get" id="export" action="/people/~vera/export/file">' in page


# --- how long it will take yet ------------------------------------------------------


def test_the_time_left_is_guessed_from_what_is_done():
    assert still_s(30.0, 0.25) == pytest.approx(90.0)
    assert still_s(30.0, 1.0) == 0.0
    for elapsed_s, share in ((1.0, 0.5), (30.0, 0.0)):
        assert math.isnan(still_s(elapsed_s, share)), "too early to tell"
    assert left_in_words(math.nan) == ""
    assert left_in_words(20.0) == "Less than a minute left."
    assert left_in_words(61.0) == "About 1 minute left."
    assert left_in_words(200.0) == "About 3 minutes left."
