"""What progression costs: ten years of daily recordings, half a million bursts.

Opt-in (``pytest tests/benchmark/test_progress_cost.py -m benchmark -s``). Makes the
journal (about two minutes), then runs the real command as a process of its own, three
times each, and prints what the computer used: start of Python, imports, journal,
reckoning and showing are all in it. Nothing is asserted of time or memory, because they
say more about the computer than about the program; processor seconds hardly depend on
what else it is doing, the clock does.

The same measurement on a journal that is there already::

    python tests/benchmark/test_progress_cost.py HOME PATIENT
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from methods import METHOD

from twitch_tracker.history import DiaryEntry, Task, Treatment, TreatmentKind
from twitch_tracker.journal.entries import Analysis
from twitch_tracker.journal.open import open_journal
from twitch_tracker.records import Blink, Episode, EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

pytestmark = pytest.mark.benchmark

RECORDINGS = 3_650
BURSTS = 500_000
LEFT_BURSTS = 2
BLINKS = 5
INJECTION_EVERY_DAYS = 91
PATIENT = "bench"
START = datetime.now(UTC) - timedelta(days=RECORDINGS + 1)
WAYS = {
    "terminal": [],
    "terminal, --json": ["--json"],
    "page and all files": ["--out", "OUT"],
}


# --- ten years ----------------------------------------------------------------------


def _episodes(rng: np.random.Generator, side: Side, bursts: int) -> Iterator[Episode]:
    """Bursts at random times; some reach the mouth corner and lift the eyebrow."""
    starts_s = np.sort(rng.uniform(0.0, 590.0, bursts))
    lengths_s = rng.lognormal(-0.4, 0.8, bursts).clip(0.1, 9.0)
    excursions_mm = rng.lognormal(0.6, 0.3, bursts)
    beyond, lifted = rng.random((2, bursts)) < [[0.5], [0.2]]
    for n in range(bursts):
        regions = (
            (Region.EYELID, Region.MOUTH_CORNER) if beyond[n] else (Region.EYELID,)
        )
        yield Episode(
            span=Interval(
                start_s=float(starts_s[n]), end_s=float(starts_s[n] + lengths_s[n])
            ),
            side=side,
            regions=regions,
            lead_region=Region.EYELID,
            kind=EpisodeKind.CLONIC,
            excursion_mm=float(excursions_mm[n]),
            brow_lift=bool(lifted[n]),
        )


def _recording(number: int, bursts: int) -> Analysis:
    """Ten minutes of one day: two days at rest, the third with closing the eyes."""
    rng = np.random.default_rng(number)
    left = min(LEFT_BURSTS, bursts)
    found = [
        *_episodes(rng, Side.RIGHT, bursts - left),
        *_episodes(rng, Side.LEFT, left),
    ]
    return Analysis(
        content_sha256=f"{number:064x}",
        started_at=START + timedelta(days=number),
        task=Task.REST if number % 3 else Task.FORCED_CLOSURE,
        method=METHOD,
        parameters={f"parameter_{n}": float(n) for n in range(60)},
        summary={f"key_{n}": float(n) for n in range(150)},
        recorded_s=600.0,
        analysable_s=580.0,
        rest_asymmetry=float(rng.normal(0.0, 0.02)),
        episodes=tuple(sorted(found, key=lambda e: e.span.start_s)),
        blinks=tuple(
            Blink(
                span=Interval(start_s=60.0 * n, end_s=60.0 * n + 0.2),
                complete=True,
                closure_left=1.0,
                closure_right=1.0,
            )
            for n in range(BLINKS)
        ),
    )


def _years() -> Iterator[Analysis]:
    """Ten years; better and worse days; the bursts add up to `BURSTS`."""
    weights = np.random.default_rng(0).lognormal(0.0, 0.3, RECORDINGS)
    edges = np.concatenate([[0.0], np.cumsum(weights)]) / weights.sum()
    counts = np.diff(np.round(BURSTS * edges).astype(int))
    for number, bursts in enumerate(counts.tolist()):
        yield _recording(number, bursts)


def _diary() -> Iterator[DiaryEntry]:
    rng = np.random.default_rng(1)
    for n in range(RECORDINGS):
        yield DiaryEntry(
            on=(START + timedelta(days=n)).date(),
            stress=float(rng.integers(0, 11)),
            fatigue=float(rng.integers(0, 11)),
            sleep_hours=float(rng.integers(4, 10)),
            caffeine_cups=float(rng.integers(0, 5)),
            screen_hours=float(rng.integers(0, 12)),
        )


def _injections() -> Iterator[Treatment]:
    for day in range(INJECTION_EVERY_DAYS, RECORDINGS, INJECTION_EVERY_DAYS):
        yield Treatment(
            kind=TreatmentKind.BOTULINUM_TOXIN,
            on=(START + timedelta(days=day)).date(),
            side=Side.RIGHT,
            units=20.0,
        )


def make_years(home: Path) -> None:
    """Log ten years into a new journal."""
    with open_journal(home) as journal:
        journal.add_patient(PATIENT)
        journal.log_many(PATIENT, _years())
        journal.add_treatments(PATIENT, _injections())
        journal.write_diary(PATIENT, _diary())


# --- measuring ----------------------------------------------------------------------


def _measured(words: list[str]) -> tuple[float, float, float]:
    """Run a process; seconds on the clock and of the processor, most memory in MB."""
    began_s = time.perf_counter()
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as run:
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    took_s = time.perf_counter() - began_s
    assert run.returncode == 0, words
    unit = 1e6 if sys.platform == "darwin" else 1e6 / 1024
    return took_s, used.ru_utime + used.ru_stime, used.ru_maxrss / unit


def print_cost(home: Path, patient: str, out: Path) -> None:
    """Measure every way of asking for progression."""
    start = "import sys; from twitch_tracker.cli.app import main; sys.exit(main())"
    own = ["progress", "--home", str(home), "--patient", patient]
    for name, options in WAYS.items():
        given = [str(out) if word == "OUT" else word for word in options]
        runs = [
            _measured([sys.executable, "-c", start, *own, *given]) for _ in range(3)
        ]
        told = "; ".join(
            f"{a:.2f} s ({b:.2f} s processor), {c:.0f} MB" for a, b, c in runs
        )
        print(f"{name}: {told}")


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="needs os.wait4 (not on Windows)")
def test_cost_of_ten_years(tmp_path: Path) -> None:
    began_s = time.perf_counter()
    make_years(tmp_path / "home")
    took_s = time.perf_counter() - began_s
    print(f"\n{RECORDINGS} recordings, {BURSTS} bursts; made in {took_s:.0f} s")
    print_cost(tmp_path / "home", PATIENT, tmp_path / "out")


if __name__ == "__main__":
    print_cost(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[1]) / "cost_out")
