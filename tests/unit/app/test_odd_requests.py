"""Odd days, months, numbers and moments are answered in words, never with 500."""

from __future__ import annotations

import pytest

ODD_DAYS = (
    *("0001-01-01", "9999-12-31", "0001-W01-1", "20260531", "2026-13-45", "2026-02-30"),
    *(
        "-1",
        "",
        "null",
        "1e9",
        "\u0663" * 4 + "-\u0660\u0661-\u0660\u0661",
        "9" * 5_000,
        "\x00",
        "<b>",
    ),
)
WITH_DAYS = (
    "/people/~vera/diary?on={}",
    "/people/~vera/days/{}/remove",
    "/people/~vera/progress/body?first={}",
    "/people/~vera/progress/body?last={}",
    "/people/~vera/progress?first={0}&last={0}",
    "/people/~vera/recordings?kind=rest&first={}&last=2025-01-27",
    "/people/~vera/recordings?kind=rest&first=2025-01-06&last={}",
    "/people/~vera/compare?first={0}&second={0}",
    "/people/~vera/compare?first=2025-01-06&second={}",
    "/people/~vera/export/file?first={0}&last={0}",
    "/people/~vera/review?month={}",
    "/people/~vera/review?older={}",
    "/people/~vera/days?older={}",
    "/people/~vera/changes?older={}",
    "/people/~vera/treatments/{}",
    "/recordings/{}/cut/0/1",
    "/recordings/1/cut/{0}/{0}",
    "/review/{}",
)


@pytest.mark.parametrize("address", WITH_DAYS)
def test_no_odd_day_is_unforeseen(browser, vera, address):
    told = {
        odd: browser.get(address.format(odd.replace("\x00", "%00"))).status_code
        for odd in ODD_DAYS
    }
    assert {odd: status for odd, status in told.items() if status >= 500} == {}


@pytest.mark.parametrize(
    "at",
    [
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00Z",
        "1899-12-31T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "2999-01-01T00:00:00Z",
        "2026-05-01T18:30:00",
        1e308,
        -1e18,
        [],
    ],
)
def test_a_recording_of_an_odd_moment_is_refused_before_it_is_sent(browser, vera, at):
    told = {
        "patient_id": "vera",
        "name": "a.mp4",
        "size": 10,
        "task": "rest",
        "mirrored": False,
        "started_at": at,
    }
    answer = browser.post("/api/files", json=told)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["error"]


@pytest.mark.parametrize("on", ODD_DAYS)
def test_forms_with_an_odd_day_say_so(browser, vera, on):
    for page in ("diary", "treatments"):
        told = {"on": on, "stress": "3", "kind": "botulinum_toxin", "side": "left"}
        assert browser.post(f"/people/~vera/{page}", data=told).status_code < 500
