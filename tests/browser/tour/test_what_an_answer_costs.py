"""Clicks, pages and keys to an answer: what the table in docs/app.md says of them.

Every click is counted while somebody with a mouse does what the line says; `-s` prints
what was counted, with phone screens and seconds, which depend on the computer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TABLE = Path(__file__).parents[3] / "docs" / "app.md"
PHONE_PX = 844


@dataclass
class Mouse:
    """Counts what is clicked, and the pages that are come by."""

    page: Any
    clicks: int = 0
    pages: list[str] = field(default_factory=list)
    begun_at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.page.on("framenavigated", self.note)

    def note(self, frame: Any) -> None:
        """Note a page; the same one with other words behind it is one page."""
        address = frame.url.partition("?")[0].partition("#")[0]
        if not self.pages or self.pages[-1] != address:
            self.pages.append(address)

    def click(self, what: str) -> None:
        self.page.click(what)
        self.clicks += 1

    def tell(self, what: str) -> None:
        took_s = time.monotonic() - self.begun_at
        print(f"{what}: {self.clicks} clicks, {len(self.pages)} pages, {took_s:.0f} s")


@pytest.fixture
def phone(browser: Any) -> Iterator[Any]:
    """A window of the size of a phone."""
    context = browser.new_context(viewport={"width": 390, "height": PHONE_PX})
    context.set_default_timeout(240_000)
    yield context.new_page()
    context.close()


def line(begin: str) -> str:
    """Return what the table says costs what begins so, today."""
    rows = TABLE.read_text(encoding="utf-8").splitlines()
    (row,) = [row for row in rows if row.startswith(f"| {begin}")]
    return row.strip("|").split("|")[-1].strip()


def come_in(page: Any, parts: Any) -> str:
    address = str(parts.settings.address)
    page.goto(f"{address}/open?key={parts.door.make_key()}")
    return address


def test_to_know_how_it_is(phone: Any, parts: Any, until: Callable[..., None]) -> None:
    come_in(phone, parts)
    mouse = Mouse(phone)
    row = phone.locator("li[data-name=p-017]")
    until(phone, lambda: row.locator(".how").inner_text().strip() != "")
    mouse.tell("a sentence in the list")
    mouse.click("li[data-name=p-017] .name")
    phone.wait_for_selector("#now[data-ready=yes] .chart")
    mouse.tell("sentence and chart")
    ends = phone.evaluate(
        "document.querySelector('#now .chart svg.plot').getBoundingClientRect().bottom"
    )
    print(f"the chart ends {ends / PHONE_PX:.1f} screens of a phone below the top")
    assert mouse.clicks == 1
    assert line("know how it is").startswith(
        f"0 clicks (a sentence in the list), {mouse.clicks} click for chart"
    )


def test_to_finish_a_session(phone: Any, quick: Any) -> None:
    address = come_in(phone, quick)
    counted = {}
    for form in ("full", "short"):
        phone.goto(f"{address}/people/~carl")
        mouse = Mouse(phone)
        mouse.note(phone.main_frame)
        mouse.click("text=Record now")
        if form == "short":
            mouse.click("text=Record the short session instead")
        phone.wait_for_selector("#begin:enabled")
        mouse.click("#begin")
        while True:
            phone.wait_for_selector("#start:visible, #over:visible")
            if phone.locator("#over").is_visible():
                break
            mouse.click("#start")
            phone.wait_for_selector("#pause:visible")
            phone.wait_for_selector("#pause", state="hidden")
        mouse.click("#analyse")
        phone.wait_for_selector("#card .headline")
        mouse.tell(f"{form} session")
        counted[form] = mouse.clicks
        if form == "full":
            pages = len(mouse.pages)
    assert line("finish a session").endswith(
        f"{counted['full']} for ten steps, {counted['short']} for the short form; "
        f"{pages} pages (person, session, result)"
    )


def test_to_have_the_paper_for_a_visit(phone: Any, parts: Any) -> None:
    come_in(phone, parts)
    mouse = Mouse(phone)
    mouse.click("li[data-name=p-017] >> text=For a visit")
    with phone.expect_download() as paper:
        mouse.click("text=PDF, two pages")
    mouse.tell("the PDF")
    assert Path(paper.value.path()).read_bytes().startswith(b"%PDF")
    assert line("have the PDF") == f"{mouse.clicks} clicks"


def test_to_say_how_the_day_was(phone: Any, parts: Any) -> None:
    address = come_in(phone, parts)
    phone.goto(f"{address}/people/~anna/diary")
    mouse = Mouse(phone)
    mouse.click(".five label >> nth=2")
    mouse.click("button.main")
    phone.wait_for_url("**saved=diary")
    mouse.tell("the day")
    assert mouse.clicks == 2
    assert line("say how the day was") == "1 of five buttons, and *Save*"


def test_to_judge_a_burst(phone: Any, parts: Any, world: Any) -> None:
    address = come_in(phone, parts)
    phone.goto(f"{address}/review/{world.recordings['right']}")
    phone.fill("#name", "Dr Cost")
    phone.click("button.main")
    phone.wait_for_selector("html[data-ready]")
    phone.wait_for_selector("#video[data-shown]")
    keys = 0
    for left in range(5, -1, -1):
        phone.keyboard.press("c")
        keys += 1
        words = f"{left} of 6" if left else "Every burst is judged"
        phone.wait_for_selector(f"#left-words:has-text('{words}')")
    each = keys / 6
    phone.keyboard.press("f")
    phone.wait_for_selector("#done:visible")
    assert line("judge a burst") == (
        f"{each:.0f} key; {keys + 1} keys for a recording of six bursts with its end"
    )
