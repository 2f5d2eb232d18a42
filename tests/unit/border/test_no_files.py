"""What has a name on the disk and is no file is refused at once, by every reader.

A pipe is waited for until somebody writes into it, and a device may never end. A list
of recordings, a folder of results or an archive from elsewhere may hold one.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from twitch_tracker.encrypted.files import is_encrypted, open_to_read
from twitch_tracker.errors import BadFile, RecordingError
from twitch_tracker.evaluate.reading import read_manifest
from twitch_tracker.exchange.saved_signals import read_signals
from twitch_tracker.exchange.saved_summary import open_summary
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.journal.files.tables import read_diary
from twitch_tracker.journal.upkeep.backup_contents import verify
from twitch_tracker.live.event_log import read_events
from twitch_tracker.live.spool import LAYOUT, read_signal_file
from twitch_tracker.simulate.picture.stills import read_still
from twitch_tracker.simulate.plan.scenario import Scenario
from twitch_tracker.video.files import hash_file, open_video

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pipes by name")

READERS: dict[str, Callable[[Path], object]] = {
    "summary": open_summary,
    "signals": read_signals,
    "truth": read_truth,
    "manifest": read_manifest,
    "diary": read_diary,
    "scenario": Scenario.load,
    "backup": verify,
    "film": open_video,
    "hash of a film": hash_file,
    "portrait": read_still,
    "event log": read_events,
    "signals of a camera": lambda path: read_signal_file(path, LAYOUT, path.parent),
}


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    """End a test that would wait for ever."""

    def end(_signal: int, _frame: object) -> None:
        raise AssertionError("it waits, or never ends")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(params=["pipe", "device"])
def no_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "device":
        return Path("/dev/zero")
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    return path


@pytest.mark.parametrize("name", READERS)
def test_it_is_refused(no_file: Path, name: str):
    with pytest.raises((BadFile, RecordingError)) as caught:
        READERS[name](no_file)
    assert "no file" in str(caught.value)


def test_it_is_not_opened_for_writing_either_way(no_file: Path):
    assert not is_encrypted(no_file)
    with pytest.raises(OSError, match="no file"):
        open_to_read(no_file)


def test_a_folder_is_said_to_be_one(tmp_path: Path):
    with pytest.raises(IsADirectoryError):
        open_to_read(tmp_path)
