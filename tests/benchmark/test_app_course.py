"""How long the pages about a person take with 3,650 recordings.

Opt-in (``pytest -m benchmark -s``). A real server on a real port of this computer, a
journal of ten years of daily recordings. Prints a table; time is not asserted, because
it says more about the computer than about the program.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
import uvicorn

from twitch_tracker.app.server import bind, create_app
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.history import (
    DiaryEntry,
    Method,
    Task,
    Treatment,
    TreatmentKind,
)
from twitch_tracker.journal.entries import Analysis
from twitch_tracker.journal.open import open_journal
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

pytestmark = pytest.mark.benchmark

RECORDINGS = 3650
BURSTS_EACH = 20
START = datetime(2015, 1, 1, 9, tzinfo=UTC)
TASKS = (Task.REST, Task.REST, Task.FORCED_CLOSURE)
METHOD = Method(
    tracker="faces",
    tracker_weights_sha256="a" * 64,
    detector="bursts",
    networks_sha256="b" * 64,
    parameters_sha256="c" * 64,
    software_version="1",
)
PAGES = (
    ("person", ""),
    ("course, before its numbers", "/progress"),
    ("numbers of the course, reckoned", "/progress/body"),
    ("numbers of the course, known", "/progress/body"),
    ("course with its numbers, known", "/progress"),
    ("all kinds of task, known", "/progress/body?kind=every"),
    ("two months of it, first time", "/progress?first=2020-01-01&last=2020-02-29"),
    ("two other months of it", "/progress?first=2021-01-01&last=2021-02-28"),
    (
        "recordings behind a mark",
        "/recordings?kind=rest&first=2020-01-01&last=2020-03-31",
    ),
    ("compare two days", "/compare?first=2016-01-02&second=2024-01-02"),
    ("treatments", "/treatments"),
    ("diary days", "/days"),
    ("changes", "/changes"),
    ("export", "/export"),
)


def recording(day: int) -> Analysis:
    return Analysis(
        content_sha256=sha256(str(day).encode()).hexdigest(),
        started_at=START + timedelta(days=day),
        task=TASKS[day % 3],
        method=METHOD,
        recorded_s=600.0,
        analysable_s=580.0,
        episodes=tuple(
            Episode(
                span=Interval(start_s=20.0 * n, end_s=20.0 * n + 0.3 + 0.1 * (n % 7)),
                side=Side.RIGHT if n else Side.LEFT,
                regions=(Region.EYELID,),
                lead_region=Region.EYELID,
                kind=EpisodeKind.TONIC,
                excursion_mm=2.0,
            )
            for n in range(BURSTS_EACH - day % 5)
        ),
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home: Path = tmp_path_factory.mktemp("years")
    with open_journal(home) as journal:
        journal.add_patient("years")
        journal.log_many("years", map(recording, range(RECORDINGS)))
        shots = (date(2015, 3, 1) + timedelta(days=91 * n) for n in range(38))
        kind = TreatmentKind.BOTULINUM_TOXIN
        journal.add_treatments("years", [Treatment(kind=kind, on=on) for on in shots])
        days = (START.date() + timedelta(days=n) for n in range(RECORDINGS))
        journal.write_diary("years", [DiaryEntry(on=on, stress=3.0) for on in days])
    bound = bind("127.0.0.1", 0)
    settings = AppSettings(home=home, port=bound.getsockname()[1])
    app = create_app(settings)
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="critical", ws="websockets-sansio")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    while not server.started:
        time.sleep(0.05)
    with httpx.Client(base_url=settings.address, timeout=300) as client:
        client.get(f"/open?key={app.state.parts.door.make_key()}")
        yield client
    server.should_exit = True
    thread.join()
    bound.close()


def test_time_of_every_page(client: httpx.Client) -> None:
    client.get("/people/~years/export")  # templates and modules are loaded once
    print(f"\n{RECORDINGS} recordings, {BURSTS_EACH - 2} bursts each on average")
    for name, path in PAGES:
        began = time.perf_counter()
        answer = client.get(f"/people/~years{path}")
        took_ms = 1000 * (time.perf_counter() - began)
        assert answer.status_code == 200, (path, answer.text[:500])
        print(f"{name:36} {took_ms:7.0f} ms {len(answer.content) / 1000:8.0f} kB")
