"""A film whose bursts are known, in a journal and as a folder of `analyze`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from coded_films import BURSTS, FILM, LENGTH_S, CodedJournal

from twitch_tracker.exchange.tables import write_episodes


@pytest.fixture
def journal(tmp_path: Path) -> CodedJournal:
    return CodedJournal(tmp_path / "home")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The folder of the film, as far as `evaluate` needs it."""
    folder = tmp_path / "out" / "simulated_spasm"
    folder.mkdir(parents=True)
    write_episodes(folder / "episodes.csv", BURSTS)
    summary = {"recorded_s": LENGTH_S, "analysable_s": 44.0, "video": {"name": FILM}}
    damage = {
        "damage": {"frames_read": 1350},
        "schema_version": 1,
        "excluded_spans": [],
    }
    (folder / "summary.json").write_text(json.dumps({**summary, **damage}))
    return folder
