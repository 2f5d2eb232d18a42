"""What several browser tests do on the app's pages."""

from __future__ import annotations

from typing import Any


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
