"""Whether the live engine keeps up with a camera: 640 x 480, two cores.

Opt-in (``pytest -m benchmark tests/benchmark/test_live.py -s``). Four runs of
``TWITCH_TRACKER_LIVE_SECONDS`` (90): pictures of the example as JPEG, as a web page
sends them, at the pace of a camera (30 a second), where the latency of each counts from
the moment it was due, decoding and waiting in line included; the same as fast as they
are taken; ``live --headless`` with a file of 45 s that stands in for a camera, where
latency counts from the moment a picture is shown; and where the time of a picture goes. A fifth looks at ``TWITCH_TRACKER_LIVE_MINUTES`` (10) of
simulated time for growing memory. Nothing is asserted about time, because that says
more about the computer than about the program; that everything was counted is asserted.
"""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from twitch_tracker.face.identity.subject import SubjectFollower
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.live import engine, frames
from twitch_tracker.live.deciding_thread import short_turns
from twitch_tracker.live.engine import LiveSession
from twitch_tracker.live.run import Command, LiveRun, make_folder
from twitch_tracker.live.state import LiveState
from twitch_tracker.motion.recorder import MotionRecorder
from twitch_tracker.pipeline import ANALYSED_SIDE_PX, AnalysisOptions
from twitch_tracker.records import Frame, VideoInfo
from twitch_tracker.regions import Side
from twitch_tracker.video.camera import StandInSource
from twitch_tracker.video.files import open_video

pytestmark = pytest.mark.benchmark

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
WIDTH_PX, HEIGHT_PX, FPS = 640, 480, 30
SECONDS = float(os.environ.get("TWITCH_TRACKER_LIVE_SECONDS", "90"))
MINUTES = float(os.environ.get("TWITCH_TRACKER_LIVE_MINUTES", "10"))
WARM_UP_S = 2.0
SETTLED_SHARE = 0.3
"""Memory is judged after this share of a run: windows are full, pools are made."""

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
def as_the_program(two_cores: None) -> Iterator[None]:
    """Take turns as the programs do, on two cores."""
    del two_cores
    with short_turns():
        yield


def there_and_back(pictures: list[bytes]) -> Iterator[bytes]:
    """The pictures again and again, without a cut."""
    while True:
        yield from pictures
        yield from reversed(pictures)


def told(name: str, numbers: dict[str, object]) -> None:
    print(f"\n{name}\n" + json.dumps(numbers, indent=2))


def ms(seconds: list[float]) -> list[float]:
    """Median, 95th percentile and largest, in milliseconds."""
    return [round(1e3 * float(v), 1) for v in np.percentile(seconds, [50, 95, 100])]


def load() -> tuple[float, ...] | None:
    return os.getloadavg() if hasattr(os, "getloadavg") else None


@dataclass
class Clockwork:
    """Notes what became of every picture of a run at a camera's pace."""

    asked: int = 0
    done: int = 0
    latency_s: list[float] = field(default_factory=list)
    busy_s: list[float] = field(default_factory=list)
    loaded: Any = field(default_factory=load)
    wall: float = field(default_factory=time.perf_counter)
    spent: float = field(default_factory=time.process_time)

    def numbers(self) -> dict[str, object]:
        wall_s = time.perf_counter() - self.wall
        spent_s = time.process_time() - self.spent
        return {
            "seconds": round(wall_s, 1),
            "load before": self.loaded,
            "pictures asked a second": round(self.asked / wall_s, 2),
            "pictures analysed a second": round(self.done / wall_s, 2),
            "pictures dropped": self.asked - self.done,
            "latency ms p50, p95, max": ms(self.latency_s),
            **({"work ms p50, p95, max": ms(self.busy_s)} if self.busy_s else {}),
            "processor seconds": round(spent_s, 1),
            "processor ms a picture": round(1e3 * spent_s / self.done, 1),
        }


def counted(state: LiveState | None) -> dict[str, object]:
    assert state is not None
    assert state.counts.bursts[Side.RIGHT] > 0
    assert state.counts.bursts[Side.LEFT] == 0
    return {
        "bursts": dict(state.counts.bursts),
        "blinks": state.counts.blinks,
        "decided until s": round(state.decided_until_s, 1),
    }


def test_at_the_pace_of_a_camera(pictures: list[bytes]) -> None:
    """A picture every 1/30 s; one that nobody took in time is dropped by the page."""
    with open_tracker("auto") as tracker:
        live = LiveSession(tracker, video=CAMERA)
        film = there_and_back(pictures)
        state: LiveState | None = None
        clock = Clockwork()
        for number in range(round(SECONDS * FPS)):
            data, due_s = next(film), number / FPS
            clock.asked += 1
            now_s = time.perf_counter() - clock.wall
            if now_s - due_s > 1 / FPS:  # the next one is there already
                continue
            time.sleep(max(due_s - now_s, 0.0))
            start = time.perf_counter()
            frame = frames.frame_from_picture(data, index=clock.done, time_s=due_s)
            state = live.feed(frame)
            done = time.perf_counter()
            clock.done += 1
            if due_s > WARM_UP_S:
                clock.latency_s.append(done - clock.wall - due_s)
                clock.busy_s.append(done - start)
        numbers = clock.numbers()
        live.abandon()
    told("at the pace of a camera", {**numbers, **counted(state)})


