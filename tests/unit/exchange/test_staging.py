"""Results appear all at once or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from twitch_tracker.errors import OutputNotWritable
from twitch_tracker.exchange.staging import (
    OWN_FILES,
    no_empty_folders,
    remove_stale_stages,
    staged_folder,
)

HOLD_A_STAGE = """
import sys, time
from pathlib import Path
from twitch_tracker.exchange.staging import staged_folder
with staged_folder(Path(sys.argv[1])) as stage:
    (stage / "summary.json").write_text("half")
    print(stage, flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> set[str]:
    """Everything in a folder, hidden or not."""
    return {entry.name for entry in folder.iterdir()} if folder.exists() else set()


def test_files_appear_when_the_block_is_left(tmp_path: Path):
    target = tmp_path / "out" / "clip"
    with staged_folder(target) as stage:
        (stage / "summary.json").write_text("new")
        assert not target.exists()
        assert stage.parent == target.parent
        assert stage.name.startswith(".")
    assert (target / "summary.json").read_text() == "new"
    assert names(target.parent) == {"clip"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_files_can_be_read_by_whom_the_user_lets_read_new_files(tmp_path: Path):
    """A temporary file that was renamed is private; results are ordinary files."""
    (tmp_path / "ordinary").write_text("new")
    with staged_folder(tmp_path / "clip") as stage:
        (stage / "overlay.mp4").touch(mode=0o600)
    assert (tmp_path / "clip" / "overlay.mp4").stat().st_mode == (
        tmp_path / "ordinary"
    ).stat().st_mode


def test_scratch_files_never_get_a_final_name(tmp_path: Path):
    with staged_folder(tmp_path / "clip") as stage:
        (stage / ".landmarks").write_text("scratch")
        (stage / "summary.json").write_text("new")
    assert names(tmp_path / "clip") == {"summary.json"}


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_error_or_ctrl_c_leaves_nothing(tmp_path: Path, error: type[BaseException]):
    with pytest.raises(error), staged_folder(tmp_path / "out" / "clip") as stage:
        (stage / "summary.json").write_text("half")
        raise error
    assert names(tmp_path / "out") == set()


def test_folders_made_for_nothing_are_taken_away_and_others_are_not(tmp_path: Path):
    with no_empty_folders(tmp_path / "a" / "b"):
        (tmp_path / "a" / "b").mkdir(parents=True)
    assert names(tmp_path) == set()
    (tmp_path / "mine").mkdir()
    with no_empty_folders(tmp_path / "mine" / "new"):
        (tmp_path / "mine" / "new").mkdir()
    assert names(tmp_path) == {"mine"}
    with no_empty_folders(tmp_path / "full"):
        (tmp_path / "full" / "clip").mkdir(parents=True)
    assert names(tmp_path / "full") == {"clip"}


def test_an_error_leaves_older_results_as_they_were(tmp_path: Path):
    target = tmp_path / "clip"
    target.mkdir()
    (target / "summary.json").write_text("old")
    with pytest.raises(RuntimeError), staged_folder(target) as stage:
        (stage / "summary.json").write_text("half")
        raise RuntimeError
    assert (target / "summary.json").read_text() == "old"
    assert names(tmp_path) == {"clip"}


def test_older_results_are_replaced_or_dropped_and_notes_are_kept(tmp_path: Path):
    """An overlay of last week does not stay beside today's numbers."""
    target = tmp_path / "clip"
    target.mkdir()
    for name in (*OWN_FILES, "my notes.txt"):
        (target / name).write_text("old")
    with staged_folder(target) as stage:
        (stage / "summary.json").write_text("new")
    assert names(target) == {"summary.json", "my notes.txt"}
    assert (target / "summary.json").read_text() == "new"
    assert (target / "my notes.txt").read_text() == "old"


def test_ctrl_c_while_files_are_put_in_place_waits_for_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    real, calls = Path.replace, []

    def interrupted(self: Path, target: Path) -> Path:
        calls.append(self.name)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt), staged_folder(tmp_path / "clip") as stage:
        for name in OWN_FILES:
            (stage / name).write_text("new")
    assert names(tmp_path / "clip") == set(OWN_FILES)
    assert calls[-1] == "summary.json"


def test_the_stage_of_a_killed_run_is_removed_and_a_living_one_is_not(tmp_path: Path):
    target = tmp_path / "clip"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_A_STAGE, str(target)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        stage = Path(run.stdout.readline().strip())
        assert remove_stale_stages(target) == 0
        assert stage.exists()
        run.kill()
    assert stage.exists()
    with staged_folder(target) as mine:
        assert not stage.exists()
        (mine / "summary.json").write_text("new")
    assert names(tmp_path) == {"clip"}


def test_a_stage_without_a_lock_is_stale_only_when_it_is_not_newborn(tmp_path: Path):
    stage = tmp_path / ".clip.partial-0123"
    stage.mkdir()
    assert remove_stale_stages(tmp_path / "clip") == 0
    long_ago = time.time() - 3600
    os.utime(stage, (long_ago, long_ago))
    assert remove_stale_stages(tmp_path / "other") == 0
    assert remove_stale_stages(tmp_path / "clip") == 1
    assert names(tmp_path) == set()


def test_a_full_disk_is_said_in_words(tmp_path: Path):
    with (
        pytest.raises(OutputNotWritable, match="Free some space"),
        staged_folder(tmp_path / "clip"),
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert names(tmp_path) == set()


def test_an_output_folder_that_is_a_file_is_said_in_words(tmp_path: Path):
    (tmp_path / "out").write_text("a file")
    with (
        pytest.raises(OutputNotWritable, match="--out"),
        staged_folder(tmp_path / "out" / "clip"),
    ):
        pytest.fail("must not be entered")
    assert (tmp_path / "out").read_text() == "a file"


def test_a_read_only_folder_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with (
        pytest.raises(OutputNotWritable, match="Permission denied"),
        staged_folder(tmp_path / "clip"),
    ):
        pytest.fail("must not be entered")


def test_an_unrelated_os_error_is_not_blamed_on_the_folder(tmp_path: Path):
    with pytest.raises(ConnectionError), staged_folder(tmp_path / "clip"):
        raise ConnectionResetError(errno.ECONNRESET, "gone")


def test_a_result_open_in_another_program_leaves_all_older_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Windows refuses to replace a file that a spreadsheet holds open."""
    target = tmp_path / "clip"
    target.mkdir()
    for name in ("episodes.csv", "summary.json"):
        (target / name).write_text("old")
    real = Path.open

    def locked(self: Path, mode: str = "r", *args: object, **more: object):
        if self == target / "summary.json" and "+" in mode:
            raise PermissionError(errno.EACCES, "in use", str(self))
        return real(self, mode, *args, **more)

    monkeypatch.setattr(Path, "open", locked)
    with (
        pytest.raises(OutputNotWritable, match="open in another program"),
        staged_folder(target) as stage,
    ):
        for name in ("episodes.csv", "summary.json"):
            (stage / name).write_text("new")
    monkeypatch.undo()
    assert {(target / n).read_text() for n in names(target)} == {"old"}
