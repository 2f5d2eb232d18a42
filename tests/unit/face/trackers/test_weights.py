"""Landmark weights: found, missing, corrupt, fetched, offline."""

from __future__ import annotations

import hashlib
import http.server
import logging
import socket
import threading

import pytest

from twitch_tracker.errors import WeightsCorrupt, WeightsMissing
from twitch_tracker.face.trackers import weights

CONTENT = b"pretend weights" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Keep everything in a folder of the test."""
    monkeypatch.setenv("TWITCH_TRACKER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def address(tmp_path):
    """Serve the pretended weights on this computer only."""
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "w.task").write_bytes(CONTENT)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(tmp_path / "served"))

        def log_message(self, *_args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/w.task"
        server.shutdown()
        thread.join()


def test_environment_moves_the_folder_and_asking_makes_nothing(home):
    assert weights.weights_folder() == home / "weights"
    assert not home.exists()


def test_without_environment_the_users_cache_is_used(monkeypatch):
    monkeypatch.delenv("TWITCH_TRACKER_HOME")
    assert "twitch-tracker" in str(weights.weights_folder())


def test_missing_weights_say_how_to_get_them(tmp_path):
    with pytest.raises(WeightsMissing, match="twitch-tracker models install"):
        weights.find_landmarker(None)
    with pytest.raises(WeightsMissing, match=r"nothing\.task"):
        weights.find_landmarker(tmp_path / "nothing.task")


def test_installed_weights_are_found_and_progress_is_told(home, address, monkeypatch):
    told = []
    got = weights.install_landmarker(told.append, address=address, sha256=SHA256)
    assert got == home / "weights" / "face_landmarker.task"
    assert got.read_bytes() == CONTENT
    assert told[-1].done == told[-1].total == len(CONTENT)
    monkeypatch.setattr(weights, "LANDMARKER_SHA256", SHA256)
    assert weights.find_landmarker(None) == got


def test_installed_weights_that_changed_are_corrupt(home):
    (home / "weights").mkdir(parents=True)
    (home / "weights" / "face_landmarker.task").write_bytes(b"something else")
    with pytest.raises(WeightsCorrupt, match="models install"):
        weights.find_landmarker(None)


def test_a_download_with_another_hash_is_refused_and_nothing_stays(home, address):
    with pytest.raises(WeightsCorrupt, match="not the expected file"):
        weights.install_landmarker(address=address, sha256="0" * 64)
    assert list((home / "weights").iterdir()) == []


def test_offline_is_a_plain_error(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody_there = f"http://127.0.0.1:{taken.getsockname()[1]}/w.task"
        with pytest.raises(WeightsMissing, match="internet connection"):
            weights.install_landmarker(address=nobody_there, sha256=SHA256)
    assert not (home / "weights" / "face_landmarker.task").exists()


def test_a_chosen_file_is_taken_whatever_it_is_and_its_hash_logged(tmp_path, caplog):
    mine = tmp_path / "mine.task"
    mine.write_bytes(CONTENT)
    with caplog.at_level(logging.INFO):
        assert weights.find_landmarker(mine) == mine
    assert SHA256 in caplog.text
