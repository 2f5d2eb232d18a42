"""What is shown while the work goes on."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from twitch_tracker.batch import Job, JobResult, Status
from twitch_tracker.cli.watch import make_watcher
from twitch_tracker.records import Progress

ROW = JobResult(
    job=Job(video=Path("a [1].mp4"), folder=Path("out")), status=Status.UNREADABLE
)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def show(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, *, quiet: bool) -> str:
    """Let a watcher see one recording, and return what it showed."""
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    watcher = make_watcher(2, quiet=quiet)
    watcher.begin("a [1].mp4")
    watcher.on_progress(Progress(stage="reading", done=1.0, total=4.0))
    watcher.on_progress(Progress(stage="reading", done=2.0, total=4.0))
    watcher.on_progress(Progress(stage="report", done=0.0, total=float("nan")))
    watcher.finish(ROW)
    watcher.close()
    watcher.close()
    return stream.getvalue()


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch):
    shown = show(Terminal(), monkeypatch, quiet=False)
    assert "[1/2] a [1].mp4: re" in shown
    assert "%" in shown


def test_anything_else_gets_one_line_per_recording(monkeypatch: pytest.MonkeyPatch):
    shown = show(io.StringIO(), monkeypatch, quiet=False)
    assert shown == "[1/2] a [1].mp4: not analysed (0.0 s)\n"


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_quiet_is_quiet(stream, monkeypatch: pytest.MonkeyPatch):
    assert show(stream(), monkeypatch, quiet=True) == ""
