"""The largest and worst files that are read at all: how long, and how much memory.

    python -m pytest tests/fuzz/test_bounds.py -m fuzz -s

reads each in a process of its own and prints what it took. `docs/security.md` has the
figures.
"""

from __future__ import annotations

import gzip
import json
import multiprocessing
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twitch_tracker.border.limits import (
    MOST_ANNOTATIONS,
    MOST_DOCUMENT_BYTES,
    MOST_ROWS,
    MOST_TEXT_BYTES,
)
from twitch_tracker.errors import TwitchTrackerError
from twitch_tracker.exchange.saved_summary import open_summary
from twitch_tracker.exchange.tables import read_episodes
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.journal.files.tables import read_diary
from twitch_tracker.simulate.plan.scenario import Scenario

pytestmark = [
    pytest.mark.fuzz,
    pytest.mark.skipif(sys.platform == "win32", reason="nobody tells the memory there"),
]

MOST_S = 10.0
MOST_MB = 1024.0
ROOM = MOST_TEXT_BYTES - 2_000
DOCUMENT = MOST_DOCUMENT_BYTES - 2_000
N = MOST_ROWS - 10


def boris(events: list[list[Any]]) -> str:
    return json.dumps(
        {
            "observations": {"a": {"events": events}},
            "behaviors_conf": {"0": {"code": "left spasm", "type": "State event"}},
        }
    )


def eaf(inside: str) -> str:
    return f"<ANNOTATION_DOCUMENT><HEADER/>{inside}</ANNOTATION_DOCUMENT>"


def chained(count: int) -> str:
    """A burst, and a chain of annotations each of which refers to the one before."""
    burst = (
        '<TIME_SLOT TIME_SLOT_ID="t" TIME_VALUE="1"/><TIME_SLOT TIME_SLOT_ID="u"'
        ' TIME_VALUE="9"/><TIER TIER_ID="left bursts"><ANNOTATION><ALIGNABLE_ANNOTATION'
        ' ANNOTATION_ID="0" TIME_SLOT_REF1="t" TIME_SLOT_REF2="u"/></ANNOTATION></TIER>'
    )
    one = '<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="{}" ANNOTATION_REF="{}"/></ANNOTATION>'
    chain = "".join(one.format(n, n - 1) for n in range(count, 0, -1))
    return eaf(f'{burst}<TIER TIER_ID="w">{chain}</TIER>')


ROW = "1,2,left,eyelid,eyelid,clonic\n"
OWN = "onset_s,offset_s,side,regions,lead_region,kind\n"
STATES = "Behavior,Behavior type,Time\n"
FILES: dict[str, tuple[Callable[[], str | bytes], Callable[[Path], object]]] = {
    "JSON of empty lists": (lambda: f"[{'[],' * (DOCUMENT // 3)}[]]", Scenario.load),
    "JSON of short texts": (
        lambda: json.dumps({str(n): [str(n)] for n in range(DOCUMENT // 26)}),
        open_summary,
    ),
    "project of starts, then stops": (
        lambda: boris(
            [[n / 10, "", "left spasm", "", ""] for n in range(MOST_ANNOTATIONS)]
        ),
        read_truth,
    ),
    "project, compressed, of zeros": (
        lambda: gzip.compress(b'{"a": "' + b"0" * 2**28, compresslevel=1),
        read_truth,
    ),
    "ELAN of empty tags": (lambda: eaf("<a/>" * (DOCUMENT // 4 - 20)), read_truth),
    "ELAN, nested": (lambda: eaf("<a>" * 10**6 + "</a>" * 10**6), read_truth),
    "ELAN, a chain of references": (
        lambda: chained(MOST_ANNOTATIONS * 9 // 10),
        read_truth,
    ),
    "table of bursts": (lambda: OWN + ROW * N, read_episodes),
    "table of coded bursts": (lambda: OWN + ROW * N, read_truth),
    "table of starts, then stops": (
        lambda: (
            STATES
            + "left spasm,START,1\n" * (N // 2)
            + "left spasm,STOP,2\n" * (N // 2)
        ),
        read_truth,
    ),
    "table of one column": (lambda: "a\n" * (ROOM // 2), read_truth),
    "table of commas": (lambda: "," * ROOM, read_truth),
    "lines without a header": (lambda: "1\t2\tleft spasm\n" * N, read_truth),
    "diary": (lambda: "date\n" + "2026-05-01\n" * N, read_diary),
}


def most_memory_mb() -> float:
    """The most memory since this program began; not what came before `exec`."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(
            x
            for x in status.read_text(encoding="utf-8").splitlines()
            if x.startswith("VmHWM")
        )
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def looked(read: Callable[[Path], object], path: Path, pipe: Any) -> None:
    began_s = time.process_time()
    try:
        read(path)
        said = "understood"
    except TwitchTrackerError as error:
        said = f"{type(error).__name__}: {error}"[:70]
    except Exception as error:  # noqa: BLE001 - what the test looks for
        said = f"UNFORESEEN {type(error).__name__}: {error}"[:70]
    took_s = time.process_time() - began_s
    most_mb = most_memory_mb()
    pipe.send((said, took_s, most_mb))


@pytest.mark.parametrize("name", FILES)
def test_the_worst_file_of_its_kind(tmp_path: Path, name: str):
    made, read = FILES[name]
    content = made()
    path = tmp_path / "file"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    del content
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=looked, args=(read, path, theirs))
    process.start()
    theirs.close()
    said, took_s, most_mb = ours.recv()
    process.join()
    print(
        f"\n{name:32} {path.stat().st_size / 2**20:6.1f} MB {took_s:6.1f} s "
        f"{most_mb:6.0f} MB  {said}"
    )
    assert not said.startswith("UNFORESEEN")
    assert took_s <= MOST_S, "processor time"
    assert most_mb <= MOST_MB
