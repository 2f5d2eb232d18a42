"""What the review costs: steps through an hour of video.

Run with ``pytest -m benchmark tests/benchmark/test_review.py -s``. The hour is made of
the review copy of the example, again and again (``TWITCH_TRACKER_REVIEW_MINUTES``
chooses another length), and stepped through in headless Chromium: single pictures
forth and back, and leaps to anywhere. Nothing is asserted about time; that every step
shows the picture that was asked for is asserted. Its pages: `test_app_pages`.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import uvicorn

from twitch_tracker.app.review.copying import make_copy
from twitch_tracker.app.server import bind, create_app
from twitch_tracker.app.settings import AppSettings
from twitch_tracker.history import Method
from twitch_tracker.journal.entries import Analysis
from twitch_tracker.journal.open import open_journal

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is missing")

pytestmark = pytest.mark.benchmark

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
MINUTES = float(os.environ.get("TWITCH_TRACKER_REVIEW_MINUTES", "60"))
STEPS = 60
HASH = "ab" * 32


def repeat(source: Path, target: Path, times: int) -> None:
    """Put a film behind itself without touching its pictures."""
    with av.open(str(source)) as film, av.open(str(target), "w") as long:
        track = film.streams.video[0]
        out = long.add_stream_from_template(track)
        packets = [p for p in film.demux(track) if p.size]
        stored = [(bytes(p), p.pts, p.dts, p.duration, p.is_keyframe) for p in packets]
        whole = stored[-1][1] + stored[-1][3]
        for number in range(times):
            for data, pts, dts, duration, key in stored:
                packet = av.Packet(data)
                packet.stream, packet.time_base = out, track.time_base
                packet.pts, packet.dts = pts + number * whole, dts + number * whole
                packet.duration, packet.is_keyframe = duration, key
                long.mux(packet)


@pytest.fixture(scope="module")
def home(
    tmp_path_factory: pytest.TempPathFactory, hour: Callable[..., Analysis]
) -> Path:
    """A journal with one long recording of one person."""
    home = tmp_path_factory.mktemp("home")
    method = Method(
        tracker="t",
        tracker_weights_sha256="w",
        detector="d",
        networks_sha256="n",
        parameters_sha256="p",
        software_version="1",
    )
    with open_journal(home) as journal:
        journal.add_patient("long")
        journal.log("long", hour(home, datetime.now(UTC), method, MINUTES))
    return home


@pytest.fixture(scope="module")
def copy(home: Path) -> dict[str, float]:
    """Make the review copy of the example, and the long one of it."""
    folder = home / "app" / "review" / HASH
    folder.mkdir(parents=True)
    began = time.perf_counter()
    make_copy(EXAMPLE, home / "short.mp4", mirrored=False)
    took_s = time.perf_counter() - began
    repeat(home / "short.mp4", folder / "copy.mp4", round(MINUTES * 60 / 45))
    size = (folder / "copy.mp4").stat().st_size
    return {"copied_fps": 1350 / took_s, "copy_mb_per_hour": size / 1e6 / MINUTES * 60}


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[tuple[str, str]]:
    """Serve it; gives the address and the key."""
    bound: socket.socket = bind("127.0.0.1", 0)
    settings = AppSettings(home=home, port=bound.getsockname()[1], spare_bytes=0)
    app = create_app(settings)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield settings.address, app.state.parts.door.make_key()
    server.should_exit = True
    thread.join()
    bound.close()


def spread(values: list[float]) -> dict[str, float]:
    low, middle, high = np.percentile(values, (5, 50, 95))
    return {"p5": round(low, 1), "median": round(middle, 1), "p95": round(high, 1)}


def step(page: Any, key: str) -> tuple[int, float]:
    """Press a key; give the picture that is then shown, and the time it took."""
    before = page.get_attribute("#video", "data-shown")
    page.keyboard.press(key)
    for _ in range(400):
        now = page.get_attribute("#video", "data-shown")
        if now != before:
            break
        page.wait_for_timeout(5)
    page.wait_for_timeout(30)
    took = float(page.get_attribute("#video", "data-took-ms"))
    return int(page.get_attribute("#video", "data-shown")), took


def test_steps(copy: dict[str, float], address: tuple[str, str]) -> None:
    told: dict[str, Any] = {"minutes": MINUTES, **copy, "load": os.getloadavg()[0]}
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(f"{address[0]}/open?key={address[1]}")
        page.goto(f"{address[0]}/review/1")
        page.fill("#name", "Dr A")
        page.keyboard.press("Enter")
        page.wait_for_selector("#video:visible")
        count = int(page.get_attribute("#seek", "max"))
        page.wait_for_timeout(1000)
        told["forth_ms"], told["back_ms"] = [], []
        for place in (0.01, 0.5, 0.97):
            leap(page, round(place * count))
            at = round(place * count)
            for key, by, name in (
                ("ArrowRight", 1, "forth_ms"),
                ("ArrowLeft", -1, "back_ms"),
            ):
                for _ in range(STEPS // 3):
                    shown, took = step(page, key)
                    at += by
                    assert shown == at
                    told[name].append(took)
        leaps = np.random.default_rng(1).integers(0, count, 15)
        told["leap_ms"] = [leap(page, int(frame)) for frame in leaps]
        browser.close()
    for name in ("forth_ms", "back_ms", "leap_ms"):
        told[name] = spread(told[name])
    print(json.dumps(told, indent=1))


def leap(page: Any, frame: int) -> float:
    """Go to a picture by the slider."""
    page.evaluate(
        """frame => {
            const seek = document.getElementById("seek");
            seek.value = frame;
            seek.dispatchEvent(new Event("input"));
        }""",
        frame,
    )
    page.wait_for_selector(f'#video[data-shown="{frame}"]')
    page.wait_for_timeout(50)
    return float(page.get_attribute("#video", "data-took-ms"))
