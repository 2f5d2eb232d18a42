from __future__ import annotations

import csv
import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from twitch_tracker.errors import OutputNotWritable
from twitch_tracker.records import EpisodeKind, Progress
from twitch_tracker.regions import Region, Side
from twitch_tracker.simulate.activation import activate
from twitch_tracker.simulate.inject import follow_face
from twitch_tracker.simulate.plan.events import BilateralBlink, Spasm
from twitch_tracker.simulate.plan.scenario import Camera, HeadMotion, Scenario
from twitch_tracker.simulate.portrait import Portrait
from twitch_tracker.simulate.render import (
    film_into,
    render,
    scenario_path,
    truth_path,
)
from twitch_tracker.simulate.truth import truth, truth_csv
from twitch_tracker.video.files import open_video

EXAMPLES = Path(__file__).parents[3] / "examples"
PLAN = Scenario(
    duration_s=0.6,
    events=(Spasm(onset_s=0.1, offset_s=0.4, side=Side.RIGHT, kind="tonic"),),
)


def test_a_rendering_leaves_video_truth_and_plan(portrait: Portrait, tmp_path: Path):
    path = tmp_path / "made.mp4"
    steps: list[Progress] = []
    rows = render(PLAN, portrait, path, on_progress=steps.append)
    with open_video(path) as video:
        times = [frame.time_s for frame in video]
    assert times == pytest.approx(np.arange(18) / 30, abs=1e-4)
    assert truth_path(path).read_text(encoding="utf-8") == truth_csv(rows)
    assert Scenario.load(scenario_path(path)) == PLAN
    assert steps[-1].done == steps[-1].total


def test_a_video_can_be_rendered_into(portrait: Portrait, tracker, tmp_path: Path):
    clean = Camera(noise=0, drift=0)
    base = Scenario(duration_s=0.6, head=HeadMotion.still(), camera=clean)
    render(base, portrait, tmp_path / "base.mp4")
    with open_video(tmp_path / "base.mp4") as video:
        rows, seen = film_into(
            *(video, tracker, replace(PLAN, camera=Camera.perfect())),
            tmp_path / "into.mp4",
        )
    assert seen
    assert [row.reasons for row in rows] == [""]
    x, y = portrait.face.mesh_px[159, :2].astype(int)  # upper lid of the right eye
    eye = np.s_[y - 5 : y + 15, x - 12 : x + 12]
    with (
        open_video(tmp_path / "base.mp4") as before,
        open_video(tmp_path / "into.mp4") as after,
    ):
        pairs = [
            (a.time_s, np.abs(a.image[eye].astype(int) - b.image[eye]).mean())
            for a, b in zip(before, after, strict=True)
        ]
    # The closing eye against what encoding twice does on its own.
    during = [change for time, change in pairs if 0.2 < time < 0.3]
    quiet = [change for time, change in pairs if time < 0.05]
    assert min(during) > 5 * max(quiet)


def test_nothing_is_left_behind_when_the_source_is_empty(tracker, tmp_path: Path):
    with pytest.raises(OutputNotWritable, match="no frame"):
        film_into([], tracker, PLAN, tmp_path / "none.mp4")
    assert not list(tmp_path.iterdir())


def load_example() -> ModuleType:
    pytest.importorskip("skimage")
    script = EXAMPLES / "render_example.py"
    spec = importlib.util.spec_from_file_location("render_example", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_shipped_example_is_what_its_script_makes():
    """The plan beside it is the script's, and the truth is that plan's."""
    scenario = Scenario.load(EXAMPLES / "simulated_spasm_scenario.json")
    assert scenario == load_example().SCENARIO
    saved = (EXAMPLES / "simulated_spasm_truth.csv").read_text(encoding="utf-8")
    shipped = list(csv.DictReader(saved.splitlines()))
    again = list(csv.DictReader(truth_csv(truth(scenario)).splitlines()))
    for row in (*shipped, *again):
        del row["excursion_mm"]  # depends on the face's own aperture
    assert shipped == again


def test_the_shipped_example_is_small_and_plays_to_its_end():
    path = EXAMPLES / "simulated_spasm.mp4"
    scenario = Scenario.load(EXAMPLES / "simulated_spasm_scenario.json")
    assert path.stat().st_size < 3_000_000
    with open_video(path) as video:
        assert video.info.codec == "h264"
        last = max(frame.time_s for frame in video)
    assert last == pytest.approx(scenario.duration_s - 1 / scenario.fps, abs=0.01)


def test_the_example_shows_every_kind_of_burst_on_one_side_only():
    spasms = [e for e in load_example().SCENARIO.events if isinstance(e, Spasm)]
    assert {spasm.side for spasm in spasms} == {Side.RIGHT}
    assert {spasm.kind for spasm in spasms} == set(EpisodeKind)
    assert any(spasm.regions == (Region.EYELID,) for spasm in spasms)


@pytest.mark.slow
def test_what_a_tracker_measures_is_what_was_commanded(
    portrait: Portrait, tracker, eye_aspect_ratio, tmp_path: Path
):
    """Through pixels, H.264 and landmarks: closure, excursion and onset agree."""
    plan = Scenario(
        duration_s=6,
        seed=3,
        head=HeadMotion(shift_mm=0.5, yaw_deg=0.3, pitch_deg=0.3, roll_deg=0.3),
        events=(
            Spasm(
                onset_s=1, offset_s=2.5, side=Side.RIGHT, closure=0.8, excursion_mm=4
            ),
            BilateralBlink(onset_s=3),
            Spasm(onset_s=4, offset_s=5.5, side=Side.RIGHT, kind="tonic", closure=0.8),
        ),
    )
    path = tmp_path / "measured.mp4"
    render(plan, portrait, path)
    with open_video(path) as video:
        pairs = list(follow_face(video, tracker))
    time_s = np.array([frame.time_s for frame, _ in pairs])
    meshes = np.array([mesh for _, mesh in pairs])
    commanded = activate(plan, time_s)
    ratio = {
        side: np.array([eye_aspect_ratio(mesh, side) for mesh in meshes])
        for side in Side
    }
    quiet = np.median(ratio[Side.RIGHT][time_s < 0.9])
    measured = 1 - ratio[Side.RIGHT] / quiet
    assert np.corrcoef(measured, commanded.closure[:, 1])[0, 1] > 0.95
    held = (time_s > 4.4) & (time_s < 5)
    left = ratio[Side.LEFT]
    # A full closure of the other eye takes 0.2 and more from its ratio of 0.3.
    assert abs(np.median(left[held]) - np.median(left[time_s < 0.9])) < 0.02
    moved = np.linalg.norm(meshes[:, 61, :2] - meshes[:, 1, :2], axis=1)
    moved = moved - np.median(moved[time_s < 0.9])
    assert np.corrcoef(moved, commanded.mouth_corner_mm[:, 1])[0, 1] > 0.85
    first = time_s[np.flatnonzero(measured > 0.25)[0]]
    assert abs(first - truth(plan)[0].onset_s) <= 2 / 30
