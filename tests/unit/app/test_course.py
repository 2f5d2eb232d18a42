"""The course of a person in the app: choosing, remembering, the page."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from twitch_tracker.app.course.choice import chosen_part, shown_kinds
from twitch_tracker.app.course.kept import Courses
from twitch_tracker.app.course.view import build_course_view
from twitch_tracker.history import (
    Basis,
    TaskKind,
)
from twitch_tracker.journal.open import open_journal
from twitch_tracker.language import speaking
from twitch_tracker.progression.results import Measure

# --- choosing --------------------------------------------------------------------


def test_a_choice_is_understood_and_can_be_written_again(make_choice):
    found = make_choice(
        basis="both", kind="rest", first="2025-01-01", measures=["blinks_per_min"]
    )
    assert (found.basis, found.kind, found.problem) == (Basis.BOTH, TaskKind.REST, "")
    assert found.first == date(2025, 1, 1)
    assert found.measures == (Measure.BLINKS_PER_MIN,)
    assert found.query == "basis=both&kind=rest&first=2025-01-01&measure=blinks_per_min"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"basis": "guessed"}, "way of counting"),
        ({"kind": "asleep"}, "kind of task"),
        ({"first": "1.2.2025"}, "2026-05-31"),
        ({"first": "2025-02-01", "last": "2025-01-01"}, "after the last day"),
    ],
)
def test_what_is_not_understood_is_said_and_the_usual_is_shown(
    told, words, make_choice
):
    found = make_choice(**told)
    assert words in found.problem
    assert (found.basis, found.kind, found.first) == (Basis.BOTH, None, None)


def test_a_chosen_time_changes_what_is_drawn_and_no_trend(
    course, progression, make_choice
):
    chosen = make_choice(first="2025-01-06", last="2025-01-27")
    part = chosen_part(progression, chosen)
    whole = {(s.measure, s.side, s.kind): s for s in progression.series}
    rates = [s for s in part.series if s.measure is Measure.EPISODES_PER_MIN]
    assert {len(s.periods) for s in rates} == {4}
    for series in part.series:
        assert series.trend is whole[series.measure, series.side, series.kind].trend
    view = build_course_view(course, chosen)
    every = build_course_view(course, make_choice())
    assert view.whole.headline == every.whole.headline
    assert view.whole.kinds[0].cards == every.whole.kinds[0].cards
    assert len(view.whole.kinds[0].charts[0].rows) < len(
        every.whole.kinds[0].charts[0].rows
    )


def test_a_kind_that_was_not_recorded_is_not_replaced_by_another(
    course, progression, make_choice
):
    assert shown_kinds(progression, make_choice()) == (TaskKind.REST,)
    assert shown_kinds(progression, make_choice(kind="other")) == ()
    assert (
        "Nothing of this kind"
        in build_course_view(course, make_choice(kind="other")).empty
    )
    every = shown_kinds(progression, make_choice(kind="every"))
    assert every == (TaskKind.REST, TaskKind.PROVOKED)


def test_every_row_of_a_chart_leads_to_its_recordings(course, make_choice):
    view = build_course_view(course, make_choice(kind="every"))
    for kind in view.whole.kinds:
        for chart in kind.charts:
            links = view.links[chart.key]
            assert len(links) == len(chart.rows)
            assert all(f"kind={kind.key}&" in link for link in links)
    assert view.links["rest-onsets_per_free_min"][0].endswith(
        "first=2025-01-06&last=2025-01-06"
    )


# --- remembering -----------------------------------------------------------------


def test_a_course_is_reckoned_once_until_something_changes(
    tmp_path, start, make_recording
):
    def opened():
        return open_journal(tmp_path)

    with opened() as journal:
        journal.add_patient("p")
        journal.log_many("p", [make_recording(start, 2)])
    courses = Courses()
    assert not courses.is_known(opened, "p", Basis.DETECTED)
    first = courses.of(opened, "p", Basis.DETECTED)
    assert courses.of(opened, "p", Basis.DETECTED) is first
    assert courses.is_known(opened, "p", Basis.DETECTED)
    with opened() as journal:
        journal.log_many("p", [make_recording(start + timedelta(days=1), 2)])
    assert not courses.is_known(opened, "p", Basis.DETECTED)
    assert courses.of(opened, "p", Basis.DETECTED).progression.recordings == 2
    with opened() as journal:
        journal.forget_patient("p")
        journal.add_patient("p")
    again = courses.of(opened, "p", Basis.DETECTED)
    assert again.progression.recordings == 0, "a forgotten person is nobody's course"


def test_each_reader_is_told_the_same_course_in_their_own_language(
    tmp_path, start, make_recording, speaks_pseudo
):
    """Who reads first does not decide in which language the next one reads."""

    def opened():
        return open_journal(tmp_path)

    with opened() as journal:
        journal.add_patient("p")
        days = (make_recording(start + timedelta(days=3 * n), 2) for n in range(9))
        journal.log_many("p", list(days))
    courses = Courses()

    def said():
        view = courses.of(opened, "p", Basis.DETECTED).view
        lines = (line for kind in view.kinds for c in kind.charts for line in c.lines)
        return [view.headline, *view.readings, *(line.words for line in lines)]

    with speaking(speaks_pseudo.code):
        foreign = said()
    english = said()
    with speaking(speaks_pseudo.code):
        assert said() == foreign
    assert [speaks_pseudo.escaped(text) for text in foreign] == [[]] * len(foreign)
    assert not re.search(r"[\u0430-\u044f]", " ".join(english))


def test_nothing_checked_yet_is_still_called_checked(
    tmp_path, start, make_choice, make_recording
):
    def opened():
        return open_journal(tmp_path)

    with opened() as journal:
        journal.add_patient("p")
        journal.log_many("p", [make_recording(start, 2)])
    found = Courses().of(opened, "p", Basis.REVIEWED)
    assert found.progression.basis is Basis.REVIEWED
    view = build_course_view(found, make_choice(basis="reviewed"))
    assert "No recording has been checked" in view.whole.first_steps


# --- the page --------------------------------------------------------------------


def test_the_page_comes_at_once_and_its_numbers_after(
    served, browser, start, make_recording
):
    with served.parts.journal() as journal:
        journal.add_patient("slow")
        journal.log_many("slow", [make_recording(start + timedelta(minutes=1), 3)])
    early = browser.get("/people/~slow/progress").text
    assert 'data-ready="no"' in early
    assert "What the recordings say" not in early
    body = browser.get("/people/~slow/progress/body").text
    assert "What the recordings say" in body
    assert "<html" not in body
    later = browser.get("/people/~slow/progress").text
    assert 'data-ready="yes"' in later
    assert "What the recordings say" in later


@pytest.mark.parametrize("basis", list(Basis))
def test_whose_bursts_count_is_always_said(browser, vera, basis):
    body = browser.get(f"/people/~vera/progress/body?basis={basis}").text
    assert "Whose twitches count:" in body
    said = {
        "detected": "As the program found them.",
        "reviewed": "Only recordings whose review is finished.",
        "both": "As reviewed, else as found.",
    }
    assert said[basis] in body


def test_charts_have_names_and_tables_with_links(browser, vera):
    body = browser.get("/people/~vera/progress/body?kind=every").text
    figures = re.findall(r"<figure.*?</figure>", body, re.DOTALL)
    assert len(figures) > 10
    for figure in figures:
        assert re.search(r'<svg class="plot" role="img" aria-label="[^"]{40,}"', figure)
        rows = figure.count('<tr><th scope="row"')
        assert rows == figure.count("/people/~vera/recordings?kind=")
        assert rows > 0
    assert not re.search(
        r'\sstyle="|<script(?! type="application/json)|\son\w+="', body
    )
    assert "twitch-tracker treatment" not in body, "no command lines for patients"


def test_the_recordings_behind_a_mark(browser, vera):
    path = "/people/~vera/recordings?kind=rest&first=2025-01-06&last=2025-01-27"
    page = browser.get(path).text
    assert page.count('<th scope="row"') == 5
    assert "Recordings of 6 to 27 Jan 2025, at rest" in page
    nothing = browser.get("/people/~vera/recordings?kind=x&first=y")
    assert nothing.status_code == 400


PATHS = (
    "progress",
    "progress/body",
    "recordings",
    "compare",
    "treatments",
    "days",
    "changes",
    "export",
    "export/file?what=csv",
    "treatments.csv",
    "diary.csv",
)


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_person_is_told(browser, path):
    answer = browser.get(f"/people/~nobody-at-all/{path}")
    assert answer.status_code == 404
    assert "Nobody here has this name" in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_sees_nothing(served, vera, path):
    with served.stranger() as client:
        assert client.get(f"/people/~vera/{path}").status_code == 401
