"""``twitch-tracker app`` with an encrypted journal, as somebody uses it for two days.

The real program in a process of its own, with the real analysis: through the page that
asks for the passphrase, a film that is sent and one that is recorded, a stop, a start, a
kill while it records, and a start. Nothing that is kept can be read without the passphrase,
at any moment.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("cryptography")
pytest.importorskip("sqlcipher3")

from twitch_tracker.encrypted import keys
from twitch_tracker.journal.encrypting.converting import encrypt_journal, plain_files
from twitch_tracker.journal.encrypting.passphrases import new_recovery_code
from twitch_tracker.journal.open import open_journal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="stopped by Ctrl-C"),
]

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
PASSPHRASE = "four words of a test"  # noqa: S105
APP = [sys.executable, "-m", "twitch_tracker.cli.app", "app", "--home"]
DONE_S = 900.0

Start = Callable[[], tuple[subprocess.Popen[str], httpx.Client]]


def environment() -> dict[str, str]:
    """Nothing that says the passphrase, and no browser."""
    kept = {k: v for k, v in os.environ.items() if "PASSPHRASE" not in k}
    return {**kept, "BROWSER": "true", "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "home"
    with open_journal(place) as journal:
        journal.add_patient("anna")
    encrypt_journal(place, PASSPHRASE, new_recovery_code())
    keys.forget_home(place)
    yield place
    keys.forget_home(place)


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Start the app; the browser has come by its link."""
    running: list[subprocess.Popen[str]] = []
    browsers: list[httpx.Client] = []

    def started() -> tuple[subprocess.Popen[str], httpx.Client]:
        program = subprocess.Popen(
            [*APP, str(home)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(),
        )
        running.append(program)
        link = printed_link(program)
        address = link.partition("/open")[0]
        ours = {"Origin": address, "Sec-Fetch-Site": "same-origin"}
        browser = httpx.Client(base_url=address, headers=ours, timeout=300)
        browsers.append(browser)
        browser.get(link)
        return program, browser

    yield started
    for browser in browsers:
        browser.close()
    for program in running:
        program.kill()
        program.wait()
        assert program.stdout is not None
        program.stdout.close()


def printed_link(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    said = []
    for line in program.stdout:
        said.append(line)
        found = re.search(r"http://127\.0\.0\.1:\d+/open\?key=\S+", line)
        if found:
            return found.group()
    raise AssertionError("".join(said))


def unlock(browser: httpx.Client, passphrase: str = PASSPHRASE) -> int:
    return browser.post("/unlock", data={"passphrase": passphrase}).status_code


def stop(program: subprocess.Popen[str]) -> None:
    """Stop it with Ctrl-C, as its own words say."""
    program.send_signal(signal.SIGINT)
    assert program.stdout is not None
    said = program.stdout.read()
    assert program.wait(timeout=120) in {0, 130}
    assert "Traceback" not in said, said


def send_file(browser: httpx.Client) -> str:
    film = EXAMPLE.read_bytes()
    told = {
        "patient_id": "anna",
        "name": "birthday.mp4",
        "size": len(film),
        "media_type": "video/mp4",
        "task": "rest",
        "mirrored": False,
        "started_at": "2026-05-01T10:00:00+02:00",
    }
    clip = browser.post("/api/files", json=told).raise_for_status().json()["clip_id"]
    browser.put(f"/api/clips/{clip}/file", content=film).raise_for_status()
    return str(clip)


def begin_to_record(browser: httpx.Client) -> tuple[str, str]:
    begun = browser.post("/api/guided", json={"patient_id": "anna"})
    session = begun.raise_for_status().json()["session_id"]
    told = {"task": "rest", "media_type": "video/mp4", "device": "camera"}
    clip = browser.post(f"/api/guided/{session}/clips", json=told)
    return str(session), str(clip.raise_for_status().json()["clip_id"])


def record(browser: httpx.Client, clip: str, index: int, second: bytes) -> None:
    told = {"X-Chunk-SHA256": hashlib.sha256(second).hexdigest()}
    place = f"/api/clips/{clip}/chunks/{index}"
    browser.put(place, content=second, headers=told).raise_for_status()


def analysed(browser: httpx.Client, clip: str) -> dict[str, Any]:
    ends_s = time.monotonic() + DONE_S
    while time.monotonic() < ends_s:
        now: dict[str, Any] = browser.get(f"/api/clips/{clip}").json()
        if now["state"] not in {"waiting", "analysing", "stored", "recording"}:
            return now
        time.sleep(0.5)
    raise AssertionError(f"still {now}")


def nothing_can_be_read(home: Path) -> None:
    """No name, no film, no result lies there as it is."""
    assert plain_files(home) == ()
    film = EXAMPLE.read_bytes()
    words = (b"anna", b"birthday", b"onset_s", b"PAR1", b"SQLite", b"<html", film[:40])
    words += (film[500_000:500_040],)
    for path in home.rglob("*"):
        if path.is_file() and not path.name.startswith("twitch-tracker-open-"):
            told = path.read_bytes()
            assert not [word for word in words if word in told], path


def test_two_days_with_an_encrypted_journal(home: Path, start: Start):
    program, browser = start()
    page = browser.get("/")
    assert "The journal is locked" in page.text
    assert "anna" not in page.text
    assert unlock(browser, "some other words") == 403
    assert unlock(browser) == 303
    assert "anna" in browser.get("/").text
    again = subprocess.run(
        [*APP, str(home)],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert "already running" in again.stdout

    film = EXAMPLE.read_bytes()
    half = len(film) // 2
    sent = send_file(browser)
    assert analysed(browser, sent)["state"] == "done"
    assert browser.get(f"/clips/{sent}/report.html").status_code == 200
    nothing_can_be_read(home)
    stop(program)
    nothing_can_be_read(home)

    program, browser = start()
    assert (
        "The journal is locked"
        in browser.get("/people/~anna/all", follow_redirects=True).text
    )
    assert unlock(browser) == 303
    assert "2026" in browser.get("/people/~anna/recordings").text
    assert browser.get(f"/clips/{sent}/report.html").status_code == 200
    assert browser.get("/api/review/1/signals").status_code == 200
    session, cut_off = begin_to_record(browser)
    record(browser, cut_off, 0, film[:half])
    program.kill()
    program.wait()
    nothing_can_be_read(home)

    program, browser = start()
    told = browser.put(f"/api/clips/{cut_off}/chunks/1", content=b"x")
    assert told.status_code == 503, "the browser keeps it until the app is open"
    assert unlock(browser) == 303
    there = browser.get(f"/api/guided/{session}").json()["clips"]
    assert [clip["next"] for clip in there] == [1], "what was acknowledged is there"
    record(browser, cut_off, 1, film[half:])
    browser.post(f"/api/guided/{session}/finish").raise_for_status()
    assert analysed(browser, cut_off)["state"] == "done"
    stop(program)
    nothing_can_be_read(home)
    with open_journal(home, passphrase=PASSPHRASE) as journal:
        assert journal.check() == ()
        assert journal.recordings("anna")
