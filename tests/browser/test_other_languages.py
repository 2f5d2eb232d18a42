"""A patient's pages in other languages, in a real browser: no English is left."""

from __future__ import annotations

import catalogues
import pytest

pytestmark = pytest.mark.browser

PAGES = (
    *("", "/record", "/record?form=short", "/add", "/diary", "/days", "/treatments"),
    *("/progress", "/compare", "/changes", "/settings", "/phone", "/inbox", "/visit"),
    *("/all", "/review", "/agreement", "/export"),
)
SAME = {"none"}
"""What is stored: that nothing has measured the made-up person."""

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


ASKED_FOR = {"de": "de-DE", "es": "es-ES", "zh_Hans": "zh-CN"}
"""By catalogue, what a browser asks for."""


def english_of(code: str) -> set[str]:
    """Every sentence of the program that a language says otherwise."""
    found = set()
    for message in catalogues.read(
        catalogues.LOCALE / code / "LC_MESSAGES/twitch_tracker.po"
    ):
        one = message.id if isinstance(message.id, str) else message.id[0]
        told = message.string if isinstance(message.id, str) else message.string[0]
        if one and one != told:
            found.add(one)
    return found


@pytest.fixture(params=ASKED_FOR)
def abroad(request, app, come_in):
    """A browser that asks for a language, and the page of a made-up person."""
    visit = come_in(app, locale=ASKED_FOR[request.param])
    page = visit.open("/help")
    example = page.locator("form[action='/sample'] button")
    if example.count():
        example.click()
    else:
        page.goto(app.address)
        page.click(".people .name")
    page.wait_for_url("**/people/**")
    return request.param, visit, page


def test_a_patient_reads_no_english_and_keeps_the_chosen_language(abroad, until, fits):
    code, visit, page = abroad
    english, tag = english_of(code), code.replace("_", "-")
    other = "de" if code == "es" else "es"
    person = page.url.removeprefix(visit.app.address)
    for path in ("/", "/help", *(person + part for part in PAGES)):
        page.goto(visit.app.address + path)
        page.wait_for_load_state("networkidle")
        assert page.locator("html").get_attribute("lang") == tag
        left = english & set(page.evaluate(READ))
        assert left <= SAME, (path, left)
        assert fits(page, 390), path
    page.reload()  # with nothing open
    page.locator(".tongues summary").click()
    page.locator(f".tongues button[value={other}]").click()
    until(page, lambda: page.locator("html").get_attribute("lang") == other)
    assert page.url.endswith(person + PAGES[-1]), "it goes back to where it was"
    assert visit.open("/help").locator("html").get_attribute("lang") == other
