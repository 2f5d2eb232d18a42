"""What can be taken out of the app."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from html import unescape

import pytest

from twitch_tracker.app.exports.files import make_export
from twitch_tracker.app.exports.request import EXPORT_KINDS, ExportRequest
from twitch_tracker.app.exports.tables import download
from twitch_tracker.exchange.formats import CODED, FileFormat
from twitch_tracker.journal.entries import ReviewAction
from twitch_tracker.wording.export_formats import EXPORT_FORMATS


def taken(browser, what, **more):
    return browser.get("/people/~vera/export/file", params={"what": what, **more})


def test_every_export_can_be_opened(browser, vera):
    assert taken(browser, "pdf").content.startswith(b"%PDF-")
    assert "<!doctype html>" in taken(browser, "page").text
    series = list(csv.DictReader(io.StringIO(taken(browser, "series").text)))
    assert {row["measure"] for row in series} >= {"onsets_per_free_min"}
    bundle = taken(browser, "fhir").json()
    assert bundle["resourceType"] == "Bundle"
    assert json.loads(taken(browser, "boris").text)["observations"]
    assert len(taken(browser, "boris-table").text.splitlines()) > 50
    with zipfile.ZipFile(io.BytesIO(taken(browser, "csv").content)) as tables:
        assert tables.testzip() is None
        names = {name.split("/")[1] for name in tables.namelist()}
    assert {"bursts.csv", "recordings.csv", "diary.csv", "treatments.csv"} <= names
    with zipfile.ZipFile(io.BytesIO(taken(browser, "elan").content)) as eafs:
        assert len(eafs.namelist()) == 15


def test_every_format_is_in_the_list_and_can_be_taken(browser, vera):
    page = unescape(browser.get("/people/~vera/export").text)
    offered = re.findall(r'name="what" value="([^"]+)"', page)
    assert offered == list(EXPORT_KINDS)
    assert {*offered, FileFormat.DICTIONARY} >= set(FileFormat)
    for what in FileFormat:
        if what is not FileFormat.DICTIONARY:
            name, about = EXPORT_FORMATS[what]
            assert name in page
            assert about in page
            answer = taken(browser, what)
            assert answer.status_code == 200
            assert answer.content


def test_checked_bursts_alone_go_out_when_asked(served, browser, vera):
    answer = taken(browser, "boris-table", basis="reviewed")
    assert answer.status_code == 404
    assert "Nothing to export" in answer.text
    with served.parts.journal() as journal:
        name = vera[0].recording_id
        for one in journal.analysis(name).bursts:
            action = ReviewAction.REJECT if one.key == "d1" else ReviewAction.CONFIRM
            journal.review(name, "rater", action, one.key)
        journal.finish_review(name, "rater")
    rows = taken(browser, "boris-table", basis="reviewed").text.splitlines()
    assert len(rows) == 1 + 7
    body = browser.get("/people/~vera/progress/body?basis=reviewed").text
    assert "1 recording," in body


@pytest.mark.parametrize(
    "query", ["", "what=evil", "what=../../etc", "what=pdf&basis=x"]
)
def test_an_export_that_does_not_exist(browser, vera, query):
    assert browser.get(f"/people/~vera/export/file?{query}").status_code == 400


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("anna_course.pdf", "anna_course.pdf"),
        ('a"; filename=x\r\nEvil: 1.csv', "a__ filename_x__Evil_ 1.csv"),
        ("Ä/ö\\..csv", "______..csv"),
    ],
)
def test_names_of_downloads_are_safe(name, safe):
    told = download("text", name, "text/csv").headers["content-disposition"]
    assert told.startswith("attachment; ")
    plain = re.search(r'filename="([^"]*)"', told)[1]
    assert plain.isascii()
    assert not set(plain) & set('\r\n";/\\=:')
    assert "\r" not in told
    assert "\n" not in told
    if name == safe:
        assert plain == safe


@pytest.mark.parametrize("what", list(EXPORT_KINDS))
def test_progress_of_every_export_only_rises_and_comes_near_the_end(served, vera, what):
    told = []
    make_export(served.parts, ExportRequest(what=what, patient_id="vera"), told.append)
    assert told == sorted(told)
    assert 0 < told[0] <= told[-1] <= 1
    assert told[-1] >= 0.5
    if what in CODED:
        assert len(set(told)) > 15, "there are fifteen recordings"
