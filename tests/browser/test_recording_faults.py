"""What goes wrong while a patient films: the camera, the browser's store, the cookie.

Faults are put into the page before its own script runs. In every case the patient is
told in words, and what was filmed arrives.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

RECORDERS = """
window.recorders = [];
const Plain = window.MediaRecorder;
window.MediaRecorder = class extends Plain {
  constructor(...how) { super(...how); window.recorders.push(this); }
};
"""
"""Notes the recorders of a page, so that a test can reach into them."""

REFUSED = """
IDBObjectStore.prototype.put = () => {
  throw new DOMException("full", "QuotaExceededError");
};
"""
ABORTED = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...what) {
  const request = put.apply(this, what);
  request.addEventListener("success", () => this.transaction.abort());
  return request;
};
"""
"""A full store that takes a chunk and refuses it at the end of the transaction."""

UNPLUGGED = """() => {
  const [track] = document.getElementById("preview").srcObject.getVideoTracks();
  track.stop();
  track.dispatchEvent(new Event("ended"));
}"""
FAILED = "() => { window.recorders.at(-1).dispatchEvent(new Event('error')); }"


@pytest.fixture(scope="module")
def calm_app(
    start_app: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Any:
    """A server whose steps are longer than any of these tests films."""
    return start_app(tmp_path_factory.mktemp("home"), "--step-seconds", "60")


def studio(visit: Any, name: str) -> Any:
    """Enter a person and get ready to film them."""
    page = visit.open("/")
    page.fill("#pseudonym", name)
    page.click("text=Add this person")
    page.click("text=Record now")
    page.wait_for_selector("#begin:enabled", timeout=60_000)
    page.click("#begin")
    page.wait_for_selector("#start:visible", timeout=60_000)
    return page


def film(page: Any, seconds: float) -> None:
    page.click("#start")
    page.wait_for_selector("#pause:visible", timeout=60_000)
    page.wait_for_timeout(1000 * seconds)


def clips_of(app: Any, name: str) -> list[dict[str, Any]]:
    found = (app.home / "app" / "clips").glob("*/clip.json")
    clips = (json.loads(path.read_text(encoding="utf-8")) for path in found)
    mine = (clip for clip in clips if clip["patient_id"] == name)
    return sorted(mine, key=lambda clip: str(clip["started_at"]))


@pytest.mark.parametrize(
    ("fault", "name"),
    [(UNPLUGGED, "cable"), (FAILED, "error")],
    ids=["unplugged", "recorder fails"],
)
def test_a_step_ends_at_once_when_filming_ends_by_itself(
    calm_app: Any,
    come_in: Callable[..., Any],
    until: Callable[..., None],
    fault: str,
    name: str,
) -> None:
    """What was filmed is kept, it is said in words, and the step can be gone on with,
    also with a camera that had to be plugged in again."""
    visit = come_in(calm_app)
    visit.context.add_init_script(RECORDERS)
    page = studio(visit, name)
    film(page, 2.2)
    page.evaluate(fault)
    page.wait_for_selector("#trouble:has-text('Filming stopped unexpectedly')")
    page.wait_for_selector("#start:visible")
    until(page, lambda: [c["state"] for c in clips_of(calm_app, name)] == ["stored"])
    (clip,) = clips_of(calm_app, name)
    assert clip["filmed_s"] > 1
    assert clip["ran_s"] is not None, "how long it was filmed is known"
    assert page.evaluate("document.activeElement.id") == "start"
    assert page.inner_text("#where") == "Step 1 of 10"
    film(page, 1.2)
    assert page.locator("#trouble:visible").count() == 0
    page.click("#pause")
    until(page, lambda: len(clips_of(calm_app, name)) == 2)
    assert visit.errors == []


@pytest.mark.parametrize(
    ("fault", "name"),
    [(REFUSED, "full"), (ABORTED, "abort")],
    ids=["refused at once", "refused at the end"],
)
def test_a_browser_without_room_sends_what_it_cannot_keep(
    calm_app: Any,
    come_in: Callable[..., Any],
    until: Callable[..., None],
    fault: str,
    name: str,
) -> None:
    visit = come_in(calm_app)
    visit.context.add_init_script(fault)
    page = studio(visit, name)
    film(page, 3.2)
    assert "cannot keep video" in page.inner_text("#saved")
    page.click("#pause")
    until(page, lambda: [c["state"] for c in clips_of(calm_app, name)] == ["stored"])
    (clip,) = clips_of(calm_app, name)
    assert clip["filmed_s"] > 2, "every second arrived"
    assert visit.errors == []


def test_a_browser_that_is_not_let_in_any_more_says_what_to_do(
    calm_app: Any, come_in: Callable[..., Any], until: Callable[..., None]
) -> None:
    """A day in the clinic is over in the middle of a step: what was filmed waits, and
    goes on its way when the browser has come in again."""
    visit = come_in(calm_app)
    page = studio(visit, "cookie")
    film(page, 1.2)
    cookies = visit.context.cookies()
    visit.context.clear_cookies()
    saved = page.locator("#saved")
    until(page, lambda: "Open the link" in saved.inner_text(), seconds=20)
    assert "waits in this browser" in saved.inner_text()
    page.wait_for_timeout(2000)
    visit.context.add_cookies(cookies)
    page.click("#pause")
    until(
        page, lambda: [c["state"] for c in clips_of(calm_app, "cookie")] == ["stored"]
    )
    assert clips_of(calm_app, "cookie")[0]["filmed_s"] > 2


def test_a_step_without_a_picture_is_told_and_done_again(
    calm_app: Any, come_in: Callable[..., Any], until: Callable[..., None]
) -> None:
    """A step that ended before its first picture left nothing to be removed; doing it
    again goes back by one step, not by more."""
    visit = come_in(calm_app)
    visit.context.add_init_script(EMPTY)
    page = studio(visit, "short")
    page.click("#skip")
    film(page, 0)
    page.click("#enough")
    page.wait_for_selector("#film-note:has-text('Nothing of this recording')")
    assert clips_of(calm_app, "short") == []
    page.click("#again")
    until(page, lambda: page.inner_text("#where") == "Step 2 of 10")
    assert page.locator("#trouble:visible").count() == 0


EMPTY = """
const Plain = window.MediaRecorder;
window.MediaRecorder = class extends Plain {
  addEventListener(kind, act) {
    super.addEventListener(kind, kind === "dataavailable" ? () => {} : act);
  }
};
"""
"""A recorder that never gives anything out."""
FASTER = """
navigator.mediaDevices.asked = [];
const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (what) => {
  navigator.mediaDevices.asked.push(what);
  return get(what);
};
"""


def test_the_camera_is_asked_for_sixty_pictures_a_second(
    calm_app: Any, come_in: Callable[..., Any]
) -> None:
    visit = come_in(calm_app)
    visit.context.add_init_script(FASTER)
    page = studio(visit, "rate")
    (asked,) = page.evaluate("navigator.mediaDevices.asked")
    assert asked["video"]["frameRate"] == {"ideal": 60}
    assert asked["audio"] is False


def test_a_covered_camera_is_told_until_it_is_open_again(
    calm_app: Any, come_in: Callable[..., Any]
) -> None:
    page = studio(come_in(calm_app), "cover")
    tell = """(name) => {
      const [track] = document.getElementById("preview").srcObject.getVideoTracks();
      track.dispatchEvent(new Event(name));
    }"""
    page.evaluate(tell, "mute")
    page.wait_for_selector("#trouble:has-text('gives no picture')")
    page.evaluate(tell, "unmute")
    page.wait_for_selector("#trouble", state="hidden")


def test_beginning_again_after_a_failure_goes_on_with_the_same_session(
    calm_app: Any, come_in: Callable[..., Any], until: Callable[..., None]
) -> None:
    """The program does not answer at first; the second press of Begin is no reason to
    start from the first step in a new session."""
    visit = come_in(calm_app)
    page = studio(visit, "twice")
    film(page, 1.2)
    page.click("#enough")
    until(page, lambda: [c["state"] for c in clips_of(calm_app, "twice")] == ["stored"])
    page.reload()
    page.wait_for_selector("#begin:enabled", timeout=60_000)
    page.route("**/api/guided/*", lambda route: route.abort(), times=1)
    page.click("#begin")
    page.wait_for_selector("#trouble:has-text('does not answer')")
    page.click("#begin")
    page.wait_for_selector("#start:visible")
    assert page.inner_text("#where") == "Step 2 of 10"
