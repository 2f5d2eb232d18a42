"""The progression page in a real browser: no request, no error, no barrier.

Needs Playwright and a Chromium (its own or one in the path); skipped otherwise.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from twitch_tracker.report.progress_page import write_progress_page

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is missing")

pytestmark = pytest.mark.browser

SIZES = {
    "phone": {"width": 390, "height": 844},
    "tablet": {"width": 768, "height": 1024},
    "desk": {"width": 1440, "height": 900},
}
CASES = {
    "few": {"recordings": 5, "days": 60, "course": False},
    "few_with_all": {"recordings": 8, "days": 400},
    "two_years": {},
    "ten_years": {"recordings": 3650, "days": 3650},
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages of the made-up people of the unit tests."""
    path = Path(__file__).parents[1] / "unit" / "report" / "conftest.py"
    spec = importlib.util.spec_from_file_location("progress_conftest", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("page")
    return {
        name: write_progress_page(
            module.build_progression(**options), folder / f"{name}.html"
        )
        for name, options in CASES.items()
    }


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_api.sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=found, args=["--no-sandbox"]
            )
        except sync_api.Error as error:
            pytest.skip(f"no Chromium to test with: {error}")
        yield browser
        browser.close()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("size", SIZES)
def test_it_fits_and_asks_nobody(
    browser: sync_api.Browser, pages: dict[str, Path], case: str, size: str
) -> None:
    page = browser.new_page(viewport=SIZES[size])  # type: ignore[arg-type]
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[case].as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == SIZES[size]["width"]
    assert asked == [pages[case].as_uri()]
    assert said == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_it_has_no_barrier(
    browser: sync_api.Browser, pages: dict[str, Path], size: str, scheme: str
) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python", reason="axe-playwright-python is missing"
    )
    page = browser.new_page(viewport=SIZES[size], color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(pages["few_with_all"].as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    script = next(Path(axe.__file__).parent.rglob("axe.min.js"))
    page.evaluate(script.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    assert [(broken["id"], broken["nodes"][:2]) for broken in found["violations"]] == []
    assert len(found["passes"]) > 15
    page.close()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("size", SIZES)
def test_no_label_of_a_chart_lies_on_another_or_leaves_the_page(
    browser: sync_api.Browser, pages: dict[str, Path], case: str, size: str
) -> None:
    page = browser.new_page(viewport=SIZES[size])  # type: ignore[arg-type]
    page.goto(pages[case].as_uri())
    charts = page.evaluate(
        """() => [...document.querySelectorAll("figure.chart svg.plot")].map((plot) =>
        [...plot.querySelectorAll("text")].map((text) => {
            const { left, right, top, bottom } = text.getBoundingClientRect();
            return [left, right, top, bottom, text.textContent];
        }))"""
    )
    assert len(charts) == 22
    for boxes in charts:
        for k, (left, right, top, bottom, text) in enumerate(boxes):
            assert left >= 0, text
            assert right <= SIZES[size]["width"], text
            for other in boxes[:k]:
                apart_x = min(right, other[1]) - max(left, other[0]) <= 1
                apart_y = min(bottom, other[3]) - max(top, other[2]) <= 4
                assert apart_x or apart_y, (text, other)
    page.close()


def test_every_mark_is_drawn_inside_its_chart(
    browser: sync_api.Browser, pages: dict[str, Path]
) -> None:
    page = browser.new_page(viewport=SIZES["desk"])  # type: ignore[arg-type]
    page.goto(pages["ten_years"].as_uri())
    outside = page.evaluate(
        """() => [...document.querySelectorAll("figure.chart svg.plot")].flatMap((plot) => {
        const box = plot.getBoundingClientRect();
        return [...plot.querySelectorAll(".mark")].filter((mark) => {
            const at = mark.getBoundingClientRect();
            const x = (at.left + at.right) / 2, y = (at.top + at.bottom) / 2;
            return x < box.left - 4 || x > box.right + 4 || y < box.top - 4
                || y > box.top + 174 || at.width < 3 || at.width > 16;
        }).map((mark) => mark.outerHTML);
        })"""
    )
    assert outside == []
    page.close()


def test_pointing_at_a_chart_reads_the_table_row(
    browser: sync_api.Browser, pages: dict[str, Path]
) -> None:
    page = browser.new_page(viewport=SIZES["desk"])  # type: ignore[arg-type]
    page.goto(pages["two_years"].as_uri())
    plot = page.locator("#rest-episodes_per_min svg.plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 60)
    said = page.locator("#reading").inner_text()
    rows = page.locator("#rest-episodes_per_min tbody tr").all_text_contents()
    assert "Bursts per minute" in said
    when = page.locator("#rest-episodes_per_min tbody tr th").last.text_content()
    assert when is not None
    assert when in said
    assert "Right" in said
    assert rows[-1].split()[0] in said
    page.keyboard.press("Escape")
    assert page.locator("#reading").is_hidden()
    page.close()


def test_the_numbers_open_with_the_keyboard(
    browser: sync_api.Browser, pages: dict[str, Path]
) -> None:
    page = browser.new_page(viewport=SIZES["desk"])  # type: ignore[arg-type]
    page.goto(pages["few"].as_uri())
    summary = page.locator("#rest-episodes_per_min summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("#rest-episodes_per_min table").is_visible()
    page.close()


def test_a_black_and_white_print_keeps_charts_whole(
    browser: sync_api.Browser, pages: dict[str, Path], tmp_path: Path
) -> None:
    page = browser.new_page(viewport=SIZES["desk"])  # type: ignore[arg-type]
    page.goto(pages["two_years"].as_uri())
    page.emulate_media(media="print")
    assert page.locator("#reading").is_hidden()
    assert page.locator("figure.chart details").first.is_hidden()
    assert page.locator("figure.chart svg.plot").first.is_visible()
    page.close()
