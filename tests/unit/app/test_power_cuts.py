"""What was said to be stored is on the disk: its content, its name, and its folders' names.

A folder that was made just now is itself a name in another folder: lost with that, whatever
was flushed within.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from power_cuts import Disk

from twitch_tracker.app.recording import receiving
from twitch_tracker.app.recording.receiving import (
    finish_recording,
    put_chunk,
    take_file,
)
from twitch_tracker.app.recording.store import Store
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.exchange.staging import staged_folder
from twitch_tracker.exchange.whole import write_whole
from twitch_tracker.history import Task
from twitch_tracker.journal.files.folder import log_folder
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.upkeep.backup import restore

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows flushes names by itself"
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SQLITES = ("journal.sqlite3", "journal.sqlite3-wal", "journal.sqlite3-shm")
"""What SQLite flushes, past Python."""


@pytest.fixture
def disk(tmp_path, monkeypatch) -> Disk:
    return Disk(tmp_path, monkeypatch)


def test_it_finds_what_nobody_flushed(tmp_path, disk):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_text("c")
    assert disk.would_lose() == ["a: its name", "a/b: its name", "a/b: its content"]


def test_a_file_in_a_new_folder_is_there_after_a_power_cut(tmp_path, disk):
    write_whole(tmp_path / "deep" / "new" / "file", "text", make_folder=True)
    assert disk.would_lose() == []


def begun(tmp_path, **facts):
    store = Store(tmp_path / "home" / "app")
    session = store.start_session("anna", NOW)
    clip = store.add(
        patient_id="anna",
        task=Task.REST,
        started_at=NOW,
        session_id=session.session_id,
        **facts,
    )
    return store, clip


def test_a_second_of_film_that_was_taken_is_there_after_a_power_cut(tmp_path, disk):
    store, clip = begun(tmp_path)
    assert disk.would_lose() == []
    put_chunk(store, clip, 0, b"film", sha256(b"film").hexdigest())
    assert disk.would_lose() == []
    finish_recording(store, clip)
    assert disk.would_lose() == []


def test_a_file_that_was_sent_is_there_after_a_power_cut(tmp_path, disk, monkeypatch):
    monkeypatch.setattr(receiving, "_look_into", lambda _path: None)
    store, clip = begun(tmp_path, announced_bytes=4)

    async def pieces():
        yield b"film"

    settings = AppSettings(home=tmp_path / "home", port=1)
    asyncio.run(take_file(store, clip, pieces(), settings))
    assert disk.would_lose() == []


def test_results_and_signals_are_there_after_a_power_cut(tmp_path, disk, session):
    results = tmp_path / "out" / "deep" / "face"
    with staged_folder(results) as stage:
        write_tables(stage, session)
    assert disk.would_lose() == []
    with open_journal(tmp_path / "new" / "home") as journal:
        journal.add_patient("anna")
        log_folder(journal, results, "anna", started_at=NOW)
    assert disk.would_lose(apart_from=SQLITES) == []


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_backup_and_what_it_restores_are_there_after_a_power_cut(
    tmp_path, disk, session, elsewhere
):
    results = tmp_path / "out"
    with staged_folder(results) as stage:
        write_tables(stage, session)
    with open_journal(tmp_path / "home") as journal:
        journal.add_patient("anna")
        log_folder(journal, results, "anna", started_at=NOW)
        target = journal.backup(tmp_path / "b.zip")
    assert disk.would_lose(apart_from=SQLITES) == []
    url = f"sqlite:///{tmp_path}/far.sqlite3" if elsewhere else None
    restore(target, tmp_path / "deep" / "again", url)
    beside = [*SQLITES, *(f"far.sqlite3{end}" for end in ("", "-wal", "-shm"))]
    assert disk.would_lose(apart_from=beside) == []
