"""A film from a file, and the diary, in a real browser.

Nothing here films, so that other work may go on beside it (`test_app.py` must keep pace with a
camera). Needs Playwright and a Chromium (its own or one in the path); skipped otherwise.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from app_pages import HUGE, bursts, enter_person

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"


def test_a_file_is_dropped_in_and_a_huge_one_is_refused(
    app: Any, come_in: Callable[..., Any], until: Callable[..., None]
) -> None:
    visit = come_in(app)
    page = visit.open("/")
    enter_person(page, "phone")
    page.click("text=Add a recording")
    page.wait_for_load_state()
    page.evaluate(HUGE)
    said = page.locator("#said")
    until(page, lambda: "the limit is 1500 MB" in said.inner_text())
    assert "2000 MB" in said.inner_text()
    page.set_input_files("#file", str(EXAMPLE))
    page.check("input[name=mirrored][value=no]")
    page.select_option("#task", "rest")
    page.click("#send")
    page.wait_for_url("**/clips/*", timeout=60_000)
    until(page, lambda: page.locator(".under-way").count() == 0, seconds=400)
    page.wait_for_load_state()
    assert bursts(page, "right") == 6
    assert bursts(page, "left") == 0
    shown = page.url
    page.click("text=Is this date wrong?")
    page.wait_for_url("**/change")
    page.fill("#when", "2024-05-01T09:15")
    page.click("text=Save")
    page.wait_for_url("**/change?said=1")
    page.goto(shown)
    when = page.locator("[data-field=when]")
    until(page, lambda: "1 May 2024, 09:15" in when.inner_text())
    assert "as entered" in when.inner_text()
    assert visit.errors == []


def test_the_diary_is_filled_in_by_keyboard_alone(
    app: Any, come_in: Callable[..., Any]
) -> None:
    visit = come_in(app)
    page = visit.open("/")
    enter_person(page, "keys")
    page.goto(app.address + "/people/~keys/diary")
    page.locator("form.diary summary").focus()
    page.keyboard.press("Enter")
    page.locator(".slider input[type=range]").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.locator(".slider output").first.inner_text() == "8"
    assert page.locator(".slider output").nth(1).inner_text() == "no answer"
    page.locator("#sleep_hours").focus()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/~keys?saved=diary")
    with sqlite3.connect(app.home / "journal.sqlite3") as journal:
        told = journal.execute(
            "select stress, fatigue, sleep_hours from diary"
        ).fetchall()
    assert told == [(8.0, None, 7.0)]


def test_medicines_taken_before_are_offered_one_by_one(
    app: Any, come_in: Callable[..., Any]
) -> None:
    """However they were separated when they were typed."""
    visit = come_in(app)
    page = visit.open("/")
    enter_person(page, "lists")
    at = app.address + "/people/~lists/diary"
    page.goto(at)
    page.fill("#medication", "aspirin, baclofen\u3001clonazepam")
    page.click("button.main")
    page.wait_for_url("**/people/~lists?saved=diary")
    page.goto(at)
    page.fill("#medication", "")
    for name in ("clonazepam", "aspirin", "aspirin"):
        page.get_by_role("button", name=name, exact=True).click()
    assert page.input_value("#medication") == "clonazepam, aspirin"
    assert visit.errors == []
