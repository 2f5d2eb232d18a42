"""A journal whose connections stay open sees what others do, as if opened anew."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from twitch_tracker.encrypted.keys import forget_home
from twitch_tracker.errors import JournalDamaged, JournalLocked, JournalTooNew
from twitch_tracker.journal import cache
from twitch_tracker.journal.cache import JournalCache
from twitch_tracker.journal.encrypting import passphrases
from twitch_tracker.journal.encrypting.converting import encrypt_journal
from twitch_tracker.journal.encrypting.passphrases import new_recovery_code
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.store.sqlite import JOURNAL_FILE
from twitch_tracker.journal.upkeep import removing
from twitch_tracker.journal.upkeep.removals import FOLDER

POOL = 5
"""Connections that are kept for the next reader."""


@pytest.fixture
def kept(tmp_path: Path):
    """A journal that stays open, of somebody called anna."""
    with open_journal(tmp_path / "home") as journal:
        journal.add_patient("anna")
    opened = JournalCache(tmp_path / "home")
    yield opened
    opened.close()


def names(kept: JournalCache) -> list[str]:
    with kept() as journal:
        return [patient.patient_id for patient in journal.patients()]


def test_what_others_write_is_seen_at_once(kept, tmp_path):
    assert names(kept) == ["anna"]
    with open_journal(tmp_path / "home") as another:
        another.add_patient("berta")
        assert names(kept) == ["anna", "berta"]
        another.forget_patient("anna")
    assert names(kept) == ["berta"]


def held_open(home: Path) -> list[Path]:
    """Files of a journal that this process holds open."""
    links = Path("/proc/self/fd")
    if not links.is_dir():
        pytest.skip("this system does not say which files are open")
    open_files = [link.resolve() for link in links.iterdir()]
    return [path for path in open_files if home.resolve() in path.parents]


@pytest.mark.parametrize("may_stay", [True, False])
def test_nothing_is_held_open_where_an_open_file_cannot_be_replaced(
    kept, tmp_path, monkeypatch, may_stay
):
    monkeypatch.setattr(cache, "MAY_STAY", may_stay)
    assert names(kept) == ["anna"]
    assert bool(held_open(tmp_path / "home")) is may_stay


def test_closing_it_leaves_it_open_to_others(kept):
    first, second = kept(), kept()
    first.close()
    assert [one.patient_id for one in second.patients()] == ["anna"]


def test_a_reader_never_waits_for_the_connections_of_others(kept):
    """As many at once as a server has threads, and none in vain; few are kept."""
    journals = [kept() for _ in range(40)]
    with contextlib.ExitStack() as reading:
        for journal in journals:
            reading.enter_context(journal._read())
        assert names(kept) == ["anna"]
    assert journals[0]._database.engine.pool.checkedin() <= POOL


def test_tables_of_newer_software_are_refused_from_then_on(kept, tmp_path):
    assert names(kept) == ["anna"]
    with contextlib.closing(sqlite3.connect(tmp_path / "home" / JOURNAL_FILE)) as other:
        other.execute("UPDATE journal_version SET version_num = '9999'")
        other.commit()
    with pytest.raises(JournalTooNew):
        kept()


def test_a_removal_that_was_killed_is_finished_at_the_next_opening(
    kept, tmp_path, monkeypatch
):
    assert names(kept) == ["anna"]

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, open_journal(tmp_path / "home") as another:
        patch.setattr(removing, "_forget_rows", killed)
        with pytest.raises(KeyboardInterrupt):
            another.forget_patient("anna")
    assert list((tmp_path / "home" / FOLDER).glob("*.json"))
    assert names(kept) == []
    assert not (tmp_path / "home" / FOLDER).exists()


def test_a_journal_in_place_of_the_other_is_opened_anew(kept, tmp_path):
    assert names(kept) == ["anna"]
    with open_journal(tmp_path / "other") as other:
        other.add_patient("berta")
    shutil.copy(tmp_path / "other" / JOURNAL_FILE, tmp_path / "new")
    for beside in (tmp_path / "home").glob(f"{JOURNAL_FILE}-*"):
        beside.unlink()
    (tmp_path / "new").replace(tmp_path / "home" / JOURNAL_FILE)
    assert names(kept) == ["berta"]


def test_a_journal_that_was_lost_is_not_read_on(kept, tmp_path):
    """From an open file that has no name any more it could be."""
    assert names(kept) == ["anna"]
    signals = tmp_path / "home" / "recordings" / "ab" / "cd"
    signals.mkdir(parents=True)
    (signals / "x.parquet").write_bytes(b"signals")
    for file in (tmp_path / "home").glob(f"{JOURNAL_FILE}*"):
        file.unlink()
    with pytest.raises(JournalDamaged, match="the database was lost"):
        kept()


def test_it_is_opened_again_after_it_was_closed(kept):
    assert names(kept) == ["anna"]
    kept.close()
    assert names(kept) == ["anna"]


def test_an_encrypted_one_needs_its_key_at_every_opening(kept, tmp_path, monkeypatch):
    pytest.importorskip("sqlcipher3")
    monkeypatch.setattr(passphrases, "_COST_LOG2", 4)
    home = tmp_path / "home"
    encrypt_journal(home, "correct horse battery", new_recovery_code())
    try:
        assert names(kept) == ["anna"]
        with open_journal(home) as another:
            another.add_patient("berta")
        assert names(kept) == ["anna", "berta"]
    finally:
        forget_home(home)
    with pytest.raises(JournalLocked):
        kept()


def test_one_that_may_only_be_read_shows_what_its_owner_writes(tmp_path, monkeypatch):
    """SQLite is promised that nobody changes such a file, so it is opened each time."""
    home = tmp_path / "home"
    with open_journal(home) as journal:
        journal.add_patient("anna")
    kept = JournalCache(home)
    try:
        with monkeypatch.context() as patch:
            patch.setattr("twitch_tracker.journal.open.may_write", lambda _path: False)
            assert names(kept) == ["anna"]
        with open_journal(home) as journal:
            for n in range(200):
                journal.add_patient(f"n{n:03}")
        with monkeypatch.context() as patch:
            patch.setattr("twitch_tracker.journal.open.may_write", lambda _path: False)
            assert len(names(kept)) == 201
    finally:
        kept.close()
