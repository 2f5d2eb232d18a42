"""No sentence of a report or of a progression escapes the catalogue."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pypdfium2
import pytest

from twitch_tracker.demo.course import demo_patient
from twitch_tracker.demo.plan import CoursePlan
from twitch_tracker.language import speaking
from twitch_tracker.progression.progress import progress_of
from twitch_tracker.report.progress.page import render_progress
from twitch_tracker.report.progress.paper.pdf import progress_pdf
from twitch_tracker.report.progress.text import progress_text
from twitch_tracker.report.recording.chart import chart_json
from twitch_tracker.report.recording.page import render_report
from twitch_tracker.settings import HOME_VARIABLE
from twitch_tracker.wording.associations import association_text
from twitch_tracker.wording.progression import (
    closest_text,
    left_out_text,
    reading_texts,
)
from twitch_tracker.wording.treatments import injection_text, operation_text
from twitch_tracker.wording.trends import trend_text

HASH = re.compile(r"\b[0-9a-f]{12,64}\b|\b\w+\.\.\.|P-1-\d{4}-\w+")
PATIENT = "P-1"
DATA = {PATIENT, "P-1-0", "twitch_tracker", "twitch-tracker", "SHA-256"}
DATA |= {"simulated patient", "simulated", "none", "--json", "--save"}


@pytest.fixture(scope="module")
def spoken(pseudo):
    """Two years with injections, an operation and a diary."""
    plan = CoursePlan(
        patient_id=PATIENT,
        start=date(2023, 1, 9),
        days=800,
        pace=0.15,
        injections=(90.0, 181.0, 272.0),
        operation_day=420.0,
        mouth_day=100.0,
        cheek_day=200.0,
    )
    history = demo_patient(plan, 3).history
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(pseudo.home))
        return progress_of(history, today=plan.start + timedelta(days=790))


def test_progression(spoken, speaks_pseudo):
    """Readings, and every sentence that is told of a part."""
    with speaking(speaks_pseudo.code):
        said = [*reading_texts(spoken), *map(operation_text, spoken.operations)]
        said += map(injection_text, spoken.injections)
        said += map(association_text, spoken.associations)
        said += map(trend_text, spoken.series)
        said += map(closest_text, spoken.closest)
        said += map(left_out_text, spoken.left_out)
    assert len(said) > 40
    for words in said:
        assert speaks_pseudo.escaped(words, {*DATA, "II", "III", "IV"}) == [], words


def test_progression_in_the_terminal(spoken, speaks_pseudo):
    with speaking(speaks_pseudo.code):
        text = progress_text(spoken, sparks=True)
    assert speaks_pseudo.escaped(text, DATA) == []


def test_progression_page(spoken, speaks_pseudo):
    with speaking(speaks_pseudo.code):
        page = render_progress(spoken)
    left = speaks_pseudo.escaped_page(page, {*DATA, *HASH.findall(page), "II"})
    assert left == []


def test_progression_pdf(spoken, speaks_pseudo):
    with speaking(speaks_pseudo.code):
        document = pypdfium2.PdfDocument(progress_pdf(spoken))
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    text = HASH.sub(" ", " ".join(pages))
    assert speaks_pseudo.escaped(text, {*DATA, "II", "III", "IV"}) == []
    assert speaks_pseudo.spelled("latest") in text, "it was read"


@pytest.mark.parametrize("which", ["session", "quiet_session", "blind_session"])
def test_report(request, which, speaks_pseudo):
    session = request.getfixturevalue(which)
    with speaking(speaks_pseudo.code):
        page = render_report(session)
    names = {session.video.name, session.tracker.name, *HASH.findall(page), *DATA}
    names |= {*session.parameters, *made_up(session)}
    left = speaks_pseudo.escaped_page(page, names, {"regions"})
    assert not left, "\n".join(left)


def test_timeline(session, speaks_pseudo):
    with speaking(speaks_pseudo.code):
        drawn = chart_json(session, "timeline")
    texts = re.findall(r'"text":"([^"]*)"', drawn.replace('": "', '":"'))
    assert len(texts) > 5
    texts = [json.loads(f'"{text}"') for text in texts]
    assert speaks_pseudo.escaped(" ".join(texts)) == []


def made_up(session):
    """Sentences of the made-up recording that no analysis would write down."""
    yield from (reason for burst in session.episodes for reason in burst.reasons)
    yield from (miss.reason for miss in session.near_misses)
    yield from (event.detail for event in session.subject_events)
