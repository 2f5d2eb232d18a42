"""`analyze` against loops that only find the face, as tables for docs/performance.md.

Opt-in. Every day, about two minutes on quiet cores::

    pytest -m benchmark -s tests/benchmark/test_speed.py -k daily

and all of it, about an hour, with a film of one's own::

    TWITCH_TRACKER_SPEED_FILM=film.mp4 TWITCH_TRACKER_LANDMARKER=face_landmarker.task \\
        pytest -m benchmark -s tests/benchmark/test_speed.py

Each contestant is a process of its own over the same file, on two cores, one after the
other and in turn. Clock time is that of the machine: beside other work only processor
time says something. What a contestant needs for a film of one second is its start; what
a picture costs is the rest. Nothing is asserted about time, because that says more about
the computer than about the program.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from speed_films import Film, make_film

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(not hasattr(os, "wait4"), reason="counts with wait4"),
    pytest.mark.usefixtures("two_cores"),
]

LOOPS = Path(__file__).parents[1] / "helpers" / "contestants.py"
ROUNDS = int(os.environ.get("TWITCH_TRACKER_SPEED_ROUNDS", "2"))
SECONDS = float(os.environ.get("TWITCH_TRACKER_SPEED_SECONDS", "20"))
TWITCH_TRACKER = [sys.executable, "-m", "twitch_tracker.cli.app"]
EVERY_FILM = [
    *(("720p", fps, codec) for fps, codec in product((30, 60), ("h264", "hevc"))),
    *((size, 30, "h264") for size in ("480p", "1080p", "4K")),
    *((size, 60, "hevc") for size in ("1080p", "4K")),
]


@dataclass(frozen=True)
class Cost:
    """What one process took: seconds of the clock and of processors, memory, words."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    said: str


def run(command: list[str]) -> Cost:
    """Run a process to its end."""
    began_s = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, (command, said)
    unit = 1e6 if sys.platform == "darwin" else 1024
    return Cost(
        wall_s=time.perf_counter() - began_s,
        cpu_s=used.ru_utime + used.ru_stime,
        peak_mb=used.ru_maxrss / unit,
        said=said,
    )


def contestants(folder: Path) -> dict[str, Callable[[Path], list[str]]]:
    """Say how each is started on a film."""

    def loop(name: str) -> Callable[[Path], list[str]]:
        return lambda film: [sys.executable, str(LOOPS), name, str(film)]

    def analyze(*options: str) -> Callable[[Path], list[str]]:
        words = [*TWITCH_TRACKER, "analyze", "--out", str(folder / "out"), *options]
        return lambda film: [*words, str(film)]

    racing = {
        "bare loop": loop("bare"),
        "analyze": analyze(),
        "analyze --every-picture": analyze("--every-picture"),
    }
    if "TWITCH_TRACKER_LANDMARKER" in os.environ:
        racing["landmarker loop"] = loop("landmarker")
    return racing


def race(folder: Path, film: Film) -> dict[str, list[str | float]]:
    """Run everybody over a film in turn; cells of a table for each."""
    long, short = make_film(folder, film), make_film(folder, _second_of(film))
    frames = round(film.seconds * film.fps)
    more = frames - film.fps
    racing = contestants(folder)
    runs: dict[str, list[tuple[Cost, Cost]]] = {name: [] for name in racing}
    for _ in range(ROUNDS):
        for name, start in racing.items():
            runs[name].append((run(start(long)), run(start(short))))
    cells: dict[str, list[str | float]] = {}
    for name, costs in runs.items():
        whole_ms = [1e3 * long.wall_s / frames for long, _ in costs]
        whole_cpu_ms = [1e3 * long.cpu_s / frames for long, _ in costs]
        each = [1e3 * (long.wall_s - short.wall_s) / more for long, short in costs]
        cpu = [1e3 * (long.cpu_s - short.cpu_s) / more for long, short in costs]
        start = [short.wall_s for _, short in costs]
        peak = max(long.peak_mb for long, _ in costs)
        row = [statistics.median(x) for x in (whole_ms, whole_cpu_ms, each, cpu, start)]
        cells[name] = [*row, peak]
    return cells


def _second_of(film: Film) -> Film:
    return Film(size=film.size, fps=film.fps, codec=film.codec, seconds=1.0)


