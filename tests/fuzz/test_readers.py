"""Every reader meets files that are almost right: only named errors, bounded work.

    TWITCH_TRACKER_FUZZ=100000 python -m pytest tests/fuzz -m fuzz -s

reads that many inputs (10,000 by default) and prints, for each reader, how many were
understood and refused, the longest one (seconds of the processor, as a busy machine is
nobody's fault) and the most memory. `docs/security.md` has the figures.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

import pytest
from odd_inputs import Reader, mutated, readers

from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.records import Session

pytestmark = pytest.mark.fuzz

INPUTS = int(os.environ.get("TWITCH_TRACKER_FUZZ", "10000"))
SEED = int(os.environ.get("TWITCH_TRACKER_FUZZ_SEED", "1"))
MOST_S = 10.0
MOST_MB = 1024.0


def most_memory_mb() -> float:
    """The most memory this process ever had; 0 where nobody says."""
    if sys.platform == "win32":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def tried(
    reader: Reader, inputs: int, rng: random.Random
) -> tuple[Counter[str], float]:
    """Read mutations; returns how often what happened, and the longest one."""
    happened: Counter[str] = Counter()
    longest_s = 0.0
    for _ in range(inputs):
        content = mutated(reader.content, rng)
        reader.path.write_bytes(content)
        began_s = time.process_time()
        try:
            reader.read(reader.path)
        except TwitchTrackerError:
            happened["refused"] += 1
        except Exception as error:  # noqa: BLE001 - what the test looks for
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(last.filename).name}:{last.lineno}"
            happened[f"{type(error).__name__} in {place}: {str(error)[:80]}"] += 1
        else:
            happened["understood"] += 1
        longest_s = max(longest_s, time.process_time() - began_s)
    reader.path.write_bytes(reader.content)
    return happened, longest_s


def test_only_named_errors(tmp_path: Path, session: Session):
    rng = random.Random(SEED)  # noqa: S311
    every = readers(tmp_path, session)
    wrong: list[str] = []
    gc.freeze()
    print(f"\n{'reader':30} inputs understood refused other longest_s most_MB")
    for reader in every:
        happened, longest_s = tried(reader, INPUTS // len(every), rng)
        known = happened.pop("understood", 0), happened.pop("refused", 0)
        other, memory_mb = sum(happened.values()), most_memory_mb()
        total = sum(known) + other
        print(
            f"{reader.name:30} {total:6} {known[0]:10} {known[1]:7} {other:5} "
            f"{longest_s:9.2f} {memory_mb:7.0f}",
            flush=True,
        )
        wrong += [
            f"{reader.name}: {count} x {what}" for what, count in happened.items()
        ]
        if longest_s > MOST_S or memory_mb > MOST_MB:
            wrong.append(f"{reader.name}: {longest_s:.1f} s, {memory_mb:.0f} MB")
    assert not wrong, "\n".join(wrong)
