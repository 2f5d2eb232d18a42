"""Several programs have a journal open: nothing that one was told is kept gets lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from twitch_tracker.encrypted.keys import forget_home
from twitch_tracker.errors import JournalUnavailable
from twitch_tracker.journal.encrypting import converting, passphrases
from twitch_tracker.journal.encrypting.converting import encrypt_journal
from twitch_tracker.journal.encrypting.passphrases import new_recovery_code
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.store import exclusive
from twitch_tracker.journal.store.sqlite import is_plain_database
from twitch_tracker.journal.upkeep.backup import restore

PHRASE = "correct horse battery"
LOOK = """
import sys
from pathlib import Path
from twitch_tracker.journal.open import open_journal
for home in sys.stdin:
    with open_journal(Path(home.rstrip()), passphrase=sys.argv[1]) as journal:
        names = [p.patient_id for p in journal.patients()]
    print(*names, flush=True)
"""


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scrypt costs a third of a second by intention."""
    monkeypatch.setattr(passphrases, "_COST_LOG2", 4)


@pytest.fixture(scope="module")
def another_program_sees() -> Iterator[Callable[[Path], list[str]]]:
    """Ask a program that opens the journal for each look, and closes it again."""
    with subprocess.Popen(
        [sys.executable, "-c", LOOK, PHRASE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as program:

        def look(home: Path) -> list[str]:
            assert program.stdin is not None
            assert program.stdout is not None
            program.stdin.write(f"{home}\n")
            program.stdin.flush()
            told = program.stdout.readline()
            assert told, "it failed; see its error above"
            return told.split()

        yield look


@pytest.mark.parametrize("encrypted", [False, True])
def test_what_is_written_after_another_program_looked_is_kept(
    tmp_path: Path, encrypted: bool, another_program_sees
):
    """A process that opened the file itself once more lost its locks when it closed it.

    The next other program to close the journal then took itself for the last one and
    removed SQLite's log, into which the first one went on writing.
    """
    with open_journal(tmp_path) as journal:
        journal.add_patient("anna")
    if encrypted:
        pytest.importorskip("sqlcipher3")
        encrypt_journal(tmp_path, PHRASE, new_recovery_code())
    try:
        with open_journal(tmp_path) as kept_open:
            assert kept_open.patients()
            with open_journal(tmp_path) as once_more:
                assert once_more.patients()
            assert another_program_sees(tmp_path) == ["anna"]
            kept_open.add_patient("berta")
            assert another_program_sees(tmp_path) == ["anna", "berta"]
            kept_open.add_patient("carla")
        assert another_program_sees(tmp_path) == ["anna", "berta", "carla"]
    finally:
        forget_home(tmp_path)


@pytest.mark.parametrize("encrypted", [False, True])
def test_looking_at_the_first_bytes_lets_go_of_no_lock(
    tmp_path: Path, encrypted: bool, another_program_sees
):
    """So does who encrypts what came as a plain file, or goes on with a conversion."""
    with open_journal(tmp_path) as journal:
        journal.add_patient("anna")
    if encrypted:
        pytest.importorskip("sqlcipher3")
        encrypt_journal(tmp_path, PHRASE, new_recovery_code())
    try:
        with open_journal(tmp_path) as kept_open:
            assert kept_open.patients()
            assert is_plain_database(tmp_path / "journal.sqlite3") is not encrypted
            assert another_program_sees(tmp_path) == ["anna"]
            kept_open.add_patient("berta")
            assert another_program_sees(tmp_path) == ["anna", "berta"]
    finally:
        forget_home(tmp_path)


def test_another_database_of_the_same_name_is_looked_at_anew(tmp_path: Path):
    file = tmp_path / "journal.sqlite3"
    open_journal(tmp_path).close()
    assert is_plain_database(file)
    (tmp_path / "other").write_bytes(bytes(4096))
    (tmp_path / "other").replace(file)
    assert not is_plain_database(file)
    file.unlink()
    assert not is_plain_database(file)


def test_what_this_program_has_open_itself_is_not_encrypted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, another_program_sees
):
    """SQLCipher has locks of its own: it took the file from under SQLite in one process."""
    pytest.importorskip("sqlcipher3")
    monkeypatch.setattr(exclusive, "_PATIENCE_MS", 50)
    with open_journal(tmp_path) as kept_open:
        kept_open.add_patient("anna")
        with pytest.raises(JournalUnavailable, match="another program has it open"):
            encrypt_journal(tmp_path, PHRASE, new_recovery_code())
        assert another_program_sees(tmp_path) == ["anna"]
        kept_open.add_patient("berta")
        assert another_program_sees(tmp_path) == ["anna", "berta"]


def test_what_this_program_has_open_itself_is_not_decrypted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, another_program_sees
):
    pytest.importorskip("sqlcipher3")
    monkeypatch.setattr(exclusive, "_PATIENCE_MS", 50)
    open_journal(tmp_path).close()
    encrypt_journal(tmp_path, PHRASE, new_recovery_code())
    try:
        with open_journal(tmp_path) as kept_open:
            kept_open.add_patient("anna")
            with pytest.raises(JournalUnavailable, match="another program has it open"):
                converting.decrypt_journal(tmp_path)
            assert another_program_sees(tmp_path) == ["anna"]
            kept_open.add_patient("berta")
            assert another_program_sees(tmp_path) == ["anna", "berta"]
    finally:
        forget_home(tmp_path)


def test_nothing_is_restored_under_an_open_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, another_program_sees
):
    """The empty journal of a program that had just begun was replaced under its hands."""
    with open_journal(tmp_path / "old") as journal:
        journal.add_patient("anna")
        backup = journal.backup(tmp_path / "backup.zip")
    home = tmp_path / "new"
    with open_journal(home) as kept_open:
        assert not kept_open.patients()
        with pytest.raises(JournalUnavailable, match="another program"):
            restore(backup, home)
        kept_open.add_patient("berta")
        assert another_program_sees(home) == ["berta"]
