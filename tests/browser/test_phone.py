"""A phone is the camera: Chromium made to look like one, with a fake camera.

The computer's page shows a code; the phone reads it off the screen, warns, connects,
films and sends. Needs Playwright and a Chromium; skipped otherwise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is missing")

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
}


@pytest.fixture(scope="module")
def app(start_app: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server whose door for a phone is open, on this computer alone."""
    home = tmp_path_factory.mktemp("phone")
    return start_app(
        home,
        "--step-seconds",
        "15",
        "--phone-address",
        "127.0.0.1",
        "--phone-port",
        "0",
    )


@pytest.fixture
def pairing(app: Any, come_in: Callable[..., Any]) -> Any:
    """The computer's page for a phone, with a code on it."""
    visit = come_in(app, viewport={"width": 1440, "height": 900})
    page = visit.open("/people/~anna/phone")
    if page.locator("h1:has-text('Not found')").count():
        page.goto(f"{app.address}/")
        page.fill("#pseudonym", "anna")
        page.click("text=Add this person")
        page.click("nav.ways >> text=Film with a phone")
    for words in ("Disconnect", "Show the code", "Show another code"):
        button = page.locator(f"button:text-is('{words}')")
        if button.count():
            button.click()
    page.wait_for_selector(".pairing")
    return page


@pytest.fixture
def phone(browser: Any) -> Iterator[Any]:
    """A phone whose owner goes on after the warning."""
    context = browser.new_context(ignore_https_errors=True, **PHONE)
    context.set_default_timeout(120_000)
    yield context
    context.close()


def scanned(pairing: Any, tmp_path: Path) -> str:
    """Read the code off the screen, as the camera of a phone does."""
    import cv2

    shot = tmp_path / "screen.png"
    pairing.locator(".picture").screenshot(path=str(shot))
    text, *_ = cv2.QRCodeDetector().detectAndDecode(cv2.imread(str(shot)))
    return str(text)


def connect(phone: Any, link: str) -> Any:
    page = phone.new_page()
    page.said = []
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.said.append(request.url))
    page.goto(link)
    page.wait_for_selector("html[data-ready]")
    page.click("#connect")
    page.wait_for_selector("text=This phone is the camera")
    return page


def test_a_phone_warns_of_a_certificate_that_it_does_not_know(
    pairing: Any, browser: Any, tmp_path: Path
) -> None:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    with pytest.raises(sync_api.Error, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(scanned(pairing, tmp_path))
    context.close()


def test_from_the_code_on_the_screen_to_a_result(
    app: Any,
    pairing: Any,
    phone: Any,
    until: Callable[..., None],
    barriers: Callable[..., list[Any]],
    fits: Callable[[Any, int], bool],
    tmp_path: Path,
) -> None:
    """Scan, agree, compare the number, film a step, read the result at the computer."""
    link = scanned(pairing, tmp_path)
    assert re.fullmatch(r"https://127\.0\.0\.1:\d+/#[A-Z2-9]{10}", link)
    for width in (390, 1440):
        assert fits(pairing, width)
    assert barriers(pairing) == []
    waiting = phone.new_page()
    waiting.goto(link)
    waiting.wait_for_selector("html[data-ready]")
    assert "#" not in waiting.url, "the code does not stay in the history"
    assert waiting.evaluate("isSecureContext")
    assert barriers(waiting) == []
    assert fits(waiting, 390)
    waiting.close()

    page = connect(phone, link)
    number = page.inner_text(".number")
    pairing.wait_for_selector(f".number:text-is('{number}')", timeout=60_000)
    assert "Android, Chrome" in pairing.inner_text("main")
    assert barriers(page) == []
    assert barriers(pairing) == []

    page.click("text=Record now")
    page.wait_for_selector("#begin:enabled", timeout=60_000)
    until(page, lambda: page.locator(".mirror.good").count() == 1, seconds=120)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.click("#begin")
    page.click("#start")
    page.wait_for_selector("#pause:visible", timeout=60_000)
    box = page.locator("#pause").bounding_box()
    assert box["y"] + box["height"] <= 844, "what can be pressed is on the screen"
    page.wait_for_selector("#start:visible", timeout=120_000)
    page.click("#finish")
    page.wait_for_url("**/done")
    assert barriers(page) == []
    pairing.wait_for_selector("text=To the newest session from the phone")
    pairing.click("text=To the newest session from the phone")
    until(pairing, lambda: pairing.locator(".under-way").count() == 0, seconds=400)
    pairing.wait_for_load_state()
    bursts = {
        side: int(
            pairing.locator(f".side.{side} [data-field=bursts]").first.text_content()
        )
        for side in ("left", "right")
    }
    assert bursts["left"] == 0
    own = (link.partition("#")[0], "data:", "blob:")
    assert [said for said in page.said if not said.startswith(own)] == []
    if pairing.locator("text=too few pictures a second").count():
        pytest.skip("this computer is too busy to film: too few pictures a second")
    assert bursts["right"] >= 1


def test_several_files_are_sent_and_each_is_told(
    app: Any, pairing: Any, phone: Any, fits: Callable[[Any, int], bool], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film at all")
    page = connect(phone, scanned(pairing, tmp_path))
    page.click("text=Send videos of this phone")
    page.set_input_files("#file", [str(EXAMPLE), str(broken)])
    page.check("input[name=mirrored][value=no]")
    page.select_option("#task", "rest")
    assert fits(page, 390)
    page.click("#send")
    page.wait_for_selector("#said:has-text('1 of 2 videos were sent')")
    states = page.locator("#files .state").all_text_contents()
    assert states[0] == "sent"
    assert "not a readable video" in states[1]
    clips = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in (app.home / "app" / "clips").glob("*/clip.json")
    ]
    sent = [clip for clip in clips if clip["sent_name"] == EXAMPLE.name]
    assert [clip["patient_id"] for clip in sent] == ["anna"]


def test_disconnected_in_mid_recording_nothing_is_lost(
    app: Any, pairing: Any, phone: Any, until: Callable[..., None], tmp_path: Path
) -> None:
    """The phone says so, films on, and sends what waits when it is connected anew."""
    page = connect(phone, scanned(pairing, tmp_path))
    page.click("text=Record now")
    page.wait_for_selector("#begin:enabled", timeout=60_000)
    page.click("#begin")
    page.click("#start")
    page.wait_for_selector("#pause:visible", timeout=60_000)
    pairing.wait_for_selector("button:text-is('Disconnect')")
    pairing.click("button:text-is('Disconnect')")
    page.wait_for_selector("#saved:has-text('not connected')", timeout=60_000)
    pairing.click("button:text-is('Show the code')")
    pairing.wait_for_selector(".pairing")
    connect(phone, scanned(pairing, tmp_path)).close()
    page.wait_for_selector(
        "#saved:has-text('Everything recorded so far is stored.')", timeout=120_000
    )
    page.wait_for_selector("#start:visible", timeout=120_000)
    page.click("#finish")
    page.wait_for_url("**/done")
    assert page.evaluate("document.documentElement.dataset.waiting ?? '0'") == "0"
