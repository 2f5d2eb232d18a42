"""The app in a real browser, before whose camera a simulated patient sits.

The film has bursts on the right side alone. Needs Playwright and a Chromium (its own
or one in the path); skipped otherwise.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from app_pages import bursts, enter_person

pytestmark = pytest.mark.browser


def get_ready(page: Any) -> None:
    """Wait for the camera and begin the session."""
    page.wait_for_selector("#begin:enabled", timeout=60_000)
    page.click("#begin")
    page.wait_for_selector("#start:visible", timeout=60_000)


def run_step(page: Any) -> None:
    """Do the step that is shown, to its end."""
    page.click("#start")
    page.wait_for_selector("#pause:visible", timeout=60_000)
    page.wait_for_selector("#start:visible, #over:visible", timeout=60_000)


def finish(page: Any, until: Callable[..., None]) -> None:
    """Finish the session and wait until every recording is analysed."""
    page.click("#finish:visible, #analyse:visible")
    page.wait_for_url("**/guided/*", timeout=60_000)
    until(page, lambda: page.locator(".under-way").count() == 0, seconds=400)
    page.wait_for_load_state()


def clips_of(app: Any) -> list[dict[str, Any]]:
    found = (app.home / "app" / "clips").glob("*/clip.json")
    return sorted(
        (json.loads(path.read_text()) for path in found), key=lambda c: c["started_at"]
    )


# --- the patient's way --------------------------------------------------------


@pytest.fixture(scope="module")
def long_app(
    start_app: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Any:
    """A server whose guided steps last long enough for several bursts."""
    home = tmp_path_factory.mktemp("long")
    return start_app(home, "--step-seconds", "15")


@pytest.fixture
def long_visit(long_app: Any, come_in: Callable[..., Any]) -> Any:
    return come_in(long_app)


def test_from_the_camera_to_a_result_on_the_right_side(
    long_visit: Any, until: Callable[..., None]
) -> None:
    """Record, upload, analyse: the bursts of the simulated patient are found where
    they are, on the right side, and logged."""
    page = long_visit.open("/")
    enter_person(page, "anna")
    page.click("text=Record now")
    page.wait_for_selector("#begin:enabled", timeout=60_000)
    mirrored = page.evaluate(
        "getComputedStyle(document.getElementById('preview')).transform"
    )
    assert mirrored.startswith("matrix(-1,"), "people know themselves from the mirror"
    good = page.locator(".mirror.good")
    until(page, lambda: good.count() == 1, seconds=60)
    assert page.inner_text("#advice") == "Your face is well in the picture."
    get_ready(page)
    run_step(page)
    page.click("#skip")
    run_step(page)
    finish(page, until)
    assert bursts(page, "right") >= 2
    assert bursts(page, "left") == 0
    clips = clips_of(long_visit.app)
    assert [(c["task"], c["mirrored"]) for c in clips] == [
        ("rest", False),
        ("blinking", False),
    ]
    with sqlite3.connect(long_visit.app.home / "journal.sqlite3") as journal:
        logged = journal.execute("select count(*) from recordings").fetchone()
    assert logged == (2,)
    page.locator(".task summary").first.click()
    page.locator("text=Full report").first.click()
    report = page.frame_locator("iframe.report")
    report.locator("html[data-ready]").wait_for(timeout=60_000)
    assert report.locator("article.card.right").count() >= 1
    page.click("text=Back to the result")
    page.wait_for_url("**/guided/*")
    foreign = [u for u in long_visit.requests if not _own(u, long_visit.app.address)]
    assert foreign == []
    assert long_visit.errors == []


def _own(url: str, address: str) -> bool:
    return url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))


def test_a_server_killed_in_mid_recording_loses_nothing(
    start_app: Callable[..., Any],
    come_in: Callable[..., Any],
    until: Callable[..., None],
    tmp_path: Path,
) -> None:
    """The page records on, keeps what it cannot send, and sends it when the server is
    there again and this browser came by its new link; it need not be loaded again."""
    app = start_app(tmp_path / "home", "--step-seconds", "14")
    visit = come_in(app)
    page = visit.open("/")
    enter_person(page, "anna")
    page.click("text=Record now")
    get_ready(page)
    given: dict[int, bytes] = {}
    page.on("request", lambda request: note_chunk(request, given))
    page.click("#start")
    page.wait_for_selector("#pause:visible", timeout=60_000)
    until(page, lambda: list((app.home / "app" / "clips").glob("*/chunks/[0-9]*")))
    app.kill()
    before = len(given)
    said = page.locator("#saved")
    until(page, lambda: "does not answer" in said.inner_text(), seconds=20)
    again = start_app(app.home, "--step-seconds", "14", port=app.port)
    assert again.address == app.address, "what the browser keeps belongs to the address"
    until(page, lambda: "Open the link" in said.inner_text(), seconds=20)
    link = visit.context.new_page()
    link.goto(again.link)
    link.close()
    page.wait_for_selector("#start:visible", timeout=60_000)
    until(page, lambda: clips_of(again)[0]["state"] == "stored", seconds=60)
    until(page, lambda: "is stored" in said.inner_text())
    (clip,) = clips_of(again)
    video = again.home / "app" / "clips" / clip["clip_id"] / clip["file_name"]
    assert len(given) > before, "it went on recording while the server was away"
    assert sorted(given) == list(range(len(given)))
    assert video.read_bytes() == b"".join(given[index] for index in sorted(given))
    assert page.locator("html").get_attribute("data-waiting") == "0"
    again.stop()


def note_chunk(request: Any, given: dict[int, bytes]) -> None:
    """Note what the browser's recorder gave out, whether or not it arrived."""
    found = re.search(r"/chunks/(\d+)$", request.url)
    if found:
        given[int(found[1])] = request.post_data_buffer


