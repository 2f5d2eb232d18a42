"""Fifty readers and four who send films, for ten minutes: errors, waiting, memory.

    MANY_S=600 python -m pytest -m benchmark -s tests/benchmark/test_many_at_once.py

The real program (``twitch-tracker serve``) with a made-up person of some months. Each
reader asks for a page, looks at it for a second, and asks for the next; who sends films
sends the example again and again, and takes it back when it is stored. Errors are
asserted, times are told. ``MANY_ENCRYPTED=1`` does the same with an encrypted journal,
``MANY_SENDERS=0`` with readers alone.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np
import pytest
from read_pages import PAGES

from twitch_tracker.demo import course, into_journal
from twitch_tracker.encrypted.keys import forget_home
from twitch_tracker.journal.encrypting.converting import encrypt_journal
from twitch_tracker.journal.encrypting.passphrases import new_recovery_code
from twitch_tracker.journal.open import open_journal

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc"),
]

LASTS_S = float(os.environ.get("MANY_S", "600"))
ENCRYPTED = os.environ.get("MANY_ENCRYPTED", "") == "1"
READERS = int(os.environ.get("MANY_READERS", "50"))
SENDERS = int(os.environ.get("MANY_SENDERS", "4"))
READS_S = 1.0
EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
PASSPHRASE = "four words of a test"  # noqa: S105


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """Run the program; give its one-time link and its process."""
    home = tmp_path / "home"
    plan = course.demo_plan(years=0.3, patient_id="vera")
    plan = into_journal.ended_by(plan, datetime.now(UTC).date())
    with open_journal(home) as journal:
        into_journal.write_patient(journal, course.demo_patient(plan, 2), 1)
    if ENCRYPTED:
        encrypt_journal(home, PASSPHRASE, new_recovery_code())
        forget_home(home)
    program = subprocess.Popen(
        [
            *(sys.executable, "-m", "twitch_tracker.cli.app", "serve"),
            *("--no-browser", "--port", "0", "--home", str(home)),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TWITCH_TRACKER_PASSPHRASE": PASSPHRASE},
    )
    try:
        yield by_number(program), program.pid
    finally:
        program.send_signal(signal.SIGINT)
        program.communicate(timeout=120)


def by_number(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    for line in program.stdout:
        found = re.search(r"http://127\.0\.0\.1:\d+/open\?key=\S+", line)
        if found:
            return found.group()
    raise AssertionError("the program did not start")


def memory_mb(process: int) -> tuple[float, float]:
    """Memory of its own, and pages of programs and libraries that are mapped just now.

    Of the latter the system takes what nobody has looked at for a while, and gives it back
    when it is used again; they are shared with whoever uses the same libraries.
    """
    told = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.findall(r"Rss(?:Anon|File):\s+(\d+) kB", told)
    if len(found) != 2:  # it has ended
        return float("nan"), float("nan")
    return int(found[0]) / 1024, int(found[1]) / 1024


def processor_s(process: int) -> float:
    """Seconds of the processor that it took since it began."""
    told = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    user, system = told.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


class Crowd:
    """Everybody who uses the app at once."""

    def __init__(self, link: str) -> None:
        self.address = link.partition("/open")[0]
        with httpx.Client(timeout=600) as first:
            first.get(link)
            self.cookies = dict(first.cookies)
        self.waited_s: list[float] = []
        self.errors: list[str] = []
        self.stop = threading.Event()

    def client(self) -> httpx.Client:
        ours = {"Origin": self.address, "Sec-Fetch-Site": "same-origin"}
        return httpx.Client(
            base_url=self.address,
            headers=ours,
            cookies=self.cookies,
            timeout=120,
            follow_redirects=True,
        )

    def read(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311
        with self.client() as client:
            while not self.stop.wait(READS_S):
                page = chance.choice(PAGES)
                self.ask(page, lambda page=page: client.get(page))

    def ask(self, what: str, asking: object) -> httpx.Response | None:
        began_s = time.perf_counter()
        try:
            answer = asking()  # type: ignore[operator]
        except httpx.HTTPError as error:
            self.errors.append(f"{what}: {type(error).__name__}")
            return None
        self.waited_s.append(time.perf_counter() - began_s)
        if answer.status_code != 200:
            self.errors.append(f"{what}: {answer.status_code} {answer.text[:80]}")
            return None
        return answer

    def send(self, _seed: int) -> None:
        film = EXAMPLE.read_bytes()
        told = {
            "patient_id": "vera",
            "name": "a.mp4",
            "size": len(film),
            "media_type": "video/mp4",
            "task": "rest",
            "mirrored": False,
            "started_at": "2025-03-01T10:00:00+01:00",
        }
        with self.client() as client:
            while not self.stop.wait(READS_S):
                said = self.ask(
                    "announce", lambda: client.post("/api/files", json=told)
                )
                if said is None:
                    continue
                place = f"/api/clips/{said.json()['clip_id']}"
                put = lambda place=place: client.put(f"{place}/file", content=film)
                self.ask("send", put)
                client.post(f"{place}/cancel")
                for _ in range(300):
                    if client.delete(place).status_code == 200:
                        break
                    time.sleep(0.2)


def test_fifty_readers_and_four_senders(
    served: tuple[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    link, process = served
    crowd = Crowd(link)
    threads = [
        threading.Thread(target=work, args=(seed,), daemon=True)
        for work, count in ((crowd.read, READERS), (crowd.send, SENDERS))
        for seed in range(count)
    ]
    memory, before_s = [memory_mb(process)], processor_s(process)
    began_s = time.monotonic()
    for thread in threads:
        thread.start()
    while time.monotonic() - began_s < LASTS_S:
        time.sleep(min(30.0, LASTS_S / 10))
        memory.append(memory_mb(process))
    took_s = processor_s(process) - before_s
    crowd.stop.set()
    for thread in threads:
        thread.join(timeout=180)
    waits_s = np.array(crowd.waited_s)
    with capsys.disabled():
        p50, p95 = np.quantile(waits_s, (0.5, 0.95))
        print(
            f"\n{READERS} readers, {SENDERS} senders, {LASTS_S:.0f} s, "
            f"encrypted: {ENCRYPTED}: {len(waits_s)} answers, {len(crowd.errors)} errors; "
            f"median {p50:.2f} s, 95 % within {p95:.2f} s, longest {waits_s.max():.1f} s"
        )
        print(f"processor of the server: {took_s:.1f} s")
        own, mapped = (
            " ".join(f"{mb:.0f}" for mb in of) for of in zip(*memory, strict=True)
        )
        print(f"memory of its own in MB: {own}\nlibraries mapped in MB: {mapped}")
        print("load of the machine:", os.getloadavg())
        with contextlib.suppress(IndexError):
            print("\n".join(sorted(set(crowd.errors))[:20]))
    assert crowd.errors == []
