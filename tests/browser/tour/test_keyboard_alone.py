"""Everything that matters by the keyboard alone, in Chromium and in Firefox.

A session to its result and the diary, a review, a correction, a course. Nothing is clicked, filled in
or focused by script: Tab, Enter, Space, letters and arrow keys do it all, as they must
for somebody who cannot use a mouse (WCAG 2.1.1). Firefox is driven by its own protocol
(`helpers.bidi`); where none is installed its half is skipped.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOCUSED = """(() => {
    const { activeElement: at } = document;
    return { id: at.id, type: at.type ?? "", kind: at.className.toString(),
        name: (at.getAttribute("aria-label") ?? at.innerText ?? "").trim() };
})()"""

LISTEN = """(() => {
    const live = "[role=status], [role=alert], [aria-live], output";
    window.heard = [];
    for (const part of document.querySelectorAll(live)) {
        if (part.ariaLive === "off") continue;
        const note = () => window.heard.push(part.id + ": " + part.textContent);
        new MutationObserver(note).observe(part, { childList: true, characterData: true, subtree: true });
    }
    return true;
})()"""

SHOWN = "[...document.querySelectorAll({what!r})].some((e) => e.checkVisibility())"


class Chromium:
    """The tour's tab, as fingers use it."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self.goto, self.ask = page.goto, page.evaluate
        self.press, self.write = page.keyboard.press, page.keyboard.type


class Keys:
    """Fingers on a keyboard, and eyes on what comes of it."""

    def __init__(self, window: Any, name: str, address: str) -> None:
        self.window, self.name, self.address = window, name, address
        self.pressed = 0

    def open(self, path: str) -> None:
        """Open a page by its address; a way in that everybody has."""
        self.window.goto(self.address + path)

    def until(self, script: str) -> None:
        """Wait until something is true on the page, whichever page it is by then."""
        for _ in range(1800):
            # An error says that the page is just being left.
            with contextlib.suppress(Exception):
                if self.window.ask(script):
                    return
            time.sleep(0.1)
        raise AssertionError(f"{self.name}: it never became true: {script}")

    def see(self, what: str) -> None:
        """Wait until an element is to be seen."""
        self.until(SHOWN.format(what=what))

    def arrive(self, part: str) -> None:
        """Wait for a page whose address holds this."""
        self.until(
            f"location.href.includes({part!r}) && document.readyState === 'complete'"
        )

    def press(self, key: str) -> None:
        self.window.press(key)
        self.pressed += 1

    def tab_to(self, is_it: Any) -> None:
        passed = []
        for _ in range(160):
            at = self.window.ask(FOCUSED)
            if is_it(at):
                return
            passed.append(at["id"] or at["name"][:30])
            self.press("Tab")
        where = self.window.ask("location.href")
        raise AssertionError(f"{self.name}: not reached by Tab: {where} {passed[:60]}")

    def go_to(self, wanted: str) -> None:
        """Press Tab until a thing of this id, or whose text begins so, has the focus."""
        self.tab_to(lambda at: at["id"] == wanted or at["name"].startswith(wanted))

    def go_on_to(self, kind: str) -> None:
        """Press Tab until an input of this kind has the focus."""
        self.tab_to(lambda at: at["type"] == kind)

    def take(self, wanted: str, key: str = "Enter") -> None:
        self.go_to(wanted)
        self.press(key)


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def keys(
    request: pytest.FixtureRequest,
    parts: Any,
    tmp_path_factory: pytest.TempPathFactory,
    helper_of: Any,
) -> Iterator[Keys]:
    """Fingers in a browser that came in by the link."""
    address = parts.settings.address
    if request.param == "chromium":
        browser = request.getfixturevalue("browser")
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(f"{address}/open?key={parts.door.make_key()}")
        yield Keys(Chromium(page), "chromium", address)
        context.close()
        return
    bidi = helper_of(str(Path(__file__).parents[2] / "helpers" / "bidi.py"))
    if bidi.firefox() is None:
        pytest.skip("no Firefox to test with")
    window = bidi.Firefox(tmp_path_factory.mktemp("firefox"))
    window.size(1280, 900)
    window.goto(f"{address}/open?key={parts.door.make_key()}")
    yield Keys(window, "firefox", address)
    window.close()


@pytest.fixture
def free_queue(parts: Any, world: Any) -> Iterator[None]:
    """Let the analysis that never ends step aside for a while."""
    endless = world.clips["endless"]
    parts.analyses.cancel(endless)
    yield
    parts.analyses.submit(endless)


