"""The course of a person in the app: choosing, drawing, treatments, comparing, export."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import numpy as np
import pytest

from twitch_tracker.app.burst_clips import Cut, cut, cut_of, typical_burst
from twitch_tracker.app.clips import ClipState
from twitch_tracker.app.comparing import (
    common_tasks,
    day_of,
    nearest_days,
    obstacles,
    side_by_side,
)
from twitch_tracker.app.course_choice import chosen_part, read_choice, shown_kinds
from twitch_tracker.app.course_view import build_course_view
from twitch_tracker.app.courses import Courses
from twitch_tracker.app.taking_tables import download
from twitch_tracker.app.treatment_form import Typed, typed
from twitch_tracker.errors import BadParameter
from twitch_tracker.history import (
    Basis,
    Method,
    Task,
    TaskKind,
    Treatment,
    TreatmentKind,
)
from twitch_tracker.journal.entries import Analysis, ReviewAction
from twitch_tracker.journal.open import open_journal
from twitch_tracker.progression.results import Measure
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval
from twitch_tracker.video.files import open_video
from twitch_tracker.video.writer import VideoWriter

TODAY = date.today()  # noqa: DTZ011 - the person's own day
START = datetime(2025, 1, 6, 9, tzinfo=UTC)
METHOD = Method(
    tracker="faces",
    tracker_weights_sha256="a" * 64,
    detector="bursts",
    networks_sha256="b" * 64,
    parameters_sha256="c" * 64,
    software_version="1",
)
OTHER_METHOD = Method(
    tracker="old faces",
    tracker_weights_sha256="d" * 64,
    detector="bursts",
    networks_sha256="b" * 64,
    parameters_sha256="c" * 64,
    software_version="0",
)


def burst(start_s, length_s=0.5, side=Side.RIGHT):
    return Episode(
        span=Interval(start_s=start_s, end_s=start_s + length_s),
        side=side,
        regions=(Region.EYELID,),
        lead_region=Region.EYELID,
        kind=EpisodeKind.TONIC,
    )


def recording(at, bursts, *, task=Task.REST, method=METHOD):
    name = f"{at.isoformat()}-{task}-{method.tracker}"
    return Analysis(
        content_sha256=sha256(name.encode()).hexdigest(),
        started_at=at,
        task=task,
        method=method,
        recorded_s=180.0,
        analysable_s=170.0,
        episodes=tuple(
            burst(5.0 + 8.0 * n, 0.4 + 0.1 * (n % 4)) for n in range(bursts)
        ),
    )


def weekly():
    """Twelve weeks: eight bursts on the right each time, then four."""
    for week in range(12):
        at = START + timedelta(weeks=week)
        yield recording(at, 8 if week < 6 else 4)
    yield recording(START + timedelta(hours=1), 6, task=Task.SMILING)
    last = START + timedelta(weeks=11, hours=1)
    yield recording(last, 5, task=Task.PURSING)
    yield recording(START + timedelta(weeks=3, hours=2), 3, method=OTHER_METHOD)


@pytest.fixture(scope="module")
def vera(served):
    """A person with twelve weeks of recordings; every module has her anew."""
    with served.parts.journal() as journal:
        journal.add_patient("vera")
        return journal.log_many("vera", weekly())


@pytest.fixture(scope="module")
def history(served, vera):
    with served.parts.journal() as journal:
        return journal.history("vera")


@pytest.fixture(scope="module")
def course(served, vera):
    return served.parts.courses.of(served.parts.journal, "vera", Basis.DETECTED)


@pytest.fixture(scope="module")
def progression(course):
    return course.progression


# --- choosing -------------------------------------------------------------------


def choice(**told):
    usual = {"basis": "", "kind": "", "first": "", "last": "", "measures": ()}
    return read_choice(**{**usual, **told})


def test_a_choice_is_understood_and_can_be_written_again():
    found = choice(
        basis="both", kind="rest", first="2025-01-01", measures=["blinks_per_min"]
    )
    assert (found.basis, found.kind, found.problem) == (Basis.BOTH, TaskKind.REST, "")
    assert found.first == date(2025, 1, 1)
    assert found.measures == (Measure.BLINKS_PER_MIN,)
    assert found.query == "basis=both&kind=rest&first=2025-01-01&measure=blinks_per_min"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"basis": "guessed"}, "way to count"),
        ({"kind": "asleep"}, "kind of task"),
        ({"first": "1.2.2025"}, "2026-05-31"),
        ({"first": "2025-02-01", "last": "2025-01-01"}, "after the last day"),
    ],
)
def test_what_is_not_understood_is_said_and_the_usual_is_shown(told, words):
    found = choice(**told)
    assert words in found.problem
    assert (found.basis, found.kind, found.first) == (Basis.DETECTED, None, None)


def test_a_chosen_time_changes_what_is_drawn_and_no_trend(course, progression):
    chosen = choice(first="2025-01-06", last="2025-01-27")
    part = chosen_part(progression, chosen)
    whole = {(s.measure, s.side, s.kind): s for s in progression.series}
    rates = [s for s in part.series if s.measure is Measure.EPISODES_PER_MIN]
    assert {len(s.periods) for s in rates} == {4}
    for series in part.series:
        assert series.trend is whole[series.measure, series.side, series.kind].trend
    view = build_course_view(course, chosen)
    every = build_course_view(course, choice())
    assert view.whole.headline == every.whole.headline
    assert view.whole.kinds[0].cards == every.whole.kinds[0].cards
    assert len(view.whole.kinds[0].charts[0].rows) < len(
        every.whole.kinds[0].charts[0].rows
    )


def test_a_kind_that_was_not_recorded_is_not_replaced_by_another(course, progression):
    assert shown_kinds(progression, choice()) == (TaskKind.REST,)
    assert shown_kinds(progression, choice(kind="other")) == ()
    assert (
        "Nothing of this kind" in build_course_view(course, choice(kind="other")).empty
    )
    every = shown_kinds(progression, choice(kind="every"))
    assert every == (TaskKind.REST, TaskKind.PROVOKED)


def test_every_row_of_a_chart_leads_to_its_recordings(course):
    view = build_course_view(course, choice(kind="every"))
    for kind in view.whole.kinds:
        for chart in kind.charts:
            links = view.links[chart.key]
            assert len(links) == len(chart.rows)
            assert all(f"kind={kind.key}&" in link for link in links)
    assert view.links["rest-episodes_per_min"][0].endswith(
        "first=2025-01-06&last=2025-01-06"
    )


# --- remembering ------------------------------------------------------------------


def test_a_course_is_reckoned_once_until_something_changes(tmp_path):
    def opened():
        return open_journal(tmp_path)

    with opened() as journal:
        journal.add_patient("p")
        journal.log_many("p", [recording(START, 2)])
    courses = Courses()
    assert not courses.is_known(opened, "p", Basis.DETECTED)
    first = courses.of(opened, "p", Basis.DETECTED)
    assert courses.of(opened, "p", Basis.DETECTED) is first
    assert courses.is_known(opened, "p", Basis.DETECTED)
    with opened() as journal:
        journal.log_many("p", [recording(START + timedelta(days=1), 2)])
    assert not courses.is_known(opened, "p", Basis.DETECTED)
    assert courses.of(opened, "p", Basis.DETECTED).progression.recordings == 2
    with opened() as journal:
        journal.forget_patient("p")
        journal.add_patient("p")
    again = courses.of(opened, "p", Basis.DETECTED)
    assert again.progression.recordings == 0, "a forgotten person is nobody's course"


def test_nothing_checked_yet_is_still_called_checked(tmp_path):
    def opened():
        return open_journal(tmp_path)

    with opened() as journal:
        journal.add_patient("p")
        journal.log_many("p", [recording(START, 2)])
    found = Courses().of(opened, "p", Basis.REVIEWED)
    assert found.progression.basis is Basis.REVIEWED
    view = build_course_view(found, choice(basis="reviewed"))
    assert "No recording has been checked" in view.whole.first_steps


# --- the page ---------------------------------------------------------------------


def test_the_page_comes_at_once_and_its_numbers_after(served, browser):
    with served.parts.journal() as journal:
        journal.add_patient("slow")
        journal.log_many("slow", [recording(START + timedelta(minutes=1), 3)])
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
    assert "Whose bursts count:" in body
    said = {
        "detected": "As the program found them.",
        "reviewed": "Only what a person has checked.",
        "both": "Checked where checked, else as found.",
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
    assert "nobody of this pseudonym" in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_sees_nothing(served, vera, path):
    with served.stranger() as client:
        assert client.get(f"/people/~vera/{path}").status_code == 401


# --- treatments -------------------------------------------------------------------


def test_a_form_is_understood_field_by_field():
    given, problems = Typed(
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
        ({"on": ""}, "on", "tell the day"),
        ({"on": "1.2.25"}, "on", "2026-05-31"),
        ({"on": (TODAY + timedelta(days=1)).isoformat()}, "on", "future"),
        ({"on": "0202-05-01"}, "on", "year"),
        ({"units": "-3"}, "units", "negative"),
        ({"units": "many"}, "units", "number"),
        ({"units": "nan"}, "units", "number"),
        ({"units": "20000"}, "units", "10000"),
        ({"muscles": "a=1\na=2"}, "muscles", "each once"),
        ({"muscles": "a=-1"}, "muscles", "from 0"),
        ({"kind": "magic"}, "kind", "choose"),
        ({"side": "top"}, "side", "choose"),
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
    assert "units: 25.0" in changes
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


# --- tables -----------------------------------------------------------------------


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
        ("treatments.csv", "date,kind\n2999-01-01,other\n", "future"),
        ("treatments.csv", "day;kind\n", "separated by commas"),
        ("diary.csv", "date,stress\n2025-01-01,11\n", "stress"),
        ("diary.csv", "date,stress\n2999-01-01,1\n", "future"),
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


# --- comparing --------------------------------------------------------------------


def test_two_days_are_compared_with_their_intervals(history):
    early = day_of(history, TaskKind.REST, START.date())
    late = day_of(history, TaskKind.REST, (START + timedelta(weeks=11)).date())
    assert early is not None
    assert late is not None
    assert obstacles(early, late) == ()
    found = side_by_side(history, TaskKind.REST, early, late)
    rates = {r.side: r for r in found.rows if r.measure is Measure.EPISODES_PER_MIN}
    right = rates[Side.RIGHT]
    assert right.earlier.estimate.value == pytest.approx(8 * 60 / 170)
    assert right.later.estimate.value == pytest.approx(4 * 60 / 170)
    ratio = found.ratios[Side.RIGHT]
    assert ratio.value == pytest.approx(0.5, rel=0.25)
    alone = right.later.estimate.high / right.earlier.estimate.low
    assert ratio.low < 0.5 < ratio.high
    assert ratio.high > 1, "two short recordings cannot tell half from chance"
    assert alone > ratio.value
    assert np.isnan(found.ratios[Side.LEFT].value), "nothing there to compare"


def test_other_methods_and_tasks_are_never_compared_silently(history):
    day = (START + timedelta(weeks=3)).date()
    mixed = day_of(history, TaskKind.REST, day)
    assert mixed is not None
    assert len(mixed.left_out) == 1
    other = day_of(history, TaskKind.REST, day, mixed.left_out[0].recording_id)
    early = day_of(history, TaskKind.REST, START.date())
    assert {o.key for o in obstacles(early, mixed)} | {
        o.key for o in obstacles(early, other)
    } == {"method"}
    smile = day_of(history, TaskKind.PROVOKED, START.date())
    purse = day_of(history, TaskKind.PROVOKED, (START + timedelta(weeks=11)).date())
    assert [o.key for o in obstacles(smile, purse)] == ["task"]
    assert common_tasks(smile, purse) == (smile, purse)
    found = side_by_side(history, TaskKind.PROVOKED, smile, purse)
    assert np.isnan(found.ratios[Side.RIGHT].value)


def test_nearest_days():
    days = [date(2025, 1, d) for d in (1, 5, 9)]
    assert nearest_days(days, date(2025, 1, 6)) == (days[1], days[2])
    assert nearest_days(days, date(2024, 1, 1)) == (days[0],)
    assert nearest_days([], date(2024, 1, 1)) == ()


def test_the_comparison_page(browser, vera):
    page = browser.get("/people/~vera/compare").text
    assert "Earlier: 6 Jan 2025" in page
    assert "Later: 24 Mar 2025" in page
    assert "on the later day 0." in page
    assert "95 % interval" in page
    assert "The video is not kept in this app" in page
    turned = browser.get("/people/~vera/compare?first=2025-03-24&second=2025-01-06")
    assert "Earlier: 6 Jan 2025" in turned.text, "the earlier day comes first"
    tasks = browser.get("/people/~vera/compare?kind=provoked").text
    assert "Different tasks were done" in tasks
    assert "on the later day" not in tasks


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("first=nonsense", "2026-05-31"),
        ("first=2025-01-07", "nothing of this kind was recorded"),
        ("first=2025-01-06&second=2025-01-06", "two different"),
        ("kind=other", "Nothing of this kind"),
    ],
)
def test_what_cannot_be_compared_is_said_beside_its_field(browser, vera, query, words):
    answer = browser.get(f"/people/~vera/compare?{query}")
    assert answer.status_code == 400
    assert words in answer.text
    assert "on the later day" not in answer.text
    if "01-07" in query:
        assert "first=2025-01-06" in answer.text, "the nearest day is offered"


# --- films ------------------------------------------------------------------------


def test_the_typical_burst_is_of_median_length():
    bursts = [burst(1, 0.2), burst(3, 5.0), burst(9, 0.6)]
    assert typical_burst(bursts) is bursts[2]
    assert typical_burst([]) is None
    found = cut_of(burst(0.2, 60.0))
    assert found == Cut(start_ms=0, end_ms=15_900)
    assert found.is_sensible


@pytest.fixture
def film(tmp_path):
    """Three seconds; the left half of the picture is bright."""
    path = tmp_path / "film.mp4"
    image = np.zeros((48, 64, 3), np.uint8)
    image[:, :32] = 255
    with VideoWriter(path, width_px=64, height_px=48) as writer:
        for n in range(90):
            writer.write(image, n / 30)
    return path


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_cut_has_its_length_and_is_never_mirrored(film, tmp_path, mirrored):
    wanted = Cut(start_ms=1000, end_ms=2000)
    made = cut(film, wanted, tmp_path / "cuts" / "a.mp4", mirrored=mirrored)
    with open_video(made) as source:
        frames = list(source)
    assert len(frames) == 30
    left = frames[10].image[:, :24].mean()
    assert (left < 50) if mirrored else (left > 200)


def test_a_cut_beyond_the_end_is_refused(film, tmp_path):
    with pytest.raises(BadParameter):
        cut(film, Cut(start_ms=9000, end_ms=9500), tmp_path / "a.mp4", mirrored=False)


def test_the_film_of_a_burst_is_shown_when_the_video_is_kept(
    served, browser, vera, film
):
    store = served.parts.store
    clip = store.add(
        patient_id="vera", task=Task.REST, started_at=START, file_name="rest.mp4"
    )
    store.video(clip).write_bytes(film.read_bytes())
    store.change(clip.clip_id, state=ClipState.DONE, recording_id=vera[0].recording_id)
    page = browser.get("/people/~vera/compare").text
    (address,) = re.findall(r'<video[^>]* src="([^"]+)"', page)
    assert address.startswith(f"/clips/{clip.clip_id}/cut/")
    shown = browser.get(f"/clips/{clip.clip_id}/cut/500/1500")
    assert shown.headers["content-type"] == "video/mp4"
    part = browser.get(
        f"/clips/{clip.clip_id}/cut/500/1500", headers={"Range": "bytes=0-9"}
    )
    assert part.status_code == 206
    for wrong in ("5/6", "0/90000", "-9/400", "a/b", "900/100"):
        answer = browser.get(f"/clips/{clip.clip_id}/cut/{wrong}")
        assert answer.status_code == 400, wrong
    assert browser.get(f"/clips/{'0' * 32}/cut/0/500").status_code == 404


# --- export -----------------------------------------------------------------------


def taken(browser, what, **more):
    return browser.get("/people/~vera/export/file", params={"what": what, **more})


def test_every_export_can_be_opened(browser, vera):
    assert taken(browser, "pdf").content.startswith(b"%PDF-")
    assert "<!doctype html>" in taken(browser, "page").text
    series = list(csv.DictReader(io.StringIO(taken(browser, "series").text)))
    assert {row["measure"] for row in series} >= {"episodes_per_min"}
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
    page = browser.get("/people/~vera/export").text
    assert page.count('name="what"') == 10


def test_checked_bursts_alone_go_out_when_asked(served, browser, vera):
    answer = taken(browser, "boris-table", basis="reviewed")
    assert answer.status_code == 404
    assert "nothing to write" in answer.text
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
