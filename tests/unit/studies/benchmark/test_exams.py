"""Which recording is scored in which exam, and nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from studies.benchmark import run
from studies.benchmark.building.build import Built
from studies.benchmark.building.material import Playing
from studies.benchmark.building.plan import VersionKind
from studies.benchmark.judging.score import Scored, ScoreTask
from studies.benchmark.judging.weights import EXAMS
from studies.benchmark.run import BenchmarkOptions, Recording
from twitch_tracker.errors import VideoUnreadable

PLAYING = Playing(frames=360, source_frames=360, step_s=1 / 30)


@pytest.fixture
def folds(tmp_path: Path) -> Path:
    folder = tmp_path / "folds"
    for exam in EXAMS:
        (folder / exam / "0").mkdir(parents=True)
    (folder / "folds.csv").write_text("face,fold\na,0\n")
    return folder


@pytest.fixture
def scoring(made_up, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Score three recordings of a face without looking at any of them."""
    asked: list[ScoreTask] = []

    def look(task: ScoreTask) -> Scored:
        asked.append(task)
        if task.exam == "second":
            raise VideoUnreadable("cut off")
        return made_up.scored(task.version, (), (), exam=task.exam)

    monkeypatch.setattr(run, "score_recording", look)

    def score(folds: Path | None) -> tuple[list[ScoreTask], tuple[Scored, ...], dict]:
        asked.clear()
        stage = run._Stage(1, None)
        recordings = [
            Recording(
                version=version,
                built=Built(name=version.name, fingerprint="", playing=PLAYING),
            )
            for version in map(
                made_up.version, (VersionKind.UNTOUCHED, VersionKind.SPASMS)
            )
        ]
        options = BenchmarkOptions(faces=tmp_path, out=tmp_path, folds=folds)
        return asked, run._score_all(stage, recordings, (), options), stage.failures

    return score


def by_kind(scored: tuple[Scored, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in scored:
        found.setdefault(item.version.kind.value, []).append(item.exam)
    return found


def test_every_recording_is_scored_in_its_exams_and_rules_once(scoring, folds):
    asked, scored, failures = scoring(folds)
    assert by_kind(scored) == {
        "spasms": ["all", "warp"],
        "untouched": ["all", "real", "warp"],
    }
    assert {(task.exam, task.rules) for task in asked} == {
        *(("all", True), ("warp", False), ("second", False), ("real", False))
    }
    for task in asked:
        assert task.options.networks == folds / task.exam / "0"
    assert list(failures) == ["rest_a__untouched1.mp4 (without second)"]


def test_shipped_weights_judge_in_one_exam(scoring):
    asked, scored, _ = scoring(None)
    assert by_kind(scored) == {"spasms": ["all"], "untouched": ["all"]}
    assert [task.options.networks for task in asked] == [None, None]


def test_the_same_weights_are_asked_once(scoring, folds):
    """Weights of an exam that are a link to those of another."""
    for exam in ("warp", "second"):
        (folds / exam / "0").rmdir()
        (folds / exam / "0").symlink_to(folds / "all" / "0")
    asked, scored, failures = scoring(folds)
    assert sorted(task.exam for task in asked) == ["all", "all", "real"]
    assert by_kind(scored)["untouched"] == ["all", "real", "second", "warp"]
    again = [item for item in scored if item.exam in {"warp", "second"}]
    assert all(list(item.judged) == ["twitch_tracker"] for item in again)
    assert failures == {}
