"""How often live pictures are sent: the recording comes first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is missing")

pytestmark = pytest.mark.browser

RUN = """async (seconds) => {
    const { Pace } = await import("/static/js/pace.js");
    const pace = new Pace();
    const told = [{ interval: pace.interval, atOnce: pace.atOnce }];
    let [totalFrames, deliveredFrames] = [0, 0];
    for (const [at, { lag, share, other }] of seconds.entries()) {
        for (let n = 0; n < 30; n += 1) pace.answered(lag);
        totalFrames += 300;
        deliveredFrames += 300 * (1 - share / (other ? 1 : pace.strain));
        pace.watch({ totalFrames, deliveredFrames, discardedFrames: 0 }, 2000 * (at + 1));
        told.push({ interval: pace.interval, atOnce: pace.atOnce });
    }
    return told;
}"""
"""Pace after every two seconds in which answers took `lag` ms and a `share` of the
camera's pictures got lost: less as less is sent, or all the same for `other` reasons."""


@pytest.fixture
def pace(app: Any, come_in: Callable[..., Any]) -> Callable[..., Any]:
    """Intervals in ms, and how many pictures are under way at the end."""
    page = come_in(app).open("/")

    def run(
        count: int, *, lag: float, share: float, other: bool = False
    ) -> tuple[list[float], int]:
        step = {"lag": lag, "share": share, "other": other}
        told = page.evaluate(RUN, [step] * count)
        return [float(one["interval"]) for one in told], told[-1]["atOnce"]

    return run


def test_the_pace_of_live_pictures(pace: Callable[..., Any]) -> None:
    easy, at_once = pace(10, lag=25, share=0.0)
    assert easy[-1] <= 1000 / 24, "a quick computer sends every picture"
    assert at_once == 2, "also those that come before the answer"

    late, at_once = pace(10, lag=200, share=0.0)
    assert late[-1] > 400, "answers that come late ask for fewer pictures"
    assert at_once == 1
    slowest, _ = pace(10, lag=10_000, share=0.0)
    assert slowest[-1] == 1000, "one a second at the least"

    lost, at_once = pace(10, lag=25, share=0.5)
    assert max(lost) >= 4 * easy[-1], "what helps the recording is done"
    assert at_once == 1

    others, _ = pace(20, lag=25, share=0.5, other=True)
    assert max(others) <= 2 * easy[-1] + 1, "what does not help it is not"


def test_a_second_tab_of_a_person_records_without_live_advice(
    app: Any, come_in: Callable[..., Any], until: Callable[..., None]
) -> None:
    """It is told so in words, and has the advice as soon as the first tab is closed."""
    visit = come_in(app)
    first = visit.open("/")
    first.fill("#pseudonym", "two tabs")
    first.click("text=Add this person")
    first.click("text=Record now")
    first.wait_for_selector(".mirror.good", timeout=60_000)
    second = visit.open(first.url.removeprefix(app.address))
    said = second.locator("#advice")
    until(second, lambda: "other tab of this person" in said.inner_text())
    second.wait_for_selector("#begin:enabled")
    first.reload()
    first.wait_for_selector(".mirror.good", timeout=60_000)
    assert "other tab of this person" in said.inner_text()
    first.close()
    second.wait_for_selector(".mirror.good", timeout=60_000)
    assert "other tab" not in said.inner_text()
    assert visit.errors == []
