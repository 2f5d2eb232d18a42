"""What the program costs: time by stage, memory by length, time to the help.

Opt-in (``pytest -m benchmark -s``). Prints a table and writes the same numbers
as ``benchmark.json`` into the temporary folder of the test; nothing is asserted
about time, because that says more about the computer than about the program.
Memory must not grow with the length of a recording beyond what the signals
need, and that is asserted.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import two_hours
from speed_films import Film, loop_film, make_film

pytestmark = pytest.mark.benchmark

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
MINUTES = (5.0, float(os.environ.get("TWITCH_TRACKER_LONG_MINUTES", "120")))
MOST_KB_PER_FRAME = 8.0
"""Signals, kept mesh points and the Parquet table, all in memory at once."""

MEASURE_MEMORY = """
import json, sys, resource
from pathlib import Path
from twitch_tracker.batch import Job, run_job
row = run_job(Job(video=Path(sys.argv[1]), folder=Path(sys.argv[2])))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({
    "status": row.status.value, "error": row.error,
    "peak_mb": peak / (1e6 if sys.platform == "darwin" else 1024),
    "elapsed_s": row.elapsed_s,
}))
"""


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Collect what was measured, and show it at the end."""
    found: dict[str, Any] = {
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    yield found
    path = tmp_path_factory.mktemp("benchmark") / "benchmark.json"
    path.write_text(json.dumps(found, indent=2), encoding="utf-8")
    print("\n" + "\n".join(f"{name:44} {value}" for name, value in found.items()))
    print(f"written to {path}")


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that something takes."""
    began_s = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - began_s)


def test_time_by_stage(numbers: dict[str, Any], tmp_path: Path):
    """Each stage on its own, over the same frames."""
    from twitch_tracker.episodes.network.learned import LearnedDetector
    from twitch_tracker.exchange.recording_folder import write_tables
    from twitch_tracker.face.identity.subject import SubjectFollower
    from twitch_tracker.face.trackers.catalogue import open_tracker
    from twitch_tracker.motion.recorder import MotionRecorder
    from twitch_tracker.motion.signals import measure_motion
    from twitch_tracker.pipeline import analyze_fully
    from twitch_tracker.report.overlay.film import write_overlay
    from twitch_tracker.report.recording.page import write_report
    from twitch_tracker.report.recording.pictures import take_pictures
    from twitch_tracker.video.files import open_video

    spent = {"decode": 0.0, "face": 0.0, "motion, per frame": 0.0}
    recorder = MotionRecorder()
    with open_tracker("auto") as tracker, open_video(EXAMPLE) as source:
        follower = SubjectFollower(tracker)
        frames = iter(source)
        while True:
            began_s = time.perf_counter()
            frame = next(frames, None)
            read_s = time.perf_counter()
            if frame is None:
                break
            seen = follower.observe(frame)
            seen_s = time.perf_counter()
            recorder.push(frame, seen)
            spent["decode"] += 1e3 * (read_s - began_s)
            spent["face"] += 1e3 * (seen_s - read_s)
            spent["motion, per frame"] += 1e3 * (time.perf_counter() - seen_s)
    n = len(recorder)
    motion = measure_motion(recorder.raw())
    spent["motion, at the end"] = timed(lambda: measure_motion(recorder.raw()))
    spent["episodes"] = timed(lambda: LearnedDetector().detect(motion))
    meshes = tmp_path / "meshes"
    analysis = analyze_fully(EXAMPLE, landmark_file=meshes)
    session = analysis.session
    spent["tables"] = timed(lambda: write_tables(tmp_path, session))
    spent["pictures and report"] = timed(
        lambda: write_report(
            session,
            tmp_path / "report.html",
            take_pictures(EXAMPLE, session, boxes_px=analysis.boxes_px),
        )
    )
    import numpy as np

    landmarks = np.memmap(meshes, np.float32, "r", shape=(n, 478, 3))
    spent["overlay"] = timed(
        lambda: write_overlay(EXAMPLE, session, landmarks, tmp_path / "overlay.mp4")
    )
    numbers["frames"] = n
    for stage, ms in spent.items():
        numbers[f"ms a frame: {stage}"] = round(ms / n, 3)


@pytest.mark.skipif(sys.platform != "linux", reason="peaks by /proc")
def test_memory_of_two_hours(numbers: dict[str, Any], tmp_path: Path):
    """Of 30 pictures a second, without decoding them (`two_hours`), stage by stage."""
    film = make_film(tmp_path, Film(size="720p", fps=30, codec="h264", seconds=10.0))
    peaks = {}
    for minutes in (5, 120):
        run = subprocess.run(
            [
                *(sys.executable, two_hours.__file__, film),
                *(str(minutes * 60 * two_hours.FPS), tmp_path / f"{minutes}"),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        measured = json.loads(run.stdout.splitlines()[-1])
        assert measured["usable"] > 0.9
        assert measured["bursts"] > 0
        for name, value in measured.items():
            numbers[f"{name}, {minutes} min"] = value
        peaks[minutes] = max(measured["peak_mb"].values())
    assert peaks[120] < 1000
    assert peaks[120] < 1.1 * peaks[5] + measured["kept_mb"]


@pytest.mark.skipif(sys.platform == "win32", reason="getrusage")
def test_memory_by_length(numbers: dict[str, Any], tmp_path: Path):
    """At ten pictures a second: what a picture leaves behind is what counts."""
    film = make_film(tmp_path, Film(size="480p", fps=10, codec="h264", seconds=30.0))
    peaks: dict[float, tuple[int, float]] = {}
    for minutes in MINUTES:
        path = tmp_path / f"{minutes:g}.mp4"
        frames = loop_film(film, path, 60.0 * minutes)
        run = subprocess.run(
            [sys.executable, "-c", MEASURE_MEMORY, path, tmp_path / f"{minutes:g}"],
            capture_output=True,
            text=True,
            check=True,
        )
        measured = json.loads(run.stdout)
        assert measured["status"] == "done", measured["error"]
        peaks[minutes] = (frames, measured["peak_mb"])
        numbers[f"peak MB, {minutes:g} min"] = round(measured["peak_mb"])
        numbers[f"pictures, {minutes:g} min"] = frames
        numbers[f"seconds, {minutes:g} min"] = round(measured["elapsed_s"], 1)
    (short, small_mb), (long, large_mb) = (peaks[minutes] for minutes in MINUTES)
    growth_kb = 1024 * (large_mb - small_mb) / (long - short)
    numbers["kB a frame"] = round(growth_kb, 2)
    assert growth_kb < MOST_KB_PER_FRAME


def test_time_to_the_help(numbers: dict[str, Any]):
    command = [sys.executable, "-m", "twitch_tracker.cli.app", "--help"]

    def show() -> None:
        subprocess.run(command, capture_output=True, check=True)

    show()
    times_s = [timed(show) / 1e3 for _ in range(7)]
    numbers["seconds to --help, median of 7"] = round(statistics.median(times_s), 3)
    numbers["seconds to --help, fastest"] = round(min(times_s), 3)
