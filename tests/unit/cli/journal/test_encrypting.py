"""The commands of an encrypted journal, and all others with it."""

from __future__ import annotations

import os
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("cryptography")
pytest.importorskip("sqlcipher3")

from twitch_tracker.app.keeping.owners import marked_owner
from twitch_tracker.app.recording.store import Store
from twitch_tracker.cli.app import app
from twitch_tracker.cli.journal import passphrases as asking
from twitch_tracker.encrypted import keys
from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.history import Task
from twitch_tracker.journal.encrypting import passphrases

PASSPHRASE = "correct horse battery"  # noqa: S105
OTHER, WRONG = "quite another one", "wrong horse battery"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command as a process of its own would; give what is said."""
    monkeypatch.setattr(passphrases, "_COST_LOG2", 4)
    monkeypatch.setenv("TWITCH_TRACKER_HOME", str(tmp_path / "home"))

    def call(
        words: str, code: int = 0, passphrase: str = PASSPHRASE, **env: str
    ) -> str:
        keys._unlocked.clear()
        given = {asking.VARIABLE: passphrase} if passphrase else {}
        result = CliRunner().invoke(
            app, shlex.split(words), terminal_width=200, env={**given, **env}
        )
        told = result.output + repr(result.exception)
        if isinstance(result.exception, TwitchTrackerError):
            assert code == 1, told
            return str(result.exception)
        assert result.exit_code == code, told
        return result.output

    call("patient add anna --notes 'left handed'")
    yield call
    keys._unlocked.clear()


@pytest.fixture
def code(run) -> str:
    """Encrypt the journal; the recovery code."""
    told = run("journal encrypt --yes", **{asking.NEW_VARIABLE: PASSPHRASE})
    found = re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){7}", told)
    assert found, told
    assert "Backups, reports and exports from before are not" in told
    return found.group()


def test_it_is_said_before_what_a_lost_passphrase_means(run):
    told = run("journal encrypt", code=2)
    assert "nothing can restore it" in " ".join(told.replace("│", " ").split())
    assert "anna" in run("patient list", passphrase="")


def test_every_command_needs_it_then(run, code, tmp_path):
    assert "left handed" in run("patient show anna")
    run("diary add --patient anna --stress 4")
    assert "sound" in run("journal check")
    run(f"journal backup '{tmp_path / 'b.zip'}'")
    assert "left handed" in run("patient show anna", passphrase=code)
    for words in (
        "patient list",
        "journal check",
        "journal leftovers",
        "patient forget anna --yes",
        "diary add --patient anna --stress 5",
    ):
        assert asking.VARIABLE in run(words, 1, passphrase="")
        assert "Caps Lock" in run(words, 1, passphrase=WRONG)
    assert "1 person restored" in run(
        f"journal restore '{tmp_path / 'b.zip'}' --home '{tmp_path / 'new'}'"
    )


def test_a_passphrase_comes_by_a_handle(run, code):
    def handle(text: str) -> dict[str, str]:
        read, write = os.pipe()
        os.write(write, text.encode())
        os.close(write)
        return {asking.HANDLE: str(read)}

    told = run("patient list", passphrase="", **handle(f"{PASSPHRASE}\n"))
    assert "anna" in told
    run(
        "journal change-passphrase",
        passphrase="",
        **handle(f"{PASSPHRASE}\nquite another one\n"),
    )
    assert "anna" in run("patient list", passphrase=OTHER)
    assert "Caps Lock" in run("patient list", 1)
    assert "number of an open file" in run("patient list", 2, **{asking.HANDLE: "x"})


def test_no_program_that_is_started_later_is_handed_it(run, code, monkeypatch):
    monkeypatch.setenv(asking.VARIABLE, PASSPHRASE)
    assert asking.given() == PASSPHRASE
    assert asking.VARIABLE not in os.environ


def test_a_lost_passphrase_is_replaced_by_the_recovery_code(run, code):
    told = run(
        "journal change-passphrase --new-recovery-code",
        passphrase=code,
        **{asking.NEW_VARIABLE: "quite another one"},
    )
    new = re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){7}", told)
    assert new
    assert "anna" in run("patient list", passphrase=new.group())
    assert "Caps Lock" in run("patient list", 1, passphrase=code)


def test_no_mark_of_a_pseudonym_can_be_tried(run, tmp_path):
    """Names of files are not encrypted; a plain hash of a pseudonym would tell it."""
    store = Store(tmp_path / "home" / "app")
    clip = store.add(patient_id="anna", task=Task.REST, started_at=datetime.now(UTC))
    (before,) = store.folder(clip).glob(".owner-*")
    run("journal encrypt --yes", **{asking.NEW_VARIABLE: PASSPHRASE})
    (mark,) = store.folder(clip).glob(".owner-*")
    assert mark.name != before.name
    assert marked_owner(mark.parent, ["berta", "anna"]) == "anna"
    run("journal decrypt")
    (mark,) = store.folder(clip).glob(".owner-*")
    assert mark.name == before.name


def test_back_again(run, code, tmp_path):
    assert "Decrypted" in run("journal decrypt")
    assert "anna" in run("patient list", passphrase="")
    assert "a plain one" in run("journal decrypt", 2, passphrase="")


def test_what_came_in_plain_is_encrypted_by_the_same_command(run, code, tmp_path):
    film = tmp_path / "home" / "app" / "clips" / "film.mp4"
    film.parent.mkdir(parents=True)
    film.write_bytes(b"a face")
    assert "1 file was plain" in run("journal encrypt")
    assert b"face" not in film.read_bytes()


def test_on_a_terminal_it_is_asked_for_three_times(run, code, monkeypatch):
    answers = iter(("wrong", "wrong again", PASSPHRASE))
    monkeypatch.setattr(asking, "ask", lambda _question: next(answers))
    assert "anna" in run("patient list", passphrase="")
    answers = iter(("1", "2", "3", PASSPHRASE))
    assert "Caps Lock" in run("patient list", 1, passphrase="")


def test_without_a_terminal_a_new_passphrase_is_asked_for_by_its_own_name(run):
    assert f"Set {asking.NEW_VARIABLE}," in run("journal encrypt --yes", code=1)
