"""Live advice in the app, while the same browser films and encodes.

Run with ``pytest -m benchmark tests/benchmark/test_live_app.py -s``. Chromium's fake
camera shows the example; a guided step of ``TWITCH_TRACKER_LIVE_SECONDS`` (60) runs with
the server in a process of its own. A picture's latency counts from its capture, as the
browser tells it, until the words and counts of its answer are on the page.
``TWITCH_TRACKER_LIVE_BUSY`` (0) busy loops beside it make the computer a weak one.
Nothing is asserted about time; that the film is as long as the step, or is marked as
shorter, is asserted.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is missing")

pytestmark = [pytest.mark.benchmark, pytest.mark.usefixtures("two_cores")]

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
SECONDS = float(os.environ.get("TWITCH_TRACKER_LIVE_SECONDS", "60"))
BUSY = int(os.environ.get("TWITCH_TRACKER_LIVE_BUSY", "0"))
WARM_UP_S = 2.0

NOTE_LOOKS = """
window.looks = [];
document.addEventListener("looked", ({ detail }) => window.looks.push(detail));
"""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Crop the example to 640 x 480, as Chromium's fake camera wants it."""
    path = tmp_path_factory.mktemp("film") / "patient.mjpeg"
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = 640, 480, "yuvj420p"
    encoder.time_base = Fraction(1, 30)
    encoder.options = {"qscale": "3"}
    with av.open(str(EXAMPLE)) as source, path.open("wb") as out:
        for number, frame in enumerate(source.decode(video=0)):
            image = frame.to_ndarray(format="rgb24")[80:560]
            picture = av.VideoFrame.from_ndarray(image, format="rgb24")
            picture = picture.reformat(format="yuvj420p")
            picture.pts, picture.time_base = number, Fraction(1, 30)
            for packet in encoder.encode(picture):
                out.write(bytes(packet))
    return path


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[int, Path, str]]:
    """Start the app in a process of its own; gives its number, home and link."""
    home = tmp_path_factory.mktemp("home")
    command = [sys.executable, "-m", "twitch_tracker.cli.app", "serve", "--no-browser"]
    command += ["--port", "0", "--home", str(home), "--step-seconds", str(SECONDS)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C" in line:
            break
    link = re.search(r"http://\S+/open\?key=\S+", said)
    assert link, said
    yield process.pid, home, link[0]
    process.terminate()
    process.wait()
    process.stdout.close()


@pytest.fixture
def page(film: Path) -> Iterator[Any]:
    """Return a page of Chromium, before whose camera the simulated patient sits."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[
                "--no-sandbox",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={film}",
            ],
        )
        page = browser.new_page()
        page.set_default_timeout(120_000 + 1000 * SECONDS)
        page.add_init_script(NOTE_LOOKS)
        yield page
        browser.close()


@pytest.fixture
def busy() -> Iterator[Callable[[], None]]:
    """Make the computer a weak one."""
    loops: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        command = [sys.executable, "-c", "while True: pass"]
        loops.extend(subprocess.Popen(command) for _ in range(BUSY))

    yield start
    for loop in loops:
        loop.kill()
        loop.wait()


def spent_s(pid: int) -> dict[str, float]:
    """Processor seconds of the server and of Chromium's processes so far (Linux)."""
    seconds = {"server": 0.0, "browser": 0.0}
    ticks = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 1
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        name = text[text.index("(") + 1 : text.rindex(")")]
        user, system = text.rsplit(")", 1)[1].split()[11:13]
        whose = "server" if int(stat.parent.name) == pid else "browser"
        if whose == "server" or "chrom" in name:
            seconds[whose] += (int(user) + int(system)) / ticks
    return seconds


def ms(values: list[float]) -> list[float]:
    """Median, 95th percentile and largest."""
    return [round(float(v), 1) for v in np.percentile(values, [50, 95, 100])]


def test_live_advice_while_filming(
    page: Any,
    server: tuple[int, Path, str],
    busy: Callable[[], None],
    memory_mb: Callable[[int], float],
) -> None:
    pid, home, link = server
    page.goto(link)
    page.fill("#pseudonym", "anna")
    page.click("text=Add this person")
    page.click("text=Record now")
    page.wait_for_selector(".mirror.good")
    page.click("#begin")
    page.wait_for_selector("#start:visible")
    busy()
    load = os.getloadavg() if hasattr(os, "getloadavg") else None
    page.click("#start")
    page.wait_for_selector("#pause:visible")
    began, before, grown = time.monotonic(), spent_s(pid), memory_mb(pid)
    page.evaluate("window.looks.length = 0")
    page.wait_for_selector("#start:visible, #over:visible")
    took_s, after, now_mb = time.monotonic() - began, spent_s(pid), memory_mb(pid)
    looks = page.evaluate("window.looks")
    track = page.evaluate(
        "({ ...document.getElementById('preview').srcObject.getVideoTracks()[0].stats"
        ".toJSON() })"
    )
    counts = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('[data-count]')]"
        ".map((cell) => [cell.dataset.count, cell.textContent]))"
    )
    for _ in range(600):
        (path,) = (home / "app" / "clips").glob("*/clip.json")
        clip = json.loads(path.read_text(encoding="utf-8"))
        if clip["ran_s"] is not None:
            break
        page.wait_for_timeout(100)
    note = page.inner_text("#film-note")
    first = looks[0]["at"]
    warm = [look for look in looks if look["at"] > first + 1000 * WARM_UP_S]
    told = {
        "seconds": round(took_s, 1),
        "busy loops beside": BUSY,
        "load before": load,
        "camera: pictures in all, delivered, left out": [
            track.get(name)
            for name in ("totalFrames", "deliveredFrames", "discardedFrames")
        ],
        "live: pictures a second answered": round(len(looks) / took_s, 1),
        "live: pictures dropped by the server": looks[-1]["dropped"],
        "capture to shown ms p50, p95, max": ms(
            [look["answered"] - look["captured"] for look in warm]
        ),
        "capture to sent ms p50, p95, max": ms(
            [look["at"] - look["captured"] for look in warm]
        ),
        "sent to shown ms p50, p95, max": ms(
            [look["answered"] - look["at"] for look in warm]
        ),
        "processor share of a core": {
            whose: round((after[whose] - before[whose]) / took_s, 2) for whose in after
        },
        "server memory MB, grown MB": [round(now_mb), round(now_mb - grown)],
        "step s, on film s, pictures on film a second": [
            round(clip["ran_s"], 2),
            round(clip["filmed_s"], 2),
            round(clip["pictures"] / clip["filmed_s"], 1),
        ],
        "said of the film": note,
        "counted live": counts,
    }
    print("\nthe app, filming and encoding at once\n" + json.dumps(told, indent=2))
    short = clip["filmed_s"] < clip["ran_s"] - max(1.0, 0.02 * clip["ran_s"])
    assert not short or "are on film" in note
    assert counts["left"] == "0"
