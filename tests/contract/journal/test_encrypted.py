"""An encrypted journal is a journal: everything is logged, checked, backed up, restored."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("cryptography")
pytest.importorskip("sqlcipher3")

from twitch_tracker.encrypted import keys
from twitch_tracker.errors import (
    BadParameter,
    JournalDamaged,
    JournalLocked,
    WrongPassphrase,
)
from twitch_tracker.exchange.signals import write_signals
from twitch_tracker.journal.encrypting import passphrases
from twitch_tracker.journal.encrypting.converting import encrypt_journal
from twitch_tracker.journal.entries import FindingKind
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.upkeep.backup import restore
from twitch_tracker.journal.upkeep.backup_contents import read_manifest

PASSPHRASE = "correct horse battery"  # noqa: S105
CODE = passphrases.new_recovery_code()


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passphrases, "_COST_LOG2", 4)
    yield
    keys._unlocked.clear()


@pytest.fixture
def home(tmp_path: Path, make_analysis, session) -> Path:
    """With a recording of before and one of after it was encrypted, with signals."""
    home = tmp_path / "home"
    for content in (1, 2):
        signals = tmp_path / f"{content}.parquet"
        write_signals(signals, session)
        with open_journal(home) as journal:
            if content == 1:
                journal.add_patient("anna", "met on a Tuesday")
            journal.log("anna", make_analysis(content, signals=signals))
        if content == 1:
            encrypt_journal(home, PASSPHRASE, CODE)
    return home


def kinds(home: Path) -> set[FindingKind]:
    with open_journal(home) as journal:
        return {finding.kind for finding in journal.check()}


def test_signals_of_before_and_after_are_read(home: Path):
    with open_journal(home) as journal:
        assert journal.check() == ()
        for entry in journal.recordings("anna"):
            signals = journal.analysis(entry.recording_id).signals
            assert signals is not None
            assert b"PAR1" not in signals.read_bytes()


def test_what_is_plain_or_damaged_is_found(home: Path):
    plain = home / "app" / "clips" / "film.mp4"
    plain.parent.mkdir(parents=True)
    plain.write_bytes(b"a face")
    (home / passphrases.COPY).unlink()
    assert kinds(home) == {FindingKind.NOT_ENCRYPTED, FindingKind.KEYS_DAMAGED}
    plain.unlink()
    passphrases.repair_copy(home)
    signals = next((home / "recordings").rglob("*.parquet"))
    stored = bytearray(signals.read_bytes())
    stored[-30] ^= 1
    signals.write_bytes(stored)
    assert kinds(home) == {FindingKind.SIGNALS_CHANGED}


def test_a_backup_is_encrypted_and_opens_elsewhere(home: Path, tmp_path: Path):
    file = tmp_path / "backup.zip"
    with open_journal(home) as journal:
        journal.backup(file)
        before = journal.changes()
    told = b""
    with zipfile.ZipFile(file) as packed:
        for name in packed.namelist():
            told += packed.read(name)
    for word in (b"anna", b"Tuesday", b"PAR1", b"SQLite format"):
        assert word not in told
    manifest = read_manifest(file)
    assert (manifest["missing"], manifest["damaged"]) == ((), ())
    keys.forget_home(home)
    with pytest.raises(JournalLocked, match="recovery code"):
        restore(file, tmp_path / "new")
    with pytest.raises(WrongPassphrase):
        restore(file, tmp_path / "new", passphrase="another horse battery")  # noqa: S106
    assert not (tmp_path / "new").exists()
    assert restore(file, tmp_path / "new", passphrase=CODE) == 1
    keys.forget_home(tmp_path / "new")
    with open_journal(tmp_path / "new", passphrase=PASSPHRASE) as journal:
        assert journal.check() == ()
        assert journal.changes() == before
        assert len(journal.recordings("anna")) == 2


def test_another_database_beside_an_encrypted_journal_is_backed_up(
    tmp_path: Path, make_analysis
):
    """SQLite cannot copy into SQLCipher by itself: such a backup ended unforeseen."""
    home = tmp_path / "home"
    open_journal(home).close()
    encrypt_journal(home, PASSPHRASE, CODE)
    with open_journal(home, f"sqlite:///{tmp_path / 'other.sqlite3'}") as journal:
        journal.add_patient("berta")
        journal.log("berta", make_analysis(1))
        file = journal.backup(tmp_path / "backup.zip")
        before = journal.changes()
    restore(file, tmp_path / "new", passphrase=PASSPHRASE)
    with open_journal(tmp_path / "new") as journal:
        assert journal.check() == ()
        assert journal.changes() == before


def test_a_backup_keeps_the_passphrase_that_it_had(home: Path, tmp_path: Path):
    with open_journal(home) as journal:
        journal.backup(tmp_path / "backup.zip")
    told, key = passphrases.read_keys(home), keys.key_of_home(home)
    assert told is not None
    assert key is not None
    new = passphrases.change_passphrase(told, key, "quite another one")
    passphrases.write_keys(home, new)
    restore(tmp_path / "backup.zip", tmp_path / "new", passphrase=PASSPHRASE)
    keys.forget_home(home)
    with open_journal(home, passphrase="quite another one"):  # noqa: S106
        pass


def test_a_damaged_backup_is_told_without_a_passphrase(home: Path, tmp_path: Path):
    file = tmp_path / "backup.zip"
    with open_journal(home) as journal:
        journal.backup(file)
    stored = bytearray(file.read_bytes())
    stored[len(stored) // 2] ^= 1
    file.write_bytes(stored)
    with pytest.raises(JournalDamaged):
        restore(file, tmp_path / "new", passphrase=PASSPHRASE)


def test_films_that_the_backup_does_not_open_are_not_locked_away(
    home: Path, tmp_path: Path
):
    """Restoring over the keys of another journal would lose what these open."""
    with open_journal(home) as journal:
        journal.backup(tmp_path / "backup.zip")
    other = tmp_path / "other"
    open_journal(other).close()
    encrypt_journal(other, PASSPHRASE, CODE)
    (other / "journal.sqlite3").unlink()
    with pytest.raises(BadParameter, match="without an encrypted journal"):
        restore(tmp_path / "backup.zip", other, passphrase=PASSPHRASE)


def test_films_beside_which_it_is_restored_are_encrypted_too(
    home: Path, tmp_path: Path
):
    with open_journal(home) as journal:
        journal.backup(tmp_path / "backup.zip")
    film = tmp_path / "new" / "app" / "clips" / "1" / "film.mp4"
    film.parent.mkdir(parents=True)
    film.write_bytes(b"a face")
    restore(tmp_path / "backup.zip", tmp_path / "new", passphrase=PASSPHRASE)
    with open_journal(tmp_path / "new") as journal:
        assert journal.check() == ()
    assert b"a face" not in film.read_bytes()


def test_nobody_is_forgotten_by_halves(home: Path):
    with open_journal(home) as journal:
        assert journal.forget_patient("anna") == 2
        assert journal.check() == ()
    assert not list((home / "recordings").rglob("*.parquet"))
