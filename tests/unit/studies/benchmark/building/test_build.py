"""What is made when the second injector has no face to move by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studies.benchmark.building import build as module
from studies.benchmark.building.build import BuildTask, build, to_do
from studies.benchmark.building.content import NO_LANDMARKER
from studies.benchmark.building.faces import FaceVideo, Tier
from studies.benchmark.building.plan import Version, VersionKind
from twitch_tracker.errors import WeightsMissing


@pytest.fixture
def second(
    blinking_video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[BuildTask, Version]:
    """A recording of the second injector, and nowhere weights for it."""
    monkeypatch.setenv("TWITCH_TRACKER_HOME", str(tmp_path / "home"))
    video = FaceVideo(file=blinking_video.name, face="p", tier=Tier.REST)
    version = Version(video=video, kind=VersionKind.SECOND, variant=1, seed=0)
    task = BuildTask(
        source=blinking_video, versions=(version,), folder=tmp_path / "videos"
    )
    return task, version


def test_without_weights_it_is_empty_and_says_why(second):
    task, version = second
    (built,) = build(task)
    assert built.empty == NO_LANDMARKER
    assert not built.video(task.folder).exists()
    assert to_do([version], task.source.parent, task.folder) == ()


def test_it_is_made_as_soon_as_there_are_weights(
    second, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    task, version = second
    build(task)
    weights = tmp_path / "face.task"
    weights.touch()
    (again,) = to_do([version], task.source.parent, task.folder, weights)
    assert (again.versions, again.landmarker) == ((version,), weights)


def test_weights_that_were_named_must_be_there(second, tmp_path: Path):
    task, _ = second
    with pytest.raises(WeightsMissing):
        build(replace(task, landmarker=tmp_path / "none.task"))


def test_the_first_injector_needs_none(second):
    task, version = second
    first = replace(version, kind=VersionKind.SPASMS)
    assert not module._waited(first, task.folder)
