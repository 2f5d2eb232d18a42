"""What the command `analyze` says, returns and leaves behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from twitch_tracker.cli.app import app

MakeVideo = Callable[..., Path]
pytestmark = pytest.mark.usefixtures("fake_analysis")


@pytest.fixture
def analyze(tmp_path: Path) -> Callable[..., Result]:
    """Run ``twitch-tracker analyze`` with results going to ``tmp_path/out``."""

    def run(*given: object) -> Result:
        words = ["analyze", *map(str, given), "--out", str(tmp_path / "out")]
        return CliRunner().invoke(app, words, catch_exceptions=False)

    return run


def test_one_video_gives_a_table_and_says_where_the_report_is(
    analyze, make_video: MakeVideo, tmp_path: Path
):
    result = analyze(make_video("my face.mp4"))
    assert result.exit_code == 0
    assert "my face.mp4: 10.0 s recorded, 9.00 s of it measurable" in result.stdout
    rows = {
        line.split()[0]: line.split() for line in result.stdout.splitlines() if line
    }
    assert rows["right"] == [
        "right",
        "2",
        "20.9",
        "0.0",
        "to",
        "75.6",
        "36",
        "%",
        "2.50",
        "s",
    ]
    assert rows["left"][1] == "0"
    assert rows["blinks"] == ["blinks", "1", "6.7"]
    report = tmp_path / "out" / "my face" / "report.html"
    assert f"report: {report}" in result.stdout
    assert report.exists()
    assert "[1/1] my face.mp4: bursts: 0 on the left, 2 on the right" in result.stderr


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["good.mp4"], 0),
        (["bug.mp4"], 1),
        (["full.mp4"], 1),
        (["odd.mp4"], 2),
        (["broken.mp4"], 3),
        (["nobody.mp4"], 4),
        (["dark.mp4"], 4),
        (["good.mp4", "nobody.mp4"], 4),
        (["nobody.mp4", "broken.mp4", "good.mp4"], 3),
        (["nobody.mp4", "bug.mp4", "broken.mp4"], 1),
    ],
)
def test_exit_codes(analyze, make_video: MakeVideo, names: list[str], code: int):
    """The smallest code that is not 0 speaks for all."""
    assert analyze(*map(make_video, names)).exit_code == code


def test_an_error_is_plain_words_on_stderr_and_others_go_on(
    analyze, make_video: MakeVideo, tmp_path: Path
):
    result = analyze(*map(make_video, ("broken.mp4", "good.mp4", "bug.mp4")))
    assert "Error: broken.mp4: this is not a video; give another" in result.stderr
    assert "Error: bug.mp4: an unexpected error occurred" in result.stderr
    assert "TWITCH_TRACKER_DEBUG=1" in result.stderr
    assert "Traceback" not in result.output
    assert "Error" not in result.stdout
    assert {entry.name for entry in (tmp_path / "out").iterdir()} == {"good"}


def test_a_traceback_is_shown_on_request(
    analyze, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TWITCH_TRACKER_DEBUG", "1")
    result = analyze(make_video("bug.mp4"))
    assert "Traceback" in result.stderr
    assert "ZeroDivisionError" in result.stderr


def test_json_is_one_document_on_stdout_with_one_entry_per_video(
    analyze, make_video: MakeVideo, tmp_path: Path
):
    names = ["b.mp4", "broken.mp4", "a.mp4"]
    result = analyze(*map(make_video, names), "--json")
    document: dict[str, Any] = json.loads(result.stdout)
    assert document["exit_code"] == result.exit_code == 3
    recordings = document["recordings"]
    assert [Path(entry["file"]).name for entry in recordings] == names
    good, bad, _ = recordings
    written = json.loads((tmp_path / "out" / "b" / "summary.json").read_text())
    assert good["summary"] == written
    assert good["folder"] == str(tmp_path / "out" / "b")
    assert bad["summary"] is None
    assert bad["folder"] is None
    assert bad["status"] == "unreadable"
    assert bad["error_kind"] == "VideoUnreadable"


def test_quiet_says_nothing_on_stderr(analyze, make_video: MakeVideo):
    assert analyze(make_video("good.mp4"), "--quiet").stderr == ""


def test_names_with_brackets_spaces_and_accents_are_shown_as_they_are(
    analyze, make_video: MakeVideo, tmp_path: Path
):
    name = "Gesicht [rechts] früh 目.mp4"
    result = analyze(make_video(name))
    assert result.exit_code == 0
    assert f"{name}: 10.0 s recorded" in result.stdout
    assert (tmp_path / "out" / name.removesuffix(".mp4") / "report.html").exists()


def test_options_become_parameters(
    analyze, make_video: MakeVideo, fake_analysis, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    Path("w.task").write_bytes(b"weights")
    analyze(
        *(make_video("good.mp4"), "--mirrored", "--start", "1.5", "--end", "4"),
        *("--tracker", "face-landmarker", "--model", "w.task"),
    )
    (options,) = fake_analysis.options
    assert options.mirrored is True
    assert (options.start_s, options.end_s) == (1.5, 4.0)
    assert options.tracker == "face-landmarker"
    assert options.model_path == Path("w.task")


def test_pictures_and_overlay(analyze, make_video: MakeVideo, fake_analysis, tmp_path):
    analyze(make_video("good.mp4"), "--no-pictures", "--overlay")
    assert fake_analysis.pictures_taken == 0
    assert (tmp_path / "out" / "good" / "overlay.mp4").read_bytes() == b"overlay"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["x.mp4", "--start", "-1"],
        ["x.mp4", "--start", "5", "--end", "5"],
        ["x.mp4", "--end", "soon"],
        ["x.mp4", "--tracker", "magic"],
        ["x.mp4", "--jobs", "0"],
        ["x.mp4", "--no-such-option"],
    ],
)
def test_wrong_usage_is_2_and_writes_nothing(analyze, words: list[str], tmp_path: Path):
    result = analyze(*words)
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_folder_stands_for_the_videos_in_it(analyze, make_video: MakeVideo, tmp_path):
    for name in ("b.MOV", "a.mp4", "notes.txt", "._a.mp4", "deeper/c.mp4"):
        make_video(name)
    result = analyze(tmp_path / "videos", "--json")
    files = [Path(e["file"]).name for e in json.loads(result.stdout)["recordings"]]
    assert files == ["a.mp4", "b.MOV"]


def test_a_folder_without_videos_is_wrong_usage(analyze, make_video: MakeVideo):
    folder = make_video("notes.txt").parent
    result = analyze(folder)
    assert result.exit_code == 2
    assert "folder without any video" in " ".join(result.stderr.split())


def test_a_video_given_twice_is_analysed_once(
    analyze, make_video: MakeVideo, fake_analysis
):
    video = make_video("good.mp4")
    analyze(video, video.parent, video.parent / ".." / "videos" / "good.mp4")
    assert len(fake_analysis.options) == 1


def test_two_videos_of_one_name_keep_apart_and_it_is_said(
    analyze, make_video: MakeVideo, tmp_path: Path
):
    result = analyze(make_video("a/clip.mp4", b"1"), make_video("b/clip.mp4", b"2"))
    assert {entry.name for entry in (tmp_path / "out").iterdir()} == {"clip", "clip-2"}
    assert "Note: the results of" in result.stderr
    assert "clip-2" in result.stderr


def test_ctrl_c_is_130_and_keeps_what_was_finished(
    analyze, make_video: MakeVideo, tmp_path: Path
):
    result = analyze(*map(make_video, ("good.mp4", "stop.mp4", "later.mp4")))
    assert result.exit_code == 130
    assert "1 of 3 recordings were finished" in result.stderr
    assert {entry.name for entry in (tmp_path / "out").iterdir()} == {"good"}
    assert result.stdout == ""
