"""The whole app on a real port of this computer, with a stand-in for the analysis."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import httpx
import numpy as np
import pytest
import uvicorn
from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from twitch_tracker.app.course.choice import read_choice
from twitch_tracker.app.recording.whom.faces import FaceBox, FacesSeen
from twitch_tracker.app.review.copying import make_copy
from twitch_tracker.app.server import bind, create_app
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.app.state import AppState
from twitch_tracker.batch import Job, JobResult, Status
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.history import Basis, Method, Task
from twitch_tracker.journal.entries import Analysis
from twitch_tracker.journal.files.folder import log_folder
from twitch_tracker.journal.journal import Journal
from twitch_tracker.journal.open import open_journal
from twitch_tracker.records import Episode, EpisodeKind, OnProgress, Progress, Session
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval
from twitch_tracker.video.writer import VideoWriter


@pytest.fixture(scope="module", autouse=True)
def _quickly(looks_here: None, quick_new_journals: object) -> None:
    """Start no process for every file that is sent; see `really_apart`."""


@pytest.fixture(scope="session", autouse=True)
def _routes_made_once() -> Iterator[None]:
    """Let apps share what FastAPI makes of their routes at an app's first request."""
    include = FastAPI.include_router
    made: dict[int, list[BaseRoute]] = {}

    def once(app: FastAPI, router: APIRouter) -> None:
        if id(router) not in made:
            before = len(app.routes)
            include(app, router)
            made[id(router)] = app.routes[before:]
        else:
            app.routes.extend(made[id(router)])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FastAPI, "include_router", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _servers_end_soon() -> Iterator[None]:
    """Let uvicorn look a hundred times a second whether it is to end, not ten times."""
    naps = SimpleNamespace(**vars(asyncio))
    naps.sleep = lambda seconds: asyncio.sleep(seconds / 10)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("uvicorn.server.asyncio", naps)
        yield


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
            return JobResult(job=job, status=Status.NO_FACE, reason=self.failing)
        digest = sha256(job.video.read_bytes()).hexdigest()
        job.folder.mkdir(exist_ok=True)
        write_tables(job.folder, self.make_session(job.video.name, digest))
        (job.folder / "report.html").write_text("<h1>report</h1>")
        return JobResult(job=job, status=Status.DONE, summary={})


@dataclass
class FakeLook:
    """Sees the faces that it is told, left to right by their middle."""

    faces: tuple[FaceBox, ...] = ()
    asked: list[Path] = field(default_factory=list)

    def __call__(self, video: Path, stop: threading.Event) -> FacesSeen | None:
        self.asked.append(video)
        return FacesSeen(picture=b"a picture", faces=self.faces, size_px=(640, 360))


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
        return httpx.Client(
            base_url=self.settings.address,
            timeout=120,
            verify=False,  # noqa: S501 - plain HTTP; else every client reads all roots
        )

    def browser(self) -> httpx.Client:
        """Return a browser that came by the link and says where its requests are from."""
        client = self.stranger()
        client.get(f"/open?key={self.parts.door.make_key()}")
        client.headers["Origin"] = self.settings.address
        client.headers["Sec-Fetch-Site"] = "same-origin"
        return client

    def until(self, true: Callable[[], bool]) -> None:
        """Wait up to a minute for something that another thread does."""
        for _ in range(3000):
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
    look: FakeLook = field(default_factory=FakeLook)
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
        app = create_app(settings, work=self.work, look=self.look)
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
def serve_all(
    tmp_path_factory: pytest.TempPathFactory,
    empty_journal: Path,
    made_session: Callable[..., Session],
) -> Iterator[Servers]:
    """Start apps of a whole module."""
    servers = Servers(
        tmp_path_factory.mktemp("app") / "home", FakeWork(made_session), empty_journal
    )
    yield servers
    servers.stop()


@pytest.fixture(scope="module")
def served(serve_all: Servers) -> Served:
    """One app for a module."""
    return serve_all()


@pytest.fixture
def browser(served: Served) -> Iterator[httpx.Client]:
    client = served.browser()
    yield client
    client.close()


@pytest.fixture
def anna(served: Served, browser: httpx.Client) -> httpx.Client:
    """Return a browser after somebody called anna was entered."""
    with served.parts.journal() as journal:
        known = any(one.patient_id == "anna" for one in journal.patients())
    if not known:
        browser.post("/people", data={"pseudonym": "anna"})
    return browser


# --- a person with twelve weeks of recordings ---------------------------------------

START = datetime(2025, 1, 6, 9, tzinfo=UTC)
METHOD = Method(
    tracker="faces",
    tracker_weights_sha256="a" * 64,
    detector="bursts",
    networks_sha256="b" * 64,
    parameters_sha256="c" * 64,
    software_version="1",
)
OTHER_METHOD = Method(
    tracker="old faces",
    tracker_weights_sha256="d" * 64,
    detector="bursts",
    networks_sha256="b" * 64,
    parameters_sha256="c" * 64,
    software_version="0",
)


def burst(start_s, length_s=0.5, side=Side.RIGHT):
    return Episode(
        span=Interval(start_s=start_s, end_s=start_s + length_s),
        side=side,
        regions=(Region.EYELID,),
        lead_region=Region.EYELID,
        kind=EpisodeKind.TONIC,
    )