@pytest.mark.usefixtures("free_queue")
def test_from_recording_to_result_to_diary(keys: Keys, parts: Any) -> None:
    person = {"chromium": "bert", "firefox": "nobody yet"}[keys.name]
    keys.open("/")
    keys.take(person)
    keys.until(f"document.querySelector('h1')?.innerText === {person!r}")
    keys.take("Record now")
    keys.see("#begin:enabled")
    keys.take("begin")
    keys.see("#start")
    keys.take("start")
    keys.see("#pause")
    assert keys.window.ask(FOCUSED)["id"] == "pause"
    keys.window.ask(LISTEN)
    time.sleep(3)
    heard = keys.window.ask("window.heard")
    often = Counter(said.partition(":")[0] for said in heard)
    assert max(often.values(), default=0) <= 2, f"a reader would not rest: {heard}"
    keys.take("enough")
    keys.see("#again")
    assert keys.window.ask(FOCUSED)["id"] == "h-step", "the step is told"
    keys.take("finish")
    keys.arrive("/guided/")
    keys.see("#card .headline")
    keys.take("Rest")
    keys.see(".clip[open] .headline")
    told = keys.window.ask("document.querySelector('.clip .headline').innerText")
    assert "6 on the right side" in told
    keys.take("How was today?")
    keys.arrive("/diary")
    keys.go_on_to("radio")
    keys.press("Space")
    for _ in range(2):
        keys.press("ArrowRight")
    keys.go_on_to("checkbox")
    keys.press("Space")
    keys.take("More: stress")
    keys.go_to("on")
    keys.go_on_to("range")
    keys.press("ArrowRight")
    told = keys.window.ask("document.querySelector('.slider output').innerText")
    assert told == "6"
    keys.take("Save")
    keys.arrive("saved=diary")
    told = keys.window.ask("document.querySelector('.said.done').innerText")
    assert told == "The diary is saved. Thank you."
    with parts.journal() as journal:
        entry = journal.diary(person)[-1]
    assert (entry.twitching, entry.stress) == (2.0, 6.0)
    assert (entry.pain, entry.ear_noise) == (1.0, 0.0), "one ticked, the others not"


def test_a_review_from_the_list_to_its_end(keys: Keys, parts: Any, world: Any) -> None:
    rater, recording = f"Dr {keys.name}", world.recordings["right"]
    keys.open("/people/~anna")
    keys.take("Review")
    keys.arrive("/review")
    keys.go_to("1 May 2026")
    keys.press("Enter")
    keys.arrive(f"/review/{recording}")
    keys.go_to("name")
    keys.press("Control+a")
    keys.window.write(rater)
    keys.press("Enter")
    keys.see("#video[data-shown]")
    keys.until("document.documentElement.dataset.ready")
    keys.pressed = 0
    for left in range(5, -1, -1):
        keys.press("x" if left == 0 else "c")
        words = f"{left} of 6" if left else "Every burst is judged"
        keys.until(
            f"document.getElementById('left-words').innerText.includes({words!r})"
        )
    keys.press("f")
    keys.see("#done")
    assert keys.pressed == 7, "one key a burst, and one for the end"
    with parts.journal() as journal:
        assert rater in journal.recording(recording).reviewed_by


def test_a_recording_is_corrected(keys: Keys, parts: Any) -> None:
    camera = f"camera of {keys.name}"
    keys.open("/people/~anna")
    keys.take("All ")
    keys.arrive("/all")
    keys.take("Correct")
    keys.arrive("/change")
    keys.go_to("device")
    keys.press("Control+a")
    keys.window.write(camera)
    keys.take("Save")
    keys.arrive("said=")
    with parts.journal() as journal:
        found = [r.device for r in journal.recordings("anna")]
    assert camera in found


def test_a_course_is_read(keys: Keys) -> None:
    keys.open("/people/~P-017")
    keys.take("Course over time")
    keys.arrive("/progress")
    keys.see("#course[data-ready=yes] .chart")
    keys.take("Choose what is shown")
    keys.go_to("kind")
    keys.tab_to(lambda at: "walker" in at["kind"])
    keys.press("ArrowLeft")
    keys.see("#reading")
    told = keys.window.ask("document.getElementById('reading').innerText")
    assert "Left" in told
    keys.press("Enter")
    keys.arrive("/recordings?")
