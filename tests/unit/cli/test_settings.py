"""Where this package keeps its own files."""

from __future__ import annotations

from pathlib import Path

import pytest

from twitch_tracker.settings import data_folder, debug_wanted, weights_folder


def test_one_variable_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TWITCH_TRACKER_HOME", str(tmp_path / "here"))
    assert data_folder() == tmp_path / "here"
    assert weights_folder() == tmp_path / "here" / "weights"
    assert not (tmp_path / "here").exists()


@pytest.mark.parametrize("value", [None, "", "  "])
def test_without_it_the_platform_decides(
    value: str | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("TWITCH_TRACKER_HOME", raising=False)
    if value is not None:
        monkeypatch.setenv("TWITCH_TRACKER_HOME", value)
    assert data_folder().is_absolute()
    assert "twitch-tracker" in data_folder().parts
    assert "twitch-tracker" in weights_folder().parts


def test_the_face_room_looks_for_weights_in_the_same_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from twitch_tracker.face.trackers import weights

    monkeypatch.setenv("TWITCH_TRACKER_HOME", str(tmp_path))
    assert weights.weights_folder() == weights_folder()
    monkeypatch.delenv("TWITCH_TRACKER_HOME")
    assert weights.weights_folder() == weights_folder()


@pytest.mark.parametrize(
    ("value", "wanted"), [(None, False), ("", False), ("0", False), ("1", True)]
)
def test_debugging_is_off_unless_asked_for(
    value: str | None, wanted: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("TWITCH_TRACKER_DEBUG", raising=False)
    if value is not None:
        monkeypatch.setenv("TWITCH_TRACKER_DEBUG", value)
    assert debug_wanted() is wanted
