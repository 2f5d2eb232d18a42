"""There and back, killed anywhere: nothing lost, nothing plain left, nobody else in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("cryptography")
pytest.importorskip("sqlcipher3")

from twitch_tracker.encrypted import keys
from twitch_tracker.encrypted.files import read_whole
from twitch_tracker.errors import (
    BadParameter,
    JournalDamaged,
    JournalLocked,
    JournalUnavailable,
    WrongPassphrase,
)
from twitch_tracker.journal.encrypting import converting, passphrases
from twitch_tracker.journal.encrypting.converting import (
    decrypt_journal,
    encrypt_journal,
    plain_files,
)
from twitch_tracker.journal.encrypting.opening import unlock
from twitch_tracker.journal.open import open_journal
from twitch_tracker.journal.store import exclusive
from twitch_tracker.journal.store.sqlite import JOURNAL_FILE

PASSPHRASE = "correct horse battery"  # noqa: S105
CODE = passphrases.new_recovery_code()
FILM = os.urandom(200_000)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Scrypt costs a third of a second by intention."""
    monkeypatch.setattr(passphrases, "_COST_LOG2", 4)
    yield
    keys._unlocked.clear()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    with open_journal(home) as journal:
        journal.add_patient("anna", "met on a Tuesday")
    clip = home / "app" / "clips" / "1"
    clip.mkdir(parents=True)
    (clip / "rest.webm").write_bytes(FILM)
    os.utime(clip / "rest.webm", (1_000_000_000, 1_000_000_000))
    (clip / "clip.json").write_text('{"patient_id": "anna"}')
    (clip / ".owner-12").touch()
    (home / "app" / "name.txt").write_text("tt-1.localhost")
    return home


def everything(home: Path) -> bytes:
    return b"".join(p.read_bytes() for p in sorted(home.rglob("*")) if p.is_file())


def people(home: Path, passphrase: str | None = None) -> list[str]:
    with open_journal(home, passphrase=passphrase) as journal:
        return [f"{one.patient_id}: {one.notes}" for one in journal.patients()]


ANNA = ["anna: met on a Tuesday"]


def lock(home: Path) -> None:
    """As a new process finds it."""
    keys.forget_home(home)


def test_encrypted_it_is_as_before_with_the_passphrase(home: Path):
    film = home / "app" / "clips" / "1" / "rest.webm"
    encrypt_journal(home, PASSPHRASE, CODE)
    assert plain_files(home) == ()
    told = everything(home)
    assert b"anna" not in told
    assert b"Tuesday" not in told
    assert FILM[:64] not in told
    assert people(home) == ANNA
    assert read_whole(film) == FILM
    assert film.stat().st_mtime == 1_000_000_000, "films go by their date"
    lock(home)
    with pytest.raises(JournalLocked, match="TWITCH_TRACKER_PASSPHRASE"):
        open_journal(home)
    with pytest.raises(WrongPassphrase, match="Caps Lock"):
        people(home, "correct horse batterz")
    assert people(home, PASSPHRASE) == ANNA


def test_what_comes_later_is_encrypted_too(home: Path):
    encrypt_journal(home, PASSPHRASE, CODE)
    with open_journal(home) as journal:
        journal.add_patient("berta", "came on a Friday")
        assert b"Friday" not in everything(home), "not in the log file either"
    lock(home)
    assert len(people(home, PASSPHRASE)) == 2


def test_the_recovery_code_opens_it_however_it_is_written(home: Path):
    encrypt_journal(home, PASSPHRASE, CODE)
    for written in (CODE, CODE.lower().replace("-", " "), CODE.replace("O", "0")):
        lock(home)
        assert people(home, written) == ANNA
    lock(home)
    with pytest.raises(WrongPassphrase):
        people(home, passphrases.new_recovery_code())


def test_a_new_passphrase_changes_one_small_file(home: Path):
    encrypt_journal(home, PASSPHRASE, CODE)
    before = everything(home / "app")
    told, key = passphrases.read_keys(home), keys.key_of_home(home)
    assert told is not None
    assert key is not None
    new = passphrases.change_passphrase(told, key, "quite another one")
    passphrases.write_keys(home, new)
    assert everything(home / "app") == before
    for wrong in (PASSPHRASE, "quite another"):
        lock(home)
        with pytest.raises(WrongPassphrase):
            people(home, wrong)
    assert people(home, "quite another one") == ANNA
    lock(home)
    assert people(home, CODE) == ANNA


