"""Backups: while the app runs, on another computer, and of every older version."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
import time
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import URL

from twitch_tracker.journal.migrating import _upgrade
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.store.database import connect
from twitch_tracker.journal.store.schema import REVISIONS_KNOWN
from twitch_tracker.journal.store.sqlite import JOURNAL_FILE
from twitch_tracker.journal.upkeep.backup import restore
from twitch_tracker.journal.upkeep.backup_contents import FORMAT, MANIFEST

OLDER = Path(__file__).parent / "older" / "version_0002.sql"


def packed(file: Path, database: Path) -> Path:
    """Pack a database as a backup of its time was."""
    content = database.read_bytes()
    hashes = {JOURNAL_FILE: hashlib.sha256(content).hexdigest()}
    manifest = {"format": FORMAT, "made_at": "2025-01-01T00:00:00+00:00"}
    with zipfile.ZipFile(file, "x") as made:
        made.writestr(JOURNAL_FILE, content)
        made.writestr(
            MANIFEST, json.dumps({**manifest, "files": hashes, "missing": []})
        )
    return file


@pytest.mark.parametrize("version", REVISIONS_KNOWN)
def test_a_backup_of_every_version_is_restored(tmp_path, make_analysis, version):
    """With somebody in it; and it can be written on."""
    database = connect(URL.create("sqlite", database=str(tmp_path / "old.sqlite3")))
    with database.write() as connection:
        _upgrade(connection, version)
        connection.exec_driver_sql(
            "INSERT INTO patients (name, notes, created_at) "
            "VALUES ('anna', 'left handed', '2025-01-01T00:00:00+00:00')"
        )
    database.close()
    file = packed(tmp_path / "old.zip", tmp_path / "old.sqlite3")
    assert restore(file, tmp_path / "new") == 1
    with open_journal(tmp_path / "new") as journal:
        assert journal.patient("anna").notes == "left handed"
        journal.log("anna", make_analysis())
        assert journal.check() == ()


def test_what_an_older_version_had_logged_comes_back_whole(tmp_path):
    with sqlite3.connect(tmp_path / "old.sqlite3") as old:
        old.executescript(OLDER.read_text(encoding="utf-8"))
        rows = old.execute("SELECT count(*) FROM episodes").fetchone()[0]
        recordings = old.execute("SELECT count(*) FROM recordings").fetchone()[0]
    old.close()
    restore(packed(tmp_path / "old.zip", tmp_path / "old.sqlite3"), tmp_path / "new")
    with open_journal(tmp_path / "new") as journal:
        assert journal.check() == ()
        names = [person.patient_id for person in journal.patients()]
        assert sum(len(journal.recordings(name)) for name in names) == recordings
    with sqlite3.connect(tmp_path / "new" / JOURNAL_FILE) as new:
        assert new.execute("SELECT count(*) FROM episodes").fetchone()[0] == rows
    new.close()


def test_a_backup_shows_one_moment_while_others_write(tmp_path, make_analysis):
    """Every recording in it is whole, and the journal that it was made of goes on."""
    home = tmp_path / "home"
    stop = threading.Event()
    logged = []

    def go_on_logging() -> None:
        with open_journal(home) as journal:
            while not stop.is_set():
                number = len(logged) + 1
                logged.append(journal.log("anna", make_analysis(number)))

    with open_journal(home) as journal:
        journal.add_patient("anna")
        writer = threading.Thread(target=go_on_logging)
        writer.start()
        try:
            while len(logged) < 3:
                assert writer.is_alive()
                stop.wait(0.01)
            before = len(logged)
            journal.backup(tmp_path / "backup.zip")
            after = len(logged) + 1
        finally:
            stop.set()
            writer.join()
        assert journal.check() == ()
        assert len(journal.recordings("anna")) == len(logged)
    another_computer = tmp_path / "another" / "computer"
    restore(tmp_path / "backup.zip", another_computer)
    with open_journal(another_computer) as journal:
        assert journal.check() == ()
        assert before <= len(journal.recordings("anna")) <= after


def test_a_clock_that_begins_in_1970_keeps_nobody_from_a_backup(
    tmp_path, make_analysis, monkeypatch
):
    """A zip file knows no date before 1980; nor has the clock of every computer one."""
    home, signals = tmp_path / "home", tmp_path / "signals.parquet"
    signals.write_bytes(b"signals")
    with open_journal(home) as journal:
        journal.add_patient("anna")
        journal.log("anna", make_analysis(1, signals=signals))
        (stored,) = home.glob("recordings/*/*/*.parquet")
        os.utime(stored, (1000, 1000))
        monkeypatch.setattr(time, "time", lambda: 1000.0)
        file = journal.backup(tmp_path / "b.zip")
    restore(file, tmp_path / "again")
    with open_journal(tmp_path / "again") as journal:
        assert journal.check() == ()
