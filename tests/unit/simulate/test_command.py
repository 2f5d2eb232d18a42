"""The command ``simulate``: wishes in, three files or none out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from twitch_tracker.cli.app import app
from twitch_tracker.errors import OutputNotWritable
from twitch_tracker.simulate import job
from twitch_tracker.simulate.plan.events import BilateralBlink, Spasm
from twitch_tracker.simulate.plan.scenario import Camera, HeadMotion, Scenario
from twitch_tracker.simulate.portrait import Portrait
from twitch_tracker.simulate.render import render
from twitch_tracker.video.files import open_video

FILES = ["scenario.json", "simulated.mp4", "truth.csv"]


def run(*words: object):
    return CliRunner().invoke(app, ["simulate", *map(str, words), "--quiet"])


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


@pytest.fixture(scope="module")
def still(portrait: Portrait, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("still") / "face.png"
    Image.fromarray(portrait.image).save(path)
    return path


@pytest.fixture(scope="module")
def clip(portrait: Portrait, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real file of 1.6 seconds in which the portrait blinks once."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    blink = BilateralBlink(onset_s=0.6, duration_s=0.3)
    camera = Camera(noise=0.5, drift=0, crf=12)
    head = HeadMotion(shift_mm=0.3, yaw_deg=0.3, pitch_deg=0.3, roll_deg=0.2)
    plan = Scenario(duration_s=1.6, head=head, camera=camera, events=(blink,))
    render(plan, portrait, path)
    return path


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[job.Request]:
    """What the command asks for; nothing is filmed."""
    asked: list[job.Request] = []

    def film(request: job.Request, folder: Path, *_: object) -> tuple[()]:
        asked.append(request)
        (folder / job.VIDEO_FILE).write_bytes(b"x")
        return ()

    monkeypatch.setattr(job, "film", film)
    return asked


def test_a_still_becomes_a_recording_with_its_truth(still: Path, tmp_path: Path):
    out = tmp_path / "made" / "here"
    result = run(still, "--random", 3, "--seconds", 2.5, "--fps", 5, "--out", out)
    assert result.exit_code == 0, result.output
    assert names(out) == FILES
    assert names(out.parent) == ["here"]
    plan = Scenario.load(out / "scenario.json")
    spasms = [e for e in plan.events if isinstance(e, Spasm)]
    assert (plan.fps, plan.duration_s, len(spasms)) == (5, 2.5, 1)
    with open_video(out / "simulated.mp4") as video:
        assert sum(1 for _ in video) == 12
    sides = ("1 on the left, 0 on the right", "0 on the left, 1 on the right")
    assert any(f"bursts: {said}" in result.stdout for said in sides)
    again = tmp_path / "again"
    run(still, "--scenario", out / "scenario.json", "--out", again)
    for name in FILES:
        assert (again / name).read_bytes() == (out / name).read_bytes(), name


def test_a_real_video_is_changed_only_where_it_was_asked(
    clip: Path, portrait: Portrait, tmp_path: Path
):
    plan = Scenario(
        duration_s=1.6,
        events=(Spasm(onset_s=1.2, offset_s=1.6, side="left", kind="tonic"),),
    )
    saved = json.loads(plan.to_json())
    del saved["camera"]
    (tmp_path / "plan.json").write_text(json.dumps(saved), encoding="utf-8")
    out = tmp_path / "out"
    result = run(clip, "--scenario", tmp_path / "plan.json", "--crf", 10, "--out", out)
    assert result.exit_code == 0, result.output
    x, y = portrait.face.mesh_px[473, :2].astype(int)
    eye = np.s_[y - 6 : y + 7, x - 6 : x + 7]
    with open_video(clip) as before, open_video(out / "simulated.mp4") as after:
        far = [
            (a.time_s, np.abs(a.image[eye].astype(int) - b.image[eye]).mean())
            for a, b in zip(before, after, strict=True)
        ]
    during = [change for time, change in far if 1.35 < time < 1.45]
    before_it = [change for time, change in far if time < 1.15]
    assert min(during) > 5 * max(before_it)
    camera = Scenario.load(out / "scenario.json").camera
    assert camera == Camera(noise=0, drift=0, crf=10), "nothing is added unasked"


def test_real_blinks_become_one_sided(clip: Path, tmp_path: Path):
    result = run(clip, "--closures", 1, "--side", "left", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert names(tmp_path / "out") == FILES
    table = (tmp_path / "out" / "truth.csv").read_text(encoding="utf-8")
    (row,) = table.splitlines()[1:]
    assert ",left,eyelid,eyelid,clonic,1," in row
    assert float(row.split(",")[0]) == pytest.approx(0.6, abs=0.06)


def test_options_reach_the_plan(planned, still: Path, tmp_path: Path):
    words = "--distractors --side right --mirrored --noise 3 --jitter 8 --distance 0.7"
    more = "--blur 1 --shake 2 --drift 0.05 --crf 30 --seconds 60"
    result = run(still, "--random", 5, *words.split(), *more.split(), "-o", tmp_path)
    assert result.exit_code == 0, result.output
    (request,) = planned
    camera = request.plan.camera
    assert camera == Camera(
        noise=3,
        jitter_s=0.008,
        distance=0.7,
        mirrored=True,
        blur_px=1,
        shake_px=2,
        drift=0.05,
        crf=30,
    )
    kinds = {event.event for event in request.plan.events}
    assert {"spasm", "blink"} < kinds
    spasms = [e for e in request.plan.events if isinstance(e, Spasm)]
    assert {spasm.side for spasm in spasms} == {"right"}
    assert request.plan.duration_s == 60


def test_a_video_keeps_its_own_times_unless_asked(planned, clip: Path, tmp_path: Path):
    run(clip, "--random", 1, "--out", tmp_path / "a")
    run(clip, "--random", 1, "--jitter", 5, "--out", tmp_path / "b")
    run(clip, "--random", 1, "--fps", 12, "--no-bursts", "--out", tmp_path / "c")
    assert [r.plan.camera.fps for r in planned] == [None, pytest.approx(30), 12]
    assert [r.plan.duration_s for r in planned] == pytest.approx([1.6] * 3, abs=0.05)
    assert planned[2].plan.events == ()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Choose what happens"),
        (["--random", 1, "--closures", 1], "Choose what happens"),
        (["--random", 1, "--side", "top"], "left or right"),
        (["--closures", 1, "--gentle"], "need --random"),
        (["--closures", 1], "a video with blinks"),
        (["--random", 1, "--jitter", 500], "jitter_s"),
    ],
)
def test_wrong_usage_is_told_and_leaves_nothing(
    still: Path, tmp_path: Path, words: list, said: str
):
    result = run(still, *words, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert said in " ".join(result.output.replace("│", " ").split())
    assert names(tmp_path) == []


def test_a_broken_plan_is_told_with_its_place(still: Path, tmp_path: Path):
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    result = run(still, "--scenario", tmp_path / "plan.json", "--out", tmp_path / "out")
    assert result.exit_code == 3
    assert "plan.json, duration_s: expected a value" in result.output
    assert names(tmp_path) == ["plan.json"]


@pytest.mark.usefixtures("a_tracker")
def test_what_cannot_be_read_or_shows_no_face_has_its_own_code(tmp_path: Path):
    (tmp_path / "no.jpg").write_text("nothing")
    (tmp_path / "no.mp4").write_text("nothing")
    Image.new("RGB", (200, 200), (90, 90, 90)).save(tmp_path / "grey.png")
    out = tmp_path / "out"
    codes = [
        run(tmp_path / name, "--random", 1, "--seconds", 1, "--out", out).exit_code
        for name in ("no.jpg", "no.mp4", "grey.png")
    ]
    assert codes == [3, 3, 4]
    assert not out.exists()


def test_a_failure_in_the_middle_leaves_the_older_files(
    still: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    out = tmp_path / "out"
    out.mkdir()
    for name in (*FILES, "episodes.csv"):
        (out / name).write_text("older", encoding="utf-8")

    def film(_request: job.Request, folder: Path, *_: object) -> None:
        (folder / job.VIDEO_FILE).write_bytes(b"half")
        raise OutputNotWritable("the disk is full")

    monkeypatch.setattr(job, "film", film)
    result = run(still, "--random", 1, "--out", out)
    assert result.exit_code == 1
    assert "the disk is full" in result.output
    assert names(out) == sorted([*FILES, "episodes.csv"])
    assert {(out / name).read_text(encoding="utf-8") for name in FILES} == {"older"}
    assert names(tmp_path) == ["out"]


def test_results_of_an_analysis_in_the_same_folder_stay(
    planned, still: Path, tmp_path: Path
):
    (tmp_path / "episodes.csv").write_text("mine", encoding="utf-8")
    assert run(still, "--random", 1, "--out", tmp_path).exit_code == 0
    assert "episodes.csv" in names(tmp_path)


def test_the_help_tells_the_exit_codes_and_an_example():
    text = " ".join(CliRunner().invoke(app, ["simulate", "--help"]).stdout.split())
    assert "Example: twitch-tracker simulate" in text
    for words in ("0 done", "2 wrong usage", "3 FACE could", "4 no face"):
        assert words in text
