"""The whole benchmark on one made-up face: made once, kept, made anew if changed."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from studies.benchmark import run
from studies.benchmark.building import build
from studies.benchmark.findings.examples import find_examples
from studies.benchmark.findings.report import run_benchmark
from studies.benchmark.judging.figures import DetectorFigures
from studies.benchmark.run import BenchmarkOptions
from studies.truth.courses import Stage
from twitch_tracker.errors import NoAnalysableFace, VideoUnreadable
from twitch_tracker.exchange.truth import read_truth
from twitch_tracker.records import Progress


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory):
    """Play short videos for 4 s instead of 12: 60 frames in place of 180.

    Nowhere are weights of the face landmarker, whatever this computer has.
    """
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "LEAST_S", {Stage.EARLY: 4.0, Stage.LATE: 8.0})
        patch.setenv("TWITCH_TRACKER_HOME", str(home))
        yield


@pytest.fixture(scope="module")
def options(
    blinking_video: Path, tmp_path_factory: pytest.TempPathFactory
) -> BenchmarkOptions:
    """One good video and one that is none."""
    faces = tmp_path_factory.mktemp("faces")
    shutil.copy(blinking_video, faces / blinking_video.name)
    (faces / "talk_broken.mp4").write_bytes(b"no video at all")
    out = tmp_path_factory.mktemp("out")
    return BenchmarkOptions(faces=faces, out=out, variants=1, jobs=1)


@pytest.fixture(scope="module")
def first(quick, options: BenchmarkOptions):
    """The first run, with what it told."""
    told: list[Progress] = []
    return run_benchmark(options, told.append, draws=20), told


def stamps(options: BenchmarkOptions) -> dict[str, int]:
    folders = (options.videos, options.out / "motion")
    return {f.name: f.stat().st_mtime_ns for d in folders for f in d.iterdir()}


def test_everything_is_built_measured_and_reported(first, options: BenchmarkOptions):
    report, _ = first
    table = (options.out / "manifest.csv").read_text().splitlines()
    rows = {row["kind"]: row for row in csv.DictReader(table)}
    assert {"untouched", "spasms", "second", "reopened", "halves"} <= set(rows)
    assert "face landmarker" in rows["second"]["note"]
    assert int(rows["spasms"]["bursts"]) >= 1
    assert int(rows["reopened"]["bursts"]) >= 1
    assert report.page.is_file()
    assert report.table.is_file()
    document = json.loads(report.json.read_text())
    made = {row["kind"] for row in rows.values() if row["file"]}
    assert {r["kind"] for r in document["recordings"]} == made
    put_in = made - {"untouched", "reopened"}
    assert document["material"][0]["bursts"] == sum(
        r["true"] for r in document["recordings"] if r["kind"] in put_in
    )


def test_the_truth_is_in_the_play_and_the_blink_is_known(
    first, options: BenchmarkOptions
):
    truth = read_truth(options.videos / "rest_portrait__untouched_truth.csv")
    assert truth.episodes == ()
    assert {other.event for other in truth.others} == {"blink"}
    spasms = read_truth(options.videos / "rest_portrait__spasms1_truth.csv")
    assert all(e.span.end_s <= 4.1 for e in spasms.episodes)


def test_a_video_that_cannot_be_read_is_named_and_ends_nothing(first):
    report, _ = first
    (failure,) = report.document["failures"]
    assert failure["name"] == "talk_broken.mp4"
    assert "VideoUnreadable" in failure["why"]


def test_progress_tells_every_stage_to_its_end(first):
    _, told = first
    ends = {p.stage: p for p in told}
    assert {"building", "measuring", "scoring"} <= set(ends)
    assert all(p.done == p.total for p in ends.values())


def test_a_second_run_makes_nothing_again(first, quick, options: BenchmarkOptions):
    before = stamps(options)
    report = run_benchmark(options, draws=20, pictures=False)
    assert stamps(options) == before
    kept, now = (
        {row["key"]: row["results"] for row in document["targets"]}
        for document in (first[0].document, report.document)
    )
    assert {k: v for k, v in kept.items() if k != "cost"} == {
        k: v for k, v in now.items() if k != "cost"
    }


def test_a_lost_truth_or_a_changed_seed_is_made_again(
    first, quick, options: BenchmarkOptions, tmp_path: Path
):
    from studies.benchmark.building.build import is_built
    from studies.benchmark.building.faces import read_faces, select
    from studies.benchmark.building.plan import plan_versions

    videos = select(read_faces(options.faces), ["rest_*"])
    source = options.faces / videos[0].file
    version = plan_versions(videos, variants=1, seed=options.seed)[1]
    assert is_built(version, source, options.videos)
    assert not is_built(replace(version, seed=1), source, options.videos)
    shutil.copytree(options.videos, tmp_path / "videos")
    (tmp_path / "videos" / f"{version.name}_truth.csv").unlink()
    assert not is_built(version, source, tmp_path / "videos")
    (tmp_path / "videos" / f"{version.name}.json").write_text("{")
    assert not is_built(version, source, tmp_path / "videos")


def test_mistakes_come_with_five_pictures(
    first, quick, options: BenchmarkOptions, burst, made_up
):
    """A burst that nobody logged, at 1 to 2 s of the real recording."""
    from studies.benchmark.building.faces import FaceVideo, Tier
    from studies.benchmark.judging.detectors import OURS
    from twitch_tracker.regions import Side

    video = FaceVideo(file="rest_portrait.mp4", face="p", tier=Tier.REST)
    version = replace(made_up.version(), video=video)
    scored = made_up.scored(version, (burst(1, 2, Side.LEFT),), ())
    (example,) = find_examples(DetectorFigures(OURS, [scored], draws=20), options)
    assert example.sort == "missed"
    assert [label.split()[0] for label, _ in example.pictures] == [
        *("before", "onset", "during", "during", "after")
    ]
    assert all(data.startswith("data:image/jpeg") for _, data in example.pictures)


def test_what_cannot_be_measured_now_is_not_scored_from_an_older_measurement(
    first, quick, options: BenchmarkOptions, monkeypatch: pytest.MonkeyPatch
):
    def fail(task: object) -> None:
        raise VideoUnreadable("cut off")

    monkeypatch.setattr(run, "is_measured", lambda _: False)
    monkeypatch.setattr(run, "measure", fail)
    with pytest.raises(NoAnalysableFace, match="cut off"):
        run_benchmark(replace(options, only=("rest_*",)), draws=20)


def test_without_bursts_the_rest_is_still_reported(
    first, quick, options: BenchmarkOptions
):
    few = replace(options, variants=0, only=("rest_*",))
    document = run_benchmark(few, draws=20, pictures=False).document
    met = {row["key"]: row["results"]["twitch_tracker"] for row in document["targets"]}
    assert met["f1_rest"]["met"] is None
    assert met["false_alarms_rest"]["met"] is not None
