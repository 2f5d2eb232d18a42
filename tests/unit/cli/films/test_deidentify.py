"""The command that shows movement without the face."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twitch_tracker import pipeline
from twitch_tracker.cli.app import app
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.motion.recorder import RawMotion
from twitch_tracker.records import ReadOptions, Session
from twitch_tracker.video import files


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch, face) -> list[object]:
    """Watch a made-up face instead of a film; gives the options that were asked for."""
    import numpy as np

    asked: list[object] = []

    def record(path: Path, options: object, **_: object) -> RawMotion:
        asked.append(options)
        return face.film(np.arange(60) / 30)

    monkeypatch.setattr(pipeline, "record_motion", record)
    return asked


@pytest.fixture(autouse=True)
def same_film(monkeypatch: pytest.MonkeyPatch, session: Session) -> None:
    """The film that is named is the one of the results."""
    monkeypatch.setattr(files, "hash_file", lambda _: session.video.sha256)


def run(*words: object):
    return CliRunner().invoke(app, ["deidentify", *map(str, words), "--quiet"])


def test_film_and_tables_come_together(tmp_path: Path, session: Session, watched: list):
    results = tmp_path / "results"
    results.mkdir()
    write_tables(results, session)
    out = tmp_path / "shared"
    done = run(
        *("face.mp4", "--results", results, "--burst", 1, "--out", out),
        *("--recorded-on", "2026-05-01"),
    )
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in out.iterdir()) == [
        *("blinks.csv", "episodes.csv", "mesh.mp4", "signals.parquet", "summary.json")
    ]
    assert "2026-05-01" not in (out / "summary.json").read_text()
    (options,) = watched
    burst = session.episodes[0].span
    assert options.start_s == pytest.approx(max(0, burst.start_s - 2), abs=1e-3)
    assert options.end_s == pytest.approx(burst.end_s + 2, abs=1e-3)


def test_without_results_there_is_only_the_film(tmp_path: Path, watched: list):
    done = run("face.mp4", "--out", tmp_path / "shared", "--start", 1, "--end", 3)
    assert done.exit_code == 0, done.output
    assert [path.name for path in (tmp_path / "shared").iterdir()] == ["mesh.mp4"]
    assert (watched[0].start_s, watched[0].end_s) == (1, 3)


def test_what_does_not_fit_is_told(tmp_path: Path, session: Session, watched: list):
    results = tmp_path / "results"
    results.mkdir()
    write_tables(results, session)
    out = tmp_path / "shared"
    assert run("face.mp4", "--burst", 1, "--out", out).exit_code == 2
    far = run("face.mp4", "--results", results, "--burst", 99, "--out", out)
    assert far.exit_code == 2
    assert "1 to 2" in far.output
    (results / "summary.json").write_text("[" * 1000)
    broken = run("face.mp4", "--results", results, "--out", out)
    assert broken.exit_code == 3
    assert not out.exists()


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_same_face_is_watched_at_the_same_speed(
    tmp_path: Path, session: Session, watched: list, mirrored: bool
):
    """Of several faces the one that was measured, where it is when the burst begins."""
    video = replace(
        session.video, mirrored=mirrored, slowed=8.0, said=("slow_motion(240,30)",)
    )
    results = tmp_path / "results"
    results.mkdir()
    write_tables(results, replace(session, video=video))
    out = tmp_path / "shared"
    done = run("face.mp4", "--results", results, "--burst", 1, "--out", out)
    assert done.exit_code == 0, done.output
    (options,) = watched
    assert options.reading == ReadOptions(slowed=8.0)
    assert options.mirrored == mirrored
    assert options.subject_place == pytest.approx((0.4, 0.55))


def test_results_of_another_film_are_refused(
    tmp_path: Path, session: Session, watched: list, monkeypatch: pytest.MonkeyPatch
):
    results = tmp_path / "results"
    results.mkdir()
    write_tables(results, session)
    monkeypatch.setattr(files, "hash_file", lambda _: "0" * 64)
    done = run("face.mp4", "--results", results, "--out", tmp_path / "shared")
    assert done.exit_code == 2
    assert f"those of another one, {session.video.name}" in done.output
    assert watched == []
