"""A patient's pages in German, in a real browser: nothing English is left to be read."""

from __future__ import annotations

import catalogues
import pytest

pytestmark = pytest.mark.browser

PAGES = (
    *("", "/record", "/record?form=short", "/add", "/diary", "/days", "/treatments"),
    *("/progress", "/compare", "/changes", "/settings", "/phone", "/inbox", "/visit"),
    "/all",
)
SAME = {"sample", "none"}
"""What is stored: the made-up person's name, and that nothing has measured it."""

READ = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const inside = walk.currentNode.parentElement;
    if (!inside.closest('script, style, [lang]:not(html)'))
      found.push(walk.currentNode.textContent.trim().replace(/\\s+/g, ' '));
  }
  for (const one of document.querySelectorAll('[aria-label], [title], [alt]'))
    for (const name of ['aria-label', 'title', 'alt'])
      if (one.hasAttribute(name)) found.push(one.getAttribute(name).trim());
  return found.filter(text => text);
}"""


@pytest.fixture(scope="module")
def english() -> set[str]:
    """Every sentence of the program that German says otherwise."""
    found = set()
    for message in catalogues.read(
        catalogues.LOCALE / "de/LC_MESSAGES/twitch_tracker.po"
    ):
        one = message.id if isinstance(message.id, str) else message.id[0]
        told = message.string if isinstance(message.id, str) else message.string[0]
        if one and one != told:
            found.add(one)
    return found


@pytest.fixture
def german(app, come_in):
    """A browser that asks for German, and the page of a made-up person."""
    visit = come_in(app, locale="de-DE")
    page = visit.open("/help")
    page.locator("form[action='/sample'] button").click()
    page.wait_for_url("**/people/**")
    return visit, page, page.url.removeprefix(app.address)


def test_a_patient_reads_no_english_and_keeps_the_chosen_language(
    german, english, until, fits
):
    visit, page, person = german
    for path in ("/", "/help", *(person + part for part in PAGES)):
        page.goto(visit.app.address + path)
        page.wait_for_load_state("networkidle")
        assert page.locator("html").get_attribute("lang") == "de"
        left = english & set(page.evaluate(READ))
        assert left <= SAME, (path, left)
        assert fits(page, 390), path
    page.reload()  # with nothing open
    page.locator(".tongues summary").click()
    page.locator(".tongues button[value=es]").click()
    until(page, lambda: page.locator("html").get_attribute("lang") == "es")
    assert page.url.endswith(person + PAGES[-1]), "it goes back to where it was"
    other = visit.open("/help")
    assert other.locator("html").get_attribute("lang") == "es", "it is remembered"
    other.locator(".tongues summary").click()
    other.locator(".tongues button[value=de]").click()
