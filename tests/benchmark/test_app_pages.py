"""How long every page of the app takes with 3,650 recordings.

Opt-in (``pytest -m benchmark -s tests/benchmark/test_app_pages.py``). The real program
(``twitch-tracker serve``) on a journal of ten years of daily recordings with 137 bursts
each, a diary, treatments, reviews, and a video folder for every recording. For each
page: the first request after the program was started anew, then `TIMES` requests one
after the other, then a few of which each comes after a change of the journal, when
nothing that is kept in memory may be used. The numbers of a course (``progress/body``)
and the comparison of many recordings are asked for by pages that are there already.
Nothing is asserted about time.

``TWITCH_TRACKER_PAGES_HOME`` names a home with a journal of the patient ``bench``
(`test_progress_cost.make_years`) to take instead of making one; it is copied.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from methods import METHOD

from twitch_tracker.history import (
    DiaryEntry,
    Task,
    Treatment,
    TreatmentKind,
)
from twitch_tracker.journal.entries import Act, Analysis, ReviewAction
from twitch_tracker.journal.journal import Journal
from twitch_tracker.journal.open import open_journal
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

pytestmark = pytest.mark.benchmark

RECORDINGS = 3_650
BURSTS_EACH = 137
REVIEWED = 120
"""Recordings, spread over the years, that two people have reviewed."""
TIMES = 25
TIMES_CHANGED = 3
PATIENT = "bench"
START = datetime.now(UTC) - timedelta(days=RECORDINGS + 1)
PERSON = f"/people/~{PATIENT}"
PAGES = {
    "/": "/",
    "/people/~{patient_id}": PERSON,
    "the same, the oldest": f"{PERSON}?older=36",
    "/help": "/help",
    "/people/~{patient_id}/glance": f"{PERSON}/glance",
    "/people/~{patient_id}/now": f"{PERSON}/now?whole=1",
    "/people/~{patient_id}/all": f"{PERSON}/all",
    "/people/~{patient_id}/settings": f"{PERSON}/settings",
    "/people/~{patient_id}/phone": f"{PERSON}/phone",
    "/people/~{patient_id}/inbox": f"{PERSON}/inbox",
    "/people/~{patient_id}/inbox/files": f"{PERSON}/inbox/files",
    "/people/~{patient_id}/visit": f"{PERSON}/visit",
    "/people/~{patient_id}/visit/paper": f"{PERSON}/visit/paper",
    "/people/~{patient_id}/record": f"{PERSON}/record",
    "/people/~{patient_id}/add": f"{PERSON}/add",
    "/guided/{session_id}": "/guided/SESSION",
    "/clips/{clip_id}": "/clips/CLIP",
    "/clips/{clip_id}/change": "/clips/CLIP/change",
    "/recordings/{recording_id}/change": "/recordings/RECORDING/change",
    "/recordings/{recording_id}/remove": "/recordings/RECORDING/remove",
    "/people/~{patient_id}/diary": f"{PERSON}/diary",
    "/people/~{patient_id}/days": f"{PERSON}/days",
    "the same, the oldest days": f"{PERSON}/days?older=36",
    "/people/~{patient_id}/days/{on}/remove": f"{PERSON}/days/DAY/remove",
    "/people/~{patient_id}/diary.csv": f"{PERSON}/diary.csv",
    "/people/~{patient_id}/treatments": f"{PERSON}/treatments",
    "/people/~{patient_id}/treatments/{treatment_id}": f"{PERSON}/treatments/20",
    "/people/~{patient_id}/treatments/{treatment_id}/remove": (
        f"{PERSON}/treatments/20/remove"
    ),
    "/people/~{patient_id}/treatments.csv": f"{PERSON}/treatments.csv",
    "/people/~{patient_id}/changes": f"{PERSON}/changes",
    "/people/~{patient_id}/progress": f"{PERSON}/progress",
    "/people/~{patient_id}/progress/body": f"{PERSON}/progress/body",
    "the same, every kind of task": f"{PERSON}/progress/body?kind=every",
    "the same, two months": f"{PERSON}/progress/body?first=FIRST&last=LAST",
    "the same, checked where checked": f"{PERSON}/progress/body?basis=both",
    "/people/~{patient_id}/recordings": (
        f"{PERSON}/recordings?kind=rest&first=FIRST&last=LAST"
    ),
    "the same, all ten years": f"{PERSON}/recordings",
    "/people/~{patient_id}/compare": f"{PERSON}/compare",
    "/people/~{patient_id}/export": f"{PERSON}/export",
    "/people/~{patient_id}/review": f"{PERSON}/review",
    "the same, the oldest month": f"{PERSON}/review?month=MONTH",
    "the same, not reviewed": f"{PERSON}/review?open_only=1",
    "/people/~{patient_id}/agreement": f"{PERSON}/agreement",
    "the same, compared": f"{PERSON}/agreement?whole=1",
    "/review/{recording_id}": "/review/RECORDING",
    "the same, an hour": "/review/HOUR",
    "the same, who reviews": "/review/RECORDING?who=1",
    "/api/review/{recording_id}": "/api/review/RECORDING",
    "/api/review/{recording_id}/signals": "/api/review/HOUR/signals",
    "/review/{recording_id}/agreement": "/review/REVIEWED/agreement",
    "a page that is not there": "/nowhere",
}
"""By route, or in words for more of the route above."""

NOT_PAGES = (
    "/open",
    "/clips/{clip_id}/cut/",  # films, files and pictures; how far an analysis is
    "/recordings/{recording_id}/cut/",
    "/people/~{patient_id}/export/",
    "/api/people/~{patient_id}/exports/",
    "/api/clips/",
    "/api/forgotten",
    "/api/phone",
    "/clips/{clip_id}/faces.jpg",
    "/clips/{clip_id}/picture/",
    "/clips/{clip_id}/report",
    "/clips/{clip_id}/whom",
    "/people/~{patient_id}/diary/reminder.ics",
    "/api/guided/",
    "/api/review/{recording_id}/copy",
    "/api/review/{recording_id}/video",
    "/api/review/{recording_id}/mesh",
    "/static/",
)


# --- ten years ----------------------------------------------------------------------


def recording(day: int) -> Analysis:
    """Ten minutes; every third one with the eyes closed tightly."""
    rng = np.random.default_rng(day)
    starts_s = np.sort(rng.uniform(0.0, 590.0, BURSTS_EACH - day % 9)).tolist()
    return Analysis(
        content_sha256=f"{day:064x}",
        started_at=START + timedelta(days=day),
        task=Task.REST if day % 3 else Task.FORCED_CLOSURE,
        method=METHOD,
        parameters={f"parameter_{n}": float(n) for n in range(60)},
        summary={f"key_{n}": float(n) for n in range(150)},
        recorded_s=600.0,
        analysable_s=580.0,
        episodes=tuple(
            Episode(
                span=Interval(start_s=start_s, end_s=start_s + 0.3 + 0.1 * (n % 7)),
                side=Side.RIGHT if n % 50 else Side.LEFT,
                regions=(Region.EYELID,),
                lead_region=Region.EYELID,
                kind=EpisodeKind.TONIC,
                excursion_mm=2.0,
                confidence=0.5 + 0.003 * n,
            )
            for n, start_s in enumerate(starts_s)
        ),
    )


def make_years(home: Path) -> None:
    with open_journal(home) as journal:
        journal.add_patient(PATIENT)
        journal.log_many(PATIENT, map(recording, range(RECORDINGS)))
        shots = ((START + timedelta(days=91 * n)).date() for n in range(1, 40))
        kind = TreatmentKind.BOTULINUM_TOXIN
        journal.add_treatments(PATIENT, [Treatment(kind=kind, on=on) for on in shots])
        days = ((START + timedelta(days=n)).date() for n in range(RECORDINGS))
        journal.write_diary(PATIENT, [DiaryEntry(on=on, stress=3.0) for on in days])


def review_some(journal: Journal) -> str:
    """Let two people review recordings all over the years; gives the last of them."""
    names = [entry.recording_id for entry in journal.overview(PATIENT)]
    for name in names[:: len(names) // REVIEWED]:
        keys = [burst.key for burst in journal.analysis(name).bursts]
        for rater, every in (("Dr A", 9), ("Dr B", 7)):
            actions = [
                ReviewAction.CONFIRM if n % every else ReviewAction.REJECT
                for n in range(len(keys))
            ]
            acts = (Act(action=a, key=k) for a, k in zip(actions, keys, strict=True))
            journal.review_many(name, rater, acts, finish=True)
    return name


def keep_videos(home: Path, journal: Journal, result: Path) -> tuple[str, str]:
    """Make the app's folder of every recording; gives a session and its first clip."""
    entries = journal.overview(PATIENT)
    for number, entry in enumerate(entries):
        session, clip = f"{number // 8:032x}", f"{number:032x}"
        folder = home / "app" / "clips" / clip
        folder.mkdir(parents=True)
        facts = {
            "clip_id": clip,
            "patient_id": PATIENT,
            "session_id": session,
            "number": number % 8 + 1,
            "task": entry.task.value,
            "state": "done",
            "file_name": "video.webm",
            "started_at": entry.started_at.isoformat(),
            "recording_id": entry.recording_id,
        }
        (folder / "clip.json").write_text(json.dumps(facts))
        told = {k: facts[k] for k in ("session_id", "patient_id", "started_at")}
        path = home / "app" / "guided" / f"{session}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({**told, "finished": True}))
    for number in range(8):
        shutil.copytree(result, home / "app" / "clips" / f"{number:032x}" / "result")
    return f"{0:032x}", f"{0:032x}"


