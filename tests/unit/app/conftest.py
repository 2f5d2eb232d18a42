"""The whole app on a real port of this computer, with a stand-in for the analysis."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from twitch_tracker.app.server import bind, create_app
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.app.state import AppState
from twitch_tracker.batch import Job, JobResult, OnProgress, Status
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.journal.open import open_journal
from twitch_tracker.records import Progress, Session


@dataclass
class FakeWork:
    """Analyses at once: every video shows two bursts on the right.

    A hold makes it wait at half of the way until it is let go or cancelled.
    """

    make_session: Callable[..., Session]
    hold: threading.Event = field(default_factory=threading.Event)
    jobs: list[Job] = field(default_factory=list)
    failing: str = ""

    def __post_init__(self) -> None:
        self.hold.set()

    def __call__(
        self, job: Job, on_progress: OnProgress, cancelled: threading.Event
    ) -> JobResult | None:
        self.jobs.append(job)
        on_progress(Progress(stage="reading", done=1.0, total=2.0))
        while not self.hold.wait(0.02):
            if cancelled.is_set():
                return None
        if self.failing:
            return JobResult(job=job, status=Status.NO_FACE, error=self.failing)
        digest = sha256(job.video.read_bytes()).hexdigest()
        job.folder.mkdir(exist_ok=True)
        write_tables(job.folder, self.make_session(job.video.name, digest))
        (job.folder / "report.html").write_text("<h1>report</h1>")
        return JobResult(job=job, status=Status.DONE, summary={})


@dataclass
class Served:
    """A running app."""

    app: FastAPI
    settings: AppSettings
    work: FakeWork

    @property
    def parts(self) -> AppState:
        parts: AppState = self.app.state.parts
        return parts

    def stranger(self) -> httpx.Client:
        """Return a browser that did not come by the link."""
        return httpx.Client(base_url=self.settings.address, timeout=20)

    def browser(self) -> httpx.Client:
        """Return a browser that came by the link and says where its requests are from."""
        client = self.stranger()
        client.get(f"/open?key={self.parts.door.make_key()}")
        client.headers["Origin"] = self.settings.address
        client.headers["Sec-Fetch-Site"] = "same-origin"
        return client

    def until(self, true: Callable[[], bool]) -> None:
        """Wait up to ten seconds for something that another thread does."""
        for _ in range(500):
            if true():
                return
            time.sleep(0.02)
        raise AssertionError("it never became true")


@dataclass
class Servers:
    """Starts apps and stops them all."""

    home: Path
    work: FakeWork
    empty_journal: Path
    running: list[tuple[uvicorn.Server, threading.Thread, socket.socket]] = field(
        default_factory=list
    )

    def __call__(self, **chosen: object) -> Served:
        """Start an app on a free port; the same home again is a restart."""
        if not self.home.exists():
            shutil.copytree(self.empty_journal, self.home)
        bound = bind("127.0.0.1", 0)
        settings = AppSettings(
            **{"home": self.home, "spare_bytes": 0, **chosen},  # type: ignore[arg-type]
            port=bound.getsockname()[1],
        )
        app = create_app(settings, work=self.work)
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="critical", ws="websockets-sansio")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        self.running.append((server, thread, bound))
        served = Served(app=app, settings=settings, work=self.work)
        served.until(lambda: server.started)
        return served

    def stop(self) -> None:
        for server, thread, bound in self.running:
            server.should_exit = True
            thread.join()
            bound.close()
        self.running.clear()


@pytest.fixture(scope="session")
def empty_journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose journal has its tables; to be copied, as making them takes long."""
    home = tmp_path_factory.mktemp("empty")
    with open_journal(home):
        pass
    return home


@pytest.fixture
def serve(
    tmp_path: Path, empty_journal: Path, made_session: Callable[..., Session]
) -> Iterator[Servers]:
    """Start apps of this test's own."""
    servers = Servers(tmp_path / "home", FakeWork(made_session), empty_journal)
    yield servers
    servers.stop()


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory,
    empty_journal: Path,
    made_session: Callable[..., Session],
) -> Iterator[Served]:
    """One app for a module."""
    servers = Servers(
        tmp_path_factory.mktemp("app") / "home", FakeWork(made_session), empty_journal
    )
    yield servers()
    servers.stop()


@pytest.fixture
def browser(served: Served) -> Iterator[httpx.Client]:
    client = served.browser()
    yield client
    client.close()


@pytest.fixture
def anna(browser: httpx.Client) -> httpx.Client:
    """Return a browser after somebody called anna was entered."""
    if browser.get("/people/~anna").status_code == 404:
        browser.post("/people", data={"pseudonym": "anna"})
    return browser
