"""The progression page in a real browser: no request, no error, no barrier.

Needs Playwright and a Chromium (its own or one in the path); skipped otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.report.progress.page import render_progress

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
def pages(
    helper_of: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Pages of the made-up people of the unit tests."""
    made_up = helper_of("report/progress/conftest.py")
    folder = tmp_path_factory.mktemp("page")
    return {
        name: write_whole(
            folder / f"{name}.html",
            render_progress(made_up.build_progression(**options)),
        )
        for name, options in CASES.items()
    }


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("size", SIZES)
def test_it_fits_and_asks_nobody(
    open_file: Callable[..., Any],
    fits: Callable[[Any, int], bool],
    pages: dict[str, Path],
    case: str,
    size: str,
) -> None:
    seen = open_file(pages[case], SIZES[size])
    assert fits(seen.page, SIZES[size]["width"])
    assert seen.asked == [pages[case].as_uri()]
    assert seen.said == []


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desk", "dark")])
def test_it_has_no_barrier(
    open_file: Callable[..., Any],
    barriers: Callable[..., list[Any]],
    pages: dict[str, Path],
    size: str,
    scheme: str,
) -> None:
    page = open_file(pages["few_with_all"], SIZES[size], color_scheme=scheme).page
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert barriers(page) == []


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("size", SIZES)
def test_no_label_of_a_chart_lies_on_another_or_leaves_the_page(
    open_file: Callable[..., Any], pages: dict[str, Path], case: str, size: str
) -> None:
    page = open_file(pages[case], SIZES[size]).page
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


def test_every_mark_is_drawn_inside_its_chart(
    open_file: Callable[..., Any], pages: dict[str, Path]
) -> None:
    page = open_file(pages["ten_years"], SIZES["desk"]).page
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


def test_pointing_at_a_chart_reads_the_table_row(
    open_file: Callable[..., Any], pages: dict[str, Path]
) -> None:
    page = open_file(pages["two_years"], SIZES["desk"]).page
    plot = page.locator("#rest-onsets_per_free_min svg.plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 60)
    said = page.locator("#reading").inner_text()
    rows = page.locator("#rest-onsets_per_free_min tbody tr").all_text_contents()
    assert "New bursts per minute" in said
    when = page.locator("#rest-onsets_per_free_min tbody tr th").last.text_content()
    assert when is not None
    assert when in said
    assert "Right" in said
    assert rows[-1].split()[0] in said
    page.keyboard.press("Escape")
    assert page.locator("#reading").is_hidden()


def test_the_numbers_open_with_the_keyboard(
    open_file: Callable[..., Any], pages: dict[str, Path]
) -> None:
    page = open_file(pages["few"], SIZES["desk"]).page
    summary = page.locator("#rest-onsets_per_free_min summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("#rest-onsets_per_free_min table").is_visible()


def test_a_black_and_white_print_keeps_charts_whole(
    open_file: Callable[..., Any], pages: dict[str, Path]
) -> None:
    page = open_file(pages["two_years"], SIZES["desk"]).page
    page.emulate_media(media="print")
    assert page.locator("#reading").is_hidden()
    assert page.locator("figure.chart details").first.is_hidden()
    assert page.locator("figure.chart svg.plot").first.is_visible()
