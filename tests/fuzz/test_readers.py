"""Every reader meets files that are almost right: only named errors, bounded work.

    TWITCH_TRACKER_FUZZ=100000 python -m pytest tests/fuzz/test_readers.py -m fuzz -s

reads that many inputs (10,000 by default), in rounds, and prints after each for every
reader how many were understood and refused, the longest one (seconds of the processor,
as a busy machine is nobody's fault) and the most memory. What an input is depends on the
seed, the reader and its number alone: ``TWITCH_TRACKER_FUZZ_FROM=3`` goes on with the
fourth round, and a fault names all three. One that takes longer than it may is ended.
``TWITCH_TRACKER_FUZZ_READERS=inbox,backup`` tries only readers with such names.
`docs/security.md` has the figures.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from odd_inputs import Reader, mutated, readers

from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.records import Session

pytestmark = pytest.mark.fuzz

INPUTS = int(os.environ.get("TWITCH_TRACKER_FUZZ", "10000"))
SEED = int(os.environ.get("TWITCH_TRACKER_FUZZ_SEED", "1"))
FROM = int(os.environ.get("TWITCH_TRACKER_FUZZ_FROM", "0"))
NAMES = os.environ.get("TWITCH_TRACKER_FUZZ_READERS", "").split(",")
MOST_S = 10.0
MOST_MB = 1024.0

ROUND = 100
"""Inputs of a reader in one round."""

SLOW = 10
"""How many fewer of them a reader gets that logs into a journal or decodes Parquet."""


class TooLongError(BaseException):
    """Reading took longer than it may; no `except Exception` of a reader takes it."""


@dataclass
class Tried:
    """What became of the inputs of one reader."""

    happened: Counter[str] = field(default_factory=Counter)
    longest_s: float = 0.0
    faults: list[str] = field(default_factory=list)

    def noted(self, what: str, number: int) -> None:
        """Note a fault, each once with the first input that showed it."""
        if what not in self.happened:
            self.faults.append(f"{what} (first by input {number}, seed {SEED})")
            print(f"FAULT {self.faults[-1]}", flush=True)
        self.happened[what] += 1


def most_memory_mb() -> float:
    """The most memory this process ever had; 0 where nobody says."""
    if sys.platform == "win32":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextlib.contextmanager
def ended_after(most_s: float) -> Iterator[None]:
    """End what takes longer than so many seconds of the processor."""
    if sys.platform == "win32":
        yield
        return

    def end(_signal: int, _frame: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, most_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def try_one(reader: Reader, number: int, tried: Tried) -> None:
    """Read one mutation."""
    rng = random.Random(f"{SEED} {reader.name} {number}")  # noqa: S311
    reader.path.write_bytes(mutated(reader.content, rng))
    began_s = time.process_time()
    try:
        with ended_after(MOST_S):
            reader.read(reader.path)
    except TwitchTrackerError:
        tried.happened["refused"] += 1
    except TooLongError:
        tried.noted(f"{reader.name}: not ended after {MOST_S:.0f} s", number)
    except Exception as error:  # noqa: BLE001 - what the test looks for
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        said = f"{type(error).__name__} in {place}: {str(error)[:80]}"
        tried.noted(f"{reader.name}: {said}", number)
    else:
        tried.happened["understood"] += 1
    took_s = time.process_time() - began_s
    tried.longest_s = max(tried.longest_s, took_s)
    if most_memory_mb() > MOST_MB:
        tried.noted(f"{reader.name}: more than {MOST_MB:.0f} MB", number)


def is_slow(reader: Reader) -> bool:
    return reader.name.startswith("journal add") or reader.path.suffix == ".parquet"


def in_round(reader: Reader, number: int) -> range:
    """Number the inputs of a reader in a round."""
    count = ROUND // SLOW if is_slow(reader) else ROUND
    return range(number * count, (number + 1) * count)


def told(every: dict[str, Tried]) -> str:
    lines = [f"{'reader':30} inputs understood refused other longest_s"]
    for name, tried in every.items():
        total = tried.happened.total()
        known = tried.happened["understood"], tried.happened["refused"]
        lines.append(
            f"{name:30} {total:6} {known[0]:10} {known[1]:7} {total - sum(known):5} "
            f"{tried.longest_s:9.2f}"
        )
    total = sum(tried.happened.total() for tried in every.values())
    longest_s = max(tried.longest_s for tried in every.values())
    memory_mb = most_memory_mb()
    lines.append(f"all: {total}, longest {longest_s:.2f} s, most {memory_mb:.0f} MB")
    return "\n".join(lines)


def test_only_named_errors(tmp_path: Path, session: Session):
    asked = [
        reader
        for reader in readers(tmp_path, session)
        if any(name in reader.name for name in NAMES)
    ]
    every = {reader.name: Tried() for reader in asked}
    rounds = -(-INPUTS // sum(len(in_round(reader, 0)) for reader in asked))
    logging.disable(logging.CRITICAL)
    gc.freeze()
    try:
        for number in range(FROM, FROM + rounds):
            for reader in asked:
                for one in in_round(reader, number):
                    try_one(reader, one, every[reader.name])
                reader.path.write_bytes(reader.content)
            print(f"\nround {number}\n{told(every)}", flush=True)
    finally:
        logging.disable(logging.NOTSET)
    faults = [fault for tried in every.values() for fault in tried.faults]
    assert not faults, "\n".join(faults)
