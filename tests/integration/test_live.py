"""The command `live` on true pictures: the numbers of `analyze`, also after a kill."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twitch_tracker.cli.app import app
from twitch_tracker.exchange.summary import read_summary
from twitch_tracker.live.event_log import EVENTS, read_events
from twitch_tracker.live.finish import SIGNALS

LIVE = [sys.executable, "-m", "twitch_tracker.cli.app", "live", "--headless"]


@pytest.fixture(scope="module")
def beginning(film, tmp_path_factory) -> Path:
    """The first 11 s of the example: a burst of the right side, and two blinks."""
    return film.until(11.0).write(tmp_path_factory.mktemp("film") / "beginning.mp4")


@pytest.fixture(scope="module")
def fewer(short_film, tmp_path_factory) -> Path:
    """From 2 s to 8 s, every second picture: a third of the work, the same burst."""
    pictures = range(len(short_film.times_s) // 4, len(short_film.times_s), 2)
    return short_film.only(pictures).write(
        tmp_path_factory.mktemp("film") / "fewer.mp4"
    )


def only_folder(out: Path) -> Path:
    (folder,) = out.glob("live-*")
    return folder


@pytest.mark.usefixtures("a_tracker")
def test_the_log_of_a_file_is_that_of_analyze(fewer, analyze, tmp_path):
    """In this process: what it is like in one of its own, the others below tell."""
    out = tmp_path / "live"
    words = ["live", "--headless", "--file", str(fewer), "--fast", "--json"]
    done = CliRunner().invoke(app, [*words, "--out", str(out)], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    here = only_folder(out)
    run = analyze(fewer, "--every-picture")
    there = run.folder("fewer")
    assert run.sides("fewer") == {"right"}
    for name in ("episodes.csv", "blinks.csv", "signals.parquet", "summary.json"):
        assert (here / name).read_bytes() == (there / name).read_bytes(), name
    report = (here / "report.html").read_text(encoding="utf-8")
    assert "data:image/jpeg" in report
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events[:-1] == read_events(here / EVENTS)
    assert events[-1]["summary"] == read_summary(here / "summary.json")


@pytest.mark.slow
def test_a_killed_program_leaves_a_log_that_can_be_finished(beginning, tmp_path):
    """Killed without warning while a camera at its own pace is being recorded."""
    out = tmp_path / "out"
    words = ["--file", str(beginning), "--record", "--out", str(out)]
    program = subprocess.Popen(
        [*LIVE, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: recorded_bytes(out) > 150 * 1000)
    finally:
        program.kill()
        program.wait()
    folder = only_folder(out)
    begun = read_events(folder / EVENTS)[0]
    assert "--finish" in begun["if_cut_off"]
    done = subprocess.run(
        [*LIVE, "--finish", folder], capture_output=True, text=True, check=True
    )
    assert "report:" in done.stdout
    summary = read_summary(folder / "summary.json")
    assert summary["recorded_s"] > 3
    assert summary["video"]["name"] == "recording.mp4"
    assert not (folder / SIGNALS).exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no Ctrl-C for a child there")
def test_ctrl_c_saves_everything(beginning, tmp_path):
    out = tmp_path / "out"
    program = subprocess.Popen(
        [*LIVE, "--file", str(beginning), "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: recorded_bytes(out) > 60 * 1000)
    program.send_signal(signal.SIGINT)
    stdout, stderr = program.communicate(timeout=120)
    assert program.returncode == 0
    assert "report:" in stdout
    assert "Stopping" in stderr
    assert read_events(only_folder(out) / EVENTS)[-1]["how"] == "stopped"


def recorded_bytes(out: Path) -> int:
    return sum(path.stat().st_size for path in out.glob(f"*/{SIGNALS}"))


def wait_until(true, seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)