@pytest.fixture(scope="module")
def named(
    tmp_path_factory: pytest.TempPathFactory, made_session: Any, hour: Any
) -> dict[str, str]:
    """A home with everything, and what the placeholders of `PAGES` stand for."""
    from twitch_tracker.exchange.recording_folder import write_tables

    home: Path = tmp_path_factory.mktemp("pages") / "home"
    given = os.environ.get("TWITCH_TRACKER_PAGES_HOME")
    home.mkdir()
    if given:
        shutil.copy(Path(given) / "journal.sqlite3", home)
    else:
        make_years(home)
    result = home.parent / "result"
    result.mkdir()
    write_tables(result, made_session("film.mp4", "ab" * 32))
    with open_journal(home) as journal:
        reviewed = review_some(journal)
        session, clip = keep_videos(home, journal, result)
        long = journal.log(PATIENT, hour(home, START, METHOD)).recording_id
        entries = journal.overview(PATIENT)
        day = journal.diary(PATIENT)[0].on
    middle = entries[len(entries) // 2]
    last = middle.started_at.date()
    return {
        "home": str(home),
        "SESSION": session,
        "CLIP": clip,
        "RECORDING": middle.recording_id,
        "REVIEWED": reviewed,
        "HOUR": long,
        "DAY": day.isoformat(),
        "MONTH": f"{entries[1].started_at.astimezone():%Y-%m}",
        "FIRST": (last - timedelta(days=60)).isoformat(),
        "LAST": last.isoformat(),
    }


# --- measuring ----------------------------------------------------------------------


@contextmanager
def serving(home: Path) -> Iterator[httpx.Client]:
    """The real program, and a browser that came in by its link."""
    words = [sys.executable, "-m", "twitch_tracker.cli.app", "serve", "--no-browser"]
    with subprocess.Popen(
        [*words, "--home", str(home), "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as run:
        try:
            with closing(_come_in(run)) as client:
                yield client
        finally:
            run.send_signal(signal.SIGINT)


def _come_in(run: subprocess.Popen[str]) -> httpx.Client:
    """Come in by the link for whoever does not find the app's name, as Dr A."""
    assert run.stdout is not None
    link = next(line.strip() for line in run.stdout if "http://127." in line)
    address = re.match(r"http://[^/]+", link)
    assert address
    client = httpx.Client(base_url=address[0], timeout=300)
    client.get(link)
    client.headers["Origin"] = address[0]
    client.headers["Sec-Fetch-Site"] = "same-origin"
    answer = client.post("/review/1/rater", data={"name": "Dr A"})
    assert answer.status_code == 303, answer.text
    return client


def timed(client: httpx.Client, path: str) -> tuple[float, int]:
    """Milliseconds and bytes of one request."""
    began = time.perf_counter()
    answer = client.get(path)
    took_ms = 1000 * (time.perf_counter() - began)
    assert answer.status_code in {200, 404}, (path, answer.text[:500])
    assert (answer.status_code == 404) == (path == "/nowhere"), path
    return took_ms, len(answer.content)


def filled(path: str, named: dict[str, str]) -> str:
    for word, value in named.items():
        path = path.replace(word, value)
    return path


def change(home: Path, number: int) -> None:
    """Change something about the person behind the server's back."""
    with open_journal(home) as journal:
        entry = DiaryEntry(on=date(2001, 1, 1), stress=float(number % 11))
        journal.write_diary(PATIENT, [entry])


def test_every_route_is_measured() -> None:
    """A page that is added must be added to `PAGES`, too."""
    from twitch_tracker.app.server import ROUTERS

    routes = {
        route.path
        for router in ROUTERS
        for route in router.routes
        if "GET" in getattr(route, "methods", ())
    }
    pages = {route for route in routes if not route.startswith(NOT_PAGES)}
    assert pages == {name for name in PAGES if name.startswith("/")}


def test_time_of_every_page(named: dict[str, str]) -> None:
    home = Path(named["home"])
    paths = {name: filled(path, named) for name, path in PAGES.items()}
    first = {}
    for name, path in paths.items():
        with serving(home) as client:
            first[name] = timed(client, path)[0]
    print(
        f"\n{'page':56} {'first':>7} {'median':>7} {'p95':>7} {'changed':>8} {'kB':>6}"
    )
    with serving(home) as client:
        for path in paths.values():
            timed(client, path)  # what is kept in memory is there
        for name, path in paths.items():
            took, sizes = zip(*[timed(client, path) for _ in range(TIMES)], strict=True)
            changed = []
            for number in range(TIMES_CHANGED):
                change(home, number)
                changed.append(timed(client, path)[0])
            timed(client, path)
            median, p95 = np.percentile(took, (50, 95))
            print(
                f"{name:56} {first[name]:7.0f} {median:7.0f} {p95:7.0f} "
                f"{np.median(changed):8.0f} {sizes[-1] / 1000:6.0f}"
            )