def recording(at, bursts, *, task=Task.REST, method=METHOD):
    name = f"{at.isoformat()}-{task}-{method.tracker}"
    return Analysis(
        content_sha256=sha256(name.encode()).hexdigest(),
        started_at=at,
        task=task,
        method=method,
        recorded_s=180.0,
        analysable_s=170.0,
        episodes=tuple(
            burst(5.0 + 8.0 * n, 0.4 + 0.1 * (n % 4)) for n in range(bursts)
        ),
    )


def weekly():
    """Twelve weeks: eight bursts on the right each time, then four."""
    for week in range(12):
        at = START + timedelta(weeks=week)
        yield recording(at, 8 if week < 6 else 4)
    yield recording(START + timedelta(hours=1), 6, task=Task.SMILING)
    last = START + timedelta(weeks=11, hours=1)
    yield recording(last, 5, task=Task.PURSING)
    yield recording(START + timedelta(weeks=3, hours=2), 3, method=OTHER_METHOD)


@pytest.fixture(scope="module")
def vera(served):
    """A person with twelve weeks of recordings; every module has her anew."""
    with served.parts.journal() as journal:
        journal.add_patient("vera")
        return journal.log_many("vera", weekly())


@pytest.fixture(scope="module")
def history(served, vera):
    with served.parts.journal() as journal:
        return journal.history("vera")


@pytest.fixture(scope="module")
def course(served, vera):
    return served.parts.courses.of(served.parts.journal, "vera", Basis.DETECTED)


@pytest.fixture(scope="module")
def progression(course):
    return course.progression


@pytest.fixture(scope="session")
def start():
    """When the first recording of vera was made."""
    return START


@pytest.fixture(scope="session")
def make_burst():
    return burst


@pytest.fixture(scope="session")
def make_recording():
    return recording


@pytest.fixture(scope="session")
def make_choice():
    """Read what a form sends, with the usual for the rest."""

    def choice(**told):
        usual = {"basis": "", "kind": "", "first": "", "last": "", "measures": ()}
        return read_choice(**{**usual, **told})

    return choice


# --- a review -------------------------------------------------------------------

AT = datetime(2026, 5, 1, 18, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    """Ten seconds at 30 pictures a second, as the made-up session says."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    image = np.zeros((48, 64, 3), np.uint8)
    with VideoWriter(path, width_px=64, height_px=48) as writer:
        for number in range(300):
            image[:, :, number % 3] = number % 251
            writer.write(image, number / 30)
    return path


@dataclass
class Bench:
    """One logged recording that nobody has touched, and a rater before it."""

    served: Served
    browser: httpx.Client
    recording: str
    patient: str
    rater: str = "Dr A"
    way: str = "open"

    @property
    def path(self) -> str:
        return f"/api/review/{self.recording}"

    def name(self, rater: str, way: str = "open") -> Bench:
        form = {"name": rater, "way": way}
        answer = self.browser.post(f"/review/{self.recording}/rater", data=form)
        assert answer.status_code == 303
        self.rater, self.way = rater, way
        return self

    def whose(self) -> dict[str, object]:
        return {"rater": self.rater, "way": self.way, "revision": 1}

    def act(self, action: str, key: str = "", **more: object) -> httpx.Response:
        body = {**self.whose(), "action": action, "key": key}
        return self.browser.post(f"{self.path}/acts", json={**body, **more})

    def finish(self) -> httpx.Response:
        return self.browser.post(f"{self.path}/finish", json=self.whose())

    def journal(self) -> Journal:
        return self.served.parts.journal()


@pytest.fixture
def bench(served, browser, made_session, film, tmp_path) -> Bench:
    """Log the made-up recording for somebody new."""
    with served.parts.journal() as journal:
        patient = f"p{len(journal.patients())}"
        journal.add_patient(patient)
        copied = tmp_path / "film.mp4"
        copied.write_bytes(film.read_bytes() + patient.encode())
        digest = sha256(copied.read_bytes()).hexdigest()
        folder = tmp_path / "result"
        folder.mkdir()
        write_tables(folder, made_session(copied.name, digest))
        logged = log_folder(
            journal, folder, patient, started_at=AT, task=Task.REST
        )  # fmt: skip
    bench = Bench(served, browser, logged.recording_id, patient)
    return bench.name("Dr A")


@pytest.fixture
def copied(bench, tmp_path):
    """Put the review copy where the app would."""
    with bench.journal() as journal:
        digest = journal.recording(bench.recording).content_sha256
    copy = bench.served.parts.review.copies.path(digest)
    copy.parent.mkdir(parents=True, exist_ok=True)
    make_copy(tmp_path / "film.mp4", copy, mirrored=False)
    return copy.read_bytes()


@pytest.fixture
def run_app() -> Iterator[Callable[[object, socket.socket], str]]:
    """Run any ASGI app on a socket from `bind`; give its address."""
    with contextlib.ExitStack() as stack:

        def run(app: object, bound: socket.socket) -> str:
            config = uvicorn.Config(app, log_level="critical")  # type: ignore[arg-type]
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
            thread.start()

            def stop() -> None:
                server.should_exit = True
                thread.join()
                bound.close()

            stack.callback(stop)
            while not server.started:
                time.sleep(0.02)
            return f"http://127.0.0.1:{bound.getsockname()[1]}"

        yield run
