"""Notes of what is to be removed, kept until it is gone."""

from __future__ import annotations

import os
from pathlib import Path

from twitch_tracker.journal.upkeep.removals import Removal, kept_note, pending_removals


def test_a_note_is_kept_where_there_is_no_folder_yet(tmp_path: Path):
    """A clinic's journal is a database elsewhere; nothing may have been written here."""
    home = tmp_path / "data" / "home"
    removal = Removal(
        kind="recording", name="1", number=1, since="2026-06-01", database="elsewhere"
    )
    note = kept_note(home, removal)
    assert pending_removals(home) == ((note, removal),)
    if os.name == "posix":
        assert home.stat().st_mode & 0o077 == 0
