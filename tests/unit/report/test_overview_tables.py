"""Tables of all recordings in a folder."""

from __future__ import annotations

from pathlib import Path

from twitch_tracker.report.overview_tables import read_overview, write_tables_of_all


def test_a_file_that_is_called_like_a_formula_is_a_text_in_the_table(tmp_path: Path):
    """Whoever sends a recording chooses its name; a spreadsheet must not work it out."""
    failed = [(Path("=1+1.mp4"), "unreadable", "This is no video.")]
    write_tables_of_all(tmp_path, read_overview(tmp_path, failed))
    _, row = (tmp_path / "all_recordings.csv").read_text(encoding="utf-8").splitlines()
    assert "'=1+1.mp4" in row.split(",")
