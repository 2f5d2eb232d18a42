"""Scratch folders never outlive their work for good."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from twitch_tracker.exchange.disk.durable import put_in_place
from twitch_tracker.exchange.disk.scratch import (
    is_stale,
    scratch_folder,
    stale_folders,
)

HOLD = """
import sys
from pathlib import Path
from twitch_tracker.exchange.disk.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1]), ".work-") as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_a_scratch_folder_is_private_and_goes(tmp_path):
    with scratch_folder(tmp_path, ".work-") as folder:
        assert folder.parent == tmp_path
        if sys.platform != "win32":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert not is_stale(folder)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_goes_and_what_is_in_use_stays(tmp_path):
    (tmp_path / ".other-1").mkdir()
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as other:
        theirs = Path(other.stdout.readline().strip())
        with scratch_folder(tmp_path, ".work-"):
            assert theirs.is_dir()
        other.kill()
        other.wait()
        assert stale_folders(tmp_path, ".work-") == (theirs,)
        with scratch_folder(tmp_path, ".work-"):
            assert not theirs.exists()
    assert [path.name for path in tmp_path.iterdir()] == [".other-1"]


def test_a_newborn_without_a_lock_is_left_alone_for_a_minute(tmp_path):
    newborn = tmp_path / ".work-new"
    newborn.mkdir()
    assert stale_folders(tmp_path, ".work-") == ()
    os.utime(newborn, (0, 0))
    assert stale_folders(tmp_path, ".work-") == (newborn,)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows flushes names itself")
def test_a_name_is_flushed_with_its_folder(monkeypatch, tmp_path):
    """Else a power cut may lose a file that was said to be on the disk."""
    flushed = []
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append(os.fstat(handle)))
    (tmp_path / "part").write_text("whole")
    put_in_place(tmp_path / "part", tmp_path / "file")
    assert [told.st_ino for told in flushed] == [tmp_path.stat().st_ino]
