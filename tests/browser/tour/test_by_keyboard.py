"""The patient's way with the keyboard alone: record, result, diary.

Nothing is clicked, filled in or focused by script: Tab, Shift+Tab, Enter, Space and
arrow keys do it all, as they must for somebody who cannot use a mouse (WCAG 2.1.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.browser

FOCUSED = """() => {
    const { activeElement: at } = document;
    return { id: at.id, name: (at.getAttribute("aria-label") ?? at.innerText ?? "").trim() };
}"""


LISTEN = """() => {
    const live = "[role=status], [role=alert], [aria-live], output";
    window.heard = [];
    for (const part of document.querySelectorAll(live)) {
        if (part.ariaLive === "off") continue;
        const note = () => window.heard.push(part.id + ": " + part.textContent);
        new MutationObserver(note).observe(part, { childList: true, characterData: true, subtree: true });
    }
}"""


class Keys:
    """Fingers on a keyboard."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def go_to(self, wanted: str) -> None:
        """Press Tab until a thing of this id, or whose text begins so, has the focus."""
        for _ in range(80):
            at = self.page.evaluate(FOCUSED)
            if at["id"] == wanted or at["name"].startswith(wanted):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} cannot be reached by Tab")

    def go_on_to(self, kind: str) -> None:
        """Press Tab until an input of this kind has the focus."""
        for _ in range(80):
            if self.page.evaluate("document.activeElement.type") == kind:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no {kind} can be reached by Tab")

    def press(self, wanted: str, key: str = "Enter") -> None:
        self.go_to(wanted)
        self.page.keyboard.press(key)


@pytest.fixture
def free_queue(parts: Any, world: Any) -> Iterator[None]:
    """Let the analysis that never ends step aside for a while."""
    endless = world.clips["endless"]
    parts.analyses.cancel(endless)
    yield
    parts.analyses.submit(endless)


@pytest.mark.usefixtures("free_queue")
def test_from_recording_to_result_to_diary(tab: Any, parts: Any) -> None:
    page, keys = tab, Keys(tab)
    page.goto(f"{parts.settings.address}/")
    keys.press("bert")
    page.wait_for_selector("h1:has-text('bert')")
    keys.press("Record now")
    page.wait_for_selector("#begin:enabled")
    keys.press("begin")
    page.wait_for_selector("#start:visible")
    keys.press("start")
    page.wait_for_selector("#pause:visible")
    assert page.evaluate("document.activeElement.id") == "pause"
    page.evaluate(LISTEN)
    page.wait_for_timeout(3000)
    heard = page.evaluate("window.heard")
    assert len(heard) <= 2, f"a screen reader would not come to rest: {heard}"
    keys.press("enough")
    page.wait_for_selector("#again:visible")
    assert page.evaluate("document.activeElement.id") == "h-step", "the step is told"
    keys.press("finish")
    page.wait_for_url("**/guided/*")
    page.wait_for_selector("#card .headline")
    keys.press("Rest")
    page.wait_for_selector(".clip[open] .headline")
    assert "6 on the right side" in page.inner_text(".clip .headline")
    keys.press("How was today?")
    page.wait_for_url("**/diary")
    keys.go_on_to("radio")
    page.keyboard.press("Space")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    keys.go_on_to("checkbox")
    page.keyboard.press("Space")
    keys.press("More: stress")
    keys.go_to("on")
    keys.go_on_to("range")
    page.keyboard.press("ArrowRight")
    assert page.locator(".slider output").first.inner_text() == "6"
    keys.press("Save")
    page.wait_for_url("**saved=diary")
    assert page.inner_text(".said.done") == "The diary is saved. Thank you."
    with parts.journal() as journal:
        entry = journal.diary("bert")[-1]
    assert (entry.twitching, entry.stress) == (2.0, 6.0)
    assert (entry.pain, entry.ear_noise) == (1.0, 0.0), "one ticked, the others not"