def test_as_fast_as_they_are_taken(pictures: list[bytes]) -> None:
    clock = Clockwork()
    with open_tracker("auto") as tracker:
        live = LiveSession(tracker, video=CAMERA)
        film = there_and_back(pictures)
        for number in range(round(SECONDS * FPS)):
            start = time.perf_counter()
            data, time_s = next(film), number / FPS
            live.feed(frames.frame_from_picture(data, index=number, time_s=time_s))
            clock.latency_s.append(time.perf_counter() - start)
        clock.asked = clock.done = len(clock.latency_s)
        numbers = clock.numbers()
        live.abandon()
    told("as fast as they are taken", {**numbers, **counted(live.state)})


class Watch:
    """Shows nothing and notes how late every picture is (a `live.run.Display`)."""

    def __init__(self) -> None:
        self.clock = Clockwork()
        self.numbers: dict[str, object] = {}
        self.state: LiveState | None = None

    def show(self, frame: Frame, state: LiveState | None, *, paused: bool) -> Command:
        del paused
        self.state = state
        self.clock.done += 1
        if frame.time_s > WARM_UP_S:
            now_ns = time.perf_counter_ns()
            due_ns = frame.stamp.origin_pts + round(frame.time_s * 1e9)
            self.clock.latency_s.append((now_ns - due_ns) / 1e9)
            self.clock.asked = round(frame.time_s * FPS) + 1
            if self.clock.asked % FPS == 0:
                self.numbers = self.clock.numbers()
        return Command.GO_ON


def test_headless_from_a_file(tmp_path: Path) -> None:
    """``twitch-tracker live --headless --file`` without its printing: the file is
    decoded, and signals and events are written, in the same process."""
    with (
        open_video(EXAMPLE, max_side_px=ANALYSED_SIDE_PX) as video,
        open_tracker("auto") as tracker,
    ):
        source = StandInSource(video, realtime=True)
        now = datetime.now(UTC)
        run = LiveRun(
            source=source,
            tracker=tracker,
            options=AnalysisOptions(),
            folder=make_folder(tmp_path, now),
            started_at=now,
        )
        watch = Watch()
        session, _ = run.work(watch)
    sides = session.summary.sides
    told(
        "headless, from a file of 640 x 640",
        {
            **watch.numbers,
            **counted(watch.state),
            "bursts in the log": {side: sides[side].episodes for side in sides},
        },
    )


def timed(
    spent: dict[str, float], name: str, work: Callable[..., Any]
) -> Callable[..., Any]:
    """Add up the seconds of a function."""

    def measured(*args: Any, **chosen: Any) -> Any:
        began = time.perf_counter()
        try:
            return work(*args, **chosen)
        finally:
            spent[name] += time.perf_counter() - began

    return measured


def test_where_the_time_goes(
    pictures: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wall-clock milliseconds a picture, undisturbed: nothing is decided meanwhile."""
    spent: dict[str, float] = defaultdict(float)
    parts: tuple[tuple[object, str, str], ...] = (
        (frames, "_check_header", "JPEG header"),
        (cv2, "imdecode", "JPEG decoding"),
        (SubjectFollower, "observe", "face: mesh, likeness, quality"),
        (MotionRecorder, "push", "motion: skin flow, look of the eyes"),
        (LiveSession, "feed", "all of the engine"),
    )
    for owner, name, words in parts:
        work = timed(spent, words, getattr(owner, name))
        monkeypatch.setattr(owner, name, work)
    count = round(SECONDS * FPS / 3)
    with open_tracker("auto") as tracker:
        mesh = timed(spent, "of it: the mesh network", tracker.follow)
        monkeypatch.setattr(tracker, "follow", mesh)
        live = LiveSession(tracker, video=CAMERA, background=False)
        film = there_and_back(pictures)
        monkeypatch.setattr(live._decider, "is_free", lambda _time_s: False)
        for number in range(count):
            time_s = number / FPS
            live.feed(
                frames.frame_from_picture(next(film), index=number, time_s=time_s)
            )
        live._window_first = max(0, count - 40 * FPS)
        raw = live._recorder.raw(live._window_first)
        began = time.perf_counter()
        engine.decide(raw, live._detector, live.options.episodes, whole=False)
        decided_s = time.perf_counter() - began
        live.abandon()
    per_picture = {words: round(1e3 * s / count, 2) for words, s in spent.items()}
    told(
        "where the time of a picture goes, ms",
        {**per_picture, "deciding a window of 40 s, ms": round(1e3 * decided_s)},
    )


def test_memory_over_a_long_run(
    pictures: list[bytes], memory_mb: Callable[[int], float]
) -> None:
    """As fast as pictures are taken, at a camera's times; the slope is fitted."""
    seen_mb, at_h = [], []
    with open_tracker("auto") as tracker:
        live = LiveSession(tracker, video=CAMERA)
        film = there_and_back(pictures)
        for number in range(round(MINUTES * 60 * FPS)):
            data, time_s = next(film), number / FPS
            live.feed(frames.frame_from_picture(data, index=number, time_s=time_s))
            if number % (10 * FPS) == 0 and time_s > SETTLED_SHARE * MINUTES * 60:
                seen_mb.append(memory_mb(os.getpid()))
                at_h.append(time_s / 3600)
        live.abandon()
    slope, _ = np.polyfit(at_h, seen_mb, 1)
    told(
        "memory",
        {
            "simulated minutes": MINUTES,
            "MB at the end": round(seen_mb[-1]),
            "MB an hour": round(float(slope)),
        },
    )
    counted(live.state)
