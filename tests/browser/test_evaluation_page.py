"""The page of an evaluation in a real browser: no request, no error, no barrier.

Needs Playwright and a Chromium (its own or one in the path); skipped otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twitch_tracker.report.evaluation.page import write_evaluation

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def page_file(
    helper_of: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The page of the made-up set of the unit tests."""
    made_up = helper_of("evaluate/conftest.py").build_evaluation()
    return write_evaluation(made_up, tmp_path_factory.mktemp("page"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_it_fits_asks_nobody_and_has_no_barrier(
    open_file: Callable[..., Any],
    fits: Callable[[Any, int], bool],
    barriers: Callable[..., list[Any]],
    page_file: Path,
    size: dict[str, int],
    scheme: str,
) -> None:
    seen = open_file(page_file, size, color_scheme=scheme)
    assert fits(seen.page, size["width"])
    assert seen.asked == [page_file.as_uri()]
    assert seen.said == []
    assert barriers(seen.page) == []


def test_labels_of_the_plots_do_not_lie_on_each_other(
    open_file: Callable[..., Any], page_file: Path
) -> None:
    page = open_file(page_file, PHONE).page
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
