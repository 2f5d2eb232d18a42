"""Trackers by name, and what is said when this computer lacks something."""

from __future__ import annotations

import sys
import types

import pytest

from twitch_tracker.errors import (
    BadParameter,
    MissingDependency,
    WeightsCorrupt,
    WeightsMissing,
)
from twitch_tracker.face.trackers.catalogue import open_tracker
from twitch_tracker.face.trackers.mesh import attention_mesh_available


@pytest.fixture
def newer_mediapipe(monkeypatch, tmp_path):
    """Pretend a mediapipe line without `solutions`, as on Python 3.13."""
    (tmp_path / "mediapipe").mkdir()
    module = types.ModuleType("mediapipe")
    module.__file__ = str(tmp_path / "mediapipe" / "__init__.py")
    module.__version__ = "1.2.2"
    monkeypatch.setitem(sys.modules, "mediapipe", module)


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(BadParameter, match="attention-mesh, face-landmarker, auto"):
        open_tracker("dlib")


def test_the_default_is_the_attention_mesh(tracker):
    assert tracker.info.name == "attention-mesh"
    assert tracker.info.version
    assert len(bytes.fromhex(tracker.info.weights_sha256)) == 32


@pytest.mark.usefixtures("newer_mediapipe")
def test_newer_mediapipe_is_named_with_advice():
    assert not attention_mesh_available()
    with pytest.raises(MissingDependency, match=r"1\.2\.2 does not carry it") as caught:
        open_tracker("attention-mesh")
    assert "face-landmarker" in str(caught.value)


@pytest.mark.usefixtures("newer_mediapipe")
def test_auto_falls_back_to_the_face_landmarker(monkeypatch, tmp_path):
    """Shown by what it misses: its weights."""
    monkeypatch.setenv("TWITCH_TRACKER_HOME", str(tmp_path))
    with pytest.raises(WeightsMissing, match="models install"):
        open_tracker("auto")


def test_missing_mediapipe_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "mediapipe", None)
    with pytest.raises(MissingDependency, match="pip install mediapipe"):
        open_tracker("attention-mesh")


def test_a_file_that_is_no_model_is_corrupt(tmp_path):
    wrong = tmp_path / "wrong.task"
    wrong.write_bytes(b"not a model")
    with pytest.raises(WeightsCorrupt, match=r"wrong\.task"):
        open_tracker("face-landmarker", wrong)


def test_given_weights_choose_the_tracker_that_takes_them(tmp_path):
    """With `auto` a path of weights means the face landmarker, present or not."""
    with pytest.raises(WeightsMissing):
        open_tracker("auto", tmp_path / "nowhere.task")


def test_the_attention_mesh_refuses_weights_instead_of_ignoring_them(tmp_path):
    with pytest.raises(BadParameter, match="brings its own"):
        open_tracker("attention-mesh", tmp_path / "some.task")
