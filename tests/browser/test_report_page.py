"""The report in a real browser: no request, no error, no sideways scrolling.

Needs Playwright and a Chromium (its own or one in the path); skipped otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from twitch_tracker.report.recording.page import write_report
from twitch_tracker.report.recording.pictures import take_pictures

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
SHOWN = """() => {
    const { from, to } = document.getElementById("timeline-figure").dataset;
    return [Number(from), Number(to)];
}"""


@dataclass
class Visit:
    """An open page with everything it said and asked for."""

    page: Any
    errors: list[str]
    requests: list[str]

    @property
    def shown_s(self) -> list[float]:
        return list(self.page.evaluate(SHOWN))

    def until(self, true: Callable[[], bool]) -> None:
        """Wait up to ten seconds (the page's policy forbids wait_for_function)."""
        for _ in range(100):
            if true():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("it never became true")


@pytest.fixture(scope="module")
def report(
    helper_of: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The report of the made-up session (and film) of the unit tests."""
    session = helper_of("report/conftest.py").build_session()
    film = helper_of("report/recording/test_pictures.py")
    strips = take_pictures(
        "x", session, boxes_px=film.boxes(session), read_frames=film.Recording().read
    )
    return write_report(session, tmp_path_factory.mktemp("page") / "r.html", strips)


@pytest.fixture
def visit(open_file: Callable[..., Any], report: Path) -> Callable[..., Visit]:
    """Open the report and wait for its timeline."""

    def open_it(size: dict[str, int], **options: object) -> Visit:
        seen = open_file(report, size, **options)
        seen.page.wait_for_selector("html[data-ready]", timeout=60_000)
        return Visit(page=seen.page, errors=seen.said, requests=seen.asked)

    return open_it


@pytest.fixture
def desk(visit: Callable[..., Visit]) -> Visit:
    return visit(DESK)


@pytest.fixture
def phone(visit: Callable[..., Visit]) -> Visit:
    return visit(PHONE, has_touch=True, is_mobile=True)


def test_it_opens_without_errors_and_asks_nobody(desk: Visit, report: Path) -> None:
    assert desk.errors == []
    loaded = [url for url in desk.requests if not url.startswith("data:")]
    assert loaded == [report.as_uri()]
    assert desk.page.locator("#timeline-none").is_hidden()
    assert desk.page.locator("#timeline").bounding_box()["height"] > 400  # type: ignore[index]
    start, end = desk.shown_s
    assert start == 0
    assert end == pytest.approx(90, abs=0.1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_sideways_scrolling_on_a_phone(
    visit: Callable[..., Visit], scheme: str
) -> None:
    seen = visit(PHONE, color_scheme=scheme)
    seen.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = 1)")
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 390
    assert seen.errors == []


def test_text_twice_as_large_still_fits(desk: Visit) -> None:
    desk.page.set_viewport_size({"width": 720, "height": 450})
    # The chart follows the window a moment later; it must get there.
    # (The page's policy forbids scripts made of text, so the waiting is done here.)
    for _ in range(50):
        wide = desk.page.evaluate("document.documentElement.scrollWidth")
        if wide == 720:
            break
        desk.page.wait_for_timeout(100)
    assert wide == 720


def test_clicking_a_burst_moves_the_timeline_there(desk: Visit) -> None:
    desk.page.locator("#burst-5 button.show").click()
    start, end = desk.shown_s
    assert start < 62.4
    assert end > 63.5
    assert end - start < 10
    status = desk.page.locator("#timeline-status")
    assert status.inner_text() == (
        "The timeline shows Burst 5: right side, 1:02.4 to 1:03.5, 1.10 s long"
    )
    desk.page.get_by_role("button", name="Previous burst").click()
    start, end = desk.shown_s
    assert start < 55.3
    assert end > 56.2
    assert "Burst 4: left side" in status.inner_text()


def test_buttons_zoom_move_and_come_back(desk: Visit) -> None:
    desk.page.get_by_role("button", name="Zoom in").click()
    desk.page.get_by_role("button", name="Zoom in").click()
    start, end = desk.shown_s
    assert end - start == pytest.approx(22.5, abs=0.5)
    desk.page.get_by_role("button", name="Later").click()
    assert desk.shown_s[0] == pytest.approx(start + 11.25, abs=0.5)
    desk.page.get_by_role("button", name="Whole recording").click()
    assert desk.shown_s[0] <= 0
    assert desk.shown_s[1] >= 90


def over_the_timeline(seen: Visit) -> tuple[float, float]:
    """Bring the timeline into view and point at it."""
    seen.page.evaluate(
        "document.getElementById('timeline')"
        ".scrollIntoView({ block: 'center', behavior: 'instant' })"
    )
    box = seen.page.locator("#timeline").bounding_box()
    assert box is not None
    x, y = box["x"] + 0.56 * box["width"], box["y"] + 60
    if not seen.page.evaluate("matchMedia('(pointer: coarse)').matches"):
        seen.page.mouse.move(x, y)
    return x, y


def test_the_wheel_scrolls_the_page(desk: Visit) -> None:
    over_the_timeline(desk)
    before, shown = desk.page.evaluate("scrollY"), desk.shown_s
    desk.page.mouse.wheel(0, 120)
    desk.until(lambda: desk.page.evaluate("scrollY") > before)
    assert desk.shown_s == shown


def test_the_wheel_with_ctrl_zooms_the_timeline(desk: Visit) -> None:
    x, y = over_the_timeline(desk)
    before = desk.page.evaluate("scrollY")
    wheel = desk.page.context.new_cdp_session(desk.page)
    wheel.send(
        "Input.dispatchMouseEvent",
        {
            "type": "mouseWheel",
            "x": x,
            "y": y,
            "deltaX": 0,
            "deltaY": -200,
            "modifiers": 2,
        },
    )
    desk.until(lambda: desk.shown_s[1] - desk.shown_s[0] < 80)
    assert desk.page.evaluate("scrollY") == before


def test_a_finger_scrolls_the_page_over_the_timeline(phone: Visit) -> None:
    over_the_timeline(phone)
    before = phone.page.evaluate("scrollY")
    finger = phone.page.context.new_cdp_session(phone.page)

    def touch(kind: str, points: list[dict[str, float]]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", [{"x": 200, "y": 500}])
    for step in range(1, 11):
        touch("touchMove", [{"x": 200, "y": 500 - 25 * step}])
    touch("touchEnd", [])
    phone.until(lambda: phone.page.evaluate("scrollY") > before + 100)
    assert phone.shown_s[0] == 0


def test_a_tap_reads_the_curves(phone: Visit) -> None:
    phone.page.locator("#burst-3 button.show").tap()
    phone.page.wait_for_timeout(1200)
    phone.page.touchscreen.tap(*over_the_timeline(phone))
    said = phone.page.locator("#readout").inner_text()
    assert "Burst 3: right side" in said
    assert "mouth corner: right 2." in said
    assert "left 0." in said


def test_dark_and_light_have_readable_axes(visit: Callable[..., Visit]) -> None:
    seen = visit(DESK, color_scheme="dark")
    colour = "() => Bokeh.documents[0].roots()[0].children[0].title.text_color"
    assert seen.page.evaluate(colour) == "#e9edf1"
    seen.page.emulate_media(color_scheme="light")
    seen.until(lambda: seen.page.evaluate(colour) == "#16202a")


def test_paper_gets_the_timeline_and_no_buttons(desk: Visit) -> None:
    desk.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    desk.page.emulate_media(media="print")
    assert desk.page.locator("#timeline-print").is_visible()
    assert desk.page.locator("button:visible").count() == 0
    assert desk.page.locator(".strip").is_visible()
    assert desk.page.locator("details:not([open])").count() == 0
    desk.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert desk.page.locator("#timeline-print").count() == 0


def test_without_scripts_everything_but_the_chart_is_there(
    open_file: Callable[..., Any], report: Path
) -> None:
    page = open_file(report, DESK, java_script_enabled=False).page
    assert page.locator("article.card").count() == 6
    assert page.locator(".strip").is_visible()
    assert page.locator("#timeline-none").is_visible()
    assert page.locator("button:visible").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(
    visit: Callable[..., Visit], barriers: Callable[..., list[Any]], scheme: str
) -> None:
    seen = visit(PHONE, color_scheme=scheme)
    seen.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = 1)")
    assert barriers(seen.page) == []
