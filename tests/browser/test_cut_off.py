"""Cut off in mid-recording: how many seconds are lost, at most two.

A second of film leaves the browser's recorder at a time, so what a crash can take is
what the recorder still held and what was on its way. Lost is what comes after the last
picture that was kept; pictures that a busy computer leaves out before are another matter
(`app.recording.trouble.filming`).
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twitch_tracker.video.timing import measure_duration_s

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is missing")

pytestmark = pytest.mark.browser

MOST_LOST_S = 2.0
FILMED_S = 4.5
STEP_S = "60"

CLOCK = """
const Plain = window.MediaRecorder;
window.MediaRecorder = class extends Plain {
  start(...how) {
    this.addEventListener("start", () => { window.began = performance.now(); });
    super.start(...how);
  }
};
"""
"""Notes when the recorder began, by the page's own clock."""


@pytest.fixture
def recording(
    start_app: Callable[..., Any], come_in: Callable[..., Any], tmp_path: Path
) -> tuple[Any, Any]:
    """A visit and its page, which has been filming for some seconds."""
    visit = come_in(start_app(tmp_path / "home", "--step-seconds", STEP_S))
    visit.context.add_init_script(CLOCK)
    page = visit.open("/")
    page.fill("#pseudonym", "anna")
    page.click("text=Add this person")
    page.click("text=Record now")
    page.wait_for_selector("#begin:enabled", timeout=60_000)
    page.click("#begin")
    page.click("#start")
    page.wait_for_selector("#pause:visible", timeout=60_000)
    while so_far_s(page) < FILMED_S:
        page.wait_for_timeout(50)
    return visit, page


def so_far_s(page: Any) -> float:
    """How long the recorder has run."""
    return float(page.evaluate("(performance.now() - window.began) / 1000"))


def clip_of(app: Any) -> tuple[dict[str, Any], Path]:
    (path,) = (app.home / "app" / "clips").glob("*/clip.json")
    return json.loads(path.read_text(encoding="utf-8")), path.parent


def check_lost(ran_s: float, film: Path, what: str) -> None:
    kept_s = measure_duration_s(film)
    lost_s = ran_s - kept_s
    print(f"{what}: {lost_s:.2f} s lost of {ran_s:.2f} s")
    assert lost_s <= MOST_LOST_S, f"{what}: {lost_s:.2f} s lost of {ran_s:.2f} s"
    assert kept_s <= ran_s + 0.5, "a film cannot be longer than its recording"


def crash(browser: Any) -> None:
    """End the process that films, as the system does when memory is short."""
    asked = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    tabs = [p for p in asked["processInfo"] if p["type"] == "renderer"]
    os.kill(max(tabs, key=lambda tab: tab["cpuTime"])["id"], signal.SIGTERM)


def test_a_killed_server_has_all_but_two_seconds_on_its_disk(
    recording: tuple[Any, Any], tmp_path: Path
) -> None:
    """Though the browser never comes back: what is on the disk is a film."""
    visit, page = recording
    ran_s = so_far_s(page)
    visit.app.kill()
    page.close(run_before_unload=False)
    _, folder = clip_of(visit.app)
    kept = tmp_path / "kept.webm"
    pieces = sorted((folder / "chunks").glob("[0-9]*"))
    assert [piece.name for piece in pieces] == [f"{n:06d}" for n in range(len(pieces))]
    kept.write_bytes(b"".join(piece.read_bytes() for piece in pieces))
    check_lost(ran_s, kept, "server killed")


@pytest.mark.parametrize("how", ["closed", "crashed"])
def test_a_tab_that_is_gone_loses_two_seconds_at_most(
    recording: tuple[Any, Any], browser: Any, until: Callable[..., None], how: str
) -> None:
    """What the recorder had handed out is sent when the person comes back, and the
    session can be finished without a camera."""
    visit, page = recording
    ran_s = so_far_s(page)
    if how == "closed":
        page.close(run_before_unload=False)
    else:
        with page.expect_event("crash"):
            crash(browser)
    again = visit.open("/people/~anna")
    assert "is not finished" in again.inner_text("main")
    again.click("text=Finish and analyse")
    again.wait_for_url("**/guided/*", timeout=60_000)
    until(again, lambda: clip_of(visit.app)[0]["filmed_s"] is not None)
    clip, folder = clip_of(visit.app)
    check_lost(ran_s, folder / clip["file_name"], f"tab {how}")
    assert clip["ran_s"] is None, "nobody claims to know how long the step ran"
    assert "of this step" not in again.inner_text("main")