def tell(title: str, head: list[str], rows: list[list[str | float]]) -> None:
    """Print a table in Markdown."""
    shown = [
        [cell if isinstance(cell, str) else f"{cell:.3g}" for cell in row]
        for row in rows
    ]
    lines = [head, ["---"] * len(head), *shown]
    print(f"\n{title}\n")
    print("\n".join("| " + " | ".join(line) + " |" for line in lines), flush=True)


def tell_race(folder: Path, films: list[Film]) -> None:
    """Race over every film, and print who took what and in which ratio."""
    rows: list[list[str | float]] = []
    for film in films:
        cells = race(folder, film)
        bar = cells["bare loop"]
        for name, row in cells.items():
            wall, cpu = float(row[2]) / float(bar[2]), float(row[3]) / float(bar[3])
            whole = float(row[0]) / float(bar[0])
            rows.append([str(film), name, *row, whole, wall, cpu])
        print(f"{film}: done", file=sys.stderr, flush=True)
    head = [
        *("film", "who", "whole ms", "whole cpu ms", "ms a picture", "cpu ms"),
        *("1 s of film, s", "peak MB", "whole ratio", "ratio", "cpu ratio"),
    ]
    tell(f"load before: {os.getloadavg()[0]:.1f}; {ROUNDS} rounds", head, rows)


def tell_stages(folder: Path, films: list[Film]) -> None:
    """Print where processor time goes, in one thread."""
    found = {}
    for film in films:
        path = make_film(folder, film)
        found[str(film)] = json.loads(
            run([sys.executable, str(LOOPS), "stages", str(path)]).said
        )
    first = next(iter(found.values()))
    rows: list[list[str | float]] = [
        [stage, *(of["ms"][stage] for of in found.values())] for stage in first["ms"]
    ]
    rows.append(["together", *(sum(of["ms"].values()) for of in found.values())])
    rows.append(
        ["interocular distance, px", *(of["interocular_px"] for of in found.values())]
    )
    rows.append(["passed over", *(of["passed_over"] for of in found.values())])
    tell(
        "processor ms a picture that is looked at, one thread", ["stage", *found], rows
    )


def test_daily(tmp_path: Path):
    film = Film(size="720p", fps=30, codec="h264", seconds=SECONDS)
    tell_race(tmp_path, [film])
    tell_stages(tmp_path, [film])


def test_every_film(tmp_path: Path):
    films = [
        Film(size=size, fps=fps, codec=codec, seconds=SECONDS)
        for size, fps, codec in EVERY_FILM
    ]
    tell_race(tmp_path, films)
    tell_stages(tmp_path, films)


def test_one_and_two_workers(tmp_path: Path):
    film = Film(size="720p", fps=30, codec="h264", seconds=SECONDS)
    folder = tmp_path / "films"
    folder.mkdir()
    for number in range(4):
        make_film(folder, film, number=number)
    rows: list[list[str | float]] = []
    for jobs in (1, 2):
        out = tmp_path / f"out{jobs}"
        command = [*TWITCH_TRACKER, "batch", str(folder), "--out", str(out)]
        cost = run([*command, "--jobs", str(jobs)])
        rows.append([str(jobs), cost.wall_s, cost.cpu_s])
    alone, both = float(rows[0][1]), float(rows[1][1])
    rows[0].append(1.0)
    rows[1].append(alone / both)
    tell(f"batch: 4 times {film}", ["workers", "s", "cpu s", "speed-up"], rows)


def test_start(tmp_path: Path):
    film = make_film(tmp_path, Film(size="720p", fps=30, codec="h264", seconds=1.0))
    one = ["analyze", str(film), "--out", str(tmp_path / "out")]
    rows: list[list[str | float]] = []
    for what, words in {"--help": ["--help"], "analyze of 1 s": one}.items():
        costs = [run([*TWITCH_TRACKER, *words]) for _ in range(5)]
        times = sorted(cost.wall_s for cost in costs)
        cpu_s = statistics.median(cost.cpu_s for cost in costs)
        rows.append([what, times[0], times[2], cpu_s])
    tell("start", ["what", "fastest s", "median s", "cpu s"], rows)
