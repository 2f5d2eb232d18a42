"""What ten years of daily recordings cost: 3,650 recordings, 500,000 bursts.

Run with ``pytest tests/benchmark/test_journal.py -m benchmark -s``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from twitch_tracker.history import Method, Task
from twitch_tracker.journal.entries import Analysis
from twitch_tracker.journal.open import open_journal
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

pytestmark = pytest.mark.benchmark

RECORDINGS = 3_650
BURSTS = 500_000
NOW = datetime.now(UTC)

READ = """
import json, resource, sys, time
from pathlib import Path
began = time.perf_counter()
from twitch_tracker.history import Basis
from twitch_tracker.journal.open import open_journal
loaded = time.perf_counter()
with open_journal(Path(sys.argv[1])) as journal:
    opened = time.perf_counter()
    history = journal.history("anna", Basis(sys.argv[2]))
done = time.perf_counter()
bursts = sum(s.episodes for r in history.recordings for s in r.sides.values())
print(json.dumps({
    "imports_s": loaded - began, "open_s": opened - loaded,
    "history_s": done - opened, "recordings": len(history.recordings),
    "bursts": bursts, "cpu_s": time.process_time(),
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""


def analysis(number: int, bursts: int, signals: Path | None = None) -> Analysis:
    """Make a ten-minute recording with evenly spread bursts on the right."""
    rng = np.random.default_rng(number)
    starts_s = np.linspace(0.0, 595.0, bursts)
    lengths_s = rng.uniform(0.1, 3.0, bursts)
    return Analysis(
        content_sha256=f"{number:064x}",
        started_at=NOW - timedelta(days=RECORDINGS + 1 - number),
        task=Task.REST,
        method=Method(
            tracker="attention-mesh",
            tracker_weights_sha256="aa" * 32,
            detector="learned",
            networks_sha256="bb" * 32,
            parameters_sha256="cc" * 32,
            software_version="1.0",
        ),
        parameters={f"parameter_{n}": float(n) for n in range(60)},
        summary={f"key_{n}": float(n) for n in range(150)},
        recorded_s=600.0,
        analysable_s=600.0,
        episodes=tuple(
            Episode(
                span=Interval(start_s=float(start_s), end_s=float(start_s + length_s)),
                side=Side.RIGHT,
                regions=(Region.EYELID, Region.MOUTH_CORNER),
                lead_region=Region.EYELID,
                kind=EpisodeKind.CLONIC,
                excursion_mm=2.5,
                reasons=("the lid moved; the other side was still",),
            )
            for start_s, length_s in zip(starts_s, lengths_s, strict=True)
        ),
        signals=signals,
    )


def years() -> Iterator[Analysis]:
    """Make ten years; the bursts add up to `BURSTS`."""
    edges = np.linspace(0, BURSTS, RECORDINGS + 1).astype(int)
    for number, bursts in enumerate(np.diff(edges), start=1):
        yield analysis(number, int(bursts))


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("years")
    with open_journal(folder) as journal:
        journal.add_patient("anna")
        began_s = time.perf_counter()
        journal.log_many("anna", years())
        told = time.perf_counter() - began_s
    size = (folder / "journal.sqlite3").stat().st_size / 1e6
    print(f"\n{RECORDINGS} recordings logged in {told:.1f} s; file of {size:.0f} MB")
    return folder


def test_reading_ten_years(home):
    for _ in range(3):
        run = subprocess.run(
            [sys.executable, "-c", READ, home, "detected"],
            capture_output=True,
            text=True,
            check=True,
        )
        told = json.loads(run.stdout)
        print({name: round(value, 3) for name, value in told.items()})
    assert (told["recordings"], told["bursts"]) == (RECORDINGS, BURSTS)


def test_adding_a_recording_to_ten_years(home, tmp_path):
    """With signals of 6 MB, about ten minutes of video."""
    signals = tmp_path / "signals.parquet"
    took_ms, cpu_ms = [], []
    with open_journal(home) as journal:
        for number in range(RECORDINGS + 1, RECORDINGS + 21):
            signals.write_bytes(np.random.default_rng(number).bytes(6_000_000))
            given = analysis(number, 137, signals)
            given = type(given)(**{**vars(given), "started_at": NOW})
            began_s, cpu_s = time.perf_counter(), time.process_time()
            journal.log("anna", given)
            cpu_ms.append(1000 * (time.process_time() - cpu_s))
            took_ms.append(1000 * (time.perf_counter() - began_s))
    print(f"\nadding: median {np.median(took_ms):.0f} ms, most {max(took_ms):.0f} ms")
    print(f"of it computing: median {np.median(cpu_ms):.0f} ms")


def test_checking_ten_years(home):
    began_s = time.perf_counter()
    with open_journal(home) as journal:
        assert journal.check() == ()
    print(f"\nchecking everything: {time.perf_counter() - began_s:.1f} s")
