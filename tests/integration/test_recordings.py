"""Real files through the whole program: what comes out, and how it ends.

The example shows a face with bursts on the subject's own right side, blinks and
a smile; its truth stands beside it. The other recordings are made from it, or
are no recordings at all.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from twitch_tracker.exchange.coding.coded import Truth
from twitch_tracker.exchange.saved_signals import read_signals
from twitch_tracker.records import Episode
from twitch_tracker.regions import Side

Analyze = Callable[..., "Run"]  # noqa: F821 - a class of conftest.py

CLOSE_S = 0.3
"""A burst is the one meant when it begins this close to it, or overlaps half."""


def matches(found: Episode, true: Episode) -> bool:
    """Return whether a logged burst is a true one, by the rule of the journal."""
    if found.side is not true.side:
        return False
    shared_s = found.span.overlap_s(true.span)
    close = abs(found.span.start_s - true.span.start_s) <= CLOSE_S
    return shared_s >= true.span.duration_s / 2 or (close and shared_s > 0)


def assert_bursts_on(run, name: str, side: Side, true: list[Episode]) -> None:
    """Check that every true burst was found on a side, and nothing on the other."""
    assert run.code == 0, run.stderr
    assert run.sides(name) == {side.value}
    for burst in true:
        assert any(
            found.span.overlap_s(burst.span) > 0 for found in run.episodes(name)
        ), f"nothing found at {burst.span}"


# --- the example ------------------------------------------------------------


def test_every_burst_of_the_example_is_found(example_run, example_truth: Truth):
    found = example_run.episodes("simulated_spasm")
    missed = [
        true.span
        for true in example_truth.episodes
        if not any(matches(episode, true) for episode in found)
    ]
    assert example_truth.episodes
    assert missed == []


def test_no_blink_smile_or_anything_else_is_reported(example_run, example_truth: Truth):
    kinds = {other.event for other in example_truth.others}
    assert {"blink", "smile"} <= kinds
    false = [
        (episode.span, episode.side.value)
        for episode in example_run.episodes("simulated_spasm")
        if not any(matches(episode, true) for true in example_truth.episodes)
    ]
    assert false == []


def test_the_example_leaves_every_file_and_one_document(example_run):
    assert example_run.code == 0, example_run.stderr
    folder = example_run.folder("simulated_spasm")
    assert {entry.name for entry in folder.iterdir()} == {
        "episodes.csv",
        "blinks.csv",
        "signals.parquet",
        "summary.json",
        "report.html",
    }
    (recording,) = example_run.document["recordings"]
    written = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert recording["summary"] == written
    assert written["sides"]["right"]["episodes"] == len(
        example_run.episodes("simulated_spasm")
    )


def test_signals_have_one_row_for_every_frame(example_run, example: Path):
    """Every packet of this film is one picture, and says when it is shown."""
    with av.open(str(example)) as container:
        packets = container.demux(video=0)
        stamps = sorted(packet.pts for packet in packets if packet.pts is not None)
        second = container.streams.video[0].time_base
    folder = example_run.folder("simulated_spasm")
    signals = read_signals(folder / "signals.parquet")
    times_s = (np.array(stamps) - stamps[0]) * float(second)
    np.testing.assert_allclose(signals.time_s, times_s, atol=1e-9)


@pytest.mark.slow
def test_the_overlay_shows_every_frame_at_its_own_time(
    analyze: Analyze, film, tmp_path: Path
):
    run = analyze(film.until(8.0).write(tmp_path / "clip.mp4"), "--overlay")
    assert run.code == 0, run.stderr
    folder = run.folder("clip")
    signals = read_signals(folder / "signals.parquet")
    assert len(signals.time_s) == len(film.until(8.0).times_s)
    with av.open(str(folder / "overlay.mp4")) as container:
        overlay_s = [frame.time for frame in container.decode(video=0)]
    np.testing.assert_allclose(
        np.array(overlay_s) - overlay_s[0], signals.time_s, atol=1e-3
    )


# --- what is no recording of a face -----------------------------------------


def sound_only(path: Path) -> Path:
    """One second of a tone, no picture."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=8000, layout="mono")
        tone = np.sin(np.arange(8000) * 0.3).astype(np.float32)[None]
        frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
        frame.sample_rate = 8000
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def grey(path: Path) -> Path:
    """One second of grey pictures."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        picture = np.full((240, 320, 3), 127, np.uint8)
        for _ in range(30):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        out.mux(stream.encode(None))
    return path


def half_of(example: Path, path: Path) -> Path:
    """Write the first half of a file whose index is at its end: unreadable."""
    content = example.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def not_a_video(path: Path) -> Path:
    """A letter with the wrong name."""
    path.write_text("Dear doctor, here is the film.\n" * 100, "utf-8")
    return path


def empty(path: Path) -> Path:
    """Nothing at all."""
    path.touch()
    return path


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (sound_only, 3),
        (empty, 3),
        (not_a_video, 3),
        (lambda path: path, 3),
        (grey, 4),
    ],
    ids=["sound only", "empty", "not a video", "missing", "no face"],
)
def test_what_cannot_be_analysed_has_its_exit_code_and_leaves_nothing(
    request, analyze: Analyze, tmp_path: Path, make: Callable[[Path], Path], code: int
):
    if code == 4:
        request.getfixturevalue("a_tracker")
    run = analyze(make(tmp_path / "given.mp4"))
    assert run.code == code
    assert "Error: " in run.stderr
    assert "given.mp4" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
    assert not run.out.exists()


def test_half_a_file_without_its_index_cannot_be_read(
    analyze: Analyze, shortest_film, tmp_path: Path
):
    whole = shortest_film.write(tmp_path / "whole.mp4")
    run = analyze(half_of(whole, tmp_path / "given.mp4"))
    assert run.code == 3
    assert not run.out.exists()


@pytest.mark.slow
def test_a_bad_file_between_good_ones_does_not_stop_them(
    analyze: Analyze, film, tmp_path: Path
):
    first = film.until(2.0).write(tmp_path / "first.mp4")
    last = film.until(1.5).write(tmp_path / "last.mp4")
    run = analyze(first, empty(tmp_path / "bad.mp4"), last, "--json", "--jobs", "2")
    assert run.code == 3
    states = [entry["status"] for entry in run.document["recordings"]]
    assert states == ["done", "unreadable", "done"]
    assert {entry.name for entry in run.out.iterdir()} == {"first", "last"}


def test_a_part_that_begins_after_the_end_is_wrong_usage(
    analyze: Analyze, shortest_film, tmp_path: Path
):
    run = analyze(shortest_film.write(tmp_path / "short.mp4"), "--start", "99")
    assert run.code == 2
    assert not run.out.exists()


@pytest.mark.slow
def test_a_truncated_stream_is_analysed_as_far_as_it_goes(
    analyze: Analyze, film, tmp_path: Path
):
    """Matroska has no index at its end: what is there can be shown."""
    whole = film.until(8.0).write(tmp_path / "whole.mkv")
    run = analyze(half_of(whole, tmp_path / "half.mkv"))
    assert run.code == 0, run.stderr
    recorded_s = read_signals(run.folder("half") / "signals.parquet").recorded_s
    assert 2.0 < recorded_s < 6.0


# --- the same face, recorded otherwise --------------------------------------


@pytest.fixture(scope="session")
def two_bursts(example_truth: Truth) -> list[Episode]:
    """Return the bursts within the first 15 s."""
    bursts = [true for true in example_truth.episodes if true.span.end_s < 15]
    assert len(bursts) == 2
    assert {burst.side for burst in bursts} == {Side.RIGHT}
    return bursts


@pytest.mark.slow
def test_variable_frame_rate(analyze: Analyze, film, two_bursts, tmp_path: Path):
    """A phone that drops a third of its frames at random moments."""
    rng = np.random.default_rng(3)
    kept = [0, *(i for i in range(1, len(film.times_s)) if rng.random() > 1 / 3)]
    run = analyze(film.only(kept).write(tmp_path / "vfr.mp4"))
    assert_bursts_on(run, "vfr", Side.RIGHT, two_bursts)
    signals = read_signals(run.folder("vfr") / "signals.parquet")
    np.testing.assert_allclose(
        signals.time_s, [film.times_s[i] for i in kept], atol=1e-4
    )


@pytest.mark.slow
@pytest.mark.parametrize("turn_ccw_deg", [90, 180, 270])
def test_rotated(analyze: Analyze, film, two_bursts, tmp_path: Path, turn_ccw_deg: int):
    """A phone held otherwise: stored turned, with the turn back written down."""
    path = film.write(
        tmp_path / "turned.mp4",
        change=lambda picture: np.rot90(picture, -turn_ccw_deg // 90),
        turn_ccw_deg=turn_ccw_deg,
    )
    assert_bursts_on(analyze(path), "turned", Side.RIGHT, two_bursts)


@pytest.mark.slow
def test_mirrored(analyze: Analyze, film, two_bursts, tmp_path: Path):
    """Nobody can see that a picture is mirrored; the option puts it right."""
    path = film.write(tmp_path / "m.mp4", change=lambda picture: picture[:, ::-1])
    assert_bursts_on(analyze(path), "m", Side.LEFT, two_bursts)
    assert_bursts_on(analyze(path, "--mirrored"), "m", Side.RIGHT, two_bursts)


@pytest.mark.slow
def test_12_frames_a_second(analyze: Analyze, film, two_bursts, tmp_path: Path):
    wanted_s = np.arange(0, film.times_s[-1], 1 / 12)
    kept = np.unique(np.searchsorted(film.times_s, wanted_s - 1e-6))
    run = analyze(film.only(list(kept)).write(tmp_path / "slow.mp4"))
    assert_bursts_on(run, "slow", Side.RIGHT, two_bursts)


@pytest.mark.slow
def test_60_frames_a_second(analyze: Analyze, film, two_bursts, tmp_path: Path):
    times_s, pictures = [film.times_s[0]], [film.pictures[0]]
    for time_s, picture in zip(film.times_s[1:], film.pictures[1:], strict=True):
        between = (pictures[-1].astype(np.uint16) + picture) // 2
        times_s += [(times_s[-1] + time_s) / 2, time_s]
        pictures += [between.astype(np.uint8), picture]
    path = type(film)(times_s, pictures).write(tmp_path / "fast.mp4")
    assert_bursts_on(analyze(path), "fast", Side.RIGHT, two_bursts)


@pytest.mark.slow
def test_4k(analyze: Analyze, film, two_bursts, tmp_path: Path):
    def enlarged(picture: np.ndarray) -> np.ndarray:
        canvas = np.full((2160, 3840, 3), 90, np.uint8)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture))
        scale = 2160 / picture.shape[0]
        width = round(picture.shape[1] * scale / 2) * 2
        left = (3840 - width) // 2
        canvas[:, left : left + width] = frame.reformat(
            width=width, height=2160, format="rgb24"
        ).to_ndarray()
        return canvas

    path = film.until(9.0).write(tmp_path / "big.mp4", change=enlarged)
    run = analyze(path)
    assert_bursts_on(run, "big", Side.RIGHT, two_bursts[:1])


@pytest.mark.slow
def test_a_part_keeps_the_times_of_the_whole(
    analyze: Analyze, film, two_bursts, tmp_path: Path
):
    path = film.write(tmp_path / "part.mp4")
    run = analyze(path, "--start", "9", "--end", "14")
    assert_bursts_on(run, "part", Side.RIGHT, two_bursts[1:])
    assert len(run.episodes("part")) == 1
    signals = read_signals(run.folder("part") / "signals.parquet")
    assert 9.0 <= signals.time_s[0] < 9.05


# --- being stopped ----------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("extra", [[], ["--jobs", "2"]], ids=["alone", "processes"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_being_stopped_leaves_nothing(
    example: Path, film, tmp_path: Path, extra: list[str], how: signal.Signals
):
    second = film.write(tmp_path / "second.mp4")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "twitch_tracker.cli.app", "analyze"]
    words = [str(example), str(second), "--out", str(out), *extra]
    code = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "os.execv(sys.argv[1], sys.argv[1:])\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, *command, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        until_s = time.monotonic() + 60
        while not (out.exists() and any(out.iterdir())):
            assert run.poll() is None
            assert time.monotonic() < until_s
            time.sleep(0.1)
        time.sleep(1.5)
        if how is signal.SIGINT:
            os.killpg(run.pid, how)
        else:
            run.send_signal(how)
        stdout, stderr = run.communicate(timeout=60)
    assert run.returncode == 130, stderr
    assert stdout == ""
    assert "Traceback" not in stderr
    assert not out.exists()
