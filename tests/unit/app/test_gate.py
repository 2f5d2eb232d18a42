"""An encrypted journal behind the app: nothing before the passphrase, all after it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

pytest.importorskip("cryptography")
pytest.importorskip("sqlcipher3")

from twitch_tracker.app import server
from twitch_tracker.app.door import Door
from twitch_tracker.app.entrance.gate import Gate
from twitch_tracker.app.recording.clips import ClipState
from twitch_tracker.app.recording.receiving import finish_recording, put_chunk
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.app.state import AppState
from twitch_tracker.batch import Job, JobResult, Status
from twitch_tracker.encrypted import keys
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.history import Task
from twitch_tracker.journal.encrypting import passphrases
from twitch_tracker.journal.encrypting.converting import encrypt_journal, plain_files
from twitch_tracker.journal.open import open_journal
from twitch_tracker.records import Session
from twitch_tracker.video.files import hash_file

PASSPHRASE = "correct horse battery"  # noqa: S105


@pytest.fixture
def home(
    tmp_path: Path, empty_journal: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    monkeypatch.setattr(passphrases, "_COST_LOG2", 4)
    with open_journal(tmp_path) as journal:
        journal.add_patient("anna")
    encrypt_journal(tmp_path, PASSPHRASE, passphrases.new_recovery_code())
    keys.forget_home(tmp_path)
    yield tmp_path
    keys.forget_home(tmp_path)


@pytest.fixture
def gate(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    made_session: Callable[..., Session],
    run_app: Callable[..., str],
) -> Iterator[Gate]:
    def work(job: Job, _tell: object, _cancelled: object) -> JobResult:
        job.folder.mkdir(exist_ok=True)
        digest = hash_file(job.video)
        write_tables(job.folder, made_session(job.video.name, digest))
        write_whole(job.folder / "report.html", "<h1>report</h1>")
        return JobResult(job=job, status=Status.DONE, summary={})

    real = server.create_app
    monkeypatch.setattr(
        server, "create_app", lambda *a, **k: real(*a, **{**k, "work": work})
    )
    bound = server.bind("127.0.0.1", 0)
    port = bound.getsockname()[1]
    settings = AppSettings(home=home, port=port, spare_bytes=0)
    settings.folder.mkdir(exist_ok=True)
    door = Door()
    with ExitStack() as kept:
        gate = Gate(
            settings,
            door,
            lambda: server._opened(settings, kept, None, door),
            server._add_styles,
        )
        run_app(gate, bound)
        yield gate


@pytest.fixture
def browser(gate: Gate) -> Iterator[httpx.Client]:
    """Came by the link."""
    with stranger(gate) as client:
        key = gate._asking.state.parts.door.make_key()
        client.get(f"/open?key={key}")
        yield client


def stranger(gate: Gate) -> httpx.Client:
    address = gate._settings.address
    ours = {"Origin": address, "Sec-Fetch-Site": "same-origin"}
    return httpx.Client(
        base_url=address, headers=ours, follow_redirects=True, timeout=120
    )


def parts_of(gate: Gate) -> AppState:
    parts: AppState = gate._app.state.parts  # type: ignore[union-attr]
    return parts


def given(browser: httpx.Client, passphrase: str) -> int:
    told = browser.post(
        "/unlock", data={"passphrase": passphrase}, follow_redirects=False
    )
    return told.status_code


def test_nothing_is_shown_before_the_passphrase(browser: httpx.Client, home: Path):
    for address in ("/", "/people/~anna", "/help", "/clips/1/report.html"):
        page = browser.get(address)
        assert "The journal is locked" in page.text
        assert "anna" not in page.text
    sent = browser.put("/api/clips/1/chunks/0", content=b"x")
    assert sent.status_code == 503, "a browser that was recording keeps it"
    assert browser.get("/static/app.css").status_code == 200
    assert keys.key_of_home(home) is None


def test_a_stranger_is_not_even_asked(gate: Gate):
    with stranger(gate) as one:
        assert one.get("/").status_code == 401
        assert given(one, PASSPHRASE) == 401


def test_a_wrong_passphrase_is_told_and_opens_nothing(
    browser: httpx.Client, home: Path
):
    told = browser.post("/unlock", data={"passphrase": "wrong horse battery"})
    assert told.status_code == 403
    assert "Caps Lock" in told.text
    assert keys.key_of_home(home) is None


def test_the_right_one_opens_the_app_for_good(browser: httpx.Client, gate: Gate):
    assert given(browser, PASSPHRASE) == 303
    assert "anna" in browser.get("/").text
    assert given(browser, PASSPHRASE) in {303, 404, 405}


def test_what_is_recorded_then_is_encrypted_and_shown(
    browser: httpx.Client, gate: Gate, home: Path
):
    given(browser, PASSPHRASE)
    state = parts_of(gate)
    clip = state.store.add(
        patient_id="anna", task=Task.REST, started_at=datetime.now(UTC)
    )
    for index, second in enumerate((b"one second", b"another")):
        put_chunk(state.store, clip, index, second, hashlib.sha256(second).hexdigest())
    clip = finish_recording(state.store, clip)
    film = state.store.video(clip)
    assert hash_file(film) == hashlib.sha256(b"one secondanother").hexdigest()
    state.analyses.submit(clip.clip_id)
    for _ in range(1000):
        clip = state.store.clip(clip.clip_id)
        if clip.state not in {ClipState.WAITING, ClipState.ANALYSING}:
            break
        state.analyses._cancelled.wait(0.02)
    assert clip.state is ClipState.DONE, clip.error
    assert browser.get(f"/clips/{clip.clip_id}/report.html").text == "<h1>report</h1>"
    assert browser.get(f"/clips/{clip.clip_id}").status_code == 200
    signals = browser.get(f"/api/review/{clip.recording_id}/signals")
    assert signals.status_code == 200
    assert plain_files(home) == ()
    told = b"".join(p.read_bytes() for p in home.rglob("*") if p.is_file())
    for word in (b"anna", b"one second", b"onset_s", b"PAR1"):
        assert word not in told
    with open_journal(home) as journal:
        assert journal.check() == ()


def test_a_table_that_is_sent_is_never_plain_on_the_disk(
    browser: httpx.Client, home: Path, monkeypatch: pytest.MonkeyPatch
):
    given(browser, PASSPHRASE)
    table = "date,stress,notes\n2026-05-01,3,slept badly\n"
    seen: list[bytes] = []

    def spy(path: Path, today: object) -> object:
        seen.append(path.read_bytes())
        return real(path, today)

    from twitch_tracker.app.notes import days_pages

    real = days_pages.read_diary
    monkeypatch.setattr(days_pages, "read_diary", spy)
    browser.post(
        "/people/~anna/diary.csv", files={"table": ("diary.csv", table, "text/csv")}
    )
    assert seen
    assert b"slept" not in seen[0]
    with open_journal(home) as journal:
        assert journal.diary("anna")[0].notes == "slept badly"
