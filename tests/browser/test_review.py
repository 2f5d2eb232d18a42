"""The review by keyboard, in a real browser, of the example recording.

Six bursts on the right side are logged from ``examples/simulated_spasm.mp4``; its
video is kept by the app as one that was uploaded. Needs Playwright and a Chromium.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
AT = datetime(2026, 5, 1, 18, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def reviewable(
    analysed: Path,
    start_app: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Any:
    """A running app with two persons, of each of whom the example is logged."""
    from twitch_tracker.history import Task
    from twitch_tracker.journal.files.folder import log_folder
    from twitch_tracker.journal.open import open_journal

    home = tmp_path_factory.mktemp("home")
    with open_journal(home) as journal:
        for name in ("anna", "bert"):
            journal.add_patient(name)
            log_folder(
                journal,
                analysed,
                name,
                started_at=AT,
                task=Task.REST,
                allow_other_patient=True,
            )
    return start_app(home)


def begin(visit: Any, recording: str, rater: str, way: str = "open") -> Any:
    page = visit.open(f"/review/{recording}?who=1")
    page.fill("#name", rater)
    page.check(f"[name=way][value={way}]")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready]")
    return page


def give_video(page: Any) -> None:
    page.wait_for_selector("#video:visible, #send-video:visible")
    if page.locator("#video:visible").count() == 0:
        page.set_input_files("#file", str(EXAMPLE))
    page.wait_for_selector("#video:visible")


def said(page: Any, text: str) -> str:
    """Wait until the live region says something."""
    page.wait_for_selector(f"#said:has-text({json.dumps(text)})")
    return str(page.inner_text("#said"))


def shown(page: Any, frame: int) -> None:
    page.wait_for_selector(f'#video[data-shown="{frame}"]')


def press(page: Any, key: str, text: str) -> None:
    page.keyboard.press(key)
    said(page, text)


def test_a_review_by_keyboard_alone_flows_into_progression(
    reviewable: Any, come_in: Callable[..., Any]
) -> None:
    """Confirm four, reject one, trim one, add one and take it back, finish: the
    journal's reviewed history holds exactly that; the detection stays."""
    visit = come_in(reviewable, reduced_motion="reduce")
    page = begin(visit, "1", "Dr A")
    assert page.locator("#bursts .burst").count() == 6
    assert page.inner_text("#left-words") == "6 of 6 are not judged yet."
    press(page, "c", "Confirmed: ")
    page.wait_for_selector("#bursts li:nth-child(2) [aria-current]")
    press(page, "x", "Rejected: ")
    page.wait_for_selector("#bursts li:nth-child(3) [aria-current]")
    press(page, "j", "Burst 4 of 6")
    press(page, "k", "Burst 3 of 6")
    before = page.inner_text("#offset")
    press(page, "o", "changed and confirmed: ")
    assert page.inner_text("#offset") < before
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.inner_text("#left-words") == "3 of 6 are not judged yet."
    assert "Burst" not in page.inner_text("#said")
    press(page, "f", "Not finished: this burst is not judged yet")
    page.wait_for_selector("#bursts li:nth-child(4) [aria-current]")
    for left in (2, 1):
        page.keyboard.press("c")
        page.wait_for_selector(f"#left-words:has-text('{left} of 6')")
    page.keyboard.press("c")
    page.wait_for_selector("#left-words:has-text('Every burst is judged')")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")  # behind the burst: no two overlap
    press(page, "a", "The onset is marked")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    press(page, "a", "added: ")
    assert page.locator("#bursts .burst").count() == 7
    press(page, "u", "Undone: added")
    assert page.locator("#bursts .burst").count() == 6
    press(page, "f", "Finished.")
    assert page.locator("#done").is_visible()

    from twitch_tracker.history import Basis
    from twitch_tracker.journal.open import open_journal
    from twitch_tracker.regions import Side

    with open_journal(reviewable.home) as journal:
        (reviewed,) = journal.history("anna", Basis.REVIEWED).recordings
        (detected,) = journal.history("anna", Basis.DETECTED).recordings
    assert reviewed.basis is Basis.REVIEWED
    assert reviewed.sides[Side.RIGHT].episodes == 5
    assert reviewed.sides[Side.LEFT].episodes == 0
    assert detected.sides[Side.RIGHT].episodes == 6
    shorter = detected.sides[Side.RIGHT].durations_s[[0, 2, 3, 4, 5]]
    change = shorter - reviewed.sides[Side.RIGHT].durations_s
    assert change[1] == pytest.approx(1 / 30, abs=1 / 30)
    assert change[1] > 0
    assert abs(change[[0, 2, 3, 4]]).max() < 1e-6
    assert visit.errors == [], "finishing too early goes to what is left"