def test_a_page_that_is_loaded_again_goes_on_with_its_session(
    app: Any, come_in: Callable[..., Any], until: Callable[..., None]
) -> None:
    """A crash in the middle of a step keeps what was recorded of it, and the next
    step is offered."""
    visit = come_in(app)
    page = visit.open("/")
    enter_person(page, "reload")
    page.click("text=Record now")
    get_ready(page)
    run_step(page)
    page.click("#start")
    page.wait_for_selector("#pause:visible")
    page.wait_for_timeout(2300)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    get_ready(page)
    assert "interrupted" in page.inner_text("#cue")
    assert page.inner_text("#where") == "Step 3 of 10"
    mine = [c for c in clips_of(app) if c["patient_id"] == "reload"]
    assert [(c["task"], c["state"]) for c in mine] == [
        ("rest", "stored"),
        ("eyes_closed", "stored"),
    ]
    assert len({c["session_id"] for c in mine}) == 1

    # Two tabs at once do not mix.
    other = visit.open("/people/~reload/record")
    get_ready(other)
    assert other.inner_text("#where") == "Step 1 of 10"
    run_step(other)
    mine = [c for c in clips_of(app) if c["patient_id"] == "reload"]
    assert len({c["session_id"] for c in mine}) == 2

    # A paused step is two recordings; one done again leaves nothing of the first.
    other.click("#start")
    other.wait_for_selector("#pause:visible")
    other.wait_for_timeout(1200)
    other.click("#pause")
    other.wait_for_selector("#start:visible")
    assert "Paused" in other.inner_text("#cue")
    run_step(other)
    theirs = [c for c in clips_of(app) if c["session_id"] == mine[-1]["session_id"]]
    assert [c["task"] for c in theirs] == ["rest", "eyes_closed", "eyes_closed"]
    other.click("#again")
    until(other, lambda: other.inner_text("#where") == "Step 2 of 10")
    theirs = [c for c in clips_of(app) if c["session_id"] == mine[-1]["session_id"]]
    assert [c["task"] for c in theirs] == ["rest"]
    assert visit.errors == []
