"""A running app, one browser with a fake camera, and a simulated patient before it.

Test modules may define fixtures of the same names; those win. What is shared by all:
`browser` (one Chromium for the whole run), `until`, `barriers` (axe-core), `fits` (no
sideways scrolling), `open_file` (a page that needs no server) and `helper_of` (what
unit tests made up). Of the app: `start_app` (a real server in a process of its own),
`app` (one for a module), `come_in` (a browser that came by the link), `analysed`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from twitch_tracker.exchange.locking import try_lock

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is missing")

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest file first, else one process walks on alone in the end."""
    items.sort(key=lambda item: item.path.name != "test_every_page.py")


@pytest.fixture(scope="session")
def made_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, Callable[[Path], None]], Path]:
    """Make a file or folder once for all processes of a run; the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent

    def once(name: str, make: Callable[[Path], None]) -> Path:
        made = base / "made_once" / name
        made.parent.mkdir(exist_ok=True)
        with made.with_name(f"{name}.lock").open("wb") as lock:
            while not try_lock(lock):
                time.sleep(0.1)
            if not made.exists():
                part = made.with_name(f"{name}.part")
                make(part)
                part.rename(made)
        return made

    return once


def free_port() -> int:
    """Find a port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class RunningApp:
    """A server in a process of its own, with all that it printed."""

    home: Path
    port: int
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    cookies: list[Any] = field(default_factory=list)
    answers: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.listener = threading.Thread(target=self.listen, daemon=True)

    @property
    def address(self) -> str:
        return self.link.partition("/open?")[0]

    @property
    def link(self) -> str:
        found = re.search(r"http://\S+/open\?key=\S+", "".join(self.said))
        assert found, "".join(self.said)
        return found[0]

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if "Ctrl-C" in line:
                self.answers.set()
        self.answers.set()

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """End it politely."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)


@pytest.fixture(scope="session")
def start_app() -> Iterator[Callable[..., RunningApp]]:
    """Start a server; the same `home` and `port` again is a restart."""
    started: list[RunningApp] = []

    def start(home: Path, *options: str, port: int | None = None) -> RunningApp:
        port = port or free_port()
        command = [sys.executable, "-m", "twitch_tracker.cli.app", "serve"]
        command += ["--no-browser", "--home", str(home), "--port", str(port), *options]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        app = RunningApp(home=home, port=port, process=process)
        started.append(app)
        app.listener.start()
        assert app.answers.wait(300), "the server did not start"
        assert process.poll() is None, "".join(app.said)
        return app

    yield start
    for app in started:
        with contextlib.suppress(ProcessLookupError):
            app.process.kill()
        app.process.wait()
        app.listener.join()
        assert app.process.stdout is not None
        app.process.stdout.close()


@pytest.fixture(scope="module")
def app(
    start_app: Callable[..., RunningApp], tmp_path_factory: pytest.TempPathFactory
) -> RunningApp:
    """One server for a module, whose guided steps last three seconds."""
    return start_app(tmp_path_factory.mktemp("home"), "--step-seconds", "3")


@pytest.fixture(scope="session")
def film(made_once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """The simulated patient as Chromium's fake camera wants it (pictures in a row)."""
    return made_once("patient.mjpeg", pictures_in_a_row)


def pictures_in_a_row(path: Path) -> None:
    """Write the pictures of the example one after another."""
    import av

    encoder = av.CodecContext.create("mjpeg", "w")
    with av.open(str(EXAMPLE)) as source, path.open("wb") as out:
        stream = source.streams.video[0]
        encoder.width, encoder.height = stream.width, stream.height
        encoder.pix_fmt = "yuvj420p"
        encoder.time_base = Fraction(1, 30)
        encoder.options = {"qscale": "3"}
        for number, frame in enumerate(source.decode(stream)):
            picture = frame.reformat(format="yuvj420p")
            picture.pts, picture.time_base = number, Fraction(1, 30)
            for packet in encoder.encode(picture):
                out.write(bytes(packet))