def test_the_picture_is_the_one_that_the_cursor_says(
    reviewable: Any, come_in: Callable[..., Any]
) -> None:
    """Step by step, forth and back: the browser tells which picture it shows."""
    visit = come_in(reviewable, reduced_motion="reduce")
    page = begin(visit, "1", "Dr A")
    give_video(page)
    page.locator("#seek").focus()
    page.keyboard.press("Home")
    shown(page, 0)
    page.locator("#bursts .burst").nth(2).click()
    first = int(page.input_value("#seek"))
    shown(page, first)
    for number in range(1, 7):
        page.keyboard.press("ArrowRight")
        shown(page, first + number)
    for number in (5, 4, 3, 2, 1, 0, -1):
        page.keyboard.press("ArrowLeft")
        shown(page, first + number)
    page.keyboard.press("Shift+ArrowRight")
    shown(page, first + 9)
    assert f"picture {first + 10} of 1350" in page.inner_text("#clock")
    press(page, "z", "Zoomed to the face.")
    press(page, "m", "The mesh is shown")
    assert "scale(" in page.evaluate("document.getElementById('frame').style.transform")
    page.keyboard.press("-")
    assert page.inner_text("#speed").startswith("0.5")
    press(page, "l", "The burst is repeated.")
    page.wait_for_timeout(1500)
    press(page, "l", "no longer repeated")
    assert first - 12 <= int(page.input_value("#seek")) <= first + 140
    assert visit.errors == []


def test_two_tabs_see_each_other_and_keys_can_be_switched_off(
    reviewable: Any, come_in: Callable[..., Any]
) -> None:
    visit = come_in(reviewable, reduced_motion="reduce")
    one = begin(visit, "2", "Dr A")
    other = visit.open("/review/2")
    other.wait_for_selector("html[data-ready]")
    press(one, "c", "Confirmed: ")
    press(one, "k", "Burst 1 of 6")
    other.wait_for_selector("#left-words:has-text('5 of 6')")
    press(other, "s", "changed and confirmed: ")
    one.wait_for_selector("#one-name:has-text('left')")
    press(one, "4", "changed and confirmed: ")
    other.wait_for_selector("[name=region][value=brow]:checked")
    assert other.is_checked("[name=side][value=left]")
    other.keyboard.press("n")
    other.keyboard.type("a yawn, c x")
    press(other, "Enter", "Note: ")
    one.wait_for_selector("#one-facts:has-text('a yawn, c x')")
    other.locator("#keys summary").click()
    other.uncheck("#single-keys")
    other.locator("h1").click()
    other.keyboard.press("x")
    other.wait_for_timeout(300)
    assert other.locator(".burst.rejected").count() == 0
    assert visit.errors == []


def acts_of(app: Any, rater: str, count: int) -> list[Any]:
    """Wait until the journal holds so many acts of a rater on recording 2."""
    from twitch_tracker.journal.open import open_journal

    for _ in range(200):
        with open_journal(app.home) as journal:
            acts = list(journal.reviews("2", rater))
        if len(acts) >= count:
            break
        time.sleep(0.05)
    assert len(acts) == count
    return acts


def test_trimming_is_one_act_and_survives_leaving(
    reviewable: Any, come_in: Callable[..., Any]
) -> None:
    """Many presses are shown at once and stored as one act: after a pause, before
    another act, when another burst is chosen, and when the page is left."""
    visit = come_in(reviewable, reduced_motion="reduce")
    page = begin(visit, "2", "Dr T")
    onset, offset = page.inner_text("#onset"), page.inner_text("#offset")
    for key in "oooqq":
        page.keyboard.press(key)
    assert page.inner_text("#said").startswith("Onset at ")
    assert page.inner_text("#offset") < offset, "shown before it is stored"
    said(page, "changed and confirmed: ")
    (act,) = acts_of(reviewable, "Dr T", 1)
    assert act.before.span.end_s - act.after.span.end_s == pytest.approx(0.1, abs=0.02)
    assert act.before.span.start_s - act.after.span.start_s == pytest.approx(
        2 / 30, abs=0.02
    )
    press(page, "u", "Undone: changed")
    assert (page.inner_text("#onset"), page.inner_text("#offset")) == (onset, offset)
    page.keyboard.press("w")
    page.keyboard.press("w")
    page.keyboard.press("c")
    trimmed, confirmed = acts_of(reviewable, "Dr T", 4)[2:]
    assert (trimmed.action, confirmed.action) == ("change", "confirm")
    assert confirmed.before.span == trimmed.after.span
    page.wait_for_selector("#bursts li:nth-child(2) [aria-current]")
    page.keyboard.press("k")
    page.wait_for_selector("#bursts li:nth-child(1) [aria-current]")
    page.keyboard.press("p")
    page.keyboard.press("j")
    page.wait_for_selector("#bursts li:nth-child(2) [aria-current]")
    assert acts_of(reviewable, "Dr T", 5)[-1].key == trimmed.key
    page.keyboard.press("p")
    page.keyboard.press("u")
    said(page, "Undone: changed")
    assert [a.action for a in acts_of(reviewable, "Dr T", 7)[5:]] == ["change", "undo"]
    page.keyboard.press("o")
    page.keyboard.press("o")
    shown_s = float(page.inner_text("#offset").split()[0].split(":")[1])
    page.goto(reviewable.address + "/people/~bert")
    last = acts_of(reviewable, "Dr T", 8)[-1]
    assert last.after.span.end_s % 60 == pytest.approx(shown_s, abs=1e-3)
    assert last.after.span.end_s < last.before.span.end_s
    assert visit.errors == []


