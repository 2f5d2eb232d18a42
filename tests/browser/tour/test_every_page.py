"""Every page in every state: no barrier, no sideways scrolling, nothing without a name.

A walk goes from state to state in one tab and is looked at after each (`Looker.look`):
axe-core with WCAG 2.2 A and AA and good practice, light and dark; widths from 320 to
1440; focus that is seen and not hidden; headings, landmarks, titles, names of charts.
Needs Playwright and a Chromium (its own or one in the path); skipped otherwise.

    TWITCH_TRACKER_SCREENSHOTS=FOLDER pytest -m browser tests/browser/tour
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from app_pages import HUGE

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is missing")

pytestmark = pytest.mark.browser

Walk = Iterator[str]


# --- walks ----------------------------------------------------------------------


def people(page: Any, parts: Any, world: Any) -> Walk:
    at = parts.settings.address
    page.goto(f"{at}/")
    yield "people"
    page.fill("#pseudonym", "anna")
    page.click("text=Add this person")
    yield "people-taken"
    page.goto(f"{at}/people/~anna")
    yield "person"
    page.goto(f"{at}/people/~nobody yet")
    yield "person-new"
    page.goto(f"{at}/people/~P-017")
    yield "person-long"


def add(page: Any, parts: Any, world: Any) -> Walk:
    page.goto(f"{parts.settings.address}/people/~anna/add")
    yield "add"
    page.evaluate(HUGE)
    page.wait_for_selector("#said:has-text('MB')")
    yield "add-too-large"


def results(page: Any, parts: Any, world: Any) -> Walk:
    at = parts.settings.address
    for name in ("right", "none", "dark", "failed", "endless"):
        page.goto(f"{at}/clips/{world.clips[name]}")
        yield f"result-{name}"


def diary(page: Any, parts: Any, world: Any) -> Walk:
    at = parts.settings.address
    page.goto(f"{at}/people/~nobody yet/diary")
    yield "diary"
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.fill("#on", "1999-01-01")
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.fill("#sleep_hours", "30")
    page.click("button.main")
    page.wait_for_load_state()
    yield "diary-error"
    page.goto(f"{at}/people/~nobody yet/diary")
    page.check("[name=twitching][value='2']")
    page.click("summary:has-text('More')")
    page.locator(".slider input[type=range]").first.focus()
    page.keyboard.press("ArrowRight")
    page.fill("#sleep_hours", "7")
    page.click("button.main")
    page.wait_for_url("**saved=diary")
    yield "person-saved"
    page.goto(f"{at}/people/~bert/days")
    yield "days-none"
    page.goto(f"{at}/people/~P-017/days")
    yield "days"
    page.click(".entries >> text=Change >> nth=0")
    yield "diary-change"
    page.go_back()
    page.click(".entries >> text=Remove >> nth=0")
    yield "days-remove"


def treatments(page: Any, parts: Any, world: Any) -> Walk:
    at = parts.settings.address
    page.goto(f"{at}/people/~bert/treatments")
    yield "treatments-none"
    page.fill("#on", "2025-02-10")
    page.fill("#units", "-25")
    page.click("text=Enter this treatment")
    page.wait_for_selector("#p-units")
    yield "treatments-error"
    page.goto(f"{at}/people/~P-017/treatments")
    yield "treatments"
    page.click(".entries >> text=Change >> nth=0")
    yield "treatment-change"
    page.go_back()
    page.click(".entries >> text=Remove >> nth=0")
    yield "treatment-remove"


def course(page: Any, parts: Any, world: Any) -> Walk:
    at = parts.settings.address
    for person, state in (("nobody yet", "none"), ("bert", "one"), ("P-017", "")):
        page.goto(f"{at}/people/~{person}/progress")
        page.wait_for_selector("#course[data-ready=yes]")
        if state:
            yield f"course-{state}"
    page.locator(".walker").first.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("#reading:visible")
    yield "course-long"
    page.goto(
        f"{at}/people/~P-017/progress?measure=median_duration_s&measure=blinks_per_min"
    )
    page.wait_for_selector("#course[data-ready=yes]")
    assert page.locator(".charts figure:visible").count() >= 2, "what was chosen"
    yield "course-chosen"
    page.goto(
        f"{at}/people/~P-017/recordings?kind=rest&first=2022-03-01&last=2022-05-01"
    )
    yield "behind"


def compare(page: Any, parts: Any, world: Any) -> Walk:
    at = parts.settings.address
    page.goto(f"{at}/people/~nobody yet/compare")
    yield "compare-none"
    page.goto(f"{at}/people/~anna/compare")
    yield "compare-films"
    page.goto(f"{at}/people/~P-017/compare")
    yield "compare"
    page.fill("#second", "2024-01-07")
    page.click("form button:has-text('Compare')")
    page.wait_for_selector(".problem")
    yield "compare-error"
    page.goto(f"{at}/people/~P-017/export")
    yield "export"
    for person, state in (("nobody yet", "-none"), ("anna", "-film"), ("P-017", "")):
        page.goto(f"{at}/people/~{person}/visit")
        yield f"visit{state}"
    page.goto(f"{at}/help")
    yield "help"
    page.goto(f"{at}/people/~P-017/changes")
    yield "changes"
    page.goto(f"{at}/people/~nobody yet/changes")
    yield "changes-none"


def review(page: Any, parts: Any, world: Any) -> Walk:
    at = parts.settings.address
    page.goto(f"{at}/people/~nobody yet/review")
    yield "review-list-none"
    page.goto(f"{at}/people/~anna/agreement")
    yield "agreement-none"
    page.goto(f"{at}/review/{world.recordings['alone']}")
    yield "rater"
    page.fill("#name", "Dr A")
    page.click("button.main")
    page.wait_for_selector("html[data-ready]")
    page.wait_for_selector("#video:visible")
    page.wait_for_selector("#video[data-shown]")
    yield "review"
    page.keyboard.press("j")
    page.wait_for_selector("#said:has-text('Burst 2')")
    page.keyboard.press("c")
    page.wait_for_selector("#said:has-text('confirmed')")
    yield "review-burst"
    page.keyboard.press("f")
    page.wait_for_selector("#said:has-text('not judged yet')")
    page.evaluate("document.getElementById('keys').open = false")
    page.locator("h1").click()
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    yield "review-help"
    for left in range(4, 0, -1):
        page.keyboard.press("c")
        page.wait_for_selector(f"#left-words:has-text('{left} of 6')")
    page.keyboard.press("c")
    page.wait_for_selector("#left-words:has-text('Every burst is judged')")
    page.keyboard.press("f")
    page.wait_for_selector("#done:visible")
    yield "review-finished"
    page.goto(f"{at}/people/~bert/agreement")
    yield "agreement"
    page.goto(f"{at}/review/{world.recordings['alone']}/agreement")
    yield "agreement-one"
    page.goto(f"{at}/people/~anna/review")
    yield "review-list"
    page.goto(f"{at}/people/~P-017/review")
    yield "review-list-long"
    page.goto(f"{at}/review/{world.recordings['none']}")
    page.wait_for_selector("html[data-ready]")
    yield "review-no-video"


def corrections(page: Any, parts: Any, world: Any) -> Walk:
    """Everything that was entered, where it is put right or removed."""
    at = parts.settings.address
    right = world.recordings["right"]
    page.goto(f"{at}/people/~P-017/all")
    yield "all"
    page.goto(f"{at}/recordings/{right}/change")
    yield "correct"
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.fill("#when", "2999-01-01T10:00")
    page.locator("main form button", has_text="Save").first.click()
    page.wait_for_selector("[aria-invalid=true], .problem")
    yield "correct-error"
    page.goto(f"{at}/clips/{world.clips['failed']}/change")
    yield "correct-failed"
    page.goto(f"{at}/recordings/{right}/remove")
    yield "remove-recording"
    page.goto(f"{at}/people/~anna/settings")
    yield "settings"
    page.locator("main form").last.locator("button").click()
    page.wait_for_selector("[aria-invalid=true], .problem")
    yield "settings-error"
    page.goto(f"{at}/clips/{world.clips['right']}/report")
    page.wait_for_selector("iframe")
    yield "report"


def other_ways(page: Any, parts: Any, world: Any) -> Walk:
    """A phone and a folder as cameras; neither is opened here."""
    at = parts.settings.address
    page.goto(f"{at}/people/~anna/phone")
    yield "phone"
    page.goto(f"{at}/people/~anna/inbox")
    yield "inbox"
    page.goto(f"{at}/people/~bert/record?form=short")
    page.wait_for_selector("#begin:enabled")
    yield "record-short"


def errors(page: Any, parts: Any, world: Any) -> Walk:
    at = parts.settings.address
    page.goto(f"{at}/people/~who")
    yield "error-unknown-person"
    page.goto(f"{at}/nowhere")
    yield "error-not-found"
    page.goto("about:blank")
    page.set_content(
        f'<form method="post" action="{at}/people"><button>go</button></form>'
    )
    with page.expect_navigation():
        page.click("button")
    yield "error-refused-origin"


def first_time(page: Any, empty: Any, world: Any) -> Walk:
    """Somebody without the link, and then with it, where nobody was before."""
    at = empty.settings.address
    page.goto(f"{at}/")
    yield "refused-no-link"
    page.goto(f"{at}/open?key=used")
    yield "refused-used-link"
    page.goto(f"{at}/open?key={empty.door.make_key()}")
    page.wait_for_url(f"{at}/")
    yield "people-empty"


def no_camera(page: Any, parts: Any, world: Any) -> Walk:
    """The page of the session while the browser asks, and after a no."""
    at = parts.settings.address
    for answer, state in (("pending", "asked"), ("no", "refused")):
        page.goto(f"{at}/people/~bert/record#{answer}")
        page.reload()
        if state == "refused":
            page.wait_for_selector("#trouble:visible")
        yield f"record-{state}"
    page.goto(f"{at}/people/~bert")


CAMERA = """
const real = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
if (real) navigator.mediaDevices.getUserMedia = (wish) => {
    if (location.hash === "#pending") return new Promise(() => {});
    if (location.hash === "#no") return Promise.reject(new DOMException("", "NotAllowedError"));
    return real(wish);
};
"""


def recording(page: Any, parts: Any, world: Any) -> Walk:
    at = parts.settings.address
    page.goto(f"{at}/people/~anna/record")
    page.wait_for_selector("#begin:enabled")
    page.wait_for_selector(".mirror.good")
    yield "record-ready"
    page.click("#begin")
    page.wait_for_selector("#start:visible")
    yield "record-step"
    page.click("#start")
    page.wait_for_selector("#pause:visible")
    page.wait_for_timeout(1500)
    yield "record-running"
    page.click("#pause")
    page.wait_for_selector("#start:visible")
    yield "record-paused"
    page.click("#start")
    page.wait_for_selector("#enough:visible")
    page.wait_for_timeout(1200)
    page.click("#enough")
    page.wait_for_selector("#again:visible")
    yield "record-next-step"
    for _ in range(6):
        page.click("#skip")
    yield "record-reading"
    page.click("#skip")
    yield "record-speaking"
    for _ in range(2):
        page.click("#skip")
    page.wait_for_selector("#over:visible")
    yield "record-over"
    # The endless one must not keep this session's result from being shown.
    parts.analyses.cancel(world.clips["endless"])
    page.click("#analyse")
    page.wait_for_url("**/guided/*")
    page.wait_for_selector(".result, .headline")
    yield "session-result"


WALKS = (
    people, add, results, diary, treatments, course, compare, review, corrections,
    other_ways, errors, no_camera, recording,
)  # fmt: skip


@pytest.mark.parametrize("walk", WALKS, ids=[walk.__name__ for walk in WALKS])
def test_no_barrier_in_any_state(
    walk: Callable[..., Walk], looker: Any, tab: Any, parts: Any, world: Any
) -> None:
    if walk is no_camera:
        tab.add_init_script(CAMERA)
    walk_and_look(walk(tab, parts, world), looker)


def test_no_barrier_the_first_time(
    looker: Any, tab: Any, empty: Any, world: Any
) -> None:
    walk_and_look(first_time(tab, empty, world), looker)


def walk_and_look(walk: Walk, looker: Any) -> None:
    looker.wrong.clear()
    for state in walk:
        looker.look(state)
    assert looker.wrong == [], "\n".join(str(wrong) for wrong in looker.wrong)


def test_titles_tell_pages_apart(looker: Any) -> None:
    """States of one page share its title; two pages of one person never do."""
    page_of = {
        state: state.split("-")[0] for s in looker.titles.values() for state in s
    }
    shared = {
        title: states
        for title, states in looker.titles.items()
        if len({page_of[state] for state in states}) > 1
    }
    assert shared == {}
