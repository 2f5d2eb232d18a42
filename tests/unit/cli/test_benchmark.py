"""The command ``benchmark``: options in, a short table out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from studies.benchmark.building.faces import FaceVideo, Tier
from studies.benchmark.building.plan import plan_versions
from studies.benchmark.findings import report as report_module
from twitch_tracker.cli.app import app
from twitch_tracker.cli.benchmark import ProgressLines
from twitch_tracker.records import Progress


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Take the place of the work; keep what was asked for."""
    seen: dict[str, Any] = {}
    result = {"value": 0.5, "met": False}
    document = {
        "detectors": [{"name": "it"}],
        "targets": [{"what": "F1", "target": "at least 1", "results": {"it": result}}],
        "failures": [{"name": "a.mp4", "why": "cut off"}],
    }

    def fake(options, on_progress, *, pictures):
        seen.update(options=options, on_progress=on_progress, pictures=pictures)
        return SimpleNamespace(page=options.out / "benchmark.html", document=document)

    monkeypatch.setattr(report_module, "run_benchmark", fake)
    return seen


def test_options_reach_the_work_and_misses_are_said(asked, tmp_path: Path):
    words = ["benchmark", str(tmp_path), "--out", str(tmp_path / "o"), "--seed", "3"]
    words += ["--only", "rest_*", "--only", "talk_*", "--no-pictures", "--quiet"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0
    assert asked["options"].seed == 3
    assert asked["options"].only == ("rest_*", "talk_*")
    assert asked["pictures"] is False
    assert asked["on_progress"] is None
    assert "NOT MET" in result.stdout
    assert "a.mp4: cut off" in result.stdout


def test_weights_for_the_second_injector_can_be_given(asked, tmp_path: Path):
    weights = tmp_path / "face.task"
    words = ["benchmark", str(tmp_path), "--landmarker", str(weights)]
    assert CliRunner().invoke(app, words).exit_code == 2
    assert asked == {}
    weights.write_bytes(b"weights")
    assert CliRunner().invoke(app, words).exit_code == 0
    assert asked["options"].landmarker == weights


def test_another_tracker_can_watch_and_keeps_what_it_saw_apart(asked, tmp_path: Path):
    words = ["benchmark", str(tmp_path), "--tracker", "face-landmarker"]
    assert CliRunner().invoke(app, words).exit_code == 0
    options = asked["options"]
    assert options.tracker == "face-landmarker"
    (version, *_) = plan_versions([FaceVideo(file="a.mp4", face="a", tier=Tier.REST)])
    usual = replace(options, tracker="auto").kept(version)
    assert options.kept(version) != usual
    assert options.kept(version).name == usual.name


def test_a_missing_folder_is_wrong_usage(asked, tmp_path: Path):
    result = CliRunner().invoke(app, ["benchmark", str(tmp_path / "none")])
    assert result.exit_code == 2
    assert asked == {}


def test_progress_tells_what_is_left(capsys: pytest.CaptureFixture[str]):
    lines = ProgressLines()
    for done in range(3):
        lines(Progress(stage="building", done=done, total=2, unit="steps"))
    told = capsys.readouterr().err
    assert "building: 1 of 2, about" in told
    assert "building: 2 of 2\n" in told
