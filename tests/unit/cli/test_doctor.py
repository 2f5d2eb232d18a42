"""`doctor` and `models` tell what is missing and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest
from typer.testing import CliRunner

from twitch_tracker.cli import checks
from twitch_tracker.cli.app import app


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the tests away from the user's own folders."""
    monkeypatch.setenv("TWITCH_TRACKER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_doctor_tries_everything_and_keeps_nothing(tmp_path: Path):
    result = CliRunner().invoke(
        app, ["doctor", "--json", "--out", str(tmp_path / "out")]
    )
    document = json.loads(result.stdout)
    found = {check["name"]: check for check in document["checks"]}
    assert found["H.264 video, writing and reading"]["ok"]
    assert found["results folder"]["ok"]
    assert found["OpenCV"]["ok"]
    assert found["burst detector"]["ok"]
    assert document["can_analyze"] == (result.exit_code == 0)
    assert document["can_analyze"] == all(
        check["ok"] for check in found.values() if check["needed"]
    )
    assert list(tmp_path.iterdir()) == []


def test_what_is_broken_has_advice_and_exit_code_1(monkeypatch: pytest.MonkeyPatch):
    """OpenCV's wheel needs a system library that a bare Linux lacks."""

    def fail(package: str) -> str:
        raise ImportError("libGL.so.1: cannot open shared object file")

    monkeypatch.setattr(checks, "_import", fail)
    monkeypatch.setattr(checks, "_trackers", lambda: iter(()))
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert "MISSING  OpenCV: ImportError: libGL.so.1" in result.stdout
    assert "apt-get install libgl1" in result.stdout
    assert "cannot analyse recordings yet" in result.stdout


def test_networks_that_are_not_there_are_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr("twitch_tracker.networks.shipped_folder", lambda: tmp_path)
    found = {finding.name: finding for finding in checks.all_findings(tmp_path)}
    assert not found["burst detector"].ok
    assert found["burst detector"].needed
    assert "eye_code.onnx" in found["burst detector"].detail


def test_something_optional_that_is_missing_does_not_matter(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(checks, "_trackers", lambda: iter(()))
    findings = list(checks.all_findings(Path("out")))
    assert all(finding.ok for finding in findings if finding.needed)
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 0
    assert "This computer can analyse recordings." in result.stdout


def test_a_results_folder_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(checks.tempfile, "TemporaryFile", refuse)
    finding = checks._results_folder(tmp_path)
    assert not finding.ok
    assert finding.needed
    assert "--out" in finding.advice


def test_models_list_says_where_weights_would_be(own_home: Path):
    result = CliRunner().invoke(app, ["models", "list", "--json"])
    assert result.exit_code == 0
    states = {state["name"]: state for state in json.loads(result.stdout)}
    assert set(states) == {"attention-mesh", "face-landmarker"}
    assert not states["face-landmarker"]["ready"]
    assert str(own_home) in states["face-landmarker"]["where"]
    assert "models install" in states["face-landmarker"]["advice"]
    assert not own_home.exists()


def test_models_list_notices_damaged_weights(own_home: Path):
    from twitch_tracker.face.trackers.weights import find_landmarker
    from twitch_tracker.settings import weights_folder

    weights_folder().mkdir(parents=True)
    (weights_folder() / "face_landmarker.task").write_bytes(b"damaged")
    with pytest.raises(Exception, match="expected sha256"):
        find_landmarker(None)
    result = CliRunner().invoke(app, ["models", "list"])
    assert "face-landmarker  missing" in result.stdout
    assert "expected sha256" in result.stdout


# --- what a file says about itself --------------------------------------------


def _film(path: Path) -> Path:
    """A film of two pictures, said to be taken with 240 a second."""
    tags = {
        "com.android.capture.fps": "240.0",
        "com.apple.quicktime.creationdate": "2025-07-15T21:29:00-0700",
    }
    with av.open(
        str(path), "w", container_options={"movflags": "use_metadata_tags"}
    ) as out:
        out.metadata.update(tags)
        stream = out.add_stream("mpeg4", rate=30)
        stream.width, stream.height = 64, 32
        for _ in range(2):
            picture = np.zeros((32, 64, 3), np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode())
    return path


def test_doctor_shows_what_a_file_says(tmp_path: Path):
    path = _film(tmp_path / "phone.mp4")
    told = CliRunner().invoke(app, ["doctor", str(path)])
    assert told.exit_code == 0
    for words in (
        "2025-07-15 21:29 -0700 (by com.apple.quicktime.creationdate)",
        "number 0: mpeg4, 64 by 32 pixels, 30.00 pictures a second",
        "slow motion, 8.00 times slower than life",
        "no file says whether the camera stored a mirror image",
        "use --capture-fps 30",
    ):
        assert words in told.output
    as_json = CliRunner().invoke(app, ["doctor", str(path), "--json"])
    document = json.loads(as_json.output)
    assert document["info"]["slowed"] == 8.0
    assert document["says"]["films"][0]["codec"] == "mpeg4"


def test_doctor_says_why_a_file_cannot_be_read(tmp_path: Path):
    told = CliRunner().invoke(app, ["doctor", str(tmp_path / "none.mp4")])
    assert told.exit_code == 3
    assert "no such file" in told.stderr