def test_back_again_nothing_is_different(home: Path, tmp_path: Path):
    shutil.copytree(home, tmp_path / "before")
    encrypt_journal(home, PASSPHRASE, CODE)
    decrypt_journal(home)
    for path in sorted((tmp_path / "before" / "app").rglob("*")):
        if path.is_file():
            same = home / path.relative_to(tmp_path / "before")
            assert same.read_bytes() == path.read_bytes()
    assert not passphrases.is_encrypted_home(home)
    assert people(home) == ANNA


class Killed(BaseException):
    """The process is gone."""


STEPS = (
    "write_keys",
    "_convert_database",
    "_convert_file",
    "put_in_place",
    "_check_copy",
)


@pytest.mark.parametrize("after", range(1, 9))
@pytest.mark.parametrize("way", ["there", "back"])
def test_a_kill_anywhere_is_finished_at_the_next_opening(
    home: Path, monkeypatch: pytest.MonkeyPatch, after: int, way: str
):
    """Killed after each of the steps that change something on the disk."""
    if way == "back":
        encrypt_journal(home, PASSPHRASE, CODE)
    left = after

    def counted(step, *args, **kept):
        nonlocal left
        done = step(*args, **kept)
        left -= 1
        if left == 0:
            raise Killed
        return done

    with monkeypatch.context() as patched:
        for name in ("put_in_place", "write_keys", "remove_keys", "_check_copy"):
            real = getattr(converting, name)
            patched.setattr(
                converting, name, lambda *a, real=real, **k: counted(real, *a, **k)
            )
        try:
            if way == "there":
                encrypt_journal(home, PASSPHRASE, CODE)
            else:
                decrypt_journal(home)
        except Killed:
            pass
    lock(home)
    assert people(home, PASSPHRASE) == ANNA
    encrypted = passphrases.is_encrypted_home(home)
    assert encrypted == (way == "there")
    if encrypted:
        assert plain_files(home) == ()
        assert b"Tuesday" not in everything(home)
    assert read_whole(home / "app" / "clips" / "1" / "rest.webm") == FILM
    assert not list(home.rglob("*.converting"))


OTHER = """
import sqlite3, sys
one = sqlite3.connect(sys.argv[1])
one.execute("SELECT * FROM patients").fetchall()
print("open", flush=True)
sys.stdin.read()
"""


def test_nobody_else_may_have_it_open(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exclusive, "_PATIENCE_MS", 10)
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(home / JOURNAL_FILE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(JournalUnavailable, match="another program has it open"):
            encrypt_journal(home, PASSPHRASE, CODE)
    finally:
        other.communicate()
    assert not passphrases.is_encrypted_home(home)
    assert people(home) == ANNA


def test_a_short_passphrase_is_refused_before_anything(home: Path):
    before = everything(home / "app")
    with pytest.raises(BadParameter, match="at least 12"):
        encrypt_journal(home, "short", CODE)
    assert not passphrases.is_encrypted_home(home)
    assert everything(home / "app") == before


def test_one_damaged_key_file_is_mended_from_the_other(home: Path):
    encrypt_journal(home, PASSPHRASE, CODE)
    for name in (passphrases.KEYS, passphrases.COPY):
        (home / name).write_text("{")
        lock(home)
        assert people(home, PASSPHRASE) == ANNA
        assert (home / name).read_text() != "{"
    for name in (passphrases.KEYS, passphrases.COPY):
        (home / name).write_text("{")
    lock(home)
    with pytest.raises(JournalDamaged, match="backup"):
        people(home, PASSPHRASE)


def test_who_has_not_the_key_cannot_ask_for_a_plain_journal(home: Path):
    encrypt_journal(home, PASSPHRASE, CODE)
    for name in (passphrases.KEYS, passphrases.COPY):
        told = (home / name).read_text()
        (home / name).write_text(told.replace('"encrypted"', '"decrypting"'))
    lock(home)
    with pytest.raises(JournalDamaged, match="something else"):
        unlock(home, PASSPHRASE)


def test_passphrases_are_the_same_on_every_keyboard(home: Path):
    encrypt_journal(home, "Zürich im Regen", CODE)
    lock(home)
    assert people(home, "Zu\u0308rich im Regen") == ANNA
