"""Names of files as they come: those that are no text, and those that are formulas."""

from __future__ import annotations

import os
import sys

import pytest

from twitch_tracker.exchange.deidentified import TABLES, write_deidentified
from twitch_tracker.exchange.recording_folder import write_tables
from twitch_tracker.report.overview_page import render_index, write_overview
from twitch_tracker.report.overview_tables import read_overview

NO_TEXT = os.fsdecode(b"f\xff\x1b[31m")


@pytest.fixture
def recorded(tmp_path, session):
    """Put a recording's results into a folder of that name."""

    def make(name: str):
        place = tmp_path / "out" / name
        place.mkdir(parents=True)
        write_tables(place, session)
        (place / "report.html").write_text("report")
        return place

    return make


def test_no_cell_of_the_overview_is_a_formula(recorded, tmp_path):
    recorded("=1+2")
    failed = [("@SUM(A1).mp4", "unreadable", "+cannot be read")]
    write_overview(tmp_path / "out", read_overview(tmp_path / "out", failed))
    for name in ("all_recordings.csv", "all_bursts.csv"):
        lines = (tmp_path / "out" / name).read_text().splitlines()[1:]
        assert lines
        for line in lines:
            assert not any(cell[:1] in tuple("=+@") for cell in line.split(","))
            assert "'=1+2" in line or "'@SUM(A1)" in line


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_a_folder_whose_name_is_no_text_is_in_the_overview(recorded, tmp_path):
    recorded(NO_TEXT)
    overview = read_overview(tmp_path / "out", [(NO_TEXT, "no_face", f"{NO_TEXT}: no")])
    page = write_overview(tmp_path / "out", overview)
    assert "f%FF%1B%5B31m/report.html" in render_index(overview)
    assert page.read_text(encoding="utf-8").count("f\ufffd") == 2


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_signals_in_a_folder_whose_name_is_no_text_go_out(recorded, tmp_path):
    target = tmp_path / f"shared {NO_TEXT}"
    target.mkdir()
    write_deidentified(recorded(NO_TEXT), target)
    assert sorted(path.name for path in target.iterdir()) == sorted(TABLES)