def test_a_note_that_is_being_written_stays_with_its_burst(
    reviewable: Any, come_in: Callable[..., Any]
) -> None:
    """Looking at another burst meanwhile neither loses a note nor moves it there, and
    nobody leaves the page by mistake while one is not saved."""
    visit = come_in(reviewable, reduced_motion="reduce")
    page = begin(visit, "2", "Dr N")
    page.keyboard.press("n")
    page.keyboard.type("chewing, j x")
    page.locator("#bursts .burst").nth(1).click()
    assert page.input_value("#note") == ""
    page.locator("#bursts .burst").nth(0).click()
    assert page.input_value("#note") == "chewing, j x"
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.assign('/people/~bert')")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.click("[data-do=save-note]")
    said(page, "Note: ")
    assert page.input_value("#note") == ""
    (act,) = acts_of(reviewable, "Dr N", 1)
    assert act.text == "chewing, j x"
    page.goto(reviewable.address + "/people/~bert")
    assert asked == ["beforeunload"]
    assert visit.errors == []


def test_a_chosen_burst_plays_and_stands_at_its_onset_again(
    reviewable: Any, come_in: Callable[..., Any]
) -> None:
    visit = come_in(reviewable)
    page = begin(visit, "2", "Dr P")
    give_video(page)
    onset = page.inner_text("#clock")
    page.keyboard.press("j")
    page.keyboard.press("k")
    playing = "!document.getElementById('video').paused"
    for _ in range(100):
        if page.evaluate(playing):
            break
        page.wait_for_timeout(50)
    assert page.evaluate(playing), "choosing it plays it"
    for _ in range(200):
        if not page.evaluate(playing) and page.inner_text("#clock") == onset:
            break
        page.wait_for_timeout(50)
    assert page.inner_text("#clock") == onset
    assert visit.errors == []


def test_an_edge_is_dragged_by_the_mouse(
    reviewable: Any, come_in: Callable[..., Any]
) -> None:
    """The hand moves to the right, the offset is later, and that is one act."""
    visit = come_in(reviewable, reduced_motion="reduce")
    page = begin(visit, "2", "Dr D")
    give_video(page)  # moves the timeline
    page.locator("#timeline").scroll_into_view_if_needed()
    before = page.inner_text("#offset")
    box = page.locator("#timeline").bounding_box()
    y = box["y"] + 120
    cursor = "document.getElementById('timeline').style.cursor"
    ends = []
    for x in range(0, int(box["width"]), 4):
        page.mouse.move(box["x"] + x, y)
        if page.evaluate(cursor) == "ew-resize":
            ends.append(x)
    page.mouse.move(box["x"] + ends[-1], y)
    page.mouse.down()
    page.mouse.move(box["x"] + ends[-1] + 40, y, steps=4)
    page.mouse.up()
    said(page, "hanged and confirmed: ")
    assert page.inner_text("#offset") > before
    (act,) = acts_of(reviewable, "Dr D", 1)
    assert act.before.span.start_s == act.after.span.start_s
    assert visit.errors == []


def test_several_at_once_and_only_what_is_listed(
    reviewable: Any, come_in: Callable[..., Any]
) -> None:
    visit = come_in(reviewable, reduced_motion="reduce")
    page = begin(visit, "2", "Dr S")
    page.on("dialog", lambda dialog: dialog.accept())
    count = page.locator("#bursts .burst").count()
    page.select_option("#only-side", "left")
    assert page.locator("#bursts .burst").count() == 1, "the chosen one stays"
    page.select_option("#only-side", "right")
    assert page.locator("#bursts .burst").count() == count
    page.click("[data-do=confirm-all]")
    page.wait_for_selector("#left-words:has-text('Every burst is judged')")
    assert len(acts_of(reviewable, "Dr S", count)) == count
    edge = page.locator("[data-do=offset]").bounding_box()
    page.set_viewport_size({"width": 1440, "height": 900})
    edge = page.locator("[data-do=offset]").bounding_box()
    assert edge["y"] + edge["height"] <= 900, "the edges are on the screen"
    assert visit.errors == []
