"""The page of an evaluation in a real browser: no request, no error, no barrier.

Needs Playwright and a Chromium (its own or one in the path); skipped otherwise.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from twitch_tracker.report.evaluation_page import write_evaluation_page

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is missing")

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the made-up set of the unit tests."""
    path = Path(__file__).parents[1] / "unit" / "evaluate" / "conftest.py"
    spec = importlib.util.spec_from_file_location("evaluate_conftest", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("page")
    return write_evaluation_page(module.build_evaluation(), folder / "e.html")


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_it_fits_asks_nobody_and_has_no_barrier(
    browser: sync_api.Browser, page_file: Path, size: dict[str, int], scheme: str
) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python", reason="axe-playwright-python is missing"
    )
    page = browser.new_page(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert asked == [page_file.as_uri()]
    assert said == []
    script = next(Path(axe.__file__).parent.rglob("axe.min.js"))
    page.evaluate(script.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    assert [(broken["id"], broken["nodes"]) for broken in found["violations"]] == []
    assert len(found["passes"]) > 15
    page.close()


def test_labels_of_the_plots_do_not_lie_on_each_other(
    browser: sync_api.Browser, page_file: Path
) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(page_file.as_uri())
    boxes = page.evaluate(
        """() => [...document.querySelectorAll(".plot svg")].map((plot) =>
        [...plot.querySelectorAll("text")].map((text) => {
            const { left, right, top, bottom } = text.getBoundingClientRect();
            return [left, right, top, bottom, text.textContent];
        }))"""
    )
    assert len(boxes) == 2
    for plot in boxes:
        for k, (left, right, top, bottom, _) in enumerate(plot):
            for other in plot[:k]:
                apart_x = min(right, other[1]) - max(left, other[0]) <= 1
                apart_y = min(bottom, other[3]) - max(top, other[2]) <= 4
                assert apart_x or apart_y, (plot[k], other)
    page.close()
