"""Long lists: a page shows its part, the links reach the rest, nothing is dropped."""

from __future__ import annotations

import re
import socket
from datetime import UTC, date, datetime, timedelta

import pytest
from methods import METHOD

from twitch_tracker.app.server import bind
from twitch_tracker.history import DiaryEntry, Task
from twitch_tracker.journal.entries import Act, Analysis, ReviewAction

FIRST = datetime(2024, 1, 15, 9, tzinfo=UTC)
COUNT = 130


def analysis(day: int) -> Analysis:
    return Analysis(
        content_sha256=f"{day:064x}",
        started_at=FIRST + timedelta(days=day),
        task=Task.REST if day % 2 else Task.SMILING,
        method=METHOD,
        recorded_s=600.0,
        analysable_s=600.0,
    )


@pytest.fixture(scope="module")
def many(served):
    """A browser, and anna with 130 recordings, of which the last is reviewed."""
    with served.parts.journal() as journal:
        journal.add_patient("anna")
        logged = journal.log_many("anna", map(analysis, range(COUNT)))
        journal.review_many(logged[-1].recording_id, "Dr A", [], finish=True)
    client = served.browser()
    yield client
    client.close()


def reviewed(text: str) -> list[int]:
    return [int(found) for found in re.findall(r'href="/review/(\d+)"', text)]


def test_a_person_has_every_recording_on_some_page(many):
    newest = reviewed(many.get("/people/~anna/all").text)
    oldest = reviewed(many.get("/people/~anna/all", params={"older": 1}).text)
    assert newest == list(range(COUNT, COUNT - 100, -1))
    assert oldest == list(range(COUNT - 100, 0, -1))
    assert "130 recordings in all" in many.get("/people/~anna/all").text
    assert "All 130 recordings" in many.get("/people/~anna").text


def test_the_months_of_the_review_hold_every_recording(many):
    page = many.get("/people/~anna/review").text
    months = re.findall(
        r'<option value="(\d{4}-\d\d)"[^>]*>\w{3} \d{4} \((\d+)\)', page
    )
    assert sum(int(count) for _, count in months) == COUNT
    found = []
    for name, count in months:
        rows = reviewed(many.get("/people/~anna/review", params={"month": name}).text)
        assert len(rows) == int(count)
        found += rows
    assert found == list(range(COUNT, 0, -1)), "newest first throughout"


def test_only_what_nobody_has_reviewed(many):
    address = "/people/~anna/review"
    page = many.get(address, params={"open_only": 1}).text
    assert COUNT not in reviewed(page)
    assert COUNT - 1 in reviewed(page)
    counts = re.findall(r"\((\d+)\)</option>", page)
    assert sum(map(int, counts)) == COUNT - 1


def test_the_recordings_behind_a_mark_are_those_of_its_days_and_task(many):
    chosen = {"kind": "rest", "first": "2024-02-01", "last": "2024-02-10"}
    rows = reviewed(many.get("/people/~anna/recordings", params=chosen).text)
    days = [FIRST.date() + timedelta(days=number - 1) for number in rows]
    assert days == [date(2024, 2, day) for day in (1, 3, 5, 7, 9)]


def test_what_changed_since_is_shown_at_once(served, many):
    """Nothing of a list is kept in memory."""
    with served.parts.journal() as journal:
        journal.add_patient("ben")
        (one,) = journal.log_many("ben", [analysis(500)])
    assert "nobody yet" in many.get("/people/~ben/review").text
    with served.parts.journal() as journal:
        journal.review_many(one.recording_id, "Dr B", [], finish=True)
    assert "Dr B" in many.get("/people/~ben/review").text
    with served.parts.journal() as journal:
        note = Act(action=ReviewAction.NOTE, text="seen")
        journal.review_many(one.recording_id, "Dr B", [note])
        journal.remove_recording(one.recording_id)
    assert reviewed(many.get("/people/~ben").text) == []


def test_every_change_is_on_some_page(served, many):
    with served.parts.journal() as journal:
        journal.add_patient("cleo")
        days = [date(2023, 1, 1) + timedelta(days=n) for n in range(30)]
        journal.write_diary("cleo", [DiaryEntry(on=on, stress=1.0) for on in days])
    newest = many.get("/people/~cleo/changes").text
    assert newest.count("Diary day entered") == 25, "a few screens of a phone"
    assert 'href="?older=1"' in newest
    oldest = many.get("/people/~cleo/changes", params={"older": 1}).text
    assert oldest.count("Diary day entered") == 5
    assert 'href="?older=2"' not in oldest


def test_small_answers_are_not_held_back():
    """asyncio sets TCP_NODELAY only where the socket names its protocol; else every
    page waits for the browser to acknowledge its head (40 ms)."""
    with bind("127.0.0.1", 0) as bound:
        assert bound.proto == socket.IPPROTO_TCP
