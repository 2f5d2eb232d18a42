"""The page of a visit, and its paper."""

from __future__ import annotations

import io
from datetime import date, timedelta

import numpy as np
import pypdfium2 as pdfium
import pytest

from twitch_tracker.app.home.view import BurstFilm
from twitch_tracker.app.visit.faces import faces_of
from twitch_tracker.app.visit.view import build_visit
from twitch_tracker.history import Basis, DiaryEntry, Treatment, TreatmentKind
from twitch_tracker.regions import Side
from twitch_tracker.report.progress.paper.faces import Faces
from twitch_tracker.report.progress.paper.pdf import progress_pdf

WEEK = timedelta(weeks=1)


DAYS = ((-9, 3, 1), (-8, 3, 0), (-7, 3, 0), (9, 1, 1), (10, 2, 0))
"""Days after the injection, how bad the twitching was, and pain."""


def noted(on, after, twitching, pain):
    return DiaryEntry(
        on=on + timedelta(days=after),
        twitching=float(twitching),
        pain=float(pain),
        medication="carbamazepine" if after > 0 else "",
    )


@pytest.fixture(scope="module")
def treated(served, vera, start):
    """An injection in week six; three diary days before it and two after."""
    on = start.date() + 6 * WEEK
    with served.parts.journal() as journal:
        given = Treatment(kind=TreatmentKind.BOTULINUM_TOXIN, on=on, side=Side.RIGHT)
        journal.add_treatments("vera", [given])
        journal.write_diary("vera", [noted(on, *told) for told in DAYS])
    return on


def facts_of(served, since):
    course = served.parts.courses.of(served.parts.journal, "vera", Basis.BOTH)
    today = date(2026, 12, 31)
    view = build_visit(served.parts, "vera", course, since, today)
    return view, {fact.label: (fact.value, fact.note) for fact in view.facts}


def test_what_came_since_the_last_treatment_stands_against_what_was_before(
    served, treated
):
    view, facts = facts_of(served, None)
    assert view.since == treated
    assert facts["Twitching (0 to 4)"][0] == "1.5"
    assert facts["Twitching (0 to 4)"][1] == "mean of 2 days; before it 3.0"
    assert facts["Symptoms"][0].endswith("on 1 of 2 days")
    assert facts["Medicines noted"][0] == "carbamazepine (2 days)"
    assert "Botulinum toxin" in facts["Treatments"][0]


def test_another_day_can_be_the_last_visit(served, treated):
    view, facts = facts_of(served, treated + timedelta(days=10))
    assert view.since == treated + timedelta(days=10)
    assert facts["Twitching (0 to 4)"][0] == "2.0"
    assert facts["Treatments"][0] == "none entered"
    every = len(view.unreviewed) + view.reviewed
    assert every == view.recordings > int(facts["Recordings"][0]) > 0


def test_the_page_and_its_paper_say_burst(served, browser, treated):
    page = browser.get("/people/~vera/visit")
    assert page.status_code == 200
    assert "New bursts a minute: right side, at rest" in page.text
    assert "/people/~vera/visit/paper" in page.text
    assert browser.get("/people/~vera/visit?since=31.5.").status_code == 400
    paper = browser.get("/people/~vera/visit/paper")
    assert paper.headers["content-disposition"].startswith("attachment")
    assert len(pdfium.PdfDocument(io.BytesIO(paper.content))) == 2


def test_without_a_film_there_is_no_picture_and_it_is_said(served, browser, treated):
    assert "three pictures" not in browser.get("/people/~vera/visit").text
    refused = browser.get("/people/~vera/visit/paper?faces=yes")
    assert refused.status_code == 404
    assert "Create the PDF without" in refused.text


def test_pictures_are_of_before_within_and_after_the_burst(bench, copied):
    """The film's colour changes with every picture."""
    with bench.journal() as journal:
        burst = journal.analysis(bench.recording).bursts[0].episode
    film = BurstFilm(
        address="", recording_id=bench.recording, burst=burst, words="one", whole=""
    )
    faces = faces_of(bench.served.parts, film)
    assert len(faces.pictures) == 3
    assert all(picture.ndim == 3 for picture in faces.pictures)
    assert len({picture.tobytes() for picture in faces.pictures}) == 3


@pytest.fixture(scope="module")
def papers(progression):
    """Without faces, and with them."""
    image = np.full((40, 30, 3), 120, np.uint8)
    faces = Faces(pictures=(image,) * 3, titles=("a", "b", "c"), words="the burst")
    return tuple(
        pdfium.PdfDocument(io.BytesIO(progress_pdf(progression, shown)))
        for shown in (None, faces)
    )


def test_the_paper_shows_faces_only_where_they_are_wanted(papers):
    pages = [
        [
            sum(
                thing.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE
                for thing in sheet.get_objects()
            )
            for sheet in paper
        ]
        for paper in papers
    ]
    assert pages[1][0] == pages[0][0]
    assert pages[1][1] == pages[0][1] + 1
    assert len(pages[1]) == 2


def test_the_paper_says_at_its_top_when_it_holds_pictures(papers):
    for paper, has_faces in zip(papers, (False, True), strict=True):
        written = paper[0].get_textpage().get_text_range()
        top, _, below = written.partition("What the recordings say")
        assert below
        assert ("pictures of the face" in top) is has_faces
