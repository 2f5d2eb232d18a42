"""What several browser tests do on the app's pages."""

from __future__ import annotations

from typing import Any, Final

HUGE: Final = """() => {
    const file = new File(["x"], "huge.mp4", { type: "video/mp4" });
    Object.defineProperty(file, "size", { value: 2_000_000_000 });
    const input = document.getElementById("file");
    Object.defineProperty(input, "files", { value: [file], configurable: true });
    input.dispatchEvent(new Event("change"));
    delete input.files;
}"""
"""Choose a file of two gigabytes, as far as the page can see."""


def enter_person(page: Any, name: str) -> None:
    """Add a person on the first page."""
    page.fill("#pseudonym", name)
    page.click("text=Add this person")
    page.wait_for_selector(f"h1:has-text('{name}')")


def bursts(page: Any, side: str) -> int:
    """Add the bursts of a side over all recordings on a result page."""
    counts = page.locator(f".side.{side} [data-field=bursts]").all_text_contents()
    assert counts
    return sum(int(text) for text in counts)
