"""Treatments and diary days in the app: forms, and tables in and out."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest

from twitch_tracker.app.notes.treatment_form import TreatmentForm, typed
from twitch_tracker.history import (
    Treatment,
    TreatmentKind,
)
from twitch_tracker.regions import Side

TODAY = date.today()  # noqa: DTZ011 - the person's own day


# --- treatments ------------------------------------------------------------------


def test_a_form_is_understood_field_by_field():
    given, problems = TreatmentForm(
        on="2025-03-01",
        kind="botulinum_toxin",
        side="right",
        product=" A ",
        units="12,5",
        muscles="orbicularis oculi = 10\nzygomaticus major=2.5\n",
    ).read(TODAY)
    assert problems == {}
    assert given == Treatment(
        kind=given.kind,
        on=date(2025, 3, 1),
        side=Side.RIGHT,
        product="A",
        units=12.5,
        muscles={"orbicularis oculi": 10.0, "zygomaticus major": 2.5},
    )
    assert typed(given).read(TODAY)[0] == given, "the form shows what it was given"


@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        ({"on": ""}, "on", "Enter the date"),
        ({"on": "1.2.25"}, "on", "2026-05-31"),
        ({"on": (TODAY + timedelta(days=1)).isoformat()}, "on", "future"),
        ({"on": "0202-05-01"}, "on", "year"),
        ({"units": "-3"}, "units", "negative"),
        ({"units": "many"}, "units", "number"),
        ({"units": "nan"}, "units", "number"),
        ({"units": "20000"}, "units", "10000"),
        ({"muscles": "a=1\na=2"}, "muscles", "each once"),
        ({"muscles": "a=-1"}, "muscles", "from 0"),
        ({"kind": "magic"}, "kind", "Choose"),
        ({"side": "top"}, "side", "Choose"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(browser, vera, told, field, words):
    sent = {"on": "2025-03-01", "kind": "other", "notes": "kept", **told}
    answer = browser.post("/people/~vera/treatments", data=sent)
    assert answer.status_code == 400
    beside = re.search(rf'id="p-{field}"[^>]*>(.*?)</small>', answer.text)
    assert beside
    assert words in beside[1]
    assert answer.text.count('id="p-') == 1
    assert re.search(
        rf'id="{field}"[^>]*aria-invalid="true"[^>]*p-{field}', answer.text
    )
    assert "kept" in answer.text, "what was written is not lost"


def test_a_treatment_is_entered_changed_removed_and_remembered(served, browser, vera):
    sent = {
        "on": "2025-02-10",
        "kind": "botulinum_toxin",
        "side": "right",
        "units": "25",
    }
    made = browser.post("/people/~vera/treatments", data=sent)
    assert made.headers["location"] == "/people/~vera/treatments?said=added"
    page = browser.get(made.headers["location"]).text
    assert "The treatment was entered." in page
    (number,) = re.findall(r'id="t-(\d+)"', page)
    body = browser.get("/people/~vera/progress/body").text
    assert 'class="band peak"' in body, "an injection is a band of the charts"

    form = browser.get(f"/people/~vera/treatments/{number}").text
    assert 'name="units" inputmode="decimal" autocomplete="off" value="25"' in form
    browser.post(f"/people/~vera/treatments/{number}", data={**sent, "units": "30"})
    with served.parts.journal() as journal:
        (stored,) = journal.treatments("vera")
    assert stored.units == 30.0
    wrong = browser.post(
        f"/people/~vera/treatments/{number}", data={**sent, "units": "-1"}
    )
    assert wrong.status_code == 400
    assert "cannot be negative" in wrong.text

    question = browser.get(f"/people/~vera/treatments/{number}/remove").text
    assert "Remove this treatment?" in question
    with served.parts.journal() as journal:
        assert len(journal.treatments("vera")) == 1, "a question removes nothing"
    browser.post(f"/people/~vera/treatments/{number}/remove")
    with served.parts.journal() as journal:
        assert journal.treatments("vera") == ()
    changes = browser.get("/people/~vera/changes").text
    for words in ("Treatment entered", "Treatment changed", "Treatment removed"):
        assert words in changes
    assert "Total units: 25 units" in changes
    assert 'class="band peak"' not in browser.get("/people/~vera/progress/body").text


@pytest.mark.parametrize("path", ["", "/remove"])
@pytest.mark.parametrize("number", ["0", "x", "-1", "9" * 30, "1;drop", "%2e%2e"])
def test_a_treatment_of_nobody_or_somebody_else_is_not_found(
    served, browser, vera, path, number
):
    with served.parts.journal() as journal:
        if not any(p.patient_id == "otto" for p in journal.patients()):
            journal.add_patient("otto")
        (others,) = journal.add_treatments(
            "otto", [Treatment(kind=TreatmentKind.OTHER, on=date(2025, 1, 1))]
        )
    for name in (number, others.treatment_id):
        address = f"/people/~vera/treatments/{name}{path}"
        assert browser.get(address).status_code == 404
        sent = {"on": "2025-01-02", "kind": "other"}
        assert browser.post(address, data=sent).status_code == 404
    with served.parts.journal() as journal:
        assert [t.treatment_id for t in journal.treatments("otto")] == [
            others.treatment_id
        ]


@pytest.mark.parametrize(
    "path",
    [
        "treatments",
        "treatments/1",
        "treatments/1/remove",
        "treatments.csv",
        "days/2025-01-01/remove",
        "diary.csv",
    ],
)
def test_another_site_changes_nothing(browser, vera, path):
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        answer = browser.post(
            f"/people/~vera/{path}", data={"on": "2025-01-01"}, headers=headers
        )
        assert answer.status_code == 403


# --- tables ----------------------------------------------------------------------


def send(browser, path, text):
    files = {"table": ("../../evil.csv", text.encode(), "text/csv")}
    return browser.post(path, files=files)


def test_tables_go_out_and_come_in_again(served, browser, vera):
    with served.parts.journal() as journal:
        journal.add_patient("tables")
    read = send(
        browser,
        "/people/~tables/treatments.csv",
        "date,kind,units\n2025-01-01,botulinum_toxin,25\n2025-04-01,other,\n",
    )
    assert read.status_code == 303
    out = browser.get("/people/~tables/treatments.csv")
    assert out.headers["content-disposition"].startswith("attachment;")
    assert len(list(csv.DictReader(io.StringIO(out.text)))) == 2
    assert send(browser, "/people/~tables/treatments.csv", out.text).status_code == 303
    with served.parts.journal() as journal:
        assert len(journal.treatments("tables")) == 2, "nothing is doubled"

    days = "date,stress,notes\n2025-01-01,3,calm\n2025-01-02,7,\n"
    assert send(browser, "/people/~tables/diary.csv", days).status_code == 303
    page = browser.get("/people/~tables/days").text
    assert "Stress 7" in page
    assert "2 days in all." in page
    asked = browser.get("/people/~tables/days/2025-01-02/remove").text
    assert "Remove this day" in asked
    browser.post("/people/~tables/days/2025-01-02/remove")
    with served.parts.journal() as journal:
        assert [entry.on.day for entry in journal.diary("tables")] == [1]
    assert browser.get("/people/~tables/days/2025-01-02/remove").status_code == 404


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("treatments.csv", "date,kind\n2025-01-01,magic\n", "row 1, column kind"),
        ("treatments.csv", "date,kind,units\n2025-01-01,other,-5\n", "units"),
        ("treatments.csv", "date,kind\n2190-01-01,other\n", "future"),
        ("treatments.csv", "day;kind\n", "separated by commas"),
        ("diary.csv", "date,stress\n2025-01-01,11\n", "stress"),
        ("diary.csv", "date,stress\n2190-01-01,1\n", "future"),
        ("diary.csv", "\x00\xff", "expected"),
    ],
)
def test_a_table_that_does_not_fit_is_told_and_nothing_is_read(
    served, browser, vera, path, text, words
):
    with served.parts.journal() as journal:
        before = journal.newest_change("vera")
    answer = send(browser, f"/people/~vera/{path}", text)
    assert answer.status_code == 400
    assert words in answer.text
    with served.parts.journal() as journal:
        assert journal.newest_change("vera") == before


def test_a_huge_table_is_refused(browser, vera):
    answer = send(browser, "/people/~vera/diary.csv", "x" * 5_100_000)
    assert answer.status_code == 413
