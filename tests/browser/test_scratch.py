"""Rating from scratch by keyboard, and exports with a progress bar, in a real browser.

Needs Playwright and a Chromium.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
AT = datetime(2026, 5, 1, 18, 30, tzinfo=UTC)
MANY = 320


@pytest.fixture(scope="module")
def app(
    analysed: Path,
    start_app: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Any:
    """A running app: the example of anna, and many recordings of vera."""
    from dataclasses import replace

    from twitch_tracker.history import Task
    from twitch_tracker.journal.files.folder import log_folder, read_folder
    from twitch_tracker.journal.open import open_journal

    home = tmp_path_factory.mktemp("home")
    one = replace(read_folder(analysed, started_at=AT), signals=None)
    with open_journal(home) as journal:
        for name in ("anna", "vera"):
            journal.add_patient(name)
        log_folder(journal, analysed, "anna", started_at=AT, task=Task.REST)
        journal.log_many(
            "vera",
            (
                replace(
                    one,
                    content_sha256=sha256(str(day).encode()).hexdigest(),
                    started_at=AT - timedelta(days=day),
                )
                for day in range(MANY)
            ),
        )
    return start_app(home)


def press(page: Any, key: str, text: str) -> None:
    page.keyboard.press(key)
    page.wait_for_selector(f"#said:has-text({json.dumps(text)})")


def go_to(page: Any, frame: int) -> None:
    page.evaluate(
        """frame => {
            const seek = document.getElementById("seek");
            seek.value = frame;
            seek.dispatchEvent(new Event("input"));
        }""",
        frame,
    )
    page.wait_for_selector(f'#video[data-shown="{frame}"]')
    page.locator("h1").click()


def test_a_rating_from_scratch_by_keyboard(
    app: Any, come_in: Callable[..., Any], barriers: Callable[..., list[Any]]
) -> None:
    """The program found six bursts; the rater sees none of them, marks two, takes one
    out, and finishes: agreement tells it apart, and the course does not count it."""
    visit = come_in(app)
    page = visit.open("/review/1?who=1")
    page.fill("#name", "Dr S")
    page.check("[name=way][value=scratch]")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready]")
    assert page.locator("#bursts .burst").count() == 0
    assert "6" not in page.inner_text("#left-words")
    page.set_input_files("#file", str(EXAMPLE))
    page.wait_for_selector("#video:visible")
    for first, last in ((100, 130), (400, 410)):
        go_to(page, first)
        press(page, "a", "The onset is marked")
        go_to(page, last)
        press(page, "a", "Added: ")
    assert page.locator("#bursts .burst").count() == 2
    press(page, "x", "Taken out: ")
    assert "marked 1 burst." in page.inner_text("#left-words")
    assert barriers(page) == []
    press(page, "f", "Finished. This rating counts only in agreement.")
    assert page.locator("#done").is_visible()
    page.goto(f"{app.address}/review/1/agreement")
    assert "The program and Dr S (from scratch)" in page.inner_text("main")
    assert barriers(page) == []

    from twitch_tracker.history import Basis
    from twitch_tracker.journal.open import open_journal

    with open_journal(app.home) as journal:
        assert journal.history("anna", Basis.REVIEWED).recordings == ()
        (rating,) = journal.ratings("anna")
    assert (rating.rater, rating.from_scratch) == ("Dr S", True)
    assert visit.errors == []


def test_an_export_of_years_says_how_far_it_is(
    app: Any,
    come_in: Callable[..., Any],
    barriers: Callable[..., list[Any]],
    tmp_path: Path,
) -> None:
    visit = come_in(app, accept_downloads=True)
    page = visit.open("/people/~vera/export")
    with page.expect_download() as download:
        page.click("button[value=boris-table]")
    page.wait_for_selector("#said:has-text('The file is ready.')")
    assert "/export/making/" in page.url
    stored = tmp_path / "table.csv"
    download.value.save_as(stored)
    assert len(stored.read_text(encoding="utf-8").splitlines()) > 6 * MANY
    assert page.locator("#ready a").is_visible()
    assert not page.locator("#making").is_visible()
    assert barriers(page) == []
    assert visit.errors == []


def test_without_a_script_the_form_waits_for_the_file(
    app: Any, come_in: Callable[..., Any]
) -> None:
    visit = come_in(app, accept_downloads=True, java_script_enabled=False)
    page = visit.open("/people/~vera/export")
    with page.expect_download() as download:
        page.click("button[value=csv]")
    assert download.value.suggested_filename == "vera_csv.zip"


def test_what_does_not_fit_is_where_the_page_begins(
    app: Any,
    come_in: Callable[..., Any],
    barriers: Callable[..., list[Any]],
    until: Callable[..., None],
) -> None:
    """A slider that was sent too large is focused, and its error is its description."""
    visit = come_in(app)
    page = visit.open("/people/~anna/diary")
    page.evaluate(
        """() => {
            const form = document.querySelector("main form");
            form.noValidate = true;
            form.querySelector("[name=fatigue]").value = "12";
            form.elements.sleep_hours.value = "30";
            form.requestSubmit();
        }"""
    )
    page.wait_for_selector("#p-fatigue")
    until(page, lambda: page.locator("#fatigue:focus").count() == 1)
    about = page.get_attribute("#fatigue", "aria-describedby")
    assert "0 to 10" in page.inner_text(f"#{about}")
    assert page.input_value("#sleep_hours") == "30"
    assert barriers(page) == []