@pytest.fixture(scope="session")
def browser(film: Path) -> Iterator[sync_api.Browser]:
    """Chromium whose camera shows the simulated patient; one for all tests."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_api.sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=found,
                args=[
                    "--no-sandbox",
                    "--use-fake-ui-for-media-stream",
                    "--use-fake-device-for-media-stream",
                    f"--use-file-for-fake-video-capture={film}",
                ],
            )
        except sync_api.Error as error:
            pytest.skip(f"no Chromium to test with: {error}")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def analysed(made_once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """Analyse the example once, for all tests."""
    return made_once("result", analyse_example)


def analyse_example(folder: Path) -> None:
    """Leave the result of the example in a folder."""
    from twitch_tracker.batch import Job, run_job

    done = run_job(Job(video=EXAMPLE, folder=folder), lambda _step: None)
    assert done.status == "done", done.error


@pytest.fixture(scope="session")
def helper_of() -> Callable[[str], ModuleType]:
    """Load a module of the unit tests by its path, for what it makes up."""

    def load(path: str) -> ModuleType:
        place = Path(__file__).parents[1] / "unit" / path
        name = "helper_" + re.sub(r"\W", "_", path)
        spec = importlib.util.spec_from_file_location(name, place)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


# --- what every page must be ----------------------------------------------------


@pytest.fixture(scope="session")
def until() -> Callable[..., None]:
    """Wait for something (the pages' policy forbids wait_for_function)."""

    def wait(page: Any, true: Callable[[], object], seconds: float = 60) -> None:
        for _ in range(int(10 * seconds)):
            if true():
                return
            page.wait_for_timeout(100)
        raise AssertionError("it never became true")

    return wait


@pytest.fixture(scope="session")
def barriers() -> Callable[..., list[Any]]:
    """Ask axe-core what is in anybody's way: WCAG 2.2 A and AA, and good practice."""
    package = pytest.importorskip(
        "axe_playwright_python", reason="axe-playwright-python is missing"
    )
    script = next(Path(package.__file__).parent.rglob("axe.min.js"))
    axe = script.read_text(encoding="utf-8")
    options = {
        "rules": {"target-size": {"enabled": True}},
        "resultTypes": ["violations"],
    }

    def look(page: Any) -> list[Any]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe)
        found = page.evaluate("options => axe.run(options)", options)
        assert len(found["passes"]) > 10, "axe saw hardly anything"
        return [(b["id"], [n["html"] for n in b["nodes"]]) for b in found["violations"]]

    return look


@pytest.fixture(scope="session")
def fits() -> Callable[[Any, int], bool]:
    """Say whether nothing scrolls sideways at a width, with every detail open."""

    def look(page: Any, width: int) -> bool:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        return bool(page.evaluate("document.documentElement.scrollWidth") == width)

    return look


@dataclass
class FilePage:
    """A page from a file, with what it complained of and everything it asked for."""

    page: sync_api.Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def open_file(browser: sync_api.Browser) -> Iterator[Callable[..., FilePage]]:
    """Open a file in a browser window of its own, which the test's end closes."""
    contexts: list[sync_api.BrowserContext] = []

    def visit(path: Path, size: dict[str, int], **options: Any) -> FilePage:
        context = browser.new_context(viewport=size, **options)  # type: ignore[arg-type]
        contexts.append(context)
        seen = FilePage(page=context.new_page())
        seen.page.on("request", lambda request: seen.asked.append(request.url))
        seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
        seen.page.on(
            "console",
            lambda said: (
                seen.said.append(said.text)
                if said.type in {"error", "warning"}
                else None
            ),
        )
        seen.page.goto(path.as_uri())
        return seen

    yield visit
    for context in contexts:
        context.close()


# --- visits of the app --------------------------------------------------------------


@dataclass
class AppVisit:
    """A browser that came in by the link, with everything it said and asked for."""

    app: RunningApp
    context: sync_api.BrowserContext
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, path: str) -> sync_api.Page:
        """Open a page of the app in a new tab."""
        page = self.context.new_page()
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda said: (
                self.errors.append(said.text) if said.type == "error" else None
            ),
        )
        page.goto(self.app.address + path)
        return page


@pytest.fixture
def come_in(browser: sync_api.Browser) -> Iterator[Callable[..., AppVisit]]:
    """Come in by the link; later visits of one server bring the first one's cookie."""
    contexts: list[sync_api.BrowserContext] = []

    def enter(app: RunningApp, **options: Any) -> AppVisit:
        context = browser.new_context(**options)
        context.set_default_timeout(120_000)
        contexts.append(context)
        if app.cookies:
            context.add_cookies(app.cookies)
        else:
            page = context.new_page()
            page.goto(app.link)
            page.close()
            app.cookies = context.cookies()
        return AppVisit(app=app, context=context)

    yield enter
    for context in contexts:
        context.close()
