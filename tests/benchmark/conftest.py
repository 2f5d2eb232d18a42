"""What several benchmarks share: a long recording, two cores, how much memory."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from twitch_tracker.history import Method
from twitch_tracker.journal.entries import Analysis
from twitch_tracker.records import MotionSignals, RegionScores, Session

HASH = "ab" * 32
CORES = 2


@pytest.fixture(scope="module")
def two_cores() -> Iterator[None]:
    """Use two cores even where there are more; what is started inherits it."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:CORES])
    yield
    os.sched_setaffinity(0, before)


@pytest.fixture(scope="session")
def memory_mb() -> Callable[[int], float]:
    """Tell the resident memory of a process (Linux), else NaN."""

    def tell(pid: int) -> float:
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
        except OSError:
            return math.nan
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    return tell


def _long_motion(motion: MotionSignals, count: int, fps: Fraction) -> MotionSignals:
    """Make signals of so many pictures of a few: whatever there is one of for each."""
    places = np.arange(count) % len(motion.time_s)
    time_s = np.arange(count) / float(fps)

    def lengthened(scores: RegionScores) -> RegionScores:
        return replace(scores, time_s=time_s, values=scores.values[places])

    arrays = {
        field.name: value[places]
        for field in fields(motion)
        if isinstance(value := getattr(motion, field.name), np.ndarray)
        and len(value) == len(motion.time_s)
    }
    arrays |= {"time_s": time_s, "frame_s": np.full(count, 1 / float(fps))}
    return replace(
        motion,
        **arrays,
        reasons=tuple(motion.reasons[place] for place in places),
        scores={name: lengthened(scores) for name, scores in motion.scores.items()},
    )


@pytest.fixture(scope="session")
def hour(made_session: Callable[..., Session]) -> Callable[..., Analysis]:
    """Make the analysis of an hour at 30 pictures a second, with its signals."""
    from twitch_tracker.exchange.signals import write_signals

    def make(
        folder: Path, at: datetime, method: Method, minutes: float = 60.0
    ) -> Analysis:
        session = made_session("long.mp4", HASH)
        count = round(minutes * 60 * 30)
        motion = _long_motion(session.motion, count, Fraction(30))
        write_signals(folder / "long.parquet", replace(session, motion=motion))
        return Analysis(
            content_sha256=HASH,
            started_at=at,
            method=method,
            recorded_s=count / 30,
            analysable_s=count / 30,
            episodes=session.episodes,
            signals=folder / "long.parquet",
        )

    return make
