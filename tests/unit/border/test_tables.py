"""Cells that a spreadsheet would work out go out as text, and come back as they were."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from twitch_tracker.border.tables import rows_of, safe_cell, table_text
from twitch_tracker.errors import BadTable
from twitch_tracker.exchange.coding.boris_write import (
    aggregated_events,
    tabular_events,
)
from twitch_tracker.exchange.coding.elan_write import tabbed
from twitch_tracker.exchange.coding.recording import Coding
from twitch_tracker.exchange.tables import read_episodes, write_episodes
from twitch_tracker.history import DiaryEntry, Treatment, TreatmentKind
from twitch_tracker.journal.files.tables import (
    diary_text,
    read_diary,
    read_treatments,
    treatments_text,
)
from twitch_tracker.records import Episode, EpisodeKind
from twitch_tracker.regions import Region, Side
from twitch_tracker.timebase import Interval

FORMULAS = (
    *("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1"),
    *("=HYPERLINK(a)", "-left eye", "\uff1d1+1", "'=1", "''@a"),
)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
ON = date(2026, 5, 1)


def cells_of(text: str, delimiter: str = ",") -> list[str]:
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [cell for row in table for cell in row]


def is_worked_out(cell: str) -> bool:
    """Whether a spreadsheet would take it for a formula; a number is none."""
    try:
        float(cell)
    except ValueError:
        return len(cell) > 1 and cell.lstrip(" ").startswith(DANGEROUS)
    return False


def burst(text: str) -> Episode:
    return Episode(
        span=Interval(start_s=1.0, end_s=2.0),
        side=Side.LEFT,
        regions=(Region.EYELID,),
        lead_region=Region.EYELID,
        kind=EpisodeKind.CLONIC,
        contractions=2,
        lag_s=-0.012,
        asymmetry=-0.5,
        reasons=(text,),
    )


def coding(text: str) -> Coding:
    return Coding(
        name=text.strip(),
        media=text,
        recorded_s=10.0,
        fps=30.0,
        description=text,
        episodes=(burst(text),),
        blinks=(),
    )


def episodes(text: str, folder: Path) -> str:
    write_episodes(folder / "episodes.csv", [burst(text)])
    return (folder / "episodes.csv").read_text(encoding="utf-8")


WRITERS: dict[str, Callable[[str, Path], str]] = {
    "diary": lambda text, _: diary_text(
        [DiaryEntry(on=ON, medication=text, notes=text)]
    ),
    "treatments": lambda text, _: treatments_text(
        [Treatment(kind=TreatmentKind.OTHER, on=ON, product=text, notes=text)]
    ),
    "episodes": episodes,
    "boris aggregated": lambda text, _: aggregated_events([coding(text)]),
    "boris tabular": lambda text, _: tabular_events([coding(text)]),
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_goes_out_as_a_formula(tmp_path: Path, name: str, text: str):
    written = WRITERS[name](text, tmp_path)
    assert [cell for cell in cells_of(written) if is_worked_out(cell)] == []


def test_elan_text_holds_no_formula():
    for text in FORMULAS:
        found = cells_of(tabbed(coding(text)), delimiter="\t")
        assert [cell for cell in found if is_worked_out(cell)] == []


@pytest.mark.parametrize("text", [t for t in FORMULAS if t == t.strip()])
def test_diary_and_treatments_come_back_as_they_were(tmp_path: Path, text: str):
    day = DiaryEntry(on=ON, stress=3, medication=text, notes=text)
    (tmp_path / "d.csv").write_text(diary_text([day]), encoding="utf-8")
    (back,) = read_diary(tmp_path / "d.csv")
    assert (back.medication, back.notes) == (text, text)
    given_ = Treatment(kind=TreatmentKind.OTHER, on=ON, product=text, notes=text)
    (tmp_path / "t.csv").write_text(treatments_text([given_]), encoding="utf-8")
    (treated,) = read_treatments(tmp_path / "t.csv")
    assert (treated.product, treated.notes) == (text, text)


def test_numbers_stay_numbers(tmp_path: Path):
    text = episodes("fine", tmp_path)
    assert "-0.012" in text
    assert "-0.500" in text
    (back,) = read_episodes(tmp_path / "episodes.csv")
    assert (back.lag_s, back.asymmetry) == (-0.012, -0.5)
    assert [safe_cell(cell) for cell in ("-1", "+1.5", "-1e-3", "-", "=", "a-b")] == [
        *("-1", "+1.5", "-1e-3", "-", "=", "a-b")
    ]


@pytest.mark.parametrize("sign", ["=", "+", "@", "-", " =", "'=", "\uff1d"])
@pytest.mark.parametrize("between", [";", "\n", "; ", ";;", "\t"])
def test_no_formula_begins_where_another_spreadsheet_parts_cells(sign, between):
    """German Excel parts at semicolons; quotes within a line mean nothing to it."""
    note = f"good day{between}{sign}HYPERLINK(1){between.strip() or between}end"
    text = table_text(["a", "b"], [["x", note]])
    cells = (c for line in text.splitlines() for c in re.split("[;\t]", line))
    for cell in cells:
        assert cell.lstrip(' "')[:1] not in DANGEROUS, text
    *_, row = rows_of(text, "a.csv", BadTable)
    assert row.cells[1] == note


def test_lists_of_codes_and_numbers_stay_as_they_are():
    for cell in ("eyelid;mouth_corner", "moved(left);evidence(-7.5)", "-1;+2;-3e4"):
        assert safe_cell(cell).lstrip("'") == cell
    assert safe_cell("eyelid;-1.5;+2") == "eyelid;-1.5;+2"


def test_every_cell_comes_back():
    """Hypothesis is loaded here: its import takes longer than most files of tests."""
    from hypothesis import given, settings
    from hypothesis import strategies as st

    allowed = st.characters(exclude_categories=("Cs",), exclude_characters="\x00\r")

    @settings(deadline=None)
    @given(st.text(allowed) | st.text("=+-@;\t\n' a1"))
    def comes_back(text: str) -> None:
        written = table_text(["a", "b"], [[text.strip(), "x"]])
        *_, row = rows_of(written, "a.csv", BadTable)
        assert row.cells[0] == text.strip()

    comes_back()
