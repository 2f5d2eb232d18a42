"""A folder of an encrypted journal, unlocked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from twitch_tracker.encrypted import keys


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Only its key; nothing is in it."""
    home = tmp_path / "home"
    (home / "app").mkdir(parents=True)
    keys.unlock_home(home, keys.new_key())
    yield home
    keys.forget_home(home)
