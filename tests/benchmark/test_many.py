"""Many short recordings: what two workers gain, and that kills lose and repeat nothing.

Opt-in::

    TWITCH_TRACKER_MANY=200 pytest -m benchmark -s tests/benchmark/test_many.py

Recordings of four seconds at 480p, all of different content. The speed-up is printed;
that both runs give the same bursts is asserted, and after workers were killed (SIGKILL)
at random that every recording is in the journal exactly once.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from speed_films import Film, make_film

from twitch_tracker.journal.open import open_journal

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc"),
    pytest.mark.usefixtures("two_cores"),
]

COUNT = int(os.environ.get("TWITCH_TRACKER_MANY", "200"))
SEED = int(os.environ.get("SEED", "16"))
FILM = Film(size="480p", fps=30, codec="h264", seconds=4.0)
TWITCH_TRACKER = [sys.executable, "-m", "twitch_tracker.cli.app"]


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    for number in range(COUNT):
        make_film(folder, FILM, number=number)
    return folder


def batch(films: Path, out: Path, jobs: int) -> list[str]:
    words = ["batch", str(films), "--out", str(out), "--jobs", str(jobs), "--quiet"]
    return [*TWITCH_TRACKER, *words]


def bursts(out: Path) -> dict[str, str]:
    return {
        path.parent.name: path.read_text("utf-8") for path in out.rglob("episodes.csv")
    }


def test_two_workers(films: Path, tmp_path: Path):
    seconds = {}
    for jobs in (1, 2):
        began_s = time.perf_counter()
        subprocess.run(batch(films, tmp_path / str(jobs), jobs), check=True)
        seconds[jobs] = time.perf_counter() - began_s
    print(
        f"\n{COUNT} recordings of {FILM.seconds:g} s: {seconds[1]:.1f} s with one "
        f"worker, {seconds[2]:.1f} s with two, speed-up {seconds[1] / seconds[2]:.2f} "
        f"(load {os.getloadavg()[0]:.1f})"
    )
    alone, together = bursts(tmp_path / "1"), bursts(tmp_path / "2")
    assert len(alone) == COUNT
    assert alone == together


def workers_of(process: int) -> list[int]:
    """Processes that a process spawned to work for it."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = place.joinpath("stat").read_text("ascii").rsplit(")", 1)[1].split()
            words = place.joinpath("cmdline").read_bytes()
            if int(parent[1]) == process and b"spawn_main" in words:
                found.append(int(place.name))
    return found


def test_kills(films: Path, tmp_path: Path):
    home, chance = tmp_path / "home", random.Random(SEED)  # noqa: S311
    with open_journal(home) as journal:
        journal.add_patient("anna")
    out, starts, kills = tmp_path / "out", 0, 0
    log = ["--patient", "anna", "--home", str(home), "--no-known-face"]
    while True:
        starts += 1
        with subprocess.Popen([*batch(films, out, 2), *log]) as process:
            while process.poll() is None:
                time.sleep(chance.uniform(2.0, 20.0))
                workers = workers_of(process.pid)
                if workers and kills < max(COUNT // 10, 3):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(chance.choice(workers), signal.SIGKILL)
                    kills += 1
        if process.returncode == 0:
            break
        assert starts < 50
    with open_journal(home) as journal:
        entries = journal.recordings("anna")
    logged = [entry.file_name for entry in entries]
    print(f"\n{kills} kills, {starts} starts, {len(logged)} recordings logged")
    assert len(set(logged)) == len(logged) == COUNT
    assert {entry.revision for entry in entries} == {1}
    assert len(bursts(out)) == COUNT
