"""The course of a person in the app, in a real browser: charts, treatments, comparison.

Needs Playwright and a Chromium (its own or one in the path); skipped otherwise.
"""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from methods import METHOD

from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.recording.store import Store
from twitch_tracker.history import Task
from twitch_tracker.journal.entries import Analysis, ReviewAction
from twitch_tracker.journal.open import open_journal
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
START = datetime(2025, 1, 6, 9, tzinfo=UTC)


def recording(week: int, bursts: int) -> Analysis:
    """Three minutes at rest with bursts on the right alone."""
    return Analysis(
        content_sha256=sha256(f"vera {week}".encode()).hexdigest(),
        started_at=START + timedelta(weeks=week),
        task=Task.REST,
        method=METHOD,
        recorded_s=180.0,
        analysable_s=180.0,
        episodes=tuple(
            Episode(
                span=Interval(start_s=2.0 + 4 * n, end_s=2.5 + 4 * n),
                side=Side.RIGHT,
                regions=(Region.EYELID,),
                lead_region=Region.EYELID,
                kind=EpisodeKind.TONIC,
            )
            for n in range(bursts)
        ),
    )


@pytest.fixture(scope="module")
def app(start_app: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server whose journal holds ten weeks; of the first the video is kept."""
    home = tmp_path_factory.mktemp("course")
    with open_journal(home) as journal:
        journal.add_patient("vera")
        logged = journal.log_many("vera", [recording(n, 6) for n in range(10)])
    (home / "app").mkdir()
    store = Store(home / "app")
    clip = store.add(
        patient_id="vera", task=Task.REST, started_at=START, file_name="rest.mp4"
    )
    shutil.copy(EXAMPLE, store.video(clip))
    store.change(
        clip.clip_id, state=ClipState.DONE, recording_id=logged[0].recording_id
    )
    return start_app(home)


@pytest.fixture
def visit(app: Any, come_in: Callable[..., Any]) -> Any:
    visit = come_in(app, viewport={"width": 1280, "height": 900})
    yield visit
    refused = "400 (Bad Request)"  # an answer that says what does not fit
    assert [error for error in visit.errors if refused not in error] == []
    assert [url for url in visit.requests if not url.startswith(app.address)] == []


def shown(visit: Any, path: str = "/people/~vera/progress") -> Any:
    """Open the course and wait for its numbers."""
    page = visit.open(path)
    page.wait_for_selector("#course[data-ready=yes] .walker")
    return page


def open_choices(page: Any) -> None:
    """Unfold the choices; by keyboard, as the summary is a button like any other."""
    summary = page.locator("summary:has-text('Choose what is shown')")
    assert summary.evaluate("summary => !summary.parentElement.open")
    summary.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#basis")


def rates(page: Any) -> list[str]:
    """The values of the right side in the table of the first chart."""
    rows = page.locator("#rest-onsets_per_free_min tbody tr")
    cells = [
        row.split("\t")
        for row in rows.evaluate_all(
            "rows => rows.map(r => [...r.cells].map(c => c.textContent).join('\\t'))"
        )
    ]
    return [value for _, side, value, *_ in cells if side == "Right"]


def test_the_course_comes_after_the_page_and_says_whose_bursts_count(
    visit: Any,
) -> None:
    page = shown(visit)
    assert rates(page) == ["2.0"] * 10
    told = page.inner_text("#course")
    assert ("Whose twitches count: As reviewed, else as found.") in told
    assert "Twitches as the program found them" in told, "no review is finished yet"


def test_a_chart_is_read_by_keyboard_and_leads_to_its_recordings(visit: Any) -> None:
    page = shown(visit)
    walker = page.locator("#rest-onsets_per_free_min .walker")
    assert walker.get_attribute("aria-valuetext") == "No mark is chosen."
    walker.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    said = walker.get_attribute("aria-valuetext")
    assert said.startswith("3 Mar 2025, Right 2.0 (")
    assert walker.get_attribute("aria-valuenow") == "9"
    panel = page.locator("#reading")
    assert "3 Mar 2025" in panel.inner_text()
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recordings?kind=rest&first=2025-01-06&last=2025-01-06")
    assert page.locator("tbody tr").count() == 1


def test_pointing_at_a_chart_says_the_same_and_a_click_keeps_it(visit: Any) -> None:
    page = shown(visit)
    walker = page.locator("#rest-onsets_per_free_min .walker")
    walker.scroll_into_view_if_needed()
    box = walker.bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + 40)
    panel = page.locator("#reading")
    assert "6 Jan 2025" in panel.inner_text()
    page.mouse.click(box["x"] + 4, box["y"] + 40)
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + 40)
    assert "6 Jan 2025" in panel.inner_text(), "what was clicked stays"
    link = panel.locator("a")
    link.click()
    page.wait_for_url("**/recordings?*")


def test_what_is_chosen_is_drawn_and_kept_in_the_address(visit: Any) -> None:
    page = shown(visit)
    assert page.locator("#first").is_hidden(), "the course comes before its choices"
    open_choices(page)
    page.fill("#first", "2025-01-06")
    page.fill("#last", "2025-01-20")
    page.click(".measures summary")
    for box in page.locator("input[name=measure]").all()[1:]:
        box.uncheck()
    page.click("#choice button:has-text('Show')")
    page.wait_for_selector(
        "#rest-onsets_per_free_min tbody tr >> nth=5", state="attached"
    )
    page.wait_for_selector("figure.chart >> nth=1", state="detached")
    assert len(rates(page)) == 3
    assert "first=2025-01-06&last=2025-01-20&measure=onsets_per_free_min" in page.url
    page.reload()
    page.wait_for_selector("#course[data-ready=yes] .walker")
    assert len(rates(page)) == 3
    page.click("#all-time")
    page.wait_for_selector("figure.chart >> nth=5", state="attached")
    assert len(rates(page)) == 10
    last = page.locator("figure.chart").last
    assert last.is_hidden(), "all but the first chart are folded"
    page.click("#course summary:has-text('more charts')")
    last.scroll_into_view_if_needed()
    assert last.locator("svg.plot").is_visible()
    assert last.locator(".walker").is_visible()


def test_confirmed_and_rejected_bursts_appear_in_the_course(
    app: Any, visit: Any
) -> None:
    with open_journal(app.home) as journal:
        last = journal.recordings("vera")[-1].recording_id
        for one in journal.analysis(last).bursts:
            rejected = one.key in {"d1", "d2", "d3"}
            action = ReviewAction.REJECT if rejected else ReviewAction.CONFIRM
            journal.review(last, "rater", action, one.key)
        journal.finish_review(last, "rater")
    page = shown(visit)
    assert rates(page) == ["2.0"] * 9 + ["1.0"], "a finished review counts unasked"
    told = page.inner_text("#course")
    assert "As reviewed, else as found." in told
    assert "1 of 10 recordings is reviewed" in told
    assert "not the same kind of count" in told
    open_choices(page)
    assert page.input_value("#basis") == "both"
    page.select_option("#basis", "reviewed")
    page.click("#choice button:has-text('Show')")
    page.wait_for_selector(
        "#course:has-text('Only recordings whose review is finished.')"
    )
    assert rates(page) == ["1.0"]
    page.select_option("#basis", "detected")
    page.click("#choice button:has-text('Show')")
    page.wait_for_selector("#course:has-text('As the program found them.')")
    assert rates(page) == ["2.0"] * 10, "a detection is never overwritten"
    page = visit.open("/people/~vera/compare")
    assert "These are not the same kind of count, so no ratio is given." in (
        page.inner_text("main")
    )
    assert page.locator(".ratios li").count() == 0


def test_a_treatment_entered_by_keyboard_is_a_band(visit: Any) -> None:
    page = visit.open("/people/~vera/treatments")
    page.locator("#on").focus()
    page.keyboard.type("02102025")
    page.locator("#kind").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("r")
    page.keyboard.press("Tab")
    page.keyboard.type("A toxin")
    page.keyboard.press("Tab")
    page.keyboard.type("-25")
    page.keyboard.press("Enter")
    page.wait_for_selector("#p-units")
    assert "cannot be negative" in page.inner_text("#p-units")
    assert page.input_value("#product") == "A toxin"
    page.locator("#units").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("25")
    page.keyboard.press("Enter")
    page.wait_for_selector(".entries li")
    assert "10 Feb 2025 Botulinum toxin, A toxin, 25 units, right side" in (
        page.inner_text(".entries li")
    )
    course = shown(visit)
    assert course.locator("#ground .band.peak").count() == 1
    assert course.locator("#ground .treated.botulinum_toxin").count() == 1
    page.click(".entries >> text=Remove")
    page.click("text=No, keep it")
    page.click(".entries >> text=Remove")
    page.click("text=Yes, remove it")
    page.wait_for_selector("text=No treatment was entered.")


def test_two_days_side_by_side_with_the_film_that_is_kept(visit: Any) -> None:
    page = visit.open("/people/~vera/compare?basis=detected")
    assert page.inner_text("#h-first") == "Earlier: 6 Jan 2025"
    assert page.inner_text("#h-second") == "Later: 10 Mar 2025"
    assert "does not keep this video" in page.inner_text(
        "section[aria-labelledby=h-second]"
    )
    film = page.locator("video")
    assert film.count() == 1
    for _ in range(100):
        if film.evaluate("film => film.readyState") >= 1:
            break
        page.wait_for_timeout(100)
    assert film.evaluate("film => film.duration") == pytest.approx(1.9, abs=0.2)
    table = page.locator("section[aria-labelledby=h-right] tbody tr").first.inner_text()
    assert "New twitches per minute" in table
    assert "times the twitches per minute of the earlier day" in page.inner_text(
        ".ratios"
    )
    page.fill("#second", "2025-01-07")
    page.click("form button:has-text('Compare')")
    page.wait_for_selector("#p-second")
    assert "nothing of this kind" in page.inner_text("#p-second")


def test_what_is_taken_out_can_be_opened(visit: Any, tmp_path: Path) -> None:
    page = visit.open("/people/~vera/export")
    taken = {}
    for what in ("pdf", "series", "csv", "fhir"):
        with page.expect_download() as download:
            page.click(f"button[value={what}]")
        taken[what] = tmp_path / download.value.suggested_filename
        download.value.save_as(taken[what])
    assert {path.name for path in taken.values()} == {
        "vera_course.pdf",
        "vera_series.csv",
        "vera_csv.zip",
        "vera_fhir.json",
    }
    import pypdfium2

    with pypdfium2.PdfDocument(taken["pdf"]) as paper:
        assert 1 <= len(paper) <= 2
    rows = list(csv.DictReader(io.StringIO(taken["series"].read_text("utf-8"))))
    assert rows
    with zipfile.ZipFile(taken["csv"]) as tables:
        assert "vera/bursts.csv" in tables.namelist()


def test_paper_shows_charts_and_no_forms(visit: Any) -> None:
    page = shown(visit)
    page.emulate_media(media="print")
    assert page.locator("#choice").is_hidden()
    assert page.locator(".ways").is_hidden()
    assert page.locator("figure.chart svg.plot").first.is_visible()
    page.emulate_media(media="screen")
