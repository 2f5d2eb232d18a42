"""Whether the live engine keeps up with a browser's camera: 640 x 480, two cores.

Opt-in (``pytest -m benchmark tests/benchmark/test_live.py -s``). Pictures of the
example come as JPEG, as a web page sends them; decoding them is part of what is
measured. Two runs: pictures at the pace of a camera (30 a second), where the latency
of each counts from the moment it was due, waiting in line included; and pictures as
fast as they are taken. Nothing is asserted about time, because that says more about
the computer than about the program; that everything was counted is asserted.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from twitch_tracker.face.catalogue import open_tracker
from twitch_tracker.live.engine import LiveSession
from twitch_tracker.live.frames import frame_from_picture
from twitch_tracker.live.state import LiveState
from twitch_tracker.records import VideoInfo
from twitch_tracker.regions import Side
from twitch_tracker.video.files import open_video

pytestmark = pytest.mark.benchmark

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
WIDTH_PX, HEIGHT_PX, FPS = 640, 480, 30
CORES = 2
SECONDS = float(os.environ.get("TWITCH_TRACKER_LIVE_SECONDS", "90"))
WARM_UP_S = 2.0

CAMERA = VideoInfo(
    name="browser",
    width_px=WIDTH_PX,
    height_px=HEIGHT_PX,
    rotation_deg=0,
    nominal_fps=FPS,
    duration_s=float("nan"),
    codec="mjpeg",
    mirrored=False,
    sha256="",
    time_base=Fraction(1, 1_000_000),
)


@pytest.fixture(scope="module")
def pictures() -> list[bytes]:
    """The middle of the example, 640 x 480, as a browser would send it."""
    with open_video(EXAMPLE) as source:
        return [
            cv2.imencode(".jpg", frame.image[80:560, :, ::-1])[1].tobytes()
            for frame in source
        ]


@pytest.fixture(scope="module", autouse=True)
def two_cores() -> Iterator[None]:
    """Use two cores even where there are more."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:CORES])
    yield
    os.sched_setaffinity(0, before)


def there_and_back(pictures: list[bytes]) -> Iterator[bytes]:
    """The pictures again and again, without a cut."""
    while True:
        yield from pictures
        yield from reversed(pictures)


def told(name: str, numbers: dict[str, object]) -> None:
    print(f"\n{name}\n" + json.dumps(numbers, indent=2))


def test_at_the_pace_of_a_camera(pictures: list[bytes]) -> None:
    """A picture every 1/30 s; one that nobody took in time is dropped by the page."""
    latency_s, busy_s, taken = [], [], 0
    with open_tracker("auto") as tracker:
        live = LiveSession(tracker, video=CAMERA)
        film = there_and_back(pictures)
        state: LiveState | None = None
        before_s, began = time.process_time(), time.perf_counter()
        for number in range(round(SECONDS * FPS)):
            data, due_s = next(film), number / FPS
            now_s = time.perf_counter() - began
            if now_s - due_s > 1 / FPS:  # the next one is there already
                continue
            time.sleep(max(due_s - now_s, 0.0))
            start = time.perf_counter()
            state = live.feed(frame_from_picture(data, index=taken, time_s=due_s))
            done = time.perf_counter()
            taken += 1
            if due_s > WARM_UP_S:
                latency_s.append(done - began - due_s)
                busy_s.append(done - start)
        spent_s = time.process_time() - before_s
        live.abandon()
    assert state is not None
    told(
        "at the pace of a camera",
        {
            "seconds": SECONDS,
            "load before": os.getloadavg() if hasattr(os, "getloadavg") else None,
            "frames a second": round(taken / SECONDS, 2),
            "latency ms p50, p95, max": ms(latency_s),
            "work ms p50, p95, max": ms(busy_s),
            "processor ms a frame": round(1e3 * spent_s / taken, 1),
            "bursts": dict(state.counts.bursts),
            "blinks": state.counts.blinks,
            "decided until s": round(state.decided_until_s, 1),
        },
    )
    assert state.counts.bursts[Side.RIGHT] > 0
    assert state.counts.bursts[Side.LEFT] == 0


def test_as_fast_as_they_are_taken(pictures: list[bytes]) -> None:
    busy_s = []
    with open_tracker("auto") as tracker:
        live = LiveSession(tracker, video=CAMERA)
        film = there_and_back(pictures)
        began = time.perf_counter()
        for number in range(round(SECONDS * FPS)):
            start = time.perf_counter()
            live.feed(frame_from_picture(next(film), index=number, time_s=number / FPS))
            busy_s.append(time.perf_counter() - start)
        took_s = time.perf_counter() - began
        live.abandon()
    told(
        "as fast as they are taken",
        {
            "frames": len(busy_s),
            "frames a second": round(len(busy_s) / took_s, 1),
            "work ms p50, p95, max": ms(busy_s),
        },
    )
    assert live.state is not None
    assert live.state.counts.bursts[Side.RIGHT] > 0


def ms(seconds: list[float]) -> list[float]:
    """Median, 95th percentile and largest, in milliseconds."""
    return [round(1e3 * float(v), 1) for v in np.percentile(seconds, [50, 95, 100])]
