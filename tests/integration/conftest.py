"""The example recording, and other recordings made from it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import takewhile
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from typer.testing import CliRunner

from twitch_tracker.cli.app import app
from twitch_tracker.exchange.coding.coded import Truth
from twitch_tracker.exchange.tables import read_episodes
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.records import Episode

EXAMPLE = Path(__file__).parents[2] / "examples" / "simulated_spasm.mp4"
TICKS_PER_S = 90_000

Picture = np.ndarray
Change = Callable[[Picture], Picture]


@dataclass(frozen=True)
class Run:
    """One run of the command line as a user would start it."""

    code: int
    stdout: str
    stderr: str
    out: Path

    def folder(self, name: str) -> Path:
        """Results of one recording."""
        return self.out / name

    def episodes(self, name: str) -> tuple[Episode, ...]:
        """Bursts that were logged for one recording."""
        return read_episodes(self.folder(name) / "episodes.csv")

    def sides(self, name: str) -> set[str]:
        """Sides on which bursts were logged."""
        return {episode.side.value for episode in self.episodes(name)}

    @property
    def document(self) -> dict[str, Any]:
        """What ``--json`` printed; fails when anything else was printed too."""
        document: dict[str, Any] = json.loads(self.stdout)
        return document


@dataclass(frozen=True)
class Film:
    """Pictures and when each is shown."""

    times_s: Sequence[float]
    pictures: Sequence[Picture] = field(repr=False)

    def until(self, end_s: float) -> Film:
        """Its beginning."""
        n = sum(time_s < end_s for time_s in self.times_s)
        return Film(self.times_s[:n], self.pictures[:n])

    def only(self, indices: Sequence[int]) -> Film:
        """Some of its pictures, each still shown at its own time."""
        return Film(
            [self.times_s[i] for i in indices], [self.pictures[i] for i in indices]
        )

    def write(
        self,
        path: Path,
        *,
        change: Change = np.ascontiguousarray,
        turn_ccw_deg: int = 0,
    ) -> Path:
        """Encode changed pictures as H.264 at their own times; players turn them."""
        height, width, _ = change(self.pictures[0]).shape
        options = {"preset": "ultrafast", "crf": "16"}
        with av.open(str(path), "w") as out:
            stream = out.add_stream("libx264", rate=30, options=options)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            stream.codec_context.time_base = Fraction(1, TICKS_PER_S)
            if turn_ccw_deg:
                stream.set_display_rotation(turn_ccw_deg)
            for time_s, picture in zip(self.times_s, self.pictures, strict=True):
                frame = av.VideoFrame.from_ndarray(
                    np.ascontiguousarray(change(picture)), format="rgb24"
                )
                frame.pts = round(time_s * TICKS_PER_S)
                frame.time_base = Fraction(1, TICKS_PER_S)
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        return path


@pytest.fixture(scope="session")
def example() -> Path:
    """Return the recording that ships: right-sided bursts, blinks, a smile."""
    assert EXAMPLE.is_file(), "examples/render_example.py makes it"
    return EXAMPLE


@pytest.fixture(scope="session")
def example_truth(example: Path) -> Truth:
    """Return what happens in the example."""
    return read_truth(example.with_name("simulated_spasm_truth.csv"))


def read_film(path: Path, end_s: float) -> Film:
    """Read the beginning of a file; what comes later is not decoded."""
    with av.open(str(path)) as container:
        decoded = container.decode(video=0)
        frames = list(takewhile(lambda frame: (frame.time or 0.0) < end_s, decoded))
    origin_s = frames[0].time or 0.0
    return Film(
        [(frame.time or 0.0) - origin_s for frame in frames],
        [frame.to_ndarray(format="rgb24") for frame in frames],
    )


@pytest.fixture(scope="session")
def film(example: Path) -> Film:
    """Return the first 15 s of the example: two bursts and three blinks."""
    return read_film(example, 15.0)


@pytest.fixture(scope="session")
def short_film(example: Path) -> Film:
    """Return the first 8 s of the example: a burst."""
    return read_film(example, 8.0)


@pytest.fixture(scope="session")
def shortest_film(example: Path) -> Film:
    """Return the first second of the example."""
    return read_film(example, 1.0)


def analyze_apart(out: Path, *words: object) -> Run:
    """Run ``twitch-tracker analyze`` as a user does, in a process of its own."""
    command = [sys.executable, "-m", "twitch_tracker.cli.app", "analyze"]
    done = subprocess.run(
        [*command, *map(str, words), "--out", str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    return Run(done.returncode, done.stdout, done.stderr, out)


@pytest.fixture
def analyze(tmp_path: Path) -> Callable[..., Run]:
    """Run ``twitch-tracker analyze`` here, with results going to ``tmp_path/out``."""
    out = tmp_path / "out"

    def run(*words: object) -> Run:
        given = ["analyze", *map(str, words), "--out", str(out)]
        done = CliRunner().invoke(app, given, catch_exceptions=False)
        return Run(done.exit_code, done.stdout, done.stderr, out)

    return run


@pytest.fixture(scope="session")
def example_run(
    a_tracker: None, example: Path, tmp_path_factory: pytest.TempPathFactory
) -> Run:
    """Analyse the example once."""
    out = tmp_path_factory.mktemp("example") / "out"
    return analyze_apart(out, example, "--json")
