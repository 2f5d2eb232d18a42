"""The page of a visit, and its paper."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pypdfium2 as pdfium
import pytest

from twitch_tracker.app.home.view import Film
from twitch_tracker.app.visit.faces import faces_of
from twitch_tracker.app.visit.view import build_visit
from twitch_tracker.errors import UnknownEntry
from twitch_tracker.history import DiaryEntry, Treatment, TreatmentKind
from twitch_tracker.journal.entries import ReviewAction
from twitch_tracker.records import Reading
from twitch_tracker.regions import Side
from twitch_tracker.report.progress.paper.faces import Faces
from twitch_tracker.report.progress.paper.pdf import progress_pdf

WEEK = timedelta(weeks=1)


@pytest.fixture(scope="module")
def treated(served, vera, start):
    """An injection in week six; three diary days before it and two after."""
    on = start.date() + 6 * WEEK
    with served.parts.journal() as journal:
        journal.add_treatment(
            "vera",
            Treatment(kind=TreatmentKind.BOTULINUM_TOXIN, on=on, side=Side.RIGHT),
        )
        for days, twitching, pain in ((-9, 3, 1), (-8, 3, 0), (-7, 3, 0), (9, 1, 1), (10, 2, 0)):
            journal.write_diary(
                "vera",
                DiaryEntry(
                    on=on + timedelta(days=days),
                    twitching=float(twitching),
                    pain=float(pain),
                    medication="carbamazepine" if days > 0 else "",
                ),
            )
    return on


def facts_of(served, since):
    course = served.parts.courses.of(served.parts.journal, "vera", "both")
    today = date(2026, 12, 31)
    view = build_visit(served.parts, "vera", course, since, today)
    return view, {fact.label: (fact.value, fact.note) for fact in view.facts}


def test_what_came_since_the_last_treatment_stands_against_what_was_before(
    served, treated
):
    view, facts = facts_of(served, None)
    assert view.since == treated
    assert facts["How bad the twitching was"][0] == "1.5"
    assert facts["How bad the twitching was"][1] == "mean of 2 days; before it 3.0"
    assert facts["Symptoms"][0].endswith("on 1 of 2 days")
    assert facts["Medicines noted"][0] == "carbamazepine (2 days)"
    assert "Botulinum toxin" in facts["Treatments"][0]


def test_another_day_can_be_the_last_visit(served, treated):
    view, facts = facts_of(served, treated + timedelta(days=10))
    assert view.since == treated + timedelta(days=10)
    assert facts["How bad the twitching was"][0] == "2.0"
    assert facts["Treatments"][0] == "none entered"
    every = len(view.unreviewed) + view.reviewed
    assert every == view.recordings > int(facts["Recordings"][0]) > 0
